"""Histories to test on: SQLite always, PostgreSQL where it is installed."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING

import pytest

from app.history.place import Place, server_url
from app.history.store import History
from tests.app.history import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.history.records import Profile


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A real PostgreSQL server, started once."""
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    bin_folder, user = postgres.programs(), postgres.other_user()
    if bin_folder is None:
        pytest.skip(postgres.NOT_INSTALLED)
    if user is None:
        pytest.skip(postgres.NO_USER)
    yield from postgres.run_server(bin_folder, user)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file without checks, whose tables need not be made again."""
    place = Place(tmp_path_factory.mktemp("template"))
    History.open(place).close()
    return place.database


@pytest.fixture
def empty_server(server: postgres.Server) -> Iterator[postgres.Server]:
    """The server with nothing in its database, before and after."""
    _empty(server)
    yield server
    _empty(server)


def _empty(server: postgres.Server) -> None:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


@pytest.fixture
def cleared_server(server: postgres.Server) -> postgres.Server:
    """The server with no checks, and with or without their tables: quicker than an empty one."""
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('profiles')").fetchone() != (None,):
            connection.execute("TRUNCATE profiles RESTART IDENTITY CASCADE")
            connection.execute("ALTER SEQUENCE checks_id_seq RESTART")
    return server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data folder %20 #?"


@pytest.fixture
def file_place(folder: Path) -> Place:
    return Place(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, folder: Path) -> Place:
    """Where nothing has been kept yet."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("template")
        folder.mkdir()
        shutil.copy(template, Place(folder).database)
        return Place(folder)
    server: postgres.Server = request.getfixturevalue("cleared_server")
    return Place(folder, server_url(server.url))


@pytest.fixture
def history(place: Place) -> Iterator[History]:
    with History.open(place) as opened:
        yield opened


@pytest.fixture
def me(history: History) -> Profile:
    return history.default_profile()
