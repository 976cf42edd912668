"""How far one person can turn the pelvis, and where relaxed standing lies in between.

Pure statistics on angles of three positions: tucked, relaxed, arched. Whatever is the same in
all of them drops out: the shape of the bones, and most of what build and clothes add. All
angles are degrees, positive = the front of the pelvis lower, so that arched is the largest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from vision.reasons import refusal
from vision.result import Z_90, Method, ReasonCode, TiltEstimate
from vision.series import MEDIAN_INFLATION, STUDENT_T_95, middle_tilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.result import Reason

#: Less than this is never called a range, however well the rounds agree: somebody who stands
#: still moves by up to 2 deg (:data:`vision.live.squeeze.LEAST_CHANGE_DEG`), each position.
LEAST_RANGE_DEG = 3.0
#: With a place less sure than this, half of its interval, the three positions say nothing.
MOST_UNSURE_PERCENT = 50.0
#: Standard deviation of one position's median that is assumed at least, as in the squeeze test.
_LEAST_NOISE_DEG = 0.5
#: And it counts as much as so many repeats when few say how far they lie apart: two that differ
#: by chance would else make everything unsure.
_PRIOR_FREEDOM = 3
#: This share of the reading's variance differs between positions of one body in the same
#: clothes, where one camera sees all of them and where another sees each; the rest is the same
#: in all and drops out. And how much too large or too small a whole change may be read,
#: standard deviation of the slope; it drops out of the place. From 36 rendered bodies in three
#: positions each (``python -m synthetic.evaluate.range --first-seed 70300000 --count 36``).
_SHARE_ONE_CAMERA, _SHARE_OTHER_CAMERAS = 0.16, 0.57
_SLOPE_SD = 0.12
#: Points and stickers are placed or found anew each time, and show a change as it is.
_OF_POINTS = frozenset({Method.MARKED, Method.STICKERS})


@dataclass(frozen=True, slots=True)
class Likely:
    """A number and the ends of its interval at :data:`vision.result.INTERVAL_LEVEL`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PositionTilts:
    """The tilts of each position: of the rounds in front of a camera, or of photographs."""

    tucked: tuple[TiltEstimate, ...]
    relaxed: tuple[TiltEstimate, ...]
    arched: tuple[TiltEstimate, ...]

    @property
    def each(self) -> tuple[tuple[TiltEstimate, ...], ...]:
        """All three, from tucked to arched."""
        return self.tucked, self.relaxed, self.arched


@dataclass(frozen=True, slots=True)
class RangeResult:
    """A person's own range.

    Attributes
    ----------
    tucked, relaxed, arched
        Medians by one method, positive = forward; each with the doubt of one angle, which
        holds the shape of the bones, too.
    range_deg
        Arched less tucked; its interval leaves out what is the same in both.
    place_percent
        Where relaxed standing lies: 0 = as far tucked as it went, 100 = as far arched. It may
        lie outside, when somebody stands relaxed beyond where they moved.
    rounds
        How often each position was measured, the fewest of the three.
    """

    tucked: TiltEstimate
    relaxed: TiltEstimate
    arched: TiltEstimate
    range_deg: Likely
    place_percent: Likely
    rounds: int

    @property
    def method(self) -> Method:
        """Where the angles come from."""
        return self.relaxed.method


@dataclass(frozen=True, slots=True)
class RefusedRange:
    """Positions that give no range, and why."""

    reasons: tuple[Reason, ...]


def assess_range(tilts: PositionTilts, *, is_one_camera: bool) -> RangeResult | RefusedRange:
    """Return range and place with their intervals at 90 %, or why there are none.

    The standard deviation of a position beside the others adds two parts as squares::

        own = hypot(sqrt(share) * reading, roll if each has another camera)
        noise = sqrt(pi / 2) * max(0.5, t / 1.645 * spread) / sqrt(n)

    ``spread`` is that of the repeats around their own position's mean, pooled over the three
    and drawn towards 0.5 deg, with Student's t for its degrees of freedom: nobody moves equally
    far each time. Single photographs have none.

    The range has ``sqrt(tucked ** 2 + arched ** 2 + (slope * range) ** 2)``, where the slope's
    doubt is a share of the range itself. It stretches relaxed less tucked by as much, and so
    drops out of the place, whose interval is Fieller's for the ratio of two numbers that share
    the tucked position's error (Fieller 1954, J R Stat Soc B 16:175); it need not lie evenly
    around the place.

    Parameters
    ----------
    tilts
        Of one person in one set of clothes.
    is_one_camera
        Whether one camera that was not moved has seen all of them.
    """
    if not all(tilts.each):
        return _refused(ReasonCode.POSITION_MISSING)
    methods = {tilt.method for position in tilts.each for tilt in position}
    if len(methods) > 1:
        return _refused(ReasonCode.MIXED_METHODS)
    (method,) = methods
    middles = tucked, relaxed, arched = tuple(
        middle_tilt(position, lambda reading_deg: reading_deg) for position in tilts.each
    )
    sds_deg = _sds_deg(tilts, middles, is_one_camera=is_one_camera)
    range_deg = arched.angle_deg - tucked.angle_deg
    slope_sd = 0.0 if method in _OF_POINTS else _SLOPE_SD
    half_deg = Z_90 * math.hypot(sds_deg[0], sds_deg[2], slope_sd * range_deg)
    if -range_deg > max(LEAST_RANGE_DEG, half_deg):
        return _refused(ReasonCode.WRONG_WAY)
    place = _ratio(relaxed.angle_deg - tucked.angle_deg, range_deg, sds_deg)
    is_clear = range_deg > max(LEAST_RANGE_DEG, half_deg) and place is not None
    if place is None or not is_clear or place.high - place.low > 2 * MOST_UNSURE_PERCENT:
        return _refused(ReasonCode.NO_MOVEMENT)
    return RangeResult(
        tucked=tucked,
        relaxed=relaxed,
        arched=arched,
        range_deg=Likely(range_deg, range_deg - half_deg, range_deg + half_deg),
        place_percent=place,
        rounds=min(map(len, tilts.each)),
    )


def judge_round(tucked_deg: float, arched_deg: float) -> ReasonCode | None:
    """Return what is wrong with one round: the wrong way, or no movement; else None."""
    if arched_deg - tucked_deg <= -LEAST_RANGE_DEG:
        return ReasonCode.WRONG_WAY
    return ReasonCode.NO_MOVEMENT if arched_deg - tucked_deg < LEAST_RANGE_DEG else None


def _sds_deg(
    tilts: PositionTilts, middles: Sequence[TiltEstimate], *, is_one_camera: bool
) -> tuple[float, ...]:
    """Return each position's standard deviation beside the others, from tucked to arched."""
    deviations_deg = [
        tilt.angle_deg - mean(one.angle_deg for one in position)
        for position in tilts.each
        for tilt in position
    ]
    freedom = len(deviations_deg) - len(tilts.each)
    spread_deg = 0.0
    if freedom:
        known = _PRIOR_FREEDOM + freedom
        t = STUDENT_T_95[min(known, len(STUDENT_T_95)) - 1]
        squares = _PRIOR_FREEDOM * _LEAST_NOISE_DEG**2 + sum(one * one for one in deviations_deg)
        spread_deg = t / Z_90 * math.sqrt(squares / known)
    noise_deg = MEDIAN_INFLATION * max(_LEAST_NOISE_DEG, spread_deg)
    share = _SHARE_ONE_CAMERA if is_one_camera else _SHARE_OTHER_CAMERAS
    sds = []
    for middle, position in zip(middles, tilts.each, strict=True):
        own_share = 1.0 if middle.method in _OF_POINTS else share
        reading_deg = math.sqrt(own_share) * middle.doubt.reading_deg
        roll_deg = 0.0 if is_one_camera else middle.doubt.roll_deg
        sds.append(math.hypot(reading_deg, roll_deg, noise_deg / math.sqrt(len(position))))
    return tuple(sds)


def _ratio(part_deg: float, whole_deg: float, sds_deg: tuple[float, ...]) -> Likely | None:
    """Return part of whole in per cent by Fieller; None where the whole may be nothing.

    ``part`` is relaxed less tucked, ``whole`` arched less tucked. The ends are where
    ``part - ratio * whole`` differs from 0 by just 1.645 of its standard deviation.
    """
    tucked, relaxed, arched = (Z_90 * Z_90 * sd * sd for sd in sds_deg)
    a = whole_deg * whole_deg - tucked - arched
    b = part_deg * whole_deg - tucked
    c = part_deg * part_deg - tucked - relaxed
    root = b * b - a * c
    if a <= 0 or root < 0:
        return None
    half = math.sqrt(root) / a
    return Likely(100 * part_deg / whole_deg, 100 * (b / a - half), 100 * (b / a + half))


def _refused(code: ReasonCode) -> RefusedRange:
    return RefusedRange((refusal(code),))
