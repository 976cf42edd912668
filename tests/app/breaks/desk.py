"""A desk with a clock on the wall, for the reminder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.breaks.preferences import ReminderPreferences
from app.breaks.schedule import BreakEnded, Due, Schedule
from app.system.clock import Instant

if TYPE_CHECKING:
    from app.breaks.schedule import Memory

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
#: A Monday.
MORNING = datetime(2026, 6, 1, 9, tzinfo=BERLIN)
LOOK_S = 15.0


class Desk:
    """Somebody works, rests and sleeps; all that the reminder says is noted.

    Attributes
    ----------
    due_min
        When it reminded, in minutes since the beginning.
    breaks
        What it noted.
    """

    def __init__(
        self, begin: datetime = MORNING, memory: Memory | None = None, **chosen: Any
    ) -> None:
        self.schedule = Schedule(choose(**chosen), memory)
        self.zone = begin.tzinfo
        self.elapsed_s = 5000.0
        self._wall = begin.astimezone(UTC)
        self.due_min: list[float] = []
        self.numbers: list[int] = []
        self.breaks: list[BreakEnded] = []

    @property
    def now(self) -> Instant:
        local = self._wall.astimezone(self.zone)
        offset = local.utcoffset()
        assert offset is not None
        # As the real clock gives it: an offset, and no zone that knows of summer time.
        return Instant(self.elapsed_s, local.replace(tzinfo=timezone(offset)))

    @property
    def minutes(self) -> float:
        return (self.elapsed_s - 5000.0) / 60

    def look(self, idle_s: float | None = 2.0, *, is_locked: bool = False) -> None:
        for event in self.schedule.tick(self.now, idle_s, is_locked=is_locked):
            match event:
                case Due(number):
                    self.due_min.append(self.minutes)
                    self.numbers.append(number)
                case BreakEnded():
                    self.breaks.append(event)

    def pass_s(self, seconds: float) -> None:
        """Let time pass without a look."""
        self.elapsed_s += seconds
        self._wall += timedelta(seconds=seconds)

    def work(self, minutes: float, *, knows_idle: bool = True) -> None:
        self.look(2.0 if knows_idle else None)
        for _ in range(round(60 * minutes / LOOK_S)):
            self.pass_s(LOOK_S)
            self.look(2.0 if knows_idle else None)

    def rest(self, minutes: float) -> None:
        for number in range(1, round(60 * minutes / LOOK_S) + 1):
            self.pass_s(LOOK_S)
            self.look(number * LOOK_S)

    def lock(self, minutes: float) -> None:
        """Lock a screen on a desktop that does not tell of resting keys."""
        self.look(None, is_locked=True)
        for _ in range(round(60 * minutes / LOOK_S)):
            self.pass_s(LOOK_S)
            self.look(None, is_locked=True)

    def set_wall(self, by: timedelta) -> None:
        self._wall += by


def choose(**chosen: Any) -> ReminderPreferences:
    return ReminderPreferences.model_validate({"is_on": True, **chosen})
