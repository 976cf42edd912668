"""Several photographs as repeats of one stance: their median, and how sure it is.

Pure statistics on finished results; no picture is looked at here. All angles are degrees,
positive = the front of the pelvis lower.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median, stdev
from typing import TYPE_CHECKING

from vision.reasons import refusal, warning
from vision.result import Z_90, Doubt, Measured, Method, Reason, ReasonCode, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    import numpy as np
    from numpy.typing import NDArray

    from vision.result import Rejected

    _Degrees = TypeVar("_Degrees", float, NDArray[np.float64])

#: Repeats that scatter more than this (standard deviation, deg) are not one stance.
MAX_SPREAD_DEG = 3.0
#: Day-to-day standard deviation of a standing pelvis, deg (docs/MEASUREMENT.md).
DAY_TO_DAY_SD_DEG = 1.6
#: A photograph is an outlier beyond this many standard deviations, estimated robustly.
#: Three is the cautious choice of Leys et al. 2013, J Exp Soc Psychol 49:764.
OUTLIER_SDS = 3.0
#: So many median absolute deviations make one standard deviation of a normal spread.
MAD_TO_SD = 1.4826
#: Closer to the median than this, deg, nothing is an outlier: a pelvis sways so far by
#: itself, and three or four angles can agree by chance.
OUTLIER_FLOOR_DEG = OUTLIER_SDS * DAY_TO_DAY_SD_DEG
#: About this share of one photograph's error variance differs between repeats of one body before
#: one camera, and no more is counted on. Contour: 15 % over up to fifteen pictures each of
#: 23 rendered bodies (``python -m synthetic.evaluate``).
REPEAT_SHARE = 0.15
#: The same of marked points and stickers: 1 deg within one examiner (Herrington 2011) out of the
#: 2 deg taken for placing them.
MARKS_REPEAT_SHARE = 0.25
#: The share of the contour's that differs between days, when somebody stands before the camera
#: anew, on the same bodies and on 27 swept through tilts. The rest is the body's own.
DAY_SHARE = 0.45
#: From so many repeats on, a person's own smallest change is worked out from them.
OWN_CHANGE_FROM = 5
#: How far the contour's answers scatter around one body's own line at least, a standard
#: deviation, deg, without what a tilted camera adds. With it and :data:`DAY_SHARE` nine tenths of
#: the deviations are covered on 27 rendered bodies of kinds that no network was trained on, at
#: seven tilts each and by another camera each time (92 %), and on 23 photographed on three days
#: (96 %). How far a body's answers are off together, 2.9 deg there, is the same before and after.
WITHIN_BODY_SD_DEG = 2.7

#: How much less exact a median is than a mean; the limit for many normal values, and
#: never exceeded by few.
MEDIAN_INFLATION = math.sqrt(math.pi / 2)
#: 95 % point of Student's t for 1, 2, ... degrees of freedom. Beyond the table its last
#: value stands in, which makes intervals from many repeats a little too wide.
STUDENT_T_95 = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833)
#: 97.5 % point of the normal distribution: changes are judged at 95 %, on two sides.
_Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Outlier:
    """A photograph that stands apart from the others.

    Attributes
    ----------
    source
        Its file's name or label.
    deviation_deg
        Its angle less the median; + = tilted further forward.
    """

    source: str
    deviation_deg: float


@dataclass(frozen=True, slots=True)
class Series:
    """What several photographs of one stance say together.

    Attributes
    ----------
    tilt
        The median with its interval at :data:`vision.result.INTERVAL_LEVEL`.
    spread_deg
        Sample standard deviation of the single angles, outliers included.
    range_deg
        How far the smallest and the largest of them lie apart.
    count
        How many photographs are in it: measured ones, each picture once.
    outliers
        Photographs that stand apart, in the order given. They are part of all numbers.
    smallest_change_deg
        Between two such series, less than this is no real change.
    reasons
        Warnings only.
    """

    tilt: TiltEstimate
    spread_deg: float
    range_deg: float
    count: int
    outliers: tuple[Outlier, ...]
    smallest_change_deg: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RefusedSeries:
    """Photographs that give no common number, and why.

    Attributes
    ----------
    reasons
        At least one refusal; the first is the decisive one.
    count
        How many different photographs were measured.
    spread_deg
        Their standard deviation where that is the reason, else None.
    outliers
        Photographs that stand apart, for the person to look at.
    """

    reasons: tuple[Reason, ...]
    count: int
    spread_deg: float | None
    outliers: tuple[Outlier, ...]


def assess_series(results: Sequence[Measured | Rejected]) -> Series | RefusedSeries:
    """Take photographs as repeats of one stance.

    Rejected photographs are left out. A picture that is there twice counts once, because a
    copy would feign agreement. The person may face either way: a mirrored picture gives
    the same number, and turning round between pictures is no other stance.

    Outliers are named and stay in every number. The median hardly feels them. The spread
    does, and has to: which of two answers is the person's stance cannot be told from the
    numbers, and leaving out what does not fit would make any series look steady. Whoever
    sees what went wrong in that photograph takes it again or leaves it out.

    Parameters
    ----------
    results
        In any order; :func:`vision.measure_photo` gives each.

    Returns
    -------
    Series or RefusedSeries
        Refused with fewer than two measured photographs, with more than one method, or
        with a spread over :data:`MAX_SPREAD_DEG`.
    """
    shots, reasons = different_shots(results)
    if len(shots) < 2:
        few = refusal(ReasonCode.TOO_FEW_PHOTOGRAPHS)
        return RefusedSeries((few, *reasons), len(shots), None, ())
    if len({shot.tilt.method for shot in shots}) > 1:
        mixed = refusal(ReasonCode.MIXED_METHODS)
        return RefusedSeries((mixed, *reasons), len(shots), None, ())
    angles_deg = [shot.tilt.angle_deg for shot in shots]
    spread_deg, outliers = stdev(angles_deg), _outliers(shots)
    range_deg = max(angles_deg) - min(angles_deg)
    if spread_deg > MAX_SPREAD_DEG:
        wide = refusal(ReasonCode.SPREAD_TOO_LARGE, range_deg)
        return RefusedSeries((wide, *reasons), len(shots), spread_deg, outliers)
    tilt = _median_tilt([shot.tilt for shot in shots], spread_deg)
    if len(shots) < OWN_CHANGE_FROM:
        change_deg = change_sd_deg(tilt, len(shots), spread_deg)
    else:
        change_deg = repeats_sd_deg(spread_deg, len(shots))
    return Series(
        tilt=tilt,
        spread_deg=spread_deg,
        range_deg=range_deg,
        count=len(shots),
        outliers=outliers,
        smallest_change_deg=smallest_change_deg(change_deg, change_deg),
        reasons=reasons,
    )


def smallest_change_deg(first_sd_deg: float, second_sd_deg: float) -> float:
    """Return the difference between two checks below which nothing has changed, deg.

    The minimal detectable change at 95 %: ``1.96 * sqrt(first ** 2 + second ** 2)``.

    Parameters
    ----------
    first_sd_deg, second_sd_deg
        The doubt of a change of either: :func:`change_sd_deg`, or :func:`repeats_sd_deg`.
    """
    return _Z_95 * math.hypot(first_sd_deg, second_sd_deg)


def change_sd_deg(tilt: TiltEstimate, count: int = 1, spread_deg: float = 0.0) -> float:
    """Return by how much a check may differ from one like it by itself: a standard deviation.

    What two checks of one person, by one method and in the same clothes, do not share: what
    measuring differs by within one body, what is not known of the camera, and
    :data:`DAY_TO_DAY_SD_DEG`, which repeats taken within minutes do not show and cannot
    average away. The bones are the same in both and left out.

    Within one body, an answer by contour differs by :data:`DAY_SHARE` of the reading's variance,
    and by no less than :data:`WITHIN_BODY_SD_DEG`; a calibrated one by all of it; one by marks by
    :data:`MARKS_REPEAT_SHARE`. Of the belt line it is not known what two checks share, so all of
    the reading counts. A median shrinks the share that differs between repeats, unless they
    scatter by more::

        within = sqrt(single ** 2 - share ** 2 + (sqrt(pi / 2) * max(share, spread)) ** 2 / n)

    Parameters
    ----------
    count
        Of how many repeats the tilt is the median; 1 or less for a single picture.
    spread_deg
        Sample standard deviation of their angles.
    """
    share_deg = math.sqrt(_repeat_share(tilt.method)) * tilt.doubt.reading_deg
    within_deg = _within_body_deg(tilt.method, tilt.doubt.reading_deg)
    if count > 1:
        error_deg = MEDIAN_INFLATION * max(share_deg, spread_deg) / math.sqrt(count)
        within_deg = math.sqrt(within_deg**2 - share_deg**2 + error_deg**2)
    return math.hypot(within_deg, tilt.doubt.roll_deg, DAY_TO_DAY_SD_DEG)


def repeats_sd_deg(spread_deg: float, count: int) -> float:
    """Return the same from a person's own repeats, which are :data:`OWN_CHANGE_FROM` or more.

    The standard error of their median, ``sqrt(pi / 2) * spread / sqrt(count)``, together with
    :data:`DAY_TO_DAY_SD_DEG`. So the smallest change never falls below 4.4 deg, however well a
    person's photographs agree.
    """
    return math.hypot(MEDIAN_INFLATION * spread_deg / math.sqrt(count), DAY_TO_DAY_SD_DEG)


def change_sds_deg(
    method: Method, reading_deg: NDArray[np.float64], roll_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the same of many single pictures by one method; all of shape (n,)."""
    within_deg = _within_body_deg(method, reading_deg)
    return (within_deg**2 + roll_deg**2 + DAY_TO_DAY_SD_DEG**2) ** 0.5


def within_body_sds_deg(
    method: Method,
    reading_deg: NDArray[np.float64],
    count: NDArray[np.int64],
    spread_deg: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what measuring one body differs by, of many checks; all of shape (n,).

    :func:`change_sd_deg` without camera and day. ``count`` is 1 or less for a single picture.
    """
    share_deg = math.sqrt(_repeat_share(method)) * reading_deg
    within_deg = _within_body_deg(method, reading_deg)
    # The larger of both; a single picture is its own median and has no spread.
    scatter_deg = share_deg + (spread_deg > share_deg) * (spread_deg - share_deg)
    shrunk = MEDIAN_INFLATION**2 / (count + (count < 2) * (1 - count)) * scatter_deg**2
    variance = within_deg**2 + (count > 1) * (shrunk - share_deg**2)
    return variance**0.5


def _within_body_deg(method: Method, reading_deg: _Degrees) -> _Degrees:
    """Return by how much single pictures of one body differ, of readings so sure: SDs."""
    if method is Method.BELT:
        return reading_deg
    if method in (Method.MARKED, Method.STICKERS):
        return math.sqrt(MARKS_REPEAT_SHARE) * reading_deg
    # What a calibrated contour shared with the body's other pictures is taken out of it.
    share_deg = math.sqrt(1.0 if method is Method.CALIBRATED else DAY_SHARE) * reading_deg
    # The larger of both, of numbers and of arrays alike: the reminder does without numpy.
    return (share_deg + WITHIN_BODY_SD_DEG + abs(share_deg - WITHIN_BODY_SD_DEG)) / 2


def _repeat_share(method: Method) -> float:
    """Return how much of a reading's variance differs between repeats before one camera."""
    if method is Method.CALIBRATED:
        # Its reading holds what differs between days alone.
        return REPEAT_SHARE / DAY_SHARE
    return REPEAT_SHARE if method is Method.CONTOUR else MARKS_REPEAT_SHARE


def different_shots(
    results: Sequence[Measured | Rejected],
) -> tuple[list[Measured], tuple[Reason, ...]]:
    """Return the measured photographs, each picture once, and a warning if one is a copy."""
    shots: list[Measured] = []
    copied = False
    for result in results:
        if not isinstance(result, Measured):
            continue
        # Two different pictures never agree in every digit of 33 landmarks.
        if any(s.tilt == result.tilt and s.landmarks == result.landmarks for s in shots):
            copied = True
        else:
            shots.append(result)
    return shots, (warning(ReasonCode.SAME_PHOTOGRAPH),) if copied else ()


def _outliers(shots: Sequence[Measured]) -> tuple[Outlier, ...]:
    """Name what lies further from the median than three robust standard deviations."""
    middle_deg = median(shot.tilt.angle_deg for shot in shots)
    off_deg = [shot.tilt.angle_deg - middle_deg for shot in shots]
    mad_deg = median(map(abs, off_deg))
    limit_deg = max(OUTLIER_SDS * MAD_TO_SD * mad_deg, OUTLIER_FLOOR_DEG)
    return tuple(
        Outlier(shot.source, off)
        for shot, off in zip(shots, off_deg, strict=True)
        if abs(off) > limit_deg
    )


def _median_tilt(tilts: Sequence[TiltEstimate], spread_deg: float) -> TiltEstimate:
    """Return the median and its doubt.

    Repeats change the reading's part; camera and bones are the same in all. In it, two
    independent parts add as squares::

        reading = hypot(error, shared)
        error = sqrt(pi / 2) / sqrt(n) * min(t / 1.645 * spread, MAX_SPREAD_DEG)
        shared = sqrt(single ** 2 - min(spread, sqrt(share) * single) ** 2)

    ``error`` is the median's standard error, widened so that the interval at 90 % is that of
    Student's t for n - 1 degrees of freedom; it falls with more repeats. Two or three
    photographs say little about their spread and t is large; but beyond
    :data:`MAX_SPREAD_DEG` there is no series, so that spread, taken as known, is the most to
    be feared.

    ``shared`` is what repeats cannot average away: they share the method's error for this
    body (its build, its clothes, how somebody sets points). It is a single photograph's
    reading (``single``, the median of theirs) less the noise between repeats. The spread
    is no less than that noise, as it holds the person's sway too, so no more is taken off
    than :data:`REPEAT_SHARE` or :data:`MARKS_REPEAT_SHARE`. The part is never smaller than 92 or
    87 % of a single one, of a calibrated contour than 82 %.
    """
    count = len(tilts)
    t = STUDENT_T_95[min(count - 1, len(STUDENT_T_95)) - 1]
    feared_deg = min(t / Z_90 * spread_deg, MAX_SPREAD_DEG)
    error_deg = MEDIAN_INFLATION * feared_deg / math.sqrt(count)
    share = _repeat_share(tilts[0].method)

    def reading_deg(single_deg: float) -> float:
        averaged_deg = min(spread_deg, math.sqrt(share) * single_deg)
        return math.hypot(error_deg, math.sqrt(single_deg**2 - averaged_deg**2))

    return middle_tilt(tilts, reading_deg)


def middle_tilt(
    tilts: Sequence[TiltEstimate], reading_deg: Callable[[float], float]
) -> TiltEstimate:
    """Return the median of tilts by one method.

    Each part of its doubt is the median of theirs; ``reading_deg`` then makes its reading's
    part of that.
    """
    middle_deg = median(tilt.angle_deg for tilt in tilts)
    doubts = [tilt.doubt for tilt in tilts]
    doubt = Doubt(
        reading_deg(median(one.reading_deg for one in doubts)),
        median(one.roll_deg for one in doubts),
        median(one.bones_deg for one in doubts),
    )
    return TiltEstimate(tilts[0].method, middle_deg, doubt)
