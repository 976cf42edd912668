"""Connections end when the database is closed, those in use as soon as they are given back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.history.db.open import open_database
from app.history.place import Place

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists() or sys.platform == "win32",
    reason="Linux tells which files are open",
)


def open_files(place: Place) -> list[str]:
    names = []
    for file in Path("/proc/self/fd").iterdir():
        try:
            names.append(str(file.readlink()))
        except OSError:  # the folder's own, closed by now
            continue
    return [name for name in names if name.startswith(str(place.folder))]


def test_whoever_still_reads_ends_their_connection_with_the_reading(tmp_path: Path) -> None:
    place = Place(tmp_path)
    database = open_database(place)
    with database.reading() as first, database.reading() as second:
        for connection in (first, second):
            connection.exec_driver_sql("SELECT count(*) FROM profiles")
        database.close()
        assert len(open_files(place)) >= 2
    assert open_files(place) == []


def test_a_closed_database_that_is_asked_again_answers(tmp_path: Path) -> None:
    place = Place(tmp_path)
    database = open_database(place)
    for _ in range(2):
        database.close()
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM profiles")
        assert open_files(place) == []
