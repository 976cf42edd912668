"""Rows that make no sense: found before lists are read, left out of them, and told of by number.

A flipped bit seldom breaks the file itself; it makes a letter of a number, or a method of which
nobody has heard. Such a row costs itself and nothing else.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import fields
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa
from pydantic.fields import FieldInfo

from app.history import values
from app.history.check_record import NO_REPEATS, CheckRecord, measured_of, repeats_of
from app.history.db.schema import checks, profiles
from app.history.diary_record import DiaryRecord, SqueezeRecord, entry_of, squeeze_of
from app.history.records import Arms, RowKind, UnreadableRow
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    _Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)

_Answer = TypeVar("_Answer")
#: What values raise that make no record; a driver's own values are among them.
UNFIT = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, AttributeError)
#: In the options of every connection to a database.
OPTION = "beltline_unreadable"
#: The years 1 to 9999, microseconds since 1970; a zone's own time lies in them.
US_LEAST, US_MOST = -62_135_596_800_000_000, 253_402_300_799_999_999
_DAY_US = 86_400_000_000
_OFFSET_MOST_S = 86_399
#: More checks than these are not looked through before anything is wrong.
_MANY = 20_000


class RowsLeftOut:
    """Which rows of a database could not be read; from any thread.

    Attributes
    ----------
    hidden
        Numbers of the checks whose row itself makes no sense, so that no list has them; None
        before they were looked for.
    has_met_one
        Whether a list has come upon such a row.
    """

    def __init__(self) -> None:
        self._rows: dict[UnreadableRow, None] = {}
        self._guard = Lock()
        self.hidden: frozenset[int] | None = None
        self.has_met_one = False

    def add(self, kind: RowKind, row_id: int) -> None:
        """Note a row."""
        with self._guard:
            self._rows[UnreadableRow(kind, row_id)] = None

    def all(self) -> tuple[UnreadableRow, ...]:
        """Return what was noted, by kind and number."""
        with self._guard:
            return tuple(sorted(self._rows, key=lambda row: (row.kind, row.id)))


def unreadable_in(connection: sa.Connection) -> RowsLeftOut:
    """Return where a connection's database notes what cannot be read."""
    found: RowsLeftOut = connection.get_execution_options()[OPTION]
    return found


def readable_checks(connection: sa.Connection) -> list[sa.ColumnElement[bool]]:
    """Return what keeps unreadable checks out of a list; nothing where all make sense.

    All rows are looked at once, which takes some hundred no time. Of 100,000 it takes a tenth
    of a second, a third of what opening may: of so many, only once a list has come upon one
    that makes no sense. What is in a check beside its row is looked at when that is read.
    """
    ids = hidden_checks(connection)
    if not ids:
        return []
    # In words, for a statement takes no more than some 32,000 values.
    return [sa.literal_column(f"checks.id NOT IN ({', '.join(map(str, ids))})", sa.Boolean)]


def hidden_checks(connection: sa.Connection) -> frozenset[int]:
    """Return the numbers of the checks that :func:`readable_checks` keeps out."""
    noted = unreadable_in(connection)
    found = noted.hidden
    if found is None and not noted.has_met_one:
        newest = connection.execute(sa.select(sa.func.max(checks.c.id))).scalar()
        if newest is not None and newest > _MANY:
            noted.hidden = found = frozenset()
    if found is None:
        noted.hidden = found = frozenset(connection.execute(unfit_checks(connection)).scalars())
        for row_id in found:
            noted.add(RowKind.CHECK, row_id)
    return found


def unfit_checks(connection: sa.Connection) -> sa.Select[Any]:
    """Ask for the numbers of all checks whose row alone makes no sense."""
    return sa.select(checks.c.id).where(checks.c.hidden_by.is_(None), _unfit(connection))


def looking_again(connection: sa.Connection, read: Callable[[], _Answer]) -> _Answer:
    """Read something of checks; where a row has come to make no sense meanwhile, once more."""
    try:
        return read()
    except UNFIT:
        noted = unreadable_in(connection)
        noted.hidden, noted.has_met_one = None, True
        return read()


def checked(record: _Record) -> _Record:
    """Return a record that can be shown and exported; one of :data:`UNFIT` for any other."""
    for name, kinds, least, most in _ALLOWED[type(record)]:
        value = getattr(record, name)
        if type(value) not in kinds:
            raise TypeError(name)
        if isinstance(value, float | int) and not (math.isfinite(value) and least <= value <= most):
            raise ValueError(name)
    uuid.UUID(record.uuid)
    if isinstance(record, CheckRecord):
        method = measured_of(record).tilt.method
        if record.repeats != NO_REPEATS:
            repeats_of(record.repeats, method)
    elif isinstance(record, SqueezeRecord):
        squeeze_of(record, 0, 0)
    else:
        entry_of(record, 0, 0)
    return record


def _unfit(connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Return what holds for checks whose row alone makes no sense."""
    is_sqlite = connection.dialect.name == "sqlite"  # where a column may hold anything
    c = checks.c

    def unlike(column: sa.Column[Any], *kinds: str) -> list[sa.ColumnElement[bool]]:
        return [sa.func.typeof(column).not_in(kinds)] if is_sqlite else []

    def numbers(least: float, most: float, *columns: Any) -> Iterable[sa.ColumnElement[bool]]:
        for column in columns:
            kinds = ("integer",) if isinstance(column.type, sa.Integer) else ("integer", "real")
            yield from unlike(column, *kinds, *(("null",) if column.nullable else ()))
            yield ~column.between(least, most)

    def times(name: str) -> Iterable[sa.ColumnElement[bool]]:
        at_us, offset_s = c[f"{name}_us"], c[f"{name}_offset_s"]
        yield from numbers(US_LEAST - _DAY_US, US_MOST + _DAY_US, at_us)
        yield from numbers(-_OFFSET_MOST_S, _OFFSET_MOST_S, offset_s)
        yield ~(at_us + offset_s * sa.literal(1_000_000, sa.BigInteger)).between(US_LEAST, US_MOST)
        yield at_us.isnot(None) & offset_s.is_(None)

    texts = (c.uuid, c.garment, c.note, c.search_text)
    return sa.or_(
        c.method.not_in([one.value for one in Method]),
        c.arms.not_in([one.value for one in Arms]),
        c.profile_id.not_in(sa.select(profiles.c.id)),
        *numbers(-360, 360, c.angle_deg),
        *numbers(0, 1e300, c.sd_reading_deg, c.sd_roll_deg, c.sd_bones_deg, c.repeat_spread_deg),
        *numbers(0, values.INT_MAX, c.repeat_count),
        *(one for name in ("taken", "saved", "calibrated") for one in times(name)),
        *(one for text in texts for one in unlike(text, "text")),
        *unlike(c.arms, "text", "null"),
    )


def _allowed(record: type) -> tuple[tuple[str, frozenset[type], float, float], ...]:
    """Return each field's name, the types of its values, and how small and large they may be."""
    hints = get_type_hints(record, include_extras=True)
    return tuple((field.name, *_kinds(hints[field.name])) for field in fields(record))


def _kinds(hint: Any) -> tuple[frozenset[type], float, float]:
    kinds: set[type] = set()
    ends = [-math.inf, math.inf]

    def look(one: Any) -> None:
        for extra in getattr(one, "__metadata__", ()):
            for limit in extra.metadata if isinstance(extra, FieldInfo) else ():
                ends[0] = max(ends[0], getattr(limit, "ge", -math.inf))
                ends[1] = min(ends[1], getattr(limit, "le", math.inf))
        if hasattr(one, "__metadata__"):
            look(one.__origin__)
        elif get_args(one) and (get_origin(one) is Union or not isinstance(one, type)):
            for part in get_args(one):
                look(part)
        else:
            # A number without decimals is one all the same.
            kinds.update({float, int} if one is float else {one})

    look(hint)
    assert kinds <= {str, int, float, bool, datetime, type(None)}, kinds
    return frozenset(kinds), ends[0], ends[1]


_ALLOWED = {record: _allowed(record) for record in (CheckRecord, SqueezeRecord, DiaryRecord)}
