"""What a worker does: one pipeline, loaded once, that no photograph can hold up for ever.

A worker that ends, whatever ended it, tells nobody which of its chunks it was at. So it leaves a
mark with the scheduler before it begins one. Whoever is given the same chunk once more finds the
mark, measures nothing, and says so: then the chunk is worth splitting. A chunk that only waited
behind another one has no mark, and Dask's own repetition brings it through.
"""

from __future__ import annotations

import faulthandler
import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.cohort import CohortError
from app.cohort.measuring import Chunk, measure_chunk, warm_up
from vision._version import __version__
from vision.model_files import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.cohort.rows import Row

#: Where the scheduler keeps the marks of all runs.
_MARKS = "beltline-cohort"
#: A worker may have several threads; models, and the watch over time, are there once.
_measuring = Lock()


@dataclass(frozen=True, slots=True)
class ChunkAttempt:
    """A chunk as it is handed out, once.

    Attributes
    ----------
    run
        Name of the run that it belongs to.
    slot, number
        Place and content of its mark. Of all that are out, no two have the same place; of all of
        a run, no two have the same number.
    photo_limit_s
        A photograph that takes longer ends its worker.
    version
        Of Beltline, as who asks has it.
    """

    chunk: Chunk
    run: str
    slot: int
    number: int
    photo_limit_s: float
    version: str = __version__

    def place(self) -> list[str]:
        """Return where the scheduler keeps the mark."""
        return [*place_of(self.run), str(self.slot)]


def place_of(run: str) -> list[str]:
    """Return where the scheduler keeps the marks of a run."""
    return [_MARKS, run]


def try_chunk(attempt: ChunkAttempt) -> list[Row] | None:
    """Return a row for each photograph; None where this very attempt has ended a worker before.

    Raises
    ------
    CohortError
        If this worker has another version than the program that asks.
    ModelError, ImportError, OSError
        When nothing at all can be measured on this machine.
    """
    if attempt.version != __version__:
        raise other_version("A worker", __version__, attempt.version)
    get_ready()
    rows: list[Row] = []
    with _measuring:
        if _mark_of(attempt) == attempt.number:
            return None
        _leave_mark(attempt, attempt.number)
        for photo in attempt.chunk.photos:
            with _watched(attempt.photo_limit_s):
                rows += measure_chunk(Chunk((photo,), attempt.chunk.options))
        # A worker that ends later takes rows with it that nobody has fetched: no fault of theirs.
        _leave_mark(attempt, None)
    return rows


def other_version(who: str, has: str, wanted: str) -> CohortError:
    """Return what to say of a worker or scheduler that would measure in another way."""
    return CohortError(
        f"{who} has Beltline {has}, and this program is {wanted}.",
        "Install the same version everywhere, then start again.",
    )


@once
def get_ready() -> None:
    """Load all that measuring needs; nothing the second time.

    Raises
    ------
    ModelError, ImportError, OSError
        When nothing can be measured on this machine.
    """
    import cv2
    import fsspec  # noqa: F401  (a worker without the extra is told before it has begun)

    # A worker for every core: threads of OpenCV's would only take them from each other.
    cv2.setNumThreads(1)
    warm_up()


def _mark_of(attempt: ChunkAttempt) -> int | None:
    """Return what stands where an attempt leaves its mark."""
    from distributed.utils import sync

    worker = _this_worker()
    if worker is None:
        return None
    ask = partial(worker.scheduler.get_metadata, keys=attempt.place(), default=None)
    found: int | None = sync(worker.loop, ask)
    return found


def _leave_mark(attempt: ChunkAttempt, number: int | None) -> None:
    """Put an attempt's mark where it belongs, and wait until it is there.

    A worker may end in the next moment.
    """
    from distributed.utils import sync

    worker = _this_worker()
    if worker is not None:
        tell = partial(worker.scheduler.set_metadata, keys=attempt.place(), value=number)
        sync(worker.loop, tell)


def _this_worker() -> Any:
    """Return Dask's worker, or None where somebody else calls."""
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


@contextmanager
def _watched(limit_s: float) -> Iterator[None]:
    """End this process if the block takes too long, even where native code holds Python."""
    faulthandler.dump_traceback_later(limit_s, exit=True, file=_nowhere())
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@cache
def _nowhere() -> int:
    """Return a descriptor that takes what nobody reads."""
    return os.open(os.devnull, os.O_WRONLY)
