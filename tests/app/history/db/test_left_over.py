"""What lies beside the database and belongs to none of its rows."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.history.db.left_over import ASIDE_DAYS
from app.history.errors import (
    BegunAnew,
    CorruptHistory,
    EmptiedHistory,
    LogSetAside,
    PicturesSetAside,
)
from app.history.place import exists
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import new_check, open_for_days, picture

if TYPE_CHECKING:
    from app.history.place import Place

EVERYBODY = RowQuery(None)
CLONE = Path(__file__).parents[4]


def pictures_of(place: Place) -> list[Path]:
    return sorted(path for path in place.pictures.rglob("*") if path.is_file())


def save(history: History, days: range) -> None:
    me = history.default_profile().id
    for day in days:
        history.save(new_check(me, day=day, rgb=picture()))


@pytest.fixture
def swapped(file_place: Place, tmp_path: Path) -> Place:
    """An older copy of the database with two pictures, where one with five was: that is aside."""
    with History.open(file_place) as history:
        save(history, range(2))
    shutil.copy(file_place.database, tmp_path / "older")
    with History.open(file_place) as history:
        save(history, range(2, 5))
    shutil.copy(file_place.database, tmp_path / "newer")
    shutil.copy(tmp_path / "older", file_place.database)
    return file_place


def test_an_older_copy_in_its_place_costs_no_picture(swapped: Place, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in pictures_of(swapped)}
    for is_first in (True, False):
        with History.open(swapped) as history:
            assert history.count(EVERYBODY) == 2
            assert all(exists(history.check(number).picture) for number in (1, 2))
            told = history.take_told()
            assert [type(one) for one in told] == [PicturesSetAside] * is_first
            if is_first:
                assert "3 pictures belong to no check of this history" in told[0].message
            save(history, range(5, 6))
            history.purge(history.delete([3 if is_first else 4]))
    assert {path.name: path.read_bytes() for path in pictures_of(swapped)} == before
    shutil.copy(tmp_path / "newer", swapped.database)
    with History.open(swapped) as history:
        assert history.take_told() == []
        assert all(exists(history.check(row.id).picture) for row in history.rows(EVERYBODY, 0, 9))
        assert history.count(EVERYBODY) == 5
    assert {path.name: path.read_bytes() for path in pictures_of(swapped)} == before
    assert not list(swapped.pictures.rglob("set_aside"))


def test_what_was_set_aside_goes_much_later(
    swapped: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_for_days(swapped, monkeypatch, ASIDE_DAYS - 1)
    assert len(pictures_of(swapped)) == 10
    open_for_days(swapped, monkeypatch, 1, first_day=ASIDE_DAYS)
    assert len(pictures_of(swapped)) == 4


def test_what_was_set_aside_goes_with_everything(swapped: Place) -> None:
    begun = swapped.folder / "history.part"  # by a program that was killed while it went back
    begun.touch()
    with History.open(swapped) as history:
        history.delete_everything()
        assert len(pictures_of(swapped)) == 10
        history.purge()
        assert pictures_of(swapped) == []
    assert not begun.exists()


def test_what_a_killed_deletion_left_is_deleted_and_not_set_aside(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(place) as history:
        save(history, range(3))
        with monkeypatch.context() as patch:  # as if killed between the rows and their pictures
            patch.setattr("app.history.place.PictureFiles.remove", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                history.purge(history.delete([1, 2]))
        assert len(list(place.pictures.glob("*/*.jpg"))) == 6
    with History.open(place) as history:
        assert history.take_told() == []
        assert len(pictures_of(place)) == 2
        assert exists(history.check(3).picture)


def test_a_deletion_that_did_not_come_to_it_leaves_no_list(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(place) as history:
        save(history, range(1))
        deletion = history.delete([1])
        with monkeypatch.context() as patch:
            patch.setattr("app.history.db.open.count_change", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                history.purge(deletion)
        assert len(pictures_of(place)) == 2
        history.restore(deletion)
    with History.open(place) as history:
        assert exists(history.check(1).picture)


def test_what_killed_programs_were_writing_goes(file_place: Place) -> None:
    History.open(file_place).close()
    file_place.backups.mkdir()
    parts = [
        file_place.backups / "history-0003-20260101-000000-000000.part",
        file_place.backups / "history-0003-20260101-000000-000000.part-journal",
        file_place.backups / "daily-2026-01-01-01234567.part-wal",
        file_place.backups / "daily-2026-01-01-01234567.part-shm",
        file_place.folder / ".private-0123456789abcdef.part",
    ]
    of_the_reminder = file_place.folder / ".0123456789abcdef.part"
    for part in (*parts, of_the_reminder):
        part.touch()
    with History.open(file_place):
        assert of_the_reminder.exists()
        assert not any(part.exists() for part in parts)
        for part in parts:  # another program may be writing these
            part.touch()
        History.open(file_place).close()
        assert all(part.exists() for part in parts)
    with History.open(file_place) as history:
        parts[0].touch()
        history.purge()
        assert not parts[0].exists()


SAVE_AND_END = """
import os, sys
from pathlib import Path
from app.history.place import Place
from app.history.store import History
from tests.app.history.made_up import new_check
history = History.open(Place(Path(sys.argv[1])))
for day in range(3):
    history.save(new_check(1, day=day))
os._exit(9)
"""


def killed(place: Place) -> None:
    """Save three checks by a program that ends with them in the log."""
    command = [sys.executable, "-c", SAVE_AND_END, str(place.folder)]
    assert subprocess.run(command, check=False, cwd=CLONE).returncode == 9
    assert place.database.with_name("history.sqlite3-wal").stat().st_size > 0


def test_the_log_of_a_newer_file_is_not_taken_into_an_older_one(
    file_place: Place, tmp_path: Path
) -> None:
    with History.open(file_place) as history:
        for day in range(20):
            history.save(new_check(history.default_profile().id, day=day, note="old"))
    shutil.copy(file_place.database, tmp_path / "older")
    with History.open(file_place) as history:
        for day in range(20):
            history.save(new_check(1, day=day, note="new " * 500))
        history.purge(history.delete(list(range(1, 15))))
    killed(file_place)
    shutil.copy(tmp_path / "older", file_place.database)
    for is_first in (True, False):
        with History.open(file_place) as history:
            assert [type(one) for one in history.take_told()] == [LogSetAside] * is_first
            rows = history.rows(EVERYBODY, 0, 99)
            assert [row.conditions.note for row in rows] == ["old"] * 20
            history.check(rows[0].id)
    with closing(sqlite3.connect(file_place.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    aside = file_place.database.with_name("history.sqlite3-wal.set_aside")
    assert aside.stat().st_size > 0
    with History.open(file_place) as history:
        history.purge()
    assert not aside.exists()


def test_the_log_of_a_killed_program_is_taken_in(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.default_profile()
    killed(file_place)
    with History.open(file_place) as history:
        assert history.take_told() == []
        assert history.count(EVERYBODY) == 3


@pytest.mark.parametrize("beside", ["pictures/some/one.jpg", "backups/history-0003-x.sqlite3"])
def test_an_empty_file_where_a_history_was_is_left_as_it_is(file_place: Place, beside: str) -> None:
    file_place.folder.mkdir()
    file_place.database.touch()
    path = file_place.folder / beside
    path.parent.mkdir(parents=True)
    path.touch()
    with pytest.raises(EmptiedHistory, match="is an empty file") as caught:
        History.open(file_place)
    assert isinstance(caught.value, CorruptHistory)
    assert file_place.database.stat().st_size == 0
    assert path.exists()


def test_an_empty_file_alone_is_begun_anew_with_a_word(file_place: Place) -> None:
    file_place.folder.mkdir()
    file_place.database.touch()
    with History.open(file_place) as history:
        assert [type(one) for one in history.take_told()] == [BegunAnew]
        save(history, range(1))
    with History.open(file_place) as history:
        assert history.take_told() == []
        assert history.count(EVERYBODY) == 1
