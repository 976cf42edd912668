"""What a person chose about the reminder, and the file it lives in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app import settings

if TYPE_CHECKING:
    from pathlib import Path

_FILE_NAME = "reminder.json"
#: Sooner would be a nuisance, and later no reminder.
INTERVAL_MIN_LIMITS = 5, 240
#: Somebody who reads a page is not away yet.
BREAK_MIN_LIMITS = 2, 30

#: ``HH:MM``, or empty.
_TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
#: 0 = Monday.
_Weekday = Annotated[int, Field(ge=0, le=6)]
_Interval = Annotated[int, Field(ge=INTERVAL_MIN_LIMITS[0], le=INTERVAL_MIN_LIMITS[1])]
_BreakLength = Annotated[int, Field(ge=BREAK_MIN_LIMITS[0], le=BREAK_MIN_LIMITS[1])]


class ReminderPreferences(BaseModel):
    """Every entry has a default, so that a file may hold any part of them.

    Attributes
    ----------
    is_on
        Whether there are reminders; there are none before the person wants them.
    interval_min
        After how long sitting; within :data:`INTERVAL_MIN_LIMITS`.
    break_min
        Being away for so long is a break; within :data:`BREAK_MIN_LIMITS`.
    can_stand
        Whether the person has a desk to stand at, and says when they do.
    standing_min
        After how long standing they are reminded to sit or move; within
        :data:`INTERVAL_MIN_LIMITS`.
    quiet_from, quiet_to
        Times of day without reminders, ``HH:MM``; they may run over midnight. The same, or one
        of them empty: none.
    quiet_days
        Weekdays without reminders, from midnight to midnight; 0 = Monday.
    has_sound
        Whether a sound comes with a reminder.
    is_calm
        Whether a reminder waits while a call, a presentation or a film in full screen runs.
    starts_with_session
        Whether the reminder was asked to start with the session.
    profile_id
        For whom breaks are noted, or None.
    """

    model_config = ConfigDict(validate_assignment=True, extra="ignore")

    is_on: bool = False
    interval_min: _Interval = 60
    #: Walking 3 to 5 minutes, docs/MEASUREMENT.md.
    break_min: _BreakLength = 3
    can_stand: bool = False
    standing_min: _Interval = 30
    quiet_from: _TimeOfDay = ""
    quiet_to: _TimeOfDay = ""
    quiet_days: tuple[_Weekday, ...] = ()
    has_sound: bool = True
    is_calm: bool = True
    starts_with_session: bool = False
    profile_id: int | None = None

    def is_quiet(self, local: datetime) -> bool:
        """Tell whether a time of the wall clock lies in quiet hours."""
        if local.weekday() in self.quiet_days:
            return True
        if not (self.quiet_from and self.quiet_to) or self.quiet_from == self.quiet_to:
            return False
        begin, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_to)
        clock = local.time()
        if begin < end:
            return begin <= clock < end
        return clock >= begin or clock < end


class PreferencesFile(settings.ModelFile[ReminderPreferences]):
    """The choices about the reminder; without a path, this user's."""

    def __init__(self, path: Path | None = None) -> None:
        path = path if path is not None else default_path()
        super().__init__(path, ReminderPreferences, "choices about reminders")

    def repair(self) -> None:
        """Write a sound file in place of a damaged one, which stays beside it."""
        with suppress(OSError):
            self.path.replace(self.path.with_suffix(".damaged.json"))
        self.save()


def default_path() -> Path:
    """Return where this user's choices about reminders are."""
    return settings.default_path().with_name(_FILE_NAME)
