"""What is painted over the picture of somebody who exercises: cue, count, hold, one fault."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.gui.widgets import stage
from app.gui.widgets.stage import font_for, plate_colour
from vision.coach.events import CoachState

if TYPE_CHECKING:
    from collections.abc import Mapping

#: In shares of the stage's height, and the least in logical pixels. A twelfth is legible from
#: three metres on a laptop's screen; whoever lies on the floor looks from the side, so it is more.
_CUE, _COUNT, _FAULT, _SMALL = (1 / 10, 40.0), (1 / 5, 64.0), (1 / 13, 34.0), (1 / 26, 17.0)
_RING_SHARE, _RING_THICK = 0.3, 0.12
_FULL_TURN = 360 * 16
_MARGIN_PX, _EDGE_PX = 12.0, 6.0
_WHITE = QColor("white")
_TRACK = QColor(255, 255, 255, 60)
#: Light colours of Okabe and Ito's palette; each comes with a word.
STATE_COLOURS: Mapping[CoachState, str] = {
    CoachState.SEARCHING: "#d0d4da",
    CoachState.ADJUST: "#ffb020",
    CoachState.READY: "#56b4e9",
    CoachState.MOVING: "#56b4e9",
    CoachState.TOP: "#40d6a0",
    CoachState.DONE: "#40d6a0",
    CoachState.LOST: "#ff9a7a",
}
_FAULT_COLOUR = "#ffb020"
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)


def cue_px(height_px: float) -> float:
    """Return how high the letters of a cue are on a stage so high."""
    return _letters(_CUE, height_px)


def count_px(height_px: float) -> float:
    """Return how high the digits of the count are on a stage so high."""
    return _letters(_COUNT, height_px)


def fault_px(height_px: float) -> float:
    """Return how high the letters of a fault are on a stage so high."""
    return _letters(_FAULT, height_px)


def paint_cue(painter: QPainter, box: QRectF, text: str, word: str, state: CoachState) -> QRectF:
    """Paint what is to be done at the top, the state in a word below it; return the plate.

    Parameters
    ----------
    box
        The stage.
    text
        A few words; two lines when they are too long for one.
    """
    colour = QColor(STATE_COLOURS[state])
    large, small = cue_px(box.height()), _letters(_SMALL, box.height())
    large_font, small_font = font_for(painter, large, is_bold=True), font_for(painter, small)
    room = QRectF(
        box.left() + 2 * _MARGIN_PX, box.top(), box.width() - 3 * _MARGIN_PX, box.height()
    )
    needed = _height_of(large_font, room, text) if text else 0.0
    height = needed + 1.5 * small + _MARGIN_PX
    plate = QRectF(box.left(), box.top(), box.width(), height)
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(box.left(), box.top(), _EDGE_PX, height), colour)
    top = box.top() + _MARGIN_PX / 2
    painter.setPen(_WHITE)
    painter.setFont(large_font)
    painter.drawText(QRectF(room.left(), top, room.width(), needed + 1), _WRAPPED, text)
    painter.setPen(colour)
    painter.setFont(small_font)
    below = QRectF(room.left(), top + needed, room.width(), 1.5 * small)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), word)
    return plate


def paint_count(painter: QPainter, box: QRectF, text: str) -> None:
    """Paint the count at the lower left."""
    font = font_for(painter, count_px(box.height()), is_bold=True)
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 3 * _MARGIN_PX
    plate = QRectF(box.left(), box.bottom() - metrics.height(), width, metrics.height())
    painter.fillRect(plate, plate_colour())
    painter.setPen(_WHITE)
    painter.setFont(font)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), text)


def paint_fault(painter: QPainter, box: QRectF, cue: QRectF, text: str) -> None:
    """Paint one fault on a plate across the stage, below that of the cue."""
    font = font_for(painter, fault_px(box.height()), is_bold=True)
    room = QRectF(box.left(), box.top(), box.width() - 4 * _MARGIN_PX, box.height())
    height = _height_of(font, room, text) + _MARGIN_PX
    plate = QRectF(box.left(), cue.bottom() + 1, box.width(), height)
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(plate.left(), plate.top(), _EDGE_PX, height), QColor(_FAULT_COLOUR))
    painter.setPen(QColor(_FAULT_COLOUR))
    painter.setFont(font)
    inside = plate.adjusted(2 * _MARGIN_PX, _MARGIN_PX / 2, -2 * _MARGIN_PX, 0)
    painter.drawText(inside, _WRAPPED, text)


def paint_hold(painter: QPainter, box: QRectF, held_s: float, wanted_s: float) -> None:
    """Paint for how long the top was held, at the lower right: whole seconds in a ring."""
    side = min(box.height(), box.width()) * _RING_SHARE
    thick = side * _RING_THICK
    ring = QRectF(box.right() - side - _MARGIN_PX, box.bottom() - side - _MARGIN_PX, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawEllipse(ring)
    inside = ring.adjusted(thick, thick, -thick, -thick)
    paint_arc(
        painter,
        inside,
        min(1.0, held_s / wanted_s),
        thick,
        _TRACK,
        QColor(STATE_COLOURS[CoachState.TOP]),
    )
    painter.setPen(_WHITE)
    painter.setFont(font_for(painter, side * 0.45, is_bold=True))
    painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), str(math.floor(held_s)))


def paint_arc(
    painter: QPainter, box: QRectF, share: float, thick_px: float, track: QColor, colour: QColor
) -> None:
    """Paint a ring of which a share, 0..1, is filled, clockwise from the top."""
    pen = QPen(track, thick_px)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(box)
    pen.setColor(colour)
    painter.setPen(pen)
    painter.drawArc(box, _FULL_TURN // 4, -round(_FULL_TURN * min(1.0, max(0.0, share))))


def paint_sentence(painter: QPainter, box: QRectF, sentence: str) -> None:
    """Say something in place of a picture."""
    stage.paint_sentence(painter, box, sentence, fault_px(box.height()))


def _letters(size: tuple[float, float], height_px: float) -> float:
    share, least_px = size
    return max(least_px, share * height_px)


def _height_of(font: QFont, room: QRectF, text: str) -> float:
    return QFontMetricsF(font).boundingRect(room, _WRAPPED, text).height()
