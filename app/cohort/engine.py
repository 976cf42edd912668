"""Many photographs at once, by Dask: on all cores of this machine, or on a cluster."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.cohort import CohortError
from app.cohort.measuring import Chunk, measure_chunk, row_without, sizes_of
from app.errors import missing_library
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.cohort.dataset import Dataset
    from app.cohort.listing import CohortPhoto
    from app.cohort.measuring import CohortOptions

#: Large enough that a scheduler has little to do, small enough that little is lost with one.
_CHUNK_MAX = 128
#: So many chunks a worker, so that all end at about the same time.
_CHUNKS_OF_A_WORKER = 8
#: So many are handed out beside those that are worked at.
_AHEAD = 2
#: A photograph with which a program ended so many times is the reason.
_LIVES = 3
_CONNECT_S = 10


@dataclass(slots=True)
class CohortProgress:
    """How far a run is.

    Attributes
    ----------
    total, known
        Photographs in all, and those of them with a row before the run began.
    measured, refused, failed
        What became of the others so far.
    began
        By the monotonic clock.
    dashboard
        Address of Dask's pages about the run, or empty.
    """

    total: int
    known: int
    measured: int = 0
    refused: int = 0
    failed: int = 0
    began: float = field(default_factory=time.monotonic)
    dashboard: str = ""

    @property
    def done(self) -> int:
        """Return how many have a row."""
        return self.known + self.measured + self.refused + self.failed

    @property
    def per_second(self) -> float:
        """Return how many are measured in a second."""
        return (self.done - self.known) / max(1e-3, time.monotonic() - self.began)


def run(
    photos: Sequence[CohortPhoto],
    options: CohortOptions,
    dataset: Dataset,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    tell: Callable[[CohortProgress], None] = lambda _: None,
) -> CohortProgress:
    """Measure every photograph that has no row yet, and keep the rows as they come.

    Parameters
    ----------
    scheduler
        Address of a running Dask scheduler; None for a cluster of this machine's own.
    workers
        How many processes of this machine; None for one each core.
    tell
        Called after each chunk, and at the start.

    Raises
    ------
    CohortError
        If results cannot be written, or the scheduler cannot be reached or goes away; what
        was done is kept.
    BrokenInstallation
        If a worker cannot measure at all.
    KeyboardInterrupt
        As it came; what was done is kept.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    dataset.begin()
    dataset.put_people(photos)
    measured_by = options.measured_by()
    marks = [photo.fingerprint(measured_by) for photo in photos]
    is_known = pc.is_in(pa.array(marks, pa.string()), dataset.fingerprints()).to_pylist()
    todo = [photo for photo, known in zip(photos, is_known, strict=True) if not known]
    progress = CohortProgress(len(photos), len(photos) - len(todo))
    if todo:
        with _connected(scheduler, workers) as client:
            progress.dashboard = (
                client.dashboard_link if client.scheduler_info(0)["services"] else ""
            )
            tell(progress)
            _Run(client, options, dataset, progress, tell).measure(todo)
    dataset.finish(photos, marks)
    return progress


class _Run:
    """One run: what is handed out, what comes back."""

    def __init__(
        self,
        client: Any,
        options: CohortOptions,
        dataset: Dataset,
        progress: CohortProgress,
        tell: Callable[[CohortProgress], None],
    ) -> None:
        self._client, self._options, self._dataset = client, options, dataset
        self._progress, self._tell = progress, tell
        self._waiting: deque[tuple[Chunk, int]] = deque()
        #: Each with what it measures, and how often that ended a program.
        self._out: dict[Any, tuple[Chunk, int]] = {}

    def measure(self, photos: Sequence[CohortPhoto]) -> None:
        from distributed import as_completed

        cores = max(1, len(self._client.ncores()))
        size = -(-len(photos) // (cores * _CHUNKS_OF_A_WORKER))
        size = min(_CHUNK_MAX, max(1, size))
        self._waiting.extend(
            (Chunk(tuple(photos[start : start + size]), self._options), 0)
            for start in range(0, len(photos), size)
        )
        results = as_completed()
        try:
            self._hand_out(results)
            for future in results:
                self._take(future)
                self._hand_out(results)
        finally:
            with suppress(Exception):
                self._client.cancel(list(self._out))

    def _hand_out(self, results: Any) -> None:
        """Submit some more, so that no worker waits and no scheduler holds them all."""
        most = _AHEAD + _AHEAD * max(1, len(self._client.ncores()))
        while self._waiting and len(self._out) < most:
            chunk, deaths = self._waiting.popleft()
            future = self._client.submit(measure_chunk, chunk, pure=False)
            self._out[future] = chunk, deaths
            results.add(future)

    def _take(self, future: Any) -> None:
        from distributed import KilledWorker

        chunk, deaths = self._out.pop(future)
        try:
            rows = future.result()
        except KilledWorker:
            self._again(chunk, deaths + 1)
            return
        except (ModelError, ImportError) as error:
            raise missing_library(ImportError(str(error))) from error
        self._keep(rows)

    def _again(self, chunk: Chunk, deaths: int) -> None:
        """Find the photograph that ends programs, by halves; alone, it is given some more tries."""
        if len(chunk.photos) > 1:
            self._waiting.extendleft((half, 0) for half in chunk.halves())
        elif deaths < _LIVES:
            self._waiting.appendleft((chunk, deaths))
        else:
            told = "Measuring this photograph ended the program each time.", "Look at the file."
            self._keep([row_without(chunk.photos[0], self._options, "killed", *told)])

    def _keep(self, rows: list[dict[str, Any]]) -> None:
        self._dataset.add(rows)
        measured, refused, failed = sizes_of(rows)
        self._progress.measured += measured
        self._progress.refused += refused
        self._progress.failed += failed
        self._tell(self._progress)


@contextmanager
def _connected(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    """Give a client of a scheduler that measures as this program does."""
    import dask
    from distributed import Client, LocalCluster

    quiet = {
        # One more death than none: a worker may be taken away for reasons of its own.
        "distributed.scheduler.allowed-failures": 1,
        "distributed.comm.timeouts.connect": f"{_CONNECT_S}s",
    }
    with ExitStack() as stack, dask.config.set(quiet):
        if scheduler is None:
            cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=workers or cores or os.cpu_count() or 1,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs="CRITICAL",
                )
            )
            yield stack.enter_context(Client(cluster))
            return
        try:
            client = stack.enter_context(Client(scheduler, timeout=_CONNECT_S))
        except (OSError, TimeoutError, ValueError) as error:
            raise CohortError(
                f"The scheduler '{scheduler}' does not answer ({error}).",
                "Check its address, and that it runs.",
            ) from error
        yield client
