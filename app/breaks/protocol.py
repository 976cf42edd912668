"""What the window and the reminder say to each other: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass

# The names in annotations are looked up when a state is read from text.
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked_dataclass

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


@checked_dataclass(frozen=True, slots=True)
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
        For a snooze or a pause.
    preferences
        What was chosen, as JSON; for that order only.
    """

    order: Order
    minutes: int = 0
    preferences: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What the reminder tells; the state comes with all but its leaving."""

    word: Word
    state: ReminderState | None = None


def wanted_line(wanted: Wanted) -> bytes:
    """Return an order as a line, without its end."""
    said: dict[str, Any] = {"order": wanted.order.value}
    if wanted.minutes:
        said["minutes"] = wanted.minutes
    if wanted.preferences:
        said["preferences"] = json.loads(wanted.preferences)
    return json.dumps(said).encode()


def read_wanted(line: bytes) -> Wanted | None:
    """Return the order that a line holds; None for anything else."""
    match _read(line):
        case {"order": str(name), **more} if name in set(Order):
            order = Order(name)
        case _:
            return None
    if order is Order.PREFERENCES:
        chosen = more.get("preferences")
        return Wanted(order, preferences=json.dumps(chosen)) if isinstance(chosen, dict) else None
    if order not in (Order.SNOOZE, Order.PAUSE):
        return Wanted(order)
    minutes = more.get("minutes")
    if type(minutes) is not int or not 0 < minutes <= _LONGEST_MIN:
        return None
    return Wanted(order, minutes)


def news_line(news: News) -> bytes:
    """Return what the reminder tells as a line, without its end."""
    said: dict[str, Any] = {"word": news.word.value}
    if news.state is not None:
        said["state"] = json.loads(state_to_json(news.state))
    return json.dumps(said).encode()


def read_news(line: bytes) -> News | None:
    """Return what the reminder tells; None for a line that cannot be understood."""
    match _read(line):
        case {"word": "leaving"}:
            return News(Word.LEAVING)
        case {"word": "state" | "due" as word, "state": dict(state)}:
            try:
                return News(Word(word), state_from_json(json.dumps(state)))
            except (ValueError, TypeError, KeyError):
                return None
    return None


def state_to_json(state: ReminderState) -> str:
    """Return a state as one line."""
    return _reader().dump_json(state).decode()


def state_from_json(line: str | bytes) -> ReminderState:
    """Read a line of :func:`state_to_json`.

    Raises
    ------
    ValueError
        If it is none.
    """
    return _reader().validate_json(line)


def _read(line: bytes) -> object:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found


@cache
def _reader() -> TypeAdapter[ReminderState]:
    return TypeAdapter(ReminderState)
