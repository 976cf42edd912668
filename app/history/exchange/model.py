"""A history outside of its database: what exports hold, by format and version alike.

The names are those of :class:`app.history.check_record.CheckRecord`,
:class:`app.history.diary_record.SqueezeRecord` and
:class:`app.history.diary_record.DiaryRecord`, with the owner's ``profile`` beside them. Times
are ISO 8601 with their offset. Pictures stay behind, and so do the folders they lay in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, Strict, TypeAdapter, ValidationError

from app.history.check_record import CheckRecord, completed, measured_of
from app.history.diary_record import DiaryRecord, SqueezeRecord, entry_of
from app.history.errors import ProfileDetailError, ProfileNameError
from app.history.values import (
    Day,
    Time,
    json_fields,
    real_birth_year,
    tidy_client_id,
    tidy_name,
    why_refused,
)
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.history.records import Profile

#: The number of the exports' format, which changes when a name or meaning does.
FORMAT = 1
FORMAT_KEY = "beltline_history"
#: No practice has as many.
PEOPLE_MAX = 100_000
_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)
_Kept = TypeVar("_Kept")
#: What parts folders, on any system and in the address of a camera.
_PARTING = "/\\"


class NotPortable(ValueError):
    """Values that are not those of a profile, a check, a squeeze test or an entry."""


class NoExport(NotPortable):
    """What no version of Beltline has exported."""


class OtherFormat(NotPortable):
    """An export of another version of Beltline."""


@dataclass(frozen=True, slots=True)
class PortableProfile:
    """Whose a check is; profiles are told apart by their names."""

    name: Annotated[str, Strict(), AfterValidator(tidy_name)]
    created_at: Time
    client_id: Annotated[str, Strict(), AfterValidator(tidy_client_id)] = ""
    birth_year: Annotated[int | None, Strict(), AfterValidator(real_birth_year)] = None
    next_check_on: Day = None

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """Return what exports keep of a profile."""
        return cls(**{field.name: getattr(profile, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Portable(Generic[_Record]):
    """A check, a squeeze test or an entry of the diary with its owner."""

    profile: PortableProfile
    record: _Record


@dataclass(frozen=True, slots=True)
class PortableHistory:
    """All that an export holds; profiles may have no checks.

    Each is gone through once, in this order, and a large file is read only then: see
    :func:`app.history.exchange.json_format.read_json`.
    """

    profiles: Iterable[PortableProfile]
    checks: Iterable[Portable[CheckRecord]]
    squeezes: Iterable[Portable[SqueezeRecord]] = ()
    entries: Iterable[Portable[DiaryRecord]] = ()

    def at_once(self) -> PortableHistory:
        """Return the same, all of it read; NotPortable as where it is read one by one."""
        return PortableHistory(
            tuple(self.profiles), tuple(self.checks), tuple(self.squeezes), tuple(self.entries)
        )


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


#: What reads each of them from JSON's values.
ADAPTERS: Mapping[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (PortableProfile, CheckRecord, SqueezeRecord, DiaryRecord)
}
#: Which of their fields hold JSON text.
JSON_FIELDS = {kind: json_fields(kind) for kind in ADAPTERS}


def check_format(number: object) -> None:
    """Raise what is wrong with a file whose format has this number, if anything."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise NoExport
    if number != FORMAT:
        raise OtherFormat


def plain_profile(profile: PortableProfile) -> dict[str, str | int]:
    """Return what is known of a profile by name, as JSON holds it."""
    found: dict[str, str | int] = {}
    for field in fields(profile):
        value = getattr(profile, field.name)
        if isinstance(value, date):  # and times, which are dates as well
            value = value.isoformat()
        if value not in (None, ""):
            found[field.name] = value
    return found


def to_share(record: _Record) -> _Record:
    """Return what others may read of a record: the name of a picture's file, not its folders."""
    if not isinstance(record, CheckRecord):
        return record
    path = record.source.rstrip(_PARTING)
    name = path[1 + max(path.rfind(one) for one in _PARTING) :]
    shared: _Record = replace(record, source=name)
    return shared


def plain(portable: Portable[_Record]) -> dict[str, Any]:
    """Return the name of the owner and a record's values by name, as JSON holds them."""
    record = to_share(portable.record)
    found: dict[str, Any] = {"profile": portable.profile.name}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in JSON_FIELDS[type(record)]:
            value = json.loads(value)
        found[field.name] = value.isoformat() if isinstance(value, datetime) else value
    return found


def read_values(kind: type[_Kept], values: object) -> _Kept:
    """Return the profile or record that JSON's values make; NotPortable if they make none."""
    try:
        found = ADAPTERS[kind].validate_python(values)
        # Whatever cannot be shown again is no check, and no entry.
        if isinstance(found, CheckRecord):
            found = completed(found)
            measured_of(found)
        elif isinstance(found, DiaryRecord):
            entry_of(found, 0, 0)
    except ValidationError as error:
        raise NotPortable(why_refused(error)) from error
    except (LookupError, ArithmeticError, RecursionError, TypeError) as error:
        raise NotPortable(tr("its values do not fit together")) from error
    except (ProfileNameError, ProfileDetailError) as error:
        raise NotPortable(error.message) from error
    except ValueError as error:
        raise NotPortable(str(error)) from error
    kept: _Kept = found
    return kept
