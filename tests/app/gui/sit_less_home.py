"""A reminder that does as it is told, for the Sit less page."""

from __future__ import annotations

from typing import Any

from pydantic.dataclasses import dataclass

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, ReminderState, Wanted
from app.gui.background.reminder import ReminderLink

_NAMES = {Order.TOOK_BREAK: "break", Order.PAUSE_UNTIL_TOMORROW: "until tomorrow"}


class Preferences(ReminderPreferences):
    is_on: bool = True
    quiet_from: str = "22:00"
    quiet_to: str = "07:00"
    quiet_days: tuple[int, ...] = (6,)


@dataclass(frozen=True, slots=True)
class State(ReminderState):
    is_on: bool = True
    next_in_min: float | None = 25.0
    suggestion: str = "walk for 3 to 5 minutes."


class Link(ReminderLink):
    """Notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []

    def connect_or_start(self) -> None:
        self.asked.append(("connect",))

    def send_preferences(self, preferences: Any) -> None:
        self.asked.append(("preferences", preferences))

    def send(self, wanted: Wanted) -> None:
        minutes = (wanted.minutes,) if wanted.minutes else ()
        self.asked.append((_NAMES.get(wanted.order, wanted.order.value), *minutes))
