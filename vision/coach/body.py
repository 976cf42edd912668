"""What a lying body shows of an exercise.

On its back and seen from the side, the angles of a bridge, in the picture: which end the head
is at makes no difference, up is the picture's up. On its side and seen from the front or
obliquely from the feet, how far the upper leg is lifted and where it points: in space, about
the pelvis, as in the picture a leg that points half towards the camera looks lifted twice as
far.
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
    other = pose.xy_px[joints_of(side.other)[3]]
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
    return _unit(across)


@dataclass(frozen=True, slots=True, eq=False)
class LiftBody:
    """A lying body with one leg above the other.

    Attributes
    ----------
    upper
        The leg above.
    lift_deg
        How far that leg is raised against the pelvis; 0 = in line with the trunk.
    legs_deg
        How far the higher leg is raised against the trunk, told without the pelvis: it stands
        even where left and right are mistaken, but reads too much the more the legs point at
        the camera.
    ahead_deg
        How far that leg is in front of the trunk; below 0 = behind.
    toes_up_deg
        How far its toes point up; 0 = to the front.
    upright
        How straight the upper hip and shoulder are above the lower ones, -1..1.
    trunk
        The trunk's direction, from the shoulders to the hips, unit length, shape (3,):
        x right, y down, z away from the camera.
    foot_up
        How much higher one ankle is than the other, in trunk lengths.
    places_px
        Shape (2, 2): between the shoulders and between the hips.
    trunk_px
        The distance between both.
    """

    upper: LegSide
    lift_deg: float
    legs_deg: float
    ahead_deg: float
    toes_up_deg: float
    upright: float
    trunk: NDArray[np.float64]
    foot_up: float
    places_px: NDArray[np.float64]
    trunk_px: float


def upper_leg(pose: PoseEstimate) -> LegSide:
    """Return which side of a body is higher in the picture."""
    left, right = (float(pose.xy_px[list(joints_of(side)), 1].mean()) for side in LegSide)
    return LegSide.LEFT if left < right else LegSide.RIGHT


def lift_body(pose: PoseEstimate, upper: LegSide) -> LiftBody | None:
    """Return what a body on its side shows; None when it has no length."""
    world = pose.world_m.astype(np.float64)
    shoulder, hip, knee, ankle = (world[joint] for joint in joints_of(upper))
    other_shoulder, other_hip, _, _ = (world[joint] for joint in joints_of(upper.other))
    trunk = _unit((hip + other_hip - shoulder - other_shoulder) / 2)
    across = _unit(hip - other_hip)
    # The pelvis is wide against the trunk, whatever its two points say.
    side = _unit(across - trunk * (across @ trunk))
    thigh, leg = _unit(knee - hip), _unit(ankle - hip)
    if not all(np.any(line) for line in (trunk, side, thigh, leg)):
        return None
    up = _up_from(trunk)
    # Told from the vertical: the pelvis' two points are the first to be mistaken.
    front = np.cross(up, -trunk) if upper is LegSide.LEFT else np.cross(-up, -trunk)
    foot = _foot(world, upper)
    foot -= leg * (foot @ leg)
    ankles_px = pose.xy_px[[joints_of(upper)[3], joints_of(upper.other)[3]], 1]
    places_px = np.stack([pose.mid_shoulder_px, pose.mid_hip_px]).astype(np.float64)
    stack = _unit(shoulder - other_shoulder) + across
    return LiftBody(
        upper=upper,
        lift_deg=(_rise_deg(thigh, side) + _rise_deg(leg, side)) / 2,
        legs_deg=_legs_deg(world, up),
        ahead_deg=float(np.degrees(np.arctan2(leg @ front, leg @ trunk))),
        toes_up_deg=float(np.degrees(np.arctan2(foot @ up, foot @ front))),
        upright=float(-stack[1] / 2),
        trunk=trunk,
        foot_up=abs(float(np.diff(ankles_px)[0])) / max(pose.trunk_px, 1.0),
        places_px=places_px,
        trunk_px=pose.trunk_px,
    )


def is_trunk_seen(pose: PoseEstimate, size_px: tuple[int, int]) -> bool:
    """Tell whether shoulders, hips and knees are in the picture."""
    joints = [
        Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP,
        Joint.LEFT_KNEE, Joint.RIGHT_KNEE,
    ]  # fmt: skip
    return bool(pose.is_inside(size_px)[joints].all())


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


def _up_from(trunk: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the direction nearest to the picture's up that is square to the trunk."""
    up = np.array([0.0, -1.0, 0.0])
    return _unit(up - trunk * (up @ trunk))


def _foot(world: NDArray[np.float64], side: LegSide) -> NDArray[np.float64]:
    """Return the line from heel to toes."""
    if side is LegSide.LEFT:
        return _unit(world[Joint.LEFT_FOOT_INDEX] - world[Joint.LEFT_HEEL])
    return _unit(world[Joint.RIGHT_FOOT_INDEX] - world[Joint.RIGHT_HEEL])


def _legs_deg(world: NDArray[np.float64], up: NDArray[np.float64]) -> float:
    """Return how far the higher leg points above the trunk's line."""
    legs = [
        _unit(world[Joint.LEFT_ANKLE] - world[Joint.LEFT_HIP]),
        _unit(world[Joint.RIGHT_ANKLE] - world[Joint.RIGHT_HIP]),
    ]
    return max(_rise_deg(leg, up) for leg in legs)


def _unit(line: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(line))
    return line / length if length > 1e-6 else np.zeros(3)


def _rise_deg(line: NDArray[np.float64], against: NDArray[np.float64]) -> float:
    """Return how far a line rises towards another one, both of unit length."""
    return float(np.degrees(np.arcsin(np.clip(line @ against, -1.0, 1.0))))
