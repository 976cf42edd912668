"""A body on its side: how far the upper leg is lifted, and where it points.

Seen from the front or obliquely from the feet. The angles are taken in space, about the
pelvis: in the picture a leg that points half towards the camera looks lifted twice as far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.body import joints_of
from vision.coach.events import LegSide
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate


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
    lower = LegSide.RIGHT if upper is LegSide.LEFT else LegSide.LEFT
    world = pose.world_m.astype(np.float64)
    shoulder, hip, knee, ankle = (world[joint] for joint in joints_of(upper))
    other_shoulder, other_hip, _, _ = (world[joint] for joint in joints_of(lower))
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
    ankles_px = pose.xy_px[[joints_of(upper)[3], joints_of(lower)[3]], 1]
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


def is_seen(pose: PoseEstimate, size_px: tuple[int, int]) -> bool:
    """Tell whether shoulders, hips and knees are in the picture."""
    joints = [
        Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP,
        Joint.LEFT_KNEE, Joint.RIGHT_KNEE,
    ]  # fmt: skip
    return bool(pose.is_inside(size_px)[joints].all())


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
