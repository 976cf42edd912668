"""What the window and the reminder say to each other: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, Self

from app.breaks.protocol__state import state_from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from PyQt6.QtCore import pyqtBoundSignal

    from app.breaks.protocol__state import ReminderState


class ReminderPreferencesLike(Protocol):
    """What a person chose about the reminder; see :mod:`app.breaks.preferences`."""

    @property
    def is_on(self) -> bool:
        """Whether it reminds at all."""
        ...

    @property
    def interval_min(self) -> int:
        """After how long sitting."""
        ...

    @property
    def quiet_from(self) -> str:
        """When quiet hours begin, ``HH:MM``; the same as their end where there are none."""
        ...

    @property
    def quiet_to(self) -> str:
        """When quiet hours end, ``HH:MM``."""
        ...

    @property
    def quiet_days(self) -> Sequence[int]:
        """Days without reminders, 0 = Monday."""
        ...

    @property
    def has_sound(self) -> bool:
        """Whether a sound comes with it."""
        ...

    @property
    def starts_with_session(self) -> bool:
        """Whether it starts with the session."""
        ...

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self:
        """Return the same with some values changed."""
        ...


class ReminderStateLike(Protocol):
    """How the reminder stands; see :mod:`app.breaks`."""

    @property
    def is_on(self) -> bool:
        """Whether it reminds at all."""
        ...

    @property
    def next_in_min(self) -> float | None:
        """Until the next one; None where that cannot be said."""
        ...

    @property
    def is_due(self) -> bool:
        """Whether a break is due now."""
        ...

    @property
    def paused_until(self) -> datetime | None:
        """When a pause ends."""
        ...

    @property
    def knows_idle(self) -> bool:
        """Whether resting keys and mouse are noticed."""
        ...

    @property
    def has_tray(self) -> bool:
        """Whether the desktop shows the small sign."""
        ...

    @property
    def suggestion(self) -> str:
        """What to do in the next break."""
        ...


class ReminderLinkLike(Protocol):
    """The way to the reminder; see :class:`app.gui.background.reminder.ReminderLink`."""

    state_changed: pyqtBoundSignal

    def connect_or_start(self) -> None:
        """Find the reminder, or start it."""

    def send_preferences(self, preferences: Any) -> None:
        """Tell it what was chosen."""

    def snooze(self, minutes: int) -> None:
        """Put a reminder off."""

    def pause(self, minutes: int) -> None:
        """Have none for a while."""

    def pause_until_tomorrow(self) -> None:
        """Have none today."""

    def resume(self) -> None:
        """End a pause."""

    def took_break(self) -> None:
        """Note a break."""


def needs_badge(state: ReminderStateLike) -> bool:
    """Tell whether the window has to say what no tray says."""
    return state.is_on and state.is_due and not state.has_tray


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
