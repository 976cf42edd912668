"""Copies of the database file: one of each day that changed it, and the way back to one.

A copy is made before the first thing of a day is written, by SQLite's own backup call, which
other programs may read and write beside. It is looked through before it counts; that is the
thorough look at the history itself, too, for damage is copied with the rest. The last seven
days are kept; copies that hold rows without sense are counted apart, so that they never push
out those from before the fault. 100,000 checks take a second and a half; a few hundred, no time.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from app.history.db.damage.find import (
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
    from pathlib import Path

    from app.history.place import Place

_log = logging.getLogger(__name__)
#: More room than the copy itself takes is left on the disk.
_ROOM_BYTES = 64 << 20
_DAY_S = 24 * 3600
_WEEK_S = 7 * _DAY_S
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


def keep_daily_copy(place: Place) -> None:
    """Copy the file if today has no copy yet and something has changed since the last one.

    A copy that cannot be made is told in the log alone: it must not keep anybody from saving.

    Raises
    ------
    CorruptHistory
        If the file is found damaged; nothing is to be written to it then.
    """
    today, known = now().date(), daily_copies(place)
    # A later day is a clock that was wrong; then too, one copy a day is enough.
    if known and known[0].day >= today:
        return
    # A name of its own: another program may be about the same.
    part = place.backups / f"daily-{today.isoformat()}-{secrets.token_hex(4)}.part"
    try:
        changes = _changes_in(place.database)
        if not changes:
            return
        if known and _changes_in(known[0].path) == changes:
            _look_weekly(place, known[0].path)
            return
        if shutil.disk_usage(place.folder).free < place.database.stat().st_size + _ROOM_BYTES:
            _log.info("There is no room for a daily copy of the history")
            return
        make_private_folder(place.backups)
        copy_database(place.database, part)
        found = damage_in(part, is_thorough=True)
        if found is None:
            part.replace(copy_path(place, today, is_flawed=has_flaws(part)))
            sync_folder(place.backups)
            _forget_old(place)
    except CorruptHistory:
        raise
    except Exception:  # a copy less is better than a check less
        _log.exception("A daily copy of the history could not be made")
        return
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if found is not None and find_damage(place, is_thorough=True) is not None:
        _log.info("The history is damaged: %s", found)
        mark(place)
        raise CorruptHistory(place.database)


def _look_weekly(place: Place, newest: Path) -> None:
    """Look through a file that nothing changes, and that is therefore not copied either."""
    if now().timestamp() - newest.stat().st_mtime < _WEEK_S:
        return
    if find_damage(place, is_thorough=True) is not None:
        mark(place)
        raise CorruptHistory(place.database)
    os.utime(newest)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database file with what its log holds into a new file without a log.

    Raises
    ------
    sqlite3.Error, HistoryError
        If that fails; what there is of the copy stays.
    """
    make_private_file(target)
    with closing(open_for_reading(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
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


def _changes_in(path: Path) -> int:
    with closing(open_for_reading(path)) as raw:
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
