"""Find long, straight, nearly upright lines in the scene around the people in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

#: Lines further from the picture's vertical are no candidates: the largest roll believed,
#: and what convergence adds to it at the picture's edge.
MAX_LEAN_DEG = 16.0
#: Shorter lines, in shares of the picture's height, tell too little.
_MIN_LENGTH = 0.08
#: Widths are reduced to between this and twice this.
_WIDTH_PX = 450
#: Rows are reduced this much more than columns: an upright edge loses little by it, noise
#: and level edges lose much, and the detector is faster by as much.
_ROWS_PER_COLUMN = 4
#: Brightness step, 0..255, from which an edge counts; half of OpenCV's own choice, for
#: white doors in white walls. Chance lines are sorted out by the detector's own test.
_EDGE_STEP = 10
_PERSON_LEVEL = 0.3
_MASK_STEP = 4
#: Widening of the mask, in trunk lengths: shadow, hair, loose clothes.
_MARGIN_TRUNKS = 0.08
_SAMPLES = np.linspace(0.05, 0.95, 7)
_MOST_ON_PERSON = 0.3


def find_lines(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the long, nearly upright lines of a picture; nobody need be found yet.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).

    Returns
    -------
    numpy.ndarray
        Shape (n, 4): x and y of the upper end, x and y of the lower end, pixels of ``rgb``.
    """
    height, width = rgb.shape[:2]
    across = max(1, width // _WIDTH_PX)
    down = across * _ROWS_PER_COLUMN
    size = (width // across, height // down)
    if min(size) < 2:
        return np.empty((0, 4))
    # Whole multiples only: OpenCV averages those several times faster.
    grey = cv2.cvtColor(rgb[: size[1] * down, : size[0] * across], cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    lines = _detect(np.asarray(small, np.uint8))
    step = np.array([across, down, across, down], np.float64)
    # A reduced pixel's centre is that of the pixels it averages.
    full = lines * step + (step - 1) / 2
    right, fall = full[:, 2] - full[:, 0], full[:, 3] - full[:, 1]
    upright = np.abs(right) < np.tan(np.radians(MAX_LEAN_DEG)) * fall
    long_enough = np.hypot(right, fall) > _MIN_LENGTH * height
    return np.asarray(full[upright & long_enough], np.float64)


def off_people(lines: NDArray[np.float64], people: Sequence[PoseEstimate]) -> NDArray[np.float64]:
    """Return those lines that lie on nobody's mask, nor close to it."""
    return lines[_on_people(lines, people) < _MOST_ON_PERSON]


def _detect(small: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return all line segments, shape (n, 4), the upper end first."""
    detector: Any = cv2.ximgproc.createEdgeDrawing()
    options = cv2.ximgproc.EdgeDrawing.Params()
    options.EdgeDetectionOperator = cv2.ximgproc.EdgeDrawing_SOBEL
    options.GradientThresholdValue = _EDGE_STEP
    detector.setParams(options)
    detector.detectEdges(small)
    found = detector.detectLines()
    if found is None:
        return np.empty((0, 4))
    lines = np.asarray(found, np.float64).reshape(-1, 4)
    upside_down = lines[:, 1] > lines[:, 3]
    lines[upside_down] = lines[upside_down][:, [2, 3, 0, 1]]
    return lines


def _on_people(lines: NDArray[np.float64], people: Sequence[PoseEstimate]) -> NDArray[np.float64]:
    """Return which share of each line lies on or near somebody."""
    ends = lines.reshape(-1, 2, 2)
    places = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * _SAMPLES[:, None]
    taken = np.zeros(places.shape[:2], bool)
    for pose in people:
        # MediaPipe's mask is smooth, so every few pixels of it tell enough.
        mask = (pose.mask[::_MASK_STEP, ::_MASK_STEP] > _PERSON_LEVEL).astype(np.uint8)
        margin = max(1, round(_MARGIN_TRUNKS * pose.trunk_px / _MASK_STEP))
        wide = cv2.dilate(mask, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
        x, y = np.moveaxis((places / _MASK_STEP).astype(int), 2, 0)
        taken |= wide[np.clip(y, 0, mask.shape[0] - 1), np.clip(x, 0, mask.shape[1] - 1)] > 0
    return np.asarray(taken.mean(axis=1), np.float64)
