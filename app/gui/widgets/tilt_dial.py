"""An angle on a scale, with its interval and the usual range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.style.theme import Colours, colours, text_factor
from app.text import check
from app.text.check import number_words
from app.text.measurement import USUAL_HIGH_DEG, USUAL_LOW_DEG
from vision.result import Method

if TYPE_CHECKING:
    from vision.result import TiltEstimate

#: The scale reaches further where an angle or its interval does.
_LEAST_DEG, _MOST_DEG, _STEP_DEG, _ROOM_DEG = -10.0, 30.0, 10.0, 2.0
_SIDE_PX, _BAND_TOP_PX, _BAND_PX = 14.0, 22.0, 30.0
_BAR_PX, _DOT_PX, _TICK_PX = 6.0, 8.0, 5.0
_HEIGHT_PX = 92
#: Larger letters would not find room on the scale.
_SMALL_PT, _FACTOR_MAX = 8.5, 1.25


class TiltDial(QWidget):
    """A scale from backward to forward.

    The band is where most people without pain stand; no colour says that a place on the
    scale is right or wrong.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tilt: TiltEstimate | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Scale"))

    def show_tilt(self, tilt: TiltEstimate | None) -> None:
        """Show an angle, or none."""
        self._tilt = tilt
        said = "" if tilt is None else str(number_words(tilt))
        if tilt is not None and self._has_band():
            said = self.tr("{number} Shown with the {range}.").format(
                number=said, range=check.USUAL_RANGE
            )
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def range_deg(self) -> tuple[float, float]:
        """Return the ends of the scale, whole tens that hold the interval."""
        tilt = self._tilt
        if tilt is None:
            return _LEAST_DEG, _MOST_DEG
        low = min(tilt.low_deg, tilt.angle_deg) - _ROOM_DEG
        high = max(tilt.high_deg, tilt.angle_deg) + _ROOM_DEG
        return (
            min(_LEAST_DEG, math.floor(low / _STEP_DEG) * _STEP_DEG),
            max(_MOST_DEG, math.ceil(high / _STEP_DEG) * _STEP_DEG),
        )

    def x_of(self, angle_deg: float) -> float:
        """Return where an angle lies, in logical pixels."""
        low, high = self.range_deg()
        width = max(1.0, self.width() - 2 * _SIDE_PX)
        return _SIDE_PX + (angle_deg - low) / (high - low) * width

    def sizeHint(self) -> QSize:
        """Return the size at which the words have room."""
        return QSize(300, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which the words still have room."""
        return QSize(220, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint band, scale, interval and angle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = colours()
        small = QFont(self.font())
        small.setPointSizeF(_SMALL_PT * min(text_factor(), _FACTOR_MAX))
        painter.setFont(small)
        if self._has_band():
            self._paint_band(painter, chosen)
        self._paint_scale(painter, chosen)
        if self._tilt is not None:
            self._paint_tilt(painter, self._tilt, chosen)
        painter.end()

    def _has_band(self) -> bool:
        """Tell whether the usual range belongs here: it is one of pelves, not of belts."""
        return self._tilt is None or self._tilt.method is not Method.BELT

    def _paint_band(self, painter: QPainter, chosen: Colours) -> None:
        left, right = self.x_of(USUAL_LOW_DEG), self.x_of(USUAL_HIGH_DEG)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chosen.band))
        painter.drawRoundedRect(QRectF(left, _BAND_TOP_PX, right - left, _BAND_PX), 5, 5)
        painter.setPen(QColor(chosen.muted))
        self._text(painter, check.USUAL_RANGE, (left + right) / 2, _BAND_TOP_PX - 6)

    def _paint_scale(self, painter: QPainter, chosen: Colours) -> None:
        bottom = _BAND_TOP_PX + _BAND_PX
        low, high = self.range_deg()
        painter.setPen(QPen(QColor(chosen.muted), 1.0))
        painter.drawLine(QPointF(self.x_of(low), bottom), QPointF(self.x_of(high), bottom))
        baseline = bottom + _TICK_PX + painter.fontMetrics().ascent() + 2
        for step in range(round(low / _STEP_DEG), round(high / _STEP_DEG) + 1):
            x = self.x_of(step * _STEP_DEG)
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + _TICK_PX))
            text = f"{abs(step) * _STEP_DEG:.0f}°" if step else self.tr("level")
            self._text(painter, text, x, baseline)
        last = baseline + painter.fontMetrics().height()
        words = (
            (self.tr("← backward"), self.tr("forward →"))
            if self._has_band()
            else (self.tr("← higher in front"), self.tr("lower in front →"))
        )
        self._text(painter, words[0], 0.0, last)
        self._text(painter, words[1], float(self.width()), last)

    def _paint_tilt(self, painter: QPainter, tilt: TiltEstimate, chosen: Colours) -> None:
        middle = _BAND_TOP_PX + _BAND_PX / 2
        left, right = self.x_of(tilt.low_deg), self.x_of(tilt.high_deg)
        bar = QRectF(left, middle - _BAR_PX / 2, right - left, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chosen.mark))
        painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
        painter.setPen(QPen(QColor(chosen.card), 2.0))
        painter.drawEllipse(QPointF(self.x_of(tilt.angle_deg), middle), _DOT_PX, _DOT_PX)

    def _text(self, painter: QPainter, text: str, centre: float, baseline: float) -> None:
        """Write around a place, but inside the widget."""
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = min(max(0.0, centre - width / 2), self.width() - width)
        painter.drawText(QPointF(left, baseline), text)
