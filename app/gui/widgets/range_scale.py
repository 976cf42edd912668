"""Where relaxed standing lies between tucked and arched, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.style.theme import LESSER_OPACITY, colours
from app.text import range_test

if TYPE_CHECKING:
    from vision.range_of_motion import Likely

_SIDE_PX, _LINE_Y_PX, _HEIGHT_PX = 34.0, 18.0, 54
_TICK_PX, _BAR_PX, _DOT_PX = 6.0, 6.0, 8.0
#: How far beyond its ends the line goes, for whoever stands relaxed beyond them; per cent.
_BEYOND = 25.0


class RangeScale(QWidget):
    """A line from tucked to arched; no place on it is marked as right or wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._place: Likely | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(range_test.SCALE)

    def show_place(self, place: Likely) -> None:
        """Show a place in per cent, with its interval."""
        self._place = place
        self.setAccessibleDescription(range_test.place_words(place))
        self.setToolTip(range_test.place_words(place))
        self.update()

    def x_of(self, percent: float) -> float:
        """Return where a place lies, in logical pixels; far beyond the ends stays on the line."""
        inside = min(max(percent, -_BEYOND), 100.0 + _BEYOND)
        width = max(1.0, self.width() - 2 * _SIDE_PX)
        return _SIDE_PX + (inside + _BEYOND) / (100.0 + 2 * _BEYOND) * width

    def sizeHint(self) -> QSize:
        """Return the size at which the words have room."""
        return QSize(300, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the line, its two ends, the interval and the place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = colours()
        line = QPen(QColor(chosen.muted), 1.5)
        painter.setPen(line)
        painter.drawLine(QPointF(self.x_of(0), _LINE_Y_PX), QPointF(self.x_of(100), _LINE_Y_PX))
        for percent, name in ((0.0, range_test.TUCKED), (100.0, range_test.ARCHED)):
            x = self.x_of(percent)
            painter.drawLine(QPointF(x, _LINE_Y_PX - _TICK_PX), QPointF(x, _LINE_Y_PX + _TICK_PX))
            under = QRectF(x - 80, _LINE_Y_PX + _TICK_PX + 4, 160, _HEIGHT_PX)
            flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            painter.drawText(under, flags, name)
        if self._place is not None:
            low, high = self.x_of(self._place.low), self.x_of(self._place.high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.accent))
            painter.setOpacity(LESSER_OPACITY)
            top = _LINE_Y_PX - _BAR_PX / 2
            painter.drawRoundedRect(QRectF(low, top, high - low, _BAR_PX), 3, 3)
            painter.setOpacity(1.0)
            centre = QPointF(self.x_of(self._place.value), _LINE_Y_PX)
            painter.drawEllipse(centre, _DOT_PX, _DOT_PX)
        painter.end()
