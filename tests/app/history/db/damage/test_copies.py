"""A copy of each day that changed something, and the way back to one."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest

from app.history.db import engine
from app.history.db.damage import copies
from app.history.db.damage.copies import CopyBeside, use_file
from app.history.db.damage.find import damage_in
from app.history.errors import CopyNotFound, CorruptHistory, LockedHistory, UnusableCopy
from app.history.exchange.daily import KEPT_DAYS, daily_copies, find_copy
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.db.damage.broken import break_index, break_page, run
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MORNING = datetime(2026, 5, 30, 8).astimezone()


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the calendar to a day of this test's own."""

    def turn(day: int) -> None:
        for module in (copies, engine):
            monkeypatch.setattr(module, "now", lambda: _MORNING + timedelta(days=day))

    turn(0)
    return turn


def save(place: Place) -> None:
    """Keep one more check, as a program does that is started for it."""
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id))


def count(place: Place) -> int:
    with History.open(place) as history:
        return history.count(RowQuery(None))


def days(place: Place) -> list[int]:
    return [(copy.day - _MORNING.date()).days for copy in daily_copies(place)]


def test_a_day_that_changes_something_has_a_copy_of_the_one_before(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    assert days(file_place) == []  # there was nothing to lose
    on_day(1)
    assert count(file_place) == 1
    assert days(file_place) == []  # looking changes nothing
    save(file_place)
    save(file_place)
    (copy,) = daily_copies(file_place)
    assert days(file_place) == [1]
    assert not copy.is_flawed
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert damage_in(copy.path, is_thorough=True) is None
    with closing(sqlite3.connect(copy.path)) as raw:
        assert raw.execute("SELECT count(*) FROM checks").fetchone() == (1,)
    assert [path.name for path in file_place.backups.iterdir()] == [copy.path.name]


def test_the_last_seven_days_are_kept(file_place: Place, on_day: Callable[[int], None]) -> None:
    for day in range(KEPT_DAYS + 4):
        on_day(2 * day)
        save(file_place)
    assert days(file_place) == [20, 18, 16, 14, 12, 10, 8]


def test_nothing_new_makes_no_copy(file_place: Place, on_day: Callable[[int], None]) -> None:
    save(file_place)
    for day in (1, 2, 3):
        on_day(day)
        with History.open(file_place) as history:
            history.keep_daily_copy()
    assert days(file_place) == [1]


def test_a_window_that_stays_open_has_a_copy_each_day(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    with History.open(file_place) as history:
        for day in (1, 2, 3):
            on_day(day)
            history.save(new_check(1))
    assert days(file_place) == [3, 2, 1]


def test_a_file_that_nothing_changes_is_looked_through_once_a_week(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    with History.open(file_place) as history:
        history.keep_daily_copy()
    (copy,) = daily_copies(file_place)
    os.utime(copy.path, (_MORNING.timestamp(),) * 2)
    break_index(file_place)
    on_day(6)
    with History.open(file_place) as history:
        history.keep_daily_copy()
    on_day(8)
    with History.open(file_place) as history, pytest.raises(CorruptHistory):
        history.keep_daily_copy()


def test_a_clock_that_was_ahead_makes_no_copy_too_many(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    on_day(500)
    save(file_place)
    on_day(1)
    save(file_place)
    assert days(file_place) == [500]


def test_copies_with_rows_that_make_no_sense_push_out_no_others(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    on_day(1)
    save(file_place)
    run(file_place, "UPDATE details SET landmarks = '{' WHERE check_id = 1")
    for day in range(2, 12):
        on_day(day)
        save(file_place)
    assert days(file_place) == [11, 10, 9, 8, 7, 6, 5, 1]
    assert [copy.is_flawed for copy in daily_copies(file_place)] == [True] * 7 + [False]


def test_a_damaged_file_takes_no_copys_place(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    on_day(1)
    save(file_place)
    break_index(file_place)
    before = file_place.database.read_bytes()
    on_day(2)
    with History.open(file_place) as history, pytest.raises(CorruptHistory):
        history.keep_daily_copy()
    assert days(file_place) == [1]
    assert file_place.database.read_bytes() == before


def test_a_copy_that_fails_keeps_nobody_from_saving(
    file_place: Place,
    on_day: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(source: object, target: Path, pause: object) -> None:
        del source, pause
        target.write_bytes(b"half")
        raise OSError(28, os.strerror(28))

    save(file_place)
    on_day(1)
    monkeypatch.setattr(copies, "copy_database", fail)
    save(file_place)
    assert count(file_place) == 2
    assert list(file_place.backups.iterdir()) == []
    assert "could not be made" in caplog.text
    caplog.clear()


def test_a_full_disk_is_left_alone(
    file_place: Place,
    on_day: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    save(file_place)
    on_day(1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Full())
    with caplog.at_level(logging.CRITICAL):
        save(file_place)
    assert days(file_place) == []


class _Full:
    free = 1 << 20


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Take every file for a large one, and keep its copy waiting until this is set."""
    go = Event()

    def pause(copy: CopyBeside, *pages: int) -> None:
        del pages
        while not go.wait(0.01):
            if copy._is_given_up.is_set():
                raise copies._GivenUp

    monkeypatch.setattr(copies, "SMALL_BYTES", 0)
    monkeypatch.setattr(copies, "_LATER_S", 0.0)
    monkeypatch.setattr(copies, "_PAGES", 4)
    monkeypatch.setattr(CopyBeside, "_pause", pause)
    yield go
    go.set()


def test_a_large_file_is_copied_as_it_was_while_things_are_saved(
    file_place: Place, on_day: Callable[[int], None], held: Event
) -> None:
    save(file_place)
    on_day(1)
    with History.open(file_place) as history:
        for day in range(3):
            history.save(new_check(1, day=day))
        assert history.count(RowQuery(None)) == 4
        assert days(file_place) == []
        held.set()
    (copy,) = daily_copies(file_place)  # closing has waited for it
    with closing(sqlite3.connect(copy.path)) as raw:
        assert raw.execute("SELECT count(*) FROM checks").fetchone() == (1,)
    assert [path.name for path in file_place.backups.iterdir()] == [copy.path.name]


def test_a_copy_that_is_given_up_leaves_nothing_and_is_made_next_time(
    file_place: Place, on_day: Callable[[int], None], held: Event
) -> None:
    save(file_place)
    on_day(1)
    with History.open(file_place) as history:
        history.save(new_check(1))
        history.give_up_copy()
        history.keep_daily_copy()  # nobody waits for it
    assert list(file_place.backups.iterdir()) == []
    held.set()
    save(file_place)
    assert days(file_place) == [1]


def test_what_is_deleted_for_good_is_not_in_a_copy_that_was_being_made(
    file_place: Place, on_day: Callable[[int], None], held: Event
) -> None:
    save(file_place)
    on_day(1)
    with History.open(file_place) as history:
        history.purge(history.delete([1]))
        held.set()
    assert list(file_place.backups.iterdir()) == []


def test_damage_that_is_found_beside_keeps_the_next_from_being_written(
    file_place: Place, on_day: Callable[[int], None], held: Event
) -> None:
    save(file_place)
    break_index(file_place)
    on_day(1)
    with History.open(file_place) as history:
        history.add_profile("Ada")
        held.set()
        with pytest.raises(CorruptHistory):
            history.keep_daily_copy()
        with pytest.raises(CorruptHistory):
            history.save(new_check(1))
    assert days(file_place) == []


def test_a_program_that_is_killed_meanwhile_loses_nothing(
    file_place: Place, on_day: Callable[[int], None], held: Event
) -> None:
    save(file_place)
    on_day(1)
    child = os.fork()
    if child == 0:  # pragma: no cover - another program
        History.open(file_place).save(new_check(1))
        while not list(file_place.backups.glob("*.part")):
            pass
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert days(file_place) == []
    (part,) = file_place.backups.glob("*.part")
    os.utime(part, (_MORNING.timestamp() - 2 * 24 * 3600,) * 2)
    held.set()
    save(file_place)
    assert count(file_place) == 3
    assert days(file_place) == [1]
    assert not part.exists()


def test_days_that_do_not_agree_are_noticed_once_a_day(
    file_place: Place, on_day: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    save(file_place)
    on_day(1)
    with History.open(file_place) as history:
        run(file_place, "UPDATE days SET angle_deg = angle_deg + 1")
        history.save(new_check(1))
    assert "did not agree" in caplog.text
    with closing(sqlite3.connect(file_place.database)) as raw:
        assert raw.execute("SELECT days_rule FROM about").fetchone() == ("",)
    assert count(file_place) == 2
    with closing(sqlite3.connect(file_place.database)) as raw:
        assert raw.execute("SELECT days_rule FROM about").fetchone() != ("",)
        sums = raw.execute("SELECT sum(angle_deg) FROM days").fetchone()
        assert sums == raw.execute("SELECT sum(angle_deg) FROM checks").fetchone()


def test_deleting_for_good_leaves_no_copies(
    file_place: Place, on_day: Callable[[int], None]
) -> None:
    save(file_place)
    on_day(1)
    with History.open(file_place) as history:
        name = history.delete([1])
        assert days(file_place) == [1]
        history.purge(name)
    assert days(file_place) == []


def test_the_way_back(file_place: Place, on_day: Callable[[int], None]) -> None:
    save(file_place)
    on_day(1)
    save(file_place)
    copy = find_copy(file_place, "2026-05-31")
    aside = use_file(file_place, copy.path)
    assert count(file_place) == 1
    assert copy.path.exists()
    assert aside is not None
    assert use_file(file_place, aside) is not None
    assert count(file_place) == 2
    with pytest.raises(CopyNotFound):
        find_copy(file_place, "2026-06-01")


def test_nothing_is_swapped_under_another_program(
    file_place: Place, on_day: Callable[[int], None], tmp_path: Path
) -> None:
    save(file_place)
    shutil.copy(file_place.database, tmp_path / "copy.sqlite3")
    child = os.fork()
    if child == 0:  # pragma: no cover - another program
        try:
            use_file(file_place, tmp_path / "copy.sqlite3")
        except LockedHistory:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with History.open(file_place):
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                use_file(file_place, tmp_path / "copy.sqlite3")
            except LockedHistory:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert count(file_place) == 1


def test_a_damaged_copy_is_refused(file_place: Place, tmp_path: Path) -> None:
    save(file_place)
    other = Place(tmp_path / "other")
    save(other)
    break_page(other, "details")
    before = file_place.database.read_bytes()
    with pytest.raises(UnusableCopy):
        use_file(file_place, other.database)
    assert file_place.database.read_bytes() == before
