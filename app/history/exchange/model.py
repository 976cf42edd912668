"""A history outside of its database: what exports hold, by format and version alike.

The names are those of :class:`app.history.check_record.CheckRecord`,
:class:`app.history.diary_record.SqueezeRecord` and
:class:`app.history.diary_record.DiaryRecord`, with the owner's ``profile`` and
``profile_created_at`` beside them. Times are ISO 8601 with their offset. Pictures stay behind.
"""

from __future__ import annotations

import json
import math
import types
import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from app.history.check_record import NO_REPEATS, CheckRecord, check_of
from app.history.diary_record import DiaryRecord, SqueezeRecord, entry_of, squeeze_of
from app.history.errors import ProfileNameError
from app.history.records import Profile
from app.history.values import clean_text, json_text, tidy_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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


#: The number of the exports' format, which changes when a name or meaning does.
FORMAT = 1
#: Fields that hold JSON.
JSON_FIELDS = frozenset({"reasons", "landmarks", "outline_px", "plumb_px", "repeats"})
SQUEEZE_JSON_FIELDS = frozenset({"rounds"})
ENTRY_JSON_FIELDS = frozenset({"content"})
#: What stands for a field of a check that exports of older versions lack.
DEFAULTS: Mapping[str, str] = {"repeats": NO_REPEATS}
_DEG_MAX = 360.0
#: What values raise that make no record.
_UNFIT = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class PortableProfile:
    """Whose a check is; profiles are told apart by their names."""

    name: str
    created_at: datetime


_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)


@dataclass(frozen=True, slots=True)
class Portable(Generic[_Record]):
    """A check, a squeeze test or an entry of the diary with its owner."""

    profile: PortableProfile
    record: _Record


@dataclass(frozen=True, slots=True)
class PortableHistory:
    """All that an export holds, in any order; profiles may have no checks."""

    profiles: tuple[PortableProfile, ...]
    checks: tuple[Portable[CheckRecord], ...]
    squeezes: tuple[Portable[SqueezeRecord], ...] = ()
    entries: tuple[Portable[DiaryRecord], ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """What came of an import.

    Attributes
    ----------
    checks
        How many were added.
    duplicates
        How many checks were there already, told by their ``uuid``, and stayed as they were.
    profiles
        How many profiles were new.
    squeezes
        How many squeeze tests were added.
    entries
        How many entries of the diary were added.
    """

    checks: int
    duplicates: int
    profiles: int
    squeezes: int = 0
    entries: int = 0


#: Fields in the order of the exports.
KINDS = kinds_of(CheckRecord)
SQUEEZE_KINDS = kinds_of(SqueezeRecord)
ENTRY_KINDS = kinds_of(DiaryRecord)


def plain_values(check: Portable[CheckRecord]) -> dict[str, str | float | int | None]:
    """Return a check's values by name, as JSON can hold them; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {
        "profile": check.profile.name,
        "profile_created_at": check.profile.created_at.isoformat(),
    }
    return owner | plain(check.record, KINDS)


def plain_squeeze(squeeze: Portable[SqueezeRecord]) -> dict[str, str | float | int | None]:
    """Return a squeeze test's values by name; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {"profile": squeeze.profile.name}
    return owner | plain(squeeze.record, SQUEEZE_KINDS)


def plain_entry(entry: Portable[DiaryRecord]) -> dict[str, str | float | int | None]:
    """Return an entry's values by name; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {"profile": entry.profile.name}
    return owner | plain(entry.record, ENTRY_KINDS)


def check_from(values: Mapping[str, Any]) -> Portable[CheckRecord]:
    """Return the check that these values make.

    Raises
    ------
    NotPortable
        If they make none.
    """
    try:
        record = CheckRecord(**_given({**DEFAULTS, **values}, KINDS, JSON_FIELDS))
        owner = profile_from(values["profile"], values["profile_created_at"])
        # Whatever cannot be shown again is no check.
        shown = check_of(record, 0, Profile(0, owner.name, owner.created_at), None)
    except NotPortable:
        raise
    except _UNFIT as error:
        raise NotPortable(str(error)) from error
    for tilt in (shown.row.tilt, *(repeat.tilt for repeat in shown.repeats)):
        _check_angles((tilt.angle_deg, tilt.low_deg, tilt.high_deg))
    return Portable(owner, record)


def squeeze_from(values: Mapping[str, Any], owner: PortableProfile) -> Portable[SqueezeRecord]:
    """Return the squeeze test that these values make.

    Raises
    ------
    NotPortable
        If they make none.
    """
    try:
        record = SqueezeRecord(**_given(values, SQUEEZE_KINDS, SQUEEZE_JSON_FIELDS))
        result = squeeze_of(record, 0, 0).result
    except NotPortable:
        raise
    except _UNFIT as error:
        raise NotPortable(str(error)) from error
    _check_angles((result.backward_deg, result.low_deg, result.high_deg))
    for one in result.rounds:
        _check_angles((one.before_deg, one.squeezed_deg, one.after_deg))
    return Portable(owner, record)


def entry_from(values: Mapping[str, Any], owner: PortableProfile) -> Portable[DiaryRecord]:
    """Return the entry of the diary that these values make.

    Raises
    ------
    NotPortable
        If they make none.
    """
    try:
        record = DiaryRecord(**_given(values, ENTRY_KINDS, ENTRY_JSON_FIELDS))
        entry_of(record, 0, 0)
    except NotPortable:
        raise
    except _UNFIT as error:
        raise NotPortable(str(error)) from error
    return Portable(owner, record)


def profile_from(name: object, created_at: object) -> PortableProfile:
    """Return the profile that these values make; :class:`NotPortable` if they make none."""
    if not isinstance(name, str):
        raise NotPortable("a name is no text")
    try:
        return PortableProfile(tidy_name(name), read_moment(created_at))
    except ProfileNameError as error:
        raise NotPortable(str(error)) from error


def _given(
    values: Mapping[str, Any], kinds: Mapping[str, Kind], json_fields: Iterable[str]
) -> dict[str, Any]:
    """Return the values of a record's fields, tidied."""
    given = {name: read_value(values[name], kind) for name, kind in kinds.items()}
    given["uuid"] = str(uuid.UUID(given["uuid"]))
    for name in json_fields:
        given[name] = json_text(json.loads(given[name]))
    return given


def _check_angles(angles_deg: Iterable[float]) -> None:
    if max(map(abs, angles_deg)) > _DEG_MAX:
        raise NotPortable("an angle beyond a full turn")
