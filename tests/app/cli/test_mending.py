"""`beltline history salvage|copies|use-copy`, and what other commands say of a damaged history."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.history.place import Place, usual_place
from app.history.store import History
from app.system.shell import Status
from tests.app.cli.runner import beltline, complaint, json_lines
from tests.app.history.db.damage.broken import break_page, run
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Four checks of one person."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    with History.open() as history:
        for day in range(4):
            history.save(new_check(history.default_profile().id, day=day))
    return usual_place()


def test_a_damaged_history_is_saved_and_gone_on_with(place: Place) -> None:
    break_page(place, "about")
    before = place.database.read_bytes()
    listed = beltline("history", "list")
    assert listed.exit_code == Status.FAILED
    assert "beltline history salvage" in listed.stderr
    saved = beltline("history", "salvage")
    assert saved.exit_code == 0
    assert "4 checks" in saved.stdout
    assert "Nothing was lost of which there is any trace." in saved.stdout
    assert place.database.read_bytes() == before
    (path,) = place.folder.glob("history-saved-*.sqlite3")
    assert f"beltline history use-copy '{path}'" in saved.stdout
    used = beltline("history", "use-copy", path)
    assert used.exit_code == 0
    (aside,) = place.folder.glob("history-before-*.sqlite3")
    assert aside.read_bytes() == before
    assert str(aside) in used.stdout
    assert len(json_lines(beltline("history", "list", "--json"))) == 4


def test_damage_is_told_in_one_sentence(place: Place) -> None:
    break_page(place, "about")
    command = [sys.executable, "-m", "app", "history", "list"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == Status.FAILED
    assert len(done.stderr.splitlines()) == 1, "and none of it in SQLite's words"


def test_what_is_left_out_is_named_and_all_else_done(place: Place, tmp_path: Path) -> None:
    run(place, "UPDATE checks SET method = 'guessed' WHERE id = 2")
    run(place, "UPDATE details SET facing = 'up' WHERE check_id = 3")
    listed = beltline("history", "list", "--json")
    assert listed.exit_code == Status.FAILED
    assert [line["id"] for line in json_lines(listed)] == [1, 3, 4]
    assert "cannot be read: check 2." in listed.stderr
    exported = beltline("history", "export", "--out", tmp_path / "a.json")
    assert exported.exit_code == Status.FAILED
    assert "2 checks" in exported.stdout
    assert "cannot be read: check 2, check 3." in exported.stderr
    assert beltline("history", "trend").exit_code == Status.FAILED
    shown = beltline("history", "show", "3")
    assert shown.exit_code == Status.FAILED
    assert "Check number 3 is damaged" in shown.stderr
    report = beltline("report", "--out", tmp_path / "a.pdf")
    assert report.exit_code == Status.FAILED
    assert (tmp_path / "a.pdf").stat().st_size > 1000
    assert beltline("history", "delete", "2", "3", "--yes").exit_code == Status.FAILED
    assert beltline("history", "list").exit_code == 0


def test_lost_checks_are_told_with_what_was_known_of_them(place: Place, tmp_path: Path) -> None:
    run(place, "UPDATE details SET facing = 'up' WHERE check_id = 3")
    run(place, "DELETE FROM checks WHERE id = 4")
    out = tmp_path / "saved.sqlite3"
    said = beltline("history", "salvage", "--out", out).stdout
    assert out.is_file()
    assert "2 checks" in said
    (lost,) = (line for line in said.splitlines() if line.startswith("Lost: "))
    assert lost == "Lost: check 3 of 2026-03-03, 12° forward (4 to 21); check 4."
    assert "There is a file" in complaint(beltline("history", "salvage", "--out", out))


def test_copies_are_listed_and_used(place: Place) -> None:
    assert "no copy yet" in beltline("history", "copies").stdout
    with History.open() as history:
        history.keep_daily_copy()
        history.purge()  # takes the copies along
        assert "no copy yet" in beltline("history", "copies").stdout
    with History.open() as history:
        history.save(new_check(1, day=9))
    today = date.today().isoformat()
    assert beltline("history", "copies").stdout.startswith(today)
    assert beltline("history", "use-copy", today).exit_code == 0
    assert len(json_lines(beltline("history", "list", "--json"))) == 4


def test_no_such_copy(place: Place, tmp_path: Path) -> None:
    assert "no copy" in complaint(beltline("history", "use-copy", "2020-01-01"))
    other = tmp_path / "other.sqlite3"
    other.write_text("nothing")
    assert "was changed" in complaint(beltline("history", "use-copy", other))
    shutil.rmtree(place.folder)
    place.folder.mkdir()
    assert "nothing to save" in complaint(beltline("history", "salvage"))


def test_a_server_is_its_keepers_to_look_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTLINE_DATABASE_URL", "postgresql://localhost/none")
    for command in (("salvage",), ("copies",), ("use-copy", "2020-01-01")):
        result = beltline("history", *command)
        assert result.exit_code == Status.FAILED
        assert "on a server" in result.stderr
