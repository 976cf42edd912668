"""Copies of the database file: one of each day that changed it, and the way back to one.

A copy holds what was there before the first thing of a day was written, and is made by SQLite's
own backup call. Of a small file, which is nearly everybody's, that takes no time and is done
first. A large one is copied beside, while things are written already: a transaction that only
reads, begun before them, sees the file as it was. The copy is looked through before it counts;
that is the thorough look at the history itself, too, for damage is copied with the rest. The last
seven days are kept; copies that hold rows without sense are counted apart, so that they never
push out those from before the fault. 100,000 checks take some seconds beside everything else.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from app.history.db.damage.find import (
    SMALL_BYTES,
    damage_in,
    find_damage,
    has_flaws,
    mark,
    open_for_reading,
    unmark,
)
from app.history.errors import (
    CorruptHistory,
    LockedHistory,
    UnusableCopy,
    of_disk,
)
from app.history.exchange.daily import KEPT_DAYS, copy_path, daily_copies
from app.history.place import make_private_file, make_private_folder, sync_folder
from app.history.values import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.history.place import Place

_log = logging.getLogger(__name__)
#: More room than the copy itself takes is left on the disk.
_ROOM_BYTES = 64 << 20
_DAY_S = 24 * 3600
_WEEK_S = 7 * _DAY_S
#: Whoever writes first on a day has the disk for himself; only then is a large file copied.
_LATER_S = 2.0
#: So many pages are copied at a time (8 MB), and then others have the disk for a moment.
_PAGES, _PAUSE_S = 2048, 0.002
#: How often somebody who waits for a copy looks whether it was given up.
_LOOK_S = 0.1
#: Where SQLite's connections hold a file with a log (fcntl; sqlite.org, os.h, SHARED_FIRST).
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510


def remove_copies(place: Place, *, and_set_aside: bool = False) -> None:
    """Remove all copies: they hold what is to be gone for good.

    Parameters
    ----------
    and_set_aside
        Whether files whose place another one took go as well, and what was saved of them.
    """
    going = [copy.path for copy in daily_copies(place)]
    if and_set_aside:
        for kind in ("before", "saved"):
            going += place.folder.glob(f"history-{kind}-*.sqlite3*")
    for path in going:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise of_disk(error, path) from None


class _GivenUp(Exception):
    """Ends a copy that nobody wants any more."""


class CopyBeside:
    """Today's copy, if today has none yet and something has changed since the last one.

    The file is copied as it is when this is made, whatever is written to it meanwhile. A copy
    that cannot be made is told in the log alone: it must not keep anybody from saving.

    Parameters
    ----------
    place
        Where the file lies.
    look_further
        Called once the copy is there, for what else is to be looked at once a day.

    Attributes
    ----------
    is_short
        Whether it takes no time, so that it is waited for before anything is written.
    """

    def __init__(self, place: Place, look_further: Callable[[], object] = lambda: None) -> None:
        self._place, self._look_further = place, look_further
        self._today = now().date()
        # A name of its own: another program may be about the same.
        name = f"daily-{self._today.isoformat()}-{secrets.token_hex(4)}.part"
        self._part = place.backups / name
        self._guard, self._is_given_up = Lock(), Event()
        self._error: CorruptHistory | None = None
        self._source: sqlite3.Connection | None = None
        self.is_short = True
        work = self._work_to_do()
        # A program that ends without having waited, as after a crash, is not kept by it.
        self._thread = Thread(target=self._run, args=[work], name="daily copy", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until it is there or given up.

        Raises
        ------
        CorruptHistory
            If the file was found damaged; nothing is to be written to it then.
        """
        while self._thread.is_alive() and not self._is_given_up.is_set():
            self._thread.join(_LOOK_S)
        if self._error is not None:
            raise self._error

    def give_up(self) -> None:
        """Leave nothing of a copy that is not there yet; the next program makes one."""
        with self._guard:
            self._is_given_up.set()
            with suppress(OSError):  # else the thread itself, or another day's copy, removes it
                self._part.unlink(missing_ok=True)
        self._thread.join(_LOOK_S)

    def _work_to_do(self) -> Callable[[], object]:
        """Begin to read, so that what is written from now on is not in the copy."""
        known = daily_copies(self._place)
        # A later day is a clock that was wrong; then too, one copy a day is enough.
        if known and known[0].day >= self._today:
            return lambda: None
        try:
            self.is_short = self._place.database.stat().st_size <= SMALL_BYTES
            source = self._source = open_for_reading(self._place.database)
            source.execute("BEGIN")
            changes = _changes_in(source)
            if not changes:
                return lambda: None
            if known:
                with closing(open_for_reading(known[0].path)) as newest:
                    if _changes_in(newest) == changes:
                        return lambda: _look_weekly(self._place, known[0].path)
        except Exception:  # a copy less is better than a check less
            _log.exception("A daily copy of the history could not be made")
            return lambda: None
        return lambda: self._copy(source)

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except CorruptHistory as error:
            self._error = error
        except _GivenUp:
            pass
        except Exception:
            _log.exception("A daily copy of the history could not be made")
        finally:
            self._let_go()
            with suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _copy(self, source: sqlite3.Connection) -> None:
        place = self._place
        if shutil.disk_usage(place.folder).free < place.database.stat().st_size + _ROOM_BYTES:
            _log.info("There is no room for a daily copy of the history")
            return
        if not self.is_short:
            self._is_given_up.wait(_LATER_S)
        make_private_folder(place.backups)
        copy_database(source, self._part, self._pause)
        self._let_go()
        found = damage_in(self._part, is_thorough=True)
        if found is None:
            is_flawed = has_flaws(self._part)
            self._put(copy_path(place, self._today, is_flawed=is_flawed))
            if not is_flawed:
                self._look_further()
        elif find_damage(place, is_thorough=True) is not None:
            _log.info("The history is damaged: %s", found)
            mark(place)
            raise CorruptHistory(place.database)

    def _pause(self, *pages: int) -> None:
        del pages
        if self._is_given_up.is_set():
            raise _GivenUp
        if not self.is_short:
            time.sleep(_PAUSE_S)

    def _put(self, path: Path) -> None:
        """Put the copy in its place, unless it was given up meanwhile."""
        with self._guard:
            if self._is_given_up.is_set():
                raise _GivenUp
            self._part.replace(path)
        sync_folder(self._place.backups)
        _forget_old(self._place)

    def _let_go(self) -> None:
        """End the reading, for the log cannot be brought in as long as it lasts."""
        source, self._source = self._source, None
        if source is not None:
            source.close()


def _look_weekly(place: Place, newest: Path) -> None:
    """Look through a file that nothing changes, and that is therefore not copied either."""
    if now().timestamp() - newest.stat().st_mtime < _WEEK_S:
        return
    if find_damage(place, is_thorough=True) is not None:
        mark(place)
        raise CorruptHistory(place.database)
    os.utime(newest)


def copy_database(
    source: sqlite3.Connection | Path,
    target: Path,
    pause: Callable[[int, int, int], None] | None = None,
) -> None:
    """Copy a database file with what its log holds into a new file without a log.

    Parameters
    ----------
    source
        The file, or a connection to it; one that has begun to read copies what it sees.
    pause
        Called every few pages; what it raises ends the copy.

    Raises
    ------
    sqlite3.Error, HistoryError
        If that fails; what there is of the copy stays.
    """
    if not isinstance(source, sqlite3.Connection):
        with closing(open_for_reading(source)) as opened:
            copy_database(opened, target, pause)
        return
    make_private_file(target)
    with closing(sqlite3.connect(target)) as new:
        source.backup(new, pages=-1 if pause is None else _PAGES, progress=pause)
        new.execute("PRAGMA journal_mode=DELETE")


def use_file(place: Place, path: Path) -> Path | None:
    """Put a copy of a database file in the history's place; nothing is deleted.

    Parameters
    ----------
    path
        A copy of some day, or what was saved of a damaged file. It stays where it is.

    Returns
    -------
    Path or None
        Where the file that was in that place is now; None where there was none.

    Raises
    ------
    UnusableCopy
        If it is damaged itself.
    LockedHistory
        If another program has the history open.
    HistoryError
        If a file cannot be written.
    """
    if damage_in(path, is_thorough=True) is not None:
        raise UnusableCopy(path)
    part = place.database.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        copy_database(path, part)
        if place.database.exists() and _is_open_elsewhere(place.database):
            raise LockedHistory
        aside = _set_aside(place)
        part.replace(place.database)
        sync_folder(place.folder)
    except sqlite3.Error:
        raise UnusableCopy(path) from None
    except OSError as error:
        raise of_disk(error, place.folder) from None
    finally:
        part.unlink(missing_ok=True)
    unmark(place)
    return aside


def _is_open_elsewhere(path: Path) -> bool:
    """Tell whether a connection of another program holds a file."""
    try:
        import fcntl
    except ImportError:  # Windows moves no file that is open
        return False
    with path.open("r+b") as stream:
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            return True
    return False


def _set_aside(place: Place) -> Path | None:
    """Give the file that is in the history's place, and its log, another name."""
    if not place.database.exists():
        return None
    if find_damage(place) is None:  # its log is brought in, so that one file is all of it
        with suppress(sqlite3.Error), closing(sqlite3.connect(place.database)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stamp = now().strftime("%Y%m%d-%H%M%S-%f")
    aside = place.folder / f"history-before-{stamp}.sqlite3"
    # The log first: beside the new file, SQLite would take it for that one's.
    for end in ("-wal", "-shm"):
        path = place.database.with_name(place.database.name + end)
        with suppress(FileNotFoundError):
            path.rename(aside.with_name(aside.name + end))
    try:  # at no moment is there no history
        aside.hardlink_to(place.database)
    except OSError:  # a disk without such links
        place.database.rename(aside)
    return aside


def _changes_in(raw: sqlite3.Connection) -> int:
    row = raw.execute("SELECT changes FROM about").fetchone()
    return int(row[0]) if row else 0


def _forget_old(place: Place) -> None:
    copies = daily_copies(place)
    for is_flawed in (False, True):
        alike = [copy for copy in copies if copy.is_flawed is is_flawed]
        for copy in alike[KEPT_DAYS:]:
            copy.path.unlink(missing_ok=True)
    for part in place.backups.glob("daily-*.part*"):  # of programs that were killed
        if now().timestamp() - part.stat().st_mtime > _DAY_S:
            part.unlink(missing_ok=True)
