"""The history as one JSON object, UTF-8.

``{"beltline_history": 1, "profiles": [...], "checks": [...]}``, where ``1`` is the format's
number. A profile has ``name`` and ``created_at``; a check has ``profile`` (a name) and the
fields of :class:`app.history.check_record.CheckRecord`, lists as lists. What is not known is
null.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.history.check_record import json_text
from app.history.portable import (
    FORMAT,
    JSON_FIELDS,
    NotPortable,
    PortableHistory,
    check_from,
    plain_values,
    profile_from,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from app.history.portable import PortableCheck, PortableProfile

FORMAT_KEY = "beltline_history"


def write_json(
    stream: TextIO, profiles: Sequence[PortableProfile], checks: Iterable[PortableCheck]
) -> int:
    """Write profiles and checks, one a line, and return how many checks there were."""
    owners = [
        {"name": profile.name, "created_at": profile.created_at.isoformat()} for profile in profiles
    ]
    stream.write(f'{{"{FORMAT_KEY}": {FORMAT},\n"profiles": {json_text(owners)},\n"checks": [')
    count = 0
    for check in checks:
        stream.write(",\n" if count else "\n")
        stream.write(_object(check))
        count += 1
    stream.write("\n]}\n")
    return count


def is_json(text: str) -> bool:
    """Tell whether a text begins like a JSON object."""
    return text.lstrip().startswith("{")


def parse_json(text: str) -> dict[str, Any]:
    """Return the object that a text holds.

    Raises
    ------
    NotPortable
        If it holds none.
    """
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotPortable(str(error)) from error
    if not isinstance(found, dict):
        raise NotPortable("not an object")
    return found


def read_json(document: dict[str, Any]) -> PortableHistory:
    """Return what an object holds.

    Raises
    ------
    NotPortable
        If it is damaged; the text says where.
    """
    profiles, checks = document.get("profiles"), document.get("checks")
    if not isinstance(profiles, list) or not isinstance(checks, list):
        raise NotPortable("profiles or checks are missing")
    owners: dict[str, PortableProfile] = {}
    for values in profiles:
        if not isinstance(values, dict):
            raise NotPortable("a profile is no object")
        owner = profile_from(values.get("name"), values.get("created_at"))
        owners[owner.name] = owner
    found = []
    for number, values in enumerate(checks, 1):
        try:
            found.append(_check(values, owners))
        except NotPortable as error:
            raise NotPortable(f"check {number}: {error}") from error
    return PortableHistory(tuple(owners.values()), tuple(found))


def _object(check: PortableCheck) -> str:
    values: dict[str, object] = dict(plain_values(check))
    del values["profile_created_at"]
    for name in JSON_FIELDS:
        values[name] = json.loads(str(values[name]))
    return json_text(values)


def _check(values: object, owners: dict[str, PortableProfile]) -> PortableCheck:
    if not isinstance(values, dict):
        raise NotPortable("no object")
    owner = owners.get(str(values.get("profile")))
    if owner is None:
        raise NotPortable("its profile is missing")
    lists = {name: json_text(values.get(name)) for name in JSON_FIELDS}
    created_at = owner.created_at.isoformat()
    return check_from({**values, **lists, "profile_created_at": created_at})


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
