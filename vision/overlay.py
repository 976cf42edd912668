"""What to draw on the picture, as data: screen, PNG and PDF paint the same list.

Coordinates are pixels of the full upright picture, x right, y down. Widths and letter
heights follow the person's size (the hip-to-shoulder span), so that a painter which scales
picture and shapes together needs no further rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.overlay_shapes import (
    Arc,
    Banner,
    Box,
    Dot,
    Label,
    Line,
    Point,
    Polyline,
    Role,
    Shape,
    Wedge,
)
from vision.result import BonyPoints, Facing, Measured, Method, Rejected, Severity, TiltEstimate
from vision.tilt_text import direction, interval_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["build_overlay", "tilt_text"]

#: Where the middle between ASIS and PSIS lies above the hip joints: 8.5 cm on the
#: default body of Anny, over a hip-to-shoulder span of about 50 cm.
_PELVIS_RISE = 0.17
#: Depth of the pelvis from front to back, in hip-to-shoulder spans, when the outline does
#: not show it, and the range in which the outline is believed (arms make it wider).
_PELVIS_DEPTH = 0.45
_DEPTH_RANGE = (0.3, 0.65)
#: Below this visibility a landmark is the estimator's invention.
_VISIBILITY_MIN = 0.1

#: Some of the lines are enough to show where the plumb direction comes from.
_PLUMB_LINES_MAX = 6
_CHAIN = ("shoulder", "hip", "knee", "ankle")
_METHOD_WORDS: Mapping[Method, str] = {
    Method.MARKED: "from marked points",
    Method.STICKERS: "from the stickers",
    Method.CONTOUR: "from the body outline",
    Method.BELT: "from the belt line",
}


@dataclass(frozen=True, slots=True)
class _Pelvis:
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


def build_overlay(result: Measured | Rejected) -> tuple[Shape, ...]:
    """List what to draw for a result, in painting order.

    Parameters
    ----------
    result
        A measurement gets its outline, landmarks, belt line, plumb lines of the scene,
        tilt line, horizontal, arc, interval and label; a refusal gets outline and
        landmarks, if any, and a banner with the reasons, never an angle.

    Returns
    -------
    tuple of Shape
        Pixels of the full upright picture. Facing and roll are honoured: a mirrored
        result gives mirrored shapes, and the horizontal is the scene's, not the
        picture's.
    """
    seen = _seen(result)
    unit = _unit_px(result, seen)
    body = _outline(result.outline_px, unit) + _skeleton(result.facing, seen, unit)
    if isinstance(result, Rejected):
        refusals = (r for r in result.reasons if r.severity is Severity.REFUSE)
        messages = tuple(dict.fromkeys(reason.message for reason in refusals))
        return (*body, Banner(Role.REFUSAL, "No number", messages))
    body = _plumb_lines(result, unit) + body + _belt_line(result, unit)
    pelvis = _pelvis(result, seen, unit)
    if pelvis is None:
        return (*body, _angle_label(result.tilt, (0.0, 0.0), (1.0, 1.0), None, unit))
    tilt = _tilt_shapes(result, pelvis, unit)
    return (*body, *tilt)


def tilt_text(tilt: TiltEstimate) -> str:
    """Say a tilt with its interval in whole degrees, e.g. ``12° forward (8 to 16)``.

    Ends of the interval on the other side of level, or an exactly level answer, have
    their direction spelt out: ``2° forward (3 backward to 7 forward)``.
    """
    angle, interval = whole_deg(tilt.angle_deg), interval_text(tilt)
    if angle == 0:
        return f"0° level ({interval})"
    return f"{abs(angle)}° {direction(angle)} ({interval})"


def _seen(result: Measured | Rejected) -> dict[str, Point]:
    return {
        name: (x, y)
        for name, (x, y, visibility) in result.landmarks.items()
        if np.isfinite((x, y)).all() and visibility >= _VISIBILITY_MIN
    }


def _middle(seen: Mapping[str, Point], part: str) -> Point | None:
    both = [seen[name] for name in (f"left_{part}", f"right_{part}") if name in seen]
    if not both:
        return None
    return sum(p[0] for p in both) / len(both), sum(p[1] for p in both) / len(both)


def _unit_px(result: Measured | Rejected, seen: Mapping[str, Point]) -> float:
    """Return the hip-to-shoulder span, or what it would be for a body this tall."""
    if result.capture is not None and result.capture.trunk_px > 0:
        return result.capture.trunk_px
    points = np.array([*seen.values(), *result.outline_px.reshape(-1, 2)], dtype=np.float64)
    points = points.reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    return max(1.0, float(np.ptp(points, axis=0).max()) * 0.3) if len(points) else 1.0


def _outline(outline_px: NDArray[np.float32], unit: float) -> list[Shape]:
    """Return one closed line per piece; rows that are not finite part the pieces."""
    points = np.asarray(outline_px, dtype=np.float64).reshape(-1, 2)
    gaps = np.flatnonzero(~np.isfinite(points).all(axis=1))
    pieces = (piece[np.isfinite(piece).all(axis=1)] for piece in np.split(points, gaps))
    return [
        Polyline(Role.OUTLINE, tuple((float(x), float(y)) for x, y in piece), 0.015 * unit, True)
        for piece in pieces
        if len(piece) > 1
    ]


def _skeleton(facing: Facing | None, seen: Mapping[str, Point], unit: float) -> list[Shape]:
    """Return the far side thinly, the near side on top of it, the near joints as dots.

    Somebody who looks to the left of the picture shows the camera their left side.
    """
    near = facing.value if facing is not None else None
    shapes: list[Shape] = []
    for side in sorted(Facing, key=lambda side: side.value == near):
        is_near = side.value == near
        role = Role.NEAR_SIDE if is_near else Role.FAR_SIDE
        names = [f"{side.value}_{part}" for part in (("ear",) if is_near else ()) + _CHAIN]
        points = tuple(seen[name] for name in names if name in seen)
        if len(points) > 1:
            shapes.append(Polyline(role, points, (0.014 if is_near else 0.007) * unit))
        shapes += [Dot(role, point, (0.024 if is_near else 0.013) * unit) for point in points]
    return shapes


def _plumb_lines(result: Measured, unit: float) -> list[Shape]:
    """Return the longest lines of the scene that tell the plumb direction, thin and dashed."""
    ends = np.asarray(result.plumb_px, dtype=np.float64).reshape(-1, 4)
    longest = np.argsort(np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]))[::-1]
    ends = ends[longest[:_PLUMB_LINES_MAX]].tolist()
    return [
        Line(Role.PLUMB, (x1, y1), (x2, y2), 0.006 * unit, 0.05 * unit) for x1, y1, x2, y2 in ends
    ]


def _belt_line(result: Measured, unit: float) -> list[Shape]:
    belt = result.belt_line
    if belt is None:
        return []
    ends = belt.back_px, belt.front_px
    return [
        Line(Role.BELT, *ends, 0.011 * unit),
        *(Dot(Role.BELT, end, 0.017 * unit) for end in ends),
    ]


def _pelvis(result: Measured, seen: Mapping[str, Point], unit: float) -> _Pelvis | None:
    sign, roll = result.facing.front_sign, result.capture.roll_deg
    forward = (0.0 if sign > 0 else 180.0) - roll
    if _uses_points(result) and result.points is not None:
        (ax, ay), (px, py) = result.points.asis_px, result.points.psis_px
        centre = (ax + px) / 2, (ay + py) / 2
        depth = max(1.2 * float(np.hypot(ax - px, ay - py)), 0.3 * unit)
        direction = float(np.rad2deg(np.arctan2(ay - py, ax - px)))
        drawn = sign * ((direction - forward + 180.0) % 360.0 - 180.0)
        return _Pelvis(centre, depth, forward, sign, drawn)
    angle = result.tilt.angle_deg
    hip, shoulder = _middle(seen, "hip"), _middle(seen, "shoulder")
    if hip is None:
        return None
    up = np.array(shoulder) - hip if shoulder else np.array([0.0, -1.0])
    x, y = np.array(hip) + _PELVIS_RISE * unit * up / max(float(np.hypot(*up)), 1e-6)
    span = _span_at(result.outline_px, float(x), float(y))
    if span is not None:
        depth, middle = span[1] - span[0], (span[0] + span[1]) / 2
        if _DEPTH_RANGE[0] <= depth / unit <= _DEPTH_RANGE[1]:
            return _Pelvis((middle, float(y)), depth, forward, sign, angle)
    return _Pelvis((float(x), float(y)), _PELVIS_DEPTH * unit, forward, sign, angle)


def _span_at(outline_px: NDArray[np.float32], x: float, y: float) -> Point | None:
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


def _uses_points(result: Measured) -> bool:
    return result.points is not None and result.tilt.method in (Method.MARKED, Method.STICKERS)


def _tilt_shapes(result: Measured, pelvis: _Pelvis, unit: float) -> list[Shape]:
    tilt, turn, centre = result.tilt, pelvis.turn, pelvis.centre_px
    half, reach = 0.8 * pelvis.depth_px, 1.05 * pelvis.depth_px
    back, front = pelvis.at(-half, pelvis.drawn_deg), pelvis.at(half, pelvis.drawn_deg)
    level_back, level_front = pelvis.at(-half, 0.0), pelvis.at(reach, 0.0)
    sweep = turn * pelvis.drawn_deg
    lowest = pelvis.forward_deg + turn * tilt.low_deg
    spread = turn * (tilt.high_deg - tilt.low_deg)
    shapes: list[Shape] = [
        Wedge(Role.INTERVAL, centre, reach, lowest, spread, 0.005 * unit),
        Line(Role.HORIZONTAL, level_back, level_front, 0.009 * unit, 0.04 * unit),
        Line(Role.TILT, back, front, 0.017 * unit),
        Arc(Role.TILT, centre, 0.85 * half, pelvis.forward_deg, sweep, 0.009 * unit),
        Dot(Role.TILT, centre, 0.02 * unit),
    ]
    fan = [pelvis.at(reach, angle) for angle in (tilt.low_deg, tilt.high_deg)]
    drawn = _around([back, front, level_back, level_front, *fan], 0.04 * unit)
    top, bottom = centre[1] - 0.2 * unit, centre[1] + 0.35 * unit
    body = drawn[0], min(drawn[1], top), drawn[2], max(drawn[3], bottom)
    if _uses_points(result) and result.points is not None:
        shapes += _marks(result.points, drawn, turn, unit)
    anchor = body[2] if turn > 0 else body[0], (fan[0][1] + fan[1][1]) / 2
    return [*shapes, _angle_label(tilt, anchor, (float(turn), 0.0), body, unit)]


def _around(points: Sequence[Point], margin_px: float) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - margin_px, min(ys) - margin_px, max(xs) + margin_px, max(ys) + margin_px


def _marks(points: BonyPoints, drawn: Box, turn: int, unit: float) -> list[Shape]:
    """Return the bony points, each with its name below what is drawn of the angle."""
    ends = (
        (Role.FRONT_POINT, "front point", points.asis_px, float(turn)),
        (Role.BACK_POINT, "back point", points.psis_px, -float(turn)),
    )
    shapes: list[Shape] = [Dot(role, point, 0.03 * unit) for role, _, point, _ in ends]
    for role, name, (x, _), side in ends:
        anchor = x - 0.04 * unit * side, drawn[3]
        shapes.append(Label(role, (name,), (0.075 * unit,), anchor, (side, 1.0), drawn))
    return shapes


def _angle_label(
    tilt: TiltEstimate,
    anchor: Point,
    towards: Point,
    avoid: Box | None,
    unit: float,
) -> Label:
    lines = tilt_text(tilt), _METHOD_WORDS[tilt.method]
    return Label(Role.TILT, lines, (0.12 * unit, 0.075 * unit), anchor, towards, avoid)
