"""Light and sharpness of the part of a picture that shows the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: Sharpness depends on scale, so it is read with the trunk at this length.
_TRUNK_PX = 140.0
_MARGIN_TRUNKS = 0.2
#: Brightness steps are compared over two and over eight pixels.
_NEAR, _FAR = 1, 4
_STRONG_PERCENTILE = 99
_BRIGHT_PERCENTILE = 98


@dataclass(frozen=True, slots=True)
class Light:
    """How bright and how sharp the person is shown.

    Attributes
    ----------
    brightness
        The brighter parts (98th percentile), 0 black to 255 white: a dark suit in good
        light still shows a face.
    sharpness
        How much of the strongest brightness steps over eight pixels happens within two, in
        the blurrier of the two directions. About 0.3 on sharp photographs, 0.125 where
        motion has smeared every edge evenly, 1 at most.
    """

    brightness: float
    sharpness: float


def assess_light(rgb: NDArray[np.uint8], pose: PoseEstimate) -> Light:
    """Measure light and sharpness around one person.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the pose was found.
    pose
        The person.
    """
    height, width = rgb.shape[:2]
    margin = _MARGIN_TRUNKS * pose.trunk_px
    limit = np.array([width, height])
    left, top = np.clip(pose.xy_px.min(axis=0) - margin, 0, limit - 1).astype(int)
    right, bottom = np.clip(pose.xy_px.max(axis=0) + margin, 1, limit).astype(int)
    part = rgb[top : max(bottom, top + 1), left : max(right, left + 1)]
    scale = min(1.0, _TRUNK_PX / max(pose.trunk_px, 1.0))
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    whole = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    grey = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Light(
        brightness=_percentile(grey, _BRIGHT_PERCENTILE),
        sharpness=min(_sharpness(grey), _sharpness(np.ascontiguousarray(grey.T))),
    )


def _percentile(values: NDArray[np.uint8], percent: float) -> float:
    """Return a percentile by counting, several times faster than by sorting."""
    counts = cv2.calcHist([values], [0], None, [256], [0, 256]).ravel().cumsum()
    return float(np.searchsorted(counts, percent / 100 * (counts[-1] - 1), side="right"))


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Return near over far brightness steps down the rows; 1 when there is nothing to see."""
    if min(grey.shape) <= 2 * _FAR:
        return 1.0
    near = np.asarray(cv2.absdiff(grey[2 * _NEAR :], grey[: -2 * _NEAR]), np.uint8)
    far = np.asarray(cv2.absdiff(grey[2 * _FAR :], grey[: -2 * _FAR]), np.uint8)
    strongest = _percentile(far, _STRONG_PERCENTILE)
    if strongest == 0.0:
        return 1.0
    return _percentile(near, _STRONG_PERCENTILE) / 2 / strongest
