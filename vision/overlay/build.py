"""What to draw on the picture, as data: screen, PNG and PDF paint the same list.

Coordinates are pixels of the full upright picture, x right, y down. Widths and letter
heights follow the person's size (the hip-to-shoulder span), so that a painter which scales
picture and shapes together needs no further rules.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vision.messages import translatable
from vision.overlay.landmarks import Pelvis, body_unit_px, find_pelvis, seen_landmarks, uses_points
from vision.overlay.shapes import (
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
from vision.result import (
    BonyPoints,
    Facing,
    Measured,
    Method,
    Rejected,
    Severity,
    TiltEstimate,
    tilt_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


#: Some of the lines are enough to show where the plumb direction comes from.
_PLUMB_LINES_MAX = 6
_CHAIN = ("shoulder", "hip", "knee", "ankle")
#: Half of the drawn tilt line, in depths of the pelvis.
_HALF = 0.8
#: Of the boxes that hold the body: their height, how far they go beyond it, in hip-to-shoulder
#: spans, and how many there are at most.
_SLICE, _ROOM, _SLICES_MAX = 0.08, 0.03, 120
#: A label further from the tilt line than this, in hip-to-shoulder spans, is joined to it.
_NEAR = 0.35
_METHOD_WORDS: Mapping[Method, str] = {
    Method.MARKED: "from marked points",
    Method.STICKERS: "from the stickers",
    Method.CONTOUR: "from the body outline",
    Method.CALIBRATED: "from the body outline, calibrated",
    Method.BELT: "the belt line, not the pelvis",
}
_NO_NUMBER, _FRONT_POINT, _BACK_POINT = "No number", "front point", "back point"


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
    seen = seen_landmarks(result)
    unit = body_unit_px(result, seen)
    body = _outline(result.outline_px, unit) + _skeleton(result.facing, seen, unit)
    if isinstance(result, Rejected):
        refusals = (r for r in result.reasons if r.severity is Severity.REFUSE)
        messages = tuple(dict.fromkeys(reason.message for reason in refusals))
        return (*body, Banner(Role.REFUSAL, _NO_NUMBER, messages))
    body = _plumb_lines(result, unit) + body + _belt_line(result, unit)
    pelvis = find_pelvis(result, seen, unit)
    if pelvis is None:
        label = _angle_label(result.tilt, (0.0, 0.0), (1.0, 1.0), None, unit)
        return (*body, replace(label, body_px=_body_boxes(body, unit)))
    return (*body, *_tilt_shapes(result, pelvis, unit, _body_boxes(body, unit)))


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


def _body_boxes(shapes: Sequence[Shape], unit: float) -> tuple[Box, ...]:
    """Return boxes, one below the other, that hold the outline with a little room round it."""
    pieces = [s for s in shapes if isinstance(s, Polyline) and s.role is Role.OUTLINE]
    boxes: list[Box] = []
    for piece in pieces:
        points = np.array([*piece.points_px, piece.points_px[0]])
        top, bottom = points[:, 1].min(), points[:, 1].max()
        step = max(_SLICE * unit, (bottom - top) / _SLICES_MAX, 1e-3)
        # Points so close together that each slice has some of every edge that crosses it.
        along = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
        count = min(20_000, int(2 * along[-1] / step) + 2)
        dense = np.linspace(0.0, along[-1], count)
        x, y = (np.interp(dense, along, points[:, axis]) for axis in (0, 1))
        row = ((y - top) / step).astype(int)
        room = _ROOM * unit
        for index in np.unique(row):
            inside = x[row == index]
            low = top + index * step
            box = inside.min() - room, low - room, inside.max() + room, low + step + room
            boxes.append((float(box[0]), float(box[1]), float(box[2]), float(box[3])))
    return tuple(boxes)


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


def _tilt_shapes(
    result: Measured, pelvis: Pelvis, unit: float, boxes: tuple[Box, ...]
) -> list[Shape]:
    tilt, turn, centre = result.tilt, pelvis.turn, pelvis.centre_px
    half, reach = _HALF * pelvis.depth_px, 1.05 * pelvis.depth_px
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
    if uses_points(result) and result.points is not None:
        shapes += _marks(result.points, drawn, turn, unit)
    anchor = body[2] if turn > 0 else body[0], (fan[0][1] + fan[1][1]) / 2
    label = _angle_label(tilt, anchor, (float(turn), 0.0), body, unit)
    return [*shapes, replace(label, body_px=boxes, target_px=front, near_px=_NEAR * unit)]


def _around(points: Sequence[Point], margin_px: float) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - margin_px, min(ys) - margin_px, max(xs) + margin_px, max(ys) + margin_px


def _marks(points: BonyPoints, drawn: Box, turn: int, unit: float) -> list[Shape]:
    """Return the bony points, each with its name below what is drawn of the angle."""
    ends = (
        (Role.FRONT_POINT, _FRONT_POINT, points.asis_px, float(turn)),
        (Role.BACK_POINT, _BACK_POINT, points.psis_px, -float(turn)),
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
    # On lines of their own, so that there is room for them beside the body.
    angle, _, interval = tilt_text(tilt).partition(" (")
    lines = angle, f"({interval}", _METHOD_WORDS[tilt.method]
    sizes = 0.12 * unit, 0.075 * unit, 0.075 * unit
    return Label(Role.TILT, lines, sizes, anchor, towards, avoid)


translatable(__name__, but=("_CHAIN",))
