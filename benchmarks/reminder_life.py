"""Weeks of somebody's life as they truly are, for :mod:`benchmarks.reminder_week`.

People work, step away for a moment or for longer, and put the computer to sleep; somebody sets
the clock, the clocks change to or from summer time, and the laptop travels to another zone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.breaks.preferences import ReminderPreferences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Away for so long is a break.
AWAY_S = 180.0
_WEEK_S = 7 * 24 * 3600.0
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
#: Mondays; in the second and third week clocks change in Europe, in the fourth in America.
_MONDAYS = ((2026, 6, 1), (2026, 3, 23), (2026, 10, 19), (2026, 10, 26))


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
        When somebody pauses the reminder, true time, and for how many minutes.
    knows_idle
        Whether the desktop tells of resting keys. Where it does not, the screen is locked by
        whoever goes away.
    restarts
        How often the reminder's process is restarted, looks in a thousand.
    """

    stretches: list[Stretch]
    wall: Callable[[float], datetime]
    preferences: ReminderPreferences
    pauses: list[tuple[float, float]] = field(default_factory=list)
    knows_idle: bool = True
    restarts: float = 0.0


def random_week(seed: int) -> Week:
    """Return a week with whatever can happen to a clock."""
    draw = random.Random(seed)
    monday = datetime(*_MONDAYS[seed % len(_MONDAYS)], tzinfo=ZoneInfo(draw.choice(_ZONES)))
    preferences = ReminderPreferences.model_validate(
        {
            "is_on": True,
            "interval_min": draw.choice((30, 60, 120)),
            "quiet_from": draw.choice(("", "22:00", "12:00")),
            "quiet_to": draw.choice(("07:00", "13:30")),
            "quiet_days": draw.choice(((), (6,))),
        }
    )
    stretches = list(_stretches(draw))
    pauses = [
        (draw.uniform(0, _WEEK_S), draw.choice((60.0, 120.0))) for _ in range(draw.randrange(3))
    ]
    wall, knows_idle = _wall(draw, monday), draw.random() < 0.7
    return Week(stretches, wall, preferences, pauses, knows_idle, draw.choice((0.0, 5.0)))


def _stretches(draw: random.Random) -> Iterator[Stretch]:
    """Give days at the desk, some of them through the night; the first begins with work."""
    now_s, is_short = 0.0, False
    while now_s < _WEEK_S:
        # After a moment away comes work: two of them may make a break, or not quite.
        kind = draw.random() if now_s and not is_short else 0.0
        if kind < 0.62:
            doing, length_s = Doing.WORK, draw.uniform(60, 9000)
        elif kind < 0.80:
            # A break is three minutes; what is about as long may be judged either way.
            doing = Doing.AWAY
            length_s = draw.uniform(5, 90) if draw.random() < 0.6 else draw.uniform(300, 5400)
        else:
            doing, length_s = Doing.ASLEEP, draw.uniform(300, 36_000)
        is_short = doing is Doing.AWAY and length_s < AWAY_S
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


def asked_at(week: Week, pause: tuple[float, float]) -> tuple[float, float]:
    """Nobody asks a computer that sleeps."""
    at_s, minutes = pause
    for stretch in week.stretches:
        if stretch.begin_s <= at_s < stretch.end_s and stretch.doing is Doing.ASLEEP:
            at_s = stretch.end_s
    return at_s, minutes


def _in_force(week: Week, true_s: float) -> list[tuple[float, float]]:
    """Return the newest pause that was asked for; it takes the place of the one before."""
    asked = [asked_at(week, pause) for pause in sorted(week.pauses)]
    begun = [pause for pause in asked if pause[0] <= true_s]
    return begun[-1:]


def is_blocked(week: Week, true_s: float) -> bool:
    """Tell whether nobody is to be reminded at a true time."""
    if any(at_s <= true_s < at_s + 60 * minutes for at_s, minutes in _in_force(week, true_s)):
        return True
    chosen, local = week.preferences, week.wall(true_s)
    if local.weekday() in chosen.quiet_days:
        return True
    begin, end, at = chosen.quiet_from, chosen.quiet_to, f"{local:%H:%M}"
    if not begin or begin == end:
        return False
    return begin <= at < end if begin < end else at >= begin or at < end


def is_locked(week: Week, stretch: Stretch) -> bool:
    """Tell whether the screen is locked, by whoever goes away where keys tell nothing."""
    is_long = stretch.end_s - stretch.begin_s >= AWAY_S
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
        if found and stretch.begin_s - found[-1][1] < AWAY_S:
            found[-1] = found[-1][0], stretch.end_s
        else:
            found.append((stretch.begin_s, stretch.end_s))
    return found
