"""The history as one JSON object, UTF-8.

``{"beltline_history": 1, "profiles": [...], "checks": [...], "squeezes": [...],
"diary": [...]}``, where ``1`` is the format's number. A profile has ``name`` and
``created_at``; a check has ``profile`` (a name) and the fields of
:class:`app.history.check_record.CheckRecord`, lists as lists; a squeeze test has ``profile``
and the fields of :class:`app.history.diary_record.SqueezeRecord`, an entry of the diary
``profile`` and those of :class:`app.history.diary_record.DiaryRecord`. What is not
known is null. Exports of older versions have no ``diary`` or no ``squeezes``, and their checks no
``repeats``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from app.history.exchange.model import (
    DEFAULTS,
    ENTRY_JSON_FIELDS,
    FORMAT,
    JSON_FIELDS,
    SQUEEZE_JSON_FIELDS,
    NotPortable,
    PortableHistory,
    check_from,
    entry_from,
    plain_entry,
    plain_squeeze,
    plain_values,
    profile_from,
    squeeze_from,
)
from app.history.values import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TextIO

    from app.history.check_record import CheckRecord
    from app.history.diary_record import DiaryRecord, SqueezeRecord
    from app.history.exchange.model import (
        Portable,
        PortableProfile,
    )

FORMAT_KEY = "beltline_history"
_One = TypeVar("_One")


def write_json(
    stream: TextIO,
    profiles: Sequence[PortableProfile],
    checks: Iterable[Portable[CheckRecord]],
    squeezes: Iterable[Portable[SqueezeRecord]] = (),
    entries: Iterable[Portable[DiaryRecord]] = (),
) -> int:
    """Write all of it, one a line, and return how many checks there were."""
    owners = [
        {"name": profile.name, "created_at": profile.created_at.isoformat()} for profile in profiles
    ]
    stream.write(f'{{"{FORMAT_KEY}": {FORMAT},\n"profiles": {json_text(owners)},\n"checks": [')
    count = _write_lines(stream, map(_object, checks))
    stream.write('],\n"squeezes": [')
    _write_lines(stream, map(_squeeze_object, squeezes))
    stream.write('],\n"diary": [')
    _write_lines(stream, map(_entry_object, entries))
    stream.write("]}\n")
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
    document = {"squeezes": [], "diary": [], **document}
    owners: dict[str, PortableProfile] = {}
    for values in _list(document, "profiles"):
        if not isinstance(values, dict):
            raise NotPortable("a profile is no object")
        owner = profile_from(values.get("name"), values.get("created_at"))
        owners[owner.name] = owner
    return PortableHistory(
        tuple(owners.values()),
        _read_all("check", _list(document, "checks"), owners, _check),
        _read_all("squeeze test", _list(document, "squeezes"), owners, _squeeze),
        _read_all("entry of the diary", _list(document, "diary"), owners, _entry),
    )


def _list(document: Mapping[str, Any], name: str) -> list[object]:
    found = document.get(name)
    if not isinstance(found, list):
        raise NotPortable(f"{name} are missing")
    return found


def _write_lines(stream: TextIO, lines: Iterable[str]) -> int:
    """Write the objects of a list, each on its line, and return how many."""
    count = 0
    for line in lines:
        stream.write(",\n" if count else "\n")
        stream.write(line)
        count += 1
    stream.write("\n")
    return count


def _object(check: Portable[CheckRecord]) -> str:
    values: dict[str, object] = dict(plain_values(check))
    del values["profile_created_at"]
    return _with_lists(values, JSON_FIELDS)


def _squeeze_object(squeeze: Portable[SqueezeRecord]) -> str:
    return _with_lists(dict(plain_squeeze(squeeze)), SQUEEZE_JSON_FIELDS)


def _entry_object(entry: Portable[DiaryRecord]) -> str:
    return _with_lists(dict(plain_entry(entry)), ENTRY_JSON_FIELDS)


def _with_lists(values: dict[str, object], names: Iterable[str]) -> str:
    for name in names:
        values[name] = json.loads(str(values[name]))
    return json_text(values)


def _read_all(
    what: str,
    given: Sequence[object],
    owners: Mapping[str, PortableProfile],
    read: Callable[[dict[str, Any], PortableProfile], _One],
) -> tuple[_One, ...]:
    found = []
    for number, values in enumerate(given, 1):
        try:
            if not isinstance(values, dict):
                raise NotPortable("no object")
            owner = owners.get(str(values.get("profile")))
            if owner is None:
                raise NotPortable("its profile is missing")
            found.append(read(values, owner))
        except NotPortable as error:
            raise NotPortable(f"{what} {number}: {error}") from error
    return tuple(found)


def _check(values: dict[str, Any], owner: PortableProfile) -> Portable[CheckRecord]:
    created_at = owner.created_at.isoformat()
    return check_from({**values, **_lists(values, JSON_FIELDS), "profile_created_at": created_at})


def _squeeze(values: dict[str, Any], owner: PortableProfile) -> Portable[SqueezeRecord]:
    return squeeze_from({**values, **_lists(values, SQUEEZE_JSON_FIELDS)}, owner)


def _entry(values: dict[str, Any], owner: PortableProfile) -> Portable[DiaryRecord]:
    return entry_from({**values, **_lists(values, ENTRY_JSON_FIELDS)}, owner)


def _lists(values: dict[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Return the lists of an object as text; one that older exports lack is left out."""
    wanted = (name for name in names if name in values or name not in DEFAULTS)
    return {name: json_text(values.get(name)) for name in wanted}


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
