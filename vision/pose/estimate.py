"""What a pose estimator returns, landmarks in pixels and a mask; and whom it has overlooked.

Nothing here knows MediaPipe; :mod:`vision.pose.mediapipe` does. The 33 landmarks are
named as MediaPipe names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
#: Side of each part looked at, and the step between parts, in shares of the shorter side.
_TILE_SHARE = 0.6
_STEP_SHARE = 0.4
_MIN_TILE_PX = 160
#: A smaller figure is a passer-by far off, or no person at all.
_MIN_TRUNK_PX = 50.0
#: What a real person shows: all these points surely seen, and on the mask.
_SURE_JOINTS = [
    Joint.NOSE, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP,
]  # fmt: skip
_SURE_VISIBILITY = 0.9
_SURE_MASK = 0.5


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

    def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
        """Return everyone found, largest first; empty when nobody is.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        """
        ...


@dataclass(frozen=True, slots=True)
class DistantPerson:
    """Somebody seen in a part of the picture: mid-hip, shape (2,), and trunk length, px."""

    mid_hip_px: NDArray[np.float32]
    trunk_px: float


def look_closer(
    rgb: NDArray[np.uint8], known: Sequence[PoseEstimate], estimator: PoseEstimator
) -> list[DistantPerson]:
    """Return whoever shows up in parts of the picture beside the known, largest first.

    The detector sees the whole picture at 224 px, and misses a person who fills little of
    it. Such a picture gives no number anyway; but "come closer" or "there are two of you"
    helps, and "nobody found" does not.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    known
        Who was found in the whole picture.
    estimator
        Looks at each part.
    """
    known_people = [DistantPerson(pose.mid_hip_px, pose.trunk_px) for pose in known]
    others: list[DistantPerson] = []
    for corner_px, tile in _tiles(rgb):
        for pose in estimator.estimate(tile):
            person = DistantPerson(pose.mid_hip_px + corner_px, pose.trunk_px)
            is_new = not any(_is_same(person, other) for other in (*known_people, *others))
            if is_new and _is_surely_a_person(pose):
                others.append(person)
    return sorted(others, key=lambda person: -person.trunk_px)


def _is_same(first: DistantPerson, second: DistantPerson) -> bool:
    apart_px = float(np.hypot(*(first.mid_hip_px - second.mid_hip_px)))
    return apart_px < max(first.trunk_px, second.trunk_px)


def _is_surely_a_person(pose: PoseEstimate) -> bool:
    height, width = pose.mask.shape
    x, y = np.clip(pose.xy_px[_SURE_JOINTS].round().astype(int), 0, [width - 1, height - 1]).T
    return bool(
        pose.trunk_px >= _MIN_TRUNK_PX
        and (pose.visibility[_SURE_JOINTS] >= _SURE_VISIBILITY).all()
        and (pose.mask[y, x] >= _SURE_MASK).all()
    )


def _tiles(
    rgb: NDArray[np.uint8],
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.uint8]]]:
    """Yield overlapping squares, each after the pixel of its upper left corner."""
    height, width = rgb.shape[:2]
    side = round(min(height, width) * _TILE_SHARE)
    if side < _MIN_TILE_PX:
        return
    for top in _starts(height, side):
        for left in _starts(width, side):
            part = rgb[top : top + side, left : left + side]
            yield np.array([left, top], np.float32), np.ascontiguousarray(part)


def _starts(length: int, side: int) -> list[int]:
    """Return evenly spaced starts of parts that together cover a length."""
    steps = int(np.ceil((length - side) / (side * _STEP_SHARE / _TILE_SHARE)))
    return [round(start) for start in np.linspace(0, length - side, steps + 1)]
