"""Opening a database: a new one is made, an older one upgraded, its folder left in order.

All steps of an upgrade run in one transaction, so a failure half-way leaves the database as
it was. A file is copied before, too. A database on a server is not: the transaction guards
it, and copies of it are its keeper's business.
"""

from __future__ import annotations

import filecmp
import logging
import os
import sqlite3
import uuid
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history.db import days
from app.history.db.damage.copies import CopyBeside
from app.history.db.damage.find import damage_in, is_marked, unmark
from app.history.db.engine import Database, plain_error
from app.history.db.lease import FolderLease
from app.history.db.left_over import forget_beside, look_round, overdue, sort_out
from app.history.db.read_only import may_write
from app.history.db.rows import count_change
from app.history.db.schema import about, metadata
from app.history.db.trash import purge
from app.history.errors import (
    BrokenDisk,
    CorruptHistory,
    ForeignDatabase,
    HistoryError,
    LockedHistory,
    NewerHistory,
    OnlyReadable,
    PicturesStay,
    ReadOnlyHistory,
    UpgradeFailed,
    of_disk,
)
from app.history.place import (
    PictureFiles,
    make_private_file,
    make_private_folder,
    remove_parts,
)
from vision.atomic_write import close_folder
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from app.history.place import Place

_log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "beltline_version"
#: Copies are of use soon after an upgrade, and hold what was deleted since.
BACKUP_DAYS = 30


def open_database(place: Place) -> Database:
    """Open a database of this version, making or upgrading it where needed.

    What lay in the bin for too long goes, and pictures without a row are set aside. Where
    nothing may be written, a database of this version is opened to be read; so is a damaged
    file, as far as it can be, and nothing is written to it or beside it.

    Raises
    ------
    HistoryError
        If that cannot be done; nothing is changed then.
    """
    try:
        return _open_to_write(place)
    except ReadOnlyHistory:
        found = _open_to_read(place)
        if found is None:
            raise
        return found


def _open_to_write(place: Place) -> Database:
    make_private_folder(place.folder)
    if place.server_url is None and not may_write(place):
        raise ReadOnlyHistory(place.database)
    close_folder(place.folder)
    lease = FolderLease(place.folder)
    try:
        # The log of another copy would be taken for damage: it is put aside first.
        told = look_round(place, is_alone=lease.is_alone)
        is_damaged = place.server_url is None and _is_damaged(place)
    except BaseException:
        lease.close()
        raise
    lease.share()
    database = Database(place, is_damaged=is_damaged)
    database.lease, database.told = lease, told
    if is_damaged:
        return database
    try:
        bring_up(database)
        _bring_days_up(database)
        if not database.is_server:
            make_private_file(place.database)
            remove_backups(place, older_than_days=BACKUP_DAYS)
            look_further = partial(database.mend_days, at_once=False)
            database.before_writing = partial(CopyBeside, place, look_further)
        database.told += _clear_up(database, may_purge=lease.is_alone)
    except BaseException:  # whatever ends it, Ctrl-C too, must let go of the file
        database.close()
        raise
    return database


def _is_damaged(place: Place) -> bool:
    """Tell whether a file is damaged; :class:`CorruptHistory` where it cannot be read at all."""
    revision = file_revision(place)
    if revision is None:
        unmark(place)
        return False
    is_current = revision == known_revisions()[-1]
    found = damage_in(place.database, is_thorough=is_marked(place), is_current=is_current)
    if found is None:
        unmark(place)
    elif not is_current:  # it would have to be upgraded first
        raise CorruptHistory(place.database)
    else:
        # SQLite's words name tables and pages, and nothing of what was kept.
        _log.info("The history is damaged: %s", found)
    return found is not None


def _open_to_read(place: Place) -> Database | None:
    """Open a database file where nothing may be written, if it is of this version."""
    if place.server_url is not None or not os.access(place.database, os.R_OK):
        return None
    database = Database(place, is_read_only=True)
    database.told.append(OnlyReadable(place.database))
    try:
        with database.reading() as connection:
            if revision_of(connection) == known_revisions()[-1]:
                return database
    except ReadOnlyHistory:
        pass
    except BaseException:
        database.close()
        raise
    database.close()
    return None


def picture_files(database: Database) -> PictureFiles:
    """Return the pictures of a database."""
    with database.reading() as connection:
        identity = connection.execute(sa.select(about.c.uuid)).scalar()
    try:
        # As a folder's name, it must not reach elsewhere.
        return PictureFiles(database.place.pictures / str(uuid.UUID(identity)))
    except (ValueError, TypeError, AttributeError):
        raise CorruptHistory(database.place.database) from None


def purge_database(
    database: Database,
    files: PictureFiles,
    names: Collection[str] | None,
    hide: Callable[[sa.Connection], str] | None = None,
) -> None:
    """Make deletions final.

    Parameters
    ----------
    names
        Theirs; None for all, and then the copies from before upgrades, which hold what was
        deleted, go as well, with the pictures that were set aside.
    hide
        Deletes something first, in the same step, and returns the deletion's name.

    Raises
    ------
    HistoryError
        If that cannot be done, and nothing is changed then; or, as
        :class:`app.history.errors.PicturesStay`, if only some pictures could not be deleted.
    """
    going: Path | None = None
    try:
        with database.writing() as connection:
            if hide is not None:
                names = [hide(connection)]
            gone = purge(connection, names)
            going = files.announce(gone)
            count_change(connection)
    except BaseException:
        if going is not None:
            going.unlink(missing_ok=True)
        raise
    stay = files.remove(gone)
    if names is None:
        files.remove_aside()
        forget_beside(database.place, files)
        if not database.is_server:
            remove_backups(database.place)
    database.tidy(shrink=names is None)
    if stay:  # the list of them stays, too, for the next opening
        raise PicturesStay(len(stay), files.aside.parent)
    if going is not None:
        going.unlink(missing_ok=True)


def known_revisions() -> list[str]:
    """Return the numbers of all versions that this program knows, oldest first."""
    files = (MIGRATIONS / "versions").glob("v[0-9]*.py")
    return sorted(path.stem.partition("_")[0].removeprefix("v") for path in files)


def file_revision(place: Place) -> str | None:
    """Return the version of a database file without changing anything in it.

    Returns
    -------
    str or None
        None where there is no database yet.

    Raises
    ------
    HistoryError
        If the file is damaged, another program's, or newer than this program.
    """
    path = place.database
    try:
        if not path.exists() or path.stat().st_size == 0:
            return None
        if not path.is_file():
            raise CorruptHistory(path)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            raw.execute("PRAGMA busy_timeout=2000")
            names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
            is_ours = {"checks", "details", "profiles"} <= names
            if VERSION_TABLE not in names:
                if is_ours:
                    raise CorruptHistory(path)
                if names:
                    raise ForeignDatabase(f"'{path}'")
                return None
            rows = raw.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()
            if is_ours and not rows:
                raise CorruptHistory(path)
    except sqlite3.Error as error:
        raise plain_error(error, place) or CorruptHistory(path) from None
    except OSError as error:
        raise of_disk(error, path) from None
    return _known(rows)


def revision_of(connection: sa.Connection) -> str | None:
    """Return the version of a database that is open, as :func:`file_revision`."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(VERSION_TABLE):
        if inspector.has_table("checks") or inspector.has_table("profiles"):
            raise ForeignDatabase(tr("on the server"))
        return None
    rows = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()
    return _known([tuple(row) for row in rows])


def bring_up(database: Database) -> bool:
    """Make the tables of a new database, or upgrade an older one.

    Returns
    -------
    bool
        Whether anything was done.

    Raises
    ------
    HistoryError
        If it cannot be read, is newer than this program, or an upgrade fails; it is then
        as it was.
    """
    head = known_revisions()[-1]
    place = database.place
    if database.is_server:
        with database.reading() as connection:
            found = revision_of(connection)
    else:
        found = file_revision(place)
    if found == head:
        return False
    if not database.is_server:
        if found is None:
            make_private_file(place.database)
        else:
            _back_up(place, found)
    # Before the lock is taken: this takes a while, and other programs wait two seconds.
    import_module("alembic.command")
    with database.writing(alone=True, keep_references=False) as connection:
        try:
            migrate(connection, head)
        except HistoryError:
            raise
        except Exception as error:  # a migration may fail in any way; the old file stays
            plain = plain_error(error, place)
            if plain is not None:
                raise plain from None
            _log.exception("Upgrading the history failed")
            raise UpgradeFailed from error
    return True


def _bring_days_up(database: Database) -> None:
    """Work out what each day's checks come to, where that was done by no rule, or another.

    They are counted each time, too, in case something else has written to the file.
    """
    with database.reading() as connection:
        if days.are_kept(connection) and days.agree(connection):
            return
    # Else the next opening does it; until then checks themselves are read.
    with suppress(LockedHistory), database.writing(alone=True) as connection:
        days.renew_all(connection)


def migrate(connection: sa.Connection, revision: str) -> None:
    """Make the tables, or run what leads to a version, in the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSION_TABLE
    # Looked up once more: another program may have been quicker.
    if revision_of(connection) is None:
        metadata.create_all(connection)
        connection.execute(about.insert(), {"id": 1, "uuid": str(uuid.uuid4()), "changes": 0})
        command.stamp(config, revision)
        return
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite" and (
        connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    ):
        raise UpgradeFailed


def remove_backups(place: Place, *, older_than_days: int = 0) -> None:
    """Remove copies from before upgrades, all or those of some age."""
    limit = datetime.now(UTC) - timedelta(days=older_than_days)
    if older_than_days == 0:
        remove_parts(place.backups)
    for path in place.backups.glob("history-*.sqlite3"):
        try:
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) <= limit:
                path.unlink()
        except OSError as error:
            raise of_disk(error, path) from None


def _clear_up(database: Database, *, may_purge: bool) -> list[HistoryError]:
    """Remove what is too old or was left by killed programs; usually nothing is written.

    Parameters
    ----------
    may_purge
        Whether no other program is open, which could still want something back.

    Returns
    -------
    list of HistoryError
        What a person should hear.
    """
    told: list[HistoryError] = []
    files = picture_files(database)

    def purge_old() -> None:
        late = overdue(database, files)
        if late.is_aside:
            files.remove_aside()
        if late.deletions:
            purge_database(database, files, late.deletions)

    def look_at_pictures() -> None:
        told.extend(sort_out(database, files))

    for work in (look_at_pictures, purge_old) if may_purge else (look_at_pictures,):
        try:
            work()
        except CorruptHistory:
            raise
        except LockedHistory:  # the next opening does it
            pass
        except HistoryError as error:
            told.append(error)
    return told


def _known(rows: list[Any]) -> str | None:
    found = [str(row[0]) for row in rows]
    if not found:
        return None
    if len(found) > 1 or found[0] not in known_revisions():
        raise NewerHistory
    return found[0]


def _back_up(place: Place, revision: str) -> Path:
    """Copy the file, with what its log holds, before an upgrade."""
    make_private_folder(place.backups)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    path = place.backups / f"history-{revision}-{stamp}.sqlite3"
    part = path.with_suffix(".part")
    make_private_file(part)
    try:
        with (
            closing(sqlite3.connect(place.database)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
        part.rename(path)
        _forget_same(path, revision)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise plain_error(error, place) or BrokenDisk(place.backups) from None
    except OSError as error:
        part.unlink(missing_ok=True)
        raise of_disk(error, place.backups) from None
    return path


def _forget_same(path: Path, revision: str) -> None:
    """Remove earlier copies of a version that hold the same: of upgrades that were killed."""
    for other in path.parent.glob(f"history-{revision}-*{path.suffix}"):
        if other != path and filecmp.cmp(other, path, shallow=False):
            other.unlink(missing_ok=True)
