"""A round glass beside the pointer that shows the spot under a handle larger."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QWidget

from app.gui.picture.mark_items import draw_cross
from app.gui.style.theme import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPaintEvent

    from app.gui.picture.view__picture_view import PictureView

#: Logical pixels: across the glass, from the spot to its middle, from the view's edge; and
#: the free middle and the arms of its cross.
_ACROSS_PX, _BESIDE_PX, _EDGE_PX = 150, 125, 6
_GAP_PX, _ARM_PX = 7.0, 30.0
#: Nearer to the spot than this the glass, or the finger on it, would hide it.
_CLEAR_PX = _ACROSS_PX / 2 + 22
_DIRECTIONS = 16
TIMES = 3.0
#: After an arrow key it stays this long.
_LINGER_MS = 1500


class Magnifier(QWidget):
    """Lies over the view, takes no mouse, and never covers the spot itself."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._spot = QPointF()
        self._colour = QColor("white")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LINGER_MS)
        self._timer.timeout.connect(self.hide)
        self.resize(_ACROSS_PX, _ACROSS_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_spot(
        self, spot: QPointF, colour: QColor, beside: Sequence[QRect] = (), *, briefly: bool = False
    ) -> None:
        """Show a place of the scene, beside it.

        Parameters
        ----------
        spot
            Pixels of the full picture.
        colour
            Of the cross.
        beside
            Parts of the view that had better not be covered.
        briefly
            Whether to go away by itself.
        """
        self._spot, self._colour = spot, colour
        self._timer.stop()
        if briefly:
            self._timer.start()
        self.move(self._corner(self._view.mapFromScene(spot), beside))
        self.show()
        self.raise_()
        self.update()

    def _corner(self, at: QPoint, beside: Sequence[QRect]) -> QPoint:
        """Return the glass's corner: off the spot, off the rest if it can be, else above."""
        half = _ACROSS_PX // 2
        room_x, room_y = self._view.width() - _ACROSS_PX, self._view.height() - _ACROSS_PX
        best, least = QPoint(0, 0), math.inf
        for step in range(_DIRECTIONS):
            turn = math.tau * step / _DIRECTIONS
            wish_x = at.x() + _BESIDE_PX * math.sin(turn) - half
            wish_y = at.y() - _BESIDE_PX * math.cos(turn) - half
            x = round(min(max(wish_x, _EDGE_PX), max(room_x - _EDGE_PX, 0)))
            y = round(min(max(wish_y, _EDGE_PX), max(room_y - _EDGE_PX, 0)))
            hidden_px = max(0.0, _CLEAR_PX - math.hypot(x + half - at.x(), y + half - at.y()))
            glass = QRect(QPoint(x, y), QSize(_ACROSS_PX, _ACROSS_PX))
            covered = sum(_area(glass & part) for part in beside) / _area(glass)
            cost = 1000 * hidden_px + 100 * covered + abs(math.sin(turn / 2))
            if cost < least:
                best, least = QPoint(x, y), cost
        return best

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the picture alone, larger, in a ring with a cross."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glass = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        ring = QPainterPath()
        ring.addEllipse(glass)
        painter.setClipPath(ring)
        painter.fillRect(self.rect(), QColor(colours().stage))
        reach = glass.width() / (TIMES * self._view.transform().m11())
        source = QRectF(self._spot.x() - reach / 2, self._spot.y() - reach / 2, reach, reach)
        self._view.draw_picture(painter, glass, source)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor("black"), 4), QPen(QColor("white"), 2)):
            painter.setPen(pen)
            painter.drawEllipse(glass)
        painter.translate(glass.center())
        draw_cross(painter, self._colour, _GAP_PX, _ARM_PX)
        painter.end()


def _area(part: QRect) -> int:
    return part.width() * part.height() if part.isValid() else 0
