"""`measure --save` keeps what it measures, and says so when it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.history.records import RowQuery
from app.history.store import History
from app.system.shell import Status
from tests.app.cli.runner import beltline, complaint, json_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.cli.runner import Request


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    return folder


def test_measurements_are_kept_with_profile_and_note(
    more_photos: list[Path], answers: list[Request]
) -> None:
    result = beltline(
        "measure", *more_photos, "--save", "--profile", "Ana", "--note", "barefoot", "--json"
    )
    assert result.exit_code == 0
    ids = [line["check_id"] for line in json_lines(result)]
    assert len(set(ids)) == len(answers) == 3
    with History.open() as history:
        (ana,) = (person for person in history.profiles() if person.name == "Ana")
        rows = history.rows(RowQuery(ana.id), 0, 10)
        assert {row.id for row in rows} == set(ids)
        assert {row.conditions.note for row in rows} == {"barefoot"}
        assert all(row.has_picture for row in rows)


def test_the_text_names_the_number(photo: Path, answers: list[Request]) -> None:
    result = beltline("measure", photo, "--save")
    assert "Kept in the history as check 1." in result.stdout
    assert len(answers) == 1


def test_a_refused_photograph_is_not_kept(
    tmp_path: Path, photo: Path, answers: list[Request]
) -> None:
    front = photo.rename(tmp_path / "front.jpg")
    (line,) = json_lines(beltline("measure", front, "--save", "--json"))
    assert line["check_id"] is None
    with History.open() as history:
        assert history.count(RowQuery(None)) == 0
    assert len(answers) == 1


def test_without_save_nothing_is_written(
    photo: Path, answers: list[Request], data_folder: Path
) -> None:
    beltline("measure", photo)
    assert not data_folder.exists()
    assert len(answers) == 1


def test_a_note_needs_save(photo: Path, answers: list[Request]) -> None:
    assert "--save" in complaint(beltline("measure", photo, "--note", "barefoot"))
    assert answers == []


def test_a_history_that_cannot_be_opened_costs_no_answer(
    photo: Path, answers: list[Request], data_folder: Path
) -> None:
    (data_folder / "beltline").mkdir(parents=True)
    (data_folder / "beltline" / "history.sqlite3").write_bytes(b"something else" * 100)
    result = beltline("measure", photo, "--save", "--json")
    assert result.exit_code == Status.FAILED
    (line,) = json_lines(result)
    assert line["status"] == "measured"
    assert line["check_id"] is None
    assert line["reasons"][-1]["code"] == "not_kept"
    assert "was measured but not kept" in result.stderr
    assert len(answers) == 1


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_fault_in_keeping_costs_no_answer(
    photo: Path,
    answers: list[Request],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    options: tuple[str, ...],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(History, "save", fail)
    result = beltline("measure", photo, photo, "--save", *options)
    assert result.exit_code == Status.FAILED
    assert result.stderr.count("was measured but not kept") == 2
    assert "ZeroDivisionError" in caplog.text
    assert len(answers) == 2
    if not options:
        assert result.stdout.count("Estimated forward tilt") == 2
        return
    for line in json_lines(result):
        assert line["status"] == "measured"
        assert line["tilt"] is not None
        assert line["check_id"] is None
        assert line["reasons"][-1]["code"] == "not_kept"


def test_a_fault_in_reading_the_calibration_costs_no_answer(
    photo: Path,
    answers: list[Request],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.history.calibration.calibration_of", fail)
    with History.open() as history:
        history.add_profile("Ana")
    result = beltline("measure", photo, "--profile", "Ana", "--json")
    assert result.exit_code == Status.FAILED
    assert "so none was used" in result.stderr
    assert "ZeroDivisionError" in caplog.text
    assert json_lines(result)[0]["status"] == "measured"
    assert len(answers) == 1
