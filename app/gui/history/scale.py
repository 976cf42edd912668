"""What of a trend can be seen: the part in view, its outline when crowded, dates to mark.

No widget is touched here. Times are seconds since 1970, UTC; angles degrees, positive =
front of the pelvis lower.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from app.history.records import TrendOutline
from app.text.measurement import USUAL_HIGH_DEG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from numpy.typing import NDArray

    from app.history.records import Trend

DAY_S = 86_400.0
#: A single check gets this much time around it, and no view is shorter than an hour.
_LONELY_S = 15 * DAY_S
_MARGIN = 0.04
_MARGIN_DEG = 2.0
#: Python knows no later year than 9999.
_MONTHS_END = 12 * 10_000


class DateUnit(StrEnum):
    """How exactly a mark on the time axis is to be named."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DateMarks:
    """Marks on the time axis; ``at_s`` are starts of hours, days, months or years."""

    unit: DateUnit
    at_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where an axis goes."""

    first: float
    last: float


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """The outline of many checks, column by column; columns without checks are left out.

    Attributes
    ----------
    at_s
        Shape (n,): the middle of each column.
    low_deg, high_deg
        Shape (n,): lowest and highest end of what a change is judged by in it.
    angle_min_deg, angle_max_deg
        Shape (n,): lowest and highest angle in it.
    """

    at_s: NDArray[np.float64]
    low_deg: NDArray[np.float64]
    high_deg: NDArray[np.float64]
    angle_min_deg: NDArray[np.float64]
    angle_max_deg: NDArray[np.float64]


def in_view(trend: Trend | TrendOutline, time: Span) -> slice:
    """Return which checks, or days, lie between two times, both included."""
    first = int(np.searchsorted(trend.taken_at_s, time.first, side="left"))
    return slice(first, int(np.searchsorted(trend.taken_at_s, time.last, side="right")))


def envelope(trend: Trend | TrendOutline, part: slice, time: Span, columns: int) -> Envelope:
    """Outline part of a trend in so many columns of equal width over ``time``."""
    at_s = trend.taken_at_s[part]
    if not len(at_s):
        nothing = np.empty(0, np.float64)
        return Envelope(nothing, nothing, nothing, nothing, nothing)
    # Where each column begins is looked up: to work it out of each of a million takes longer.
    edges_s = np.linspace(time.first, time.last, columns + 1)[1:-1]
    begins = np.concatenate([[0], np.searchsorted(at_s, edges_s, side="left")])
    column = np.flatnonzero(np.diff(begins, append=len(at_s)))
    starts = begins[column]
    width_s = (time.last - time.first) / columns
    low, high, least, most = _ends(trend, part)
    return Envelope(
        np.asarray(time.first + (column + 0.5) * width_s, np.float64),
        np.minimum.reduceat(low, starts),
        np.maximum.reduceat(high, starts),
        np.minimum.reduceat(least, starts),
        np.maximum.reduceat(most, starts),
    )


def _ends(trend: Trend | TrendOutline, part: slice) -> tuple[NDArray[np.float64], ...]:
    """Return the ends of what a change is judged by, and of the angles."""
    if isinstance(trend, TrendOutline):
        columns = trend.low_deg, trend.high_deg, trend.least_deg, trend.most_deg
        return tuple(column[part] for column in columns)
    angle_deg, half_deg = trend.angle_deg[part], trend.change_half_deg[part]
    return angle_deg - half_deg, angle_deg + half_deg, angle_deg, angle_deg


def nearest(
    trend: Trend,
    at_s: float,
    angle_deg: float,
    px_per_s: float,
    px_per_deg: float,
    within_px: float,
) -> int | None:
    """Return the index of the check that lies nearest on the screen, or None if none is near.

    Parameters
    ----------
    trend
        Its times must rise.
    at_s, angle_deg
        The place asked for.
    px_per_s, px_per_deg
        How large a second and a degree are on the screen, both above 0.
    within_px
        How far away a check may be.
    """
    part = in_view(trend, Span(at_s - within_px / px_per_s, at_s + within_px / px_per_s))
    if part.start >= part.stop:
        return None
    away_px = np.hypot(
        (trend.taken_at_s[part] - at_s) * px_per_s, (trend.angle_deg[part] - angle_deg) * px_per_deg
    )
    best = int(np.argmin(away_px))
    return part.start + best if away_px[best] <= within_px else None


def whole_time(trend: Trend | TrendOutline) -> Span:
    """Return a time axis with room for all checks."""
    first, last = float(trend.taken_at_s[0]), float(trend.taken_at_s[-1])
    margin = max((last - first) * _MARGIN, DAY_S / 8)
    if last - first < DAY_S / 24:
        margin = _LONELY_S
    return Span(first - margin, last + margin)


def whole_angles(trend: Trend | TrendOutline, with_usual_range: bool) -> Span:
    """Return an angle axis with room for all bars, and for level and the usual range."""
    lows, highs, _, _ = _ends(trend, slice(None))
    usual = USUAL_HIGH_DEG if with_usual_range else 0.0
    low, high = float(np.min(lows)), float(np.max(highs))
    return Span(min(low, 0.0) - _MARGIN_DEG, max(high, usual) + _MARGIN_DEG)


def date_marks(time: Span, most: int, zone: tzinfo | None = None) -> DateMarks:
    """Choose round dates within ``time``, as many as fit.

    Parameters
    ----------
    time
        From where to where.
    most
        No more marks than this; at least 1.
    zone
        Whose midnights count; None is the computer's own zone.
    """
    first = datetime.fromtimestamp(time.first, zone)
    for unit, step in _STEPS:
        if (time.last - time.first) / (step * _UNIT_S[unit]) > 2 * most + 2:
            continue
        # Where clocks are put back or forward, two marks may fall together.
        at_s = dict.fromkeys(mark.timestamp() for mark in _marks(first, time.last, unit, step))
        inside = tuple(s for s in at_s if s >= time.first)
        if len(inside) <= most:
            return DateMarks(unit, inside)
    return DateMarks(DateUnit.YEAR, ())


_UNIT_S = {
    DateUnit.HOUR: 3600.0,
    DateUnit.DAY: DAY_S,
    DateUnit.MONTH: 30.4 * DAY_S,
    DateUnit.YEAR: 365.25 * DAY_S,
}
_STEPS = (
    *((DateUnit.HOUR, step) for step in (1, 3, 6, 12)),
    *((DateUnit.DAY, step) for step in (1, 2, 5, 10, 15)),
    *((DateUnit.MONTH, step) for step in (1, 2, 3, 6)),
    *((DateUnit.YEAR, step) for step in (1, 2, 5, 10, 20, 50, 100, 200)),
)


def _marks(first: datetime, last_s: float, unit: DateUnit, step: int) -> Iterator[datetime]:
    """Yield starts of units from before ``first`` on; days restart with each month."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit is DateUnit.HOUR:
        mark = midnight.replace(hour=first.hour - first.hour % step)
        while mark.timestamp() <= last_s:
            yield mark
            mark += timedelta(hours=step)
        return
    months = {DateUnit.DAY: 1, DateUnit.MONTH: step, DateUnit.YEAR: 12 * step}[unit]
    begun = (12 * first.year + first.month - 1) // months * months
    for month in range(max(begun, 12), _MONTHS_END, months):
        start = midnight.replace(year=month // 12, month=month % 12 + 1, day=1)
        for day in _days(step) if unit is DateUnit.DAY else (1,):
            mark = start + timedelta(days=day - 1)
            if mark.month != start.month:
                break
            if mark.timestamp() > last_s:
                return
            yield mark


def _days(step: int) -> list[int]:
    """Return days of a month a step apart; none so late that it touches the next month's 1st."""
    days = range(1, 32, step)
    return [day for day in days if step == 1 or day <= 31 - step // 2]
