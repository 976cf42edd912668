"""Pelvic tilt from the two bony points ASIS and PSIS, given by hand or by two stickers.

Under stickers it is told where the bone is, and how sure that is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import Point, roll_from_plumb_deg, slope_deg
from vision.marks.lens import lowering
from vision.messages import tr
from vision.reasons import ExplainedError
from vision.result import BonyPoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.marks.lens import Lowering
    from vision.marks.stickers import Stickers
    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing, Lens

#: How far a plumb line may lean before it cannot have been meant as one.
MAX_ROLL_DEG = 30.0
#: Standard error of placing the two points, deg. Palpation by one examiner has about 1 deg
#: (Herrington 2011), over clothes up to 3.6 deg (Hagins); provisional for points in a
#: picture.
PLACING_SD_DEG = 2.0
#: The near ASIS is 6 to 7.5 cm closer to the camera than the near PSIS, which adds about
#: 27 deg times the lens's height above the pelvis over its distance (docs/MEASUREMENT.md).
#: Where nothing is known of that height: this is a lens some 0.27 m off at 3 m.
LENS_HEIGHT_SD_DEG = 2.4
#: A click is trusted to this many pixels, which matters when the pelvis is small.
CLICK_SD_PX = 1.5
#: What is left of the stickers' standing out from the bone, deg: on 322 dressed synthetic
#: bodies, balls 2.5 to 3.5 cm wide, against the bony points of the same side.
STANDING_OUT_SD_DEG = 2.3
#: How much nearer to the camera the front sticker is than the hind one, trunks: it stands out
#: to the side as well as to the front. On rendered bodies.
_STICKERS_NEARER_TRUNKS = 0.165
#: The back's outline is followed this far above and below the sticker, and this far ahead
#: of and behind it, trunks; what the sticker itself may cover, diameters, is left out.
_ALONG, _AHEAD, _BEHIND, _COVERED = 0.16, 0.15, 0.12, 0.6
_ROWS_MIN = 8
#: No sticker stands further out than this, trunks; the mask is then at fault.
_OUT_MAX = 0.15


class PointsError(ExplainedError, ValueError):
    """Points or a plumb line that no picture could make sense of."""


def check_points(points: BonyPoints, width_px: int, height_px: int) -> None:
    """Make sure that both points lie inside the picture and apart.

    Raises
    ------
    PointsError
    """
    size = width_px, height_px
    asis = tr("The ASIS point ({x:g}, {y:g}) is outside the picture.")
    psis = tr("The PSIS point ({x:g}, {y:g}) is outside the picture.")
    _check_inside(asis, points.asis_px, *size)
    _check_inside(psis, points.psis_px, *size)
    if math.dist(points.asis_px, points.psis_px) < 1.0:
        raise PointsError(
            tr("The ASIS point and the PSIS point are the same."),
            tr("Mark the bony point at the front and the dimple at the back."),
        )


def roll_of_vertical_deg(first: Point, second: Point, width_px: int, height_px: int) -> float:
    """Return the camera roll that a plumb line in the picture shows, + = clockwise.

    Raises
    ------
    PointsError
        When an end lies outside the picture, the ends coincide, or the line is too far
        from upright to be plumb in reality.
    """
    outside = tr("An end of the vertical ({x:g}, {y:g}) is outside the picture.")
    for point in (first, second):
        _check_inside(outside, point, width_px, height_px)
    if math.dist(first, second) < 1.0:
        raise PointsError(
            tr("Both ends of the vertical are the same point."),
            tr("Give two points on something plumb, such as a door frame."),
        )
    roll_deg = roll_from_plumb_deg(first, second)
    if abs(roll_deg) > MAX_ROLL_DEG:
        raise PointsError(
            tr("The vertical leans by {angle:.0f} degrees, too far to be plumb.").format(
                angle=abs(roll_deg)
            ),
            tr("Give two points on something plumb, such as a door frame."),
        )
    return roll_deg


def measure_marked_deg(
    points: BonyPoints, facing: Facing, roll_deg: float, seen: Lowering | None
) -> tuple[float, float]:
    """Return tilt and its standard deviation, both in deg; positive = anterior.

    A camera turned clockwise lifts whatever lies to the right in the picture, and a lens
    above the hips lowers the ASIS, which is nearer to it.

    Parameters
    ----------
    seen
        How much lower, in the pixels of the points; None where nothing is known of the lens.
    """
    click_deg = _at_distance_deg(math.sqrt(2) * CLICK_SD_PX, points)
    tilt_deg, lens_sd_deg = _seen_level_deg(points, facing, roll_deg, seen)
    return tilt_deg, math.hypot(PLACING_SD_DEG, lens_sd_deg, click_deg)


def _at_distance_deg(px: float, points: BonyPoints) -> float:
    """Return by how much the line turns when one end moves across it by so many pixels."""
    return math.degrees(math.atan2(px, math.dist(points.asis_px, points.psis_px)))


def _seen_level_deg(
    points: BonyPoints, facing: Facing, roll_deg: float, seen: Lowering | None
) -> tuple[float, float]:
    """Return the line's angle with the camera's roll and height taken out.

    And what is left of the height, a standard deviation, deg.
    """
    raw_deg = slope_deg(points.psis_px, points.asis_px, facing.front_sign)
    raw_deg += facing.front_sign * roll_deg
    if seen is None:
        return raw_deg, LENS_HEIGHT_SD_DEG
    length_px = math.dist(points.asis_px, points.psis_px)
    ahead_px = length_px * math.cos(math.radians(raw_deg))
    lower_px = length_px * math.sin(math.radians(raw_deg)) - seen.lower_px
    return math.degrees(math.atan2(lower_px, ahead_px)), _at_distance_deg(seen.sd_px, points)


def bony_points(stickers: Stickers, pose: PoseEstimate, facing: Facing) -> BonyPoints:
    """Return the points to measure from, pixels of the picture.

    The hind sticker stands out behind the back, and the skin over the PSIS faces upwards as
    well as backwards, so that the bone is lower than the sticker: as low as the point of
    the body's outline that is nearest to it. How far out it stands matters little, since
    that lies along the line that is measured. The front one is seen from its side, where
    the outline tells nothing, and stays.
    """
    height_px = _height_of_bone_px(stickers, pose, facing)
    return BonyPoints(stickers.asis_px, (stickers.psis_px[0], height_px))


def measure_stickers_deg(
    stickers: Stickers, pose: PoseEstimate, facing: Facing, roll_deg: float, lens: Lens
) -> tuple[float, float]:
    """Return tilt and its standard deviation, both in deg; positive = anterior.

    As :func:`measure_marked_deg`; what is left of camera roll is not in
    the standard deviation.
    """
    points = bony_points(stickers, pose, facing)
    seen = lowering(lens, pose.trunk_px, _STICKERS_NEARER_TRUNKS)
    tilt_deg, lens_sd_deg = _seen_level_deg(points, facing, roll_deg, seen)
    return tilt_deg, math.hypot(PLACING_SD_DEG, lens_sd_deg, stickers_sd_deg(stickers))


def stickers_sd_deg(stickers: Stickers) -> float:
    """Return the standard deviation of the line between stickers against that of the bones, deg.

    Its sources, taken as independent: their standing out from the bone, and finding their
    centres in the picture; neither placing them on the bone by touch nor the lens.
    """
    distance_px = math.dist(stickers.asis_px, stickers.psis_px)
    finding_deg = math.degrees(math.atan2(math.sqrt(2) * stickers.sd_px, distance_px))
    return math.hypot(STANDING_OUT_SD_DEG, finding_deg)


def _check_inside(outside: str, point: Point, width_px: int, height_px: int) -> None:
    x, y = point
    # Written so that NaN, which compares false with everything, fails too.
    if not (0 <= x < width_px and 0 <= y < height_px):
        raise PointsError(
            outside.format(x=x, y=y),
            tr("The picture is {width} pixels wide and {height} high.").format(
                width=width_px, height=height_px
            ),
        )


def _height_of_bone_px(stickers: Stickers, pose: PoseEstimate, facing: Facing) -> float:
    """Return how high the foot of the hind sticker is on the back's outline, as a line."""
    down_px, back_px = _back_edge(stickers, pose, facing)
    if len(down_px) < _ROWS_MIN:
        return stickers.psis_px[1]
    slope, edge_px = (float(value) for value in np.polyfit(down_px, back_px, 1))
    out_px = -edge_px / (1 + slope**2)
    # Inside the mask it covers part of it: nothing is known, nothing is corrected.
    if not 0 < out_px < _OUT_MAX * pose.trunk_px:
        return stickers.psis_px[1]
    return stickers.psis_px[1] + slope * out_px


def _back_edge(
    stickers: Stickers, pose: PoseEstimate, facing: Facing
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the back's outline is, pixels below and behind the hind sticker."""
    x, y = stickers.psis_px
    trunk_px, sign = pose.trunk_px, facing.front_sign
    height, width = pose.mask.shape
    away_px = np.arange(
        _COVERED * stickers.diameter_px, _ALONG * trunk_px, max(1.0, trunk_px / 100)
    )
    rows = np.rint(y + np.concatenate([-away_px, away_px])).astype(int)
    rows = rows[(rows >= 0) & (rows < height)]
    columns = np.rint(
        x - sign * np.arange(-_AHEAD * trunk_px, _BEHIND * trunk_px, dtype=float)
    ).astype(int)
    columns = columns[(columns >= 0) & (columns < width)]
    if not (len(rows) and len(columns)):
        return np.empty(0), np.empty(0)
    body = pose.mask[np.ix_(rows, columns)] > 0.5
    crossed = body.any(axis=1)
    last = body.shape[1] - 1 - body[:, ::-1].argmax(axis=1)
    return rows[crossed] - y, sign * (x - columns[last[crossed]])
