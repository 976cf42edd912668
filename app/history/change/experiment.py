"""Weeks with and without exercises, in an order drawn by lot, and whether they differ.

Weeks come in pairs, one with and one without, which of them first by lot; so whatever drifts over
months falls on both alike. A randomisation test asks how often chance alone, by drawing the order
anew, would make the difference as large. Weeks are compared by the middle of their checks, all by
one method and taken alike.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from app.history.diary import EntryKind, ExerciseSet, Experiment
from app.history.ranges import read_ranges
from app.history.records import RowQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.history.store import History

#: With fewer pairs chance alone makes any difference in more than one plan out of twenty.
PAIRS_LEAST = 6
#: So many weeks can be planned.
WEEKS = (12, 16, 20)
#: A difference that chance alone makes this seldom, or less, is told as one.
CHANCE_MOST = 0.05
_WEEK_DAYS = 7
_EPOCH = date(1970, 1, 1)


class Compared(StrEnum):
    """What is compared."""

    TILT = "tilt"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Difference:
    """Weeks with exercises less weeks without.

    Attributes
    ----------
    what
        Of what; the range is how far the pelvis was turned in range tests.
    pairs
        Of how many pairs both weeks were measured.
    mean_deg, low_deg, high_deg
        Their mean difference with its interval at 95 %; + = further forward, or wider. None with
        fewer than two pairs.
    chance
        How often drawing the order anew makes it as large, 0 to 1; None with fewer pairs than
        :data:`PAIRS_LEAST`.
    """

    what: Compared
    pairs: int
    mean_deg: float | None = None
    low_deg: float | None = None
    high_deg: float | None = None
    chance: float | None = None

    @property
    def is_real(self) -> bool:
        """Whether it is more than chance."""
        return self.chance is not None and self.chance <= CHANCE_MOST


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan as it is kept, and what came of it so far.

    Attributes
    ----------
    id
        Of its entry in the diary.
    first
        Its first day.
    weeks
        For each week whether it is one with exercises.
    days_with, days_without
        On how many days of the weeks with and of those without there were exercises.
    differences
        Of what was measured in both kinds of weeks.
    """

    id: int
    first: date
    weeks: tuple[bool, ...]
    days_with: int = 0
    days_without: int = 0
    differences: tuple[Difference, ...] = ()

    def week_of(self, day: date) -> int | None:
        """Return which week of the plan a day lies in, from 0; None outside of it."""
        week = (day - self.first).days // _WEEK_DAYS
        return week if 0 <= week < len(self.weeks) else None


def draw_weeks(count: int, chance: random.Random | None = None) -> tuple[bool, ...]:
    """Draw an order of weeks, an even number of them."""
    lot = chance or random.SystemRandom()
    weeks: list[bool] = []
    for _ in range(count // 2):
        with_first = lot.random() < 0.5
        weeks += [with_first, not with_first]
    return tuple(weeks)


def read_experiment(history: History, profile_id: int) -> Planned | None:
    """Return a person's newest plan with what came of it; None if there is none, or it was ended.

    Takes a while, so call from a thread.
    """
    kept = history.entries(profile_id, EntryKind.EXPERIMENT)
    if not kept or not isinstance(kept[-1].content, Experiment) or not kept[-1].content.weeks:
        return None
    entry, weeks = kept[-1], kept[-1].content.weeks
    first = entry.at.date()
    exercised = {
        one.at.date()
        for one in history.entries(profile_id, EntryKind.EXERCISE)
        if isinstance(one.content, ExerciseSet)
    }
    with_, without = _count_days(exercised, first, weeks)
    last = first + timedelta(days=_WEEK_DAYS * len(weeks) - 1)
    differences = (
        _difference(Compared.TILT, _tilts(history, profile_id, first, last), first, weeks),
        _difference(Compared.RANGE, _ranges(history, profile_id), first, weeks),
    )
    told = tuple(one for one in differences if one.what is Compared.TILT or one.pairs)
    return Planned(entry.id, first, weeks, with_, without, told)


def difference_of(
    what: Compared, by_week: Sequence[float | None], weeks: Sequence[bool]
) -> Difference:
    """Compare weeks with exercises to those without, pair by pair.

    Parameters
    ----------
    by_week
        What was measured in each week, deg; None where nothing was.
    weeks
        Whether each is one with exercises.
    """
    off_deg = []
    for one in range(0, len(weeks), 2):
        first, second = by_week[one], by_week[one + 1]
        if first is not None and second is not None:
            off_deg.append(first - second if weeks[one] else second - first)
    if len(off_deg) < 2:
        return Difference(what, len(off_deg))
    from scipy import special, stats

    off = np.array(off_deg)
    mean_deg, freedom = float(np.mean(off)), len(off) - 1
    half_deg = float(special.stdtrit(freedom, 0.975) * np.std(off, ddof=1) / np.sqrt(len(off)))
    low_deg, high_deg = mean_deg - half_deg, mean_deg + half_deg
    chance = None
    if len(off) >= PAIRS_LEAST:
        # Which week of a pair came first was drawn by lot, so each difference might as well have
        # the other sign. Up to ten pairs all ways are counted.
        found = stats.permutation_test(
            (off,), np.mean, permutation_type="samples", n_resamples=2**10
        )
        chance = float(found.pvalue)
    return Difference(what, len(off), mean_deg, low_deg, high_deg, chance)


def _difference(
    what: Compared, measured: Iterable[tuple[date, float]], first: date, weeks: Sequence[bool]
) -> Difference:
    found: dict[int, list[float]] = {}
    for day, angle_deg in measured:
        found.setdefault((day - first).days // _WEEK_DAYS, []).append(angle_deg)
    by_week = [median(found[week]) if week in found else None for week in range(len(weeks))]
    return difference_of(what, by_week, weeks)


def _tilts(
    history: History, profile_id: int, first: date, last: date
) -> Iterable[tuple[date, float]]:
    """Give the angles by the method used most, less the middle of those taken alike."""
    methods = history.methods(profile_id)
    if not methods:
        return
    angles = history.angles(RowQuery(profile_id, methods[0]))
    days = [_EPOCH + timedelta(days=int(day)) for day in angles.day]
    is_planned = np.array([first <= day <= last for day in days], bool)
    for level in np.unique(angles.level[is_planned]):
        alike = is_planned & (angles.level == level)
        middle_deg = float(np.median(angles.angle_deg[alike]))
        for place in np.flatnonzero(alike):
            yield days[place], float(angles.angle_deg[place]) - middle_deg


def _ranges(history: History, profile_id: int) -> Iterable[tuple[date, float]]:
    """Give the ranges by the method of the newest test."""
    tests = read_ranges(history, profile_id)
    for test in tests:
        if test.result.method is tests[-1].result.method:
            yield test.taken_at.date(), test.result.range_deg.value


def _count_days(exercised: set[date], first: date, weeks: Sequence[bool]) -> tuple[int, int]:
    """Return on how many days of the weeks with, and of those without, there were exercises."""
    counts = [0, 0]
    for day in exercised:
        week = (day - first).days // _WEEK_DAYS
        if 0 <= week < len(weeks):
            counts[weeks[week]] += 1
    return counts[True], counts[False]
