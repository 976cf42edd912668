"""The history as a table: CSV, UTF-8, one check a line.

The columns are ``beltline_history`` (the format's number), ``profile``,
``profile_created_at`` and the fields of :class:`app.history.check_record.CheckRecord`; of
these ``reasons``, ``landmarks``, ``outline_px``, ``plumb_px`` and ``repeats`` are JSON. What
is not known is empty. Squeeze tests are no checks and are in JSON exports only.

A spreadsheet would take a text such as ``=1+1`` for a formula, so one apostrophe is put
before ``= + - @`` (and their wide forms) wherever a cell could begin: at the start of a text,
and after a semicolon, a tab or a line break, which some programs take for the end of a cell.
The import takes just those apostrophes away again.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from app.history.exchange.model import (
    DEFAULTS,
    FORMAT,
    KINDS,
    NotPortable,
    PortableHistory,
    check_from,
    plain_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from app.history.check_record import CheckRecord
    from app.history.exchange.model import Portable

FORMAT_COLUMN = "beltline_history"
COLUMNS = (FORMAT_COLUMN, "profile", "profile_created_at", *KINDS)
_NEEDED = frozenset(COLUMNS) - frozenset(DEFAULTS)
ENCODING = "utf-8-sig"  # by its mark, spreadsheets know that it is UTF-8
_CELL_BEGINS = r"((?:^|[;\t\r\n])\s*)"
_FORMULA_BEGINS = "(?='*[=+\\-@\uff1d\uff0b\uff0d\uff20])"
_GUARD = re.compile(_CELL_BEGINS + _FORMULA_BEGINS)
_UNGUARD = re.compile(_CELL_BEGINS + "'" + _FORMULA_BEGINS)
#: A note may be longer than the 128 kB that Python reads by default.
_CELL_MAX = 1 << 27


def guarded(text: str) -> str:
    """Return text in which no spreadsheet finds a formula."""
    return _GUARD.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """Return the text that :func:`guarded` was given."""
    return _UNGUARD.sub(r"\1", text)


def write_csv(stream: TextIO, checks: Iterable[Portable[CheckRecord]]) -> int:
    """Write checks to a stream opened with ``newline=""``, and return how many."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for check in checks:
        cells = [_cell(value) for value in plain_values(check).values()]
        writer.writerow([str(FORMAT), *cells])
        count += 1
    return count


def is_csv(text: str) -> bool:
    """Tell whether a text begins like one of these tables, of whatever version."""
    return text.lstrip().removeprefix('"').startswith(FORMAT_COLUMN)


def read_csv(text: str) -> PortableHistory:
    """Return what a table holds.

    Raises
    ------
    NotPortable
        If it is damaged; the text says where.
    """
    csv.field_size_limit(_CELL_MAX)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        if len(header) != len(set(header)) or not _NEEDED <= set(header) <= set(COLUMNS):
            raise NotPortable("the columns are not those of an export")
        checks = []
        for number, cells in enumerate(rows, 1):
            if not cells:
                continue
            if len(cells) != len(header):
                raise NotPortable(f"check {number} has {len(cells)} of {len(header)} cells")
            try:
                checks.append(check_from(_values(header, cells)))
            except NotPortable as error:
                raise NotPortable(f"check {number}: {error}") from error
    except csv.Error as error:
        raise NotPortable(str(error)) from error
    owners = dict.fromkeys(check.profile for check in checks)
    return PortableHistory(tuple(owners), tuple(checks))


def format_of_csv(text: str) -> str:
    """Return the format's number as the first check has it, or an empty text."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return (next(rows, None) or {}).get(FORMAT_COLUMN) or ""
    except csv.Error:
        return ""


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else repr(value)


def _values(header: list[str], cells: list[str]) -> dict[str, str]:
    named = dict(zip(header, cells, strict=True))
    if named.pop(FORMAT_COLUMN).strip() != str(FORMAT):
        raise NotPortable("another version of the format")
    return {name: unguarded(cell) for name, cell in named.items()}
