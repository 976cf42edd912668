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
#: Focal lengths that are tried, as on film, mm; 120 is 40 mm cropped to a third.
_TRIED_MM = np.geomspace(18.0, 120.0, 40)
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
#: Cameras look down by this, deg: middle and standard deviation. Provisional.
_PITCH_DEG = (1.5, 5.0)
#: A pitch shown by plumb lines is no better than this, deg.
_LINES_SD_DEG = 0.7
#: People photographed from head to foot are this far off, m: middle, and standard deviation
#: of the logarithm. The lens is this high above their hips, m. Provisional.
_AWAY_M, _AWAY_SD = 2.6, 0.35
_ABOVE_M = (0.2, 0.45)
#: From hip to shoulder, m, as MediaPipe sees them, and above the hips by how many of that the
#: middle of ASIS and PSIS is; on rendered bodies, SD 0.035 m.
TRUNK_M, _PELVIS_TRUNKS = 0.5, 0.19
#: On rendered bodies the two signs of the body grow so with the slope, deg: offset and growth
#: of the metres by which shoulders are nearer than ankles, and of the trunks by which the near
#: shoulder is lower; and their scatter (variances, covariance).
_SIGN_OFFSET = np.array([0.0, 0.0])
_SIGN_GROWTH = np.array([0.01, 0.005])
_SIGN_SCATTER = np.array([[0.01, 0.0], [0.0, 0.001]])
#: How much larger the body's signs may err on photographs than on renders.
_REAL_BODIES = 1.3


@dataclass(frozen=True, slots=True)
class _Normal:
    """Normal distributions, one for each possible focal length; degrees."""

    mean: Values
    variance: Values

    def with_(self, mean: Values, sd: Values | float) -> tuple[_Normal, Values]:
        """Return what this and another one say together, and the log of how they agree."""
        variance = np.square(sd)
        both = self.variance + variance
        together = (self.mean * variance + mean * self.variance) / both
        return _Normal(together, self.variance * variance / both), _log_normal(
            self.mean, mean, np.sqrt(both)
        )


def find_lens(
    frame: Frame, pose: PoseEstimate, facing: Facing, convergence: Convergence | None
) -> Lens:
    """Tell where the lens was.

    Parameters
    ----------
    frame
        The picture, with its focal length where the file told it.
    pose
        The person, plumb lines upright, pixels of the working picture.
    facing
        Which way the person looks.
    convergence
        Of plumb lines, where the scene shows some.
    """
    width, height = frame.working_px
    side_px, px_per_mm = max(width, height), math.hypot(width, height) / _FILM_DIAGONAL_MM
    told_mm = None if frame.focal_px is None else frame.focal_px / frame.scale / px_per_mm
    weight = np.concatenate([_whole_log(told_mm), _cropped_log(told_mm)])
    focal_px = np.tile(_TRIED_MM * px_per_mm, 2)
    axis_px = np.repeat([_AXIS_SD, _AXIS_CROPPED_SD], len(_TRIED_MM)) * side_px
    away_m = focal_px * TRUNK_M / pose.trunk_px
    weight += _log_normal(np.log(away_m), math.log(_AWAY_M), _AWAY_SD)

    pitch = _Normal(np.full_like(focal_px, _PITCH_DEG[0]), np.full_like(focal_px, _PITCH_DEG[1] ** 2))
    if convergence is not None:
        per_px = focal_px / side_px
        shown_deg = np.degrees(np.arctan(np.radians(convergence.deg_per_side) * per_px))
        pitch, agrees = pitch.with_(shown_deg, np.hypot(convergence.sd_deg * per_px, _LINES_SD_DEG))
        weight += agrees
    pelvis_px = float(pose.mid_hip_px[1]) - _PELVIS_TRUNKS * pose.trunk_px
    below_deg = np.degrees(np.arctan((pelvis_px - (height - 1) / 2) / focal_px))
    down = _Normal(pitch.mean + below_deg, pitch.variance + np.degrees(axis_px / focal_px) ** 2)
    body_deg, body_sd_deg = _by_body(pose, facing)
    for mean, sd in (
        (np.full_like(focal_px, body_deg), body_sd_deg),
        (np.degrees(np.arctan(_ABOVE_M[0] / away_m)), np.degrees(_ABOVE_M[1] / away_m)),
    ):
        down, agrees = down.with_(mean, sd)
        weight += agrees
    share = np.exp(weight - weight.max())
    share /= share.sum()
    down_deg = float(share @ down.mean)
    away_m_mean = float(share @ away_m)
    return Lens(
        down_deg=down_deg,
        down_sd_deg=math.sqrt(float(share @ (down.variance + (down.mean - down_deg) ** 2))),
        pitch_deg=float(share @ (down.mean - below_deg)),
        focal_px=float(share @ focal_px) * frame.scale,
        focal=FocalSource.ASSUMED if told_mm is None else FocalSource.TOLD,
        away_cm=100 * away_m_mean,
        above_hips_cm=100 * away_m_mean * math.tan(math.radians(down_deg)),
    )


def _log_normal(value: Values, mean: Values | float, sd: Values | float) -> Values:
    return np.asarray(-0.5 * ((value - mean) / sd) ** 2 - np.log(sd))


def _whole_log(told_mm: float | None) -> Values:
    """Return the logarithm of how likely each focal length and a whole picture are."""
    if told_mm is None:
        usual_mm, spread = _USUAL_MM
        return math.log(1 - _CROPPED_UNTOLD) + _log_normal(
            np.log(_TRIED_MM), math.log(usual_mm), spread
        )
    return math.log(1 - _CROPPED_TOLD) + _log_normal(np.log(_TRIED_MM), math.log(told_mm), _TOLD_SD)


def _cropped_log(told_mm: float | None) -> Values:
    """Return the logarithm of how likely each focal length and a cropped picture are."""
    if told_mm is None:
        usual_mm, spread = _CROPPED_MM
        return math.log(_CROPPED_UNTOLD) + _log_normal(
            np.log(_TRIED_MM), math.log(usual_mm), spread
        )
    return math.log(_CROPPED_TOLD) + _log_normal(
        np.log(_TRIED_MM), math.log(_CROP_FACTOR * told_mm), _CROP_SD
    )


def _signs(pose: PoseEstimate, facing: Facing) -> Values:
    """Return by how many metres the shoulders are nearer than the ankles, and by how many
    trunks the near shoulder is lower than the far one."""
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
    return float(_SIGN_GROWTH @ inverse @ seen) / gained, _REAL_BODIES * gained**-0.5
