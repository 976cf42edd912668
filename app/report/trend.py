"""Angles over time, each with what a change is judged by, drawn on paper. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from app.report.flow import BAND, BAND_MIDDLE, CONTENT_WIDTH_PT, FINE, LINE, MARK, MUTED
from app.report.fonts import REGULAR
from app.text import report
from app.text.languages.wording import day_text
from app.text.measurement import USUAL_HIGH_DEG, USUAL_LOW_DEG, USUAL_MIDDLE_DEG
from vision.result import Method

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray
    from reportlab.lib.colors import HexColor

    from app.history.records import Trend


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
    """Points with what a change is judged by, oldest first; arrays of equal length.

    Attributes
    ----------
    at_s
        Seconds since 1970, UTC.
    angle_deg
        Positive = front lower.
    low_deg, high_deg
        Between which the next may lie by itself.
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
    columns = np.stack([trend.taken_at_s, trend.angle_deg, trend.change_half_deg])
    columns = columns[:, np.isfinite(columns).all(axis=0)]
    count = columns.shape[1]
    if count > most:
        groups = np.array_split(columns, most, axis=1)
        columns = np.stack([np.median(group, axis=1) for group in groups], axis=1)
    at_s, angle, half = columns
    return TrendPoints(at_s, angle, angle - half, angle + half, count)


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


_LEFT_PT, _RIGHT_PT = 26.0, CONTENT_WIDTH_PT
_BOTTOM_PT, _TOP_PT = 16.0, 13.0
_DOT_PT, _FEW = 2.4, 40
_CAP_PT = 2.0


class TrendChart(Drawing):  # type: ignore[misc]
    """A chart over the width of the page: usual range, axes, a bar and a dot for each point.

    Parameters
    ----------
    points
        At least one.
    method
        How they were measured; a belt line has no usual range.
    zone
        Whose days the dates are.
    height_pt
        Of all of it.
    """

    def __init__(
        self, points: TrendPoints, method: Method, zone: tzinfo | None, height_pt: float
    ) -> None:
        super().__init__(_RIGHT_PT, height_pt, initialFontName=REGULAR)
        tilt = method is not Method.BELT
        self._top = height_pt - _TOP_PT
        self._marks = angle_marks(points, tilt)
        self._first_s, self._last_s = time_span_s(points)
        title = report.TREND_AXIS if tilt else report.TREND_AXIS_BELT
        self._write(title, _LEFT_PT, height_pt - FINE.fontSize)
        if tilt:
            self._add_usual_range()
        self._add_axes(date_marks(points, zone))
        self._add_points(points)

    def _x(self, at_s: float) -> float:
        share = (at_s - self._first_s) / (self._last_s - self._first_s)
        return _LEFT_PT + share * (_RIGHT_PT - _LEFT_PT)

    def _y(self, angle_deg: float) -> float:
        share = (angle_deg - self._marks[0]) / (self._marks[-1] - self._marks[0])
        return _BOTTOM_PT + share * (self._top - _BOTTOM_PT)

    def _write(self, text: str, x: float, y: float, anchor: str = "start") -> None:
        self.add(
            String(
                x,
                y,
                text,
                fontName=REGULAR,
                fontSize=FINE.fontSize,
                fillColor=MUTED,
                textAnchor=anchor,
            )
        )

    def _rule(self, *ends: float, ink: HexColor, width_pt: float, dash_pt: float = 0.0) -> None:
        dash = [dash_pt, dash_pt] if dash_pt else None
        self.add(Line(*ends, strokeColor=ink, strokeWidth=width_pt, strokeDashArray=dash))

    def _add_usual_range(self) -> None:
        low, high, middle = map(self._y, (USUAL_LOW_DEG, USUAL_HIGH_DEG, USUAL_MIDDLE_DEG))
        width = _RIGHT_PT - _LEFT_PT
        self.add(Rect(_LEFT_PT, low, width, high - low, fillColor=BAND, strokeColor=None))
        ends = _LEFT_PT, middle, _RIGHT_PT, middle
        self._rule(*ends, ink=BAND_MIDDLE, width_pt=0.7, dash_pt=3.0)

    def _add_axes(self, dates: tuple[DateMark, ...]) -> None:
        for angle in self._marks:
            y = self._y(angle)
            ink, width = (LINE, 0.3) if angle else (MUTED, 0.8)
            self._rule(_LEFT_PT, y, _RIGHT_PT, y, ink=ink, width_pt=width)
            text = f"{angle}°".replace("-", "\u2212")
            self._write(text, _LEFT_PT - 4.0, y - 0.4 * FINE.fontSize, "end")
        for mark in dates:
            x = self._x(mark.at_s)
            self._rule(x, _BOTTOM_PT, x, _BOTTOM_PT - 3.0, ink=MUTED, width_pt=0.6)
            half = stringWidth(mark.text, REGULAR, FINE.fontSize) / 2
            middle = min(max(x, _LEFT_PT + half), _RIGHT_PT - half)
            self._write(mark.text, middle, _BOTTOM_PT - 5.0 - FINE.fontSize, "middle")

    def _add_points(self, points: TrendPoints) -> None:
        few = len(points.at_s) <= _FEW
        radius, width = (_DOT_PT, 0.9) if few else (0.6 * _DOT_PT, 0.5)
        rows = zip(points.at_s, points.angle_deg, points.low_deg, points.high_deg, strict=True)
        for at_s, angle, low, high in rows:
            x, top, bottom = self._x(at_s), self._y(high), self._y(low)
            self._rule(x, bottom, x, top, ink=MARK, width_pt=width)
            for y in (top, bottom) if few else ():
                self._rule(x - _CAP_PT, y, x + _CAP_PT, y, ink=MARK, width_pt=width)
            self.add(Circle(x, self._y(angle), radius, fillColor=MARK, strokeColor=None))
