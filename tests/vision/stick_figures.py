"""People made of capsules, with known facing, yaw, lean, knees, arms, scale and roll."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import MIRRORED_JOINT, Joint, PoseEstimate
from vision.result import Facing

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRUNK_M = 0.5
THIGH_M = 0.42
SHANK_M = 0.40
HALF_HIPS_M = 0.09
HALF_SHOULDERS_M = 0.17
#: Elbow, wrist and hand, (forward, up) from the shoulder in metres.
ARMS = {
    "chest": ((0.06, -0.27), (0.10, -0.04), (0.10, 0.03)),
    "hanging": ((0.0, -0.28), (0.03, -0.52), (0.04, -0.60)),
    "forward": ((0.28, -0.02), (0.52, 0.0), (0.60, 0.0)),
}
#: Ends of each capsule and its radius in metres.
_CAPSULES = (
    ("shoulder", "hip", 0.11),
    ("hip", "knee", 0.09),
    ("knee", "ankle", 0.055),
    ("ankle", "toe", 0.04),
    ("ear", "ear", 0.11),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a stick figure looks like; angles as :class:`vision.result.Posture` signs them."""

    facing: Facing = Facing.RIGHT
    yaw_deg: float = 0.0
    lean_deg: float = 0.0
    knee_deg: float = 180.0
    hip_ahead_m: float = 0.0
    head_ahead_deg: float = 0.0
    arms: str = "chest"
    trunk_px: float = 240.0
    roll_deg: float = 0.0
    width_px: int = 640
    height_px: int = 1000
    hip_px: tuple[float, float] = (320.0, 480.0)

    @property
    def size_px(self) -> tuple[int, int]:
        return self.width_px, self.height_px


def pose_of(figure: Figure, *, with_mask: bool = False) -> PoseEstimate:
    """Return what a faultless estimator would say of the figure."""
    body_m = _body_m(figure)
    seen_m = _seen_m(body_m, figure)
    per_m = figure.trunk_px / TRUNK_M
    xy = np.column_stack([seen_m[:, 0], -seen_m[:, 2]]) * per_m
    xy_px = _rolled(xy, figure.roll_deg) + np.array(figure.hip_px)
    size = (figure.height_px, figure.width_px)
    return PoseEstimate(
        xy_px=xy_px.astype(np.float32),
        depth_px=(seen_m[:, 1] * per_m).astype(np.float32),
        world_m=(seen_m[:, [0, 2, 1]] * [1, -1, 1]).astype(np.float32),
        visibility=np.full(33, 0.99, np.float32),
        mask=_mask(xy_px, per_m, size) if with_mask else np.zeros(size, np.float32),
    )


def mirrored(pose: PoseEstimate) -> PoseEstimate:
    """Return the pose as found in the mirrored picture."""
    xy = pose.xy_px[MIRRORED_JOINT]
    xy[:, 0] = pose.mask.shape[1] - 1 - xy[:, 0]
    return replace(
        pose,
        xy_px=xy,
        depth_px=pose.depth_px[MIRRORED_JOINT],
        world_m=pose.world_m[MIRRORED_JOINT] * np.array([-1, 1, 1], np.float32),
        visibility=pose.visibility[MIRRORED_JOINT],
        mask=np.ascontiguousarray(pose.mask[:, ::-1]),
    )


def moved(pose: PoseEstimate, *joints: Joint, to_px: tuple[float, float]) -> PoseEstimate:
    """Return the pose with these landmarks elsewhere."""
    xy = pose.xy_px.copy()
    xy[list(joints)] = to_px
    return replace(pose, xy_px=xy)


def with_step(ahead_m: float, up_m: float = 0.0, figure: Figure | None = None) -> PoseEstimate:
    """Return the pose with the left foot elsewhere, its knee half as far."""
    figure = Figure() if figure is None else figure
    pose = pose_of(figure)
    per_m = figure.trunk_px / TRUNK_M
    xy, world = pose.xy_px.copy(), pose.world_m.copy()
    step_m = np.array([figure.facing.front_sign * ahead_m, -up_m])
    for joint, share in (
        (Joint.LEFT_KNEE, 0.5),
        (Joint.LEFT_ANKLE, 1.0),
        (Joint.LEFT_HEEL, 1.0),
        (Joint.LEFT_FOOT_INDEX, 1.0),
    ):
        xy[joint] += share * step_m * per_m
        world[joint, :2] += share * step_m
    return replace(pose, xy_px=xy, world_m=world)


def textured_picture(
    figure: Figure, *, brightest: int = 255, block_px: int = 4
) -> NDArray[np.uint8]:
    """Return a sharp, evenly lit picture of the figure's size; fine blocks of random grey."""
    rows, columns = -(-figure.height_px // block_px), -(-figure.width_px // block_px)
    blocks = np.random.default_rng(7).integers(0, brightest + 1, (rows, columns), np.uint8)
    picture = np.kron(blocks, np.ones((block_px, block_px), np.uint8))
    return np.repeat(picture[: figure.height_px, : figure.width_px, np.newaxis], 3, axis=2)


def _body_m(figure: Figure) -> NDArray[np.float64]:
    """Return the 33 points in metres around mid-hip: forward, left, up."""
    lean, head = np.radians([figure.lean_deg, figure.lean_deg + figure.head_ahead_deg])
    shoulder = TRUNK_M * np.array([np.sin(lean), np.cos(lean)])
    ear = shoulder + 0.22 * np.array([np.sin(head), np.cos(head)])
    knee, ankle = _leg_m(figure)
    places: dict[Joint, tuple[NDArray[np.float64], float]] = {
        Joint.LEFT_SHOULDER: (shoulder, HALF_SHOULDERS_M),
        Joint.LEFT_HIP: (np.zeros(2), HALF_HIPS_M),
        Joint.LEFT_KNEE: (knee, HALF_HIPS_M),
        Joint.LEFT_ANKLE: (ankle, HALF_HIPS_M),
        Joint.LEFT_HEEL: (np.add(ankle, (-0.04, -0.04)), HALF_HIPS_M),
        Joint.LEFT_FOOT_INDEX: (np.add(ankle, (0.15, -0.05)), HALF_HIPS_M),
        Joint.LEFT_EAR: (ear, 0.07),
        Joint.LEFT_EYE_INNER: (np.add(ear, (0.09, 0.02)), 0.02),
        Joint.LEFT_EYE: (np.add(ear, (0.085, 0.02)), 0.03),
        Joint.LEFT_EYE_OUTER: (np.add(ear, (0.08, 0.02)), 0.04),
        Joint.MOUTH_LEFT: (np.add(ear, (0.09, -0.06)), 0.02),
    }
    elbow, wrist, hand = (shoulder + place for place in ARMS[figure.arms])
    for joint, place in (
        (Joint.LEFT_ELBOW, elbow),
        (Joint.LEFT_WRIST, wrist),
        (Joint.LEFT_PINKY, hand),
        (Joint.LEFT_INDEX, hand),
        (Joint.LEFT_THUMB, hand),
    ):
        places[joint] = (place, HALF_SHOULDERS_M)
    body = np.zeros((33, 3))
    body[Joint.NOSE] = [ear[0] + 0.11, 0.0, ear[1] - 0.01]
    for joint, (place, left) in places.items():
        body[joint] = [place[0], left, place[1]]
        body[MIRRORED_JOINT[joint]] = [place[0], -left, place[1]]
    return body


def _leg_m(figure: Figure) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return knee and ankle, (forward, up) from the hip, with the hip ahead as asked for."""
    bend = np.radians(180.0 - figure.knee_deg)
    thigh = THIGH_M * np.exp(1j * (bend / 2 - np.pi / 2))
    leg = thigh + SHANK_M * np.exp(-1j * (bend / 2 + np.pi / 2))
    wanted = -figure.hip_ahead_m - 1j * np.sqrt(abs(leg) ** 2 - figure.hip_ahead_m**2)
    knee, ankle = thigh * wanted / leg, wanted
    return np.array([knee.real, knee.imag]), np.array([ankle.real, ankle.imag])


def _seen_m(body_m: NDArray[np.float64], figure: Figure) -> NDArray[np.float64]:
    """Return x right, depth away from the camera, z up; the front turned to the camera."""
    yaw = np.radians(figure.yaw_deg)
    forward, left, up = body_m.T
    x = forward * np.cos(yaw) + left * np.sin(yaw)
    depth = left * np.cos(yaw) - forward * np.sin(yaw)
    seen = np.column_stack([x, depth, up])
    if figure.facing is Facing.LEFT:
        seen = seen[MIRRORED_JOINT] * np.array([-1.0, 1.0, 1.0])
    return np.asarray(seen, np.float64)


def _rolled(xy: NDArray[np.float64], roll_deg: float) -> NDArray[np.float64]:
    """Turn the scene counter-clockwise on the screen, as a camera turned clockwise does."""
    on_screen = (xy[:, 0] - 1j * xy[:, 1]) * np.exp(1j * np.radians(roll_deg))
    return np.column_stack([on_screen.real, -on_screen.imag])


def _mask(xy_px: NDArray[np.float64], per_m: float, size: tuple[int, int]) -> NDArray[np.float32]:
    pairs = {
        "shoulder": (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
        "hip": (Joint.LEFT_HIP, Joint.RIGHT_HIP),
        "knee": (Joint.LEFT_KNEE, Joint.RIGHT_KNEE),
        "ankle": (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        "toe": (Joint.LEFT_FOOT_INDEX, Joint.RIGHT_FOOT_INDEX),
        "ear": (Joint.LEFT_EAR, Joint.RIGHT_EAR),
    }
    rows, columns = np.indices(size)
    outside_px = np.full(size, np.inf)
    for first, second, radius_m in _CAPSULES:
        start, end = (xy_px[list(pairs[name])].mean(axis=0) for name in (first, second))
        along = end - start
        share = (columns - start[0]) * along[0] + (rows - start[1]) * along[1]
        share = np.clip(share / max(along @ along, 1e-9), 0, 1)
        gap = np.hypot(columns - start[0] - share * along[0], rows - start[1] - share * along[1])
        outside_px = np.minimum(outside_px, gap - radius_m * per_m)
    # An edge as soft as MediaPipe's, so that small shifts do not alias.
    return np.clip(0.5 - outside_px / (0.06 * per_m), 0, 1).astype(np.float32)
