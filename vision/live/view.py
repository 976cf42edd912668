"""Looks at one picture of a camera after the other, through the same pipeline as a photograph.

Four things differ from a photograph, all for speed. The person is followed instead of found
anew. Upright edges, stickers and other people are looked for about once a second. The belt
line is looked for in the picture that is kept (:func:`with_belt_line`). And the next picture's
landmarks are found while the outline of the one before is still being read.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from vision.camera.video_view import VideoView, is_elsewhere
from vision.image.plumb import find_lines, find_plumb
from vision.live.events import Sighting
from vision.pipeline import Looks, measure_photo, measure_scene, reject_unseen
from vision.pose.mediapipe import shared_estimator
from vision.quality import assess_light
from vision.result import Measured, VerticalSource
from vision.scene import Vertical, estimate_signed_yaw_deg, seen_vertical, side_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.image.frame import Frame
    from vision.image.plumb import FoundPlumb
    from vision.live.events import StillCapture
    from vision.pose.estimate import PoseEstimate
    from vision.result import Rejected


_LEVEL_EVERY_MS = 1000.0
#: A camera stands on something. So many looks are put together, which keeps the roll steady.
_LEVEL_LOOKS = 5
#: A look that differs by this much from the others shows that the camera was moved.
_MOVED_DEG = 1.5
#: A look takes as long as a photograph's; twice as often would cost 4 % of the pictures.
_PEOPLE_EVERY_MS = 800.0
#: A body whose hips are further away than this, in trunk lengths, is somebody else.
_ELSEWHERE_TRUNKS = 0.5
#: Somebody this much larger is whom to follow.
_LARGER = 1.25
#: Looking for people who are too small takes a fifth of a second.
_CLOSER_EVERY_MS = 2000.0
_STICKERS_EVERY_MS = 500.0


class LevelMemory:
    """Camera roll from upright edges in the scene, looked for once a second."""

    def __init__(self) -> None:
        self._looks: deque[FoundPlumb | None] = deque(maxlen=_LEVEL_LOOKS)
        self._next_ms = -np.inf
        self._vertical = seen_vertical(None)

    def forget(self) -> None:
        """Look anew: the camera is another one, or was elsewhere meanwhile."""
        self._looks.clear()
        self._next_ms = -np.inf

    def vertical(
        self, rgb: NDArray[np.uint8], people: Sequence[PoseEstimate], t_ms: float
    ) -> Vertical:
        """Return the plumb direction at this moment."""
        if t_ms >= self._next_ms:
            self._next_ms = t_ms + _LEVEL_EVERY_MS
            self._look(find_plumb(rgb, people, find_lines(rgb)))
        return self._vertical

    def _look(self, found: FoundPlumb | None) -> None:
        before = [look.roll_deg for look in self._looks if look is not None]
        if found is not None and before and abs(found.roll_deg - median(before)) > _MOVED_DEG:
            self._looks.clear()
        self._looks.append(found)
        seen = [look for look in self._looks if look is not None]
        if 2 * len(seen) <= len(self._looks):
            self._vertical = seen_vertical(None)
            return
        self._vertical = Vertical(
            VerticalSource.FOUND,
            median(look.roll_deg for look in seen),
            median(look.sd_deg for look in seen),
            seen[-1].segments_px,
            seen[-1].convergence,
        )


def with_belt_line(capture: StillCapture) -> Measured:
    """Return a capture's measurement with the belt line of its picture, or why there is none."""
    whole = measure_photo(capture.frame, quick=True)
    if not isinstance(whole, Measured):
        return capture.result
    return replace(capture.result, belt_line=whole.belt_line, no_belt_line=whole.no_belt_line)


class LiveView(VideoView[Sighting]):
    """Finds the person, and measures them on a thread beside.

    Parameters
    ----------
    source
        What results call the pictures.
    """

    def __init__(self, source: str = "camera") -> None:
        self._level = LevelMemory()
        self._estimator = shared_estimator()
        self._others: tuple[PoseEstimate, ...] = ()
        self._people_ms = -np.inf
        self._unseen: Rejected | None = None
        self._closer_ms = -np.inf
        self._has_stickers, self._stickers_ms = False, -np.inf
        super().__init__(source)

    def _forget(self) -> None:
        self._level.forget()
        self._others, self._people_ms = (), -np.inf
        self._unseen = None

    def _finish(self, frame: Frame, t_ms: float, epoch: int, pose: PoseEstimate | None) -> Sighting:
        self.is_following_wrong = False
        if t_ms >= self._people_ms:
            self._people_ms = t_ms + _PEOPLE_EVERY_MS
            self._look_for_others(frame.rgb, pose)
        if pose is None:
            return Sighting(t_ms, epoch, frame, self._reject(frame, t_ms), None, None, 0.0)
        self._unseen = None
        people = (pose, *self._others)
        light = assess_light(frame.rgb, pose)
        vertical = self._level.vertical(frame.rgb, people, t_ms)
        scene = side_view(frame, people, vertical)
        result = measure_scene(scene, light, looks=self._looks(t_ms))
        self._has_stickers = isinstance(result, Measured) and result.stickers is not None
        yaw_deg = estimate_signed_yaw_deg(scene.level)
        return Sighting(t_ms, epoch, frame, result, pose, yaw_deg, light.sharpness)

    def _look_for_others(self, rgb: NDArray[np.uint8], followed: PoseEstimate | None) -> None:
        """Find everybody else, largest first, and whether somebody else is to be followed."""
        people = self._estimator.estimate(rgb)
        self._others = tuple(
            pose
            for pose in people
            if followed is None or is_elsewhere(pose, followed, _ELSEWHERE_TRUNKS)
        )
        largest_px = max((pose.extent_px for pose in self._others), default=0.0)
        if followed is None:
            self.is_following_wrong = bool(people)
        else:
            is_lost = bool(people) and len(self._others) == len(people)
            self.is_following_wrong = is_lost or largest_px > _LARGER * followed.extent_px

    def _looks(self, t_ms: float) -> Looks:
        """Look for stickers now and then, and always while there are some."""
        if not self._has_stickers and t_ms < self._stickers_ms:
            return Looks.NONE
        self._stickers_ms = t_ms + _STICKERS_EVERY_MS
        return Looks.STICKERS

    def _reject(self, frame: Frame, t_ms: float) -> Rejected:
        """Say why nobody is seen; the reason holds for a while."""
        if self._unseen is None or t_ms >= self._closer_ms:
            self._unseen = reject_unseen(frame)
            self._closer_ms = t_ms + _CLOSER_EVERY_MS
        return self._unseen
