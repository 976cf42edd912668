"""Pelvic tilt from the two bony points ASIS and PSIS, given by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vision.geometry import Point, roll_from_plumb_deg, slope_deg
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from vision.result import BonyPoints, Facing

#: How far a plumb line may lean before it cannot have been meant as one.
MAX_ROLL_DEG = 30.0
#: Standard error of placing the two points, deg. Palpation by one examiner has about 1 deg
#: (Herrington 2011), over clothes up to 3.6 deg (Hagins); provisional for points in a
#: picture.
PLACING_SD_DEG = 2.0
#: The near ASIS is 6 to 7.5 cm closer to the camera than the near PSIS, which adds about
#: 27 deg times the lens's height above the pelvis over its distance (docs/MEASUREMENT.md).
#: Nothing in the picture tells that height: this is a lens some 0.27 m off at 3 m.
LENS_HEIGHT_SD_DEG = 2.4
#: A click is trusted to this many pixels, which matters when the pelvis is small.
CLICK_SD_PX = 1.5


class PointsError(ExplainedError, ValueError):
    """Points or a plumb line that no picture could make sense of."""


def check_points(points: BonyPoints, width_px: int, height_px: int) -> None:
    """Make sure that both points lie inside the picture and apart.

    Raises
    ------
    PointsError
    """
    for name, point in (("ASIS", points.asis_px), ("PSIS", points.psis_px)):
        _check_inside(f"The {name} point", point, width_px, height_px)
    if math.dist(points.asis_px, points.psis_px) < 1.0:
        raise PointsError(
            "The ASIS point and the PSIS point are the same.",
            "Mark the bony point at the front and the dimple at the back.",
        )


def roll_of_vertical_deg(first: Point, second: Point, width_px: int, height_px: int) -> float:
    """Return the camera roll that a plumb line in the picture shows, + = clockwise.

    Raises
    ------
    PointsError
        When an end lies outside the picture, the ends coincide, or the line is too far
        from upright to be plumb in reality.
    """
    for point in (first, second):
        _check_inside("An end of the vertical", point, width_px, height_px)
    if math.dist(first, second) < 1.0:
        raise PointsError(
            "Both ends of the vertical are the same point.",
            "Give two points on something plumb, such as a handle frame.",
        )
    roll_deg = roll_from_plumb_deg(first, second)
    if abs(roll_deg) > MAX_ROLL_DEG:
        raise PointsError(
            f"The vertical leans by {abs(roll_deg):.0f} degrees, too far to be plumb.",
            "Give two points on something plumb, such as a handle frame.",
        )
    return roll_deg


def measure_marked_deg(points: BonyPoints, facing: Facing, roll_deg: float) -> tuple[float, float]:
    """Return tilt and its standard deviation, both in deg; positive = anterior.

    A camera turned clockwise lifts whatever lies to the right in the picture.
    """
    tilt_deg = slope_deg(points.psis_px, points.asis_px, facing.front_sign)
    click_deg = math.degrees(
        math.atan2(math.sqrt(2) * CLICK_SD_PX, math.dist(points.asis_px, points.psis_px))
    )
    return tilt_deg + facing.front_sign * roll_deg, math.hypot(
        PLACING_SD_DEG, LENS_HEIGHT_SD_DEG, click_deg
    )


def _check_inside(what: str, point: Point, width_px: int, height_px: int) -> None:
    x, y = point
    # Written so that NaN, which compares false with everything, fails too.
    if not (0 <= x < width_px and 0 <= y < height_px):
        raise PointsError(
            f"{what} ({x:g}, {y:g}) is outside the picture.",
            f"The picture is {width_px} pixels wide and {height_px} high.",
        )
