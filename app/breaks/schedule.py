"""When to remind, from how long somebody has been sitting; no clock, screen or file here.

Sitting counts while keys or mouse are used. Some minutes without them, a locked screen or a
computer that slept are a break, and the count begins anew. While somebody says that they stand,
standing counts, and sitting goes on where it was when they sit again. Only quiet hours and
"until tomorrow" look at the calendar; all else goes by a time that nobody can set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, TypeAlias

# The names in annotations are looked up when a memory is read from text.
from pydantic import AwareDatetime, Field

from app.breaks.protocol import ReminderState
from app.history.diary import BreakKind

if TYPE_CHECKING:
    from app.breaks.preferences import ReminderPreferences
    from app.system.clock import Instant

#: A damaged file must not silence the reminder for longer than a day.
LONGEST_WAIT_S = 24 * 3600.0

_Count = Annotated[int, Field(ge=0)]
_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Wait = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S, allow_inf_nan=False)]
#: Two reminders are never closer than this.
APART_S = 300.0
#: A reminder that nobody acts on comes once more after this, then after the interval.
AGAIN_S = 900.0
#: Looked at less often than this, the computer slept, or stood still as if it did.
ASLEEP_S = 120.0
#: Whoever has not touched anything for so long may not be there to read a reminder.
PRESENT_S = 60.0
#: A pause ends after this at the latest, whatever the calendar says meanwhile.
LONGEST_PAUSE_S = LONGEST_WAIT_S
#: An absence is noted as a break up to this long; a night is none.
LONGEST_BREAK_S = 3 * 3600.0
#: Whoever sat for less before going away had no need of a break.
SAT_S = 300.0
#: Standing for less is not worth a note.
STOOD_S = 60.0
#: "Tomorrow" begins when night owls sleep.
TOMORROW = time(4, 0)


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives the process, for as long as it makes sense.

    Attributes
    ----------
    left_at
        When it was written, with its offset from UTC.
    sitting_s
        How long somebody had been sitting.
    number
        How often they had been reminded of it.
    wait_s
        How long no reminder was to come, after the last one or a snooze.
    paused_until
        When a pause ends by the calendar; None without one.
    is_standing, standing_s
        Whether somebody had said that they stand, and for how long.
    """

    left_at: AwareDatetime
    sitting_s: _Seconds
    number: _Count
    wait_s: _Wait
    paused_until: AwareDatetime | None
    is_standing: bool = False
    standing_s: _Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """Remind now.

    Attributes
    ----------
    number
        How often for this stretch of sitting, from 1 on.
    """

    number: int


@dataclass(frozen=True, slots=True)
class BreakEnded:
    """Somebody is back, says that they take a break, or has stood for a while.

    Attributes
    ----------
    how
        Said, noticed, or stood.
    minutes
        How long they were away, or stood; 0 when it is not known.
    at
        When it ended.
    """

    how: BreakKind
    minutes: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A reminder would be given now, and is held back for later."""


Event: TypeAlias = Due | BreakEnded | Held


@dataclass(frozen=True, slots=True)
class _Pause:
    """Ends when either is reached: a time on the wall's clock, if any, or the other.

    The wall's time is kept without its offset, so that changes of the clock and journeys to
    other zones leave "four in the morning" what it is.
    """

    wall: datetime | None
    ends_s: float


class Schedule:
    """Decides when to remind; feed it about twice a minute.

    Parameters
    ----------
    preferences
        May be replaced at any time.
    memory
        Of the process before this one, or None.
    """

    def __init__(self, preferences: ReminderPreferences, memory: Memory | None = None) -> None:
        self.preferences = preferences
        self._memory = memory
        self._last: Instant | None = None
        self._sitting_s = self._standing_s = 0.0
        self._is_standing = False
        self._stood: list[BreakEnded] = []
        self._number = 0
        self._told_s: float | None = None
        self._not_before_s = float("-inf")
        #: How long they have been away, and what of it was not counted as sitting before.
        self._away_s = self._uncounted_s = 0.0
        #: How long they sat or stood before they went away.
        self._sat_s = 0.0
        self._pause: _Pause | None = None

    def tick(
        self,
        now: Instant,
        idle_s: float | None,
        *,
        is_locked: bool = False,
        is_held: bool = False,
    ) -> tuple[Event, ...]:
        """Take note of a moment, and return what is to be done.

        Parameters
        ----------
        idle_s
            Since the last key or mouse; None where nobody knows.
        is_locked
            Whether the screen is locked.
        is_held
            Whether a reminder is not to be given now; it stays due until it may.
        """
        passed_s = self._passed_s(now)
        if self._pause is not None and self._paused(now) is None:
            self._pause = None  # over for good, wherever the clock is set to
        if self._is_standing and not (self.preferences.is_on and self.preferences.can_stand):
            self.sit(now)
        if not self.preferences.is_on:
            self._begin_anew(now.local)
            self._away_s = self._uncounted_s = 0.0
            return ()
        is_away = is_locked or (idle_s is not None and idle_s >= self._break_s)
        if is_away:
            self._go_away(now, passed_s, idle_s)
        else:
            self._count(now, passed_s)
        if is_away:
            return ()
        return (*self._come_back(now), *self._remind(now, idle_s, is_held=is_held))

    def take_break(self, now: Instant) -> BreakEnded:
        """Begin anew, because the person says that they take a break."""
        self._passed_s(now)
        self._away_s = self._uncounted_s = 0.0
        self._begin_anew(now.local)
        return BreakEnded(BreakKind.TAKEN, 0.0, now.local)

    def stand(self, now: Instant) -> None:
        """Count standing from now on, because the person says that they stand."""
        if self.preferences.can_stand:
            self._take_posture(now, is_standing=True)

    def sit(self, now: Instant) -> None:
        """Count sitting again, from where it was."""
        self._take_posture(now, is_standing=False)

    def take_stood(self) -> tuple[BreakEnded, ...]:
        """Return how long somebody stood, each time since this was asked last."""
        stood, self._stood = tuple(self._stood), []
        return stood

    def snooze(self, now: Instant, minutes: float) -> None:
        """Remind again after some minutes, if the person is still sitting."""
        self._number = max(self._number, 1)
        self._told_s = None
        self._not_before_s = now.elapsed_s + max(60.0 * minutes, APART_S)

    def pause(self, now: Instant, minutes: float) -> None:
        """Remind of nothing for a while; what falls into it comes afterwards."""
        length_s = min(60.0 * minutes, LONGEST_PAUSE_S)
        self._pause = _Pause(None, now.elapsed_s + length_s)

    def pause_until_tomorrow(self, now: Instant) -> None:
        """Remind of nothing before the small hours of tomorrow."""
        morning = now.local.replace(hour=TOMORROW.hour, minute=0, second=0, microsecond=0)
        if now.local.time() >= TOMORROW:
            morning += timedelta(days=1)
        self._pause = _Pause(_wall(morning), now.elapsed_s + LONGEST_PAUSE_S)

    def resume(self) -> None:
        """End a pause."""
        self._pause = None

    def describe(self, now: Instant) -> ReminderState:
        """Say how the reminder stands at a moment, as far as that is known here."""
        pause = self._paused(now)
        is_quiet = self.preferences.is_quiet(now.local)
        is_told = self._told_s is not None
        left_s = max(self._wanted_s - self._counted_s, self._earliest_s - now.elapsed_s, 0.0)
        is_open = self.preferences.is_on and not is_quiet and pause is None and not self._away_s
        until = None
        if pause is not None:
            until = now.local + timedelta(seconds=pause.ends_s - now.elapsed_s)
            if pause.wall is not None:
                until = min(until, pause.wall.replace(tzinfo=now.local.tzinfo))
        return ReminderState(
            is_on=self.preferences.is_on,
            next_in_min=left_s / 60 if is_open and not is_told else None,
            sitting_min=self._sitting_s / 60,
            can_stand=self.preferences.can_stand,
            is_standing=self._is_standing,
            standing_min=self._standing_s / 60,
            is_due=is_told and is_open,
            paused_until=until,
            is_quiet=is_quiet,
        )

    def memory(self, now: Instant) -> Memory:
        """Return what is to be remembered if the process ends now.

        What is known ends with the last look: the computer may have slept since.
        """
        until = self.describe(now).paused_until
        last = self._last or now
        wait_s = min(max(0.0, self._earliest_s - last.elapsed_s), LONGEST_PAUSE_S)
        stands, stood_s = self._is_standing, self._standing_s
        return Memory(last.local, self._sitting_s, self._number, wait_s, until, stands, stood_s)

    @property
    def is_over(self) -> bool:
        """Whether somebody has been sitting, or standing, for as long as they want to."""
        return self._counted_s >= self._wanted_s

    @property
    def _wanted_s(self) -> float:
        chosen = self.preferences
        return 60.0 * (chosen.standing_min if self._is_standing else chosen.interval_min)

    @property
    def _counted_s(self) -> float:
        return self._standing_s if self._is_standing else self._sitting_s

    @property
    def _break_s(self) -> float:
        return 60.0 * self.preferences.break_min

    @property
    def _earliest_s(self) -> float:
        """No reminder before this moment, however long somebody has been sitting."""
        if self._told_s is None:
            return self._not_before_s
        return self._told_s + (AGAIN_S if self._number == 1 else self._wanted_s)

    def _passed_s(self, now: Instant) -> float:
        """Return the time since the last look; a clock that fell back passed nothing."""
        last, self._last = self._last, now
        if last is None:
            self._recall(now)
            return 0.0
        return max(0.0, now.elapsed_s - last.elapsed_s)

    def _recall(self, now: Instant) -> None:
        """Go on where the process before this one stopped, unless that is a break ago."""
        memory, self._memory = self._memory, None
        if memory is None:
            return
        away_s = (now.local - memory.left_at).total_seconds()
        self._is_standing = memory.is_standing and 0 <= away_s <= LONGEST_BREAK_S
        if 0 <= away_s < self._break_s:
            self._sitting_s, self._standing_s = memory.sitting_s, memory.standing_s
            self._number = memory.number
            self._add(away_s)
            self._not_before_s = now.elapsed_s + max(0.0, memory.wait_s - away_s)
        else:
            self._note_stood(memory.standing_s, memory.left_at)
        if memory.paused_until is not None and memory.paused_until > now.local:
            left_s = (memory.paused_until - now.local).total_seconds()
            ends_s = now.elapsed_s + min(left_s, LONGEST_PAUSE_S)
            self._pause = _Pause(_wall(memory.paused_until), ends_s)

    def _count(self, now: Instant, passed_s: float) -> None:
        """Count time that somebody spent here, or came back in."""
        if passed_s >= ASLEEP_S or self._away_s:
            # Without a look for so long the computer slept; whoever is there has come back.
            self._go_away(now, passed_s, None)
        else:
            self._add(passed_s)

    def _add(self, passed_s: float) -> None:
        if self._is_standing:
            self._standing_s += passed_s
        else:
            self._sitting_s += passed_s

    def _begin_anew(self, left_at: datetime, counted_s: float = 0.0) -> None:
        """Count from nothing; ``counted_s`` of what was counted, they were away."""
        self._note_stood(self._standing_s - counted_s, left_at)
        self._sitting_s = self._standing_s = 0.0
        self._number, self._told_s = 0, None

    def _take_posture(self, now: Instant, *, is_standing: bool) -> None:
        """Count sitting or standing; whoever has just moved is not reminded at once."""
        self._count(now, self._passed_s(now))
        if is_standing is self._is_standing:
            return
        self._note_stood(self._standing_s, now.local)
        self._is_standing, self._standing_s = is_standing, 0.0
        self._number, self._told_s = 0, None
        # What one waited for before was about the other.
        self._not_before_s = now.elapsed_s + APART_S

    def _note_stood(self, stood_s: float, at: datetime) -> None:
        if stood_s >= STOOD_S:
            self._stood.append(BreakEnded(BreakKind.STOOD, stood_s / 60, at))

    def _go_away(self, now: Instant, passed_s: float, idle_s: float | None) -> None:
        if not self._away_s and idle_s is not None:
            # What came before this look was counted as sitting, and was being away.
            self._away_s = max(0.0, idle_s - passed_s)
        self._away_s += passed_s
        self._uncounted_s += passed_s
        if self._away_s >= self._break_s and (self._sitting_s or self._standing_s):
            self._sat_s = self._sitting_s + self._standing_s
            left_at = now.local - timedelta(seconds=self._away_s)
            self._begin_anew(left_at, self._away_s - self._uncounted_s)

    def _come_back(self, now: Instant) -> list[Event]:
        away_s, uncounted_s = self._away_s, self._uncounted_s
        self._away_s = self._uncounted_s = 0.0
        if not away_s:
            return []
        sat_s, self._sat_s = self._sat_s, 0.0
        if away_s < self._break_s:
            self._add(uncounted_s)
            return []
        if away_s > LONGEST_BREAK_S:
            self.sit(now)  # after a night nobody stands still
        if sat_s < SAT_S or away_s > LONGEST_BREAK_S:
            return []
        return [BreakEnded(BreakKind.AWAY, away_s / 60, now.local)]

    def _remind(self, now: Instant, idle_s: float | None, *, is_held: bool) -> list[Event]:
        if not self.is_over:
            return []
        if self._paused(now) is not None or self.preferences.is_quiet(now.local):
            return []
        if now.elapsed_s < self._earliest_s or (idle_s is not None and idle_s > PRESENT_S):
            return []
        if is_held:
            return [Held()]
        self._number += 1
        self._told_s = now.elapsed_s
        # What holds even when a break or other preferences take its wait away.
        self._not_before_s = now.elapsed_s + APART_S
        return [Due(self._number)]

    def _paused(self, now: Instant) -> _Pause | None:
        pause = self._pause
        if pause is None:
            return None
        is_over = pause.wall is not None and _wall(now.local) >= pause.wall
        return None if is_over or now.elapsed_s >= pause.ends_s else pause


def _wall(local: datetime) -> datetime:
    return local.replace(tzinfo=None)
