"""A history outside of its database: what exports hold, by format and version alike.

The names are those of :class:`app.history.check_record.CheckRecord`,
:class:`app.history.diary_record.SqueezeRecord` and
:class:`app.history.diary_record__diary_record.DiaryRecord`, with the owner's ``profile`` and
``profile_created_at`` beside them. Times are ISO 8601 with their offset. Pictures stay behind.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.history.check_record import CheckRecord
from app.history.check_record__check_rebuild import check_of
from app.history.check_record__repeat_record import NO_REPEATS
from app.history.diary_record import SqueezeRecord, squeeze_of
from app.history.diary_record__diary_record import DiaryRecord, entry_of
from app.history.errors import ProfileNameError
from app.history.exchange.model__portable_values import (
    NotPortable,
    kinds_of,
    plain,
    read_moment,
    read_value,
)
from app.history.profiles import tidy_name
from app.history.records import Profile
from app.history.values import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.history.exchange.model__portable_values import Kind

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


@dataclass(frozen=True, slots=True)
class PortableCheck:
    """A check with its owner."""

    profile: PortableProfile
    record: CheckRecord


@dataclass(frozen=True, slots=True)
class PortableSqueeze:
    """A squeeze test with its owner."""

    profile: PortableProfile
    record: SqueezeRecord


@dataclass(frozen=True, slots=True)
class PortableEntry:
    """An entry of the diary with its owner."""

    profile: PortableProfile
    record: DiaryRecord


@dataclass(frozen=True, slots=True)
class PortableHistory:
    """All that an export holds, in any order; profiles may have no checks."""

    profiles: tuple[PortableProfile, ...]
    checks: tuple[PortableCheck, ...]
    squeezes: tuple[PortableSqueeze, ...] = ()
    entries: tuple[PortableEntry, ...] = ()


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


def plain_values(check: PortableCheck) -> dict[str, str | float | int | None]:
    """Return a check's values by name, as JSON can hold them; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {
        "profile": check.profile.name,
        "profile_created_at": check.profile.created_at.isoformat(),
    }
    return owner | plain(check.record, KINDS)


def plain_squeeze(squeeze: PortableSqueeze) -> dict[str, str | float | int | None]:
    """Return a squeeze test's values by name; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {"profile": squeeze.profile.name}
    return owner | plain(squeeze.record, SQUEEZE_KINDS)


def plain_entry(entry: PortableEntry) -> dict[str, str | float | int | None]:
    """Return an entry's values by name; JSON fields are still text."""
    owner: dict[str, str | float | int | None] = {"profile": entry.profile.name}
    return owner | plain(entry.record, ENTRY_KINDS)


def check_from(values: Mapping[str, Any]) -> PortableCheck:
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
    return PortableCheck(owner, record)


def squeeze_from(values: Mapping[str, Any], owner: PortableProfile) -> PortableSqueeze:
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
    return PortableSqueeze(owner, record)


def entry_from(values: Mapping[str, Any], owner: PortableProfile) -> PortableEntry:
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
    return PortableEntry(owner, record)


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
