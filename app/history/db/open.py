"""Opening a database and leaving its folder in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.history.db.checks import count_change
from app.history.db.engine import Database
from app.history.db.schema import about, checks, diary, pictures, profiles, squeezes
from app.history.db.trash import purge
from app.history.db.upgrade import BACKUP_DAYS, bring_up, remove_backups
from app.history.files import PictureFiles, make_private_file, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.history.place import Place


def open_database(place: Place) -> Database:
    """Open a database of this version, making or upgrading it where needed.

    Deletions that a program which was killed has left behind for a day become final, and
    pictures without a row are removed.

    Raises
    ------
    HistoryError
        If that cannot be done; nothing is changed then.
    """
    make_private_folder(place.folder)
    database = Database(place)
    try:
        bring_up(database)
        if not database.is_server:
            make_private_file(place.database)
            remove_backups(place, older_than_days=BACKUP_DAYS)
        _clear_up(database)
    except BaseException:  # whatever ends it, Ctrl-C too, must let go of the file
        database.close()
        raise
    return database


def picture_files(database: Database) -> PictureFiles:
    """Return the pictures of a database."""
    with database.reading() as connection:
        identity: str = connection.execute(sa.select(about.c.uuid)).scalar_one()
    return PictureFiles(database.place.pictures / identity)


def purge_database(
    database: Database, files: PictureFiles, deletions: Collection[str], *, backups: bool
) -> None:
    """Make deletions final.

    Parameters
    ----------
    deletions
        Their names.
    backups
        Whether the copies from before upgrades, which hold deleted checks, go as well.
    """
    with database.writing() as connection:
        gone = purge(connection, deletions)
        count_change(connection)
    files.remove(gone)
    if backups and not database.is_server:
        remove_backups(database.place)
    database.tidy(shrink=backups)


def _clear_up(database: Database) -> None:
    """Remove what killed programs have left, if anything; usually nothing is written."""
    files = picture_files(database)
    with database.reading() as connection:
        left_behind = _has_hidden(connection)
        wanted = _picture_names(connection)
    if left_behind:
        purge_database(database, files, (), backups=False)
    if files.names() <= files.with_thumbnails(wanted):
        return
    # Anew, and alone: a program that is saving writes its file before the row is there.
    with database.writing(alone=True) as connection:
        files.remove_all_but(_picture_names(connection))


def _picture_names(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.select(pictures.c.file_name)).scalars())


def _has_hidden(connection: sa.Connection) -> bool:
    tables = (checks, squeezes, diary, profiles)
    hidden = [sa.exists().where(table.c.hidden_by.isnot(None)) for table in tables]
    return bool(connection.execute(sa.select(sa.or_(*hidden))).scalar_one())
