"""One squeeze test as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. ``rounds`` is JSON text:
``[[before deg, squeezed deg, after deg], ...]``, positive = forward.
"""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history import values__moments as moments
from app.history.records import Ability, Squeeze, SqueezeAnswers
from app.history.values import clean_text, json_text
from vision._version import __version__
from vision.live.events import SqueezeResult, SqueezeRound

if TYPE_CHECKING:
    from datetime import datetime

    from app.history.records import NewSqueeze


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
    moments.utc_us(new.taken_at)
    rounds = [(one.before_deg, one.squeezed_deg, one.after_deg) for one in result.rounds]
    return SqueezeRecord(
        uuid=str(uuid.uuid4()),
        taken_at=new.taken_at,
        saved_at=moments.now(),
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
