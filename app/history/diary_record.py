"""One squeeze test as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. ``rounds`` is JSON text:
``[[before deg, squeezed deg, after deg], ...]``, positive = forward.
"""

from __future__ import annotations

import dataclasses
import json
import math
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from app.history import values
from app.history.diary import KINDS, Break, Entry, EntryKind, ExerciseSet, Plan
from app.history.records import Ability, Squeeze, SqueezeAnswers
from app.history.values import clean_text, json_text
from vision._version import __version__
from vision.live.events import SqueezeResult, SqueezeRound

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import TypeAdapter

    from app.history.diary import Content
    from app.history.records import NewSqueeze


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
    values.utc_us(at)
    kind = KINDS[type(content)]
    text = clean_text(json_text(dataclasses.asdict(content)))
    content_of(kind.value, text)
    return DiaryRecord(
        uuid=str(uuid.uuid4()),
        kind=kind.value,
        taken_at=at,
        saved_at=values.now(),
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


@dataclass(frozen=True, slots=True)
class SqueezeRecord:
    """One squeeze test; degrees and signs are those of :mod:`vision.live.events`."""

    uuid: str
    taken_at: datetime
    saved_at: datetime
    backward_deg: float
    low_deg: float
    high_deg: float
    is_more_than_noise: bool
    rounds: str
    answer_both: str | None
    answer_left: str | None
    answer_right: str | None
    note: str
    version: str


def record_of_squeeze(new: NewSqueeze) -> SqueezeRecord:
    """Return the plain values of a squeeze test, with a new identity, saved now.

    Raises
    ------
    ValueError
        If ``taken_at`` is without an offset, or an angle is no finite number.
    """
    result = new.result
    values.utc_us(new.taken_at)
    rounds = [(one.before_deg, one.squeezed_deg, one.after_deg) for one in result.rounds]
    return SqueezeRecord(
        uuid=str(uuid.uuid4()),
        taken_at=new.taken_at,
        saved_at=values.now(),
        backward_deg=_finite(result.backward_deg),
        low_deg=_finite(result.low_deg),
        high_deg=_finite(result.high_deg),
        is_more_than_noise=bool(result.is_more_than_noise),
        rounds=json_text([[_finite(angle_deg) for angle_deg in one] for one in rounds]),
        **answer_values(new.answers),
        note=clean_text(new.note),
        version=__version__,
    )


def squeeze_of(record: SqueezeRecord, squeeze_id: int, profile_id: int) -> Squeeze:
    """Return a squeeze test as it was.

    Raises
    ------
    ValueError, TypeError
        If the values are not those of a squeeze test, as in a file that was tampered with.
    """
    return Squeeze(
        id=squeeze_id,
        profile_id=profile_id,
        taken_at=record.taken_at,
        result=SqueezeResult(
            record.backward_deg,
            record.low_deg,
            record.high_deg,
            record.is_more_than_noise,
            _rounds(record.rounds),
        ),
        answers=SqueezeAnswers(
            _ability(record.answer_both),
            _ability(record.answer_left),
            _ability(record.answer_right),
        ),
        note=record.note,
        saved_at=record.saved_at,
    )


def answer_values(answers: SqueezeAnswers) -> dict[str, str | None]:
    """Return answers by the names of their fields."""
    given = {
        "answer_both": answers.both,
        "answer_left": answers.left,
        "answer_right": answers.right,
    }
    return {name: None if answer is None else answer.value for name, answer in given.items()}


def _ability(value: str | None) -> Ability | None:
    return None if value is None else Ability(value)


def _rounds(text: str) -> tuple[SqueezeRound, ...]:
    found = json.loads(text)
    if not isinstance(found, list) or any(not isinstance(one, list) for one in found):
        raise TypeError("rounds are a list of lists")
    if any(len(one) != 3 for one in found):
        raise ValueError("a round has three angles")
    return tuple(SqueezeRound(*map(_finite, one)) for one in found)


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)
