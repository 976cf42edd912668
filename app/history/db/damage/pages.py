"""Rows straight from the pages of a database file, for a file in which SQLite finds no way.

A table is a tree: one broken page on the way down hides all pages below it, though every row in
them is whole. Here each page is looked at by itself, whatever leads to it, and what lies in the
leaves of a table is read cell by cell: https://www.sqlite.org/fileformat2.html, sections 1.6,
2.1 and 2.2. What was deleted is not found again, since it was overwritten (``secure_delete``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

#: What SQLite keeps in a cell of a row.
Value: TypeAlias = "int | float | str | bytes | None"

_LEAF = 13
_FILE_HEADER_BYTES = 100
_USUAL_PAGE_BYTES = 4096
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
#: No row that was ever kept is larger.
_ROW_BYTES_MAX = 1 << 24


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file has it.

    Attributes
    ----------
    number
        Its rowid.
    values
        In the order of the table's columns; a column that is the rowid itself holds None.
    """

    number: int
    values: tuple[Value, ...]


class _Broken(ValueError):
    """A cell that is none."""


def rows_by_table(
    path: Path, tables: Mapping[str, Sequence[sa.Column[object]]]
) -> dict[str, dict[int, RawRow]]:
    """Return all rows of a file that look like rows of some tables, by their numbers.

    Parameters
    ----------
    tables
        Their columns, in the order in which the file has them.
    """
    found: dict[str, dict[int, RawRow]] = {name: {} for name in tables}
    data = path.read_bytes()
    # What the file's head says may be wrong as well.
    sizes = {_USUAL_PAGE_BYTES, _page_bytes(data)}
    for row in max((list(_all_rows(data, size)) for size in sizes), key=len):
        alike = [name for name, columns in tables.items() if _fits(row, columns)]
        # Columns that came with an upgrade are missing in rows from before it.
        best = min(alike, key=lambda name: len(tables[name]) - len(row.values), default=None)
        if best is not None:
            found[best].setdefault(row.number, row)
    return found


def _fits(row: RawRow, columns: Sequence[sa.Column[object]]) -> bool:
    """Tell whether a row can be one of a table: nearly all of its values are of the right kind."""
    if not len(columns) // 2 < len(row.values) <= len(columns):
        return False
    unlike = 0
    for value, column in zip(row.values, columns, strict=False):
        if _is_row_number(column):
            unlike += len(columns) * (value is not None)
        elif value is None:
            unlike += not column.nullable
        else:
            unlike += isinstance(value, str | bytes) != isinstance(
                column.type, sa.Text | sa.TypeDecorator
            )
    return unlike <= len(columns) // 8


def _is_row_number(column: sa.Column[object]) -> bool:
    """Tell whether SQLite keeps a column as the rowid."""
    keys = column.table.primary_key.columns
    return column.primary_key and len(keys) == 1 and isinstance(column.type, sa.Integer)


def _page_bytes(data: bytes) -> int:
    """Return how large a file says that its pages are; the usual size where that is none."""
    (size,) = struct.unpack_from(">H", data, 16) if len(data) > _FILE_HEADER_BYTES else (0,)
    size = 65536 if size == 1 else size
    return _USUAL_PAGE_BYTES if size < 512 or size & (size - 1) else size


def _all_rows(data: bytes, size: int) -> Iterator[RawRow]:
    for start in range(0, len(data), size):
        page = data[start : start + size]
        header = _FILE_HEADER_BYTES if start == 0 else 0
        if len(page) < size or page[header] != _LEAF:
            continue
        (count,) = struct.unpack_from(">H", page, header + 3)
        for place in _places(page, header + 8, count):
            try:
                yield _row_at(data, page, place, size)
            except (_Broken, IndexError, struct.error, OverflowError):
                continue


def _places(page: bytes, start: int, count: int) -> Iterable[int]:
    ends = range(start, min(start + 2 * count, len(page) - 1), 2)
    return [struct.unpack_from(">H", page, at)[0] for at in ends]


def _row_at(data: bytes, page: bytes, place: int, size: int) -> RawRow:
    length, place = _varint(page, place)
    number, place = _varint(page, place)
    if not 0 < length < _ROW_BYTES_MAX:
        raise _Broken
    # How much of a row lies in its own page: section 1.6 of the format.
    most, least = size - 35, (size - 12) * 32 // 255 - 23
    here = length
    if length > most:
        here = least + (length - least) % (size - 4)
        here = here if here <= most else least
    payload = page[place : place + here]
    if len(payload) < here:
        raise _Broken
    if here < length:
        (beyond,) = struct.unpack_from(">I", page, place + here)
        payload += _overflow(data, beyond, length - here, size)
    signed = number - (1 << 64) if number >= 1 << 63 else number
    return RawRow(signed, tuple(_values(payload)))


def _overflow(data: bytes, number: int, wanted: int, size: int) -> bytes:
    parts = []
    while wanted > 0:
        start = (number - 1) * size
        if number < 1 or start + size > len(data):
            raise _Broken
        (number,) = struct.unpack_from(">I", data, start)
        part = data[start + 4 : start + 4 + min(wanted, size - 4)]
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _values(payload: bytes) -> Iterator[Value]:
    end, place = _varint(payload, 0)
    at = end
    while place < end:
        kind, place = _varint(payload, place)
        value, at = _value(payload, at, kind)
        yield value
    if place != end or at != len(payload):
        raise _Broken


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in (10, 11):
        raise _Broken
    length = 8 if kind == 7 else _INTEGER_BYTES.get(kind, (kind - 12) // 2)
    part = payload[at : at + length]
    if len(part) < length:
        raise _Broken
    if kind == 7:
        return struct.unpack(">d", part)[0], at + length
    if kind in _INTEGER_BYTES:
        return int.from_bytes(part, "big", signed=True), at + length
    return (part.decode("utf-8", "replace") if kind % 2 else part), at + length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends."""
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9
