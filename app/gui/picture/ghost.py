"""How somebody stood in an earlier check, laid faintly over a camera's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Quiet, and yet to be seen on light and on dark: a faint body with a dashed edge on a rim.
_BODY, _EDGE, _RIM = QColor(255, 255, 255, 40), QColor(255, 255, 255, 190), QColor(10, 12, 16, 110)
_EDGE_PX, _RIM_PX = 2.0, 4.0


class Ghost:
    """The outline of somebody who stood before; painted once for each size it is shown at.

    A picture of another shape is taken to be as high: the body keeps its share of the height,
    and its middle its share of the width.

    Parameters
    ----------
    outline_px
        Shape (n, 2): pixels of the earlier picture.
    size_px
        Width and height of that picture.
    """

    def __init__(self, outline_px: NDArray[np.float32], size_px: tuple[int, int]) -> None:
        points = np.asarray(outline_px, np.float64).reshape(-1, 2)
        self._points = points[np.isfinite(points).all(axis=1)]
        self._size_px = size_px
        self._drawn: QPixmap | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show, as for checks that came without an outline."""
        return len(self._points) < 3 or min(self._size_px) <= 0

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Paint it over a picture that fills this box."""
        if self.is_empty or box.isEmpty():
            return
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        wanted = QSize(round(box.width() * ratio), round(box.height() * ratio))
        if self._drawn is None or self._drawn.size() != wanted:
            self._drawn = self._draw(wanted, ratio)
        painter.drawPixmap(box.topLeft(), self._drawn)

    def placed_px(self, width_px: float, height_px: float) -> NDArray[np.float64]:
        """Return the outline as it lies on a picture that is shown at this size."""
        wide, high = self._size_px
        scale = height_px / high
        middle_px = (self._points[:, 0].min() + self._points[:, 0].max()) / 2
        shift = width_px * middle_px / wide - scale * middle_px
        return np.asarray(self._points * scale + (shift, 0.0))

    def _draw(self, size: QSize, ratio: float) -> QPixmap:
        drawn = QPixmap(size)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        placed = self.placed_px(size.width() / ratio, size.height() / ratio).tolist()
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in placed]))
        path.closeSubpath()
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, _BODY)
        painter.strokePath(path, QPen(_RIM, _RIM_PX))
        painter.strokePath(path, QPen(_EDGE, _EDGE_PX, Qt.PenStyle.DashLine))
        painter.end()
        return drawn
