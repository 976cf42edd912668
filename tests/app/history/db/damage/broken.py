"""Database files changed as nobody should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.history.place import Place


def run(place: Place, statement: str, *values: object) -> None:
    """Change the file as nobody should."""
    with closing(sqlite3.connect(place.database)) as raw:
        raw.execute(statement, values)
        raw.commit()


def break_index(place: Place) -> None:
    """Make an index disagree with its table, which only the thorough look sees."""
    with closing(sqlite3.connect(place.database)) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'garment, taken', 'note, taken') "
            "WHERE name = 'checks_garment'"
        )
        raw.execute("UPDATE checks SET note = id")
        raw.commit()


def break_page(place: Place, table: str) -> None:
    with closing(sqlite3.connect(place.database)) as raw:
        wanted = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = raw.execute(wanted, [table]).fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    data = bytearray(place.database.read_bytes())
    data[(root - 1) * size : root * size] = b"\xa5" * size
    place.database.write_bytes(data)
