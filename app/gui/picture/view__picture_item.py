"""A photograph in a graphics scene, smooth however small it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter, QPixmap
from PyQt6.QtWidgets import QGraphicsItem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

#: No half is made of a picture whose shorter side is less than this.
_HALVED_MIN_PX = 64


class PictureItem(QGraphicsItem):
    """A picture that covers its full size in the scene, of whatever size its pixels are.

    Smooth drawing looks at four pixels for each one drawn and passes over the others when
    the picture is made much smaller; so halves and quarters are made when first needed.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8, with contiguous rows.
    full_size_px
        Width and height in the scene.
    """

    def __init__(self, rgb: NDArray[np.uint8], full_size_px: tuple[int, int]) -> None:
        super().__init__()
        height, width = rgb.shape[:2]
        stride, form = rgb.strides[0], QImage.Format.Format_RGB888
        # The pixmap holds the pixels from here on, not the array.
        image = QImage(rgb.data, width, height, stride, form)  # type: ignore[call-overload]
        self._levels = [QPixmap.fromImage(image)]
        self._box = QRectF(0.0, 0.0, *full_size_px)

    def boundingRect(self) -> QRectF:
        """Return the full picture."""
        return self._box

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the whole picture; what does not show costs nothing."""
        del option, widget
        if painter is not None:
            ratio = painter.deviceTransform().m11()
            self._draw(painter, self._box, self._box, ratio)

    def draw_part(self, painter: QPainter, target: QRectF, source: QRectF) -> None:
        """Draw a part of the picture elsewhere, such as into a magnifying glass.

        Parameters
        ----------
        painter
            Any.
        target
            Where to, in the painter's units.
        source
            Which part, in pixels of the full picture; what lies outside it stays as it was.
        """
        part = source & self._box
        if part.isEmpty():
            return
        scale = target.width() / source.width()
        left_top = target.topLeft() + (part.topLeft() - source.topLeft()) * scale
        shown = QRectF(left_top, part.size() * scale)
        self._draw(painter, shown, part, scale * painter.deviceTransform().m11())

    def _draw(self, painter: QPainter, target: QRectF, part: QRectF, ratio: float) -> None:
        """Draw with ``ratio`` pixels of the device to one of the full picture."""
        wanted_px = ratio * self._box.width()
        level = 0
        while self._has_level(level + 1) and wanted_px <= self._levels[level].width() / 2:
            level += 1
        pixmap = self._levels[level]
        across, down = pixmap.width() / self._box.width(), pixmap.height() / self._box.height()
        source = QRectF(
            part.x() * across, part.y() * down, part.width() * across, part.height() * down
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, pixmap, source)

    def _has_level(self, level: int) -> bool:
        """Tell whether there is one; each is half of the one before."""
        last = self._levels[-1]
        if level < len(self._levels):
            return True
        if min(last.width(), last.height()) < 2 * _HALVED_MIN_PX:
            return False
        half = last.scaled(
            last.width() // 2,
            last.height() // 2,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._levels.append(half)
        return True
