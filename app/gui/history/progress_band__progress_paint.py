"""How what was done is painted, mark by mark."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from app.gui.style.theme import colours
from app.history.records import Ability

if TYPE_CHECKING:
    from app.gui.history.progress_band__progress_shape import Mark

#: However much time is in view, a mark is no wider.
WIDEST_PX = 10.0
_AWAY_OPACITY, _RING_PX, _SMALLEST_PX = 0.45, 1.5, 2.0
#: In sixteenths of a degree, as Qt counts.
_TOP, _LEFT_HALF = 90 * 16, 180 * 16


class Row(StrEnum):
    """The rows of the band, from above."""

    EXERCISES = "exercises"
    BREAKS = "breaks"
    SELF_CHECK = "self_check"


def paint_mark(painter: QPainter, row: Row, mark: Mark, at: QPointF, size: QSizeF) -> None:
    """Paint one mark in one row; ``at`` is the middle of its upper edge."""
    if row is Row.EXERCISES:
        _paint_exercises(painter, mark.exercise, at, size)
    elif row is Row.BREAKS:
        _paint_breaks(painter, mark, at, size)
    elif mark.level is not None:
        middle = at + QPointF(0, size.height() / 2)
        _paint_level(painter, mark.level, middle, min(size.height(), WIDEST_PX) / 2)


def _paint_exercises(painter: QPainter, strength: float, at: QPointF, size: QSizeF) -> None:
    """Paint a square, stronger the more was done."""
    if strength:
        colour = QColor(colours().mark)
        colour.setAlphaF(strength)
        side = min(size.width(), size.height())
        top = at.y() + (size.height() - side) / 2
        painter.fillRect(QRectF(at.x() - side / 2, top, side, side), colour)


def _paint_breaks(painter: QPainter, mark: Mark, at: QPointF, size: QSizeF) -> None:
    """Paint a bar, those that were noticed paler and above those that were said."""
    foot = at.y() + size.height()
    for share, opacity in ((mark.taken, 1.0), (mark.away, _AWAY_OPACITY)):
        if share:
            colour = QColor(colours().muted)
            colour.setAlphaF(opacity)
            tall = max(share * size.height(), 1.0)
            left = at.x() - size.width() / 2
            painter.fillRect(QRectF(left, foot - tall, size.width(), tall), colour)
            foot -= tall


def _paint_level(painter: QPainter, level: Ability, middle: QPointF, radius: float) -> None:
    """Paint a full dot for yes, half of one for partly, a ring for no."""
    ink = QColor(colours().text)
    radius = max(radius - _RING_PX / 2, _SMALLEST_PX)
    painter.setPen(QPen(ink, _RING_PX))
    painter.setBrush(ink if level is Ability.YES else Qt.GlobalColor.transparent)
    painter.drawEllipse(middle, radius, radius)
    if level is Ability.PARTLY:
        painter.setBrush(ink)
        corner = middle - QPointF(radius, radius)
        painter.drawPie(QRectF(corner, QSizeF(2 * radius, 2 * radius)), _TOP, _LEFT_HALF)
