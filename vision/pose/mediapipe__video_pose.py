"""Follows one person from picture to picture, which is quicker than finding them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.pose.mediapipe import Landmarker, brightness_leans_left, mirrored

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: A picture that shows nobody; the estimator then forgets whom it followed.
_NOBODY: NDArray[np.uint8] = np.full((64, 64, 3), 128, np.uint8)


class VideoPose:
    """MediaPipe's "full" pose model over the pictures of one camera, one person at most.

    Of a picture's two mirror forms (see :mod:`vision.pose.mediapipe`) the one chosen when
    somebody comes into view is kept for as long as they are followed.

    To be called from one thread at a time.
    """

    def __init__(self) -> None:
        self._landmarker = Landmarker(1, is_video=True)
        self._t_ms = 0
        self._is_following = False
        self._is_flipped = False

    def follow(self, rgb: NDArray[np.uint8], t_ms: float) -> PoseEstimate | None:
        """Return the person in a picture, or None when nobody is seen.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        t_ms
            The picture's time. One that does not rise is taken for a moment later than the
            one before, since the estimator refuses any other.
        """
        if not self._is_following:
            self._is_flipped = brightness_leans_left(rgb)
        seen = np.asarray(cv2.flip(rgb, 1), np.uint8) if self._is_flipped else rgb
        pose = self._detect(seen, t_ms)
        self._is_following = pose is not None
        if pose is None or not self._is_flipped:
            return pose
        return mirrored(pose, rgb.shape[1])

    def forget(self) -> None:
        """Look for somebody anew from the next picture on."""
        if self._is_following:
            self._detect(_NOBODY, self._t_ms)
            self._is_following = False

    def close(self) -> None:
        """Let the model go."""
        self._landmarker.close()

    def _detect(self, rgb: NDArray[np.uint8], t_ms: float) -> PoseEstimate | None:
        self._t_ms = max(self._t_ms + 1, round(t_ms))
        people = self._landmarker.detect(rgb, self._t_ms)
        return people[0] if people else None
