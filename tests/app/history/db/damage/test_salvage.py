"""What can be read of a damaged file is saved, with its numbers, pictures and bin."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.history.db.damage.copies import use_file
from app.history.db.damage.salvage import salvage
from app.history.diary import Pain
from app.history.errors import FileIsThere, NothingToSave
from app.history.place import Place, exists
from app.history.records import LostRow, RowKind, RowQuery
from app.history.store import History
from tests.app.history.db.damage.broken import break_page, run
from tests.app.history.made_up import WHEN, assert_same, measured, new_check, new_squeeze, picture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def filled(file_place: Place) -> Place:
    """Six checks of two people, one with a picture, one in the bin; a squeeze test, an entry."""
    with History.open(file_place) as history:
        me, ana = history.default_profile(), history.add_profile("Ana")
        for day in range(6):
            rgb = picture() if day == 2 else None
            new = new_check((me, ana)[day % 2].id, measured(day + 1.5), day=day, rgb=rgb)
            history.save(new)
        history.save_squeeze(new_squeeze(me.id))
        history.note(me.id, WHEN, Pain("glute_bridge"))
        history.delete([5])
    return file_place


def use(place: Place) -> None:
    """Go on with what was saved."""
    use_file(place, salvage(place).path)


def test_a_whole_file_is_saved_whole(filled: Place) -> None:
    before = filled.database.read_bytes()
    saved = salvage(filled)
    assert (saved.checks, saved.squeezes, saved.entries) == (6, 1, 1)
    assert saved.lost == ()
    assert filled.database.read_bytes() == before
    names = {"history.sqlite3", "pictures", saved.path.name}
    assert names <= {path.name for path in filled.folder.iterdir()}
    use(filled)
    with History.open(filled) as history:
        assert [person.name for person in history.profiles()] == ["Me", "Ana"]
        assert [row.id for row in history.rows(RowQuery(None), 0, 9)] == [6, 4, 3, 2, 1]
        assert exists(history.check(3).picture)
        assert_same(history.check(6).result, measured(6.5))
        (deletion,) = history.deletions()
        history.restore(deletion.name)
        assert history.check(5).row.tilt.angle_deg == 5.5
        assert history.save(new_check(1)).row.id == 7


@pytest.mark.parametrize(
    "table", ["checks", "details", "profiles", "about", "sqlite_master", "page size"]
)
def test_a_broken_way_down_hides_nothing(file_place: Place, table: str, tmp_path: Path) -> None:
    with History.open(file_place) as history:
        me = history.default_profile()
        for day in range(40):
            history.save(new_check(me.id, measured(float(day)), day=day))
    if table in ("sqlite_master", "page size"):
        data = bytearray(file_place.database.read_bytes())
        start, count = (100, 40) if table == "sqlite_master" else (16, 1)
        data[start : start + count] = b"@" * count
        file_place.database.write_bytes(data)
    else:
        break_page(file_place, table)
    saved = salvage(file_place)
    lost = 0 if table != "details" else saved.checks
    # With so few rows, profiles and what the database says of itself are one page each.
    assert saved.checks == 40, lost
    use(file_place)
    with History.open(file_place) as history:
        assert history.count(RowQuery(None)) == 40
        assert history.harm() is None
        assert len(history.profiles()) == 1


def test_what_is_lost_is_told(filled: Place) -> None:
    run(filled, "UPDATE details SET facing = 'down' WHERE check_id = 2")
    run(filled, "DELETE FROM checks WHERE id = 4")
    run(filled, "UPDATE squeezes SET rounds = 'x'")
    saved = salvage(filled)
    assert saved.checks == 4
    (first, second, third) = saved.lost
    assert first.id == 2
    assert first.tilt is not None
    assert first.tilt.angle_deg == 2.5
    assert first.taken_at == WHEN + timedelta(days=1)
    assert second == LostRow(RowKind.CHECK, 4)
    assert third == LostRow(RowKind.SQUEEZE, 1)


def test_earlier_copies_fill_in_what_is_lost(filled: Place) -> None:
    with History.open(filled) as history:
        history.keep_daily_copy()
    run(filled, "UPDATE details SET facing = 'down' WHERE check_id = 2")
    run(filled, "UPDATE details SET landmarks = '{' WHERE check_id = 3")
    saved = salvage(filled)
    assert (saved.checks, saved.from_copies, saved.lost) == (6, 2, ())
    use(filled)
    with History.open(filled) as history:
        assert history.check(2).result.landmarks
        assert history.check(3).result.landmarks
        assert exists(history.check(3).picture)


def test_parts_that_are_nowhere_cost_themselves(filled: Place) -> None:
    run(filled, "UPDATE details SET landmarks = '{' WHERE check_id = 3")
    saved = salvage(filled)
    assert saved.checks == 6
    assert saved.lost == (LostRow(RowKind.PART, 3),)


def test_people_who_are_gone_have_somebody_stand_for_them(filled: Place) -> None:
    run(filled, "DELETE FROM profiles WHERE name = 'Ana'")
    use(filled)
    with History.open(filled) as history:
        assert [person.name for person in history.profiles()] == ["Me", "Person 2"]
        assert history.count(RowQuery(2)) == 3


def test_the_log_of_a_killed_program_is_read(filled: Place) -> None:
    raw = sqlite3.connect(filled.database)
    raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute("UPDATE checks SET note = 'of the log' WHERE id = 1")
    raw.commit()
    kept = {end: filled.database.with_name(f"history.sqlite3{end}") for end in ("", "-wal")}
    data = {end: path.read_bytes() for end, path in kept.items()}
    raw.close()
    for end, path in kept.items():
        path.write_bytes(data[end])
    use(filled)
    with History.open(filled) as history:
        assert history.check(1).row.conditions.note == "of the log"


def test_nothing_is_replaced(filled: Place, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    with pytest.raises(FileIsThere):
        salvage(filled, there)
    with pytest.raises(NothingToSave):
        salvage(Place(tmp_path / "nowhere"))
    shutil.rmtree(filled.pictures)
    assert salvage(filled).checks == 6
    with closing(sqlite3.connect(filled.database)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
