"""The report: every file of it, whole or not at all."""

from __future__ import annotations

import csv
import json
import sys
from io import BytesIO
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from app.study import StudyError
from app.study.analysis import analyse
from app.study.design import Design, Study
from app.study.report import ReportFile, report_files, write_report
from app.study.table import COLUMNS, rated_rows
from tests.app.study.simulated import Scatter, simulated_rows, simulated_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("statistics")

SMALL = Design(raters=2, repeats=2, subjects=6)


def silent(_sentence: str) -> None:
    """Take what is told."""


def text_of(pdf: bytes | Path) -> str:
    source = BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    pages = [page.extract_text() for page in PdfReader(source).pages]
    return " ".join(" ".join(pages).split())


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return simulated_study(tmp_path / "study", SMALL)


def test_the_report_is_a_folder_of_all_files(study: Study, tmp_path: Path) -> None:
    out, told = tmp_path / "report", list[str]()
    write_report(study, out, told.append)
    assert {path.name for path in out.iterdir()} == {
        *("report.pdf", "table.csv", "table.parquet", "results.json", "plots"),
    }
    results = json.loads((out / "results.json").read_bytes())
    assert results["beltline_study_report"] == 1
    assert results["is_complete"] is True
    assert set(results["plots"]) == {f"plots/{path.name}" for path in (out / "plots").iterdir()}
    with (out / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2 * 2 * 6 + 6
    table = pq.read_table(out / "table.parquet").to_pylist()
    assert [row["subject"] for row in table] == [row["subject"] for row in rows]
    assert table[0]["tilt_deg"] == pytest.approx(float(rows[0]["tilt_deg"]))
    assert "Working out the figures" in told
    text = text_of(out / "report.pdf")
    assert "Beltline measured 0 of 6 photographs" in text
    assert "Beltline measured too few of these photographs" in text
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_pages_tell_the_figures_of_the_results(study: Study) -> None:
    rows = simulated_rows(SMALL)
    files = {file.path: file.data for file in report_files(study, rows, silent)}
    again = {file.path: file.data for file in report_files(study, rows, silent)}
    assert files == again
    figures = json.loads(files["results.json"])["figures"]
    found = analyse(rows)
    assert found.raters_together.error
    assert figures["raters_together"]["error"]["sem"]["value"] == (
        found.raters_together.error.sem.value
    )
    text = text_of(files["report.pdf"])
    for sentence in (
        f"Standard error of measurement {found.raters_together.error.sem.value:.1f}°",
        f"ICC(2,1) {found.raters_together.forms[1].icc.value:.2f}",
        "Shrout and Fleiss 1979",
        "GRRAS, Kottner and others 2011",
        "Agreement is not accuracy",
        "95 % of such differences",
    ):
        assert sentence in text, sentence
    for word in ("excellent", "poor agreement", "good agreement", "diagnosed", "abnormal", "nan"):
        assert word not in text.lower()


def test_before_all_is_rated_it_says_who_lacks_what(tmp_path: Path) -> None:
    study = simulated_study(tmp_path / "study", SMALL, scatter=Scatter(open=0.3))
    lacking = [row for row in rated_rows(study) if row.status == "open"]
    first = sum(row.rater == "rater-1" for row in lacking)
    with pytest.raises(StudyError, match=f"rater-1 lacks {first} of 12") as caught:
        write_report(study, tmp_path / "report", silent)
    assert "--anyway" in caught.value.fix
    assert not (tmp_path / "report").exists()
    write_report(study, tmp_path / "report", silent, anyway=True)
    text = text_of(tmp_path / "report" / "report.pdf")
    assert f"Not finished: {len(lacking)} of 24 pictures" in text
    assert json.loads((tmp_path / "report" / "results.json").read_bytes())["is_complete"] is False


def test_without_a_single_answer_there_is_no_report_at_all(tmp_path: Path) -> None:
    study = simulated_study(tmp_path / "study", SMALL, scatter=Scatter(open=1.1))
    with pytest.raises(StudyError, match="Nothing is rated yet"):
        write_report(study, tmp_path / "report", silent, anyway=True)


def holding(name: str) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        out.mkdir()
        (out / name).write_text("{}", encoding="utf-8")

    return make


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda out: out.write_bytes(b"mine"), "is a file"),
        (holding("results.json"), "holds something else"),
        (holding("my thesis.txt"), "holds something else"),
        (lambda out: out.parent.rmdir(), "no such folder"),
    ],
    ids=["a file", "others' results", "others' files", "nowhere"],
)
def test_what_is_there_is_left_as_it_is(
    study: Study, tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    make(place / "report")
    before = {path: path.is_file() and path.read_bytes() for path in place.rglob("*")}
    with pytest.raises(StudyError, match=sentence):
        write_report(study, place / "report", silent)
    assert before == {path: path.is_file() and path.read_bytes() for path in place.rglob("*")}


@pytest.fixture
def in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of few files, quickly made."""
    files = [
        ReportFile("report.pdf", b"%PDF"),
        ReportFile("results.json", b'{"beltline_study_report": 1}'),
    ]
    monkeypatch.setattr("app.study.report.report_files", lambda *_: files)


@pytest.mark.usefixtures("in_short")
def test_an_earlier_report_is_replaced_as_a_whole(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "report"
    out.mkdir()  # an empty folder is none of anybody's
    write_report(study, out, silent)
    (out / "plots" / "old.svg").write_bytes(b"")
    write_report(study, out, silent)
    assert not (out / "plots" / "old.svg").exists()
    assert (out / "report.pdf").exists()


@pytest.mark.usefixtures("in_short")
def test_a_full_disk_leaves_the_earlier_report(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report"
    write_report(study, out, silent)
    before = (out / "report.pdf").read_bytes()

    def full(*_: object, **__: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.study.report.open_private", full)
    with pytest.raises(StudyError, match="no space left on device"):
        write_report(study, out, silent)
    assert (out / "report.pdf").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_its_packages_it_names_what_to_install(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pingouin", None)
    with pytest.raises(StudyError, match=r"pip install 'beltline\[study\]'"):
        write_report(study, tmp_path / "report", silent)


def test_names_of_any_script_are_printed(tmp_path: Path) -> None:
    names = "Ελένη", "ליאת כהן"
    study = simulated_study(tmp_path / "study", SMALL, raters=names)
    write_report(study, tmp_path / "report", silent)
    text = text_of(tmp_path / "report" / "report.pdf")
    assert "Ελένη" in text
    assert "ליאת" in text or "תאיל" in text


def test_odd_names_and_ratings_that_are_all_alike_are_printed(tmp_path: Path) -> None:
    alike = Scatter(subjects_deg=0, raters_deg=0, rest_deg=0, unmarkable=0)
    names = "$x_2^$ <b>&amp;", "w" * 120
    study = simulated_study(tmp_path / "study", SMALL, raters=names, scatter=alike)
    write_report(study, tmp_path / "report", silent)
    text = text_of(tmp_path / "report" / "report.pdf")
    assert "$x_2^$ <b>&amp;" in text
    assert "ICC(2,1) cannot be worked out" in text
    assert "leave nothing to chance" in text
