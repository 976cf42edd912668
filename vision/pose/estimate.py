"""What a pose estimator returns: landmarks in pixels and the person's mask.

Nothing here knows MediaPipe; :mod:`vision.pose.mediapipe` does. The 33 landmarks are
named as MediaPipe names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Joint(IntEnum):
    """Index of each body landmark, in MediaPipe's order (left = the person's left)."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


#: For each landmark, the landmark of the other body side (a mid-line one is its own).
MIRRORED_JOINT: NDArray[np.intp] = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] + [i + 1 if i % 2 else i - 1 for i in range(11, 33)],
    dtype=np.intp,
)


def side_joints(side: str, *parts: str) -> list[Joint]:
    """Return parts of the person's left or right: ``side_joints("left", "hip", "knee")``."""
    return [Joint[f"{side}_{part}".upper()] for part in parts]


@dataclass(frozen=True, slots=True)
class PoseEstimate:
    """One person as a pose estimator sees them.

    Attributes
    ----------
    xy_px
        Shape (33, 2), float32: x right, y down, pixels of the frame. Points may lie
        outside the picture: the estimator invents what it cannot see.
    depth_px
        Shape (33,), float32: distance along the camera's axis relative to the hips, in
        the scale of ``xy_px``; negative = nearer to the camera.
    world_m
        Shape (33, 3), float32: the same landmarks in metres around the mid-hip point,
        x right, y down, z away from the camera.
    visibility
        Shape (33,), float32, 0..1: how likely each landmark is to be seen and unoccluded.
    mask
        Shape (height, width), float32, 0..1: how likely each pixel is this person.
    """

    xy_px: NDArray[np.float32]
    depth_px: NDArray[np.float32]
    world_m: NDArray[np.float32]
    visibility: NDArray[np.float32]
    mask: NDArray[np.float32]

    def is_inside(self, size_px: tuple[int, int]) -> NDArray[np.bool_]:
        """Return for each landmark whether it lies in a picture of this width and height."""
        return np.asarray(((self.xy_px >= 0) & (self.xy_px < size_px)).all(axis=1))

    def midpoint_px(self, left: Joint, right: Joint) -> NDArray[np.float32]:
        """Return the point half-way between two landmarks, shape (2,), pixels."""
        middle: NDArray[np.float32] = (self.xy_px[left] + self.xy_px[right]) / 2
        return middle

    @property
    def mid_hip_px(self) -> NDArray[np.float32]:
        """The point between the hips, shape (2,)."""
        return self.midpoint_px(Joint.LEFT_HIP, Joint.RIGHT_HIP)

    @property
    def mid_shoulder_px(self) -> NDArray[np.float32]:
        """The point between the shoulders, shape (2,)."""
        return self.midpoint_px(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)

    @property
    def extent_px(self) -> float:
        """Longer side of the box around all landmarks, pixels."""
        return float(np.ptp(self.xy_px, axis=0).max())

    @property
    def trunk_px(self) -> float:
        """Length of the span from mid-hip to mid-shoulder, pixels."""
        return float(np.hypot(*(self.mid_shoulder_px - self.mid_hip_px)))


class PoseEstimator(Protocol):
    """Finds people in a picture."""

    model_sha256: str

    def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
        """Return everyone found, largest first; empty when nobody is.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        """
        ...
