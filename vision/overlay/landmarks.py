"""Where body and pelvis are in a measured picture, and how to lay one picture over another.

Pure geometry on landmarks and outline; no picture is looked at here. Pixels are those of the
full upright picture, x right, y down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import clockwise_matrix
from vision.result import BonyPoints, Measured, Method, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vision.overlay.shapes import Point

#: Where the middle between ASIS and PSIS lies above the hip joints: 8.5 cm on the
#: default body of Anny, over a hip-to-shoulder span of about 50 cm.
_PELVIS_RISE = 0.17
#: Depth of the pelvis from front to back, in hip-to-shoulder spans, when the outline does
#: not show it, and the range in which the outline is believed (arms make it wider).
_PELVIS_DEPTH = 0.45
_DEPTH_RANGE = (0.3, 0.65)
#: Below this visibility a landmark is the estimator's invention.
_VISIBILITY_MIN = 0.1
#: In hip-to-shoulder spans, of the 13 rendered people in sample_images/truth.csv that are
#: measured: PSIS to ASIS 0.32 to 0.38, however large the belly; PSIS inside the back 0.01 to
#: 0.08.
_POINTS_APART, _BACK_INSET, _FRONT_INSET_MIN = 0.35, 0.02, 0.03

#: What is level with what, best first: a shoulder moves less than a nodding head.
_TOPS = ("shoulder", "ear")
#: A body that seems no taller than this was not seen.
_HEIGHT_MIN_PX = 1.0


@dataclass(frozen=True, slots=True)
class Pelvis:
    """Where the tilt is drawn.

    ``forward_deg`` is the true horizontal's direction towards the person's front and
    ``turn`` the sign of a turn that lowers the front, both clockwise on the screen.
    ``drawn_deg`` is the tilt of the drawn line: through the marked points if there are any.
    """

    centre_px: Point
    depth_px: float
    forward_deg: float
    turn: int
    drawn_deg: float

    def at(self, distance_px: float, tilt_deg: float) -> Point:
        """Return the point that far ahead of the centre on a line tilted so much."""
        angle = np.deg2rad(self.forward_deg + self.turn * tilt_deg)
        x, y = self.centre_px
        return float(x + distance_px * np.cos(angle)), float(y + distance_px * np.sin(angle))


@dataclass(frozen=True, slots=True)
class Alignment:
    """A similarity that takes the second picture onto the first; perhaps mirrored.

    ``x' = m11 * x + m12 * y + dx`` and ``y' = m21 * x + m22 * y + dy``.

    Attributes
    ----------
    m11, m12, m21, m22
        Scale, turn and mirror image.
    dx_px, dy_px
        The shift, pixels of the first picture.
    """

    m11: float
    m12: float
    m21: float
    m22: float
    dx_px: float
    dy_px: float

    @property
    def scale(self) -> float:
        """How much larger the second person becomes; above 0."""
        return float(np.sqrt(abs(self.m11 * self.m22 - self.m12 * self.m21)))

    @property
    def is_mirrored(self) -> bool:
        """Whether the second picture is turned into its mirror image."""
        return self.m11 * self.m22 - self.m12 * self.m21 < 0

    def apply(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points of the second picture come to lie in the first.

        Parameters
        ----------
        points_px
            Shape (n, 2), pixels of the second picture.
        """
        linear = np.array([[self.m11, self.m12], [self.m21, self.m22]])
        moved: NDArray[np.float64] = points_px @ linear.T + (self.dx_px, self.dy_px)
        return moved


def suggest_points(result: Measured) -> BonyPoints | None:
    """Return where the two bony points probably are, for a person to move.

    They are those of the result where it has any. Else they lie on the line that the
    answer tilts, just inside front and back of the body, and give that very angle.

    Returns
    -------
    BonyPoints or None
        Pixels of the full upright picture; None where no hip was seen.
    """
    if result.points is not None:
        return result.points
    seen = seen_landmarks(result)
    unit = body_unit_px(result, seen)
    pelvis = find_pelvis(result, seen, unit)
    if pelvis is None:
        return None
    angle_deg = (result.contour or result.tilt).angle_deg
    back_px, front_px = _edges(result.outline_px, pelvis, angle_deg, unit)
    back_px += _BACK_INSET * unit
    front_px = min(back_px + _POINTS_APART * unit, front_px - _FRONT_INSET_MIN * unit)
    return BonyPoints(pelvis.at(front_px, angle_deg), pelvis.at(back_px, angle_deg))


def align(first: Measured, second: Measured) -> Alignment | None:
    """Find how to lay the second picture over the first.

    The points half-way between the ankles come to lie on each other, both people become
    equally tall (from there to the shoulders, else to the ears), both look the same way,
    and plumb lines of both scenes run the same way. The body itself is not turned: a lean
    that differs stays to be seen.

    Parameters
    ----------
    first, second
        Two measurements; only landmarks, facing and camera roll count.

    Returns
    -------
    Alignment or None
        None when ankles, or shoulders and ears, are not to be seen in one of them.
    """
    for part in _TOPS:
        to, of = _stature(first, part), _stature(second, part)
        if to is not None and of is not None:
            return _between(first, second, to, of)
    return None


def seen_landmarks(result: Measured | Rejected) -> dict[str, Point]:
    """Return each landmark that can be seen by name, x and y in pixels of the full picture."""
    return {
        name: (x, y)
        for name, (x, y, visibility) in result.landmarks.items()
        if np.isfinite((x, y)).all() and visibility >= _VISIBILITY_MIN
    }


def middle_of(seen: Mapping[str, Point], part: str) -> Point | None:
    """Return the middle between left and right, or the one that is seen."""
    both = [seen[name] for name in (f"left_{part}", f"right_{part}") if name in seen]
    if not both:
        return None
    return sum(p[0] for p in both) / len(both), sum(p[1] for p in both) / len(both)


def body_unit_px(result: Measured | Rejected, seen: Mapping[str, Point]) -> float:
    """Return the hip-to-shoulder span, or what it would be for a body this tall."""
    if result.capture is not None and result.capture.trunk_px > 0:
        return result.capture.trunk_px
    points = np.array([*seen.values(), *result.outline_px.reshape(-1, 2)], dtype=np.float64)
    points = points.reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    return max(1.0, float(np.ptp(points, axis=0).max()) * 0.3) if len(points) else 1.0


def uses_points(result: Measured) -> bool:
    """Tell whether the answer rests on two points."""
    return result.points is not None and result.tilt.method in (Method.MARKED, Method.STICKERS)


def find_pelvis(result: Measured, seen: Mapping[str, Point], unit: float) -> Pelvis | None:
    """Return where to draw the tilt, or None where no hip was seen.

    Parameters
    ----------
    result
        The points behind it, else its outline and landmarks, tell the place.
    seen
        From :func:`seen_landmarks`.
    unit
        From :func:`body_unit_px`.
    """
    sign, roll = result.facing.front_sign, result.capture.roll_deg
    forward = (0.0 if sign > 0 else 180.0) - roll
    if uses_points(result) and result.points is not None:
        (ax, ay), (px, py) = result.points.asis_px, result.points.psis_px
        centre = (ax + px) / 2, (ay + py) / 2
        depth = max(1.2 * float(np.hypot(ax - px, ay - py)), 0.3 * unit)
        direction = float(np.rad2deg(np.arctan2(ay - py, ax - px)))
        drawn = sign * ((direction - forward + 180.0) % 360.0 - 180.0)
        return Pelvis(centre, depth, forward, sign, drawn)
    angle = result.tilt.angle_deg
    hip, shoulder = middle_of(seen, "hip"), middle_of(seen, "shoulder")
    if hip is None:
        return None
    up = np.array(shoulder) - hip if shoulder else np.array([0.0, -1.0])
    x, y = np.array(hip) + _PELVIS_RISE * unit * up / max(float(np.hypot(*up)), 1e-6)
    span = _span_at(result.outline_px, float(x), float(y))
    if span is not None:
        depth, middle = span[1] - span[0], (span[0] + span[1]) / 2
        if _DEPTH_RANGE[0] <= depth / unit <= _DEPTH_RANGE[1]:
            return Pelvis((middle, float(y)), depth, forward, sign, angle)
    return Pelvis((float(x), float(y)), _PELVIS_DEPTH * unit, forward, sign, angle)


def _edges(
    outline_px: NDArray[np.float32], pelvis: Pelvis, angle_deg: float, unit: float
) -> tuple[float, float]:
    """Return how far ahead of the middle back and front lie on a line tilted so much."""
    along = np.subtract(pelvis.at(1.0, angle_deg), pelvis.centre_px)
    across = np.array([-along[1], along[0]])
    points = np.asarray(outline_px, dtype=np.float64).reshape(-1, 2) - pelvis.centre_px
    span = _span_at(points @ np.column_stack([along, across]), 0.0, 0.0)
    if span is not None and _DEPTH_RANGE[0] <= (span[1] - span[0]) / unit <= _DEPTH_RANGE[1]:
        return span
    return -pelvis.depth_px / 2, pelvis.depth_px / 2


def _span_at(outline_px: NDArray[np.floating], x: float, y: float) -> Point | None:
    """Return where the body's back and front cross the height ``y`` around ``x``."""
    points = np.asarray(outline_px, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return None
    after = np.roll(points, -1, axis=0)
    crossing = (points[:, 1] <= y) != (after[:, 1] <= y)
    a, b = points[crossing], after[crossing]
    xs = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    left, right = xs[xs <= x], xs[xs > x]
    return (float(left.max()), float(right.min())) if left.size and right.size else None


@dataclass(frozen=True, slots=True)
class _Stature:
    """Where the ankles are in the picture, and how far from them the top is."""

    ankles_px: NDArray[np.float64]
    height_px: float


def _stature(result: Measured, part: str) -> _Stature | None:
    seen = seen_landmarks(result)
    ankles, top = middle_of(seen, "ankle"), middle_of(seen, part)
    if ankles is None or top is None:
        return None
    height = math.dist(top, ankles)
    return _Stature(np.array(ankles), height) if height > _HEIGHT_MIN_PX else None


def _between(first: Measured, second: Measured, to: _Stature, of: _Stature) -> Alignment:
    """Take the second's roll out, mirror and scale it, and put the first's roll in.

    A camera that was turned clockwise shows the scene turned the other way.
    """
    flip = -1.0 if first.facing is not second.facing else 1.0
    scale = to.height_px / of.height_px
    linear = (
        scale
        * clockwise_matrix(-first.capture.roll_deg)
        @ np.diag([flip, 1.0])
        @ clockwise_matrix(second.capture.roll_deg)
    )
    shift = to.ankles_px - linear @ of.ankles_px
    (m11, m12), (m21, m22) = linear.tolist()
    return Alignment(m11, m12, m21, m22, float(shift[0]), float(shift[1]))
