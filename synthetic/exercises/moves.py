"""Other things that people do in front of a camera, none of them an exercise that is counted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.rotations import Vector, about_axis, about_x, about_z
from synthetic.exercises.limbs import (
    SIDES,
    SIGNS,
    Arm,
    Leg,
    Shape,
    Trunk,
    posed_skeleton,
    trunk_span,
)
from synthetic.exercises.pose import Bridge, bent_leg, bridge_skeleton, lying_trunk, resting_m

if TYPE_CHECKING:
    from synthetic.body.pose import Skeleton

_ALONG = np.array([0.0, 1.0, 0.0])
_KNEES_DEG = 100.0


def _hanging(shape: Shape, trunk: Trunk, hips: Vector, ahead_m: tuple[float, float]) -> list[Arm]:
    """Return arms that hang, each hand so far ahead of its shoulder."""
    shoulders = hips + trunk_span(shape, trunk)
    half_m = shape.half_m("upperarm01")
    arms = []
    for sign, ahead in zip(SIGNS, ahead_m, strict=True):
        hand = shoulders + np.array([sign * (half_m + 0.06), -ahead, -0.46 + 0.4 * abs(ahead)])
        arms.append(Arm(hand, np.array([sign * 0.4, 1.0, 0.0])))
    return arms


def _upright_leg(sign: float, ankle: Vector, out: float = 0.1) -> Leg:
    return Leg(np.array([sign * out, -1.0, 0.0]), ankle, foot=about_z(sign * -2.0))


def squat_skeleton(shape: Shape, depth: float) -> Skeleton:
    """Return somebody between standing (0) and sitting on a low stool (1); the front is -y."""
    lean = 42.0 * math.sin(math.pi * min(depth, 1.0) * 0.62)
    trunk = Trunk(about_x(lean * 0.9), about_x(lean), about_x(0.4 * lean))
    foot_m = shape.ankle_m
    height_m = foot_m + sum(shape.lengths_m("L")) * (0.985 - 0.43 * depth)
    hips = np.array([0.0, 0.05 + 0.30 * depth, height_m])
    legs = [_upright_leg(sign, np.array([sign * 0.13, 0.0, foot_m]), 0.15) for sign in SIGNS]
    arms = _hanging(shape, trunk, hips, (0.05 + 0.4 * depth, 0.05 + 0.4 * depth))
    return posed_skeleton(shape, trunk, hips, legs, arms)


def walking_skeleton(shape: Shape, stride: float, knees_up: float = 0.0) -> Skeleton:
    """Return somebody who walks or marches.

    Parameters
    ----------
    stride
        -1..1: how far the left foot is ahead of the right.
    knees_up
        How far the leg that comes forward is lifted, 0..1.
    """
    trunk = Trunk(about_x(2.0), about_x(3.0), about_x(4.0))
    foot_m = shape.ankle_m
    reach_m = 0.3 * (1 - knees_up)
    hips = np.array([0.0, 0.0, foot_m + sum(shape.lengths_m("L")) * (0.985 - 0.03 * abs(stride))])
    legs = []
    for sign in SIGNS:
        ahead = sign * stride
        lift = knees_up * 0.38 * max(ahead, 0.0)
        ankle = np.array(
            [sign * 0.1, -reach_m * ahead - 0.2 * lift, foot_m + lift + 0.06 * max(-ahead, 0.0)]
        )
        legs.append(_upright_leg(sign, ankle))
    arms = _hanging(shape, trunk, hips, (-0.2 * stride, 0.2 * stride))
    return posed_skeleton(shape, trunk, hips, legs, arms)


def _on_back(shape: Shape) -> tuple[Trunk, Vector, Vector]:
    """Return trunk, shoulders and hips of somebody flat on their back."""
    trunk, (shoulder_m, hip_m) = lying_trunk(shape, 2.0), resting_m(shape)
    shoulders = np.array([0.0, 0.0, shoulder_m])
    hips = shoulders - trunk_span(shape, trunk)
    hips[2] = hip_m
    return trunk, shoulders, hips


def lying_skeleton(
    shape: Shape, *, legs_up_deg: tuple[float, float] = (0.0, 0.0), arms_up: float = 0.0
) -> Skeleton:
    """Return somebody flat on their back with straight legs.

    Parameters
    ----------
    legs_up_deg
        How far each straight leg is raised, left and right.
    arms_up
        0 = arms beside the body, 1 = stretched up over the face.
    """
    trunk, shoulders, hips = _on_back(shape)
    legs = []
    for sign, up_deg in zip(SIGNS, legs_up_deg, strict=True):
        up = math.radians(up_deg)
        thigh = np.array([sign * 0.04, -math.cos(up), math.sin(up)])
        pole = np.array([0.0, math.sin(up), math.cos(up)])
        legs.append(Leg(pole, thigh=thigh, shin=thigh))
    half_m = shape.half_m("upperarm01")
    swing = math.radians(100.0 * arms_up)
    ahead_m, up_m = -0.46 * math.cos(swing), 0.46 * math.sin(swing) - 0.03
    arms = []
    for sign in SIGNS:
        hand = shoulders + np.array([sign * (half_m + 0.12), ahead_m, up_m])
        arms.append(Arm(hand, np.array([sign, 0.2, -0.3])))
    return posed_skeleton(shape, trunk, hips, legs, arms)


def sit_up_skeleton(shape: Shape, share: float) -> Skeleton:
    """Return somebody between lying with bent knees (0) and sitting up (1)."""
    trunk = Trunk(about_x(-90 + 62 * share), about_x(-90 + 88 * share), about_x(-90 + 92 * share))
    _, _, hips = _on_back(shape)
    feet, bones = bridge_skeleton(shape, Bridge(150.0, _KNEES_DEG)), shape.model.bones
    legs = [
        bent_leg(sign, feet.heads[bones[f"foot.{side}"]])
        for side, sign in zip(SIDES, SIGNS, strict=True)
    ]
    shoulders = hips + trunk_span(shape, trunk)
    ahead_m, up_m = -0.36 * (0.4 + 0.6 * share), 0.16 - 0.1 * share
    arms = [
        Arm(shoulders + np.array([sign * 0.10, ahead_m, up_m]), np.array([sign, 0.3, -0.3]))
        for sign in SIGNS
    ]
    return posed_skeleton(shape, trunk, hips, legs, arms)


def rolling_skeleton(shape: Shape, turn_deg: float) -> Skeleton:
    """Return somebody who rolls over with straight legs: 0 = on the back, 90 = left side up."""
    flat = lying_skeleton(shape)
    turn = about_axis(_ALONG, -turn_deg)
    rise_m = 0.09 * math.sin(math.radians(min(abs(turn_deg), 180.0)))
    pivot = np.array([0.0, 0.0, resting_m(shape)[1]])
    heads = (flat.heads - pivot) @ turn.T + pivot + np.array([0.0, 0.0, rise_m])
    return replace(flat, turns=turn @ flat.turns, heads=heads)


def standing_skeleton(shape: Shape, tilt_deg: float) -> Skeleton:
    """Return somebody upright with hands on the hips.

    Parameters
    ----------
    tilt_deg
        How far the pelvis is turned from the unposed body; negative = backward.
    """
    trunk = Trunk(about_x(tilt_deg), about_x(1.0), about_x(2.0))
    foot_m = shape.ankle_m
    hips = np.array([0.0, 0.02, foot_m + sum(shape.lengths_m("L")) * 0.993])
    half_m = shape.half_m("upperleg01")
    legs, arms = [], []
    for sign in SIGNS:
        ankle = np.array([sign * half_m * 1.25, 0.0, foot_m])
        legs.append(_upright_leg(sign, ankle))
        hand = hips + np.array([sign * (half_m + 0.115), -0.03, 0.17])
        arms.append(Arm(hand, np.array([sign, 0.7, 0.0])))
    return posed_skeleton(shape, trunk, hips, legs, arms)
