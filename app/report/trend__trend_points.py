"""What of a trend is put on paper: few enough points, round angles, dates to name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from app.text.measurement import USUAL_HIGH_DEG
from app.text.report import day_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

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
