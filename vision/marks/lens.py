"""Where the lens was, seen from the hips: what the picture tells of it, and how surely.

The near ASIS is some 7 cm nearer to the camera than the PSIS. A lens above the hips therefore
sees it lower, and marked points read a tilt that is too large, by an amount that goes with
the slope of the line of sight from the lens down to the hips. That slope is what is
estimated here. It is the camera's pitch plus what the hips lie below the picture's middle:

    down = pitch + atan((hip row - middle row) / focal length).

The focal length comes from the picture's file, else from what cameras usually have. Pitch
comes from the convergence of plumb lines where the scene shows some, else from how people
hold cameras. The body tells something as well: seen from above, shoulders lie nearer to the
camera than ankles in the estimated 3D pose, and the near shoulder lies lower in the picture
than the far one. Each of these is a normal distribution; they are put together for each
possible focal length, for a whole and for a cropped picture, and each possibility counts by
how well all of them agree. So a focal length that cannot be true counts for little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import Joint
from vision.result import Facing, FocalSource, Lens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.image.frame import Frame
    from vision.image.plumb import Convergence
    from vision.pose.estimate import PoseEstimate

    Values = NDArray[np.float64]

#: Diagonal of 35 mm film, mm.
_FILM_DIAGONAL_MM = math.hypot(36.0, 24.0)
#: Focal lengths that are tried, as on film, mm: all that files are believed in.
_TRIED_MM = np.geomspace(10.0, 200.0, 64)
#: Focal lengths of whole pictures where the file tells none (phones 24 to 28 and twice that,
#: webcams about 30), and of cropped ones, for which the crop counts as a longer lens: middle,
#: mm, and standard deviation of the logarithm. Provisional.
_USUAL_MM, _CROPPED_MM = (30.0, 0.28), (45.0, 0.4)
#: What a file tells is as good as this; by how much a crop nobody knows of lengthens it.
_TOLD_SD, _CROP_FACTOR, _CROP_SD = 0.05, 1.4, 0.25
#: How often pictures are cropped unseen: where the file tells the focal length of a whole
#: picture, and where it tells none. Provisional.
_CROPPED_TOLD, _CROPPED_UNTOLD = 0.06, 0.2
#: How far from the picture's middle the camera's axis lies, in longer sides.
_AXIS_SD, _AXIS_CROPPED_SD = 0.01, 0.1
#: Cameras look down by this, deg: middle and standard deviation; and as people aim at people,
#: by this share of what the hips still lie below the picture's middle more. Provisional.
_PITCH_DEG, _AIMED = (3.0, 7.0), 0.5
#: A pitch shown by plumb lines is no better than this, deg.
_LINES_SD_DEG = 0.5
#: People photographed from head to foot are this far off, m: middle, and standard deviation
#: of the logarithm. The lens is this high above their hips, m. Provisional.
_AWAY_M, _AWAY_SD = 2.6, 0.35
_ABOVE_M = (0.2, 0.5)
#: From hip to shoulder, m, as MediaPipe sees them, and above the hips by how many of that the
#: middle of ASIS and PSIS is; on rendered bodies, SD 0.035 m.
_TRUNK_M, _PELVIS_TRUNKS = 0.5, 0.19
#: How much nearer to the camera the near ASIS is than the near PSIS, trunks: 7.1 cm on rendered
#: bodies, 6 to 7.5 cm in docs/MEASUREMENT.md; and how much that differs between people and with
#: small turns of the body, as a share.
NEARER_TRUNKS, _NEARER_SD_SHARE = 0.145, 0.3
#: On rendered bodies the two signs of the body grow so with the slope, deg: offset and growth
#: of the metres by which shoulders are nearer than ankles, and of the trunks by which the near
#: shoulder is lower; and their scatter (variances, covariance).
_SIGN_OFFSET = np.array([0.087, -0.041])
_SIGN_GROWTH = np.array([0.0123, 0.0045])
_SIGN_SCATTER = np.array([[0.0072, 0.0004], [0.0004, 0.0011]])


@dataclass(frozen=True, slots=True)
class _Normal:
    """Normal distributions, one for each possible focal length; degrees."""

    mean: Values
    variance: Values

    def with_(self, mean: Values | float, sd: Values | float) -> tuple[_Normal, Values]:
        """Return what this and another one say together, and the log of how they agree."""
        variance = np.square(sd)
        both = self.variance + variance
        together = (self.mean * variance + mean * self.variance) / both
        return _Normal(together, self.variance * variance / both), _log_normal(
            self.mean, mean, np.sqrt(both)
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Guesses:
    """Focal lengths that may be, of whole pictures and of cropped ones; shape (n,) each.

    Attributes
    ----------
    focal_px
        Pixels of the working picture.
    axis_sd_px
        How far from the picture's middle the camera's axis may lie, a standard deviation.
    weight
        Logarithm of how likely each is before anything is seen.
    """

    focal_px: Values
    axis_sd_px: Values
    weight: Values


def find_lens(
    frame: Frame, pose: PoseEstimate, facing: Facing, convergence: Convergence | None
) -> Lens:
    """Tell where the lens was.

    Parameters
    ----------
    frame
        The picture, with its focal length where the file told it.
    pose
        The person as seen, pixels of the working picture.
    facing
        Which way the person looks.
    convergence
        Of plumb lines, where the scene shows some.
    """
    guesses = _guesses(frame)
    focal_px, weight = guesses.focal_px, guesses.weight
    away_m = focal_px * _TRUNK_M / pose.trunk_px
    weight = weight + _log_normal(np.log(away_m), math.log(_AWAY_M), _AWAY_SD)
    pelvis_px = float(pose.mid_hip_px[1]) - _PELVIS_TRUNKS * pose.trunk_px
    below_deg = np.degrees(np.arctan((pelvis_px - (frame.working_px[1] - 1) / 2) / focal_px))
    usual_deg, spread_deg = _PITCH_DEG
    pitch = _Normal(usual_deg + _AIMED * below_deg, np.full_like(focal_px, spread_deg**2))
    if convergence is not None:
        sides = focal_px / max(frame.working_px)
        shown_deg = np.degrees(np.arctan(np.radians(convergence.deg_per_side) * sides))
        pitch, agrees = pitch.with_(shown_deg, np.hypot(convergence.sd_deg * sides, _LINES_SD_DEG))
        weight = weight + agrees
    axis_deg = np.degrees(guesses.axis_sd_px / focal_px)
    down = _Normal(pitch.mean + below_deg, pitch.variance + axis_deg**2)
    for mean, sd in (
        _by_body(pose, facing),
        (np.degrees(np.arctan(_ABOVE_M[0] / away_m)), np.degrees(_ABOVE_M[1] / away_m)),
    ):
        down, agrees = down.with_(mean, sd)
        weight = weight + agrees
    share = np.exp(weight - weight.max())
    share /= share.sum()
    down_deg, away_cm = float(share @ down.mean), 100 * float(share @ away_m)
    return Lens(
        down_deg=down_deg,
        down_sd_deg=math.sqrt(float(share @ (down.variance + (down.mean - down_deg) ** 2))),
        pitch_deg=float(share @ (down.mean - below_deg)),
        focal_px=float(share @ focal_px) * frame.scale,
        focal=FocalSource.ASSUMED if frame.focal_px is None else FocalSource.TOLD,
        above_hips_cm=away_cm * math.tan(math.radians(down_deg)),
        away_cm=away_cm,
    )


def _log_normal(value: Values, mean: Values | float, sd: Values | float) -> Values:
    return np.asarray(-0.5 * ((value - mean) / sd) ** 2 - np.log(sd))


def _guesses(frame: Frame) -> _Guesses:
    """Return what may be, by what the picture's file tells and what is usual."""
    px_per_mm = math.hypot(*frame.working_px) / _FILM_DIAGONAL_MM
    cropped = _CROPPED_UNTOLD
    whole_mm, crop_mm = _USUAL_MM, _CROPPED_MM
    if frame.focal_px is not None:
        told_mm = frame.focal_px / frame.scale / px_per_mm
        cropped = _CROPPED_TOLD
        whole_mm, crop_mm = (told_mm, _TOLD_SD), (_CROP_FACTOR * told_mm, _CROP_SD)
    tried = np.log(_TRIED_MM)
    weight = [
        math.log(often) + _log_normal(tried, math.log(middle_mm), sd)
        for often, (middle_mm, sd) in ((1 - cropped, whole_mm), (cropped, crop_mm))
    ]
    axis_sd = np.repeat([_AXIS_SD, _AXIS_CROPPED_SD], len(tried))
    return _Guesses(
        np.tile(_TRIED_MM * px_per_mm, 2), axis_sd * max(frame.working_px), np.concatenate(weight)
    )


def _signs(pose: PoseEstimate, facing: Facing) -> Values:
    """Return by how many metres shoulders are nearer than ankles, and the near shoulder lower.

    The latter in trunks, against the far shoulder; shape (2,).
    """
    depth_m = pose.world_m[:, 2]
    shoulders = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]
    nearer_m = depth_m[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]].mean() - depth_m[shoulders].mean()
    near, far = shoulders if facing is Facing.LEFT else shoulders[::-1]
    lower_px = pose.xy_px[near, 1] - pose.xy_px[far, 1]
    return np.array([nearer_m, lower_px / pose.trunk_px], float)


def _by_body(pose: PoseEstimate, facing: Facing) -> tuple[float, float]:
    """Return the slope that the body shows, and its standard deviation, deg."""
    inverse = np.linalg.inv(_SIGN_SCATTER)
    gained = float(_SIGN_GROWTH @ inverse @ _SIGN_GROWTH)
    seen = _signs(pose, facing) - _SIGN_OFFSET
    return float(_SIGN_GROWTH @ inverse @ seen) / gained, gained**-0.5


@dataclass(frozen=True, slots=True)
class Lowering:
    """How much lower than without perspective the near ASIS is seen, pixels, with its doubt."""

    lower_px: float
    sd_px: float


def lowering(lens: Lens, trunk_px: float, nearer_trunks: float = NEARER_TRUNKS) -> Lowering:
    """Return how much lower the lens's height makes the near ASIS appear, against the PSIS.

    What is nearer by a distance d lies lower by d times the slope of the line of sight.

    Parameters
    ----------
    lens
        Where it was.
    trunk_px
        From hip to shoulder; the answer is in the same pixels.
    nearer_trunks
        How much nearer to the camera the front point is.
    """
    nearer_px = nearer_trunks * trunk_px
    lower_px = nearer_px * math.tan(math.radians(lens.down_deg))
    slope_sd = math.radians(lens.down_sd_deg) / math.cos(math.radians(lens.down_deg)) ** 2
    return Lowering(lower_px, math.hypot(nearer_px * slope_sd, _NEARER_SD_SHARE * lower_px))
