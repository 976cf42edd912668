"""Processes that do the same: in order, none left behind, and one that ends costs one job."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from app.cli.workers import Done, PhotoWorkers
from app.errors import BrokenInstallation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: One process runs them all: each starts some.
pytestmark = pytest.mark.xdist_group("workers")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """What a job's words say is done.

    Attributes
    ----------
    notes
        A folder in which each job leaves a file.
    start
        What is done before the first.
    """

    notes: Path
    start: str = ""

    def prepare(self) -> None:
        if self.start == "broken":
            raise BrokenInstallation("Nothing works.", "Install it again.")
        if self.start == "killed" and multiprocessing.parent_process() is not None:
            os._exit(7)

    def do(self, job: str, /) -> str:
        word, _, rest = job.partition(" ")
        (self.notes / f"{job}.{os.getpid()}").touch()
        while word == "meet" and len({path.suffix for path in self.notes.iterdir()}) < 2:
            time.sleep(0.01)
        if word == "sleep":
            time.sleep(float(rest))
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "once" and len([*self.notes.glob(f"{job}.*")]) == 1:
            os._exit(3)
        if word == "raise":
            raise BrokenInstallation(rest, "Install it again.")
        if word == "large":
            return "x" * int(rest)
        if word == "log":
            print("out of the way")
            _log.error("Told by %s", rest)
        return f"{job} done"


@pytest.fixture(autouse=True)
def _none_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def done(work: Chore, jobs: Sequence[str], count: int = 2) -> list[Done[str]]:
    with PhotoWorkers(count, work) as workers:
        return list(workers.results(jobs))


def test_results_come_in_order_and_from_several_processes(tmp_path: Path) -> None:
    jobs = ["meet", *(f"job {number}" for number in range(30)), "large 3000000"]
    found = [one.result for one in done(Chore(tmp_path), jobs)]
    assert found[:-1] == [f"{job} done" for job in jobs[:-1]]
    assert found[-1] == "x" * 3_000_000
    processes = {path.suffix for path in tmp_path.iterdir()}
    assert len(processes) == 2
    assert f".{os.getpid()}" not in processes


def test_nothing_to_do_starts_nothing(tmp_path: Path) -> None:
    assert done(Chore(tmp_path), []) == []


def test_only_some_results_wait_for_their_turn(tmp_path: Path) -> None:
    with PhotoWorkers(2, Chore(tmp_path)) as workers:
        results = workers.results([f"job {number}" for number in range(100)])
        next(results)
        time.sleep(0.5)
        next(results)
    assert 1 < len([*tmp_path.iterdir()]) <= 20


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_a_process_that_ends_costs_one_job_and_no_other(tmp_path: Path) -> None:
    jobs = ["job 1", "die", "job 2", "once", "sleep 0.2", "job 3"]
    found = done(Chore(tmp_path), jobs)
    assert found[1] == Done(None, -signal.SIGKILL)
    assert [one.result for one in found] == [
        None if job == "die" else f"{job} done" for job in jobs
    ]
    assert len([*tmp_path.glob("die.*")]) == 2


def test_with_too_little_memory_for_all_there_are_fewer(tmp_path: Path) -> None:
    jobs = [*(f"once {number}" for number in range(3)), *(f"job {number}" for number in range(40))]
    assert [one.result for one in done(Chore(tmp_path), jobs)] == [f"{job} done" for job in jobs]
    # Some were handed out before the third.
    last = {path.suffix for job in jobs[-20:] for path in tmp_path.glob(f"{job}.*")}
    assert len(last) == 1


def test_an_error_is_raised_when_its_turn_is(tmp_path: Path) -> None:
    with PhotoWorkers(2, Chore(tmp_path)) as workers:
        results = workers.results(["sleep 0.3", "raise no library", *["job"] * 5])
        assert next(results).result == "sleep 0.3 done"
        with pytest.raises(BrokenInstallation, match="no library"):
            next(results)


def test_an_error_of_the_start_is_raised(tmp_path: Path) -> None:
    with pytest.raises(BrokenInstallation, match="Nothing works"):
        done(Chore(tmp_path, "broken"), ["job"] * 3)


def test_where_no_process_gets_ready_this_one_does_it(tmp_path: Path) -> None:
    found = done(Chore(tmp_path, "killed"), ["job 1", "job 2", "job 3"])
    assert [one.result for one in found] == ["job 1 done", "job 2 done", "job 3 done"]
    assert {path.suffix for path in tmp_path.iterdir()} == {f".{os.getpid()}"}


def test_where_none_can_be_started_this_one_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", full)
    assert done(Chore(tmp_path), ["job 1"]) == [Done("job 1 done")]
    with pytest.raises(BrokenInstallation):
        done(Chore(tmp_path), ["raise no library"])


def test_the_log_comes_here_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assert len(done(Chore(tmp_path), ["log the first", "log the second"])) == 2
    assert sorted(record.getMessage() for record in caplog.records) == [
        "Told by the first",
        "Told by the second",
    ]
    assert capfd.readouterr() == ("", "")


def test_who_is_at_work_is_ended_at_once(tmp_path: Path) -> None:
    begun_s = time.monotonic()
    with PhotoWorkers(2, Chore(tmp_path)) as workers:
        assert next(workers.results(["job", "sleep 60", "sleep 60"])).result == "job done"
        begun_s = time.monotonic()
    assert time.monotonic() - begun_s < 10
