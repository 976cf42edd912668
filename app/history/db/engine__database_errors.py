"""What a driver complains about, in plain sentences."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from app.history.errors import (
    BrokenDisk,
    CorruptHistory,
    FullDisk,
    HistoryError,
    LockedHistory,
    ReadOnlyHistory,
    ServerError,
)
from app.history.place import URL_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

#: Below this many bytes free, SQLite's plain "disk I/O error" means a full disk.
_FULL_BELOW_BYTES = 1 << 20
#: PostgreSQL's error codes (appendix A): locks, room, and what a server of its own refuses.
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"
_SERVER_FULL = {"53100", "53200"}
_SERVER_READ_ONLY = {"25006", "42501"}
_LOGIN_REFUSED = "28000"


def plain_error(error: Exception, place: Place) -> HistoryError | None:
    """Return what to tell a person, or None for an error that only a bug explains.

    No sentence repeats the driver's own text, which may hold the server's address.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, place.database)
    if isinstance(cause, OSError):
        return of_disk(cause, place.folder)
    if place.server_url is None or not isinstance(error, DBAPIError):
        return None
    code: str | None = getattr(cause, "sqlstate", None)
    if code is None:
        # There is no code before the server lets one in; "FATAL" is how it refuses to.
        return _of_server(_LOGIN_REFUSED if "FATAL" in str(cause) else None)
    if isinstance(error, OperationalError | InternalError) or code in _SERVER_READ_ONLY:
        return _of_server(code)
    return None


def of_disk(error: OSError, where: Path) -> HistoryError:
    """Return what to tell a person when a file cannot be read or written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FullDisk(where)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ReadOnlyHistory(where)
    return BrokenDisk(where, error.strerror or "")


def _of_sqlite(error: sqlite3.Error, path: Path) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LockedHistory()
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return CorruptHistory(path)
    if code == sqlite3.SQLITE_FULL:
        return FullDisk(path.parent)
    if code == sqlite3.SQLITE_CANTOPEN and os.access(path.parent, os.W_OK):
        return _full(path) or BrokenDisk(path)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return ReadOnlyHistory(path)
    if code == sqlite3.SQLITE_IOERR:
        return _full(path) or BrokenDisk(path)
    return None


def _full(path: Path) -> HistoryError | None:
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return None
    return FullDisk(path.parent) if free < _FULL_BELOW_BYTES else None


def _of_server(code: str | None) -> HistoryError:
    if code in {_LOCK_NOT_AVAILABLE, _DEADLOCK}:
        return LockedHistory()
    if code in _SERVER_FULL:
        return ServerError(
            "The disk of the database server is full.", "Ask whoever looks after the server."
        )
    if code in _SERVER_READ_ONLY:
        return ServerError(
            "Nothing may be written to the database on the server.",
            f"Ask whoever looks after the server, or name another one in {URL_VARIABLE}.",
        )
    if code == _LOGIN_REFUSED:
        return ServerError(
            "The database server does not let this user in, or has no such database.",
            f"Check user, password and database in {URL_VARIABLE}.",
        )
    return ServerError(
        "The database on the server cannot be reached.",
        f"Check the network, and the address in {URL_VARIABLE}.",
    )
