"""The live picture with everything over it, made to be read from three metres away."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF

from app.gui.picture import stage
from app.gui.picture.overlay import plate_colour
from app.gui.picture.stage import MARGIN_PX, SMALL, WHITE, font_for, letters_px
from app.text import live
from vision.live.events import LiveState, Moment, SqueezeMoment, SqueezePhase
from vision.live.smoothing import SteadyWhole
from vision.overlay.shapes import HALO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.gui.background.camera import LiveLook
    from vision.live.events import AnyMoment
    from vision.result import TiltEstimate

#: In shares of the stage's height, and the least in logical pixels. Letters of a twelfth are
#: legible from three metres on a laptop's screen.
INSTRUCTION, _NUMBER, _SENTENCE = (1 / 12, 40.0), (1 / 9, 48.0), (1.2 / 26, 20.4)
_RING_SHARE = 1 / 4
_GUIDE_HEIGHT, _GUIDE_WIDTH = 0.9, 0.36
#: Light colours of Okabe and Ito's palette, told apart by colour-blind eyes; each comes with
#: a sign of its own shape and a word.
STATE_COLOURS: Mapping[LiveState, str] = {
    LiveState.SEARCHING: "#d0d4da",
    LiveState.ADJUST: "#ffb020",
    LiveState.READY: "#56b4e9",
    LiveState.CAPTURING: "#40d6a0",
    LiveState.CAPTURED: "#40d6a0",
    LiveState.LOST: "#ff9a7a",
}
#: The frame for the body helps only until the person stands well.
_GUIDED = frozenset({LiveState.SEARCHING, LiveState.ADJUST})
_PHASE_S = {SqueezePhase.RELAXED: 4.0, SqueezePhase.SQUEEZED: 5.0}
#: Of no meaning to somebody who holds a key down to use a shortcut.
_SILENT_KEYS = frozenset(
    {
        *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta),
        *(Qt.Key.Key_AltGr, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_CapsLock),
    }
)


class LiveStage(stage.PersonStage):
    """Paints the newest picture, the instruction, the number, or a sentence in their place.

    Attributes
    ----------
    instruction
        The words of the instruction, as they are painted.
    tilt
        The tilt as it is painted, in whole degrees.
    """

    #: Any key but those that move about in the window.
    key_pressed = pyqtSignal()

    def __init__(self, is_mirrored: bool = True) -> None:
        super().__init__(QSize(720, 540), QSize(320, 280), _SENTENCE, is_mirrored)
        self.setAccessibleName(self.tr("Live picture"))
        self.instruction = ""
        self._whole = SteadyWhole(), SteadyWhole()
        self.tilt: TiltEstimate | None = None

    def show_look(self, look: LiveLook[AnyMoment]) -> None:
        """Show a picture and what is said about it."""
        self._steady(look.moment.tilt)
        cue = live.cue_of(look.moment.state, look.moment.instruction)
        self.instruction = cue.shown if cue is not None else ""
        super().show_look(look)

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._steady(None)
        self.instruction = ""
        super().show_sentence(sentence)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let whoever comes back to the computer stop it with any key."""
        if event is None:
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _SILENT_KEYS or held != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        else:
            self.key_pressed.emit()

    def _words(self, moment: AnyMoment) -> list[str]:
        del moment
        return [self.instruction]

    def _paint_words(self, painter: QPainter, box: QRectF, look: LiveLook[AnyMoment]) -> None:
        moment = look.moment
        if moment.state in _GUIDED and not look.preview.isNull():
            paint_guide(painter, stage.picture_box(box, look.preview), box.height())
        if self.instruction:
            paint_instruction(painter, box, self.instruction, moment.state)
        if self.tilt is not None:
            value, likely = live.number(self.tilt), live.likely(self.tilt)
            paint_number(painter, box, value, likely)
        if isinstance(moment, Moment):
            if moment.state is LiveState.CAPTURING:
                paint_ring(painter, box, moment.progress, "")
            if moment.wanted > 1:
                paint_dots(painter, box, moment.taken, moment.wanted)
        elif moment.phase is not None:
            self._paint_phase(painter, box, moment, moment.phase)

    def _paint_phase(
        self, painter: QPainter, box: QRectF, moment: SqueezeMoment, phase: SqueezePhase
    ) -> None:
        share = 1 - moment.seconds_left / _PHASE_S[phase]
        paint_ring(painter, box, share, str(max(1, math.ceil(moment.seconds_left))))
        paint_dots(painter, box, moment.round_number - 1, live.SQUEEZE_ROUNDS)

    def _steady(self, tilt: TiltEstimate | None) -> None:
        if tilt is None or self.tilt is None or tilt.method is not self.tilt.method:
            for whole in self._whole:
                whole.reset()
        if tilt is None:
            self.tilt = None
            return
        numbers_deg = tilt.angle_deg, tilt.half_width_deg
        shown = [whole.show(deg) for whole, deg in zip(self._whole, numbers_deg, strict=True)]
        angle_deg, half_deg = map(float, shown)
        self.tilt = replace(
            tilt, angle_deg=angle_deg, doubt=tilt.doubt.times(half_deg / tilt.half_width_deg)
        )


def paint_instruction(painter: QPainter, box: QRectF, words: str, state: LiveState) -> None:
    """Paint the instruction at the stage's top, with the state's sign before it."""
    large_px, colour = letters_px(INSTRUCTION, box.height()), QColor(STATE_COLOURS[state])
    sign_px, indent_px = 0.9 * large_px, 0.9 * large_px + MARGIN_PX
    said = live.STATES[state]
    stage.paint_headline(painter, box, words, said, colour, large_px, indent_px)
    left, top = box.left() + 2 * MARGIN_PX, box.top() + MARGIN_PX / 2 + 0.15 * large_px
    _paint_sign(painter, QRectF(left, top, sign_px, sign_px), state)


def paint_number(painter: QPainter, box: QRectF, value: str, likely: str) -> None:
    """Paint the tilt at the lower left of the stage."""
    large_px, small_px = letters_px(_NUMBER, box.height()), letters_px(SMALL, box.height())
    large, small = font_for(painter, large_px, is_bold=True), font_for(painter, 1.4 * small_px)
    stage.paint_lines(painter, box, ((value, large), (likely, small)), MARGIN_PX)


def paint_ring(painter: QPainter, box: QRectF, share: float, digits: str) -> None:
    """Paint how much is done, 0..1, at the right edge, with seconds inside it if any."""
    side = min(box.height(), box.width()) * _RING_SHARE
    ring = QRectF(box.right() - side - MARGIN_PX, box.center().y() - side / 2, side, side)
    colour = QColor(STATE_COLOURS[LiveState.CAPTURING])
    stage.paint_ring(painter, ring, share, colour, digits, 0.5 * side)


def paint_dots(painter: QPainter, box: QRectF, taken: int, wanted: int) -> None:
    """Paint one dot a repeat at the lower right, those that are taken filled."""
    letter = letters_px(SMALL, box.height())
    radius, text = letter * 0.45, live.OF_REPEATS.format(taken=taken, wanted=wanted)
    font = font_for(painter, letter * 1.2, is_bold=True)
    text_width = QFontMetricsF(font).horizontalAdvance(text)
    width = wanted * 3 * radius + text_width + 3 * MARGIN_PX
    plate = QRectF(0, 0, width, letter * 2)
    plate.moveBottomRight(box.bottomRight())
    painter.fillRect(plate, plate_colour())
    y = plate.center().y()
    for number in range(wanted):
        centre = QPointF(plate.left() + MARGIN_PX + radius * (3 * number + 1), y)
        painter.setPen(QPen(WHITE, 2))
        painter.setBrush(WHITE if number < taken else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
    painter.setFont(font)
    painter.setPen(WHITE)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    painter.drawText(plate.adjusted(0, 0, -MARGIN_PX, 0), flags, text)


def paint_guide(painter: QPainter, picture: QRectF, stage_px: float) -> None:
    """Paint the frame that the body should fill, with a mark at the height of the lens."""
    height = picture.height() * _GUIDE_HEIGHT
    width = min(picture.width() * 0.9, height * _GUIDE_WIDTH / _GUIDE_HEIGHT)
    frame = QRectF(0, 0, width, height)
    frame.moveCenter(picture.center())
    for colour, thick in ((QColor(*HALO), 6.0), (WHITE, 2.5)):
        pen = QPen(colour, thick, Qt.PenStyle.DashLine)
        pen.setDashPattern([5 * 2.5 / thick, 4 * 2.5 / thick])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 14, 14)
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        y = frame.center().y()
        for x, reach in ((frame.left(), 1), (frame.right(), -1)):
            painter.drawLine(QPointF(x - 10 * reach, y), QPointF(x + 0.18 * width * reach, y))
    letter = letters_px(SMALL, stage_px)
    middle = frame.center().y()
    _paint_label(painter, frame, middle - 1.9 * letter, live.GUIDE_HIPS, letter)
    _paint_label(painter, frame, frame.bottom() - 2 * letter, live.GUIDE_BODY, letter)


def _paint_label(painter: QPainter, frame: QRectF, top: float, text: str, letter: float) -> None:
    painter.setFont(font_for(painter, letter))
    width = painter.fontMetrics().horizontalAdvance(text) + MARGIN_PX
    plate = QRectF(frame.center().x() - width / 2, top, width, letter * 1.5)
    painter.fillRect(plate, plate_colour())
    painter.setPen(WHITE)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), text)


def _paint_sign(painter: QPainter, box: QRectF, state: LiveState) -> None:
    """Paint the state as a shape: a lens, a triangle, a tick, a disc, a crossed circle."""
    pen = QPen(QColor(STATE_COLOURS[state]), box.width() * 0.11)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()

    def at(x: float, y: float) -> QPointF:
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height())

    match state:
        case LiveState.SEARCHING:
            path.addEllipse(at(0.42, 0.42), 0.3 * box.width(), 0.3 * box.width())
            path.moveTo(at(0.65, 0.65))
            path.lineTo(at(0.92, 0.92))
        case LiveState.ADJUST:
            top = at(0.5, 0.08)
            path.addPolygon(QPolygonF([top, at(0.95, 0.9), at(0.05, 0.9), top]))
            for start, end in ((0.4, 0.6), (0.76, 0.77)):
                path.moveTo(at(0.5, start))
                path.lineTo(at(0.5, end))
        case LiveState.CAPTURING:
            painter.setBrush(pen.color())
            path.addEllipse(at(0.5, 0.5), 0.3 * box.width(), 0.3 * box.width())
        case LiveState.LOST:
            path.addEllipse(at(0.5, 0.5), 0.4 * box.width(), 0.4 * box.width())
            path.moveTo(at(0.24, 0.24))
            path.lineTo(at(0.76, 0.76))
        case _:
            path.moveTo(at(0.1, 0.55))
            path.lineTo(at(0.4, 0.85))
            path.lineTo(at(0.92, 0.18))
    painter.drawPath(path)
