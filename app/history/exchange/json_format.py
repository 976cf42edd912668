"""The history as one JSON object, UTF-8.

``{"beltline_history": 1, "profiles": [...], "checks": [...], "squeezes": [...],
"diary": [...]}``, where ``1`` is the format's number. A profile has ``name`` and
``created_at`` and, where they are known, ``client_id``, ``birth_year`` and ``next_check_on``; a
check has ``profile`` (a name) and the fields of
:class:`app.history.check_record.CheckRecord`, lists as lists; a squeeze test has ``profile``
and the fields of :class:`app.history.diary_record.SqueezeRecord`, an entry of the diary
``profile`` and those of :class:`app.history.diary_record.DiaryRecord`. What is not
known is null. ``docs/history_export.schema.json`` says so to other programs; it is written by
``python -m app.history.exchange.json_format > docs/history_export.schema.json``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app.history.check_record import CheckRecord
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.exchange.model import (
    ADAPTERS,
    FORMAT,
    FORMAT_KEY,
    NoExport,
    NotPortable,
    Portable,
    PortableHistory,
    PortableProfile,
    check_format,
    plain,
    plain_profile,
    read_values,
)
from app.history.values import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from _typeshed import SupportsWrite


_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)
#: What each list of an export holds.
LISTS: dict[str, type] = {
    "profiles": PortableProfile,
    "checks": CheckRecord,
    "squeezes": SqueezeRecord,
    "diary": DiaryRecord,
}


def write_json(
    stream: SupportsWrite[str],
    profiles: Sequence[PortableProfile],
    checks: Iterable[Portable[CheckRecord]],
    squeezes: Iterable[Portable[SqueezeRecord]] = (),
    entries: Iterable[Portable[DiaryRecord]] = (),
) -> int:
    """Write all of it, one a line, and return how many checks there were."""
    owners = list(map(plain_profile, profiles))
    stream.write(f'{{"{FORMAT_KEY}": {FORMAT},\n"profiles": {json_text(owners)},\n"checks": [')
    count = _write_lines(stream, checks)
    stream.write('],\n"squeezes": [')
    _write_lines(stream, squeezes)
    stream.write('],\n"diary": [')
    _write_lines(stream, entries)
    stream.write("]}\n")
    return count


def read_json(text: str) -> PortableHistory:
    """Return what a text holds.

    Raises
    ------
    NotPortable
        If it is no export, one of another format, or damaged; the text says where.
    """
    if FORMAT_KEY not in text:
        raise NoExport
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotPortable(str(error)) from error
    check_format(document.get(FORMAT_KEY))
    owners: dict[str, PortableProfile] = {}
    for values in _list(document, "profiles"):
        owner = read_values(PortableProfile, values)
        owners[owner.name] = owner
    return PortableHistory(
        tuple(owners.values()),
        _read_all("check", CheckRecord, _list(document, "checks"), owners),
        _read_all("squeeze test", SqueezeRecord, _list(document, "squeezes"), owners),
        _read_all("entry of the diary", DiaryRecord, _list(document, "diary"), owners),
    )


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of what an export into JSON holds."""
    found, shared = TypeAdapter.json_schemas(
        [(name, "validation", ADAPTERS[kind]) for name, kind in LISTS.items()],
        schema_generator=_WithoutTitles,
        title="Beltline's history",
        description="What 'beltline history export' writes into a .json file.",
    )
    owner = {"type": "string", "description": "The name of one of the profiles."}
    owned = {"properties": {"profile": owner}, "required": ["profile"]}
    lists = {
        name: {
            "type": "array",
            "items": found[name, "validation"]
            if kind is PortableProfile
            else {"allOf": [found[name, "validation"], owned]},
        }
        for name, kind in LISTS.items()
    }
    whole = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "type": "object",
        "properties": {FORMAT_KEY: {"const": FORMAT}, **lists},
        "required": [FORMAT_KEY, *lists],
        **shared,
    }
    return json.dumps(whole, indent=2) + "\n"


def _write_lines(stream: SupportsWrite[str], records: Iterable[Portable[_Record]]) -> int:
    """Write the objects of a list, each on its line, and return how many."""
    count = 0
    for count, record in enumerate(records, 1):
        stream.write(",\n" if count > 1 else "\n")
        stream.write(json_text(plain(record)))
    stream.write("\n")
    return count


def _list(document: Mapping[str, Any], name: str) -> list[object]:
    found = document.get(name)
    if not isinstance(found, list):
        raise NotPortable(f"{name}: no list")
    return found


def _read_all(
    what: str,
    kind: type[_Record],
    given: Sequence[object],
    owners: Mapping[str, PortableProfile],
) -> tuple[Portable[_Record], ...]:
    found = []
    for number, values in enumerate(given, 1):
        try:
            if not isinstance(values, dict):
                raise NotPortable("no object")
            owner = owners.get(str(values.get("profile")))
            if owner is None:
                raise NotPortable("its person is missing")
            found.append(Portable(owner, read_values(kind, values)))
        except NotPortable as error:
            raise NotPortable(f"{what} {number}: {error}") from error
    return tuple(found)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out titles, which would repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Tell that none is wanted."""
        del schema
        return False


if __name__ == "__main__":
    print(schema_text(), end="")
