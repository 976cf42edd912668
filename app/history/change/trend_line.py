"""What all of a person's checks by one method say together about a change.

A straight line is laid through the checks, with a level of its own for each set of clothes, place
of the arms and calibration, since these shift the number by themselves. What measuring and
standing differ by from day to day is known beforehand, so a few checks are enough to say how sure
the line is; with more checks their own scatter counts more. A check that stands apart pulls little
(Huber's loss), and no check is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.history.records import DaySums
from vision.result import Method
from vision.series import DAY_TO_DAY_SD_DEG, OUTLIER_SDS, within_body_sds_deg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.history.records import DatedAngles, RowQuery
    from app.history.store import History

#: With fewer checks, or days, two checks compared say all there is to say.
CHECKS_FROM, DAYS_FROM = 4, 3
#: The known spread counts as much as so many checks' own scatter. People's own spread differs
#: from what is known by about a third either way (1 / sqrt(2 * 4)).
KNOWN_COUNTS_AS = 4.0
#: Beyond so many standard deviations a check pulls no harder; costs 5 % where none stands apart
#: (Huber 1964, Ann Math Stat 35:73).
HUBER_SDS = 1.345
_HUBER_EFFICIENCY = 0.95
#: Where half of few checks stand apart, many lines may fit them equally well by Huber's loss. So
#: much of the squares beside it makes one of these the best, that which they would choose.
_SQUARES_SHARE = 1e-3
#: A change is told at 95 %, on two sides, as between two checks.
_LEVEL = 0.975
#: :attr:`TrendLine.checks_to_see` counts on seeing the change four times in five.
_POWER_Z = 0.84
_DAY_S = 86_400.0
_BAND_POINTS = 25
#: Where the cost is nearly flat the usual ends of the search leave a tenth of a degree.
_TO_THE_END = dict.fromkeys(("ftol", "xtol", "gtol"), 1e-14)


@dataclass(frozen=True, slots=True, eq=False)
class TrendBand:
    """The line through the checks that were taken alike, with what it may be off by.

    Attributes
    ----------
    at_s
        Shape (m,), float64: seconds since 1970, UTC, from their first to their last check.
    angle_deg, half_deg
        Shape (m,), float64: the line, positive = anterior, and half its interval at 95 %.
    """

    at_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    half_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TrendLine:
    """By how much the tilt changed from the first to the last check.

    Attributes
    ----------
    first_s, last_s
        When these were taken, seconds since 1970, UTC.
    change_deg
        + = further forward.
    half_deg
        Half its interval at 95 %.
    sd_deg
        By how much one check differs from the line by itself, a standard deviation.
    checks
        How many it rests on; those that have none like them say nothing of a change.
    bands
        One for each set of clothes, arms and calibration, most checks first.
    """

    first_s: float
    last_s: float
    change_deg: float
    half_deg: float
    sd_deg: float
    checks: int
    bands: tuple[TrendBand, ...]

    @property
    def is_real(self) -> bool:
        """Whether there is a change at all, at 95 %."""
        return abs(self.change_deg) > self.half_deg

    @property
    def low_deg(self) -> float:
        """The lower end of the change's interval."""
        return self.change_deg - self.half_deg

    @property
    def high_deg(self) -> float:
        """The upper end of the change's interval."""
        return self.change_deg + self.half_deg

    def checks_to_see(self, change_deg: float) -> int:
        """Return how many more checks would show a change of this size; 0 if none are needed.

        Taken alike and spread evenly as these were; then four such changes in five are seen.
        """
        needed_deg = self.half_deg * (1.0 + _POWER_Z / 1.96)
        return max(0, math.ceil(self.checks * ((needed_deg / change_deg) ** 2 - 1.0)))


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """Checks taken alike on one day as one; columns of equal length."""

    at_s: NDArray[np.float64]
    level: NDArray[np.int64]
    angle_deg: NDArray[np.float64]
    sd_deg: NDArray[np.float64]
    count: NDArray[np.int64]


def read_line(history: History, query: RowQuery) -> TrendLine | None:
    """Lay a line through the checks of a list of one method; None where too few are alike.

    Of very many it is enough to read what each day's come to, which is known beforehand.
    """
    sums = history.day_sums(query)
    return fit_trend(history.angles(query)) if sums is None else fit_days(sums)


def fit_trend(angles: DatedAngles) -> TrendLine | None:
    """Lay a line through checks; None where there are too few that are alike.

    Of belt lines only those count of which the clothes are known.
    """
    within_deg = within_body_sds_deg(
        angles.method, angles.reading_deg, angles.repeats, angles.repeat_spread_deg
    )
    return fit_days(
        DaySums(
            angles.method,
            angles.day,
            angles.level,
            angles.has_clothes,
            np.ones(len(angles.day), np.int64),
            angles.taken_at_s,
            angles.angle_deg,
            within_deg**2,
            angles.roll_deg**2,
        )
    )


def fit_days(sums: DaySums) -> TrendLine | None:
    """Do the same with what the checks of each day come to."""
    if sums.method is Method.BELT:
        sums = sums.only(sums.has_clothes)
    days = _alike(_by_day(sums))
    if days.count.sum() < CHECKS_FROM or len(np.unique(days.at_s // _DAY_S)) < DAYS_FROM:
        return None
    return _fit(days)


def _by_day(sums: DaySums) -> _Days:
    """Take together what was taken alike on one day: its checks share how somebody stood."""
    keys = np.stack([sums.day, sums.level], axis=1)
    found, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.ravel()
    counts = np.bincount(place, sums.count, len(found))

    def mean(summed: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(place, summed, len(found)) / counts)

    # The camera stands as it stood all day, so its part does not average out.
    variance = mean(sums.within_deg2) / counts + mean(sums.roll_deg2) + DAY_TO_DAY_SD_DEG**2
    return _Days(
        at_s=mean(sums.at_s),
        level=found[:, 1],
        angle_deg=mean(sums.angle_deg),
        sd_deg=np.sqrt(variance),
        count=counts.astype(np.int64),
    )


def _alike(days: _Days) -> _Days:
    """Return the days that have another day like them."""
    _, place, counts = np.unique(days.level, return_inverse=True, return_counts=True)
    kept = counts[place] > 1
    return _Days(
        days.at_s[kept],
        days.level[kept],
        days.angle_deg[kept],
        days.sd_deg[kept],
        days.count[kept],
    )


def _fit(days: _Days) -> TrendLine:
    from scipy.optimize import least_squares
    from scipy.special import stdtrit

    first_s, last_s = float(days.at_s.min()), float(days.at_s.max())
    levels, place = np.unique(days.level, return_inverse=True)
    time = (days.at_s - first_s) / (last_s - first_s)
    design = np.column_stack([time, place[:, np.newaxis] == np.arange(len(levels))])
    # From their middle, so that where the angles lie changes nothing in how the search ends.
    middle_deg = float(np.median(days.angle_deg))
    scaled = design / days.sd_deg[:, np.newaxis]
    wanted = (days.angle_deg - middle_deg) / days.sd_deg

    def off(line: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(scaled @ line - wanted)

    start = np.linalg.lstsq(scaled, wanted, rcond=None)[0]
    found = least_squares(
        off, start, jac=lambda _: scaled, loss=_loss, f_scale=HUBER_SDS, **_TO_THE_END
    ).x
    share, freedom = _scatter(np.abs(off(found)), len(time) - design.shape[1])
    found[1:] += middle_deg
    # What is known of the day cannot shrink: it is there whatever the scatter of a few.
    sd_deg = np.maximum(share * days.sd_deg, DAY_TO_DAY_SD_DEG)
    weighted = design / sd_deg[:, np.newaxis]
    covariance = np.asarray(np.linalg.inv(weighted.T @ weighted)) / _HUBER_EFFICIENCY
    times = float(stdtrit(freedom, _LEVEL))
    return TrendLine(
        first_s,
        last_s,
        change_deg=float(found[0]),
        half_deg=times * math.sqrt(covariance[0, 0]),
        sd_deg=float(np.sqrt(np.mean(sd_deg**2))),
        checks=int(days.count.sum()),
        bands=_bands(days, place, found, covariance * times**2),
    )


def _loss(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Huber's loss of squared residuals with a little of the squares, and how it changes.

    Shape (3, n): itself, its first and its second derivative, as SciPy wants it.
    """
    root = np.sqrt(np.maximum(squares, 1.0))
    loss = np.where(squares > 1.0, 2.0 * root - 1.0, squares)
    bend = np.where(squares > 1.0, -0.5 / root**3, 0.0)
    share = _SQUARES_SHARE
    return np.stack([loss + share * squares, 1.0 / root + share, bend])


def _scatter(off_sds: NDArray[np.float64], freedom: int) -> tuple[float, float]:
    """Return how many times the known spread the checks scatter by, and its degrees of freedom.

    The known spread counts as :data:`KNOWN_COUNTS_AS` checks. A single check that is far off tells
    little about the others, so none counts for more than :data:`vision.series.OUTLIER_SDS`.
    """
    seen = float(np.sum(np.minimum(off_sds, OUTLIER_SDS) ** 2))
    total = KNOWN_COUNTS_AS + max(freedom, 0)
    return math.sqrt((KNOWN_COUNTS_AS + seen) / total), total


def _bands(
    days: _Days,
    place: NDArray[np.int64],
    line: NDArray[np.float64],
    covariance: NDArray[np.floating],
) -> tuple[TrendBand, ...]:
    """Return each level's line over the time of its own checks."""
    first_s, span_s = days.at_s.min(), days.at_s.max() - days.at_s.min()
    bands = []
    counts = np.bincount(place, days.count)
    for level in np.argsort(-counts, kind="stable"):
        mine = days.at_s[place == level]
        at_s = np.linspace(mine.min(), mine.max(), _BAND_POINTS)
        points = np.zeros((_BAND_POINTS, len(line)))
        points[:, 0] = (at_s - first_s) / span_s
        points[:, 1 + level] = 1.0
        half_deg = np.sqrt(np.sum((points @ covariance) * points, axis=1))
        bands.append(TrendBand(at_s, points @ line, half_deg))
    return tuple(bands)
