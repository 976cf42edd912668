from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from app.cli.commands import app
from app.study.design import RATERS, Design, Study
from tests.app.cli.runner import beltline, complaint
from tests.app.study.studies import answer, let_all_stand_alone, small_study, write_photographs
from vision.result import Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from typer.testing import Result

CLONE = Path(__file__).parents[4]
DESIGN = "raters=2,repeats=2,subjects=4"
NOBODY = Reason(ReasonCode.NO_PERSON, Severity.REFUSE, "Nobody is in it.", "Stand in it.")


@pytest.fixture(autouse=True)
def _all_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    let_all_stand_alone(monkeypatch)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path, DESIGN)


def failed(result: Result) -> str:
    """Return the one sentence of a failure that prints nothing else."""
    assert (result.exit_code, result.stdout) == (4, "")
    (line,) = result.stderr.splitlines()
    return line


def test_a_study_is_made(tmp_path: Path) -> None:
    write_photographs(tmp_path / "photographs", 4)
    out = tmp_path / "study"
    done = beltline(
        *("study", "init", out, "--design", DESIGN, "--photos", tmp_path / "photographs"),
        *("--seed", "7"),
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"'{out}': 8 pictures for each of 2 raters. The seed is 7." in done.stdout
    assert Study(out).key.seed == 7
    again = beltline("study", "init", out, "--design", DESIGN, "--photos", tmp_path / "photographs")
    assert "is there already" in failed(again)


def test_what_was_left_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_photographs(tmp_path / "photographs", 5)
    let_all_stand_alone(monkeypatch, ("person-1.png",), NOBODY)
    # By this seed it is drawn.
    call = (
        *("study", "init", tmp_path / "study", "--photos", tmp_path / "photographs"),
        *("--design", "raters=1,repeats=1,subjects=4", "--seed", "0"),
    )
    assert "person-1.png': Nobody is in it. Take other photographs" in failed(beltline(*call))
    done = beltline(*call, "--skip-unsuitable")
    assert done.exit_code == 0
    assert "person-1.png: Nobody is in it." in done.stderr
    assert len(Study(tmp_path / "study").key.left_out) == 1


def test_a_design_that_cannot_be_is_wrong_usage(tmp_path: Path) -> None:
    call = "study", "init", tmp_path / "study", "--photos", tmp_path, "--design"
    assert "cannot be read" in complaint(beltline(*call, "raters=3"))
    page = "study", "protocol", "--out", tmp_path / "page.pdf", "--design"
    assert "cannot be read" in complaint(beltline(*page, "raters=3"))


def test_answers_are_taken_in_and_counted(study: Study, tmp_path: Path) -> None:
    first, second = (entry.id for entry in study.worklist("rater-1").items[:2])
    path = tmp_path / "answers.csv"
    path.write_text(
        "item,asis_x_px,asis_y_px,psis_x_px,psis_y_px,seconds\n"
        f"{first},30,31,12,28,20\n{second},,,,,30\n"
    )
    done = beltline("study", "import", study.folder, path, "--rater", "rater-1")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == ("2 answers of rater-1 were taken in; 2 of 8 pictures are now rated.\n")
    told = beltline("study", "status", study.folder)
    assert told.stdout.splitlines() == [
        "rater-1: 2 of 8 rated, 1 of them without points, about 25 s each.",
        "rater-2: 0 of 8 rated.",
    ]
    path.write_text(path.read_text().replace("30,31", "30,99"))
    call = "study", "import", study.folder, path, "--rater", "rater-1", "--replace"
    assert "line 2: The ASIS point (30, 99) is outside the picture" in failed(beltline(*call))


def test_a_raters_folder_comes_back(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.folder / RATERS / "rater-2", tmp_path / "back")
    abroad = study.worklist("rater-2")
    for entry in abroad.items:
        abroad.keep(answer(entry.id))
    shutil.copy(abroad.folder / "ratings.jsonl", tmp_path / "back")
    (abroad.folder / "ratings.jsonl").unlink()
    done = beltline("study", "import", study.folder, tmp_path / "back")
    assert "8 answers of rater-2 were taken in; 8 of 8 pictures" in done.stdout


def test_a_report_waits_for_all_ratings(study: Study, tmp_path: Path) -> None:
    worklist = study.worklist("rater-2")
    for entry in worklist.items:
        worklist.keep(answer(entry.id))
    told = failed(beltline("study", "report", study.folder, "--out", tmp_path / "report"))
    assert "rater-1 lacks 8 of 8" in told
    assert "--anyway" in told
    assert not (tmp_path / "report").exists()


def test_a_page_for_the_committee(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "page.pdf"
    one_of: list[tuple[object, ...]] = [(study.folder,), ("--design", DESIGN)]
    for about in one_of:
        done = beltline("study", "protocol", *about, "--out", out)
        assert (done.exit_code, done.stdout, done.stderr) == (0, f"{out}\n", "")
        assert out.read_bytes().startswith(b"%PDF")
        out.unlink()
    for about in ((), one_of[0] + one_of[1]):
        told = complaint(beltline("study", "protocol", *about, "--out", out))
        assert "Name either the study's folder or --design" in told


def test_whatever_is_no_study_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path, tmp_path / "gone", tmp_path / "file", "x" * 300):
        for call in (
            ("status", folder),
            ("import", folder, tmp_path),
            ("protocol", folder, "--out", tmp_path / "page.pdf"),
            ("report", folder, "--out", tmp_path / "report"),
        ):
            assert "is no study. Choose a folder that" in failed(beltline("study", *call))


def test_the_page_on_studies_calls_what_there_is() -> None:
    program: Any = typer.main.get_command(app)
    commands = program.commands["study"].commands
    text = (CLONE / "docs" / "STUDIES.md").read_text("utf-8")
    lines = [line.split() for line in text.splitlines() if line.startswith("beltline study ")]
    assert {line[2] for line in lines} == set(commands)
    for line in lines:
        known = {name for one in commands[line[2]].params for name in one.opts}
        assert {word for word in line if word.startswith("--")} <= known, line
    example = "raters=3,repeats=2,subjects=30"
    assert text.count(example) == 2
    assert Design.parse(example).items == 60


def test_help_and_status_load_nothing_heavy(study: Study) -> None:
    heavy = "cv2,mediapipe,pandas,pingouin,statsmodels,pyarrow,dask,matplotlib,fhir,reportlab,PyQt6"
    code = (
        "import sys; from typer.testing import CliRunner; from app.cli.commands import app\n"
        "for call in (['study', '--help'], ['study', 'status', sys.argv[1]]):\n"
        "    assert CliRunner().invoke(app, call).exit_code == 0\n"
        f"print(sorted(set('{heavy}'.split(',')) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(study.folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=CLONE,
    )
    assert done.stdout.strip() == "[]"
