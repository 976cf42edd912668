"""What is handed out, what comes back, and what becomes of what does not."""

from __future__ import annotations

import pickle
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from distributed import KilledWorker
from distributed.client import FutureCancelledError
from distributed.scheduler import WorkerState

from app.cohort import CohortError, engine
from app.cohort.dataset import Dataset
from app.cohort.listing import CohortPhoto
from app.cohort.measuring import CohortOptions, row_without
from app.cohort.worker import other_version
from app.errors import BrokenInstallation
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.cohort.rows import Row
    from app.cohort.worker import ChunkAttempt

OPTIONS = CohortOptions(quick=True)


def photos(count: int) -> list[CohortPhoto]:
    return [CohortPhoto(f"/photos/{number:05}.jpg", "1 1") for number in range(count)]


def rows_of(attempt: ChunkAttempt) -> list[Row]:
    return [row_without(photo, OPTIONS, "made_up", "", "") for photo in attempt.chunk.photos]


def has(attempt: ChunkAttempt, number: int) -> bool:
    return any(f"{number:05}" in photo.path for photo in attempt.chunk.photos)


@dataclass(slots=True, eq=False)
class _Answer:
    """A future that is done."""

    attempt: ChunkAttempt
    what: Any
    is_released: bool = False

    def result(self) -> Any:
        if isinstance(self.what, BaseException):
            raise self.what
        return self.what

    def release(self) -> None:
        self.is_released = True


@dataclass(slots=True)
class FakeWorkers:
    """Answers each attempt, the last that was handed out first."""

    answer: Callable[[ChunkAttempt], Any]
    own: int = 0
    dashboard: str = "http://127.0.0.1:1/status"
    there: bool = True
    workers: int = 2
    marks: dict[str, int] = field(default_factory=dict)
    attempts: list[ChunkAttempt] = field(default_factory=list)
    out: list[_Answer] = field(default_factory=list)
    taken: list[_Answer] = field(default_factory=list)
    most_out: int = 0
    mended: int = 0

    @property
    def client(self) -> FakeWorkers:
        return self

    def count(self) -> int:
        return self.workers

    def is_there(self) -> bool:
        return self.there

    def mend(self) -> None:
        self.mended += 1

    def results(self) -> FakeWorkers:
        return self

    def submit(self, _: object, attempt: ChunkAttempt, *, pure: bool) -> _Answer:
        assert not pure
        assert attempt.slot not in [other.attempt.slot for other in self.out]
        self.attempts.append(pickle.loads(pickle.dumps(attempt)))
        return _Answer(attempt, None)

    def add(self, future: _Answer) -> None:
        self.out.append(future)
        self.most_out = max(self.most_out, len(self.out))

    def next_batch(self, *, block: bool) -> list[_Answer]:
        assert not block
        assert all(future.is_released for future in self.taken)
        if not self.out:
            return []
        future = self.out.pop()
        self.taken.append(future)
        future.what = self.answer(future.attempt)
        return [future]

    def mark_at(self, place: list[str]) -> int | None:
        return self.marks.get(place[-1])

    def forget_marks(self, place: list[str]) -> None:
        self.marks.clear()


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[Row]]:
    """Run over photographs with workers that answer so, and return the rows."""
    monkeypatch.setattr(engine, "_WAITS_S", (0.01, 0.02, 0.03))
    monkeypatch.setattr(engine, "_LISTEN_EVERY_S", 0.001)
    monkeypatch.setattr(engine, "_LOOK_EVERY_S", 0.01)

    def go(workers: FakeWorkers, count: int, **more: Any) -> list[Row]:
        @contextmanager
        def found(*_: object) -> Iterator[FakeWorkers]:
            yield workers

        monkeypatch.setattr(engine, "connected", found)
        dataset = Dataset(str(tmp_path / "out"))
        try:
            engine.run(photos(count), OPTIONS, dataset, **more)
        finally:
            rows: list[Row] = dataset.table().to_pylist()
        return rows

    return go


def codes(rows: list[Row]) -> dict[str, int]:
    return dict(Counter(row["refused_for"] for row in rows))


def test_a_task_is_a_chunk_and_only_some_are_out(measure: Callable[..., list[Row]]) -> None:
    workers = FakeWorkers(rows_of)
    assert codes(measure(workers, 2100)) == {"made_up": 2100}
    sizes = [len(attempt.chunk.photos) for attempt in workers.attempts]
    assert max(sizes) == 128
    assert sum(sizes) == 2100
    assert workers.most_out == 6
    assert max(attempt.slot for attempt in workers.attempts) < 6


def test_few_photographs_are_shared_out(measure: Callable[..., list[Row]]) -> None:
    workers = FakeWorkers(rows_of)
    measure(workers, 40)
    assert {len(attempt.chunk.photos) for attempt in workers.attempts} == {3, 1}


def test_who_ends_workers_is_found_and_nobody_else_suffers(
    measure: Callable[..., list[Row]],
) -> None:
    workers = FakeWorkers(lambda one: None if has(one, 77) or has(one, 140) else rows_of(one))
    rows = measure(workers, 300)
    assert codes(rows) == {"made_up": 298, "killed": 2}
    assert [row["path"][-9:-4] for row in rows if row["refused_for"] == "killed"] == [
        "00077",
        "00140",
    ]
    alone = [one for one in workers.attempts if len(one.chunk.photos) == 1 and has(one, 77)]
    assert len(alone) == 3
    assert len({one.number for one in workers.attempts}) == len(workers.attempts)


def test_who_was_there_when_a_worker_was_taken_away_is_measured(
    measure: Callable[..., list[Row]],
) -> None:
    ended: Counter[str] = Counter()

    def answer(attempt: ChunkAttempt) -> list[Row] | None:
        first = attempt.chunk.photos[0].path
        ended[first] += 1
        return None if ended[first] <= 2 else rows_of(attempt)

    assert codes(measure(FakeWorkers(answer), 20)) == {"made_up": 20}


def _killed(attempt: ChunkAttempt) -> KilledWorker:
    return KilledWorker(str(attempt.number), WorkerState.__new__(WorkerState), 3)


def test_a_chunk_that_only_waited_for_a_worker_that_ended_stays_whole(
    measure: Callable[..., list[Row]],
) -> None:
    seen: Counter[str] = Counter()

    def answer(attempt: ChunkAttempt) -> Any:
        first = attempt.chunk.photos[0].path
        seen[first] += 1
        return _killed(attempt) if seen[first] <= 5 else rows_of(attempt)

    workers = FakeWorkers(answer)
    assert codes(measure(workers, 32)) == {"made_up": 32}
    assert {len(attempt.chunk.photos) for attempt in workers.attempts} == {2}


def test_a_scheduler_without_patience_is_understood_by_the_mark(
    measure: Callable[..., list[Row]],
) -> None:
    def answer(attempt: ChunkAttempt) -> Any:
        workers.marks[str(attempt.slot)] = attempt.number
        return _killed(attempt) if has(attempt, 9) else rows_of(attempt)

    workers = FakeWorkers(answer)
    assert codes(measure(workers, 64)) == {"made_up": 63, "killed": 1}


def test_workers_that_never_begin_are_told_of(measure: Callable[..., list[Row]]) -> None:
    with pytest.raises(CohortError, match="end before they begin"):
        measure(FakeWorkers(_killed), 4)


def test_a_fault_that_passes_costs_nothing(measure: Callable[..., list[Row]]) -> None:
    tries: Counter[str] = Counter()

    def answer(attempt: ChunkAttempt) -> Any:
        first = attempt.chunk.photos[0].path
        tries[first] += 1
        return OSError("the disk is asleep") if tries[first] <= 3 else rows_of(attempt)

    workers = FakeWorkers(answer)
    assert codes(measure(workers, 20)) == {"made_up": 20}
    assert set(tries.values()) == {4}


@pytest.mark.parametrize(
    ("fault", "own", "told"),
    [
        (OSError("libEGL.so.1 is missing"), 2, BrokenInstallation),
        (OSError("libEGL.so.1 is missing"), 0, CohortError),
        (ImportError("No module named 'mediapipe'"), 2, BrokenInstallation),
        (ImportError("No module named 'mediapipe'"), 0, CohortError),
        (ModelError("pose.task", "is missing"), 0, ModelError),
        (other_version("A worker", "0.0.9", "0.1.0"), 0, CohortError),
    ],
)
def test_a_machine_that_cannot_measure_ends_it_in_a_sentence(
    measure: Callable[..., list[Row]],
    fault: Exception,
    own: int,
    told: type[Exception],
) -> None:
    with pytest.raises(told):
        measure(FakeWorkers(lambda _: fault, own=own), 20)


def test_a_bug_costs_one_photograph(measure: Callable[..., list[Row]]) -> None:
    workers = FakeWorkers(lambda one: KeyError("bug") if has(one, 5) else rows_of(one))
    assert codes(measure(workers, 64)) == {"made_up": 63, "internal_error": 1}


def test_what_was_done_is_kept_when_the_scheduler_goes_away(
    measure: Callable[..., list[Row]], tmp_path: Path
) -> None:
    def answer(attempt: ChunkAttempt) -> Any:
        if len(workers.attempts) < 8:
            return rows_of(attempt)
        workers.there = False
        return FutureCancelledError(str(attempt.number), "scheduler-connection-lost")

    workers = FakeWorkers(answer)
    with pytest.raises(CohortError, match="has gone away"):
        measure(workers, 40)
    kept = Dataset(str(tmp_path / "out")).table().num_rows
    assert 0 < kept < 40
    after = FakeWorkers(rows_of)
    assert codes(measure(after, 40)) == {"made_up": 40}
    assert sum(len(attempt.chunk.photos) for attempt in after.attempts) == 40 - kept


def test_what_somebody_else_cancelled_is_handed_out_again(
    measure: Callable[..., list[Row]],
) -> None:
    def answer(attempt: ChunkAttempt) -> Any:
        is_first = attempt.number == 3
        return FutureCancelledError("3", "somebody") if is_first else rows_of(attempt)

    assert codes(measure(FakeWorkers(answer), 40)) == {"made_up": 40}


def test_workers_of_this_machine_that_do_not_come_back_are_told_of(
    measure: Callable[..., list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_BACK_S", 0.3)
    monkeypatch.setattr(engine, "_MEND_S", 0.1)
    workers = FakeWorkers(rows_of, own=2, workers=0)
    monkeypatch.setattr(FakeWorkers, "next_batch", lambda *_, **__: [])
    with pytest.raises(CohortError, match="All workers on this machine have ended"):
        measure(workers, 40)
    assert workers.mended > 0


def test_it_tells_how_far_it_is(measure: Callable[..., list[Row]]) -> None:
    told = []
    measure(FakeWorkers(rows_of), 40, tell=lambda one: told.append((one.done, one.workers)))
    assert told[0] == (0, 2)
    assert told[-1] == (40, 2)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
