"""The person's mask, brought into one canonical square around the pelvis.

Whatever the picture's size, the person's place in it and the way they face, the contour
model always sees the same thing: front to the right, plumb lines upright, the hip at one
place, the trunk at one length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import clockwise_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose import PoseEstimate
    from vision.result import Facing

#: Side of the crop in pixels; MediaPipe's own mask holds no finer detail.
CROP_PX = 128
#: Side of the crop in trunk lengths (hip to shoulder): from mid-thigh to the chest.
CROP_TRUNKS = 2.2
#: The crop's centre lies this far above the mid-hip point, in trunk lengths.
CENTRE_ABOVE_HIP_TRUNKS = 0.15
_OUTLINE_LEVEL = 0.5


def crop_transform(
    hip_px: Point, trunk_px: float, facing: Facing, roll_deg: float
) -> NDArray[np.float64]:
    """Return the 2x3 affine matrix from picture pixels to crop pixels.

    Parameters
    ----------
    hip_px, trunk_px
        Mid-hip point and hip-to-shoulder span as found in the picture, not levelled.
    facing
        A person facing left is mirrored.
    roll_deg
        Camera roll to undo, + = the camera was turned clockwise.
    """
    per_px = CROP_PX / (CROP_TRUNKS * max(trunk_px, 1.0))
    linear = per_px * np.diag([facing.front_sign, 1.0]) @ clockwise_matrix(roll_deg)
    middle = (CROP_PX - 1) / 2
    hip_in_crop = np.array([middle, middle + CENTRE_ABOVE_HIP_TRUNKS * CROP_PX / CROP_TRUNKS])
    return np.column_stack([linear, hip_in_crop - linear @ np.asarray(hip_px, float)])


def canonical_crop(pose: PoseEstimate, facing: Facing, roll_deg: float) -> NDArray[np.float32]:
    """Return the mask around the pelvis as the contour model reads it.

    Returns
    -------
    numpy.ndarray
        Shape (``CROP_PX``, ``CROP_PX``), float32, 0..1, front to the right, y down; 0
        outside the picture.
    """
    warped = cv2.warpAffine(
        pose.mask,
        crop_transform(pose.mid_hip_px, pose.trunk_px, facing, roll_deg),
        (CROP_PX, CROP_PX),
        flags=cv2.INTER_LINEAR,
        borderValue=0.0,
    )
    return np.asarray(warped, np.float32)


def outline_px(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the largest closed contour of a mask, shape (n, 2), pixels; empty if none."""
    contours, _ = cv2.findContours(
        (mask > _OUTLINE_LEVEL).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    if not contours:
        return np.empty((0, 2), np.float32)
    largest = max(contours, key=cv2.contourArea)
    return largest.reshape(-1, 2).astype(np.float32)
