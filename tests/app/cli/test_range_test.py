"""`range` puts photographs of three positions together; `history` shows what is kept."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from app.history.ranges import read_ranges
from app.history.records import RowQuery
from app.history.store import History
from app.system.shell import Status
from tests import made_up_results
from tests.app.cli.runner import beltline, complaint, json_lines
from vision.reasons import refusal
from vision.result import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vision.image.frame import Frame
    from vision.result import Measured, Rejected


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    return folder


@pytest.fixture(autouse=True)
def pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A photograph's name tells its angle; "none" is refused."""

    def measure(frame: Frame, **_: object) -> Measured | Rejected:
        name = frame.source.rpartition("/")[2].partition(".")[0]
        if name == "none":
            return made_up_results.rejected(refusal(ReasonCode.NO_PERSON))
        return made_up_results.measured(made_up_results.tilt(float(name), 3.0))

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)


def photos(folder: Path, *names: object) -> list[Path]:
    paths = [folder / f"{name}.png" for name in names]
    for path in paths:
        Image.new("RGB", (64, 96), "lightgrey").save(path)
    return paths


def positions(tucked: Path, relaxed: Path, arched: Path) -> Sequence[object]:
    return "--tucked", tucked, "--relaxed", relaxed, "--arched", arched


@pytest.fixture
def three(tmp_path: Path) -> Sequence[object]:
    return positions(*photos(tmp_path, 2, 12, 22))


def found(*arguments: object, status: int = 0) -> dict[str, Any]:
    """Return the last line, which says what the photographs make."""
    result = beltline("range", *arguments, "--json")
    assert result.exit_code == status, result.stderr
    *each, together = json_lines(result)
    assert all("tilt" in line for line in each)
    return together


def test_three_photographs_make_a_range(three: Sequence[object]) -> None:
    together = found(*three)
    assert together["schema"] == 1
    assert (together["reasons"], together["range_id"]) == ([], None)
    numbers = together["range"]
    assert (numbers["tucked_deg"], numbers["relaxed_deg"], numbers["arched_deg"]) == (2, 12, 22)
    assert (numbers["range_deg"], numbers["place_percent"]) == (20, 50)
    for name in ("tucked_interval_deg", "range_interval_deg", "place_interval_percent"):
        low, high = numbers[name]
        assert low < high
    assert (numbers["method"], numbers["rounds"], numbers["level"]) == ("contour", 1, 0.9)


def test_several_photographs_of_a_position_count_together(tmp_path: Path) -> None:
    a, b, c, d = photos(tmp_path, 1, 3, 12, 22)
    together = found("--tucked", a, "--tucked", b, "--relaxed", c, "--arched", d)
    assert together["range"]["tucked_deg"] == 2


def test_the_text_says_what_it_means_and_what_not(three: Sequence[object]) -> None:
    result = beltline("range", *three)
    assert result.exit_code == 0
    assert "Your pelvis can turn by 20°" in result.stdout
    assert "50 % of the way from tucked to arched" in result.stdout
    assert "No place is the right one" in result.stdout


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((12.0, 12.1, 12.3), "no_movement"),
        ((22, 12, 2), "wrong_way"),
        (("none", 12, 22), "position_missing"),
    ],
)
def test_what_makes_no_range_is_one_sentence_and_not_kept(
    tmp_path: Path, names: tuple[object, ...], code: str
) -> None:
    together = found(*positions(*photos(tmp_path, *names)), "--save", status=3)
    assert (together["range"], together["range_id"]) == (None, None)
    (reason,) = together["reasons"]
    assert reason["code"] == code
    with History.open() as history:
        assert read_ranges(history, history.default_profile().id) == []


def test_a_photograph_cannot_stand_for_two_positions(tmp_path: Path) -> None:
    one, other = photos(tmp_path, 2, 22)
    assert "more than one position" in complaint(beltline("range", *positions(one, other, other)))


def test_a_note_needs_save(three: Sequence[object]) -> None:
    assert "--save" in complaint(beltline("range", *three, "--note", "x"))


def test_all_three_positions_are_needed(tmp_path: Path) -> None:
    (one,) = photos(tmp_path, 2)
    assert beltline("range", "--tucked", one).exit_code == 2


def test_what_is_kept_is_listed_and_its_trend_told(three: Sequence[object], tmp_path: Path) -> None:
    assert found(*three, "--save", "--profile", "Ana", "--note", "barefoot")["range_id"] == 1
    wider = positions(*photos(tmp_path, -4, 20, 26))
    assert found(*wider, "--save", "--profile", "Ana")["range_id"] == 2
    with History.open() as history:
        assert history.count(RowQuery(None)) == 0
    listed = json_lines(beltline("history", "list", "--json"))
    assert [line["range_id"] for line in listed] == [1, 2]
    assert (listed[0]["id"], listed[0]["tilt"], listed[0]["profile"]) == (None, None, "Ana")
    assert (listed[0]["source"], listed[0]["note"]) == ("photographs", "barefoot")
    assert listed[0]["range"]["range_deg"] == 20
    text = beltline("history", "list").stdout
    assert "Range test 1: 20°" in text
    assert "relaxed at 50 %" in text
    first, last = json_lines(beltline("history", "trend", "--json"))
    assert first["change_since_first"] is None
    assert last["change_since_first"]["range_deg"] == 10
    assert "Since the first one measured this way" in beltline("history", "trend").stdout
    assert json_lines(beltline("history", "list", "--method", "marked", "--json")) == []


def test_an_export_holds_it_by_the_schema(three: Sequence[object], tmp_path: Path) -> None:
    found(*three, "--save")
    path = tmp_path / "all.json"
    assert beltline("history", "export", "--out", path).exit_code == 0
    (entry,) = json.loads(path.read_text("utf-8"))["diary"]
    assert entry["kind"] == "range"
    assert entry["content"]["result"]["range_deg"]["value"] == 20


def test_a_table_holds_range_tests_for_a_spreadsheet(
    three: Sequence[object], tmp_path: Path
) -> None:
    found(*three, "--save", "--profile", "=Ana", "--note", "=1+1")
    path = tmp_path / "ranges.csv"
    result = beltline("history", "export", "--ranges", "--out", path)
    assert result.stdout.startswith("1 range test")
    (row,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert (row["profile"], row["note"]) == ("'=Ana", "'=1+1")
    assert (row["range_deg"], row["place_percent"]) == ("20.0", "50.0")
    assert float(row["place_low_percent"]) < 50 < float(row["place_high_percent"])
    assert "ends in .csv" in complaint(
        beltline("history", "export", "--ranges", "--out", tmp_path / "ranges.json")
    )


def test_a_fault_in_keeping_costs_no_range(
    three: Sequence[object], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(History, "note", fail)
    together = found(*three, "--save", status=Status.FAILED)
    assert together["range"]["range_deg"] == 20
    assert together["range_id"] is None
    assert "ZeroDivisionError" in caplog.text
