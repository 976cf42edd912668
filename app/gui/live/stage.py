"""The live picture with everything beside it, made to be read from three metres away."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF

from app.gui.picture import stage
from app.gui.picture.stage import MARGIN_PX, SMALL, WHITE, letters_px
from app.history.change.stance import stance_differences
from app.text import live
from app.text.change import stance as stance_words
from app.text.change.stance import remind, say_differences
from vision.live.events import LiveState, Moment, shown_tilt
from vision.live.smoothing import SteadyWhole
from vision.overlay.shapes import HALO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.gui.background.camera import LiveLook
    from app.gui.picture.stage import StageRooms
    from vision.live.events import AnyMoment
    from vision.result import TiltEstimate

#: The greatest letters, in shares of the stage's height, and the least such in logical pixels;
#: they are fitted into their room. Letters of a twelfth are legible from three metres on a
#: laptop's screen.
INSTRUCTION, _NUMBER, _SENTENCE = (1 / 9, 44.0), (1 / 8, 48.0), (1.2 / 26, 20.4)
#: The interval's letters, in those of the number.
_LIKELY_SHARE = 0.55
#: A note's letters, in small ones.
_NOTE_LETTERS = 1.3
_GUIDE_HEIGHT, _GUIDE_WIDTH = 0.9, 0.36
#: What is said of the stance stays so long, so that it does not flicker.
_STEADY_MS = 800.0
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
#: The frame for the body, and the ghost, help only until the person stands well.
_GUIDED = frozenset({LiveState.SEARCHING, LiveState.ADJUST})
_GHOSTLY = _GUIDED | {LiveState.READY}
#: Of no meaning to somebody who holds a key down to use a shortcut.
_SILENT_KEYS = frozenset(
    {
        *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta),
        *(Qt.Key.Key_AltGr, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_CapsLock),
    }
)


@dataclass(frozen=True, slots=True)
class LiveRooms:
    """Where each part of what is said lies; none overlaps another."""

    instruction: QRectF
    number: QRectF
    progress: QRectF

    @classmethod
    def of(cls, rooms: StageRooms) -> LiveRooms:
        """Part the words' room: one below the other in a column, else in two columns."""
        words = rooms.words.adjusted(0, 0, 0, -MARGIN_PX / 2)
        if rooms.has_column:
            return cls(*stage.rows(words, 0.46, 0.34, 0.2))
        left, right = QRectF(words), QRectF(words)
        left.setWidth(0.56 * words.width())
        right.setLeft(left.right())
        return cls(left, *stage.rows(right, 0.68, 0.32))


class LiveStage(stage.PersonStage):
    """Paints the newest picture and the instruction, the number, or a sentence in their place.

    Attributes
    ----------
    instruction
        The words of the instruction, as they are painted.
    tilt
        The tilt as it is painted, in whole degrees.
    note
        How to stand, as it is painted.
    """

    #: Any key but those that move about in the window.
    key_pressed = pyqtSignal()

    def __init__(self, is_mirrored: bool = True) -> None:
        super().__init__(QSize(720, 540), QSize(320, 280), _SENTENCE, is_mirrored)
        self.setAccessibleName(self.tr("Live picture"))
        self.instruction = self.note = ""
        self._whole = SteadyWhole(), SteadyWhole()
        self.tilt: TiltEstimate | None = None
        self._coming, self._coming_ms = "", 0.0

    def show_look(self, look: LiveLook[AnyMoment]) -> None:
        """Show a picture and what is said about it."""
        self._steady(shown_tilt(look.moment))
        cue = live.cue_of(look.moment.state, look.moment.instruction)
        self.instruction = cue.shown if cue is not None else ""
        self._note_stance(look)
        super().show_look(look)

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._steady(None)
        self.instruction = self.note = self._coming = ""
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
        return [self.instruction, self.note]

    def _has_ghost(self, look: LiveLook[AnyMoment]) -> bool:
        return super()._has_ghost(look) and look.moment.state in _GHOSTLY

    def _paint_words(self, painter: QPainter, rooms: StageRooms, look: LiveLook[AnyMoment]) -> None:
        moment, places, height = look.moment, LiveRooms.of(rooms), self.height()
        is_guided = moment.state in _GUIDED and not look.preview.isNull()
        if is_guided and self.ghost is None:
            paint_guide(painter, rooms.picture)
        if self.instruction:
            paint_instruction(painter, places.instruction, self.instruction, moment.state, height)
        number, note = places.number, places.number
        if self.tilt is not None and self.note:
            number, note = stage.rows(places.number, 0.66, 0.34)
        if self.tilt is not None:
            paint_number(painter, number, live.number(self.tilt), live.likely(self.tilt), height)
        if self.note:
            paint_note(painter, note, self.note, height)
        if isinstance(moment, Moment):
            is_measuring = moment.state is LiveState.CAPTURING
            if is_measuring or moment.wanted > 1:
                ring = (moment.progress, "") if is_measuring else None
                paint_progress(painter, places.progress, moment.taken, moment.wanted, ring)
        elif moment.phase is not None:
            seconds = str(max(1, math.ceil(moment.seconds_left)))
            taken, wanted = moment.round_number - 1, live.TEST_ROUNDS
            paint_progress(painter, places.progress, taken, wanted, (moment.progress, seconds))

    def _note_stance(self, look: LiveLook[AnyMoment]) -> None:
        """Say how to stand, or in what it was otherwise last time, once that holds for a while."""
        said, t_ms = self._said_of(look), look.moment.t_ms
        if said != self._coming:
            self._coming, self._coming_ms = said, t_ms
        if not self.note or not said or t_ms - self._coming_ms >= _STEADY_MS:
            self.note = said

    def _said_of(self, look: LiveLook[AnyMoment]) -> str:
        state, then = look.moment.state, self.last
        if state not in _GHOSTLY or look.preview.isNull():
            return ""
        if then is None:
            return live.GUIDE if state in _GUIDED else ""
        if look.stance is None or state is LiveState.SEARCHING:
            return remind(then)
        found = stance_differences(then, look.stance)
        return say_differences(then, found[:1]) if found else stance_words.SAME

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


def paint_instruction(
    painter: QPainter, room: QRectF, words: str, state: LiveState, stage_px: float
) -> None:
    """Paint the instruction with the state's sign and word above it."""
    most_px, colour = letters_px(INSTRUCTION, stage_px), QColor(STATE_COLOURS[state])
    sign = stage.paint_headline(painter, room, words, live.STATES[state], colour, most_px)
    _paint_sign(painter, sign, state)


def paint_number(painter: QPainter, room: QRectF, value: str, likely: str, stage_px: float) -> None:
    """Paint the tilt."""
    inside = room.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
    lines = (value, 1.0), (likely, _LIKELY_SHARE)
    stage.paint_lines(painter, inside, lines, letters_px(_NUMBER, stage_px))


def paint_note(painter: QPainter, room: QRectF, words: str, stage_px: float) -> None:
    """Paint how to stand, in smaller letters."""
    painter.setPen(WHITE)
    inside = room.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
    stage.paint_fitted(painter, inside, words, _NOTE_LETTERS * letters_px(SMALL, stage_px))


def paint_progress(
    painter: QPainter,
    room: QRectF,
    taken: int,
    wanted: int,
    ring: tuple[float, str] | None,
) -> None:
    """Paint one dot a repeat, those that are taken filled, and a ring to their right.

    Parameters
    ----------
    ring
        How much is done, 0..1, and the seconds inside it, if any; None for no ring.
    """
    inside = room.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
    side = min(inside.height(), 0.35 * inside.width())
    if ring is not None:
        circle = QRectF(inside.right() - side, inside.center().y() - side / 2, side, side)
        colour = QColor(STATE_COLOURS[LiveState.CAPTURING])
        stage.paint_ring(painter, circle, ring[0], colour, ring[1])
    if wanted > 1:
        inside.setRight(inside.right() - side - MARGIN_PX)
        _paint_dots(painter, inside, taken, wanted)


def _paint_dots(painter: QPainter, room: QRectF, taken: int, wanted: int) -> None:
    text = live.OF_REPEATS.format(taken=taken, wanted=wanted)
    above, below = stage.rows(room, 0.55, 0.45)
    radius = min(0.3 * below.height(), below.width() / (3 * wanted))
    painter.setPen(WHITE)
    stage.paint_fitted(painter, above, text, 0.7 * above.height(), is_bold=True)
    for number in range(wanted):
        centre = QPointF(below.left() + radius * (3 * number + 1.2), below.center().y())
        painter.setPen(QPen(WHITE, 2))
        painter.setBrush(WHITE if number < taken else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)


def paint_guide(painter: QPainter, picture: QRectF) -> None:
    """Paint the frame that the body should fill, with marks at the height of the lens."""
    height = picture.height() * _GUIDE_HEIGHT
    width = min(picture.width() * 0.9, height * _GUIDE_WIDTH / _GUIDE_HEIGHT)
    frame = stage.middle(picture, width, height)
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
