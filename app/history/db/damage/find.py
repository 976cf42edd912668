"""Whether a database file is damaged: looked at when it is opened, and thoroughly once a day.

SQLite reads each page when it needs it, so a file with a broken page can be written to for
years before anybody meets it. Looking at all pages takes 0.2 s for 100,000 checks (240 MB) that
lie in memory and many times that from a disk, as long as everything else in opening together.
So each opening looks at the whole of a small file, which is nearly everybody's, and at the tables
that everything rests on in a large one; the thorough look comes with the copy of each day,
beside the window's own thread (:mod:`app.history.db.damage.copies`), and with ``doctor``.
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history.db.schema import about, metadata
from app.history.place import make_private_file, make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

#: Files up to this size are looked at whole at each opening: 30 ms at most.
SMALL_BYTES = 32 << 20
_BUSY_MS = 2000
#: Columns whose text is JSON.
_JSON = {"reasons", "landmarks", "outline_px", "plumb_px", "rounds", "content"}
#: What SQLite calls damage; other errors, such as a lock, are none.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def find_damage(place: Place, *, is_thorough: bool = False) -> str | None:
    """Return the first thing that is wrong with a database file of this version, or None.

    Nothing is written, and what cannot be looked at now, as under a lock, is no damage.

    Parameters
    ----------
    is_thorough
        Whether to look at all pages, whatever the size, and whether indexes agree with rows.
    """
    return damage_in(place.database, is_thorough=is_thorough or is_marked(place))


def damage_in(path: Path, *, is_thorough: bool = False, is_current: bool = True) -> str | None:
    """Return the first thing that is wrong with a file, as :func:`find_damage`.

    Parameters
    ----------
    is_current
        Whether it is of this version, so that it is known which tables it has.
    """
    try:
        with closing(open_for_reading(path)) as raw:
            found = _structure(raw, path.stat().st_size, is_thorough)
            return found or (_contents(raw) if is_current else None)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        return str(error) if code in _DAMAGE else None
    except (OSError, ValueError, TypeError) as error:
        return None if isinstance(error, OSError) else str(error)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a database file so that nothing can be written to it; text is whatever it is."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    raw = sqlite3.connect(uri, uri=True, check_same_thread=False)
    raw.text_factory = lambda data: data.decode("utf-8", "replace")
    raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    return raw


def has_flaws(path: Path) -> bool:
    """Tell whether some row of a whole file holds something of another kind than its column.

    A look by SQL alone: reading 100,000 checks as they are shown would take half a minute.
    """
    try:
        with closing(open_for_reading(path)) as raw:
            for table in metadata.sorted_tables:
                unfit = " OR ".join(f"({_unfit(column)})" for column in table.c)
                if raw.execute(f"SELECT 1 FROM {table.name} WHERE {unfit} LIMIT 1").fetchone():
                    return True
    except sqlite3.Error:
        return True
    return False


def _unfit(column: sa.Column[Any]) -> str:
    kinds = ["'null'"] if column.nullable else []
    if isinstance(column.type, sa.Text | sa.TypeDecorator):
        kinds.append("'text'")
    else:
        kinds += ["'integer'", *(["'real'"] if isinstance(column.type, sa.Double) else [])]
    found = f"typeof({column.name}) NOT IN ({', '.join(kinds)})"
    if column.name in _JSON:
        found += f" OR NOT json_valid({column.name})"
    return found


def is_marked(place: Place) -> bool:
    """Tell whether damage was found by some program, and no look since found the file whole."""
    return _mark_of(place).exists()


def mark(place: Place) -> None:
    """Note that a file is damaged, so that no program writes to it and each opening looks."""
    with suppress(Exception):  # a disk that fails has told so already
        make_private_folder(place.backups)
        make_private_file(_mark_of(place))


def unmark(place: Place) -> None:
    """Take that back: another file has taken its place."""
    with suppress(OSError):
        _mark_of(place).unlink(missing_ok=True)


def _mark_of(place: Place) -> Path:
    return place.backups / "damaged"


def _structure(raw: sqlite3.Connection, size_bytes: int, is_thorough: bool) -> str | None:
    """Look at pages."""
    if is_thorough:
        looks = ["integrity_check(1)"]
    elif size_bytes <= SMALL_BYTES:
        looks = ["quick_check(1)"]
    else:
        looks = [f"quick_check({name})" for name in ("about", "profiles", "pictures")]
    for look in looks:
        for (said,) in raw.execute(f"PRAGMA {look}"):
            if said != "ok":
                return str(said)
    return None


def _contents(raw: sqlite3.Connection) -> str | None:
    """Look whether all tables and columns are there, and what the database says of itself."""
    if (said := raw.execute("PRAGMA encoding").fetchone()) != ("UTF-8",):
        return f"its letters are said to be {said}"
    others = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    if raw.execute(others).fetchone() is not None:  # they could do anything at a save
        return "it does things of its own"
    for table in metadata.sorted_tables:
        known = {str(row[1]) for row in raw.execute(f"PRAGMA table_info({table.name})")}
        if missing := {column.name for column in table.c} - known:
            return f"{table.name} lacks {', '.join(sorted(missing))}"
    row = raw.execute(f"SELECT uuid, changes FROM {about.name} WHERE id = 1").fetchone()
    if row is None or not isinstance(row[1], int):
        return "the database does not know itself"
    uuid.UUID(row[0])  # names a folder of pictures, so it is nothing else
    return None
