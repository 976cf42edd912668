"""The break reminder over simulated weeks.

People work, step away for a moment or for longer, and put the computer to sleep; some have a
desk to stand at, and say when they stand and when they sit; calls and films of any length run
now and then; somebody sets the clock, the clocks change to or from summer time, and the laptop
travels to another zone. How long they want to sit and stand, and what they take for a break, is
any number of minutes. The program is looked at every few seconds while the computer is awake,
and sees only what a computer sees of that. When reminders ought to have come is worked out apart
from it, from the true times, and both are compared.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.breaks.courtesy import Courtesy
from app.breaks.preferences import ReminderPreferences
from app.breaks.schedule import (
    AGAIN_S,
    APART_S,
    LONGEST_BREAK_S,
    SAT_S,
    BreakEnded,
    Due,
    Held,
    Schedule,
)
from app.system.calm.occupied import Occupied
from app.system.clock import Instant
from benchmarks.shared import print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_WEEK_S = 7 * 24 * 3600.0
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
#: Mondays; in the second and third week clocks change in Europe, in the fourth in America.
_MONDAYS = ((2026, 6, 1), (2026, 3, 23), (2026, 10, 19), (2026, 10, 26))
#: A reminder may come so much later than it ought to: looks are up to a minute apart, and it
#: waits for somebody who has not touched anything for a while.
LATE_S = 240.0
_LONGEST_LOOK_S = 60.0
#: Whoever works touches something so often.
_LONGEST_REST_S = 40.0


def reminder_weeks(weeks: int = 52) -> None:
    """Simulate a year: reminders lost, given without reason, too close."""
    verdicts = [judge(random_week(seed), seed) for seed in range(weeks)]
    counts = {
        "reminders that ought to come": sum(len(one.wanted) for one in verdicts),
        "reminders given": sum(len(one.given) for one in verdicts),
        "lost": sum(len(one.lost) for one in verdicts),
        "given without reason": sum(len(one.extra) for one in verdicts),
        "given during a call or a film": sum(one.in_calls for one in verdicts),
        "that waited for a call or a film to end": sum(one.waited for one in verdicts),
        "within five minutes of another": sum(one.too_close for one in verdicts),
        "breaks, true": sum(one.breaks[1] for one in verdicts),
        "breaks noticed": sum(one.breaks[0] for one in verdicts),
        "of those given, while standing": sum(one.while_standing for one in verdicts),
        "hours stood, true": round(sum(one.stood_s[1] for one in verdicts) / 3600),
        "hours stood, noted": round(sum(one.stood_s[0] for one in verdicts) / 3600),
    }
    rows = [[name, str(count)] for name, count in counts.items()]
    print_table(f"{weeks} simulated weeks", ["what", "count"], rows)


class Doing(StrEnum):
    """What somebody does."""

    WORK = "work"
    #: The computer is on, and nobody touches it.
    AWAY = "away"
    #: The computer sleeps.
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What somebody does from one true time to another, seconds."""

    doing: Doing
    begin_s: float
    end_s: float


@dataclass(slots=True)
class Week:
    """A week as it truly is.

    Attributes
    ----------
    stretches
        In order, without gaps.
    wall
        What the wall clock shows at a true time.
    preferences
        Of the reminder.
    pauses
        When somebody pauses the reminder, true time, and for how many minutes; in order.
    knows_idle
        Whether the desktop tells of resting keys. Where it does not, the screen is locked by
        whoever goes away.
    calls
        When calls and films begin and end, true times; some overlap.
    postures
        When somebody says that they stand (True) or sit, true times while they work; in order.
    restarts
        How often the reminder's process is restarted, looks in a thousand.
    """

    stretches: list[Stretch]
    wall: Callable[[float], datetime]
    preferences: ReminderPreferences
    pauses: list[tuple[float, float]] = field(default_factory=list)
    knows_idle: bool = True
    calls: list[tuple[float, float]] = field(default_factory=list)
    postures: list[tuple[float, bool]] = field(default_factory=list)
    restarts: float = 0.0

    @property
    def break_s(self) -> float:
        """Being away for so long is a break."""
        return 60.0 * self.preferences.break_min


def random_week(seed: int) -> Week:
    """Return a week with whatever can happen to a clock."""
    draw = random.Random(seed)
    monday = datetime(*_MONDAYS[seed % len(_MONDAYS)], tzinfo=ZoneInfo(draw.choice(_ZONES)))
    preferences = ReminderPreferences.model_validate(
        {
            "is_on": True,
            "interval_min": draw.choice((30, 60, 120, draw.randint(5, 240))),
            "break_min": draw.choice((3, 3, draw.randint(2, 30))),
            "can_stand": draw.random() < 0.5,
            "standing_min": draw.choice((30, draw.randint(5, 90))),
            "quiet_from": draw.choice(("", "22:00", "12:00")),
            "quiet_to": draw.choice(("07:00", "13:30")),
            "quiet_days": draw.choice(((), (6,))),
        }
    )
    stretches = list(_stretches(draw, 60.0 * preferences.break_min))
    drawn = [
        (draw.uniform(0, _WEEK_S), draw.choice((60.0, 120.0))) for _ in range(draw.randrange(3))
    ]
    pauses = [(_awake(stretches, at_s), minutes) for at_s, minutes in sorted(drawn)]
    wall, knows_idle = _wall(draw, monday), draw.random() < 0.7
    restarts = draw.choice((0.0, 5.0))
    # Some are over before anybody asks, some take an evening.
    begins_s = [draw.uniform(0, _WEEK_S) for _ in range(draw.randrange(60))]
    calls = [(begin_s, begin_s + 10 ** draw.uniform(1, 4.1)) for begin_s in sorted(begins_s)]
    week = Week(stretches, wall, preferences, pauses, knows_idle, calls, [], restarts)
    if preferences.can_stand:
        week.postures = _said(draw, week)
    return week


def _said(draw: random.Random, week: Week) -> list[tuple[float, bool]]:
    """Return what somebody says of how they work, some of it twice, and some never taken back."""
    work = [one for one in week.stretches if one.doing is Doing.WORK]
    some = draw.choices(work, k=draw.randrange(80))
    said = [(draw.uniform(one.begin_s, one.end_s), draw.random() < 0.5) for one in some]
    # After just about three hours away, nobody can know whether the program takes it for a night.
    said += [
        (begin_s, False)
        for (_, end_s), (begin_s, _) in pairwise(sittings(week))
        if abs(begin_s - end_s - LONGEST_BREAK_S) < _LONGEST_LOOK_S + LATE_S
    ]
    return sorted(said)


def _stretches(draw: random.Random, break_s: float) -> Iterator[Stretch]:
    """Give days at the desk, some of them through the night; the first begins with work."""
    now_s, is_short = 0.0, False
    while now_s < _WEEK_S:
        # After a moment away comes work: two of them may make a break, or not quite.
        kind = draw.random() if now_s and not is_short else 0.0
        if kind < 0.62:
            doing, length_s = Doing.WORK, draw.uniform(60, 9000)
        elif kind < 0.80:
            # What is about as long as a break may be judged either way.
            doing, is_moment = Doing.AWAY, draw.random() < 0.6
            longest_moment_s = min(break_s / 2, break_s - _LONGEST_LOOK_S - _LONGEST_REST_S)
            limits_s = (5, longest_moment_s) if is_moment else (break_s + 120, 5400)
            length_s = draw.uniform(*limits_s)
        else:
            doing, length_s = Doing.ASLEEP, draw.uniform(break_s + 120, 36_000)
        is_short = doing is Doing.AWAY and length_s < break_s
        yield Stretch(doing, now_s, min(now_s + length_s, _WEEK_S))
        now_s += length_s


def _wall(draw: random.Random, monday: datetime) -> Callable[[float], datetime]:
    """Return a wall clock that is set, and moved to another zone, now and then."""
    sets = [
        (draw.uniform(0, _WEEK_S), draw.choice((-7200, -600, 300, 3600, 86_400, -86_400)))
        for _ in range(draw.randrange(4))
    ]
    moves_s = draw.uniform(0, 2 * _WEEK_S)
    elsewhere = ZoneInfo(draw.choice(_ZONES))
    begin = monday.astimezone(UTC)

    def wall(true_s: float) -> datetime:
        off_s = sum(by_s for at_s, by_s in sets if at_s <= true_s)
        zone = elsewhere if true_s >= moves_s else monday.tzinfo
        return (begin + timedelta(seconds=true_s + off_s)).astimezone(zone)

    return wall


def _awake(stretches: Sequence[Stretch], at_s: float) -> float:
    """Return a time, or where the computer sleeps then, when it wakes: nobody asks it before."""
    for stretch in stretches:
        if stretch.begin_s <= at_s < stretch.end_s and stretch.doing is Doing.ASLEEP:
            at_s = stretch.end_s
    return at_s


def is_blocked(week: Week, true_s: float) -> bool:
    """Tell whether nobody is to be reminded at a true time."""
    # A newer pause takes the place of the one before.
    begun = [pause for pause in week.pauses if pause[0] <= true_s]
    if begun and true_s < begun[-1][0] + 60 * begun[-1][1]:
        return True
    if is_in_call(week, true_s) or _is_resting(week, true_s):
        return True
    chosen, local = week.preferences, week.wall(true_s)
    if local.weekday() in chosen.quiet_days:
        return True
    begin, end, at = chosen.quiet_from, chosen.quiet_to, f"{local:%H:%M}"
    if not begin or begin == end:
        return False
    return begin <= at < end if begin < end else at >= begin or at < end


def is_in_call(week: Week, true_s: float) -> bool:
    """Tell whether a call or a film runs at a true time."""
    return any(begin_s <= true_s < end_s for begin_s, end_s in week.calls)


def _is_resting(week: Week, true_s: float) -> bool:
    """Tell whether somebody is seen to touch nothing, for longer than a reminder may be late."""
    if not week.knows_idle:
        return False
    number = bisect_right(week.stretches, true_s, key=lambda one: one.begin_s) - 1
    stretch = week.stretches[number]
    is_away = stretch.doing is Doing.AWAY and true_s < stretch.end_s
    return is_away and stretch.end_s - stretch.begin_s > LATE_S / 2


def is_locked(week: Week, stretch: Stretch) -> bool:
    """Tell whether the screen is locked, by whoever goes away where keys tell nothing."""
    is_long = stretch.end_s - stretch.begin_s >= week.break_s
    return not week.knows_idle and stretch.doing is Doing.AWAY and is_long


def sittings(week: Week) -> list[tuple[float, float]]:
    """Return the true times in which somebody sat without a break.

    A moment away that nobody can notice is as good as sitting.
    """
    found: list[tuple[float, float]] = []
    for stretch in week.stretches:
        is_unseen = stretch.doing is Doing.AWAY and not week.knows_idle
        if stretch.doing is not Doing.WORK and (not is_unseen or is_locked(week, stretch)):
            continue
        if found and stretch.begin_s - found[-1][1] < week.break_s:
            found[-1] = found[-1][0], stretch.end_s
        else:
            found.append((stretch.begin_s, stretch.end_s))
    return found


@dataclass(frozen=True, slots=True)
class Spell:
    """How somebody sits, or stands, from one true time to another, seconds.

    Attributes
    ----------
    counted_s
        How long they had been doing that before, without a break.
    has_moved
        Whether they have just sat down or stood up.
    """

    begin_s: float
    end_s: float
    is_standing: bool
    counted_s: float
    has_moved: bool


def spells(week: Week) -> Iterator[Spell]:
    """Give each time of sitting or standing, in order; a break or another posture ends it."""
    is_standing, left_s, said = False, float("-inf"), list(week.postures)
    for begin_s, end_s in sittings(week):
        is_standing = is_standing and begin_s - left_s <= LONGEST_BREAK_S
        sat_s, now_s, has_moved = 0.0, begin_s, False
        while said and said[0][0] < end_s:
            at_s, stands = said.pop(0)
            if stands is is_standing:
                continue
            yield Spell(now_s, at_s, is_standing, 0.0 if is_standing else sat_s, has_moved)
            sat_s += 0.0 if is_standing else at_s - now_s
            is_standing, now_s, has_moved = stands, at_s, True
        yield Spell(now_s, end_s, is_standing, 0.0 if is_standing else sat_s, has_moved)
        left_s = end_s


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a week went; times in seconds.

    Attributes
    ----------
    wanted
        When reminders ought to have come.
    given
        When they came.
    lost
        Those that ought to have come, and did not.
    extra
        Those that came, and ought not to.
    in_calls
        How many came in the middle of a call or a film.
    waited
        How many came later because of one.
    too_close
        How often two were less than five minutes apart.
    breaks
        How many breaks were noticed, and how many there were.
    while_standing
        How many reminders came while somebody stood.
    stood_s
        How long somebody stood: as it was noted, and as it was.
    """

    wanted: tuple[float, ...]
    given: tuple[float, ...]
    lost: tuple[float, ...]
    extra: tuple[float, ...]
    in_calls: int
    waited: int
    too_close: int
    breaks: tuple[int, int]
    while_standing: int
    stood_s: tuple[float, float]


def judge(week: Week, seed: int = 0) -> Verdict:
    """Run the reminder through a week, and compare."""
    ran = run(week, seed)
    wanted = reminders_wanted(week, ran.given)
    lost, extra = compare(wanted, ran.given, week)
    return Verdict(
        tuple(wanted),
        tuple(ran.given),
        lost,
        extra,
        sum(is_in_call(week, at_s) for at_s in ran.given),
        ran.waited,
        sum(b - a < APART_S for a, b in pairwise(ran.given)),
        (ran.breaks, breaks_true(week)),
        ran.while_standing,
        (ran.stood_s, sum(one.end_s - one.begin_s for one in spells(week) if one.is_standing)),
    )


class Reminder:
    """Schedule and courtesy together, as in the reminder's process.

    Attributes
    ----------
    given
        When it reminded, true times.
    waited
        How often that was later because of a call.
    breaks
        How many it noticed.
    while_standing
        How many of its reminders came while somebody stood.
    stood_s
        How long somebody stood, as it noted that.
    """

    def __init__(self, week: Week) -> None:
        self._week = week
        self.schedule = Schedule(week.preferences)
        self._courtesy = self._new_courtesy()
        self.given: list[float] = []
        self.waited = self.breaks = self.while_standing = 0
        self.stood_s = 0.0
        self._now = Instant(0.0, week.wall(0.0))
        self._idle_s: float | None = None
        self._is_locked = False

    def restart(self, now: Instant) -> None:
        """End the process, and begin another that remembers."""
        self.schedule = Schedule(self._week.preferences, self.schedule.memory(now))
        self._courtesy = self._new_courtesy()

    def look(self, now: Instant, idle_s: float | None, *, is_locked: bool) -> None:
        """Look as the process does."""
        self._now, self._idle_s, self._is_locked = now, idle_s, is_locked
        self._tick()

    def finish(self) -> None:
        """Sit at last, so that all standing is noted."""
        self.schedule.sit(self._now)
        self._note_stood()

    def _note_stood(self) -> None:
        self.stood_s += sum(60 * one.minutes for one in self.schedule.take_stood())

    def _new_courtesy(self) -> Courtesy:
        return Courtesy(self._ask, self._tick)

    def _ask(self, then: Callable[[Occupied | None], None]) -> None:
        is_busy = is_in_call(self._week, self._now.elapsed_s)
        then(Occupied.MICROPHONE if is_busy else None)

    def _tick(self) -> None:
        courtesy = self._courtesy
        events = self.schedule.tick(
            self._now, self._idle_s, is_locked=self._is_locked, is_held=courtesy.holds
        )
        if not self.schedule.is_over:
            courtesy.forget()
        self._note_stood()
        for event in events:
            match event:
                case Due():
                    self.given.append(self._now.elapsed_s)
                    self.waited += courtesy.last_reason is not None
                    self.while_standing += self.schedule.describe(self._now).is_standing
                    courtesy.give()
                case BreakEnded():
                    self.breaks += 1
                case Held():
                    courtesy.hold(self._now)


def run(week: Week, seed: int = 0) -> Reminder:
    """Return a reminder that has been through the week."""
    draw = random.Random(seed)
    reminder = Reminder(week)
    pauses, said = list(week.pauses), list(week.postures)
    touched_s = 0.0
    for stretch in week.stretches:
        if stretch.doing is Doing.ASLEEP:
            continue
        now_s = stretch.begin_s
        while now_s < stretch.end_s:
            if stretch.doing is Doing.WORK:
                touched_s = now_s - draw.uniform(0, _LONGEST_REST_S) * (
                    now_s - stretch.begin_s > _LONGEST_REST_S
                )
            now = Instant(now_s, week.wall(now_s))
            schedule = reminder.schedule
            if draw.random() < week.restarts / 1000 and _may_restart(week, stretch, schedule, now):
                reminder.restart(now)
            _ask_for_pauses(week, reminder.schedule, pauses, now_s)
            _say_postures(week, reminder.schedule, said, now_s)
            idle_s = now_s - touched_s if week.knows_idle else None
            reminder.look(now, idle_s, is_locked=is_locked(week, stretch))
            now_s += draw.uniform(1, _LONGEST_LOOK_S)
        _ask_for_pauses(week, reminder.schedule, pauses, stretch.end_s)
        _say_postures(week, reminder.schedule, said, stretch.end_s)
    reminder.finish()
    return reminder


def _ask_for_pauses(
    week: Week, schedule: Schedule, pauses: list[tuple[float, float]], until_s: float
) -> None:
    """Pause as somebody has asked for up to a time; what is asked for is taken away."""
    while pauses and pauses[0][0] <= until_s:
        at_s, minutes = pauses.pop(0)
        schedule.pause(Instant(at_s, week.wall(at_s)), minutes)


def _say_postures(
    week: Week, schedule: Schedule, said: list[tuple[float, bool]], until_s: float
) -> None:
    """Say what somebody has said up to a time; what is said is taken away."""
    while said and said[0][0] <= until_s:
        at_s, stands = said.pop(0)
        (schedule.stand if stands else schedule.sit)(Instant(at_s, week.wall(at_s)))


def _may_restart(week: Week, stretch: Stretch, schedule: Schedule, now: Instant) -> bool:
    """Tell whether a restart loses nothing.

    Who is away at that moment may be counted twice, and where the clock has just been set
    nobody can know how long ago the process before this one stopped.
    """
    before_s = now.elapsed_s - _LONGEST_LOOK_S
    is_set = abs((now.local - week.wall(before_s)).total_seconds() - _LONGEST_LOOK_S) > 1
    is_working = stretch.doing is Doing.WORK
    return is_working and not is_set and schedule.describe(now).paused_until is None


def breaks_true(week: Week) -> int:
    """Return how many breaks there were after sitting, a night being none."""
    pairs = pairwise(sittings(week))
    return sum(
        end_s - begin_s >= SAT_S and next_s - end_s <= LONGEST_BREAK_S
        for (begin_s, end_s), (next_s, _) in pairs
    )


def reminders_wanted(week: Week, given: Sequence[float]) -> list[float]:
    """Return when reminders ought to come, from the true times.

    The next one is reckoned from when the last one did come, where that was late by no more
    than it may be; else lateness would add up.
    """
    chosen = week.preferences
    wanted: list[float] = []
    last_s = float("-inf")
    for spell in spells(week):
        interval_s = 60.0 * (chosen.standing_min if spell.is_standing else chosen.interval_min)
        end_s, wait_s = spell.end_s, AGAIN_S
        due_s = spell.begin_s + max(
            interval_s - spell.counted_s, APART_S if spell.has_moved else 0.0
        )
        while due_s < end_s:
            at_s = max(due_s, last_s + APART_S)
            while at_s < end_s and is_blocked(week, at_s):
                at_s += 10.0
            if at_s >= end_s:
                break
            came_s = next((one for one in given if abs(one - at_s) <= LATE_S), None)
            blocked_s = _blocked_soon(week, at_s) if came_s is None else None
            if blocked_s is not None:
                # Wanted only just before quiet hours, a pause or a call, it may come after them.
                due_s = blocked_s
                continue
            wanted.append(at_s)
            last_s = at_s if came_s is None else came_s
            due_s, wait_s = last_s + wait_s, interval_s
    return wanted


def _blocked_soon(week: Week, at_s: float) -> float | None:
    """Return when nobody is to be reminded, within the time that a reminder may be late."""
    steps = (at_s + off_s for off_s in range(0, round(LATE_S) + 1, 10))
    return next((one for one in steps if is_blocked(week, one)), None)


def compare(
    wanted: Sequence[float], given: Sequence[float], week: Week
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what was wanted and not given, and what was given and not wanted.

    One that was wanted only just before somebody got up or sat down, or before quiet hours or a
    pause, need not have come.
    """
    left = list(given)
    lost = []
    ends_s = [spell.end_s for spell in spells(week)]
    for at_s in wanted:
        match = next((one for one in left if -LATE_S <= one - at_s <= LATE_S), None)
        if match is not None:
            left.remove(match)
        elif min(end_s for end_s in ends_s if end_s >= at_s) - at_s > LATE_S and not _is_at_an_edge(
            week, at_s
        ):
            lost.append(at_s)
    extra = [one for one in left if not _is_at_an_edge(week, one)]
    return tuple(lost), tuple(extra)


def _is_at_an_edge(week: Week, at_s: float) -> bool:
    """Tell whether what is wanted turns over within the time that a reminder may be late.

    That somebody has just got up for good, nobody knows at first.
    """
    if any(0 <= at_s - end_s <= LATE_S for _, end_s in sittings(week)):
        return True
    near = {is_blocked(week, at_s + off_s) for off_s in (-LATE_S, 0.0, LATE_S)}
    return len(near) > 1
