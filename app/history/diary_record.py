"""Squeeze tests and entries of the diary as plain values, as database and exports keep them.

The names of the fields are those of the exports and do not change. Lists are JSON text:

``rounds``
    ``[[before deg, squeezed deg, after deg], ...]``, positive = forward
``content``
    ``{name: value, ...}``: the fields of what :mod:`app.history.diary` has for the kind
"""

from __future__ import annotations

import dataclasses
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import TypeAdapter

from app.history import values
from app.history.diary import (
    KINDS,
    Break,
    Content,
    Entry,
    EntryKind,
    ExerciseSet,
    KeptCalibration,
    Plan,
    RangeKept,
)
from app.history.records import Ability, Squeeze, SqueezeAnswers
from app.history.values import (
    AsJson,
    Degrees,
    Identity,
    OneOf,
    Text,
    Time,
    Truth,
    clean_text,
    finite,
    json_text,
    sensible_json,
)
from vision._version import __version__
from vision.live.events import SqueezeResult, SqueezeRound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.history.records import NewSqueeze

_Rounds = list[tuple[Degrees, Degrees, Degrees]]
_Answer = Annotated[str, OneOf(Ability)] | None
_ROUNDS = TypeAdapter(_Rounds)
_PICTURE = re.compile("[0-9a-f]{64}")
_CONTENTS: dict[EntryKind, TypeAdapter[Any]] = {
    kind: TypeAdapter(content_type) for content_type, kind in KINDS.items()
}


@dataclass(frozen=True, slots=True)
class SqueezeRecord:
    """One squeeze test; degrees and signs are those of :mod:`vision.live.events`."""

    uuid: Identity
    taken_at: Time
    saved_at: Time
    backward_deg: Degrees
    low_deg: Degrees
    high_deg: Degrees
    is_more_than_noise: Truth
    rounds: Annotated[str, AsJson(_Rounds)]
    answer_both: _Answer
    answer_left: _Answer
    answer_right: _Answer
    note: Text
    version: Text


@dataclass(frozen=True, slots=True)
class DiaryRecord:
    """One entry of the diary."""

    uuid: Identity
    kind: Annotated[str, OneOf(EntryKind)]
    taken_at: Time
    saved_at: Time
    content: Annotated[str, AsJson(Content)]
    version: Text


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
        backward_deg=finite(result.backward_deg),
        low_deg=finite(result.low_deg),
        high_deg=finite(result.high_deg),
        is_more_than_noise=bool(result.is_more_than_noise),
        rounds=json_text([[finite(angle_deg) for angle_deg in one] for one in rounds]),
        **answer_values(new.answers),
        note=clean_text(new.note),
        version=__version__,
    )


def squeeze_of(record: SqueezeRecord, squeeze_id: int, profile_id: int) -> Squeeze:
    """Return a squeeze test as it was.

    Raises
    ------
    ValueError
        If the values are not those of a squeeze test, as in a file that was tampered with.
    """
    answers = (record.answer_both, record.answer_left, record.answer_right)
    return Squeeze(
        id=squeeze_id,
        profile_id=profile_id,
        taken_at=record.taken_at,
        result=SqueezeResult(
            record.backward_deg,
            record.low_deg,
            record.high_deg,
            record.is_more_than_noise,
            tuple(SqueezeRound(*angles) for angles in _ROUNDS.validate_json(record.rounds)),
        ),
        answers=SqueezeAnswers(*(None if one is None else Ability(one) for one in answers)),
        note=record.note,
        saved_at=record.saved_at,
    )


def answer_values(answers: SqueezeAnswers) -> dict[str, str | None]:
    """Return answers by the names of their fields."""
    given = dataclasses.asdict(answers)
    return {f"answer_{name}": answer and answer.value for name, answer in given.items()}


def record_of_entry(at: datetime, content: Content) -> DiaryRecord:
    """Return the plain values of a new entry, with a new identity, saved now.

    Raises
    ------
    ValueError
        If ``at`` is without an offset, or a number makes no sense.
    """
    values.utc_us(at)
    kind = KINDS[type(content)]
    text = clean_text(json_text(dataclasses.asdict(content, dict_factory=_plain)))
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
    found: Content = _CONTENTS[EntryKind(kind)].validate_python(sensible_json(text))
    if min(_numbers(found), default=0.0) < 0:
        raise ValueError("a number below 0")
    if isinstance(found, Plan) and not all(map(_PICTURE.fullmatch, found.pictures)):
        raise ValueError("the name of no picture")
    return found


def _plain(fields: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return fields by their names, with times as text."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields
    }


def _numbers(content: Content) -> tuple[float, ...]:
    if isinstance(content, ExerciseSet):
        return (content.repetitions, content.hold_s, *content.faults.values())
    if isinstance(content, Break):
        return (content.minutes,)
    if isinstance(content, RangeKept):
        tilts = content.result.tucked, content.result.relaxed, content.result.arched
        parts = ((d.reading_deg, d.roll_deg, d.bones_deg) for d in (one.doubt for one in tilts))
        return (content.result.rounds, *(part for doubt in parts for part in doubt))
    if isinstance(content, Plan):
        doses = ((one.sets, one.repetitions, one.hold_s) for one in content.exercises)
        return tuple(number for dose in doses for number in dose)
    if isinstance(content, KeptCalibration):
        each = ((one.marks_sd_deg, one.contour_sd_deg) for one in content.pictures)
        sds_deg = (number for pair in each for number in pair)
        return (content.sd_deg, content.reading_deg, *sds_deg)
    return ()
