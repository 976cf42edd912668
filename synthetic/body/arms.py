"""Arm positions, reached by two-bone inverse kinematics so that they fit every build."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.rotations import Matrix, Vector, about_axis, frame, hinge, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.model import BodyModel
    from synthetic.body.pose import Skeleton


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


def _front_m(body: NDArray[np.float32], height_m: float, half_width_m: float = 0.07) -> float:
    """Return y of the front surface near the mid-line at a height."""
    near = (np.abs(body[:, 2] - height_m) < 0.025) & (np.abs(body[:, 0]) < half_width_m)
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


def _finger_turns(
    model: BodyModel, skeleton: Skeleton, side: str, forearm: Matrix, curl_deg: float
) -> dict[str, Matrix]:
    rest = skeleton.rest
    across = rest[model.bones[f"metacarpal4.{side}"]] - rest[model.bones[f"metacarpal1.{side}"]]
    axis = unit(across) * (1.0 if side == "L" else -1.0)
    turns: dict[str, Matrix] = {}
    for finger in (2, 3, 4, 5):
        for joint in (1, 2, 3):
            turn = about_axis(axis, curl_deg * joint)
            turns[f"finger{finger}-{joint}.{side}"] = forearm @ turn
    return turns


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
    for side, sign in (("L", 1.0), ("R", -1.0)):
        bones = [model.bones[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist")]
        rest_upper = skeleton.rest[bones[1]] - skeleton.rest[bones[0]]
        rest_lower = skeleton.rest[bones[2]] - skeleton.rest[bones[1]]
        upper, lower = float(np.linalg.norm(rest_upper)), float(np.linalg.norm(rest_lower))
        shoulder = skeleton.heads[bones[0]]
        wrist, pole = _target(arms, sign, shoulder, upper + lower, torso, variation)
        span = wrist - shoulder
        distance = float(np.linalg.norm(span))
        limits = (abs(upper - lower) + 0.05, 0.995 * (upper + lower))
        wrist = shoulder + span * (float(np.clip(distance, *limits)) / distance)
        elbow = hinge(shoulder, wrist, upper, lower, pole)
        rest_normal = np.cross(rest_upper, rest_lower)
        normal = np.cross(elbow - shoulder, wrist - elbow)
        turns[f"upperarm01.{side}"] = (
            frame(elbow - shoulder, normal) @ frame(rest_upper, rest_normal).T
        )
        forearm = frame(wrist - elbow, normal) @ frame(rest_lower, rest_normal).T
        turns[f"lowerarm01.{side}"] = forearm
        turns.update(_finger_turns(model, skeleton, side, forearm, _FINGER_CURL_DEG[arms]))
    return turns
