"""Range tests of one person: those that are kept, and how two of them differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.diary import EntryKind, RangeKept
from vision.result import Z_90
from vision.series import DAY_TO_DAY_SD_DEG

if TYPE_CHECKING:
    from datetime import datetime

    from app.history.diary import Entry
    from app.history.store import History
    from vision.range_of_motion import Likely, RangeResult

#: Changes are judged at 95 %, on two sides.
_Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class RangeTaken:
    """One range test as it is kept; ``id`` is that of its entry in the diary."""

    id: int
    profile_id: int
    taken_at: datetime
    kept: RangeKept

    @property
    def result(self) -> RangeResult:
        """What it gave."""
        return self.kept.result


@dataclass(frozen=True, slots=True)
class RangeChange:
    """How a later range test differs from an earlier one by the same method.

    Attributes
    ----------
    range_deg, least_range_deg
        The difference of the ranges, + = wider, and the smallest that counts, a whole number.
    place_percent, least_place_percent
        The same of the place; + = nearer to arched.
    """

    range_deg: float
    least_range_deg: float
    place_percent: float
    least_place_percent: float

    @property
    def is_wider_or_narrower(self) -> bool:
        """Whether the range changed by as much as counts."""
        return abs(self.range_deg) >= self.least_range_deg

    @property
    def is_elsewhere(self) -> bool:
        """Whether the place changed by as much as counts."""
        return abs(self.place_percent) >= self.least_place_percent


def read_ranges(history: History, profile_id: int) -> list[RangeTaken]:
    """Return a person's range tests, oldest first."""
    return ranges_of(history.entries(profile_id, EntryKind.RANGE))


def ranges_of(entries: list[Entry]) -> list[RangeTaken]:
    """Return the range tests among entries of the diary, in the same order."""
    return [
        RangeTaken(entry.id, entry.profile_id, entry.at, entry.content)
        for entry in entries
        if isinstance(entry.content, RangeKept)
    ]


def range_change(first: RangeResult, second: RangeResult) -> RangeChange | None:
    """Return how the second test differs; None where the methods do.

    The smallest change that counts is ``1.96 * sqrt(sd1 ** 2 + sd2 ** 2)``, rounded up, where
    each sd is that of a test's own interval with the day-to-day standard deviation of a
    standing pelvis, 1.6 deg (docs/MEASUREMENT.md, section 5), which moves the place by
    its share of the range.
    """
    if first.method is not second.method:
        return None
    day_percent = [100 * DAY_TO_DAY_SD_DEG / one.range_deg.value for one in (first, second)]
    return RangeChange(
        range_deg=second.range_deg.value - first.range_deg.value,
        least_range_deg=_least(
            math.hypot(_sd(first.range_deg), DAY_TO_DAY_SD_DEG),
            math.hypot(_sd(second.range_deg), DAY_TO_DAY_SD_DEG),
        ),
        place_percent=second.place_percent.value - first.place_percent.value,
        least_place_percent=_least(
            math.hypot(_sd(first.place_percent), day_percent[0]),
            math.hypot(_sd(second.place_percent), day_percent[1]),
        ),
    )


def _sd(likely: Likely) -> float:
    return (likely.high - likely.low) / 2 / Z_90


def _least(first_sd: float, second_sd: float) -> float:
    return float(math.ceil(_Z_95 * math.hypot(first_sd, second_sd)))
