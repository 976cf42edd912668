"""A database file that may be read and not written: its folder or its disk is protected.

SQLite itself wants to write beside a database that has a log, if only to read it. Where no log
is left the file is all there is, and it is read as one that nobody changes; where one is, it is
read with it. Every reading looks anew, because whoever may write there may do so meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

_BUSY_MS = 2000
#: How the name of a log ends that was put aside.
ASIDE = ".set_aside"


def may_write(place: Place) -> bool:
    """Tell whether the database file and its folder may be written to."""
    return os.access(place.folder, os.W_OK | os.X_OK) and (
        not place.database.exists() or os.access(place.database, os.W_OK)
    )


def reading_engine(place: Place) -> sa.Engine:
    """Return an engine whose connections only read; each is a new one."""

    def connect() -> sqlite3.Connection:
        has_log = any(path.exists() for path in _beside(place.database))
        how = "mode=ro" if has_log else "mode=ro&immutable=1"
        uri = f"{place.database.absolute().as_uri()}?{how}"
        raw = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        try:
            raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    engine = sa.create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def part_from_foreign_log(place: Place) -> bool:
    """Put aside the log of a database file whose place another one has taken; tell whether it was.

    After a program was killed SQLite takes in what the log holds; into another copy of the file
    it would take single pages of a newer one, which destroys it. Only whoever is alone may ask.
    """
    log, index = _beside(place.database)
    if not log.is_file() or log.stat().st_size == 0:
        return False
    if _is_whole(place.database, "mode=ro") or not _is_whole(place.database, "mode=ro&immutable=1"):
        return False  # it fits, or the file is damaged by itself
    log.replace(log.with_name(f"{log.name}{ASIDE}"))
    index.unlink(missing_ok=True)
    return True


def _is_whole(database: Path, how: str) -> bool:
    uri = f"{database.absolute().as_uri()}?{how}"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as raw:
            raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            return raw.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError as error:
        damaged = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in damaged


def free_log(place: Place) -> None:
    """Let the log be written by whoever may write the file.

    SQLite gives it the file's permissions when it makes it, so that one made while the file
    was write-protected would stay so after the file is not any more.
    """
    with suppress(OSError):  # there is no file yet, or it is somebody else's
        mode = stat.S_IMODE(place.database.stat().st_mode)
        for path in _beside(place.database):
            if path.exists() and stat.S_IMODE(path.stat().st_mode) != mode:
                path.chmod(mode)


def _beside(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}-{end}") for end in ("wal", "shm")]
