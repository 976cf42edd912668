"""A body on its back seen from the side: the angles of a bridge, in the picture.

Which end of the picture the head is at makes no difference; up is the picture's up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.events import LegSide
from vision.geometry import hinge_deg
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: Joints below this visibility are invented.
_FEWEST_VISIBLE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class SideBody:
    """One side of a lying body; lengths in trunk lengths, shoulder to hip.

    Attributes
    ----------
    hip_deg
        Shoulder-hip-knee: 180 = straight, above = the hip lies above the straight line.
    knee_deg
        Hip-knee-ankle, 180 = straight.
    trunk_deg
        How much higher the hip is than the shoulder, as the trunk's slope, -180..180.
    rise
        How high the hip is above the line from shoulder to ankle.
    knee_up
        How high the knee is above that line.
    foot_up
        How much higher the ankle is than the other side's.
    ends_px
        Shape (2, 2): shoulder and ankle, which stay where they are.
    trunk_px
        The trunk's length.
    """

    hip_deg: float
    knee_deg: float
    trunk_deg: float
    rise: float
    knee_up: float
    foot_up: float
    ends_px: NDArray[np.float64]
    trunk_px: float


def side_body(pose: PoseEstimate, side: LegSide) -> SideBody | None:
    """Return what one side shows; None when the body has no length in the picture."""
    shoulder, hip, knee, ankle = (np.asarray(pose.xy_px[j], np.float64) for j in joints_of(side))
    trunk_px = float(np.hypot(*(shoulder - hip)))
    head_sign = 1 if shoulder[0] > ankle[0] else -1
    if trunk_px < 1.0 or np.hypot(*(shoulder - ankle)) < 1.0:
        return None
    away = hip - shoulder
    other = pose.xy_px[joints_of(_other(side))[3]]
    return SideBody(
        hip_deg=hinge_deg(shoulder, hip, knee, head_sign),
        knee_deg=_unsigned_deg(hip - knee, ankle - knee),
        trunk_deg=float(np.degrees(np.arctan2(-away[1], -head_sign * away[0]))),
        rise=_above(hip, shoulder, ankle, head_sign) / trunk_px,
        knee_up=_above(knee, shoulder, ankle, head_sign) / trunk_px,
        foot_up=float(other[1] - ankle[1]) / trunk_px,
        ends_px=np.stack([shoulder, ankle]),
        trunk_px=trunk_px,
    )


def joints_of(side: LegSide) -> tuple[Joint, Joint, Joint, Joint]:
    """Return shoulder, hip, knee and ankle of a side."""
    if side is LegSide.LEFT:
        return Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE
    return Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE


def is_seen(pose: PoseEstimate, side: LegSide, size_px: tuple[int, int]) -> bool:
    """Tell whether shoulder, hip, knee and ankle of a side are in the picture."""
    joints = list(joints_of(side))
    inside = pose.is_inside(size_px)[joints]
    return bool(inside.all() and (pose.visibility[joints] >= _FEWEST_VISIBLE).all())


def nearness(pose: PoseEstimate, side: LegSide) -> float:
    """Return how surely a side is seen; the larger of both is the camera's."""
    joints = list(joints_of(side))
    near = -float(pose.depth_px[joints[:3]].mean()) / max(pose.trunk_px, 1.0)
    return float(pose.visibility[joints].mean()) + float(np.clip(near, -0.5, 0.5))


def axis_across(pose: PoseEstimate) -> NDArray[np.float64]:
    """Return the direction from the body's left to its right, unit length, shape (3,).

    x right, y down, z away from the camera; zeros when it cannot be told.
    """
    world = pose.world_m.astype(np.float64)
    across = (
        world[Joint.RIGHT_SHOULDER]
        - world[Joint.LEFT_SHOULDER]
        + world[Joint.RIGHT_HIP]
        - world[Joint.LEFT_HIP]
    )
    length = float(np.linalg.norm(across))
    return np.asarray(across / max(length, 1e-9), np.float64)


def _other(side: LegSide) -> LegSide:
    return LegSide.RIGHT if side is LegSide.LEFT else LegSide.LEFT


def _above(
    point: NDArray[np.float64],
    head_end: NDArray[np.float64],
    foot_end: NDArray[np.float64],
    head_sign: int,
) -> float:
    """Return how far a point is above the line between both ends, pixels."""
    line = head_end - foot_end
    off = point - foot_end
    return float(head_sign * (line[1] * off[0] - line[0] * off[1]) / np.hypot(*line))


def _unsigned_deg(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    turn = np.arctan2(one[0] * other[1] - one[1] * other[0], one @ other)
    return float(np.degrees(abs(turn)))
