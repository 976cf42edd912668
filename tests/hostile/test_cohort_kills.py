"""Runs over many photographs that are killed: the same command brings the same table.

The long form (``--hostile``) kills fifty times. Who is killed takes turns: of a run on this
machine a worker or all of it, and of one on a running cluster its scheduler, a nanny, a worker,
or who asks. When, the seed draws. Most rounds do not measure but look rows up that were
measured before, so that it is the run that is tried; every eighth measures.
"""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest
from PIL import Image

from app.cohort.dataset import Dataset
from app.cohort.listing import find_photos
from app.cohort.measuring import Chunk, CohortOptions, measure_chunk
from tests.hostile.cohort_runs import FarCluster, Processes, make_photos, wait_until, workers_of
from tests.hostile.poisoned_measuring import KILLER, PRELOAD, ROWS, WAIT_S, write_rows

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are looked for in /proc")
PHOTOS, THOUSAND = 40, 1000
VICTIMS = ("worker", "scheduler far", "all", "worker far", "asker far", "nanny far")
_MEASURES_EVERY = 8
#: A run is started so often at most; who is killed once needs two.
_STARTS_MAX = 4
_DONE = {0, 3}
_SCHEDULER_GONE = 4


@dataclass(frozen=True, slots=True)
class Truth:
    """Photographs, and the table that they give."""

    photos: Path
    rows: Path
    table: bytes


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    folder = tmp_path_factory.mktemp("cohort")
    make_photos(folder / "photos", PHOTOS)
    photos = find_photos([str(folder / "photos")]).photos
    rows = measure_chunk(Chunk(tuple(photos), CohortOptions(quick=True)))
    dataset = Dataset(str(folder / "truth"))
    dataset.begin()
    dataset.add(rows)
    dataset.close()
    write_rows(folder / "rows.json", rows)
    return Truth(folder / "photos", folder / "rows.json", _merged(folder / "truth"))


def _merged(out: Path) -> bytes:
    table = out.with_suffix(".csv")
    Dataset(str(out)).merge(table)
    return table.read_bytes()


class Trial:
    """One run that is disturbed once, and started again until it is done.

    Parameters
    ----------
    folder
        Takes results and whatever else it leaves.
    """

    def __init__(self, folder: Path, truth: Truth, *, measures: bool) -> None:
        looked_up = {} if measures else {ROWS: str(truth.rows), WAIT_S: "0.05"}
        preload = {"DASK_DISTRIBUTED__WORKER__PRELOAD": PRELOAD}
        self.processes = Processes(folder, looked_up | (preload if looked_up else {}))
        self._truth, self._out, self._errors = truth, folder / "out", folder / "errors"
        self.starts = 0
        self.statuses: list[int] = []

    def begin(self, *more: str) -> subprocess.Popen[bytes]:
        """Start it."""
        self.starts += 1
        arguments = (str(self._truth.photos), "--out", str(self._out), "--quick", *more)
        return self.processes.begin("app", "cohort", "measure", *arguments, errors=self._errors)

    def wait_for_parts(self, count: int, run: subprocess.Popen[bytes]) -> None:
        """Wait until so many chunks have been written, or it has ended."""
        parts = self._out / "parts"
        wait_until(lambda: run.poll() is not None or len([*parts.glob("*.parquet")]) >= count)

    def status_of(self, run: subprocess.Popen[bytes]) -> int:
        """Wait until it ends, and look at what it said."""
        status = run.wait(timeout=240)
        self.statuses.append(status)
        said = self._errors.read_text(encoding="utf-8")
        assert all(line.startswith("beltline: ") for line in said.splitlines() if line), said
        return status

    def problems(self) -> list[str]:
        """Return what is wrong now that it is done."""
        found = [str(path) for path in self._out.rglob("*.part*") if path.suffix != ".parquet"]
        if _merged(self._out) != self._truth.table:
            found.append("the table is another one")
        return found


@pytest.mark.rounds(short=1, long=50)
@pytest.mark.timeout(300)
def test_a_killed_run_gives_the_same_table(truth: Truth, tmp_path: Path, seeds: range) -> None:
    failed, at_work = [], 0
    for seed in seeds:
        victim = VICTIMS[seed % len(VICTIMS)]
        measures = seed % _MEASURES_EVERY == _MEASURES_EVERY - 1
        trial = Trial(tmp_path / str(seed), truth, measures=measures)
        try:
            attempt = _disturb_far if victim.endswith("far") else _disturb_here
            was_at_work = attempt(trial, victim, random.Random(f"cohort {seed}"))
            problems = trial.problems() + trial.processes.left()
        finally:
            trial.processes.end()
        at_work += was_at_work
        told = f"seed {seed}: {victim}, {'measured' if measures else 'looked up'}"
        print(f"{told}, statuses {trial.statuses}{'' if was_at_work else ', not at work'}")
        failed += [f"{told}: {problem}" for problem in problems]
    print(f"{at_work} of {len(seeds)} killed at work")
    assert failed == []


def test_harmful_photographs_cost_a_row_each(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("hostile"):
        pytest.skip("part of the long form: --hostile")
    photos = tmp_path / "photos"
    make_photos(photos, THOUSAND - 3)
    whole = (photos / "0001.jpg").read_bytes()
    (photos / "0001-corrupt.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / f"0400-{KILLER}.jpg").write_bytes(whole)
    Image.new("L", (20_000, 10_000)).save(photos / "0700-large.png")
    processes = Processes(
        tmp_path / "run", {"DASK_DISTRIBUTED__WORKER__PRELOAD": PRELOAD, "OMP_NUM_THREADS": "1"}
    )
    out, errors = tmp_path / "out", tmp_path / "errors"
    arguments = "measure", str(photos), "--out", str(out), "--quick"
    run = processes.begin("app", "cohort", *arguments, errors=errors)
    try:
        assert run.wait(timeout=3600) == 3, errors.read_text()
    finally:
        processes.end()
    rows = Dataset(str(out)).table(["path", "status", "refused_for"]).to_pylist()
    assert [row["path"] for row in rows] == [str(path) for path in sorted(photos.iterdir())]
    failed = [row for row in rows if row["status"] == "error"]
    assert {row["path"].rpartition("-")[2]: row["refused_for"] for row in failed} == {
        "corrupt.jpg": "unreadable",
        "killer.jpg": "killed",
        "large.png": "too_large",
    }
    assert len(failed) == 3


def _disturb_here(trial: Trial, victim: str, chance: random.Random) -> bool:
    run = trial.begin()
    trial.wait_for_parts(chance.randrange(14), run)
    time.sleep(chance.uniform(0, 0.3))
    was_at_work = run.poll() is None
    if victim == "worker":
        workers = workers_of(run)
        if workers:
            _kill(chance.choice(workers))
        assert trial.status_of(run) in _DONE
        return bool(workers)
    run.kill()
    trial.status_of(run)
    # What it had started must not be there either when it is started again.
    assert trial.processes.left() == []
    _finish(trial)
    return was_at_work


def _disturb_far(trial: Trial, victim: str, chance: random.Random) -> bool:
    cluster = FarCluster(trial.processes)
    cluster.begin_missing()
    run = trial.begin("--scheduler", cluster.address)
    trial.wait_for_parts(chance.randrange(14), run)
    time.sleep(chance.uniform(0, 0.3))
    was_at_work = run.poll() is None
    match victim:
        case "scheduler far":
            assert cluster.scheduler is not None
            os.killpg(cluster.scheduler.pid, signal.SIGKILL)
            cluster.scheduler.wait()
            assert trial.status_of(run) in (_DONE if not was_at_work else {_SCHEDULER_GONE, *_DONE})
        case "asker far":
            run.kill()
            trial.status_of(run)
        case "nanny far":
            cluster.nannies[chance.randrange(2)].kill()
            assert trial.status_of(run) in _DONE
        case _:
            workers = [worker for nanny in cluster.nannies for worker in workers_of(nanny)]
            if workers:
                _kill(chance.choice(workers))
            assert trial.status_of(run) in _DONE
    if trial.statuses[-1] not in _DONE:
        cluster.begin_missing()
        _finish(trial, "--scheduler", cluster.address)
    trial.processes.end()
    return was_at_work


def _finish(trial: Trial, *more: str) -> None:
    while trial.starts < _STARTS_MAX:
        if trial.status_of(trial.begin(*more)) in _DONE:
            return
    pytest.fail(f"it is not done after {_STARTS_MAX} starts: {trial.statuses}")


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
