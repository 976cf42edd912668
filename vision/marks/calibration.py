"""How far a person's bones lie from what their outline says, and outlines put right by it.

Some pictures show both at one instant: the bones, by marked points or stickers, and the
outline. The difference is this person's own, the same each time but for what is read and placed
anew. Pure statistics on finished results; no picture is looked at here. All angles are degrees,
positive = the front of the pelvis lower.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vision.reasons import refusal, warning
from vision.result import (
    BONES_SD_DEG,
    Doubt,
    Measured,
    Method,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
)
from vision.series import (
    DAY_SHARE,
    MARKS_REPEAT_SHARE,
    REPEAT_SHARE,
    WITHIN_BODY_SD_DEG,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: Bodies, and those who place marks, change: pictures of one calibration belong together.
_APART = timedelta(days=31)
#: From then on a word says that it is time to calibrate anew. Nobody has measured how fast
#: an offset ages; a body's build is what moves it.
_AGES_AFTER = timedelta(days=365)
#: A network may be too sure of itself. Single pictures of one body were measured to differ by
#: this much, so that its reading is no surer than the whole of which that is a share.
_SUREST_DEG = WITHIN_BODY_SD_DEG / math.sqrt(DAY_SHARE)
#: What one body, or pictures of one body, do in 1 case of 1,000 at most.
_Z_LIMIT = 3.09


@dataclass(frozen=True, slots=True)
class CalibrationPair:
    """What marks and outline say of one picture.

    Attributes
    ----------
    taken_at
        When it was taken, with its offset from UTC.
    marks
        From marked points or stickers.
    contour
        From the outline.
    contour_model_sha256
        Of the network that read the outline.
    """

    taken_at: datetime
    marks: TiltEstimate
    contour: TiltEstimate
    contour_model_sha256: str

    @property
    def difference_deg(self) -> float:
        """By how much the bones are tilted further forward than the outline says."""
        return self.marks.angle_deg - self.contour.angle_deg


@dataclass(frozen=True, slots=True)
class Calibration:
    """One person's own offset.

    Attributes
    ----------
    taken_at
        When its last picture was taken, with its offset from UTC.
    offset_deg
        What is added to the outline's angle.
    sd_deg
        How far that may be off, a standard deviation.
    reading_deg
        The reading's part of the outline's doubt in its pictures, no less than measured.
    count
        Of how many pictures it is.
    contour_model_sha256
        Of the network whose answers it puts right.
    """

    taken_at: datetime
    offset_deg: float
    sd_deg: float
    reading_deg: float
    count: int
    contour_model_sha256: str

    def ages(self, moment: datetime) -> bool:
        """Tell whether it is so old by then that it should be made anew."""
        return moment - self.taken_at > _AGES_AFTER


@dataclass(frozen=True, slots=True)
class RefusedCalibration:
    """Pictures that give no offset, and why: at least one refusal."""

    reasons: tuple[Reason, ...]


def pair_of(result: Measured | Rejected, taken_at: datetime) -> CalibrationPair | Reason:
    """Return what a picture tells about the offset, or why it tells nothing.

    Parameters
    ----------
    result
        Of a picture with marked points or stickers.
    taken_at
        When it was taken, with its offset from UTC.
    """
    if isinstance(result, Rejected):
        return next(one for one in result.reasons if one.severity is Severity.REFUSE)
    if any(one.code is ReasonCode.LOOSE_CLOTHING for one in result.reasons):
        return refusal(ReasonCode.LOOSE_CLOTHING)
    marks = result.marked or result.stickers
    if marks is None or result.contour is None:
        unclear = [one for one in result.reasons if one.code is ReasonCode.STICKERS_UNCLEAR]
        return refusal(unclear[0].code if unclear else ReasonCode.NO_MARKS)
    return CalibrationPair(taken_at, marks, result.contour, result.provenance.contour_model_sha256)


def calibrate(pairs: Sequence[CalibrationPair]) -> Calibration | RefusedCalibration:
    """Return a person's offset, shrunk by what is known of both spreads.

    Bodies differ from their outlines by ``o`` deg, normal with a mean of 0 and::

        tau ** 2 = bones ** 2 + (1 - day) * contour ** 2

    ``bones`` is the shape of the bone, ``contour`` the reading's part of the outline's doubt, no
    less than measured (:data:`vision.series.WITHIN_BODY_SD_DEG` over the root of ``day``). Of its
    variance the share ``day`` (:data:`vision.series.DAY_SHARE`) differs from day to day, of
    that ``repeat`` (:data:`vision.series.REPEAT_SHARE`) from picture to picture, and the rest
    never. A picture shows ``o`` with noise of its own and with an error that all pictures
    share, because they are of one day and one person places the marks in one way::

        own ** 2 = repeat * contour ** 2 + placing * marks ** 2
        shared ** 2 = (day - repeat) * contour ** 2 + (1 - placing) * marks ** 2

    A tilted camera turns both lines alike and cancels. With the pictures weighted by
    ``1 / own ** 2`` and ``v = 1 / sum(weights) + shared ** 2``, the offset is their mean times
    ``tau ** 2 / (tau ** 2 + v)``, with variance ``tau ** 2 * v / (tau ** 2 + v)``: the usual
    normal mean with a normal prior (Gelman et al., Bayesian Data Analysis, section 2.5). Where
    pictures scatter more than their doubts say, ``own`` grows by the Birge ratio.

    Parameters
    ----------
    pairs
        Of one person, in any order, all read by one network; a copy counts once.

    Raises
    ------
    ValueError
        Without pairs, or with outlines read by different networks.
    """
    if len({pair.contour_model_sha256 for pair in pairs}) != 1:
        raise ValueError("pairs of exactly one network are needed")
    taken = [pair.taken_at for pair in pairs]
    apart = max(taken) - min(taken)
    if apart > _APART:
        return _refused(ReasonCode.TAKEN_FAR_APART, apart.days)
    different = list({(pair.marks, pair.contour): pair for pair in pairs}.values())
    seen = _mean_of(different)
    if seen.misfit > _chi_squared_limit(len(different) - 1):
        differences_deg = [pair.difference_deg for pair in different]
        return _refused(ReasonCode.PICTURES_DISAGREE, max(differences_deg) - min(differences_deg))
    reading_deg = _root_mean_square([_reading_deg(pair.contour) for pair in different])
    between = BONES_SD_DEG**2 + (1 - DAY_SHARE) * reading_deg**2
    if abs(seen.mean_deg) > _Z_LIMIT * math.sqrt(between + seen.variance):
        return _refused(ReasonCode.OFFSET_TOO_LARGE, abs(seen.mean_deg))
    shrunk = between / (between + seen.variance)
    return Calibration(
        taken_at=max(taken),
        offset_deg=shrunk * seen.mean_deg,
        sd_deg=math.sqrt(shrunk * seen.variance),
        reading_deg=reading_deg,
        count=len(different),
        contour_model_sha256=different[0].contour_model_sha256,
    )


def calibrated(
    result: Measured, calibration: Calibration | None, taken_at: datetime | None = None
) -> Measured:
    """Return a measurement whose answer rests on a person's calibration, where it can.

    Marked points, stickers and belt lines stay as they are. The doubt's ``bones`` become the
    calibration's own. Its ``reading`` loses what the body had in common with itself when it
    was calibrated, and keeps what clothes looser than then add::

        reading ** 2 = day * now ** 2 + (1 - day) * max(0, now ** 2 - then ** 2)

    Parameters
    ----------
    calibration
        That person's; None changes nothing. One of another network is not used, with a warning.
    taken_at
        When the picture was taken; an old calibration is then used with a warning.
    """
    contour = result.contour
    if calibration is None or contour is None or result.tilt.method is not Method.CONTOUR:
        return result
    if calibration.contour_model_sha256 != result.provenance.contour_model_sha256:
        return _with_warning(result, ReasonCode.CALIBRATION_OUTDATED)
    if taken_at is not None and calibration.ages(taken_at):
        result = _with_warning(result, ReasonCode.CALIBRATION_OLD)
    now, then = _reading_deg(contour) ** 2, calibration.reading_deg**2
    reading = DAY_SHARE * now + (1 - DAY_SHARE) * max(0.0, now - then)
    doubt = Doubt(math.sqrt(reading), contour.doubt.roll_deg, calibration.sd_deg)
    angle_deg = contour.angle_deg + calibration.offset_deg
    return replace(
        result,
        tilt=TiltEstimate(Method.CALIBRATED, angle_deg, doubt),
        calibrated_at=calibration.taken_at,
    )


@dataclass(frozen=True, slots=True)
class _Mean:
    """What pairs show together: mean, its variance, and how little they agree."""

    mean_deg: float
    variance: float
    misfit: float


def _mean_of(pairs: Sequence[CalibrationPair]) -> _Mean:
    own = [
        REPEAT_SHARE * _reading_deg(pair.contour) ** 2
        + MARKS_REPEAT_SHARE * pair.marks.doubt.reading_deg**2
        for pair in pairs
    ]
    weights = [1 / one for one in own]
    total = math.fsum(weights)

    def mean(values: Sequence[float]) -> float:
        each = zip(weights, values, strict=True)
        return math.fsum(weight * value for weight, value in each) / total

    middle_deg = mean([pair.difference_deg for pair in pairs])
    misfit = total * mean([(pair.difference_deg - middle_deg) ** 2 for pair in pairs])
    scatter = max(1.0, misfit / max(len(pairs) - 1, 1))
    # All of it is shared, so that standard deviations are averaged and not variances.
    marks_deg = mean([pair.marks.doubt.reading_deg for pair in pairs])
    contour_deg = mean([_reading_deg(pair.contour) for pair in pairs])
    shared = (1 - MARKS_REPEAT_SHARE) * marks_deg**2 + (DAY_SHARE - REPEAT_SHARE) * contour_deg**2
    return _Mean(middle_deg, scatter / total + shared, misfit)


def _chi_squared_limit(degrees: int) -> float:
    """Return what a sum of so many squared standard normal errors exceeds once in 1,000 times.

    Wilson and Hilferty 1931, Proc Natl Acad Sci 17:684; infinite for none.
    """
    if degrees == 0:
        return math.inf
    ninth = 2 / (9 * degrees)
    return degrees * (1 - ninth + _Z_LIMIT * math.sqrt(ninth)) ** 3


def _reading_deg(contour: TiltEstimate) -> float:
    """Return the reading's part of an outline's doubt, or what was measured if that is more."""
    return max(contour.doubt.reading_deg, _SUREST_DEG)


def _root_mean_square(values: Sequence[float]) -> float:
    return math.sqrt(math.fsum(value**2 for value in values) / len(values))


def _refused(code: ReasonCode, value: float) -> RefusedCalibration:
    return RefusedCalibration((refusal(code, value),))


def _with_warning(result: Measured, code: ReasonCode) -> Measured:
    return replace(result, reasons=(*result.reasons, warning(code)))
