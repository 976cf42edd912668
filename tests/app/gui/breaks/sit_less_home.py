"""A reminder that does as it is told, for the Sit less page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    is_on: bool = True
    interval_min: int = 60
    quiet_from: str = "22:00"
    quiet_to: str = "07:00"
    quiet_days: tuple[int, ...] = (6,)
    has_sound: bool = True
    starts_with_session: bool = False

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Preferences:
        return replace(self, **(update or {}))


@dataclass(frozen=True, slots=True)
class State:
    is_on: bool = True
    next_in_min: float | None = 25.0
    is_due: bool = False
    paused_until: datetime | None = None
    knows_idle: bool = True
    has_tray: bool = True
    suggestion: str = "walk for 3 to 5 minutes."


class Link(QObject):
    """Notes what it is asked."""

    state_changed = pyqtSignal(object)

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
