"""What the window and the reminder say to each other: one JSON object a line.

The process at the other end may be of another version: entries that are not known here are
passed over, and a line that makes no sense counts as nothing.
"""

from __future__ import annotations

# The names in annotations are looked up when a line is read.
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass

from app.breaks.preferences import ReminderPreferences  # noqa: TC001  (looked up as well)

_MINUTE = timedelta(minutes=1)
#: No pause is longer than a day.
_LONGEST_MIN = 24 * 60


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
    can_stand
        Whether the person has a desk to stand at.
    is_standing
        Whether they said that they stand.
    standing_min
        Since they stood up, or since the last break.
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
    silence
        One sentence: why a reminder that is due waits, or why the one that was given had to;
        else empty.
    """

    is_on: bool = False
    next_in_min: _Minutes | None = None
    sitting_min: _Minutes = 0.0
    can_stand: bool = False
    is_standing: bool = False
    standing_min: _Minutes = 0.0
    is_due: bool = False
    paused_until: _Instant | None = None
    is_quiet: bool = False
    knows_idle: bool = True
    has_tray: bool = True
    suggestion: str = ""
    silence: str = ""

    @property
    def needs_badge(self) -> bool:
        """Whether the window has to say what no tray says."""
        return self.is_on and self.is_due and not self.has_tray


class Order(StrEnum):
    """What the reminder is asked to do."""

    #: A window is there, and wants to know how the reminder stands.
    HELLO = "hello"
    #: The reminder was started a second time.
    STARTED_AGAIN = "started_again"
    PREFERENCES = "preferences"
    SNOOZE = "snooze"
    PAUSE = "pause"
    PAUSE_UNTIL_TOMORROW = "pause_until_tomorrow"
    RESUME = "resume"
    TOOK_BREAK = "took_break"
    STAND = "stand"
    SIT = "sit"
    STOP = "stop"


class Word(StrEnum):
    """What the reminder tells."""

    STATE = "state"
    #: A reminder was given just now.
    DUE = "due"
    #: It ends because it was asked to, or is not needed; nothing has failed.
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order.

    Attributes
    ----------
    minutes
        For a snooze or a pause, and for these only.
    preferences
        What was chosen; for that order only.
    """

    order: Order
    minutes: Annotated[int, Field(ge=0, le=_LONGEST_MIN, strict=True)] = 0
    preferences: ReminderPreferences | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.order in (Order.SNOOZE, Order.PAUSE) and not self.minutes:
            raise ValueError("no minutes")
        if self.order is Order.PREFERENCES and self.preferences is None:
            raise ValueError("no preferences")
        return self


@dataclass(frozen=True, slots=True)
class News:
    """What the reminder tells; the state comes with all but its leaving."""

    word: Word
    state: ReminderState | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.word is not Word.LEAVING and self.state is None:
            raise ValueError("no state")
        return self


_WANTED, _NEWS = TypeAdapter(Wanted), TypeAdapter(News)


def wanted_line(wanted: Wanted) -> bytes:
    """Return an order as a line, without its end."""
    return _WANTED.dump_json(wanted, exclude_none=True)


def read_wanted(line: bytes) -> Wanted | None:
    """Return the order that a line holds; None for anything else."""
    try:
        return _WANTED.validate_json(line)
    except ValidationError:
        return None


def news_line(news: News) -> bytes:
    """Return what the reminder tells as a line, without its end."""
    return _NEWS.dump_json(news, exclude_none=True)


def read_news(line: bytes) -> News | None:
    """Return what the reminder tells; None for a line that cannot be understood."""
    try:
        return _NEWS.validate_json(line)
    except ValidationError:
        return None
