"""A history of which everything is known, and many ways to damage its file."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.history.db.schema import metadata
from app.history.diary import (
    Break,
    BreakKind,
    CalibrationPicture,
    ExerciseSet,
    KeptCalibration,
    Plan,
    PlannedExercise,
    RangeKept,
    Screening,
    ScreeningOutcome,
)
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import WHEN, measured, new_check, new_squeeze, picture, repeats
from tests.made_up_results import range_result
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Half of the details lie in one page each, half go on in others.
_CORNERS = (12, 400)
_ODD_VALUES = ("abc", b"\xff\xfe\x00", 1e999, -1e999, 2**62, -5, "", 3.5, "\x00", "0")


@dataclass(frozen=True, slots=True)
class Known:
    """What is in the history before it is damaged.

    Attributes
    ----------
    folder
        Its data folder; copied for each try.
    rows
        By table, and the first column's value, all rows as SQLite has them.
    pages
        By a check's number, the pages in which what is kept of it lies.
    page_bytes
        Their size.
    """

    folder: Path
    rows: dict[str, dict[Any, tuple[Any, ...]]]
    pages: dict[int, set[int]]
    page_bytes: int


def build(folder: Path) -> Known:
    """Keep some of everything, and look where it lies."""
    rng = np.random.default_rng(7)
    with History.open(Place(folder)) as history:
        people = history.default_profile().id, history.add_profile("Ana").id
        for number in range(14):
            result = _unlike(rng, number)
            angles = rng.normal(10, 1, 3).tolist() if number % 5 == 0 else ()
            taken = repeats(*angles, method=result.tilt.method)
            kept = picture(60 + number, 80) if number % 4 == 1 else None
            note = f"note {number} {rng.bytes(12).hex()}"
            new = new_check(
                people[number % 2], result, day=number, note=note, garment="leggings", rgb=kept
            )
            saved = history.save(replace(new, repeats=taken))
            if number == 9:
                history.delete([saved.row.id])
        for day in range(3):
            history.save_squeeze(new_squeeze(people[0], day=day))
        for content in _diary():
            history.note(people[0], WHEN, content)
        assert history.count(RowQuery(None)) == 13
    database = Place(folder).database
    with closing(sqlite3.connect(database)) as raw:
        tables = {
            table.name: f"SELECT rowid, * FROM {table.name}" for table in metadata.tables.values()
        }
        rows = {name: {row[0]: row[1:] for row in raw.execute(q)} for name, q in tables.items()}
        (page_bytes,) = raw.execute("PRAGMA page_size").fetchone()
    return Known(folder, rows, _pages(database.read_bytes(), rows, page_bytes), page_bytes)


def _unlike(rng: np.random.Generator, number: int) -> Any:
    """Return a measurement that shares no long stretch of bytes with another."""
    method = (Method.CONTOUR, Method.MARKED, Method.STICKERS)[number % 3]
    corners = rng.uniform(0, 1500, (_CORNERS[number % 2], 2)).astype(np.float32)
    landmarks = {name: tuple(rng.uniform(0, 1, 3).tolist()) for name in ("left_hip", "nose")}
    return replace(
        measured(float(rng.uniform(0, 20)), method), outline_px=corners, landmarks=landmarks
    )


def _diary() -> list[Any]:
    pair = CalibrationPicture(WHEN, Method.MARKED, 9.0, 1.0, 12.0, 2.0)
    return [
        Screening(ScreeningOutcome.CLEAR),
        ExerciseSet("glute_bridge", 10, 2.5),
        Break(BreakKind.TAKEN, 4.0),
        Plan((PlannedExercise("glute_bridge"),)),
        RangeKept(range_result()),
        RangeKept(range_result()),
        KeptCalibration(-3.0, 1.5, 1.0, "b" * 64, (pair,)),
    ]


def _pages(data: bytes, rows: dict[str, dict[Any, Any]], page_bytes: int) -> dict[int, set[int]]:
    """Find by its own texts where each check lies; they are all unlike."""
    found: dict[int, set[int]] = {}
    for number, row in rows["checks"].items():
        texts = [value for value in (*row, *rows["details"][number]) if isinstance(value, str)]
        places = set()
        for text in filter(lambda one: len(one) > 30, texts):
            for start in range(0, len(text) - 30, 15):
                piece = text[start : start + 30].encode()
                if data.count(piece) == 1:
                    places.add(data.index(piece) // page_bytes)
        found[number] = places
    return found


def damage(known: Known, folder: Path, seed: int) -> str:
    """Copy the history and damage its file; return in which way."""
    shutil.copytree(known.folder, folder)
    rng = random.Random(seed)
    way = _WAYS[seed % len(_WAYS)]
    way(rng, Place(folder).database)
    return way.__name__.strip("_")


def _one_bit(rng: random.Random, path: Path) -> None:
    _flip(rng, path, 1)


def _some_bits(rng: random.Random, path: Path) -> None:
    _flip(rng, path, rng.choice((2, 5, 20, 100)))


def _bits_of_a_page(rng: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    start = 4096 * rng.randrange(len(data) // 4096)
    for _ in range(rng.choice((3, 30))):
        data[start + rng.randrange(200)] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def _flip(rng: random.Random, path: Path, count: int) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(count):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def _pages_spoilt(rng: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 2, 5))):
        start, other = (4096 * rng.randrange(len(data) // 4096) for _ in "ab")
        new = rng.choice((bytes(4096), rng.randbytes(4096), bytes(data[other : other + 4096])))
        data[start : start + 4096] = new
    path.write_bytes(data)


def _cut_short(rng: random.Random, path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(1, len(data))])


def _head_spoilt(rng: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    start = rng.randrange(100)
    data[start : start + 8] = rng.randbytes(8)
    path.write_bytes(data)


def _values_spoilt(rng: random.Random, path: Path) -> None:
    """Put into some cells what no version ever kept there."""
    with closing(sqlite3.connect(path)) as raw:
        for _ in range(rng.choice((1, 1, 2, 6))):
            table = rng.choice(list(metadata.tables.values()))
            column = rng.choice([one.name for one in table.c if one.name != "id"])
            with suppress(sqlite3.Error, OverflowError):
                (number,) = _some_of(rng, raw, table.name, 1)
                raw.execute(
                    f"UPDATE {table.name} SET {column} = ? WHERE rowid = ?",
                    [rng.choice(_ODD_VALUES), number],
                )
        raw.commit()


def _letters_spoilt(rng: random.Random, path: Path) -> None:
    """Make text of a check's that is no UTF-8, or no JSON, without changing its length."""
    columns = ("landmarks", "outline_px", "reasons", "plumb_px", "source", "facing", "vertical")
    with closing(sqlite3.connect(path)) as raw:
        column, number = rng.choice(columns), rng.randrange(1, 15)
        wanted = f"SELECT {column} FROM details WHERE check_id = ?"
        data = bytearray(raw.execute(wanted, [number]).fetchone()[0].encode())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        raw.execute(
            f"UPDATE details SET {column} = CAST(? AS TEXT) WHERE check_id = ?",
            [bytes(data), number],
        )
        raw.commit()


def _rows_gone(rng: random.Random, path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        table = rng.choice([*metadata.tables, "beltline_version", "sqlite_sequence"])
        for number in _some_of(rng, raw, table, rng.choice((1, 1, 3, 99))):
            raw.execute(f"DELETE FROM {table} WHERE rowid = ?", [number])
        raw.commit()


def _some_of(rng: random.Random, raw: sqlite3.Connection, table: str, count: int) -> list[int]:
    numbers = [number for (number,) in raw.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]
    return rng.sample(numbers, min(count, len(numbers)))


def _schema_changed(rng: random.Random, path: Path) -> None:
    table = rng.choice([*metadata.tables, "beltline_version"])
    columns = [c.name for c in metadata.tables[table].c] if table in metadata.tables else ["x"]
    column = rng.choice(columns)
    ways = (
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} RENAME TO {table}_",
        f"ALTER TABLE {table} RENAME COLUMN {column} TO {column}_",
        f"ALTER TABLE {table} DROP COLUMN {column}",
        "DROP INDEX checks_trend",
        "UPDATE beltline_version SET version_num = '0009'",
        "UPDATE beltline_version SET version_num = x'00ff'",
        f"UPDATE sqlite_master SET sql = 'CREATE TABEL' WHERE name = '{table}'",
        f"UPDATE sqlite_master SET rootpage = 2 WHERE name = '{table}'",
        "CREATE TRIGGER t BEFORE INSERT ON checks BEGIN SELECT RAISE(ABORT, 'no'); END",
        f"DELETE FROM sqlite_master WHERE name = '{table}'",
    )
    with closing(sqlite3.connect(path)) as raw, suppress(sqlite3.Error):
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(rng.choice(ways))
        raw.commit()


def _with_a_log(rng: random.Random, path: Path) -> None:
    """Leave what a killed program leaves, its log, beside a file with a flipped bit."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute("UPDATE profiles SET client_id = 'of the log'")
    raw.commit()
    saved = {end: path.with_name(path.name + end).read_bytes() for end in ("", "-wal")}
    raw.close()
    for end, data in saved.items():
        path.with_name(path.name + end).write_bytes(data)
    target = path if rng.random() < 0.6 else path.with_name(path.name + "-wal")
    _flip(rng, target, rng.choice((1, 10)))


_WAYS: tuple[Callable[[random.Random, Path], None], ...] = (
    *(_one_bit, _some_bits, _bits_of_a_page, _pages_spoilt, _pages_spoilt),
    *(_cut_short, _head_spoilt, _values_spoilt, _values_spoilt, _letters_spoilt),
    *(_rows_gone, _schema_changed, _with_a_log),
)
