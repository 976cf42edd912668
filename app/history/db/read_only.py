"""A database file that may be read and not written: its folder or its disk is protected.

SQLite itself wants to write beside a database that has a log, if only to read it. Where no log
is left the file is all there is, and it is read as one that nobody changes; where one is, it is
read with it. Every reading looks anew, because whoever may write there may do so meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

_BUSY_MS = 2000


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
