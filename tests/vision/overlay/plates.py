"""Where the plates of labels lie on a picture, and whether they cover somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.overlay.raster import TextRow, set_text
from vision.overlay.shapes import Label, place_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.overlay.shapes import Shape


def plates_of(shapes: Sequence[Shape], width: int, height: int) -> list[tuple[float, ...]]:
    """Return the box (left, top, right, bottom) of every label in a picture."""
    labels = [shape for shape in shapes if isinstance(shape, Label)]
    plates = [
        set_text(
            [
                TextRow(t, max(13, round(s)))
                for t, s in zip(label.lines, label.sizes_px, strict=True)
            ],
            width,
            height // 2,
        )
        for label in labels
    ]
    sizes = [(float(plate.width_px), float(plate.height_px)) for plate in plates]
    corners = place_labels(labels, sizes, width, height)
    return [(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, sizes, strict=True)]


def is_on_body(outline_px: NDArray[np.float32], box: tuple[float, ...]) -> bool:
    """Tell whether a box meets a closed outline or lies in it."""
    left, top, right, bottom = box
    points = outline_px[np.isfinite(outline_px).all(axis=1)].astype(np.float64)
    steps = np.linspace(0.0, 1.0, 8)[:, None, None]
    edge = (points * (1 - steps) + np.roll(points, -1, axis=0) * steps).reshape(-1, 2)
    within = (edge > (left, top)).all(axis=1) & (edge < (right, bottom)).all(axis=1)
    middle = (left + right) / 2, (top + bottom) / 2
    return bool(within.any()) or cv2.pointPolygonTest(points.astype(np.float32), middle, False) >= 0
