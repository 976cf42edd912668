"""A body's outline with as few corners as keep its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.image.frame import WORKING_SIDE_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How far the simpler outline may lie from the full one, in pixels of the picture's copy;
#: rounding adds less than a tenth, and together they stay below one.
TOLERANCE_PX = 0.75


def simplify_outline(
    outline_px: NDArray[np.float32], size_px: tuple[int, int]
) -> NDArray[np.float32]:
    """Leave out the corners without which the outline looks the same.

    Douglas and Peucker 1973, Cartographica 10:112, on the closed outline cut open at its
    first corner and the one farthest from it.

    Parameters
    ----------
    outline_px
        Shape (n, 2), pixels of the full picture.
    size_px
        Width and height of the full picture.

    Returns
    -------
    ndarray
        Shape (m, 2), float32, m <= n: corners of the given outline in their order. No
        point of the given outline is farther from it than :data:`TOLERANCE_PX` of a
        picture of at most 1600 px.
    """
    count = len(outline_px)
    if count <= 3:
        return outline_px.astype(np.float32)
    tolerance_px = TOLERANCE_PX * max(1.0, max(size_px) / WORKING_SIDE_PX)
    corners = outline_px.astype(np.float64)
    closed = np.concatenate([corners, corners[:1]])
    farthest = int(np.argmax(np.hypot(*(corners - corners[0]).T)))
    kept = np.unique([0, farthest, count])
    # All stretches between kept corners are split at once, as often as one needs it.
    while True:
        stretch = np.searchsorted(kept, np.arange(count), "right") - 1
        off_px = _distances_px(corners, closed[kept[stretch]], closed[kept[stretch + 1]])
        worst_px = np.maximum.reduceat(off_px, kept[:-1])
        too_far = np.flatnonzero((off_px > tolerance_px) & (off_px == worst_px[stretch]))
        if not len(too_far):
            break
        _, first = np.unique(stretch[too_far], return_index=True)
        kept = np.union1d(kept, too_far[first])
    simpler: NDArray[np.float32] = outline_px[kept[:-1]].astype(np.float32)
    return simpler


def _distances_px(
    points: NDArray[np.float64], starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each point lies from its stretch between two others."""
    along = ends - starts
    length_squared = np.sum(along * along, axis=1)
    share = np.sum((points - starts) * along, axis=1) / np.where(
        length_squared > 0, length_squared, 1.0
    )
    off = points - starts - np.clip(share, 0.0, 1.0)[:, None] * along
    distances: NDArray[np.float64] = np.hypot(*off.T)
    return distances
