"""A reminder that does as it is told, for the Sit less page."""

from __future__ import annotations

from typing import Any

from pydantic.dataclasses import dataclass

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import ReminderState
from app.gui.background.reminder import ReminderLink


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

    def snooze(self, minutes: int) -> None:
        self.asked.append(("snooze", minutes))

    def pause(self, minutes: int) -> None:
        self.asked.append(("pause", minutes))

    def pause_until_tomorrow(self) -> None:
        self.asked.append(("until tomorrow",))

    def resume(self) -> None:
        self.asked.append(("resume",))

    def took_break(self) -> None:
        self.asked.append(("break",))
