"""Single values of an export: what a record's field may be, and what was read as one."""

from __future__ import annotations

import math
import types
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from app.history.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_INT_MAX = 2**31 - 1


class NotPortable(ValueError):
    """Values that are not those of a check or a squeeze test."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field holds, and whether it may be missing."""

    type: type
    may_be_missing: bool


def kinds_of(record: type) -> Mapping[str, Kind]:
    """Return what each field of a record holds, in their order."""
    hints = get_type_hints(record, localns={"datetime": datetime})
    kinds: dict[str, Kind] = {}
    for field in fields(record):
        hint = hints[field.name]
        is_union = isinstance(hint, types.UnionType)
        kinds[field.name] = Kind(get_args(hint)[0] if is_union else hint, is_union)
    return kinds


def plain(record: object, kinds: Mapping[str, Kind]) -> dict[str, str | float | int | None]:
    """Return a record's values by name, as JSON can hold them."""
    values: dict[str, str | float | int | None] = {}
    for name, kind in kinds.items():
        value = getattr(record, name)
        values[name] = value.isoformat() if kind.type is datetime else value
    return values


def read_value(value: Any, kind: Kind) -> Any:
    """Return a value of this kind, from JSON's or from a text.

    Raises
    ------
    NotPortable
        If it is none.
    """
    if value is None or (kind.may_be_missing and value == ""):
        if kind.may_be_missing:
            return None
        raise NotPortable("a value is missing")
    if kind.type is datetime:
        return read_moment(value)
    if kind.type is str:
        if not isinstance(value, str):
            raise NotPortable(f"not a text: {value!r}")
        return clean_text(value)
    if kind.type is bool:
        if not isinstance(value, bool):
            raise NotPortable(f"neither true nor false: {value!r}")
        return value
    return _number(value, kind.type)


def read_moment(value: object) -> datetime:
    """Return a time with its offset from UTC; :class:`NotPortable` if it is none."""
    if not isinstance(value, str):
        raise NotPortable(f"not a time: {value!r}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise NotPortable(f"not a time: {value!r}") from error
    offset = moment.utcoffset()
    if offset is None or offset.microseconds:
        raise NotPortable(f"a time without its offset from UTC: {value!r}")
    return moment


def _number(value: Any, kind: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotPortable(f"not a number: {value!r}")
    number = kind(value)
    if kind is int and (not 0 <= number <= _INT_MAX or number != float(value)):
        raise NotPortable(f"not a whole number in range: {value!r}")
    if not math.isfinite(number):
        raise NotPortable(f"not a finite number: {value!r}")
    return number
