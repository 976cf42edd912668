"""Connections to the database, and transactions on it.

SQLite keeps a write-ahead log and syncs it at every commit (``synchronous=FULL``): a check
that was saved outlives a killed program and a pulled plug alike, for some milliseconds a
save. ``NORMAL`` would do against a killed program only. What is deleted is overwritten
(``secure_delete``).
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.history.db import days
from app.history.db.damage.find import find_damage, is_marked, mark, open_for_reading
from app.history.db.damage.sound import OPTION, UNFIT, RowsLeftOut
from app.history.db.read_only import free_log, may_write, reading_engine
from app.history.db.schema import about
from app.history.errors import (
    BrokenDisk,
    CorruptHistory,
    FullDisk,
    HistoryError,
    LockedHistory,
    ReadOnlyHistory,
    ServerError,
    of_disk,
)
from app.history.place import URL_VARIABLE
from app.history.values import now
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from sqlalchemy.pool import ConnectionPoolEntry

    from app.history.db.damage.copies import CopyBeside
    from app.history.db.lease import FolderLease
    from app.history.place import Place

_log = logging.getLogger(__name__)
#: How long to wait for another program that is writing.
BUSY_MS = 2000
_CONNECT_S = 5
#: Any number that no other program of the server is likely to lock.
_LOCK_KEY = 0x42454C54
#: Below this many bytes free, SQLite's plain "disk I/O error" means a full disk.
_FULL_BELOW_BYTES = 1 << 20
#: PostgreSQL's error codes (appendix A): locks, room, and what a server of its own refuses.
_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"
_SERVER_FULL = {"53100", "53200"}
_SERVER_READ_ONLY = {"25006", "42501"}
_LOGIN_REFUSED, _NOT_READY, _NO_SCHEMA, _NO_SUCH_SETTING = "28000", "57P03", "3F000", "22023"
#: Before the server lets one in there is no code; these stand in what it says instead.
_SAID = {
    "starting up": _NOT_READY,
    "shutting down": _NOT_READY,
    "not yet accepting": _NOT_READY,
    "not accepting": _NOT_READY,
    "in recovery mode": _NOT_READY,
    "too many": _NOT_READY,
    "connection slots": _NOT_READY,
    "parameter": _NO_SUCH_SETTING,
}


class _TakenBack(Exception):
    """Ends a transaction that was only tried."""


class Database:
    """Short transactions, from any thread.

    Attributes
    ----------
    place
        Where it lies.
    is_server
        Whether it is on a server.
    is_read_only
        Whether it was opened where nothing may be written.
    is_damaged
        Whether its file was found damaged when it was opened: then it is read as far as it can
        be, and never written to.
    told
        What a person should hear of how it was found.
    lease
        Tells other programs that it is open.
    unreadable
        Which rows could not be read so far.
    before_writing
        Called before the first transaction of a day that writes, outside of it; returns what
        goes on beside it, or None.
    """

    def __init__(
        self, place: Place, *, is_read_only: bool = False, is_damaged: bool = False
    ) -> None:
        self.place = place
        self.is_server = place.server_url is not None
        self.is_read_only, self.is_damaged = is_read_only, is_damaged
        self.told: list[HistoryError] = []
        self.lease: FolderLease | None = None
        self.unreadable = RowsLeftOut()
        self.before_writing: Callable[[], CopyBeside | None] = lambda: None
        self._copy: CopyBeside | None = None
        self._written_on: date | None = None
        self._engine = self._make_engine()
        self._writers = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection whose reads belong together.

        Raises
        ------
        HistoryError
            When the database cannot be read.
        """
        with self._plainly(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool = False, keep_references: bool = True) -> Iterator[Any]:
        """Give a connection that writes; all or nothing, and on the disk afterwards.

        Parameters
        ----------
        alone
            Keep every other writer out, also on a server (SQLite has one at a time anyway).
        keep_references
            Whether deleting a row deletes those that refer to it; a migration that builds
            a table anew must not.

        Raises
        ------
        HistoryError
            When it cannot be written, or another program does not let go of it.
        """
        self._refuse_if_damaged()
        self.begin_day()
        with self._plainly(), self._writers, self._to_write().connect() as connection:
            if not self.is_server and not keep_references:
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            connection = connection.execution_options(
                **{"beltline_writes": True, days.OPTION: days.StaleDays()}
            )
            try:
                with connection.begin():
                    if self.is_server:
                        lock = "" if alone else "_shared"
                        connection.exec_driver_sql(
                            f"SELECT pg_advisory_xact_lock{lock}({_LOCK_KEY})"
                        )
                    yield connection
                    days.renew(connection)
            finally:
                if not self.is_server and not keep_references:
                    connection.connection.execute("PRAGMA foreign_keys=ON")

    def tidy(self, *, shrink: bool = False) -> None:
        """Bring the log into the file, so that what was deleted is nowhere any more."""
        if self.is_server:
            return
        self._refuse_if_damaged()
        with self._plainly(), self._writers, self._to_write().connect() as connection:
            raw = connection.connection
            if shrink:
                with suppress(sqlite3.OperationalError):  # somebody else is reading
                    raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin_day(self, *, and_wait: bool = False) -> None:
        """Do what comes before the first thing that is written on a day, if it is not done.

        Parameters
        ----------
        and_wait
            Whether to wait for all of it, however long it takes.
        """
        today = now().date()
        begun: CopyBeside | None = None
        if self._written_on != today:
            self._written_on = today
            begun = self._copy = self.before_writing()
        if and_wait or (begun is not None and begun.is_short):
            copy = self._copy
            if copy is not None:
                copy.wait()

    def give_up_copy(self) -> None:
        """Leave nothing of a copy that is being made; those that are there stay."""
        if self._copy is not None:
            self._copy.give_up()

    def look_thoroughly(self) -> None:
        """Look at every page and index; :class:`CorruptHistory` if one is damaged."""
        if self.is_server:
            return
        if self.is_damaged or find_damage(self.place, is_thorough=True) is not None:
            mark(self.place)
            raise CorruptHistory(self.place.database)

    def mend_days(self, *, at_once: bool = True) -> None:
        """Look whether days are what their checks come to; if not, let them be made anew.

        Parameters
        ----------
        at_once
            Whether now; else the next opening does it, and until then nobody relies on them.
        """
        with self.reading() as connection:
            if not days.are_kept(connection) or days.agree(connection, is_thorough=True):
                return
        _log.warning("What was kept of days did not agree with the checks, and is made anew")
        with self.writing(alone=True) as connection:
            if at_once:
                days.renew_all(connection)
            else:
                days.forget(connection)

    def try_writing(self) -> None:
        """Begin to write, and take it back; what keeps it from that is raised."""
        self._written_on = now().date()  # nothing changes, so no copy is needed
        with suppress(_TakenBack), self.writing() as connection:
            connection.execute(about.update().values(changes=about.c.changes))
            raise _TakenBack

    def close(self) -> None:
        """Close all connections; one that is in use is closed as soon as it is given back.

        A copy that is being made is waited for: a program that ends at once would never have one.
        """
        copy = self._copy
        try:
            if copy is not None:
                with suppress(CorruptHistory):  # whoever opens it next is told
                    copy.wait()
        except BaseException:  # somebody has waited long enough
            self.give_up_copy()
            self._let_go()
            raise
        self._let_go()

    def _let_go(self) -> None:
        event.listen(self._engine, "checkin", _end_connection)
        self._engine.dispose()
        if self.lease is not None:
            self.lease.close()

    def _to_write(self) -> sa.Engine:
        """Return what to write with; where nothing could be written, look whether it can now."""
        if self.is_read_only:
            if not may_write(self.place):
                raise ReadOnlyHistory(self.place.database)
            self.is_read_only = False
            self._engine = self._make_engine()
        return self._engine

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except UNFIT:
            # In a damaged file, whatever makes no sense is its damage; elsewhere it is a bug.
            if not self.is_damaged:
                raise
            raise CorruptHistory(self.place.database) from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            plain = plain_error(error, self.place)
            if plain is None and self._has_come_to_harm(error):
                plain = CorruptHistory(self.place.database)
            if plain is None:
                raise
            if isinstance(plain, CorruptHistory):
                mark(self.place)
            if isinstance(plain, ReadOnlyHistory):
                # A connection stays as it was made, whatever is allowed later.
                self._engine.dispose()
            raise plain from None

    def _refuse_if_damaged(self) -> None:
        """Write nothing into a damaged file, whichever program found it to be one."""
        if not self.is_server and (self.is_damaged or is_marked(self.place)):
            raise CorruptHistory(self.place.database)

    def _has_come_to_harm(self, error: Exception) -> bool:
        """Tell whether damage explains an error that else only a bug does."""
        if self.is_server or self.is_damaged:
            return self.is_damaged
        cause = error.orig if isinstance(error, DBAPIError) else error
        is_sqlite = isinstance(cause, sqlite3.Error)
        return is_sqlite and find_damage(self.place, is_thorough=True) is not None

    def _make_engine(self) -> sa.Engine:
        if self.place.server_url is not None:
            engine = _server_engine(self.place.server_url)
        elif self.is_damaged:
            engine = _damaged_engine(self.place)
        elif self.is_read_only:
            engine = reading_engine(self.place)
        else:
            engine = _engine(self.place)
        return engine.execution_options(**{OPTION: self.unreadable})


def _damaged_engine(place: Place) -> sa.Engine:
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        creator=lambda: open_for_reading(place.database),
        poolclass=NullPool,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_reading)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _engine(place: Place) -> sa.Engine:
    url = sa.URL.create("sqlite+pysqlite", database=str(place.database))
    engine = sa.create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "do_connect", lambda *_: free_log(place))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_reading(raw: sqlite3.Connection, record: object) -> None:
    del record
    raw.isolation_level = None  # transactions begin where _begin_sqlite says
    # A letter that is none costs itself, and not the whole list in which it stands.
    raw.text_factory = partial(str, encoding="utf-8", errors="replace")
    raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def _prepare_sqlite(raw: sqlite3.Connection, record: object) -> None:
    try:
        _prepare_reading(raw, record)
        _keep_a_log(raw)
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        raw.close()
        raise


def _end_connection(raw: object, record: ConnectionPoolEntry) -> None:
    # A pool that nobody knows any more would keep it, and its file open, until it is garbage.
    del raw
    record.invalidate()


def _keep_a_log(raw: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, which SQLite itself does not wait for.

    When several programs open a new file at once, each holds a read lock that the others'
    switch would need gone; SQLite then refuses at once, whatever the busy timeout.
    """
    give_up = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later could not wait for another writer.
    writes = connection.get_execution_options().get("beltline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _server_engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url,
            connect_args={"connect_timeout": _CONNECT_S},
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ImportError:
        raise ServerError(
            tr("The database on a server needs the package psycopg, which is not installed."),
            tr('Install it with: pip install "beltline[postgresql]".'),
        ) from None
    except (SQLAlchemyError, ValueError, TypeError):
        raise ServerError(
            tr("{variable} is not the address of a PostgreSQL database.").format(
                variable=URL_VARIABLE
            ),
            tr("Write it as postgresql://user:password@host/database, or leave it out."),
        ) from None
    event.listen(engine, "connect", _prepare_server)
    return engine


def _prepare_server(raw: Any, record: object) -> None:
    del record
    with raw.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_MS}")
    raw.commit()


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
        # "FATAL" is how it refuses to let one in.
        said = str(cause)
        why = next((code for words, code in _SAID.items() if words in said), _LOGIN_REFUSED)
        return _of_server(why if "FATAL" in said else None)
    if isinstance(error, OperationalError | InternalError) or code in _SERVER_READ_ONLY | {
        _NO_SCHEMA
    }:
        return _of_server(code)
    return None


def _of_sqlite(error: sqlite3.Error, path: Path) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LockedHistory()
    # A head that names other letters is met only where the whole file is written anew.
    is_odd = code == sqlite3.SQLITE_ERROR and "text encoding" in str(error)
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or is_odd:
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
            tr("The disk of the database server is full."),
            tr("Ask whoever looks after the server."),
        )
    if code in _SERVER_READ_ONLY:
        return ServerError(
            tr("Nothing may be written to the database on the server."),
            tr("Ask whoever looks after the server, or name another one in {variable}.").format(
                variable=URL_VARIABLE
            ),
        )
    if code == _NOT_READY:
        return ServerError(
            tr("The database server is just starting or stopping, or serves too many others."),
            tr("Wait a minute, then try again."),
        )
    if code in {_NO_SCHEMA, _NO_SUCH_SETTING}:
        return ServerError(
            tr(
                "The database server does not take the settings, such as search_path, that the "
                "address of the database brings."
            ),
            tr("Check what follows the name of the database in {variable}.").format(
                variable=URL_VARIABLE
            ),
        )
    if code == _LOGIN_REFUSED:
        return ServerError(
            tr("The database server does not let this user in, or has no such database."),
            tr("Check user, password and database in {variable}.").format(variable=URL_VARIABLE),
        )
    return ServerError(
        tr("The database on the server cannot be reached."),
        tr("Check the network, and the address in {variable}.").format(variable=URL_VARIABLE),
    )
