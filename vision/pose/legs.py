"""Whether somebody stands: on both feet, with straight legs, the trunk above them.

Side-on the far leg is half hidden and MediaPipe often bends or lifts it by mistake, so what
is asked of a leg depends on how surely it is seen. docs/MEASUREMENT.md tells on what the limits
were set, and what they refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import hinge_deg, lean_deg
from vision.pose.estimate import Joint, side_joints
from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: A standing leg: nearly straight, its thigh nearly upright.
KNEE_RANGE_DEG = (150.0, 210.0)
THIGH_LEAN_DEG = 30.0
#: Asked of every leg that is seen, since one good leg alone may belong to a step.
_SEEN_KNEE_RANGE_DEG = (145.0, 215.0)
_SEEN_THIGH_LEAN_DEG = 25.0
#: How far the trunk may lean against the legs; rendered people who stand reach 17.
HIP_BEND_DEG = 20.0
#: Ankles further apart than this along the picture, in leg lengths (0.24 m), belong to a step.
FEET_APART_LEGS = 0.28
#: A foot this much higher than the other, in leg lengths and in metres, is off the ground: the
#: first also grows with a camera that looks down, the second is only the estimator's idea.
FOOT_UP_LEGS = 0.25
_FOOT_UP_M = 0.12
#: A foot that points down, or up, by more stands on its toes, or is about to land.
FOOT_PITCH_DEG = 40.0
#: The sole of a foot that stands in a picture of good quality is flatter than this.
FLAT_PITCH_DEG = 18.0
#: Visibilities from which on a foot has a direction; a leg, or a height, is no guess; and a
#: steep foot is believed.
_SEEN = 0.5
_SURELY_SEEN = 0.7
_PLAINLY_SEEN = 0.9

_LEGS = [side_joints(side, "hip", "knee", "ankle") for side in Facing]
_FEET = [side_joints(side, "ankle", "heel", "foot_index") for side in Facing]


def has_standing_leg(pose: PoseEstimate, facing: Facing) -> bool:
    """Tell whether a leg is nearly straight and upright, from whichever side it is seen.

    Parameters
    ----------
    pose
        Landmarks with plumb lines upright.
    facing
        Which way the person looks.
    """
    sign = facing.front_sign
    return any(_is_straight(pose, leg, sign, KNEE_RANGE_DEG, THIGH_LEAN_DEG) for leg in _LEGS)


def is_standing(pose: PoseEstimate, facing: Facing, inside: NDArray[np.bool_]) -> bool:
    """Tell whether both feet are down and together, the knees straight and the trunk upright.

    Parameters
    ----------
    pose
        Landmarks of a side view, plumb lines upright.
    facing
        Which way the person looks.
    inside
        Shape (33,): whether each landmark was found inside the picture; feet outside are
        guesses and not looked at.
    """
    sign = facing.front_sign
    return (
        has_standing_leg(pose, facing)
        and all(
            _is_straight(pose, leg, sign, _SEEN_KNEE_RANGE_DEG, _SEEN_THIGH_LEAN_DEG)
            for leg in _seen_legs(pose)
        )
        and abs(hip_bend_deg(pose, sign)) <= HIP_BEND_DEG
        and are_feet_down(pose, inside)
    )


def are_feet_down(pose: PoseEstimate, inside: NDArray[np.bool_]) -> bool:
    """Tell whether, seen side-on, both feet are flat on the ground and near each other.

    Parameters
    ----------
    pose, inside
        As for :func:`is_standing`. Hips to ankles must be inside.
    """
    leg_px = leg_length_px(pose)
    left, right = (pose.xy_px[ankle] for ankle, *_ in _FEET)
    if abs(left[0] - right[0]) > FEET_APART_LEGS * leg_px:
        return False
    if not inside[np.ravel(_FEET)].all():
        return True
    is_any_steep = any(
        _pitch_deg(pose, foot) > FOOT_PITCH_DEG
        for foot in _FEET
        if pose.visibility[foot[0]] >= _PLAINLY_SEEN
    )
    return not (is_any_steep or _is_one_higher(pose, leg_px))


def has_flat_foot(pose: PoseEstimate) -> bool:
    """Tell whether the sole of a foot that is seen is level."""
    return any(
        _pitch_deg(pose, foot) <= FLAT_PITCH_DEG
        for foot in _FEET
        if pose.visibility[foot[0]] >= _SEEN
    )


def leg_length_px(pose: PoseEstimate) -> float:
    """Return the length of the leg that looks longer, hip to ankle along the knee, pixels."""
    return max(_length_px(pose, leg) for leg in _LEGS)


def hip_bend_deg(pose: PoseEstimate, sign: int) -> float:
    """Return how far the trunk leans against the legs, + = forward; camera roll cancels.

    Parameters
    ----------
    pose
        Landmarks.
    sign
        +1 for somebody who looks towards growing x, else -1.
    """
    ankles = pose.midpoint_px(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    trunk_deg = lean_deg(pose.mid_hip_px, pose.mid_shoulder_px, sign)
    return trunk_deg - lean_deg(ankles, pose.mid_hip_px, sign)


def _is_straight(
    pose: PoseEstimate,
    leg: Sequence[Joint],
    sign: int,
    knee_range_deg: tuple[float, float],
    thigh_lean_deg: float,
) -> bool:
    hip, knee, ankle = (pose.xy_px[joint] for joint in leg)
    straight = knee_range_deg[0] <= hinge_deg(hip, knee, ankle, sign) <= knee_range_deg[1]
    return straight and abs(lean_deg(knee, hip, sign)) <= thigh_lean_deg


def _seen_legs(pose: PoseEstimate) -> list[list[Joint]]:
    """Return the leg that is seen best, and the other one if it is no guess."""
    seen = [float(pose.visibility[leg[1:]].min()) for leg in _LEGS]
    return [
        leg
        for leg, how_well in zip(_LEGS, seen, strict=True)
        if how_well >= min(_SURELY_SEEN, max(seen))
    ]


def _length_px(pose: PoseEstimate, leg: Sequence[Joint]) -> float:
    hip, knee, ankle = (pose.xy_px[joint] for joint in leg)
    return float(np.hypot(*(hip - knee)) + np.hypot(*(knee - ankle)))


def _is_one_higher(pose: PoseEstimate, leg_px: float) -> bool:
    if any(pose.visibility[ankle] < _SURELY_SEEN for ankle, *_ in _FEET):
        return False
    apart_px = np.subtract(*(pose.xy_px[foot, 1].max() for foot in _FEET))
    apart_m = np.subtract(*(pose.world_m[foot, 1].max() for foot in _FEET))
    return bool(abs(apart_px) > FOOT_UP_LEGS * leg_px and abs(apart_m) > _FOOT_UP_M)


def _pitch_deg(pose: PoseEstimate, foot: Sequence[Joint]) -> float:
    """Return how steep the line from heel to toe is, 0..90."""
    _, heel, toe = foot
    ahead, down = np.abs(pose.xy_px[toe] - pose.xy_px[heel])
    return float(np.degrees(np.arctan2(down, ahead)))
