"""What the Sit less page and its bar need to know of the reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from PyQt6.QtCore import pyqtBoundSignal


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
