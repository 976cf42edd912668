"""Posing: pelvis, spine and legs so that each drawn number comes out as drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.rotations import Matrix, Vector, about_x, about_z, frame, hinge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.model import BodyModel

#: How the correction for the drawn trunk lean is spread over the spine, pelvis to chest.
_SPINE = ("spine04", "spine03", "spine02", "spine01")
_LEAN_SHARES = (0.6, 0.85, 1.0, 1.0)
#: Share of the pelvic turn that each spine bone keeps: the turn fades out over three joints.
_TILT_SHARES = (2 / 3, 1 / 3, 0.0, 0.0)
_LORDOSIS_SHARES = (0.55, 0.1, -0.5, -0.25)
_KYPHOSIS_SHARES = (0.0, -0.2, -0.55, 0.55)


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

    def skin(self, model: BodyModel, vertices: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the posed vertices, shape (V, 3), m."""
        shift = self.heads - np.einsum("jab,jb->ja", self.turns, self.rest)
        bones = np.concatenate([self.turns, shift[:, :, None]], axis=2).astype(np.float32)
        blend = (model.weights @ bones.reshape(-1, 12)).reshape(-1, 3, 4)
        skinned: NDArray[np.float32] = (
            np.einsum("vab,vb->va", blend[:, :, :3], vertices) + blend[:, :, 3]
        )
        return skinned


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


@dataclass(frozen=True, slots=True)
class _Leg:
    hip: Vector
    knee: Vector
    ankle: Vector

    @property
    def lengths_m(self) -> tuple[float, float]:
        upper, lower = self.knee - self.hip, self.ankle - self.knee
        return float(np.linalg.norm(upper)), float(np.linalg.norm(lower))


def _rest_leg(model: BodyModel, rest: NDArray[np.float64], side: str) -> _Leg:
    joints = (rest[model.bones[f"{bone}.{side}"]] for bone in ("upperleg01", "lowerleg01", "foot"))
    return _Leg(*joints)


def leg_turns(model: BodyModel, skeleton: Skeleton, stance: Stance) -> dict[str, Matrix]:
    """Return rotations of the legs: drawn sway, stagger and knees, both feet level.

    The leg that has to reach further keeps the drawn knee bend; the other bends to fit.
    """
    sides = {"L": 1.0, "R": -1.0}
    legs = {side: _rest_leg(model, skeleton.rest, side) for side in sides}
    hips = {side: skeleton.heads[model.bones[f"upperleg01.{side}"]] for side in sides}
    across = {side: np.zeros(2) for side in sides}
    heights = []
    for side, sign in sides.items():
        upper, lower = legs[side].lengths_m
        span = legs[side].ankle - legs[side].hip
        resting = math.acos(
            np.clip((upper**2 + lower**2 - float(span @ span)) / (2 * upper * lower), -1, 1)
        )
        knee = resting - math.radians(stance.knee_bend_deg)
        knee = min(knee, math.radians(178.5))
        reach_squared = upper**2 + lower**2 - 2 * upper * lower * math.cos(knee)
        forward = stance.hip_sway_percent / 100 * (upper + lower)
        across[side][0] = sign * stance.stance_m / 2 - hips[side][0]
        across[side][1] = forward - sign * stance.stagger_m / 2
        heights.append(math.sqrt(max(reach_squared - float(across[side] @ across[side]), 0.01)))
    turns: dict[str, Matrix] = {}
    for side, sign in sides.items():
        upper, lower = legs[side].lengths_m
        ankle = hips[side] + np.array([*across[side], -min(heights)])
        pole = about_z(sign * stance.toe_out_deg * 0.5) @ np.array([0.0, -1.0, 0.0])
        knee_at = hinge(hips[side], ankle, upper, lower, pole)
        rest_normal = np.cross(legs[side].knee - legs[side].hip, legs[side].ankle - legs[side].knee)
        normal = np.cross(knee_at - hips[side], ankle - knee_at)
        for bone, rest_part, part in (
            ("upperleg01", legs[side].knee - legs[side].hip, knee_at - hips[side]),
            ("lowerleg01", legs[side].ankle - legs[side].knee, ankle - knee_at),
        ):
            turns[f"{bone}.{side}"] = frame(part, normal) @ frame(rest_part, rest_normal).T
        turns[f"foot.{side}"] = about_z(sign * (stance.toe_out_deg - 8.0))
    return turns
