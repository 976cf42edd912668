"""What killed programs, other copies of the database and protected folders leave lying about.

Files without a row are never deleted at once: whoever puts an older copy of the database in the
place of a newer one would lose the pictures of all that was kept since. They are set aside, come
back with the rows that know them, and go after :data:`ASIDE_DAYS`.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.history import values
from app.history.db.read_only import ASIDE, part_from_foreign_log
from app.history.db.rows import plan_pictures
from app.history.db.schema import pictures
from app.history.db.trash import put_away_us
from app.history.db.waiting import count_waiting
from app.history.errors import (
    BegunAnew,
    EmptiedHistory,
    LogSetAside,
    PicturesSetAside,
    PicturesStay,
)
from app.history.place import PART_BEGINS, plan_picture_file, remove_parts

if TYPE_CHECKING:
    from app.history.db.engine import Database
    from app.history.errors import HistoryError
    from app.history.place import PictureFiles, Place

_log = logging.getLogger(__name__)
#: Long enough to notice that an older copy of the database is in use.
ASIDE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Overdue:
    """What has waited long enough to be deleted for good.

    Attributes
    ----------
    deletions
        The names of what lies in the bin.
    is_aside
        Whether the pictures that were set aside are.
    """

    deletions: set[str] = field(default_factory=set)
    is_aside: bool = False


def look_round(place: Place, *, is_alone: bool) -> list[HistoryError]:
    """Look at a folder before its database file is opened; return what a person should hear.

    Parameters
    ----------
    is_alone
        Whether no other program has the folder open. What was begun and not finished then goes.

    Raises
    ------
    EmptiedHistory
        For an empty file beside what a history has left.
    """
    if is_alone:
        remove_parts(place.backups)
        remove_parts(place.folder, PART_BEGINS)  # the reminder writes there, too
    database = place.database
    if is_alone and place.server_url is None and part_from_foreign_log(place):
        return [LogSetAside(database)]
    if place.server_url is not None or not database.is_file() or database.stat().st_size > 0:
        return []
    kept = (*place.pictures.glob("*/*.jpg"), *place.backups.glob("*.sqlite3"))
    if any(path.is_file() for path in kept):
        raise EmptiedHistory(place.database)
    # Another program may just be beginning one.
    return [BegunAnew(place.database)] if is_alone else []


def overdue(database: Database, files: PictureFiles) -> Overdue:
    """Count how long everything has waited, and return what has waited long enough."""
    with database.reading() as connection:
        since_us = put_away_us(connection)
    # Whatever comes to it lets all of it wait anew.
    aside = f"aside {len(files.names_aside())}"
    if files.names_aside():
        since_us[aside] = values.utc_us(values.now())
    try:
        days = count_waiting(database.place.waiting(files.identity), since_us)
    except OSError:
        _log.exception("How long deleted checks have waited cannot be kept")
        return Overdue()
    is_aside = days.pop(aside, 0.0) >= ASIDE_DAYS
    return Overdue({name for name in days if days[name] >= values.BIN_DAYS}, is_aside)


def sort_out(database: Database, files: PictureFiles) -> list[HistoryError]:
    """Bring pictures and rows together again; return what a person should hear."""
    with database.reading() as connection:
        wanted = files.with_thumbnails(_picture_names(connection))
        # Else there is no need to go through the diary.
        if files.names_aside() or not files.names() <= wanted:
            wanted |= files.with_thumbnails(_names_in_lists(connection))
    if files.names() <= wanted and files.names_aside().isdisjoint(wanted):
        return []
    # Anew, and alone: a program that is saving writes its file before the row is there.
    with database.writing(alone=True) as connection:
        names = [*_picture_names(connection), *_names_in_lists(connection)]
        files.bring_back(names)
        stay = files.remove_announced(names)
        count = files.set_aside_all_but([*names, *stay])
    told: list[HistoryError] = []
    if stay:
        told.append(PicturesStay(len(stay), files.aside.parent))
    if count:
        told.append(PicturesSetAside(count, files.aside, ASIDE_DAYS))
    return told


def forget_beside(place: Place, files: PictureFiles) -> None:
    """Remove what lies beside a database of which all that was deleted is to be gone for good."""
    log = place.database.with_name(f"{place.database.name}-wal{ASIDE}")
    # And what a killed program had begun to put in the history's place.
    begun = place.folder.glob(f"{place.database.stem}.part*")
    for path in (place.waiting(files.identity), log, *begun):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _picture_names(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.select(pictures.c.file_name)).scalars())


def _names_in_lists(connection: sa.Connection) -> list[str]:
    """Return the files of the pictures in lists of exercises."""
    return [plan_picture_file(name) for name in plan_pictures(connection)]
