"""Stick figures that exercise on the floor, seen by a camera: every angle is known.

In metres: the body lies along u, from the head to the feet; the camera of a side view looks
along the depth axis; z is up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.events import BodySighting, LegSide
from vision.pose.estimate import Joint, PoseEstimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TRUNK_M, THIGH_M, SHANK_M = 0.50, 0.42, 0.40
HALF_HIPS_M, HALF_SHOULDERS_M = 0.10, 0.17
SIZE_PX = (960, 720)
_FLOOR_SHOULDER_M, _FLOOR_ANKLE_M = 0.11, 0.08
_SIDES = {LegSide.LEFT: 0, LegSide.RIGHT: 1}


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands.

    ``yaw_deg`` 0 looks at the side of a body on its back or the front of one on its side; 90
    looks at the feet.
    """

    yaw_deg: float = 0.0
    height_m: float = 0.5
    distance_m: float = 3.0
    roll_deg: float = 0.0
    head_right: bool = True


@dataclass(frozen=True, slots=True)
class Bridge:
    """A body on its back; angles as :mod:`vision.coach.events` gives them.

    ``top_knee_deg`` is the knee's angle with the hips lifted straight, which says where the
    feet stand. ``other_leg`` is "floor" or "air"; ``working`` is the leg that then stays.
    """

    hip_deg: float = 135.0
    top_knee_deg: float = 110.0
    other_leg: str = "floor"
    working: LegSide = LegSide.LEFT
    shift_m: float = 0.0


@dataclass(frozen=True, slots=True)
class SideLying:
    """A body on its side; angles as :mod:`vision.coach.events` gives them.

    ``forward_deg`` is how far the upper thigh is ahead of the trunk, which rolls as a whole.
    """

    lift_deg: float = 0.0
    forward_deg: float = 0.0
    roll_back_deg: float = 0.0
    upper: LegSide = LegSide.LEFT
    lower_bent_deg: float = 0.0


def bridge_joints(body: Bridge) -> NDArray[np.float64]:
    """Return the 33 points: along the body, to the body's left, up."""
    ankle = np.array([_foot_u(body.top_knee_deg), _FLOOR_ANKLE_M])
    shoulder = np.array([0.0, _FLOOR_SHOULDER_M])
    low, high = np.radians(-30.0), np.radians(75.0)
    for _ in range(50):
        middle = (low + high) / 2
        hip, knee = _bridge_at(middle, shoulder, ankle)
        if _hip_deg(shoulder, hip, knee) < body.hip_deg:
            low = middle
        else:
            high = middle
    hip, knee = _bridge_at((low + high) / 2, shoulder, ankle)
    points = np.zeros((33, 3))
    for side, index in _SIDES.items():
        legs = (knee, ankle)
        if body.other_leg == "air" and side is not body.working:
            along = (hip - shoulder) / np.hypot(*(hip - shoulder))
            legs = (hip + THIGH_M * along, hip + (THIGH_M + SHANK_M) * along)
            if legs[1][1] < 0.3:
                up = np.array([np.cos(0.9), np.sin(0.9)])
                legs = (hip + THIGH_M * up, hip + (THIGH_M + SHANK_M) * up)
        _put_side(points, index, shoulder, hip, *legs)
    points[:, 0] += body.shift_m
    return points


def lying_joints(body: SideLying) -> NDArray[np.float64]:
    """Return the 33 points: along the body, across it, up; the upper leg lifted.

    Who lies with the right leg above looks towards the camera of the pictures with the head
    to the right, and with the left leg above the other way round.
    """
    ahead_sign = 1.0 if body.upper is LegSide.RIGHT else -1.0
    roll = np.radians(body.roll_back_deg)
    up = np.array([0.0, -ahead_sign * np.sin(roll), np.cos(roll)])
    front = np.array([0.0, ahead_sign * np.cos(roll), np.sin(roll)])
    down = np.array([1.0, 0.0, 0.0])
    middle = np.array([0.0, 0.0, 0.22])
    points = np.zeros((33, 3))
    points[: Joint.LEFT_SHOULDER] = middle + np.array([-0.25, 0.08 * ahead_sign, 0.0])
    for side, index in _SIDES.items():
        sign = 1.0 if side is body.upper else -1.0
        shoulder = middle + sign * HALF_SHOULDERS_M * up
        hip = middle + TRUNK_M * down + sign * HALF_HIPS_M * up
        lift, ahead = np.radians([body.lift_deg, body.forward_deg])
        toes = front
        if side is body.upper:
            toes = np.cos(ahead) * front - np.sin(ahead) * down
            level = np.cos(ahead) * down + np.sin(ahead) * front
            thigh = np.cos(lift) * level + np.sin(lift) * up
            shank = thigh
        else:
            bend = np.radians(body.lower_bent_deg)
            thigh = np.cos(bend / 2) * down + np.sin(bend / 2) * front
            shank = np.cos(bend / 2) * down - np.sin(bend / 2) * front
        knee = hip + THIGH_M * thigh
        ankle = knee + SHANK_M * shank
        arm = shoulder + 0.2 * front
        for joint, place in _limbs(shoulder, hip, knee, ankle, arm):
            points[joint + index] = place
        points[Joint.LEFT_HEEL + index] = ankle + 0.04 * down - 0.04 * toes
        points[Joint.LEFT_FOOT_INDEX + index] = ankle + 0.04 * down + 0.14 * toes
    return points


def standing_joints(crouch: float = 0.0) -> NDArray[np.float64]:
    """Return somebody upright side-on who bends hips and knees: 0 not at all, 1 a deep squat."""
    bend = np.radians(100.0 * crouch)
    ankle = np.array([0.5, _FLOOR_ANKLE_M])
    knee = ankle + SHANK_M * np.array([np.sin(bend * 0.4), np.cos(bend * 0.4)])
    hip = knee + THIGH_M * np.array([-np.sin(bend * 0.9), np.cos(bend * 0.9)])
    shoulder = hip + TRUNK_M * np.array([np.sin(bend * 0.4), np.cos(bend * 0.4)])
    points = np.zeros((33, 3))
    for index in _SIDES.values():
        _put_side(points, index, shoulder, hip, knee, ankle)
    points[: Joint.LEFT_SHOULDER, 0] = shoulder[0]
    points[: Joint.LEFT_SHOULDER, 2] = shoulder[1] + 0.25
    return points


def seen(points: NDArray[np.float64], camera: Camera = Camera()) -> PoseEstimate:
    """Return what a faultless estimator would say of these points."""
    yaw = np.radians(camera.yaw_deg)
    side = np.array([0.0, -1.0 if camera.head_right else 1.0, 0.0])
    level = np.cos(yaw) * side - np.sin(yaw) * np.array([1.0, 0.0, 0.0])
    right = np.cross(level, [0.0, 0.0, 1.0])
    pitch = np.arctan2(camera.height_m - 0.25, camera.distance_m)
    away = np.cos(pitch) * level - np.sin(pitch) * np.array([0.0, 0.0, 1.0])
    up = np.cross(right, away)
    local = (points - [0.55, 0.0, 0.25]) @ np.column_stack([right, -up, away])
    roll = np.radians(camera.roll_deg)
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    local[:, :2] = local[:, :2] @ turn
    depth_m = np.hypot(camera.distance_m, camera.height_m - 0.25) + local[:, 2]
    focal_px = 1.1 * SIZE_PX[0]
    xy = local[:, :2] * focal_px / depth_m[:, np.newaxis] + np.array(SIZE_PX) / [2.0, 1.6]
    hips = local[[Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=0)
    scale = focal_px / camera.distance_m
    return PoseEstimate(
        xy_px=xy.astype(np.float32),
        depth_px=((local[:, 2] - hips[2]) * scale).astype(np.float32),
        world_m=(local - hips).astype(np.float32),
        visibility=np.where(local[:, 2] <= hips[2], 0.99, 0.8).astype(np.float32),
        mask=np.zeros((1, 1), np.float32),
    )


def sightings(
    poses: Sequence[PoseEstimate | None],
    fps: float = 15.0,
    *,
    noise_m: float = 0.004,
    seed: int = 1,
    start_ms: float = 0.0,
    epoch: int = 0,
) -> list[BodySighting]:
    """Return pictures of these poses, jittered as an estimator's are."""
    rng = np.random.default_rng(seed)
    pictures = []
    for index, pose in enumerate(poses):
        t_ms = start_ms + 1000.0 * index / fps
        noisy = None if pose is None else _jittered(pose, rng, noise_m)
        pictures.append(BodySighting(t_ms, epoch, noisy, SIZE_PX, 0 if pose is None else 1))
    return pictures


def course(*legs: tuple[float, float], start: float, fps: float = 15.0) -> list[float]:
    """Return a value over time that eases to each target within so many seconds."""
    values = [start]
    for target, seconds in legs:
        steps = max(round(seconds * fps), 1)
        share = (1 - np.cos(np.pi * np.arange(1, steps + 1) / steps)) / 2
        values += list(values[-1] + (target - values[-1]) * share)
    return values


def _jittered(pose: PoseEstimate, rng: np.random.Generator, noise_m: float) -> PoseEstimate:
    per_m = 1.1 * SIZE_PX[0] / 3.0
    xy = pose.xy_px + rng.normal(0, noise_m * per_m, pose.xy_px.shape)
    world = pose.world_m + rng.normal(0, 2 * noise_m, pose.world_m.shape)
    return PoseEstimate(
        xy.astype(np.float32),
        pose.depth_px,
        world.astype(np.float32),
        pose.visibility,
        pose.mask,
    )


def _foot_u(top_knee_deg: float) -> float:
    """Return where the ankle stands so that the knee has this angle with the hips straight."""
    dev = np.radians(180.0 - top_knee_deg)
    line_m = TRUNK_M + THIGH_M
    drop = _FLOOR_SHOULDER_M - _FLOOR_ANKLE_M
    tilts = np.linspace(0.0, 1.2, 4001)
    gaps = line_m * np.sin(tilts) + drop - SHANK_M * np.sin(dev - tilts)
    tilt = float(tilts[np.argmin(np.abs(gaps))])
    return float(line_m * np.cos(tilt) + SHANK_M * np.cos(dev - tilt))


def _bridge_at(
    tilt: float, shoulder: NDArray[np.float64], ankle: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hip = shoulder + TRUNK_M * np.array([np.cos(tilt), np.sin(tilt)])
    gap = ankle - hip
    reach = float(np.clip(np.hypot(*gap), 0.05, THIGH_M + SHANK_M - 1e-6))
    cosine = (THIGH_M**2 + reach**2 - SHANK_M**2) / (2 * THIGH_M * reach)
    turn = np.arctan2(gap[1], gap[0]) + np.arccos(np.clip(cosine, -1, 1))
    return hip, hip + THIGH_M * np.array([np.cos(turn), np.sin(turn)])


def _hip_deg(
    shoulder: NDArray[np.float64], hip: NDArray[np.float64], knee: NDArray[np.float64]
) -> float:
    back, on = shoulder - hip, knee - hip
    # On the way from the knee over the top to the shoulder.
    return float(np.degrees(np.arctan2(on[0] * back[1] - on[1] * back[0], on @ back)) % 360.0)


def _put_side(
    points: NDArray[np.float64],
    index: int,
    shoulder: NDArray[np.float64],
    hip: NDArray[np.float64],
    knee: NDArray[np.float64],
    ankle: NDArray[np.float64],
) -> None:
    sign = 1.0 if index == 0 else -1.0
    for joint, place in _limbs(shoulder, hip, knee, ankle, shoulder + np.array([0.25, 0.0])):
        wide = HALF_SHOULDERS_M if joint < Joint.LEFT_HIP else HALF_HIPS_M
        points[joint + index] = [place[0], sign * wide, place[1]]
    points[Joint.LEFT_HEEL + index] = [ankle[0] - 0.03, sign * HALF_HIPS_M, ankle[1] - 0.06]
    points[Joint.LEFT_FOOT_INDEX + index] = [ankle[0] + 0.15, sign * HALF_HIPS_M, ankle[1] - 0.06]
    points[: Joint.LEFT_SHOULDER] = [shoulder[0] - 0.25, 0.0, shoulder[1]]


def _limbs(
    shoulder: NDArray[np.float64],
    hip: NDArray[np.float64],
    knee: NDArray[np.float64],
    ankle: NDArray[np.float64],
    arm: NDArray[np.float64],
) -> list[tuple[int, NDArray[np.float64]]]:
    arms = (
        Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_PINKY, Joint.LEFT_INDEX, Joint.LEFT_THUMB,
    )  # fmt: skip
    legs = (
        (Joint.LEFT_SHOULDER, shoulder), (Joint.LEFT_HIP, hip), (Joint.LEFT_KNEE, knee),
        (Joint.LEFT_ANKLE, ankle),
    )  # fmt: skip
    return [(int(joint), place) for joint, place in legs] + [(int(joint), arm) for joint in arms]
