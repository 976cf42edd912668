"""What a side view shows beside the tilt: facing, yaw, and how the rest of the body stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import hinge_deg, lean_deg, level_points
from vision.pose.estimate import Joint, PoseEstimate
from vision.result import Facing, Posture

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Pairs (back, front) whose order along x tells the facing: the feet, which cannot point
#: anywhere else in relaxed standing, and the face.
_BACK_TO_FRONT = (
    (Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX),
    (Joint.RIGHT_HEEL, Joint.RIGHT_FOOT_INDEX),
    (Joint.LEFT_EAR, Joint.NOSE),
    (Joint.RIGHT_EAR, Joint.NOSE),
)
_SHOULDERS_AND_HIPS = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
)
#: Weights of :func:`side_spread` and an offset that give the sine of the yaw; fitted by
#: ``python -m synthetic.evaluate.fit_yaw`` on rendered bodies turned by up to 60 deg.
_YAW_WEIGHTS = np.array([0.705, 0.285, 0.113, 0.541])
_YAW_OFFSET = -0.103
#: Below this MediaPipe places a landmark by guesswork.
MIN_VISIBILITY = 0.5


def estimate_facing(pose: PoseEstimate) -> Facing:
    """Return which edge of the picture the person looks towards.

    Feet and face vote with their length in the picture, so that a foot hidden behind the
    other or a head turned to the camera counts for little.
    """
    forward_px = sum(
        float(pose.xy_px[front, 0] - pose.xy_px[back, 0]) for back, front in _BACK_TO_FRONT
    )
    return Facing.RIGHT if forward_px > 0 else Facing.LEFT


def levelled(pose: PoseEstimate, roll_deg: float) -> PoseEstimate:
    """Return the pose with its landmarks turned so that plumb lines are upright.

    The mask is left as it is; :mod:`vision.silhouette` turns it while cropping.
    """
    if roll_deg == 0.0:
        return pose
    return replace(pose, xy_px=level_points(pose.xy_px, roll_deg, pose.mid_hip_px))


def side_spread(pose: PoseEstimate) -> NDArray[np.float64]:
    """Return how far left and right body side lie apart across the picture.

    Returns
    -------
    numpy.ndarray
        Shape (4,): shoulders and hips in the picture, then shoulders and hips in the
        estimated 3D pose, as shares of the trunk's length. About zero in a true side view;
        positive when the body's front is turned towards the camera.
    """
    shoulders, hips = _SHOULDERS_AND_HIPS
    trunk_m = np.linalg.norm(
        pose.world_m[list(shoulders)].mean(axis=0) - pose.world_m[list(hips)].mean(axis=0)
    )
    spread = []
    for points, trunk in ((pose.xy_px, pose.trunk_px), (pose.world_m, trunk_m)):
        for left, right in _SHOULDERS_AND_HIPS:
            spread.append(float(points[left, 0] - points[right, 0]) / max(float(trunk), 1e-3))
    return np.array(spread)


def estimate_yaw_deg(pose: PoseEstimate) -> float:
    """Estimate how far the body is turned away from true side-on, 0..90 deg."""
    return abs(estimate_signed_yaw_deg(pose))


def estimate_signed_yaw_deg(pose: PoseEstimate) -> float:
    """Estimate the yaw, -90..90 deg; + = the body's front is turned towards the camera."""
    sine = float(side_spread(pose) @ _YAW_WEIGHTS) + _YAW_OFFSET
    return float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def assess_posture(pose: PoseEstimate, facing: Facing, inside: NDArray[np.bool_]) -> Posture:
    """Measure lean, sway, knee and head from the landmarks of a side view.

    Parameters
    ----------
    pose
        Landmarks with plumb lines upright (see :func:`vision.side_view.levelled`).
    facing
        Which way the person looks.
    inside
        Shape (33,): whether each landmark was found inside the picture; those outside are
        guesses and not used.

    Returns
    -------
    Posture
        Definitions and signs there; a number is None when a landmark it needs is not seen.
    """
    seen = inside & (pose.visibility >= MIN_VISIBILITY)
    sign = facing.front_sign
    ear = _middle_or_visible(pose, Joint.LEFT_EAR, Joint.RIGHT_EAR, seen)
    shoulder = _middle_or_visible(pose, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, seen)
    hip = _middle_or_visible(pose, Joint.LEFT_HIP, Joint.RIGHT_HIP, seen)
    knee = _middle_or_visible(pose, Joint.LEFT_KNEE, Joint.RIGHT_KNEE, seen)
    ankle = _middle_or_visible(pose, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE, seen)

    trunk_lean = hip_sway = knee_angle = head_forward = None
    if hip is not None and shoulder is not None:
        trunk_lean = lean_deg(hip, shoulder, sign)
    if shoulder is not None and ear is not None:
        head_forward = lean_deg(shoulder, ear, sign)
    if hip is not None and knee is not None and ankle is not None:
        knee_angle = hinge_deg(hip, knee, ankle, sign)
        leg_px = float(np.hypot(*(hip - knee)) + np.hypot(*(knee - ankle)))
        if leg_px > 0:
            hip_sway = sign * float(hip[0] - ankle[0]) / leg_px * 100
    return Posture(trunk_lean, hip_sway, knee_angle, head_forward)


def _middle_or_visible(
    pose: PoseEstimate, left: Joint, right: Joint, seen: NDArray[np.bool_]
) -> NDArray[np.float32] | None:
    """Return the middle of a left-right pair, the only one seen, or None."""
    found = [pose.xy_px[joint] for joint in (left, right) if seen[joint]]
    return np.mean(found, axis=0, dtype=np.float32) if found else None
