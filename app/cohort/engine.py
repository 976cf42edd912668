"""Many photographs at once, by Dask: on all cores of this machine, or on a cluster."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.cohort import CohortError
from app.cohort.cluster import cannot_measure, connected, scheduler_gone
from app.cohort.measuring import Chunk, row_without, sizes_of
from app.cohort.worker import ChunkAttempt, place_of, try_chunk
from app.errors import AppError
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.cohort.cluster import Workers
    from app.cohort.dataset import Dataset
    from app.cohort.listing import CohortPhoto
    from app.cohort.measuring import CohortOptions
    from app.cohort.rows import Row

_log = logging.getLogger(__name__)
#: Large enough that a scheduler has little to do, small enough that little is lost with one.
_CHUNK_MAX = 128
#: So many chunks a worker, so that all end at about the same time.
_CHUNKS_OF_A_WORKER = 8
#: So many are handed out beside those that are worked at.
_AHEAD = 2
#: A photograph with which a worker ended so many times, alone, is the reason.
_LIVES = 3
#: Waits before what failed in a worker is tried again, wherever.
_WAITS_S = (1.0, 4.0, 16.0)
#: The largest pictures take some seconds, and reading waits half a minute for a storage.
_PHOTO_LIMIT_S = 180.0
#: So often a chunk may be lost before anybody began with it.
_LOSSES_MAX = 20
_LOOK_EVERY_S, _LISTEN_EVERY_S = 2.0, 0.02
#: When a worker of this machine is looked after that is missing, and when hope is given up.
_MEND_S, _BACK_S = 5.0, 300.0


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
    workers
        How many there are just now.
    """

    total: int
    known: int
    measured: int = 0
    refused: int = 0
    failed: int = 0
    began: float = field(default_factory=time.monotonic)
    dashboard: str = ""
    workers: int = 1

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
        Called at the start, after each chunk, and every few seconds.

    Raises
    ------
    CohortError
        If results cannot be written, or the scheduler cannot be reached, goes away, or has another
        version of Beltline; what was done is kept.
    BrokenInstallation
        If this machine cannot measure at all.
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
        with connected(scheduler, workers) as found:
            progress.dashboard = found.dashboard
            progress.began = time.monotonic()
            _Run(found, options, dataset, progress, tell).measure(todo)
    dataset.finish(photos, marks)
    return progress


@dataclass(frozen=True, slots=True)
class _Piece:
    """Photographs to measure, and what came of earlier tries.

    Attributes
    ----------
    deaths
        How often a worker ended in the midst of it; known only of a photograph alone.
    losses
        How often it was lost before anybody had begun.
    faults
        How often trying it failed for whatever other reason.
    """

    chunk: Chunk
    deaths: int = 0
    losses: int = 0
    faults: int = 0

    def halves(self) -> list[_Piece]:
        """Return both halves; where waiting did not help, it is not waited again."""
        return [_Piece(half, faults=self.faults) for half in self.chunk.halves()]


class _Run:
    """One run: what is handed out, what comes back, and what becomes of what does not."""

    def __init__(
        self,
        workers: Workers,
        options: CohortOptions,
        dataset: Dataset,
        progress: CohortProgress,
        tell: Callable[[CohortProgress], None],
    ) -> None:
        self._workers, self._client = workers, workers.client
        self._options, self._dataset = options, dataset
        self._progress, self._tell = progress, tell
        self._name = uuid4().hex
        self._number = 0
        self._free_slots: list[int] = []
        self._waiting: deque[_Piece] = deque()
        #: What waits for a better moment, and for which, by the monotonic clock.
        self._later: list[tuple[float, _Piece]] = []
        self._out: dict[Any, tuple[_Piece, ChunkAttempt]] = {}
        self._looked_s = self._seen_s = self._all_seen_s = time.monotonic()

    def measure(self, photos: Sequence[CohortPhoto]) -> None:
        self._look()
        size = -(-len(photos) // (max(1, self._progress.workers) * _CHUNKS_OF_A_WORKER))
        size = min(_CHUNK_MAX, size)
        self._waiting.extend(
            _Piece(Chunk(tuple(photos[start : start + size]), self._options))
            for start in range(0, len(photos), size)
        )
        results = self._workers.results()
        while self._waiting or self._later or self._out:
            self._hand_out(results)
            done = results.next_batch(block=False)
            for future in done:
                self._take(future)
            if not done:
                time.sleep(_LISTEN_EVERY_S)
            if time.monotonic() - self._looked_s > _LOOK_EVERY_S:
                self._look()
        self._ask(lambda: self._workers.forget_marks(place_of(self._name)))

    def _hand_out(self, results: Any) -> None:
        """Submit some more, so that no worker waits and no scheduler holds them all."""
        now_s = time.monotonic()
        due = [piece for due_s, piece in self._later if due_s <= now_s]
        self._later = [one for one in self._later if one[0] > now_s]
        self._waiting.extendleft(due)
        most = _AHEAD + _AHEAD * self._progress.workers
        while self._waiting and len(self._out) < most:
            piece = self._waiting.popleft()
            slot = self._free_slots.pop() if self._free_slots else len(self._out)
            self._number += 1
            attempt = ChunkAttempt(piece.chunk, self._name, slot, self._number, _PHOTO_LIMIT_S)
            future = self._client.submit(try_chunk, attempt, pure=False)
            self._out[future] = piece, attempt
            results.add(future)

    def _take(self, future: Any) -> None:
        """Keep what came back, or see to it that it does the next time."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        piece, attempt = self._out.pop(future)
        self._free_slots.append(attempt.slot)
        try:
            rows = future.result()
        except KilledWorker:
            mark = self._ask(lambda: self._workers.mark_at(attempt.place()))
            self._split(piece) if mark == attempt.number else self._lost(piece)
        except FutureCancelledError:
            self._lost(piece)
        except AppError:
            raise
        except (ModelError, ImportError) as error:
            raise cannot_measure(error, "" if self._workers.own else "A worker") from error
        except Exception as error:
            self._failed(piece, error)
        else:
            self._split(piece) if rows is None else self._keep(rows)
        finally:
            # Else Dask would do it once more if the worker that holds the rows ended.
            future.release()

    def _split(self, piece: _Piece) -> None:
        """Find the photograph that ends workers, by halves; alone, it is given some more tries.

        A worker can be taken away for reasons of its own; a photograph that was alone with so
        many in turn is the reason.
        """
        if len(piece.chunk.photos) > 1:
            self._waiting.extendleft(piece.halves())
        elif piece.deaths + 1 < _LIVES:
            self._waiting.appendleft(replace(piece, deaths=piece.deaths + 1))
        else:
            told = "Measuring this photograph ended the program each time.", "Look at the file."
            self._keep([row_without(piece.chunk.photos[0], self._options, "killed", *told)])

    def _lost(self, piece: _Piece) -> None:
        """Hand out once more what nobody had begun with."""
        if not self._workers.is_there():
            raise scheduler_gone()
        if piece.losses >= _LOSSES_MAX:
            raise CohortError(
                "The workers end before they begin to measure.",
                "Look at their own logs, and at how much memory they have; then start the same "
                "command again.",
            )
        self._waiting.appendleft(replace(piece, losses=piece.losses + 1))

    def _failed(self, piece: _Piece, error: Exception) -> None:
        """Wait a little after a fault; one that stays is the machine's, or one photograph's."""
        if not self._workers.is_there():
            raise scheduler_gone() from error
        # Told by its row if it stays; a fault that passes need not trouble anybody.
        _log.info("A chunk of %d photographs failed", len(piece.chunk.photos), exc_info=error)
        if piece.faults < len(_WAITS_S):
            due_s = time.monotonic() + _WAITS_S[piece.faults]
            self._later.append((due_s, replace(piece, faults=piece.faults + 1)))
        elif isinstance(error, OSError):
            raise cannot_measure(error, "" if self._workers.own else "A worker") from error
        elif len(piece.chunk.photos) > 1:
            self._waiting.extendleft(piece.halves())
        else:
            told = "Measuring this photograph failed.", ""
            self._keep([row_without(piece.chunk.photos[0], self._options, "internal_error", *told)])

    def _keep(self, rows: list[Row]) -> None:
        self._dataset.add(rows)
        measured, refused, failed = sizes_of(rows)
        self._progress.measured += measured
        self._progress.refused += refused
        self._progress.failed += failed
        self._tell(self._progress)

    def _look(self) -> None:
        """See who is there, and tell how far the run is."""
        self._looked_s = time.monotonic()
        if not self._workers.is_there():
            raise scheduler_gone()
        self._progress.workers = self._ask(self._workers.count)
        if self._progress.workers:
            self._seen_s = self._looked_s
        if self._progress.workers >= self._workers.own:
            self._all_seen_s = self._looked_s
        elif self._looked_s - self._all_seen_s > _MEND_S:
            self._workers.mend()
            self._all_seen_s = self._looked_s
        if self._workers.own and self._looked_s - self._seen_s > _BACK_S:
            raise CohortError(
                "All workers on this machine have ended, and none came back.",
                "Give it more memory, or take fewer with --workers; then start the same command "
                "again, and it goes on from there.",
            )
        self._tell(self._progress)

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Return what the scheduler answers."""
        try:
            return question()
        except (OSError, RuntimeError) as error:
            raise scheduler_gone() from error
