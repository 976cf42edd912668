from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click import unstyle

from app.cohort import engine
from app.cohort.dataset import Dataset
from app.cohort.engine import CohortProgress
from app.cohort.measuring import Chunk, CohortOptions, measure_chunk, sizes_of
from app.text.research import cohort as words
from tests.app.cli.runner import beltline, complaint
from tests.app.cohort.made_up_rows import filled, photos

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.cohort.listing import CohortPhoto
    from vision.result import Measured

ADDRESS = "http://127.0.0.1:8787/status"


@pytest.fixture
def folder(tmp_path: Path, photo: Path) -> Path:
    """A photograph, and a file that is none."""
    del photo
    (tmp_path / "text.jpg").write_text("no picture")
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, measured: Measured) -> list[dict[str, Any]]:
    """What the engine is asked for; this one measures in one process, one after the other."""
    requests: list[dict[str, Any]] = []

    def run(
        some: Sequence[CohortPhoto],
        options: CohortOptions,
        dataset: Dataset,
        *,
        tell: Callable[[CohortProgress], None],
        **how: Any,
    ) -> CohortProgress:
        requests.append({"options": options, **how})
        dataset.begin()
        known = set(dataset.fingerprints().to_pylist())
        marks = [photo.fingerprint(options.measured_by()) for photo in some]
        todo = [photo for photo, mark in zip(some, marks, strict=True) if mark not in known]
        progress = CohortProgress(len(some), len(some) - len(todo), dashboard=ADDRESS)
        tell(progress)
        for photo in todo:
            rows = measure_chunk(Chunk((photo,), options))
            dataset.add(rows)
            progress.measured, progress.refused, progress.failed = (
                sum(pair)
                for pair in zip(
                    (progress.measured, progress.refused, progress.failed),
                    sizes_of(rows),
                    strict=True,
                )
            )
            tell(progress)
        dataset.finish(some, marks)
        return progress

    monkeypatch.setattr(engine, "run", run)
    monkeypatch.setattr("app.cohort.measuring.measure_photo", lambda *_, **__: measured)
    return requests


def test_a_folder_then_the_same_once_more(
    folder: Path, tmp_path: Path, asked: list[dict[str, Any]]
) -> None:
    command = ("cohort", "measure", folder, "--out", tmp_path / "out")
    done = beltline(*command, "--quick", "--workers", 2)
    assert done.exit_code == 3
    told = f"The results are in '{tmp_path}/out'.\n"
    assert done.stdout == f"1 measured, 0 refused, 1 unreadable. {told}"
    assert done.stderr == f"beltline: {words.DASHBOARD.format(address=ADDRESS)}\n"
    assert asked[0] == {"options": CohortOptions("auto", True), "scheduler": None, "workers": 2}
    # A run that goes on ends as one that was never broken off: with the same status.
    again = beltline(*command, "--quick")
    assert again.exit_code == 3
    assert again.stdout.startswith("0 measured, 0 refused, 0 unreadable. 2 were done before. ")


@pytest.mark.usefixtures("asked")
def test_all_measured(photo: Path, tmp_path: Path) -> None:
    done = beltline("cohort", "measure", photo, "--out", tmp_path / "out", "--method", "contour")
    assert done.exit_code == 0


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["{}/gone"], "There is no folder, photograph or list"),
        (["{}/list.csv"], "line 2: there is no photograph 'a.jpg'"),
        (["{}", "--method", "guess"], "There is no method 'guess'."),
        (["{}/side.jpg", "--out", "{}"], "holds something else."),
    ],
)
def test_wrong_use(folder: Path, arguments: list[str], told: str) -> None:
    (folder / "list.csv").write_text("photo\na.jpg\n")
    given = [argument.format(folder) for argument in arguments]
    out = [] if "--out" in given else ["--out", folder / "out"]
    assert told in complaint(beltline("cohort", "measure", *given, *out))
    assert not (folder / "parts").exists()


@pytest.mark.usefixtures("asked")
def test_what_was_found_on_the_way_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "round").symlink_to(folder)
    done = beltline("cohort", "measure", folder, "--out", tmp_path / "out")
    assert "beltline: Links that lead to a folder already seen: 1" in done.stderr


@pytest.mark.usefixtures("asked")
def test_results_that_cannot_be_kept(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = beltline("cohort", "measure", photo, "--out", tmp_path / "out")
    assert done.exit_code == 4
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"beltline: The results cannot be written to '{tmp_path}/out': ")


def test_status_and_merge(tmp_path: Path) -> None:
    filled(Dataset(str(tmp_path / "out")), photos("a", "b"))
    done = beltline("cohort", "status", tmp_path / "out")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "2 measured, 0 refused, 0 unreadable.",
        "  with a warning of loose_clothing: 2",
        "Measured by Beltline 0.1.0.",
    ]
    done = beltline("cohort", "merge", tmp_path / "out", "--out", tmp_path / "all.csv")
    assert done.stdout == f"2 rows were written to '{tmp_path}/all.csv'.\n"
    assert "neither CSV nor Parquet" in complaint(
        beltline("cohort", "merge", tmp_path / "out", "--out", tmp_path / "all.txt")
    )


@pytest.mark.parametrize("command", [["status"], ["merge", "--out", "all.csv"]])
def test_no_results(tmp_path: Path, command: list[str]) -> None:
    told = complaint(beltline("cohort", command[0], tmp_path / "gone", *command[1:]))
    assert "is no result of 'beltline cohort measure'. Check the name." in told


def test_without_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name != "distributed" or None)
    done = beltline("cohort", "status", tmp_path)
    assert done.exit_code == 4
    assert "(distributed). Where" in done.stderr
    assert "pip install 'beltline[cohort]'" in done.stderr


def test_a_terminal_has_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli.research.cohort import _CohortBar

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with _CohortBar(100_000) as tell:
        tell(CohortProgress(100_000, 2, measured=3, refused=1, began=time.monotonic() - 2))
    told = unstyle(capsys.readouterr().err)
    assert "     6/100000 2.0 a second, 13 h 53 min left, 1 refused, 0 unreadable" in told


def test_elsewhere_a_line_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli.research.cohort import _CohortBar

    now = SimpleNamespace(monotonic=lambda: 100.0)
    monkeypatch.setattr("app.cli.research.cohort.time", now)
    with _CohortBar(10) as tell:
        tell(CohortProgress(10, 0))
        now.monotonic = lambda: 161.0
        tell(CohortProgress(10, 0, measured=4, began=time.monotonic() - 40))
        tell(CohortProgress(10, 0, measured=5))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("beltline: 4 of 10 photographs, 0.1 a second, 1 min left, 0 ref")


@pytest.mark.parametrize(
    ("per_second", "told"),
    [(100.0, "under 1 min"), (2.0, ", 8 min"), (0.05, ", 5 h 33 min")],
)
def test_the_time_left(per_second: float, told: str) -> None:
    counts = CohortProgress(1010, 0, measured=10, began=time.monotonic() - 10 / per_second)
    assert f"{told} left" in words.so_far(counts)
    assert "left" not in words.so_far(CohortProgress(10, 10))
