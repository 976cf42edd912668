"""Finds the joints of whoever exercises in front of a camera, picture after picture.

Landmarks alone, not the outline: what is counted needs nothing else. Other people are looked
for now and then, on a thread beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.camera.video_view import VideoView, is_elsewhere
from vision.coach.events import BodySighting
from vision.pose.mediapipe import shared_estimator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.image.frame import Frame
    from vision.pose.estimate import PoseEstimate

_PEOPLE_EVERY_MS = 2000.0
#: A body whose hips are further away than this, in trunk lengths, is somebody else.
_ELSEWHERE_TRUNKS = 0.8
#: Somebody smaller than this share of the one who is followed is in the background.
_SIMILAR = 0.6
#: Somebody this much larger is whom to follow.
_LARGER = 1.4


class CoachView(VideoView[BodySighting]):
    """Finds the person, and now and then others on a thread beside."""

    def __init__(self) -> None:
        self._next_ms = -np.inf
        self._count = 0
        super().__init__()

    def _forget(self) -> None:
        self._next_ms, self._count = -np.inf, 0

    def _finish(
        self, frame: Frame, t_ms: float, epoch: int, pose: PoseEstimate | None
    ) -> BodySighting:
        if pose is None:
            self._count = 0
        elif t_ms >= self._next_ms:
            self._next_ms = t_ms + _PEOPLE_EVERY_MS
            self._look_for_others(frame.rgb, pose)
        people = self._count + (pose is not None)
        return BodySighting(t_ms, epoch, pose, frame.working_px, people)

    def _look_for_others(self, rgb: NDArray[np.uint8], followed: PoseEstimate) -> None:
        others = _others(shared_estimator().estimate(rgb), followed)
        self._count = sum(pose.extent_px >= _SIMILAR * followed.extent_px for pose in others)
        largest_px = max((pose.extent_px for pose in others), default=0.0)
        self.is_following_wrong = largest_px > _LARGER * followed.extent_px


def _others(people: Sequence[PoseEstimate], followed: PoseEstimate) -> list[PoseEstimate]:
    """Return everybody whose hips are elsewhere.

    A lying body is also found upside down or a second time a little beside: one of a pair
    whose boxes share most of their place is the same person.
    """
    return [
        pose
        for pose in people
        if is_elsewhere(pose, followed, _ELSEWHERE_TRUNKS) and _shared_box(pose, followed) < 0.5
    ]


def _shared_box(one: PoseEstimate, other: PoseEstimate) -> float:
    """Return which share of the smaller one's box lies in the other's."""
    lows = [pose.xy_px.min(axis=0) for pose in (one, other)]
    highs = [pose.xy_px.max(axis=0) for pose in (one, other)]
    common = np.clip(np.minimum(*highs) - np.maximum(*lows), 0, None)
    areas = [float(np.prod(high - low)) for low, high in zip(lows, highs, strict=True)]
    return float(np.prod(common)) / max(min(areas), 1e-9)
