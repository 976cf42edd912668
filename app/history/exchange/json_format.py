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
from contextlib import contextmanager
from io import BufferedReader
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import ijson
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app.history.check_record import CheckRecord
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.exchange.model import (
    ADAPTERS,
    FORMAT,
    FORMAT_KEY,
    PEOPLE_MAX,
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
from app.history.exchange.sources import OneByOne
from app.history.values import json_text
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from _typeshed import SupportsWrite


_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)
#: No record of ours holds lists in lists as deep as this.
_DEEPEST = 32
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


def read_json(stream: BinaryIO) -> PortableHistory:
    """Return what a file holds, read as it is asked for: profiles first, all else in its order.

    Parameters
    ----------
    stream
        Can go back to its beginning, and is not read by anybody else meanwhile.

    Raises
    ------
    NotPortable
        If it is no export, one of another format, or damaged, also while it is being read;
        the text says where.
    """
    found = _overlooked(stream)
    owners: dict[str, PortableProfile] = {}
    for values in _items(stream, "profiles", found):
        owner = read_values(PortableProfile, values)
        owners[owner.name] = owner
        if len(owners) > PEOPLE_MAX:
            raise NotPortable(tr("more people than Beltline keeps"))
    return PortableHistory(
        owners.values(),
        _read_all(
            tr("check {number}: {why}"), CheckRecord, _items(stream, "checks", found), owners
        ),
        _read_all(
            tr("squeeze test {number}: {why}"),
            SqueezeRecord,
            _items(stream, "squeezes", found),
            owners,
        ),
        _read_all(
            tr("entry of the diary {number}: {why}"),
            DiaryRecord,
            _items(stream, "diary", found),
            owners,
        ),
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


def _overlooked(stream: BinaryIO) -> dict[str, int]:
    """Return how much each list holds, once the whole is the JSON of an export."""
    lists: dict[str, int] = {}
    source, depth, key, keys = OneByOne(stream), 0, "", set[str]()
    with _plainly(keys):
        for event, value in ijson.basic_parse(BufferedReader(source), use_float=True):
            if event.startswith("start"):
                if depth == 0 and event != "start_map":
                    raise NoExport
                if depth == 1 and event == "start_array":
                    lists[key] = 0
                depth += 1
                if depth > _DEEPEST:
                    raise NotPortable(tr("lists in lists without end"))
                continue
            depth -= event.startswith("end")
            if depth == 2 and event != "map_key":
                source.next_entry()
                if key in lists:
                    lists[key] += 1
            elif depth == 1 and event == "map_key":
                key = value
                if key in keys:
                    raise NotPortable(tr("{key}: there twice").format(key=key))
                keys.add(key)
            elif depth == 1 and key == FORMAT_KEY:
                check_format(value)
    if FORMAT_KEY not in keys:
        raise NoExport
    for key in LISTS:
        if key not in lists:
            raise NotPortable(tr("{key}: no list").format(key=key))
    return lists


def _items(stream: BinaryIO, name: str, counts: Mapping[str, int]) -> Iterator[object]:
    """Give the entries of a list one by one; what stands behind the last is not read again."""
    if not counts[name]:
        return
    source = BufferedReader(OneByOne(stream, is_known=True))
    with _plainly({FORMAT_KEY}):
        given = ijson.items(source, f"{name}.item", use_float=True)
        yield from islice(given, counts[name])


@contextmanager
def _plainly(seen: Collection[str]) -> Iterator[None]:
    """Tell in our own words what is no JSON; before the format's number it is no export."""
    try:
        yield
    except (ijson.JSONError, UnicodeDecodeError, OverflowError):
        raise (NotPortable(tr("it is no whole JSON")) if FORMAT_KEY in seen else NoExport) from None


def _read_all(
    fault: str,
    kind: type[_Record],
    given: Iterable[object],
    owners: Mapping[str, PortableProfile],
) -> Iterator[Portable[_Record]]:
    for number, values in enumerate(given, 1):
        try:
            if not isinstance(values, dict):
                raise NotPortable(tr("no object"))
            owner = owners.get(str(values.get("profile")))
            if owner is None:
                raise NotPortable(tr("its person is missing"))
            yield Portable(owner, read_values(kind, values))
        except NotPortable as error:
            raise NotPortable(fault.format(number=number, why=error)) from error


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out titles, which would repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Tell that none is wanted."""
        del schema
        return False


if __name__ == "__main__":
    print(schema_text(), end="")
