"""The picture of somebody who exercises, with count, hold and cue to be read from the floor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.exercises import text
from app.gui.picture import overlay as stage
from app.gui.picture.overlay import Overlay, font_for, plate_colour
from app.gui.style.theme import colours
from vision.coach.events import CoachState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.gui.exercises.player.session import CoachLook
    from vision.coach.events import CoachMoment, FormFault


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
#: A fault stays so long, so that it can be read after the repetition it was seen in.
_FAULT_MS = 5000.0


class CoachStage(QWidget):
    """Paints the newest picture and what is said of it, or a sentence in its place.

    Attributes
    ----------
    fault
        The fault that is shown; None for none.
    """

    def __init__(self, is_mirrored: bool = True) -> None:
        super().__init__()
        self._is_mirrored = is_mirrored
        self._look: CoachLook | None = None
        self._overlay: Overlay | None = None
        self._sentence = self._problem = ""
        self.fault: FormFault | None = None
        self._fault_until_ms = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture of the camera"))

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Show the picture as in a mirror or as the camera sees it."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_look(self, look: CoachLook) -> None:
        """Show a picture and what is said of it."""
        self._look = look
        self._overlay = Overlay(look.shapes, look.size_px)
        self._sentence = ""
        if look.moment.t_ms > self._fault_until_ms or look.preview.isNull():
            self.fault = None
        self._describe()

    def show_fault(self, moment: CoachMoment) -> None:
        """Show the fault of a moment, if there is one; the newest stays for some seconds."""
        if moment.fault is not None:
            self.fault, self._fault_until_ms = moment.fault, moment.t_ms + _FAULT_MS
            self._describe()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._look = self._overlay = self.fault = None
        self._sentence, self._problem = sentence, ""
        self._describe()

    def show_problem(self, sentence: str) -> None:
        """Say what keeps pictures from coming, while there is none; empty when they come."""
        self._problem = sentence
        self._describe()

    def sizeHint(self) -> QSize:
        """Return a size at which a lying person is recognisable."""
        return QSize(720, 480)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which the words can be read."""
        return QSize(320, 260)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint on the dark stage."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().stage))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box, look = QRectF(self.rect()), self._look
        if look is not None:
            stage.paint_picture(
                painter,
                box,
                look.preview,
                self._overlay,
                look.size_px,
                is_mirrored=self._is_mirrored,
            )
        if self._in_place:
            stage.paint_sentence(painter, box, self._in_place, fault_px(box.height()))
        if look is not None:
            self._paint_words(painter, box, look.moment)
        if self.hasFocus():
            stage.paint_focus(painter, self.rect())
        painter.end()

    @property
    def _in_place(self) -> str:
        """What is said in place of a picture; empty while there is one."""
        if self._look is None:
            return self._sentence
        return self._problem if self._look.preview.isNull() else ""

    def _paint_words(self, painter: QPainter, box: QRectF, moment: CoachMoment) -> None:
        cue, word = _cue(moment), text.STATES[moment.state]
        plate = paint_cue(painter, box, cue, word, moment.state)
        paint_count(painter, box, _count(moment))
        if self.fault is not None:
            fault = text.FAULTS[self.fault].shown
            paint_fault(painter, box, plate, fault)
        if moment.state is CoachState.TOP and moment.wanted_hold_s > 0:
            paint_hold(painter, box, moment.hold_s, moment.wanted_hold_s)

    def _describe(self) -> None:
        """Tell a screen reader what is painted, and paint it."""
        words = []
        if self._look is not None:
            words = [_cue(self._look.moment), _count(self._look.moment)]
            words += [text.FAULTS[self.fault].shown] if self.fault is not None else []
        said = ". ".join(word for word in (*words, self._in_place) if word)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.update()


def cue_px(height_px: float) -> float:
    """Return how high the letters of a cue are on a stage so high."""
    return _letters(_CUE, height_px)


def count_px(height_px: float) -> float:
    """Return how high the digits of the count are on a stage so high."""
    return _letters(_COUNT, height_px)


def fault_px(height_px: float) -> float:
    """Return how high the letters of a fault are on a stage so high."""
    return _letters(_FAULT, height_px)


def paint_cue(painter: QPainter, box: QRectF, words: str, word: str, state: CoachState) -> QRectF:
    """Paint what is to be done at the top of the stage, the state in a word below it.

    Few words; they take two lines when they are too long for one.

    Returns
    -------
    QRectF
        The plate that they lie on.
    """
    colour = QColor(STATE_COLOURS[state])
    large, small = cue_px(box.height()), _letters(_SMALL, box.height())
    large_font, small_font = font_for(painter, large, is_bold=True), font_for(painter, small)
    room = QRectF(
        box.left() + 2 * _MARGIN_PX, box.top(), box.width() - 3 * _MARGIN_PX, box.height()
    )
    needed = _height_of(large_font, room, words) if words else 0.0
    height = needed + 1.5 * small + _MARGIN_PX
    plate = QRectF(box.left(), box.top(), box.width(), height)
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(box.left(), box.top(), _EDGE_PX, height), colour)
    top = box.top() + _MARGIN_PX / 2
    painter.setPen(_WHITE)
    painter.setFont(large_font)
    painter.drawText(QRectF(room.left(), top, room.width(), needed + 1), _WRAPPED, words)
    painter.setPen(colour)
    painter.setFont(small_font)
    below = QRectF(room.left(), top + needed, room.width(), 1.5 * small)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), word)
    return plate


def paint_count(painter: QPainter, box: QRectF, words: str) -> None:
    """Paint the count at the lower left."""
    font = font_for(painter, count_px(box.height()), is_bold=True)
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(words) + 3 * _MARGIN_PX
    plate = QRectF(box.left(), box.bottom() - metrics.height(), width, metrics.height())
    painter.fillRect(plate, plate_colour())
    painter.setPen(_WHITE)
    painter.setFont(font)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), words)


def paint_fault(painter: QPainter, box: QRectF, cue: QRectF, words: str) -> None:
    """Paint one fault on a plate across the stage, below that of the cue."""
    font = font_for(painter, fault_px(box.height()), is_bold=True)
    room = QRectF(box.left(), box.top(), box.width() - 4 * _MARGIN_PX, box.height())
    height = _height_of(font, room, words) + _MARGIN_PX
    plate = QRectF(box.left(), cue.bottom() + 1, box.width(), height)
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(plate.left(), plate.top(), _EDGE_PX, height), QColor(_FAULT_COLOUR))
    painter.setPen(QColor(_FAULT_COLOUR))
    painter.setFont(font)
    inside = plate.adjusted(2 * _MARGIN_PX, _MARGIN_PX / 2, -2 * _MARGIN_PX, 0)
    painter.drawText(inside, _WRAPPED, words)


def paint_hold(painter: QPainter, box: QRectF, held_s: float, wanted_s: float) -> None:
    """Paint for how long the top was held, at the lower right: whole seconds in a ring."""
    side = min(box.height(), box.width()) * _RING_SHARE
    thick = side * _RING_THICK
    ring = QRectF(box.right() - side - _MARGIN_PX, box.bottom() - side - _MARGIN_PX, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawEllipse(ring)
    inside = ring.adjusted(thick, thick, -thick, -thick)
    colour = QColor(STATE_COLOURS[CoachState.TOP])
    paint_arc(painter, inside, held_s / wanted_s, thick, _TRACK, colour)
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


def _letters(size: tuple[float, float], height_px: float) -> float:
    share, least_px = size
    return max(least_px, share * height_px)


def _height_of(font: QFont, room: QRectF, words: str) -> float:
    return QFontMetricsF(font).boundingRect(room, _WRAPPED, words).height()


def _cue(moment: CoachMoment) -> str:
    return text.CUES[moment.cue].shown if moment.cue is not None else ""


def _count(moment: CoachMoment) -> str:
    return text.OF_REPETITIONS.format(done=moment.repetitions, wanted=moment.wanted)
