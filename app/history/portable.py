"""A history outside of its database: what exports hold, by format and version alike.

The names are those of :class:`app.history.check_record.CheckRecord`, with the owner's
``profile`` and ``profile_created_at`` beside them. Times are ISO 8601 with their offset.
Pictures stay behind.
"""

from __future__ import annotations

import json
import math
import types
import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from app.history.check_rebuild import check_of
from app.history.check_record import CheckRecord, clean_text, json_text
from app.history.errors import ProfileNameError
from app.history.profile_names import tidy_name
from app.history.records import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The number of the exports' format, which changes when a name or meaning does.
FORMAT = 1
#: Fields that hold JSON.
JSON_FIELDS = frozenset({"reasons", "landmarks", "outline_px", "plumb_px"})
_INT_MAX = 2**31 - 1
_DEG_MAX = 360.0


class NotPortable(ValueError):
    """Values that are not those of a check."""


@dataclass(frozen=True, slots=True)
class PortableProfile:
    """Whose a check is; profiles are told apart by their names."""

    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PortableCheck:
    """A check with its owner."""

    profile: PortableProfile
    record: CheckRecord


@dataclass(frozen=True, slots=True)
class PortableHistory:
    """All that an export holds, in any order; profiles may have no checks."""

    profiles: tuple[PortableProfile, ...]
    checks: tuple[PortableCheck, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What came of an import.

    Attributes
    ----------
    checks
        How many were added.
    duplicates
        How many were there already, told by their ``uuid``, and stayed as they were.
    profiles
        How many profiles were new.
    """

    checks: int
    duplicates: int
    profiles: int


def _kinds() -> dict[str, tuple[type, bool]]:
    """Return the type of each field of a record, and whether it may be missing."""
    hints = get_type_hints(CheckRecord, globals() | {"datetime": datetime})
    kinds: dict[str, tuple[type, bool]] = {}
    for field in fields(CheckRecord):
        hint = hints[field.name]
        if isinstance(hint, types.UnionType):
            kinds[field.name] = get_args(hint)[0], True
        else:
            kinds[field.name] = hint, False
    return kinds


#: Name -> type, and whether it may be missing; in the order of the exports.
KINDS = _kinds()


def plain_values(check: PortableCheck) -> dict[str, str | float | int | None]:
    """Return a check's values by name, as JSON can hold them; JSON fields are still text."""
    values: dict[str, str | float | int | None] = {
        "profile": check.profile.name,
        "profile_created_at": check.profile.created_at.isoformat(),
    }
    for name, (kind, _) in KINDS.items():
        value = getattr(check.record, name)
        values[name] = value.isoformat() if kind is datetime else value
    return values


def check_from(values: Mapping[str, Any]) -> PortableCheck:
    """Return the check that these values make.

    Raises
    ------
    NotPortable
        If they make none.
    """
    try:
        given = {name: _value(values[name], *kind) for name, kind in KINDS.items()}
        given["uuid"] = str(uuid.UUID(given["uuid"]))
        for name in JSON_FIELDS:
            given[name] = json_text(json.loads(given[name]))
        record = CheckRecord(**given)
        owner = profile_from(values["profile"], values["profile_created_at"])
        # Whatever cannot be shown again is no check.
        shown = check_of(record, 0, Profile(0, owner.name, owner.created_at), None).row.tilt
    except NotPortable:
        raise
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise NotPortable(str(error)) from error
    if max(abs(shown.angle_deg), abs(shown.low_deg), abs(shown.high_deg)) > _DEG_MAX:
        raise NotPortable("an angle beyond a full turn")
    return PortableCheck(owner, record)


def profile_from(name: object, created_at: object) -> PortableProfile:
    """Return the profile that these values make; :class:`NotPortable` if they make none."""
    if not isinstance(name, str):
        raise NotPortable("a name is no text")
    try:
        return PortableProfile(tidy_name(name), _value(created_at, datetime, False))
    except ProfileNameError as error:
        raise NotPortable(str(error)) from error


def _value(value: Any, kind: type, may_be_missing: bool) -> Any:
    """Return a value of this type, from JSON's or from a text."""
    if value is None or (may_be_missing and value == ""):
        if may_be_missing:
            return None
        raise NotPortable("a value is missing")
    if kind is datetime:
        return _moment(value)
    if kind is str:
        if not isinstance(value, str):
            raise NotPortable(f"not a text: {value!r}")
        return clean_text(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotPortable(f"not a number: {value!r}")
    number = kind(value)
    if kind is int and (not 0 <= number <= _INT_MAX or number != float(value)):
        raise NotPortable(f"not a whole number in range: {value!r}")
    if not math.isfinite(number):
        raise NotPortable(f"not a finite number: {value!r}")
    return number


def _moment(value: object) -> datetime:
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
