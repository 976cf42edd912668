"""The history as a table: CSV, UTF-8, one check a line.

The columns are ``beltline_history`` (the format's number), ``profile``,
``profile_created_at``, the fields of :class:`app.history.check_record.CheckRecord`, and what
else is known of the person (``profile_client_id``, ``profile_birth_year``,
``profile_next_check_on``). Of these ``reasons``, ``landmarks``, ``outline_px``, ``plumb_px`` and
``repeats`` are JSON. What is not known is empty. Squeeze tests are no checks and are in JSON
exports only.

A spreadsheet would take a text such as ``=1+1`` for a formula, so one apostrophe is put
before ``= + - @`` (and their wide forms) wherever a cell could begin: at the start of a text,
and after a semicolon, a tab or a line break, which some programs take for the end of a cell.
The import takes just those apostrophes away again.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields
from datetime import date, datetime
from io import BufferedReader, TextIOWrapper
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, get_args, get_type_hints

from app.history.check_record import CheckRecord
from app.history.exchange.model import (
    FORMAT,
    FORMAT_KEY,
    JSON_FIELDS,
    NoExport,
    NotPortable,
    Portable,
    PortableHistory,
    PortableProfile,
    check_format,
    read_values,
    to_share,
)
from app.history.exchange.sources import ENTRY_BYTES_MAX, OneByOne
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TextIO


_NAMES = [field.name for field in fields(CheckRecord)]
#: What is known of the person beside name and time; exports of earlier versions lack it.
_OF_PERSON = tuple(
    field.name for field in fields(PortableProfile) if field.name not in ("name", "created_at")
)
_PERSON_COLUMNS = tuple(f"profile_{name}" for name in _OF_PERSON)
COLUMNS = (FORMAT_KEY, "profile", "profile_created_at", *_NAMES, *_PERSON_COLUMNS)
#: What exports of still earlier versions lack as well.
_LATER = {field.name for field in fields(CheckRecord) if field.default is None}
_EARLIER: tuple[set[str], ...] = (set(), {*_PERSON_COLUMNS}, {*_PERSON_COLUMNS} | _LATER)
#: What each column holds; of several, what is not known is None.
_KINDS = {name: {kind, *get_args(kind)} for name, kind in get_type_hints(CheckRecord).items()}
_TEXTS = {name for name in _NAMES if _KINDS[name] & {str, datetime}} - JSON_FIELDS[CheckRecord]
ENCODING = "utf-8-sig"  # by its mark, spreadsheets know that it is UTF-8
_FORMULA_BEGINS = "(?='*[=+\\-@\uff1d\uff0b\uff0d\uff20])"
#: Each gap, and each row of apostrophes, is looked at from its beginning alone: a note of thousands
#: of empty lines would take hours otherwise.
_GUARD = re.compile(rf"(?<!\s)(\s+){_FORMULA_BEGINS}|(?<![\s'])(){_FORMULA_BEGINS}")
_UNGUARD = re.compile(rf"(?<!\s)(\s+)'{_FORMULA_BEGINS}|(?<![\s'])()'{_FORMULA_BEGINS}")
_ENDS_A_CELL = re.compile(r"[\t\r\n]")
#: Letters to tell an export by, and digits of a format's number.
_BEGINNING, _DIGITS_MAX = 1 << 12, 9


def guarded(text: str) -> str:
    """Return text in which no spreadsheet finds a formula."""
    return _GUARD.sub(lambda found: _gap(found) + "'" * _begins_a_cell(found), text)


def unguarded(text: str) -> str:
    """Return the text that :func:`guarded` was given."""
    return _UNGUARD.sub(lambda found: _gap(found) if _begins_a_cell(found) else found[0], text)


def _gap(found: re.Match[str]) -> str:
    return found[1] or ""


def _begins_a_cell(found: re.Match[str]) -> bool:
    before = found.start() - 1
    return before < 0 or found.string[before] == ";" or bool(_ENDS_A_CELL.search(_gap(found)))


def write_csv(stream: TextIO, checks: Iterable[Portable[CheckRecord]]) -> int:
    """Write checks to a stream opened with ``newline=""``, and return how many."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for check in checks:
        owner = (FORMAT, check.profile.name, check.profile.created_at)
        person = (getattr(check.profile, name) for name in _OF_PERSON)
        record = to_share(check.record)
        values = (*owner, *(getattr(record, name) for name in _NAMES), *person)
        writer.writerow([_cell(value) for value in values])
        count += 1
    return count


def read_csv(stream: BinaryIO) -> PortableHistory:
    """Return what a table holds, whose checks are read as they are asked for.

    Takes and raises what :func:`app.history.exchange.json_format.read_json` does.
    """
    checks = _checks_of(stream)
    first = next(checks, None)
    return PortableHistory((), chain([] if first is None else [first], checks))


def _checks_of(stream: BinaryIO) -> Iterator[Portable[CheckRecord]]:
    csv.field_size_limit(ENTRY_BYTES_MAX)
    number = 0
    try:
        text = TextIOWrapper(BufferedReader(OneByOne(stream)), ENCODING, newline="")
        if not text.read(_BEGINNING).lstrip().removeprefix('"').startswith(FORMAT_KEY):
            raise NoExport
        source = OneByOne(stream)
        text = TextIOWrapper(BufferedReader(source), ENCODING, newline="")
        rows = csv.DictReader(text, strict=True)
        first = next(rows, {})
        version = (first.get(FORMAT_KEY) or "").strip()
        if version.isdecimal():  # before the columns, which may be others then
            check_format(int(version[:_DIGITS_MAX]))
        given = sorted(rows.fieldnames or ())
        if given not in [sorted(set(COLUMNS) - lacking) for lacking in _EARLIER]:
            raise NotPortable(tr("the columns are not those of an export"))
        for cells in chain([first] if first else [], rows):
            number += 1
            source.next_entry()
            yield _check(cells)
    except NotPortable as error:
        if not number:
            raise
        raise NotPortable(tr("check {number}: {why}").format(number=number, why=error)) from error
    except UnicodeDecodeError:
        raise (NotPortable(tr("it is not in UTF-8")) if number else NoExport()) from None
    except csv.Error:
        raise NotPortable(
            tr("it is no whole table after check {number}").format(number=number)
        ) from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):  # and times, which are dates as well
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else repr(value)


def _check(cells: dict[str, str]) -> Portable[CheckRecord]:
    if None in cells or None in cells.values():
        raise NotPortable(tr("its cells are not as many as the columns"))
    if cells[FORMAT_KEY].strip() != str(FORMAT):
        raise NotPortable(tr("another version of the format"))
    texts = {name: unguarded(cell) for name, cell in cells.items()}
    whose = {"name": texts["profile"], "created_at": texts["profile_created_at"]}
    person = {name: texts.get(f"profile_{name}", "") for name in _OF_PERSON}
    if person["birth_year"]:
        person["birth_year"] = _value("birth_year", person["birth_year"])
    whose |= {name: text for name, text in person.items() if text}
    owner = read_values(PortableProfile, whose)
    values = {name: _value(name, texts[name]) for name in _NAMES if name in texts}
    return Portable(owner, read_values(CheckRecord, values))


def _value(name: str, text: str) -> Any:
    """Return what JSON would have for a cell."""
    if not text and type(None) in _KINDS[name]:
        return None
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotPortable(tr("{name}: neither a number nor JSON").format(name=name)) from None
