"""The live picture with everything over it, made to be read from three metres away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.picture import overlay as stage
from app.gui.picture.overlay import Overlay, font_for, plate_colour
from app.gui.style.theme import colours
from app.text import live
from vision.live.events import LiveState, Moment, SqueezeMoment, SqueezePhase
from vision.live.smoothing import SteadyWhole
from vision.overlay.shapes import HALO
from vision.result import TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.gui.background.frames import LiveLook

#: Letters of a twelfth of the stage are legible from three metres on a laptop's screen.
INSTRUCTION_SHARE, INSTRUCTION_LEAST_PX = 1 / 12, 40.0
_NUMBER_SHARE, _NUMBER_LEAST_PX = 1 / 9, 48.0
_SMALL_SHARE, _SMALL_LEAST_PX = 1 / 26, 17.0
_RING_SHARE = 1 / 4
_GUIDE_HEIGHT, _GUIDE_WIDTH = 0.9, 0.36
_FULL_TURN = 360 * 16
_WHITE = QColor("white")
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
_MARGIN_PX = 12.0
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


class LiveStage(QWidget):
    """Paints the newest picture, the instruction, the number, or a sentence in their place.

    Attributes
    ----------
    instruction
        The words of the instruction, as they are painted.
    sentence
        What stands in place of a picture.
    problem
        What keeps pictures from coming.
    tilt
        The tilt as it is painted, in whole degrees.
    """

    #: Any key but those that move about in the window.
    key_pressed = pyqtSignal()

    def __init__(self, is_mirrored: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_mirrored = is_mirrored
        self._look: LiveLook | None = None
        self._overlay: Overlay | None = None
        self.sentence = self.instruction = self.problem = ""
        self._whole = SteadyWhole(), SteadyWhole(), SteadyWhole()
        self.tilt: TiltEstimate | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Live picture"))

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Show the picture as in a mirror or as the camera sees it; nothing else changes."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_look(self, look: LiveLook) -> None:
        """Show a picture and what is said about it."""
        self._look = look
        self._overlay = Overlay(look.shapes, look.size_px)
        self.sentence = ""
        self._steady(look.moment.tilt)
        cue = live.cue_of(look.moment.state, look.moment.instruction)
        self._describe(cue.shown if cue is not None else "")
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._look = self._overlay = None
        self._steady(None)
        self.instruction, self.sentence, self.problem = "", sentence, ""
        self.setAccessibleDescription(sentence)
        self.update()

    def show_problem(self, sentence: str) -> None:
        """Say what keeps pictures from coming, while there is none; empty when they come."""
        self.problem = sentence
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which a standing person is recognisable."""
        return QSize(720, 540)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which the instruction can be read."""
        return QSize(320, 280)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let whoever comes back to the computer stop it with any key."""
        if event is None:
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _SILENT_KEYS or held != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        else:
            self.key_pressed.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint on the dark stage."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if self._look is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_picture(painter, self._look)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_words(painter, self._look)
            if self._look.preview.isNull() and self.problem:
                paint_sentence(painter, QRectF(self.rect()), self.problem)
        elif self.sentence:
            paint_sentence(painter, QRectF(self.rect()), self.sentence)
        if self.hasFocus():
            stage.paint_focus(painter, self.rect())
        painter.end()

    def _paint_picture(self, painter: QPainter, look: LiveLook) -> None:
        room, mirrored = QRectF(self.rect()), self._is_mirrored
        stage.paint_picture(
            painter, room, look.preview, self._overlay, look.size_px, is_mirrored=mirrored
        )

    def _paint_words(self, painter: QPainter, look: LiveLook) -> None:
        box, moment = QRectF(self.rect()), look.moment
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
        angles_deg = tilt.angle_deg, tilt.low_deg, tilt.high_deg
        shown = [whole.show(angle) for whole, angle in zip(self._whole, angles_deg, strict=True)]
        self.tilt = TiltEstimate(tilt.method, *map(float, shown))

    def _describe(self, instruction: str) -> None:
        if instruction != self.instruction:
            self.instruction = instruction
            self.setAccessibleDescription(instruction)


def instruction_px(height_px: float) -> float:
    """Return how high the letters of the instruction are on a stage so high."""
    return max(INSTRUCTION_LEAST_PX, height_px * INSTRUCTION_SHARE)


def small_px(height_px: float) -> float:
    """Return how high lesser letters are."""
    return max(_SMALL_LEAST_PX, height_px * _SMALL_SHARE)


def paint_instruction(painter: QPainter, box: QRectF, text: str, state: LiveState) -> None:
    """Paint the instruction at the stage's top, in two lines if need be, with sign and word."""
    colour = QColor(STATE_COLOURS[state])
    large, small = instruction_px(box.height()), small_px(box.height())
    font = font_for(painter, large, is_bold=True)
    metrics = QFontMetricsF(font)
    sign = large * 0.9
    room = box.width() - 4 * _MARGIN_PX - sign
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    needed = metrics.boundingRect(QRectF(0, 0, room, box.height()), flags, text)
    height = needed.height() + small * 1.5 + _MARGIN_PX
    plate = QRectF(box.left(), box.top(), box.width(), height)
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(box.left(), box.top(), 6, height), colour)
    top = box.top() + _MARGIN_PX / 2
    _paint_sign(painter, QRectF(box.left() + 2 * _MARGIN_PX, top + large * 0.15, sign, sign), state)
    left = box.left() + 3 * _MARGIN_PX + sign
    painter.setFont(font)
    painter.setPen(_WHITE)
    painter.drawText(QRectF(left, top, room, needed.height() + 1), flags, text)
    painter.setFont(font_for(painter, small))
    painter.setPen(colour)
    word = QRectF(left, top + needed.height(), room, small * 1.5)
    painter.drawText(word, int(Qt.AlignmentFlag.AlignVCenter), live.STATES[state])


def paint_number(painter: QPainter, box: QRectF, value: str, likely: str) -> None:
    """Paint the tilt at the lower left of the stage."""
    large = max(_NUMBER_LEAST_PX, box.height() * _NUMBER_SHARE)
    lines = (
        (value, font_for(painter, large, is_bold=True)),
        (likely, font_for(painter, 1.4 * small_px(box.height()))),
    )
    metrics = [QFontMetricsF(font) for _, font in lines]
    width = max(m.horizontalAdvance(line[0]) for m, line in zip(metrics, lines, strict=True))
    height = sum(m.height() for m in metrics)
    plate = QRectF(box.left(), box.bottom() - height - _MARGIN_PX, width + 3 * _MARGIN_PX, height)
    painter.fillRect(plate.adjusted(0, 0, 0, _MARGIN_PX), plate_colour())
    painter.setPen(_WHITE)
    top = plate.top()
    for (text, font), m in zip(lines, metrics, strict=True):
        painter.setFont(font)
        painter.drawText(QPointF(plate.left() + 1.5 * _MARGIN_PX, top + m.ascent()), text)
        top += m.height()


def paint_ring(painter: QPainter, box: QRectF, share: float, digits: str) -> None:
    """Paint how much is done, 0..1, at the right edge, with seconds inside it if any."""
    side = min(box.height() * _RING_SHARE, box.width() * _RING_SHARE)
    thick = side * 0.12
    ring = QRectF(box.right() - side - _MARGIN_PX, box.center().y() - side / 2, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawEllipse(ring)
    inside = ring.adjusted(thick, thick, -thick, -thick)
    pen = QPen(QColor(255, 255, 255, 60), thick)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(inside)
    pen.setColor(QColor(STATE_COLOURS[LiveState.CAPTURING]))
    painter.setPen(pen)
    painter.drawArc(inside, _FULL_TURN // 4, -round(_FULL_TURN * min(1.0, max(0.0, share))))
    if digits:
        painter.setPen(_WHITE)
        painter.setFont(font_for(painter, side * 0.5, is_bold=True))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), digits)


def paint_dots(painter: QPainter, box: QRectF, taken: int, wanted: int) -> None:
    """Paint one dot a repeat at the lower right, those that are taken filled."""
    letter = small_px(box.height())
    radius, text = letter * 0.45, live.OF_REPEATS.format(taken=taken, wanted=wanted)
    font = font_for(painter, letter * 1.2, is_bold=True)
    text_width = QFontMetricsF(font).horizontalAdvance(text)
    width = wanted * 3 * radius + text_width + 3 * _MARGIN_PX
    plate = QRectF(0, 0, width, letter * 2)
    plate.moveBottomRight(box.bottomRight())
    painter.fillRect(plate, plate_colour())
    y = plate.center().y()
    for number in range(wanted):
        centre = QPointF(plate.left() + _MARGIN_PX + radius * (3 * number + 1), y)
        painter.setPen(QPen(_WHITE, 2))
        painter.setBrush(_WHITE if number < taken else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
    painter.setFont(font)
    painter.setPen(_WHITE)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    painter.drawText(plate.adjusted(0, 0, -_MARGIN_PX, 0), flags, text)


def paint_guide(painter: QPainter, picture: QRectF, stage_px: float) -> None:
    """Paint the frame that the body should fill, with a mark at the height of the lens."""
    height = picture.height() * _GUIDE_HEIGHT
    width = min(picture.width() * 0.9, height * _GUIDE_WIDTH / _GUIDE_HEIGHT)
    frame = QRectF(0, 0, width, height)
    frame.moveCenter(picture.center())
    for colour, thick in ((QColor(*HALO), 6.0), (_WHITE, 2.5)):
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
    letter = small_px(stage_px)
    middle = frame.center().y()
    _paint_label(painter, frame, middle - 1.9 * letter, live.GUIDE_HIPS, letter)
    _paint_label(painter, frame, frame.bottom() - 2 * letter, live.GUIDE_BODY, letter)


def paint_sentence(painter: QPainter, box: QRectF, sentence: str) -> None:
    """Say something in place of a picture."""
    stage.paint_sentence(painter, box, sentence, 1.2 * small_px(box.height()))


def _paint_label(painter: QPainter, frame: QRectF, top: float, text: str, letter: float) -> None:
    painter.setFont(font_for(painter, letter))
    width = painter.fontMetrics().horizontalAdvance(text) + _MARGIN_PX
    plate = QRectF(frame.center().x() - width / 2, top, width, letter * 1.5)
    painter.fillRect(plate, plate_colour())
    painter.setPen(_WHITE)
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
            path.addPolygon(_polygon(at(0.5, 0.08), at(0.95, 0.9), at(0.05, 0.9)))
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


def _polygon(*points: QPointF) -> QPolygonF:
    return QPolygonF([*points, points[0]])
