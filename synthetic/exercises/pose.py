"""Positions of the exercises, so that each asked angle comes out as asked, and of other moves.

Whoever lies has the head towards +y and the feet towards -y; on the back the left side is
towards +x. The shoulders stay above the origin; the floor is z = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.pose import Matrix, Vector, about_axis, about_x, about_z, connect, unit
from synthetic.exercises.limbs import (
    SIDES,
    SIGNS,
    Arm,
    Leg,
    Shape,
    Trunk,
    middle,
    posed_skeleton,
    trunk_span,
    trunk_turns,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from synthetic.body.pose import Skeleton

_UP = np.array([0.0, 0.0, 1.0])
_ALONG = np.array([0.0, 1.0, 0.0])
#: Flesh gives way under a lying body, on its back and on its side.
_PRESSED_M, _PRESSED_ASIDE_M = 0.015, 0.025
#: When the hips rise, the chest turns less than the line from shoulders to hips.
_CHEST_SHARE = 0.7
#: On the side, shoulders are wider than hips, so the spine bends to the upper side.
_CHEST_UP_DEG, _HEAD_DOWN_DEG = 16.0, 26.0
#: How far the knees are open for sit-ups.
_SIT_UP_KNEES_DEG = 100.0


@dataclass(frozen=True, slots=True)
class Bridge:
    """Somebody on their back, feet flat on the floor.

    Attributes
    ----------
    hip_deg
        Angle of shoulder, hip and knee seen from the side; 180 = straight, more = the hip
        is above the straight line. For one leg, that of the standing leg.
    knee_deg
        How far the knees are open when the hips are straight: it says where the feet stand.
    free
        ``L`` or ``R``: the leg that is stretched out; None for both feet on the floor.
    free_up_deg
        How far the free thigh points above the standing one.
    roll_deg
        How far the pelvis hangs down on the side of the free leg.
    """

    hip_deg: float
    knee_deg: float = 105.0
    free: str | None = None
    free_up_deg: float = 0.0
    roll_deg: float = 0.0


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


def resting_m(shape: Shape) -> tuple[float, float]:
    """Return how far shoulder and hip joints are above the floor for somebody on their back."""
    y = shape.vertices[:, 1]
    weights, bones = shape.model.weights, shape.model.bones
    upper = weights[:, [bones["spine01"], bones["clavicle.L"], bones["shoulder01.L"]]].sum(1) > 0.4
    lower = weights[:, [bones["root"], bones["upperleg01.L"]]].sum(1) > 0.5
    shoulder = float(y[upper].max()) - float(shape.head("upperarm01.L")[1])
    hip = float(y[lower].max()) - float(shape.head("upperleg01.L")[1])
    return shoulder - _PRESSED_M, hip - _PRESSED_M


def _head_m(shape: Shape, trunk: Trunk) -> float:
    """Return the height of the head's bone when the shoulders lie on the floor."""
    model = shape.model
    heads = connect(model, shape.heads, trunk_turns(trunk), np.zeros(3)).heads
    above = heads[model.bones["head"]] - middle(model, heads, "upperarm01")
    return float(above[2]) + resting_m(shape)[0]


def lying_trunk(shape: Shape, rise_deg: float) -> Trunk:
    """Return a trunk whose line from shoulders to hips rises by exactly an angle."""
    pelvis_deg, chest_deg = rise_deg, _CHEST_SHARE * rise_deg
    for _ in range(3):
        trunk = Trunk(about_x(-90 - pelvis_deg), about_x(-90 - chest_deg), about_x(-90))
        span = trunk_span(shape, trunk)
        error_deg = rise_deg - math.degrees(math.atan2(-span[2], span[1]))
        pelvis_deg += error_deg
        chest_deg += _CHEST_SHARE * error_deg

    def nodded(back_deg: float) -> Trunk:
        return Trunk(trunk.pelvis, trunk.chest, about_x(-90 - back_deg))

    def sunk_m(back_deg: float) -> float:
        return -_head_m(shape, nodded(back_deg))

    # How far the head's bone is above the floor on which the head lies.
    head = shape.model.weights[:, shape.model.bones["head"]] > 0.7
    depth_m = float(shape.vertices[head, 1].max()) - float(shape.head("head")[1])
    return nodded(_solved(sunk_m, -depth_m, 0.0, 1e-3))


def angle_deg(start: Vector, corner: Vector, end: Vector, up: Vector) -> float:
    """Return the angle at a corner; above 180 where the corner lies on the side of ``up``."""
    first, second = start - corner, end - corner
    cosine = float(first @ second) / float(np.linalg.norm(first) * np.linalg.norm(second))
    angle = math.degrees(math.acos(np.clip(cosine, -1, 1)))
    inward = first / np.linalg.norm(first) + second / np.linalg.norm(second)
    return 360 - angle if float(inward @ up) < 0 else angle


@lru_cache(maxsize=64)
def hip_middle_m(shape: Shape) -> float:
    """Return how far behind the hip joints the middle of the body is; negative = ahead of them.

    The body model has the hips of men 2 to 3 cm behind the middle. Who looks from the side,
    and MediaPipe too, takes the middle for the hip.
    """
    bones, height_m = shape.model.bones, float(shape.head("upperleg01.L")[2])
    weights = shape.model.weights[:, [bones["root"], bones["upperleg01.L"]]].sum(1)
    around = (weights > 0.3) & (np.abs(shape.vertices[:, 2] - height_m) < 0.03)
    y = shape.vertices[around, 1]
    return float(y.min() + y.max()) / 2 - float(shape.head("upperleg01.L")[1])


def sagittal_deg(shape: Shape, skeleton: Skeleton, sides: str = "LR") -> tuple[float, float]:
    """Return the angles of hip and knee of a body on its back, seen exactly from the side.

    The hip is the middle of the body at the height of the joint, see :func:`hip_middle_m`.
    """
    to_middle = skeleton.turns[0] @ np.array([0.0, hip_middle_m(shape), 0.0])

    def seen(bone: str) -> Vector:
        at = middle(shape.model, skeleton.heads, bone)
        if bone != "upperarm01" and len(sides) == 1:
            at = skeleton.heads[shape.model.bones[f"{bone}.{sides}"]].copy()
        at[0] = 0.0
        return at

    shoulder, hip, knee, ankle = (
        seen(bone) for bone in ("upperarm01", "upperleg01", "lowerleg01", "foot")
    )
    return angle_deg(shoulder, hip + to_middle, knee, _UP), angle_deg(
        hip, knee, ankle, np.array([0, 1.0, -1])
    )


@lru_cache(maxsize=64)
def foot_distance_m(shape: Shape, knee_deg: float) -> float:
    """Return how far from the shoulders feet stand whose knees are open so far at the top."""
    upper, lower = shape.lengths_m("L")
    trunk = float(np.linalg.norm(trunk_span(shape, lying_trunk(shape, 25.0))))
    from_m, ankle_m = resting_m(shape)[0], shape.ankle_m
    # With the middle of the body in line, the joint itself lies a little beneath the line.
    ahead_m = -hip_middle_m(shape)
    bend = math.atan(ahead_m / trunk) + math.atan(ahead_m / upper)
    low, high = 0.0, 80.0
    for _ in range(40):
        rise = math.radians(low + high) / 2
        shin = rise + bend - math.radians(180 - knee_deg)
        thigh_m = upper * math.sin(rise + bend)
        end = from_m + trunk * math.sin(rise) + thigh_m + lower * math.sin(shin)
        low, high = (math.degrees(rise), high) if end < ankle_m else (low, math.degrees(rise))
    return trunk * math.cos(rise) + upper * math.cos(rise + bend) + lower * math.cos(shin)


def _bent_leg(sign: float, ankle: Vector) -> Leg:
    """Return a leg with its foot flat on the floor, whose knee points up."""
    return Leg(np.array([sign * 0.1, -0.3, 1.0]), ankle, foot=about_z(sign * -4.0))


def _bridge_at(shape: Shape, bridge: Bridge, rise_deg: float) -> Skeleton:
    """Return the bridge whose trunk rises by an angle."""
    towards = {None: 0.0, "L": 1.0, "R": -1.0}[bridge.free]
    trunk = lying_trunk(shape, rise_deg)
    if towards:
        tip = about_axis(_ALONG, towards * bridge.roll_deg)
        trunk = Trunk(tip @ trunk.pelvis, trunk.chest, trunk.head)
    shoulders = np.array([0.0, 0.0, resting_m(shape)[0]])
    hips = shoulders - trunk_span(shape, trunk)
    feet_m = foot_distance_m(shape, bridge.knee_deg)
    legs = []
    for side, sign in zip(SIDES, SIGNS, strict=True):
        across = sign * abs(float(shape.head(f"upperleg01.{side}")[0])) * 1.15
        ankle = np.array([across, -feet_m, shape.ankle_m])
        legs.append(_bent_leg(sign, ankle))
    aside_m, along_m = shape.half_m("upperarm01") + 0.17, shoulders[1] - 0.44
    arms = [
        Arm(np.array([sign * aside_m, along_m, 0.05]), np.array([sign, 0.3, -0.35]))
        for sign in SIGNS
    ]
    skeleton = posed_skeleton(shape, trunk, hips, legs, arms)
    if bridge.free is None:
        return skeleton
    bones = shape.model.bones
    standing = "R" if bridge.free == "L" else "L"
    hip, knee = (bones[f"{bone}.{standing}"] for bone in ("upperleg01", "lowerleg01"))
    thigh = (skeleton.heads[knee] - skeleton.heads[hip]) * np.array([-1.0, 1.0, 1.0])
    thigh = about_x(-bridge.free_up_deg) @ thigh
    legs[SIDES.index(bridge.free)] = Leg(_UP, thigh=thigh, shin=thigh)
    return posed_skeleton(shape, trunk, hips, legs, arms)


def _solved(
    value_of: Callable[[float], float], wanted: float, first: float, close: float = 0.02
) -> float:
    """Return where a smooth rising function has a value, by the secant method."""
    low, high = first, first + 4.0
    at_low, at_high = value_of(low), value_of(high)
    for _ in range(8):
        if abs(at_high - wanted) < close or at_high == at_low:
            break
        step = (wanted - at_high) * (high - low) / (at_high - at_low)
        low, at_low = high, at_high
        high += float(np.clip(step, -15, 15))
        at_high = value_of(high)
    return high


def bridge_skeleton(shape: Shape, bridge: Bridge) -> Skeleton:
    """Return somebody in a bridge."""
    standing = {None: "LR", "L": "R", "R": "L"}[bridge.free]

    def hip_of(rise_deg: float) -> float:
        return sagittal_deg(shape, _bridge_at(shape, bridge, rise_deg), standing)[0]

    guess_deg = 28.0 * (bridge.hip_deg - 130.0) / 50.0
    return _bridge_at(shape, bridge, _solved(hip_of, bridge.hip_deg, guess_deg))


@lru_cache(maxsize=64)
def resting_hip_deg(shape: Shape, knee_deg: float) -> float:
    """Return the hip's angle with the buttocks on the floor."""
    shoulder_m, hip_m = resting_m(shape)
    trunk_m = float(np.linalg.norm(shape.head("upperarm01.L") - shape.head("upperleg01.L")))
    rise_deg = math.degrees(math.asin((hip_m - shoulder_m) / trunk_m))
    return sagittal_deg(shape, _bridge_at(shape, Bridge(0.0, knee_deg), rise_deg))[0]


def _leg_parts(turn: Matrix, out_deg: float, ahead_deg: float) -> tuple[Vector, Vector]:
    """Return the direction of a thigh, and of its kneecap, in a turned trunk.

    It goes out to the trunk's own left, then ahead within the plane which that leaves.
    """
    out, ahead = math.radians(out_deg), math.radians(ahead_deg)
    thigh = np.array(
        [math.sin(out), -math.cos(out) * math.sin(ahead), -math.cos(out) * math.cos(ahead)]
    )
    return turn @ thigh, turn @ np.array([0.0, -math.cos(ahead), math.sin(ahead)])


def side_skeleton(shape: Shape, lying: SideLying) -> Skeleton:
    """Return somebody on their side; the front is towards -x with the left side up, else +x."""
    up = 1.0 if lying.top == "L" else -1.0
    level = about_axis(_ALONG, -90.0 * up) @ about_x(-90.0)
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
        - _PRESSED_ASIDE_M
        + shape.half_m("upperleg01") * (math.cos(math.radians(lying.roll_deg)) - 1)
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
    around = np.abs(z - float(shape.head("upperleg01.L")[2])) < 0.06
    legs = shape.model.weights[:, [shape.model.bones["root"], shape.model.bones["upperleg01.L"]]]
    chosen = around & (legs.sum(1) > 0.4)
    return float(shape.vertices[chosen, 0].max())


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
    feet, bones = bridge_skeleton(shape, Bridge(150.0, _SIT_UP_KNEES_DEG)), shape.model.bones
    legs = [
        _bent_leg(sign, feet.heads[bones[f"foot.{side}"]])
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
