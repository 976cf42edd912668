"""Where what was done lies in time, and how large it is drawn; no widget is touched here.

Times are seconds since 1970, UTC; a day goes from midnight to midnight of this computer's
clock, as the dates below the angles do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.gui.history.trend_scale import DAY_S, Span
from app.history.progress import Period, Progress, Unit, level_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.records import Ability

#: Narrower than this, neighbours run into one another, so more days are drawn as one.
NARROWEST_PX = 5.0
#: So many days in view at least, where there is no trend beside.
_LEAST_DAYS = 28
_DAYS: Mapping[Unit, float] = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.4}
#: What is drawn as full: sets in a day or else days with exercises, and breaks.
_FULL_EXERCISES: Mapping[Unit, float] = {Unit.DAY: 6.0, Unit.WEEK: 3.0, Unit.MONTH: 12.0}
_FULL_BREAKS: Mapping[Unit, float] = {Unit.DAY: 8.0, Unit.WEEK: 40.0, Unit.MONTH: 160.0}
_PALEST = 0.35


@dataclass(frozen=True, slots=True)
class Mark:
    """One period as it is drawn.

    Attributes
    ----------
    period
        What was done in it.
    time
        When it begins and ends.
    exercise
        How strongly exercises are painted, 0 to 1; 0 for none.
    taken, away
        How tall the bars of breaks are, of the row's height; together at most 1.
    level
        What the newest self-check in it says, or None.
    """

    period: Period
    time: Span
    exercise: float
    taken: float
    away: float
    level: Ability | None

    @property
    def middle_s(self) -> float:
        """The middle of its time."""
        return (self.time.first + self.time.last) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Everything that can be drawn of one person.

    Attributes
    ----------
    by_unit
        Marks of days, weeks and months, oldest first.
    time
        From when to when they go; None where there are none.
    """

    by_unit: Mapping[Unit, tuple[Mark, ...]]
    time: Span | None


def marks_of(progress: Progress) -> Marks:
    """Return what is drawn of somebody's progress."""
    groups = (progress.days, progress.weeks, progress.months)
    by_unit = {unit: tuple(map(_mark, group)) for unit, group in zip(Unit, groups, strict=True)}
    days = by_unit[Unit.DAY]
    return Marks(by_unit, Span(days[0].time.first, days[-1].time.last) if days else None)


def unit_for(px_per_s: float) -> Unit:
    """Return the shortest unit that is wide enough to be seen."""
    wide = (unit for unit in Unit if _DAYS[unit] * DAY_S * px_per_s >= NARROWEST_PX)
    return next(wide, Unit.MONTH)


def whole_time(marks: Marks) -> Span:
    """Return a time axis of its own for these marks, of four weeks at least."""
    assert marks.time is not None
    first, last = marks.time.first, marks.time.last
    return Span(min(first, last - _LEAST_DAYS * DAY_S), last)


def start_s(day: date) -> float:
    """Return when a day begins by this computer's clock.

    Where that clock knows nothing of a day so far off, midnight in UTC.
    """
    midnight = datetime(day.year, day.month, day.day)
    try:
        return midnight.timestamp()
    except (OverflowError, ValueError, OSError):
        return midnight.replace(tzinfo=UTC).timestamp()


def _mark(period: Period) -> Mark:
    first_s, last_s = start_s(period.first), start_s(period.last) + DAY_S
    if period.last < date.max:
        last_s = start_s(date.fromordinal(period.last.toordinal() + 1))
    amount = period.sets if period.unit is Unit.DAY else period.exercise_days
    strength = _PALEST + (1 - _PALEST) * min(1.0, amount / _FULL_EXERCISES[period.unit])
    full = max(_FULL_BREAKS[period.unit], period.breaks)
    level = None if period.answers is None else level_of(period.answers)
    return Mark(
        period,
        Span(first_s, max(last_s, first_s + 1)),
        strength if amount else 0.0,
        period.breaks_taken / full,
        period.breaks_away / full,
        level,
    )
