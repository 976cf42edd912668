"""How the reminder stands, and as one line of text on its way to the window."""

from __future__ import annotations

# The names in annotations are looked up when a state is read from text.
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter
from pydantic.dataclasses import dataclass

_MINUTE = timedelta(minutes=1)


def _with_plain_offset(moment: datetime) -> datetime:
    """Return the same instant at a fixed offset of whole minutes.

    In an hour that occurs twice, at the end of summer time, a time with a named zone equals
    none with another zone, not even itself back from text; and text drops an offset's seconds.
    """
    offset = moment.utcoffset() or timedelta()
    return moment.astimezone(timezone(offset - offset % _MINUTE))


_Minutes = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Instant = Annotated[AwareDatetime, AfterValidator(_with_plain_offset)]


@dataclass(frozen=True, slots=True)
class ReminderState:
    """How the reminder stands.

    Attributes
    ----------
    is_on
        Whether it reminds at all.
    next_in_min
        Until the next one; None where that cannot be said.
    sitting_min
        Since the last break.
    is_due
        Whether a reminder was given that nobody has answered.
    paused_until
        When a pause ends, at a fixed offset from UTC; None without one.
    is_quiet
        Whether these are quiet hours.
    knows_idle
        Whether resting keys and mouse are noticed.
    has_tray
        Whether the desktop shows the small sign.
    suggestion
        What to do in the next break.
    """

    is_on: bool = False
    next_in_min: _Minutes | None = None
    sitting_min: _Minutes = 0.0
    is_due: bool = False
    paused_until: _Instant | None = None
    is_quiet: bool = False
    knows_idle: bool = True
    has_tray: bool = True
    suggestion: str = ""


def to_json(state: ReminderState) -> str:
    """Return a state as one line."""
    return _reader().dump_json(state).decode()


def state_from_json(line: str | bytes) -> ReminderState:
    """Read a line of :func:`to_json`.

    Raises
    ------
    ValueError
        If it is none.
    """
    return _reader().validate_json(line)


@cache
def _reader() -> TypeAdapter[ReminderState]:
    return TypeAdapter(ReminderState)
