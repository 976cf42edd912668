"""How likely it is that a line across the trunk is a belt line.

Where the colour changes, there may be a belt or a waistband, but also a stripe, a fold, a
shadow, or the hem of a top that hangs over the trousers. What tells them apart is read
from the picture straightened along each line, and weighed by one logistic regression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.belt_search import STEP_CELLS, hip_height_trunks, rows_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.belt_patch import BeltPatch
    from vision.belt_search import Lines

#: Cells above and below each line that are looked at: 0.19 trunk lengths, two stripes.
_WIDE = 12
#: Rows of the straightened picture: next to the line, a belt's width away, and next to it
#: but clear of its blur.
_ABOVE, _BELOW = slice(_WIDE - STEP_CELLS, _WIDE), slice(_WIDE, _WIDE + STEP_CELLS)
_FAR_ABOVE = slice(_WIDE - 11, _WIDE - 6)
_UPPER, _LOWER = slice(_WIDE - 6, _WIDE - 1), slice(_WIDE + 1, _WIDE + 6)
#: How far the colours of one person's skin differ by light and place: log colour ratios, in
#: which brightness counts less.
_SKIN_SPREAD, _BRIGHTNESS_SHARE = 0.15, 0.3
#: Edges of one pattern: how nearly parallel, and how alike in size and kind of change (1 =
#: the same).
_PARALLEL_CELLS, _ALIKE = 2.0, 0.6

#: What the regression weighs, its weight for each, and its offset; fitted on rendered people
#: by ``python -m synthetic.fit_belt``.
FEATURES = (
    "contrast", "wide contrast", "agreement", "scatter", "texture above", "change above",
    "skin above", "skin below", "height", "height squared",
)  # fmt: skip
_WEIGHTS = np.array([-1.408, 1.059, 3.318, -5.079, -1.061, 0.787, 3.015, -2.688, 22.205, -44.027])
_OFFSET = -4.585


def likelihoods(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each line how likely it is that it is a belt line, shape (n,), 0..1.

    Parameters
    ----------
    features
        Shape (n, ``len(FEATURES)``), as :func:`line_features` returns them.
    """
    return np.asarray(1 / (1 + np.exp(-(features @ _WEIGHTS + _OFFSET))))


def in_pattern(lines: Lines) -> NDArray[np.bool_]:
    """Return for each line whether it is one edge of stripes or checks, shape (n,).

    Stripes change the colour to and fro: beside a parallel line with the same change there
    is one with the opposite change. (White top, skin, dark trousers: twice the same change.)
    """
    size = np.linalg.norm(lines.way, axis=1) + 1e-6
    alike = (lines.way @ lines.way.T) / np.maximum(size, size[:, None]) ** 2
    drop = lines.line[:, 1]
    parallel = np.abs(drop - drop[:, None]) < _PARALLEL_CELLS
    others = parallel & ~np.eye(len(size), dtype=bool)
    again, undone = (others & (way * alike > _ALIKE) for way in (1, -1))
    return np.asarray(again.any(axis=1) & undone.any(axis=1))


def line_features(patch: BeltPatch, lines: Lines) -> NDArray[np.float64]:
    """Return what the regression weighs, shape (n, ``len(FEATURES)``)."""
    trunk = slice(lines.first_column, lines.first_column + len(lines.across))
    rows = np.rint(lines.height).astype(int)[:, None, :] + np.arange(-_WIDE, _WIDE)[:, None]
    lab = rows_at(patch.lab[:, trunk], rows)  # (n, 2 _WIDE, w, 3)
    clear = rows_at(patch.clear[:, trunk], rows)
    profile = (lab * clear[..., None]).sum(axis=2) / np.maximum(clear.sum(axis=2), 1)[..., None]
    step = profile[:, _BELOW].mean(axis=1) - profile[:, _ABOVE].mean(axis=1)
    contrast = np.linalg.norm(step, axis=1)
    along = np.matmul(lab, (step / (contrast[:, None] + 1e-6))[:, None, :, None])[..., 0]
    upper_mean = _mean(along[:, :_WIDE], clear[:, :_WIDE])
    lower_mean = _mean(along[:, _WIDE:], clear[:, _WIDE:])
    away = (along[:, :_WIDE] - upper_mean[:, None, None]) ** 2
    texture = np.sqrt(_mean(away, clear[:, :_WIDE]))
    height = hip_height_trunks(lines.line[:, 0])
    return np.column_stack(
        [
            np.log1p(contrast),
            np.log1p(np.abs(lower_mean - upper_mean)),
            _agreement(along, clear, contrast),
            lines.scatter,
            np.minimum(texture / (contrast + 1), 3),
            np.log1p(_distance(profile, _ABOVE, _FAR_ABOVE)),
            _likeness_to_skin(profile[:, _UPPER].mean(axis=1), patch.skin_rgb),
            _likeness_to_skin(profile[:, _LOWER].mean(axis=1), patch.skin_rgb),
            height,
            height**2,
        ]
    )


def _mean(values: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the weighted mean over the last two axes."""
    total = np.maximum(weight.sum(axis=(1, 2)), 1)
    return np.asarray((values * weight).sum(axis=(1, 2)) / total, np.float32)


def _agreement(
    along: NDArray[np.float32], clear: NDArray[np.float32], contrast: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the share of the seen columns that show at least half the line's step."""
    step = along[:, _BELOW].mean(axis=1) - along[:, _ABOVE].mean(axis=1)
    seen = clear[:, _ABOVE.start : _BELOW.stop].min(axis=1) > 0
    agreeing = seen & (step > contrast[:, None] / 2)
    return np.asarray(agreeing.sum(axis=1) / np.maximum(seen.sum(axis=1), 1))


def _distance(profile: NDArray[np.float32], first: slice, second: slice) -> NDArray[np.float32]:
    """Return how far the colours of two bands are apart, CIE L*a*b*."""
    apart = profile[:, first].mean(axis=1) - profile[:, second].mean(axis=1)
    return np.asarray(np.linalg.norm(apart, axis=1), np.float32)


def _likeness_to_skin(
    lab: NDArray[np.float32], skin_rgb: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return how like the face's or the hand's each colour is, 0..1.

    Shade changes all three channels by one factor, so that their ratios tell more.
    """
    if len(skin_rgb) == 0:
        return np.zeros(len(lab))
    rgb = 255 * cv2.cvtColor(lab[None].astype(np.float32), cv2.COLOR_LAB2RGB)[0]
    apart = np.log(np.maximum(rgb, 3) + 5)[:, None] - np.log(np.maximum(skin_rgb, 3) + 5)
    ratios = np.hypot(apart[..., 0] - apart[..., 1], apart[..., 2] - apart[..., 1])
    distance = (ratios + _BRIGHTNESS_SHARE * np.abs(apart[..., 1])).min(axis=1)
    return np.asarray(1 / (1 + (distance / _SKIN_SPREAD) ** 2), float)
