"""Each way of measuring a scene: outline, marked points, stickers, belt line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision.belt.line import BeltLine, find_belt_line
from vision.marked_tilt import measure_marked_deg
from vision.result import BeltEstimate, BonyPoints, Method, NoBeltReason, TiltEstimate
from vision.silhouette import canonical_crop, shared_model
from vision.stickers.detect import NoStickers, Stickers, find_stickers
from vision.stickers.tilt import bony_points, measure_stickers_deg

if TYPE_CHECKING:
    from vision.scene import Scene

#: Marked points further than this from the hips, in trunk lengths, are on something else.
_PELVIS_REACH_TRUNKS = 0.7
#: No standing pelvis tilts further; swapped points give about 180 deg.
_MAX_MARKED_TILT_DEG = 60.0


@dataclass(frozen=True, slots=True)
class ByContour:
    """The outline's answer, and how likely it is that of loose clothing, 0..1."""

    tilt: TiltEstimate
    loose_probability: float


@dataclass(frozen=True, slots=True)
class ByStickers:
    """The stickers' answer and the points behind it, pixels of the full picture."""

    tilt: TiltEstimate
    points: BonyPoints


def by_contour(scene: Scene) -> ByContour:
    """Read the outline of the body."""
    roll_deg = scene.vertical.roll_deg
    crop = canonical_crop(scene.frame.rgb, scene.pose, scene.facing, roll_deg)
    reading = shared_model().read(crop)
    tilt = scene.estimate(Method.CONTOUR, reading.tilt_deg, reading.sd_deg)
    return ByContour(tilt, reading.loose_probability)


def are_on_pelvis(scene: Scene, points: BonyPoints) -> bool:
    """Tell whether the points lie near the hips, ASIS ahead of PSIS."""
    hip = scene.to_full(scene.pose.mid_hip_px)
    reach = _PELVIS_REACH_TRUNKS * scene.trunk_px
    near = all(math.dist(hip, point) <= reach for point in (points.asis_px, points.psis_px))
    tilt_deg, _ = measure_marked_deg(points, scene.facing, scene.vertical.roll_deg)
    return near and abs(tilt_deg) <= _MAX_MARKED_TILT_DEG


def by_points(scene: Scene, points: BonyPoints) -> TiltEstimate:
    """Measure from two points marked by somebody."""
    angle_deg, sd_deg = measure_marked_deg(points, scene.facing, scene.vertical.roll_deg)
    return scene.estimate(Method.MARKED, angle_deg, sd_deg)


def by_stickers(scene: Scene) -> ByStickers | NoStickers:
    """Look for two stickers and measure from them."""
    stickers = find_stickers(scene.frame.rgb, scene.pose, scene.facing)
    if not isinstance(stickers, Stickers):
        return stickers
    angle_deg, sd_deg = measure_stickers_deg(
        stickers, scene.pose, scene.facing, scene.vertical.roll_deg
    )
    points = bony_points(stickers, scene.pose, scene.facing)
    return ByStickers(
        scene.estimate(Method.STICKERS, angle_deg, sd_deg),
        BonyPoints(scene.point_to_full(points.asis_px), scene.point_to_full(points.psis_px)),
    )


def by_belt(scene: Scene) -> BeltEstimate | NoBeltReason:
    """Look for the belt line."""
    line = find_belt_line(scene.frame.rgb, scene.pose, scene.facing, scene.vertical.roll_deg)
    if not isinstance(line, BeltLine):
        return line.reason
    return BeltEstimate(
        tilt=scene.estimate(Method.BELT, line.angle_deg, line.sd_deg),
        front_px=scene.point_to_full(line.front_px),
        back_px=scene.point_to_full(line.back_px),
    )
