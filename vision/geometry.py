"""Signed angles in a picture: x right, y down, pixels.

Every angle comes from :func:`numpy.arctan2`, which keeps the sign that arccos loses.
``front_sign`` is +1 when the person looks towards growing x and -1 otherwise, so that a
mirrored picture gives the same angles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Point: TypeAlias = "Sequence[float] | NDArray[np.floating]"


def slope_deg(back: Point, front: Point, front_sign: int) -> float:
    """Return the angle of the line from ``back`` to ``front`` against the horizontal.

    ``atan2(front_y - back_y, front_sign * (front_x - back_x))``, -180..180 deg; positive
    when the front end is lower. With PSIS and ASIS this is the pelvic tilt.
    """
    return float(np.degrees(np.arctan2(front[1] - back[1], front_sign * (front[0] - back[0]))))


def lean_deg(lower: Point, upper: Point, front_sign: int) -> float:
    """Return the angle of the line from ``lower`` to ``upper`` against the vertical.

    -180..180 deg; positive when the upper end is further forward.
    """
    return float(np.degrees(np.arctan2(front_sign * (upper[0] - lower[0]), lower[1] - upper[1])))


def hinge_deg(upper: Point, middle: Point, lower: Point, front_sign: int) -> float:
    """Return the angle at ``middle`` as seen from behind the body, 0..360 deg.

    180 = straight; below 180 when ``middle`` lies ahead of the line (a bent knee), above
    180 when it lies behind (a knee bent backwards).
    """
    to_upper = np.asarray(upper, float) - np.asarray(middle, float)
    to_lower = np.asarray(lower, float) - np.asarray(middle, float)
    turn = np.arctan2(to_upper[0] * to_lower[1] - to_upper[1] * to_lower[0], to_upper @ to_lower)
    return float(np.degrees(-front_sign * turn) % 360.0)


def roll_from_plumb_deg(first: Point, second: Point) -> float:
    """Return the camera roll that makes a plumb line look as it does.

    Positive when the camera was turned clockwise (the scene then leans the other way);
    -90..90 deg. The order of the two ends does not matter.
    """
    lower, upper = (first, second) if first[1] > second[1] else (second, first)
    return float(np.degrees(np.arctan2(lower[0] - upper[0], lower[1] - upper[1])))


def clockwise_matrix(turn_deg: float) -> NDArray[np.float64]:
    """Return the 2x2 matrix that turns pixel vectors clockwise on the screen."""
    turn = np.radians(turn_deg)
    # y points down, which makes the usual counter-clockwise matrix a clockwise one.
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def level_points(
    points: NDArray[np.floating], roll_deg: float, centre: Point
) -> NDArray[np.float32]:
    """Undo a camera roll: turn points clockwise by ``roll_deg`` about ``centre``.

    Parameters
    ----------
    points
        Shape (n, 2).
    roll_deg
        As :func:`roll_from_plumb_deg` gives it.
    centre
        The fixed point.
    """
    origin = np.asarray(centre, float)
    levelled: NDArray[np.float32] = (
        (points - origin) @ clockwise_matrix(roll_deg).T + origin
    ).astype(np.float32)
    return levelled
