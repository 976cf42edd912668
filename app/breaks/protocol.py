"""What the window and the reminder say to each other: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.breaks.protocol__state import state_from_json, to_json

if TYPE_CHECKING:
    from app.breaks.protocol__state import ReminderState

#: No pause is longer than a day.
_LONGEST_MIN = 24 * 60


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
        said["state"] = json.loads(to_json(news.state))
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


def _read(line: bytes) -> object:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found
