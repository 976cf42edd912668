"""One entry of the diary as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. ``content`` is JSON text:
an object with the fields of the entry's type in :mod:`app.history.diary`. A field that it
lacks has its default; one that is not known is passed over, so that a newer version may add.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from app.history import values__moments as moments
from app.history.diary import KINDS, Break, Entry, EntryKind, ExerciseSet, Plan
from app.history.values import clean_text, json_text
from vision._version import __version__

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import TypeAdapter

    from app.history.diary import Content

_TYPES = {kind: content_type for content_type, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class DiaryRecord:
    """One entry; ``kind`` is a value of :class:`app.history.diary.EntryKind`."""

    uuid: str
    kind: str
    taken_at: datetime
    saved_at: datetime
    content: str
    version: str


def record_of_entry(at: datetime, content: Content) -> DiaryRecord:
    """Return the plain values of a new entry, with a new identity, saved now.

    Raises
    ------
    ValueError
        If ``at`` is without an offset, or a number makes no sense.
    """
    moments.utc_us(at)
    kind = KINDS[type(content)]
    text = clean_text(json_text(dataclasses.asdict(content)))
    content_of(kind.value, text)
    return DiaryRecord(
        uuid=str(uuid.uuid4()),
        kind=kind.value,
        taken_at=at,
        saved_at=moments.now(),
        content=text,
        version=__version__,
    )


def entry_of(record: DiaryRecord, entry_id: int, profile_id: int) -> Entry:
    """Return an entry as it was; ValueError if the values make none."""
    return Entry(entry_id, profile_id, record.taken_at, content_of(record.kind, record.content))


def content_of(kind: str, text: str) -> Content:
    """Return what an entry of this kind holds.

    Raises
    ------
    ValueError
        If the text holds no such thing.
    """
    found: Content = _adapter(EntryKind(kind)).validate_python(json.loads(text))
    if min(_numbers(found), default=0.0) < 0:
        raise ValueError("a number below 0")
    return found


@cache
def _adapter(kind: EntryKind) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(_TYPES[kind])


def _numbers(content: Content) -> tuple[float, ...]:
    if isinstance(content, ExerciseSet):
        return (content.repetitions, content.hold_s, *content.faults.values())
    if isinstance(content, Break):
        return (content.minutes,)
    if isinstance(content, Plan):
        doses = ((one.sets, one.repetitions, one.hold_s) for one in content.exercises)
        return tuple(number for dose in doses for number in dose)
    return ()
