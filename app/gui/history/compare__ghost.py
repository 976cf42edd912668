"""A second picture laid over the first, see-through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPixmap, QTransform
from PyQt6.QtWidgets import QGraphicsPixmapItem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vision.alignment import Alignment


def ghost_item(
    rgb: NDArray[np.uint8], size_px: tuple[int, int], alignment: Alignment
) -> QGraphicsPixmapItem:
    """Return the second picture as an item in pixels of the first.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8, perhaps smaller than the full picture.
    size_px
        Width and height of the full picture, whose pixels ``alignment`` is about.
    alignment
        How it lies over the first.
    """
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    item = QGraphicsPixmapItem(QPixmap.fromImage(image))
    item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
    full = QTransform.fromScale(size_px[0] / width, size_px[1] / height)
    item.setTransform(full * _transform(alignment))
    return item


def _transform(a: Alignment) -> QTransform:
    """Return it for Qt, which multiplies rows by matrices."""
    return QTransform(a.m11, a.m21, a.m12, a.m22, a.dx_px, a.dy_px)
