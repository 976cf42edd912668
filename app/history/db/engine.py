"""Connections to the database, and transactions on it.

SQLite keeps a write-ahead log and syncs it at every commit (``synchronous=FULL``): a check
that was saved outlives a killed program and a pulled plug alike, for some milliseconds a
save. ``NORMAL`` would do against a killed program only. What is deleted is overwritten
(``secure_delete``).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app.history.db.engine__database_errors import plain_error
from app.history.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.place import Place

#: How long to wait for another program that is writing.
BUSY_MS = 2000
_CONNECT_S = 5
#: Any number that no other program of the server is likely to lock.
_LOCK_KEY = 0x42454C54


class Database:
    """Short transactions, from any thread.

    Attributes
    ----------
    place
        Where it lies.
    is_server
        Whether it is on a server.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.is_server = place.server_url is not None
        self._engine = _server_engine(place.server_url) if place.server_url else _engine(place)
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
        with self._plainly(), self._writers, self._engine.connect() as connection:
            if not self.is_server and not keep_references:
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            connection = connection.execution_options(beltline_writes=True)
            try:
                with connection.begin():
                    if self.is_server:
                        lock = "" if alone else "_shared"
                        connection.exec_driver_sql(
                            f"SELECT pg_advisory_xact_lock{lock}({_LOCK_KEY})"
                        )
                    yield connection
            finally:
                if not self.is_server and not keep_references:
                    connection.connection.execute("PRAGMA foreign_keys=ON")

    def tidy(self, *, shrink: bool = False) -> None:
        """Bring the log into the file, so that what was deleted is nowhere any more."""
        if self.is_server:
            return
        with self._plainly(), self._writers, self._engine.connect() as connection:
            raw = connection.connection
            if shrink:
                with suppress(sqlite3.OperationalError):  # somebody else is reading
                    raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            plain = plain_error(error, self.place)
            if plain is None:
                raise
            raise plain from None


def _engine(place: Place) -> sa.Engine:
    url = sa.URL.create("sqlite+pysqlite", database=str(place.database))
    engine = sa.create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: sqlite3.Connection, record: object) -> None:
    del record
    try:
        raw.isolation_level = None  # transactions begin where _begin_sqlite says
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        _keep_a_log(raw)
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        raw.close()
        raise


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
            "The database on a server needs the package psycopg, which is not installed.",
            'Install it with: pip install "beltline[postgresql]".',
        ) from None
    except (SQLAlchemyError, ValueError, TypeError):
        raise ServerError(
            "BELTLINE_DATABASE_URL is not the address of a PostgreSQL database.",
            "Write it as postgresql://user:password@host/database, or leave it out.",
        ) from None
    event.listen(engine, "connect", _prepare_server)
    return engine


def _prepare_server(raw: Any, record: object) -> None:
    del record
    with raw.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_MS}")
    raw.commit()
