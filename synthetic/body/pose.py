"""Posing: pelvis, spine and legs so that each drawn number comes out as drawn, and arms.

Limbs are placed by two-bone inverse kinematics, so that they fit every build. Axes are
right-handed, vectors are columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from synthetic.body.model import BodyModel, Flesh

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_SIDES = {"L": 1.0, "R": -1.0}
#: How the correction for the drawn trunk lean is spread over the spine, pelvis to chest.
_SPINE = ("spine04", "spine03", "spine02", "spine01")
_LEAN_SHARES = (0.6, 0.85, 1.0, 1.0)
#: Share of the pelvic turn that each spine bone keeps: the turn fades out over three joints.
_TILT_SHARES = (2 / 3, 1 / 3, 0.0, 0.0)
_LORDOSIS_SHARES = (0.55, 0.1, -0.5, -0.25)
_KYPHOSIS_SHARES = (0.0, -0.2, -0.55, 0.55)


class ArmPose(StrEnum):
    """Where the arms are."""

    COLLAR_BONES = "collar_bones"
    FORWARD = "forward"
    HANGING = "hanging"
    CROSSED = "crossed"
    BELLY = "belly"


#: How far the fingers are curled at each joint, degrees.
_FINGER_CURL_DEG = {
    ArmPose.COLLAR_BONES: 70.0,
    ArmPose.FORWARD: 12.0,
    ArmPose.HANGING: 22.0,
    ArmPose.CROSSED: 25.0,
    ArmPose.BELLY: 15.0,
}


@dataclass(frozen=True, slots=True)
class Stance:
    """How a body stands, apart from its pelvis and arms.

    Attributes
    ----------
    trunk_lean_deg
        Mid-hip to mid-shoulder against vertical; + = forward.
    hip_sway_percent
        Hip joints ahead of the ankles, % of leg length; + = forward.
    knee_bend_deg
        Added to the straight leg; + = bent, - = hyperextended.
    lordosis_deg, kyphosis_deg
        Extra lumbar hollow and thoracic rounding, independent of the pelvis; the lean stays.
    head_forward_deg
        Neck against vertical; + = head ahead of the shoulders.
    stagger_m
        How far the left foot is ahead of the right.
    stance_m
        Distance between the ankles from side to side.
    toe_out_deg
        Each foot turned outwards.
    shoulder_turn_deg
        Shoulders turned against the pelvis; + = the left shoulder goes back.
    """

    trunk_lean_deg: float = 0.0
    hip_sway_percent: float = 2.0
    knee_bend_deg: float = 0.0
    lordosis_deg: float = 0.0
    kyphosis_deg: float = 0.0
    head_forward_deg: float = 15.0
    stagger_m: float = 0.0
    stance_m: float = 0.2
    toe_out_deg: float = 5.0
    shoulder_turn_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Posed bones of one body, metres.

    Attributes
    ----------
    rest
        Shape (J, 3): where each bone begins in the unposed body.
    turns
        Shape (J, 3, 3): rotation of each bone from its unposed direction.
    heads
        Shape (J, 3): where each bone begins in the posed body.
    """

    rest: NDArray[np.float64]
    turns: NDArray[np.float64]
    heads: NDArray[np.float64]

    def skin(
        self, model: BodyModel, vertices: NDArray[np.float32], flesh: Flesh | None = None
    ) -> NDArray[np.float32]:
        """Return the posed vertices, shape (V, 3), m; ``flesh`` None is the usual one."""
        shift = self.heads - np.einsum("jab,jb->ja", self.turns, self.rest)
        bones = np.concatenate([self.turns, shift[:, :, None]], axis=2).astype(np.float32)
        bones = bones.reshape(-1, 12)
        if flesh is None:
            blend = (model.weights @ bones).reshape(-1, 3, 4)
        else:
            band = (flesh.follows(model.default_rest) * model.bound)[:, None]
            own, pelvis = model.own_weights @ bones, bones[model.bones["root"]]
            blend = ((1 - band) * own + band * pelvis).reshape(-1, 3, 4)
        skinned: NDArray[np.float32] = (
            np.einsum("vab,vb->va", blend[:, :, :3], vertices) + blend[:, :, 3]
        )
        return skinned


def about_x(angle_deg: float) -> Matrix:
    """Return the rotation about x; positive takes a body's top forward (y is its back)."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def about_z(angle_deg: float) -> Matrix:
    """Return the rotation about z; positive is counter-clockwise seen from above."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def about_axis(axis: Vector, angle_deg: float) -> Matrix:
    """Return the rotation about a unit vector (Rodrigues' formula)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = math.radians(angle_deg)
    rotation: Matrix = np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross
    return rotation


def unit(vector: Vector) -> Vector:
    """Return a vector of length one."""
    result: Vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result


def frame(along: Vector, normal: Vector) -> Matrix:
    """Return orthonormal columns: along, the normal made orthogonal to it, their product."""
    first = unit(along)
    second = unit(normal - first * float(first @ normal))
    return np.stack([first, second, np.cross(first, second)], axis=1)


def hinge(start: Vector, end: Vector, upper_m: float, lower_m: float, pole: Vector) -> Vector:
    """Return where the middle joint of a two-bone limb is.

    Parameters
    ----------
    start, end
        The limb's ends; they must not be further apart than both bones together.
    upper_m, lower_m
        Lengths of the bones.
    pole
        Direction towards which the middle joint points.
    """
    span = end - start
    distance = float(np.linalg.norm(span))
    along = (upper_m**2 - lower_m**2 + distance**2) / (2 * distance)
    off = math.sqrt(max(upper_m**2 - along**2, 0.0))
    direction = span / distance
    sideways = unit(pole - direction * float(direction @ pole))
    middle: Vector = start + direction * along + sideways * off
    return middle


def connect(
    model: BodyModel, rest: NDArray[np.float64], turns: dict[str, Matrix], root: Vector
) -> Skeleton:
    """Return the skeleton whose named bones have the given rotations; others follow."""
    count = len(rest)
    by_index = {model.bones[name]: turn for name, turn in turns.items()}
    all_turns = np.empty((count, 3, 3))
    heads = np.empty((count, 3))
    for bone in range(count):
        parent = model.parents[bone]
        if parent < 0:
            all_turns[bone], heads[bone] = by_index.get(bone, np.eye(3)), root
            continue
        all_turns[bone] = by_index.get(bone, all_turns[parent])
        heads[bone] = heads[parent] + all_turns[parent] @ (rest[bone] - rest[parent])
    return Skeleton(rest, all_turns, heads)


def _spine_turns(stance: Stance, pelvis_deg: float, lean_deg: float) -> dict[str, Matrix]:
    turns = {"root": about_x(pelvis_deg), "spine05": about_x(pelvis_deg)}
    for index, bone in enumerate(_SPINE):
        angle = (
            _TILT_SHARES[index] * pelvis_deg
            + _LORDOSIS_SHARES[index] * stance.lordosis_deg
            + _KYPHOSIS_SHARES[index] * stance.kyphosis_deg
            + _LEAN_SHARES[index] * lean_deg
        )
        twist = stance.shoulder_turn_deg * (0.4, 0.7, 0.9, 1.0)[index]
        turns[bone] = about_z(twist) @ about_x(angle)
    neck = stance.head_forward_deg - 12.0
    half_twist = about_z(stance.shoulder_turn_deg * 0.5)
    turns["neck01"] = half_twist @ about_x(neck + 0.3 * stance.kyphosis_deg)
    turns["neck02"] = half_twist @ about_x(neck)
    turns["neck03"] = about_x(0.7 * neck)
    turns["head"] = about_x(0.1 * neck)
    return turns


def _mean_head(model: BodyModel, heads: NDArray[np.float64], name: str) -> Vector:
    middle: Vector = (heads[model.bones[f"{name}.L"]] + heads[model.bones[f"{name}.R"]]) / 2
    return middle


def spine_turns(
    model: BodyModel, rest: NDArray[np.float64], stance: Stance, pelvis_deg: float
) -> dict[str, Matrix]:
    """Return rotations of pelvis, spine and head that give exactly the drawn trunk lean.

    Parameters
    ----------
    pelvis_deg
        Turn of the pelvis from the unposed body; + = anterior.
    """

    def lean_of(correction_deg: float) -> float:
        turns = _spine_turns(stance, pelvis_deg, correction_deg)
        heads = connect(model, rest, turns, rest[0]).heads
        span = _mean_head(model, heads, "upperarm01") - _mean_head(model, heads, "upperleg01")
        return math.degrees(math.atan2(-span[1], span[2]))

    low, high = 0.0, 5.0
    lean_low, lean_high = lean_of(low), lean_of(high)
    for _ in range(2):
        slope = (lean_high - lean_low) / (high - low)
        low, lean_low = high, lean_high
        high += (stance.trunk_lean_deg - lean_high) / slope
        lean_high = lean_of(high)
        if abs(lean_high - stance.trunk_lean_deg) < 0.01:
            break
    return _spine_turns(stance, pelvis_deg, high)


def _bent(
    rest_parts: tuple[Vector, Vector], start: Vector, end: Vector, pole: Vector
) -> tuple[Matrix, Matrix]:
    """Return how both bones of a limb turn from their unposed directions to span two ends."""
    upper_m, lower_m = (float(np.linalg.norm(part)) for part in rest_parts)
    middle = hinge(start, end, upper_m, lower_m, pole)
    normal, rest_normal = np.cross(middle - start, end - middle), np.cross(*rest_parts)
    return (
        frame(middle - start, normal) @ frame(rest_parts[0], rest_normal).T,
        frame(end - middle, normal) @ frame(rest_parts[1], rest_normal).T,
    )


def leg_turns(model: BodyModel, skeleton: Skeleton, stance: Stance) -> dict[str, Matrix]:
    """Return rotations of the legs: drawn sway, stagger and knees, both feet level.

    The leg that has to reach further keeps the drawn knee bend; the other bends to fit.
    """
    hips, across, parts, heights = {}, {}, {}, []
    for side, sign in _SIDES.items():
        hip, knee, ankle = (
            skeleton.rest[model.bones[f"{bone}.{side}"]]
            for bone in ("upperleg01", "lowerleg01", "foot")
        )
        parts[side] = knee - hip, ankle - knee
        upper, lower = (float(np.linalg.norm(part)) for part in parts[side])
        span = ankle - hip
        resting = math.acos(
            np.clip((upper**2 + lower**2 - float(span @ span)) / (2 * upper * lower), -1, 1)
        )
        bent = min(resting - math.radians(stance.knee_bend_deg), math.radians(178.5))
        reach_squared = upper**2 + lower**2 - 2 * upper * lower * math.cos(bent)
        forward = stance.hip_sway_percent / 100 * (upper + lower)
        hips[side] = skeleton.heads[model.bones[f"upperleg01.{side}"]]
        across[side] = np.array(
            [sign * stance.stance_m / 2 - hips[side][0], forward - sign * stance.stagger_m / 2]
        )
        heights.append(math.sqrt(max(reach_squared - float(across[side] @ across[side]), 0.01)))
    turns: dict[str, Matrix] = {}
    for side, sign in _SIDES.items():
        ankle = hips[side] + np.array([*across[side], -min(heights)])
        pole = about_z(sign * stance.toe_out_deg * 0.5) @ np.array([0.0, -1.0, 0.0])
        thigh, shin = _bent(parts[side], hips[side], ankle, pole)
        turns[f"upperleg01.{side}"], turns[f"lowerleg01.{side}"] = thigh, shin
        turns[f"foot.{side}"] = about_z(sign * (stance.toe_out_deg - 8.0))
    return turns


def _front_m(body: NDArray[np.float32], height_m: float) -> float:
    """Return y of the front surface near the mid-line at a height."""
    near = (np.abs(body[:, 2] - height_m) < 0.025) & (np.abs(body[:, 0]) < 0.07)
    return float(body[near, 1].min()) if near.any() else -0.12


def _side_m(body: NDArray[np.float32], low_m: float, high_m: float) -> float:
    """Return the body's half width between two heights."""
    near = (body[:, 2] > low_m) & (body[:, 2] < high_m)
    return float(np.abs(body[near, 0]).max()) if near.any() else 0.18


def _target(
    arms: ArmPose,
    sign: float,
    shoulder: Vector,
    reach_m: float,
    torso: NDArray[np.float32],
    variation: tuple[float, float, float],
) -> tuple[Vector, Vector]:
    """Return where the wrist goes and whither the elbow points, body axes."""
    u, v, w = variation
    chest_z = float(shoulder[2])
    if arms is ArmPose.COLLAR_BONES:
        z = chest_z - 0.02 + 0.05 * (u - 0.5)
        x = sign * (0.07 + 0.06 * v)
        return (
            np.array([x, _front_m(torso, z - 0.06) - 0.075, z]),
            np.array([sign * (0.2 + 0.8 * w), -0.35 + 0.4 * (u - 0.5), -1.0]),
        )
    if arms is ArmPose.FORWARD:
        direction = unit(np.array([sign * 0.05 * v, -1.0, 0.12 * (u - 0.5)]))
        return shoulder + direction * reach_m * (0.93 + 0.06 * w), np.array([sign, 0.0, -1.0])
    if arms is ArmPose.HANGING:
        low = chest_z - reach_m
        side = max(_side_m(torso, low - 0.05, low + 0.15) + 0.035, abs(float(shoulder[0])) + 0.01)
        ahead = 0.14 * (u - 0.3)
        drop = (reach_m * (0.96 + 0.03 * w)) ** 2 - ahead**2 - (side - abs(shoulder[0])) ** 2
        z = chest_z - max(drop, 0.04) ** 0.5
        return (
            np.array([sign * (side + 0.05 * v), float(shoulder[1]) - ahead, z]),
            np.array([sign * 0.5, 1.0, 0.0]),
        )
    if arms is ArmPose.CROSSED:
        z = chest_z - 0.20 + 0.06 * (u - 0.5)
        ahead = 0.075 + (0.05 if sign > 0 else 0.0)
        return (
            np.array([-sign * (0.07 + 0.05 * v), _front_m(torso, z) - ahead, z]),
            np.array([sign, -0.2, -0.9 - 0.5 * w]),
        )
    z = chest_z - 0.36 - 0.06 * u
    ahead = 0.055 + (0.02 if sign > 0 else 0.0)
    return (
        np.array([sign * (0.05 + 0.03 * v), _front_m(torso, z) - ahead, z]),
        np.array([sign, 0.5, -0.4]),
    )


def arm_turns(
    model: BodyModel,
    skeleton: Skeleton,
    torso: NDArray[np.float32],
    arms: ArmPose,
    variation: tuple[float, float, float],
) -> dict[str, Matrix]:
    """Return rotations of arms and fingers.

    Parameters
    ----------
    skeleton
        The body with spine and legs posed.
    torso
        Shape (n, 3), m: posed vertices of trunk and legs, for the hands to stay outside.
    variation
        Three numbers, 0..1, that vary the position within its kind.
    """
    turns: dict[str, Matrix] = {}
    rest, bones = skeleton.rest, model.bones
    for side, sign in _SIDES.items():
        joints = [bones[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist")]
        parts = rest[joints[1]] - rest[joints[0]], rest[joints[2]] - rest[joints[1]]
        upper, lower = (float(np.linalg.norm(part)) for part in parts)
        shoulder = skeleton.heads[joints[0]]
        wrist, pole = _target(arms, sign, shoulder, upper + lower, torso, variation)
        span = wrist - shoulder
        distance = float(np.linalg.norm(span))
        limits = (abs(upper - lower) + 0.05, 0.995 * (upper + lower))
        wrist = shoulder + span * (float(np.clip(distance, *limits)) / distance)
        turns[f"upperarm01.{side}"], forearm = _bent(parts, shoulder, wrist, pole)
        turns[f"lowerarm01.{side}"] = forearm
        across = rest[bones[f"metacarpal4.{side}"]] - rest[bones[f"metacarpal1.{side}"]]
        knuckles = unit(across) * sign
        for finger in (2, 3, 4, 5):
            for joint in (1, 2, 3):
                curl = about_axis(knuckles, _FINGER_CURL_DEG[arms] * joint)
                turns[f"finger{finger}-{joint}.{side}"] = forearm @ curl
    return turns
