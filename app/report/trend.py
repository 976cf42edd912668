"""Angles over time with their intervals, drawn on paper. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from app.report.flow import FINE, Ink
from app.text.measurement import USUAL_HIGH_DEG, USUAL_LOW_DEG, USUAL_MIDDLE_DEG
from app.text.report import day_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    from app.history.records import Trend
    from app.report.flow import Sheet


#: More bars than these run into one another on paper.
POINTS_MAX = 90
_STEPS_DEG = (5, 10, 20, 30, 60)
_MARKS_MAX = 9
_DATES_MAX = 5
#: The upper edge of the usual range shall be seen as an edge.
_ABOVE_RANGE_DEG = 2.0
_DAY_S = 86_400.0
#: Room before the first and after the last point, as a share of the time between them.
_MARGIN = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class TrendPoints:
    """Points with their intervals, oldest first; arrays of equal length.

    Attributes
    ----------
    at_s
        Seconds since 1970, UTC.
    angle_deg, low_deg, high_deg
        Positive = front lower.
    count
        How many checks there are.
    """

    at_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    low_deg: NDArray[np.float64]
    high_deg: NDArray[np.float64]
    count: int

    @property
    def each(self) -> int:
        """How many checks stand behind one point, about; 1 = all are shown."""
        return 1 if len(self.at_s) == self.count else -(-self.count // len(self.at_s))


@dataclass(frozen=True, slots=True)
class DateMark:
    """A date to name below the time axis."""

    at_s: float
    text: str


def choose_points(trend: Trend, most: int = POINTS_MAX) -> TrendPoints:
    """Return the points of a trend, or medians of neighbours where there are more than ``most``."""
    columns = np.stack([trend.taken_at_s, trend.angle_deg, trend.low_deg, trend.high_deg])
    columns = columns[:, np.isfinite(columns).all(axis=0)]
    count = columns.shape[1]
    if count > most:
        groups = np.array_split(columns, most, axis=1)
        columns = np.stack([np.median(group, axis=1) for group in groups], axis=1)
    at_s, angle, low, high = columns
    return TrendPoints(at_s, angle, low, high, count)


def angle_marks(points: TrendPoints, with_usual_range: bool) -> tuple[int, ...]:
    """Return round angles, lowest first, whose first and last enclose all that is drawn."""
    usual = USUAL_HIGH_DEG + _ABOVE_RANGE_DEG if with_usual_range else 0.0
    lowest = min(0.0, float(points.low_deg.min()))
    highest = max(usual, float(points.high_deg.max()))
    for step in _STEPS_DEG:
        first, last = int(np.floor(lowest / step)), int(np.ceil(highest / step))
        last = max(last, first + 1)
        if last - first + 1 <= _MARKS_MAX or step == _STEPS_DEG[-1]:
            break
    return tuple(step * number for number in range(first, last + 1))


def time_span_s(points: TrendPoints) -> tuple[float, float]:
    """Return where the time axis begins and ends."""
    first, last = float(points.at_s.min()), float(points.at_s.max())
    margin = (last - first) * _MARGIN if last - first > 60.0 else _DAY_S
    return first - margin, last + margin


def date_marks(points: TrendPoints, zone: tzinfo | None) -> tuple[DateMark, ...]:
    """Return dates to name, evenly spaced, no day twice."""
    first, last = float(points.at_s.min()), float(points.at_s.max())
    days = int((last - first) / _DAY_S)
    marks: dict[str, DateMark] = {}
    for at_s in np.linspace(first, last, max(1, min(_DATES_MAX, days + 1))).tolist():
        text = day_text(datetime.fromtimestamp(at_s, UTC).astimezone(zone))
        marks.setdefault(text, DateMark(at_s, text))
    return tuple(marks.values())


_LEFT_PT, _BOTTOM_PT, _TOP_PT = 26.0, 16.0, 13.0
_DOT_PT, _FEW = 2.4, 40
_CAP_PT = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class TrendChart:
    """A chart of one method.

    Attributes
    ----------
    points
        At least one.
    axis_title
        What the angles are.
    with_usual_range
        Whether the band of the usual range belongs behind these angles.
    zone
        Whose days the dates are.
    width_pt, height_pt
        Of all of it.
    """

    points: TrendPoints
    axis_title: str
    with_usual_range: bool
    zone: tzinfo | None
    width_pt: float
    height_pt: float

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw band, axes, bars and points."""
        _Drawing(self, sheet, left_pt, top_pt).draw()


class _Drawing:
    """A chart at its place; turns times and angles into places on paper."""

    def __init__(self, chart: TrendChart, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        self._chart, self._sheet = chart, sheet
        self._left = left_pt + _LEFT_PT
        self._right = left_pt + chart.width_pt
        self._top, self._bottom = top_pt + _TOP_PT, top_pt + chart.height_pt - _BOTTOM_PT
        self._marks = angle_marks(chart.points, chart.with_usual_range)
        self._first_s, self._last_s = time_span_s(chart.points)

    def draw(self) -> None:
        self._sheet.lines((self._chart.axis_title,), FINE, self._left, self._top - _TOP_PT)
        if self._chart.with_usual_range:
            self._draw_usual_range()
        self._draw_axes()
        self._draw_points()

    def _x(self, at_s: float) -> float:
        share = (at_s - self._first_s) / (self._last_s - self._first_s)
        return self._left + share * (self._right - self._left)

    def _y(self, angle_deg: float) -> float:
        share = (angle_deg - self._marks[0]) / (self._marks[-1] - self._marks[0])
        return self._bottom - share * (self._bottom - self._top)

    def _draw_usual_range(self) -> None:
        low, high = self._y(USUAL_LOW_DEG), self._y(USUAL_HIGH_DEG)
        middle = self._y(USUAL_MIDDLE_DEG)
        self._sheet.box(self._left, high, self._right - self._left, low - high, Ink.BAND)
        ends = (self._left, middle), (self._right, middle)
        self._sheet.rule(*ends, ink=Ink.BAND_MIDDLE, width_pt=0.7, dash_pt=3.0)

    def _draw_axes(self) -> None:
        for angle in self._marks:
            y = self._y(angle)
            width = 0.8 if angle == 0 else 0.3
            ink = Ink.MUTED if angle == 0 else Ink.LINE
            self._sheet.rule((self._left, y), (self._right, y), ink, width)
            text = f"{angle}°".replace("-", "\u2212")
            self._sheet.lines((text,), FINE, self._left - 4.0, y - 0.6 * FINE.size_pt, align=1.0)
        for mark in date_marks(self._chart.points, self._chart.zone):
            x = self._x(mark.at_s)
            self._sheet.rule((x, self._bottom), (x, self._bottom + 3.0), Ink.MUTED)
            half = self._sheet.typesetter.width_pt(mark.text, FINE) / 2
            middle = min(max(x, self._left + half), self._right - half)
            self._sheet.lines((mark.text,), FINE, middle, self._bottom + 5.0, align=0.5)

    def _draw_points(self) -> None:
        points = self._chart.points
        few = len(points.at_s) <= _FEW
        radius, cap = (_DOT_PT, _CAP_PT) if few else (0.6 * _DOT_PT, 0.0)
        rows = zip(points.at_s, points.angle_deg, points.low_deg, points.high_deg, strict=True)
        for at_s, angle, low, high in rows:
            x, top, bottom = self._x(at_s), self._y(high), self._y(low)
            self._sheet.rule((x, top), (x, bottom), Ink.MARK, 0.9 if few else 0.5)
            for y in (top, bottom) if cap else ():
                self._sheet.rule((x - cap, y), (x + cap, y), Ink.MARK, 0.9)
            self._sheet.dot(x, self._y(angle), radius, Ink.MARK)
