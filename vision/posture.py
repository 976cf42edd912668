"""Posture numbers that must be read apart from pelvic tilt (leaning back is not less tilt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import hinge_deg, lean_deg
from vision.pose.estimate import Joint, PoseEstimate
from vision.result import Facing, Posture

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Below this MediaPipe places a landmark by guesswork.
MIN_VISIBILITY = 0.5


def _middle_or_visible(
    pose: PoseEstimate, left: Joint, right: Joint, seen: NDArray[np.bool_]
) -> NDArray[np.float32] | None:
    """Return the middle of a left-right pair, the only one seen, or None."""
    found = [pose.xy_px[joint] for joint in (left, right) if seen[joint]]
    return np.mean(found, axis=0, dtype=np.float32) if found else None


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
