"""Lying on the side with the upper leg lifted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.pose import Matrix, Vector, about_axis, about_x, unit
from synthetic.exercises.limbs import Arm, Leg, Shape, Trunk, posed_skeleton, trunk_span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.pose import Skeleton

_ALONG = np.array([0.0, 1.0, 0.0])
#: Flesh gives way under a lying body.
_PRESSED_M = 0.025
#: Shoulders are wider than hips, so the spine bends to the upper side.
_CHEST_UP_DEG = 16.0
_HEAD_DOWN_DEG = 26.0


@dataclass(frozen=True, slots=True)
class SideLying:
    """Somebody on their side, one thigh lifted.

    Attributes
    ----------
    lift_deg
        Angle between the thighs, in the plane of the trunk.
    top
        ``L`` or ``R``: the upper side.
    forward_deg
        How far the lifted thigh is ahead of the trunk; negative = behind it.
    roll_deg
        How far pelvis and trunk have rolled backward.
    lower_hip_deg, lower_knee_deg
        How far hip and knee of the lower leg are bent.
    """

    lift_deg: float
    top: str = "L"
    forward_deg: float = -3.0
    roll_deg: float = 0.0
    lower_hip_deg: float = 0.0
    lower_knee_deg: float = 0.0


def _lying(side_up: float) -> Matrix:
    """Return the turn of a body that lies on its side, the left one up for 1, else -1."""
    return about_axis(_ALONG, -90.0 * side_up) @ about_x(-90.0)


def _leg_parts(turn: Matrix, out_deg: float, ahead_deg: float) -> tuple[Vector, Vector]:
    """Return the direction of a thigh, and of its kneecap, in a turned trunk.

    Parameters
    ----------
    out_deg
        Towards the trunk's own left.
    ahead_deg
        Towards its front, within the plane that ``out_deg`` leaves.
    """
    out, ahead = math.radians(out_deg), math.radians(ahead_deg)
    thigh = np.array(
        [math.sin(out), -math.cos(out) * math.sin(ahead), -math.cos(out) * math.cos(ahead)]
    )
    return turn @ thigh, turn @ np.array([0.0, -math.cos(ahead), math.sin(ahead)])


def lifted_deg(shape: Shape, skeleton: Skeleton, top: str) -> float:
    """Return the angle between the thighs, seen straight from the front of an unrolled body."""
    bones, heads = shape.model.bones, skeleton.heads
    low = "R" if top == "L" else "L"
    up, down = (
        heads[bones[f"lowerleg01.{side}"]] - heads[bones[f"upperleg01.{side}"]]
        for side in (top, low)
    )
    return math.degrees(math.atan2(up[2], -up[1]) - math.atan2(down[2], -down[1]))


def forward_deg(shape: Shape, skeleton: Skeleton, top: str) -> float:
    """Return how far the lifted thigh is ahead of the trunk's line, seen from above."""
    bones, heads = shape.model.bones, skeleton.heads
    thigh = heads[bones[f"lowerleg01.{top}"]] - heads[bones[f"upperleg01.{top}"]]
    side_up = 1.0 if top == "L" else -1.0
    return math.degrees(math.atan2(-side_up * thigh[0], -thigh[1]))


def side_skeleton(shape: Shape, lying: SideLying) -> Skeleton:
    """Return somebody on their side; the front is towards -x with the left side up, else +x."""
    up = 1.0 if lying.top == "L" else -1.0
    level = _lying(up)
    # Rolling backward takes the upper side away from the front.
    rolled = about_axis(_ALONG, up * lying.roll_deg) @ level
    chest = about_x(_CHEST_UP_DEG) @ about_axis(_ALONG, 0.7 * up * lying.roll_deg) @ level
    front = level @ np.array([0.0, -1.0, 0.0])
    trunk = Trunk(rolled, chest, about_x(-_HEAD_DOWN_DEG) @ level)
    thigh, knee = _leg_parts(level, up * lying.lift_deg, lying.forward_deg)
    # The leg turns outward with the pelvis: the kneecap then points upward.
    knee = about_axis(unit(thigh), -up * 0.8 * lying.roll_deg) @ knee
    lifted = Leg(knee, thigh=thigh, shin=thigh)
    low_thigh, low_knee = _leg_parts(level, 0.0, lying.lower_hip_deg)
    shin, _ = _leg_parts(level, 0.0, lying.lower_hip_deg - lying.lower_knee_deg)
    lower = Leg(low_knee, thigh=low_thigh, shin=shin)
    hip_m = (
        _half_width_m(shape)
        - _PRESSED_M
        + abs(float(shape.head("upperleg01.L")[0])) * (math.cos(math.radians(lying.roll_deg)) - 1)
    )
    trunk_m = float(np.linalg.norm(shape.head("upperarm01.L") - shape.head("upperleg01.L")))
    hips = np.array([0.0, -trunk_m, hip_m])
    legs = (lifted, lower) if up > 0 else (lower, lifted)
    shoulders = hips + trunk_span(shape, trunk)
    # The head rests on the lower arm, which is stretched out on the floor.
    under = Arm(np.array([front[0] * 0.02, shoulders[1] + 0.46, 0.03]), front - 0.2 * _ALONG)
    over = Arm(np.array([front[0] * 0.30, -0.12, 0.05]), front * 0.4 + np.array([0.0, -0.6, 0.8]))
    arms = (over, under) if up > 0 else (under, over)
    return posed_skeleton(shape, trunk, hips, legs, arms)


def _half_width_m(shape: Shape) -> float:
    """Return the half width of the hips."""
    z = shape.vertices[:, 2]
    around: NDArray[np.bool_] = np.abs(z - float(shape.head("upperleg01.L")[2])) < 0.06
    legs = shape.model.weights[:, [shape.model.bones["root"], shape.model.bones["upperleg01.L"]]]
    chosen = around & (legs.sum(1) > 0.4)
    return float(shape.vertices[chosen, 0].max())
