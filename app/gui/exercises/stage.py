"""What is seen while a set is done: the camera's picture or a timer, legible from the floor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.exercises import text
from app.exercises.timer import EventKind, SetPhase, SetTimer, plan_of
from app.gui.picture import stage
from app.gui.picture.stage import MARGIN_PX, font_for, letters_px, middle
from app.gui.style.theme import colours
from app.history.diary import PlannedExercise
from app.system.clock import elapsed_s
from app.text.language import texts
from vision.coach.events import CoachState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.exercises.timer import TimerEvent
    from app.gui.background.camera import LiveLook
    from app.gui.picture.stage import StageRooms
    from vision.coach.events import CoachMoment, FormFault

#: In shares of the stage's height, and the least in logical pixels. A twelfth is legible from
#: three metres on a laptop's screen; whoever lies on the floor looks from the side, so it is more.
CUE, COUNT, FAULT = (1 / 9, 44.0), (1 / 5, 64.0), (1 / 12, 38.0)
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
#: A fault stays so long, so that it can be read after the repetition it was seen in.
_FAULT_MS = 5000.0
_FRAME_MS = 50
#: The timer's, a word of a sixth being legible from three metres.
_WORD, _TIMER_COUNT, _NOTE = (0.19, 44.0), (0.13, 34.0), (0.05, 15.0)
_TIMER_RING_SHARE = 0.5
#: Wider words on a narrow view must still fit.
_LETTER_WIDTH = 0.62
_THICK = 0.1


@dataclass(frozen=True, slots=True)
class CoachRooms:
    """Where each part of what is said lies; none overlaps another."""

    cue: QRectF
    fault: QRectF
    count: QRectF
    hold: QRectF

    @classmethod
    def of(cls, rooms: StageRooms) -> CoachRooms:
        """Part the words' room: one below the other in a column, else in two columns."""
        words = rooms.words.adjusted(MARGIN_PX, 0, -MARGIN_PX, -MARGIN_PX / 2)
        if rooms.has_column:
            cue, fault, foot = stage.rows(words, 0.42, 0.26, 0.32)
        else:
            foot = QRectF(words)
            foot.setLeft(words.left() + 0.62 * words.width())
            words.setRight(foot.left() - MARGIN_PX)
            cue, fault = stage.rows(words, 0.6, 0.4)
        count, hold = QRectF(foot), QRectF(foot)
        count.setWidth(0.62 * foot.width())
        hold.setLeft(count.right())
        return cls(cue, fault, count, hold)


class CoachStage(stage.PersonStage):
    """Paints the newest picture and what is said of it, or a sentence in its place.

    Attributes
    ----------
    fault
        The fault that is shown; None for none.
    """

    def __init__(self, is_mirrored: bool = True) -> None:
        super().__init__(QSize(720, 480), QSize(320, 260), FAULT, is_mirrored)
        self.setAccessibleName(self.tr("Picture of the camera"))
        self.fault: FormFault | None = None
        self._fault_until_ms = 0.0

    def show_look(self, look: LiveLook[CoachMoment]) -> None:
        """Show a picture and what is said of it."""
        if look.moment.t_ms > self._fault_until_ms or look.preview.isNull():
            self.fault = None
        super().show_look(look)

    def show_fault(self, moment: CoachMoment) -> None:
        """Show the fault of a moment, if there is one; the newest stays for some seconds."""
        if moment.fault is not None:
            self.fault, self._fault_until_ms = moment.fault, moment.t_ms + _FAULT_MS
            self._describe()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self.fault = None
        super().show_sentence(sentence)

    def _words(self, moment: CoachMoment) -> list[str]:
        fault = [texts().coach.faults[self.fault].shown] if self.fault is not None else []
        return [_cue(moment), _count(moment), *fault]

    def _paint_words(
        self, painter: QPainter, rooms: StageRooms, look: LiveLook[CoachMoment]
    ) -> None:
        moment, places, height = look.moment, CoachRooms.of(rooms), self.height()
        paint_cue(painter, places.cue, _cue(moment), moment.state, height)
        paint_count(painter, places.count, _count(moment), height)
        if self.fault is not None:
            paint_fault(painter, places.fault, texts().coach.faults[self.fault].shown, height)
        if moment.state is CoachState.TOP and moment.wanted_hold_s > 0:
            paint_hold(painter, places.hold, moment.hold_s, moment.wanted_hold_s)


class ExerciseTimer(QWidget):
    """Runs one set after another; shows what is to be done."""

    #: A :class:`TimerEvent`.
    happened = pyqtSignal(object)
    #: It has paused by itself, because the computer slept or was busy.
    interrupted = pyqtSignal()

    def __init__(self, clock: Callable[[], float] = elapsed_s) -> None:
        super().__init__()
        self._clock, self._note = clock, ""
        self._planned = PlannedExercise()
        self.timer = SetTimer(plan_of(self._planned), clock)
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.setInterval(_FRAME_MS)
        self._frames.timeout.connect(self._advance)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Timer"))

    @property
    def repetitions(self) -> int:
        """Complete ones."""
        return self.timer.repetitions

    @property
    def hold_s(self) -> float:
        """For how long each of them was held."""
        return self.timer.hold_s

    @property
    def word(self) -> str:
        """The large word."""
        if not self.timer.is_running and not self.timer.is_done:
            return text.PAUSED
        return text.phase_cue(self._planned, self.timer.step.phase).shown

    @property
    def count(self) -> str:
        """How many repetitions are complete, of how many."""
        wanted = self.timer.plan.repetitions
        return text.OF_REPETITIONS.format(done=self.timer.repetitions, wanted=wanted)

    def begin(self, planned: PlannedExercise, already: int = 0) -> None:
        """Start a set; the repetitions done already need not be done again."""
        self._planned = planned
        self.timer = SetTimer(plan_of(planned, already), self._clock)
        self.go_on()

    def go_on(self) -> None:
        """Let time pass from now on."""
        self.timer.go_on()
        self._frames.start()
        self._advance()

    def pause(self) -> None:
        """Let no time pass."""
        self._frames.stop()
        self.timer.pause()
        self._describe()

    def skip(self) -> None:
        """End the phase under way."""
        self._tell(self.timer.skip())

    def show_note(self, sentence: str) -> None:
        """Say something in small letters; empty for nothing."""
        self._note = sentence
        self._describe()

    def sizeHint(self) -> QSize:
        """Return a size at which the word is large."""
        return QSize(720, 480)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which everything fits."""
        return QSize(320, 260)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint word, ring and count, one below the other."""
        painter = QPainter(self)
        now = colours()
        painter.fillRect(self.rect(), QColor(now.card))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(now.accent if self.hasFocus() else now.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        now, height, width = colours(), float(self.height()), float(self.width())
        note_px, count_px = letters_px(_NOTE, height), letters_px(_TIMER_COUNT, height)
        word_px = letters_px(_WORD, height)
        word_px = min(word_px, 0.94 * width / (_LETTER_WIDTH * max(1, len(self.word))))
        note_height = 1.4 * note_px * (2 if self._note else 0)
        ring_px = max(40.0, height - 1.3 * word_px - 1.3 * count_px - note_height - 16)
        ring_px = min(ring_px, _TIMER_RING_SHARE * height, 0.6 * width)
        total = 1.3 * word_px + ring_px + 1.3 * count_px
        top = max(0.0, (height - note_height - total) / 2)
        is_running = self.timer.is_running or self.timer.is_done
        word_box = QRectF(0, top, width, 1.3 * word_px)
        _write(painter, word_box, self.word, word_px, now.text if is_running else now.muted)
        ring_box = QRectF(0, word_box.bottom(), width, ring_px)
        self._paint_ring(painter, ring_box)
        count_box = QRectF(0, ring_box.bottom(), width, 1.3 * count_px)
        _write(painter, count_box, self.count, count_px, now.text)
        if self._note:
            below = QRectF(16, height - note_height - 4, width - 32, note_height)
            _write(painter, below, self._note, note_px, now.muted, is_note=True)

    def _paint_ring(self, painter: QPainter, box: QRectF) -> None:
        timer, now, side = self.timer, colours(), box.height()
        thick = _THICK * side
        ring = middle(box, side - 2 * thick, side - 2 * thick)
        colour = QColor(now.muted if timer.step.phase is SetPhase.GET_READY else now.accent)
        stage.paint_arc(painter, ring, timer.share, thick, QColor(now.line), colour)
        seconds = str(math.ceil(timer.left_s - 1e-6))
        _write(painter, box, seconds, 0.4 * side, now.text)

    def _advance(self) -> None:
        timer = self.timer
        self._tell(timer.advance())
        if timer.is_interrupted:
            self._frames.stop()
            self.interrupted.emit()
        self._describe()

    def _tell(self, events: tuple[TimerEvent, ...]) -> None:
        for event in events:
            self.happened.emit(event)
            if event.kind is EventKind.DONE:
                self._frames.stop()
        self.update()

    def _describe(self) -> None:
        """Tell a screen reader what to do and how far it is, not every second."""
        said = ". ".join(part for part in (self.word, self.count, self._note) if part)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.update()


def paint_cue(
    painter: QPainter, room: QRectF, words: str, state: CoachState, stage_px: float
) -> None:
    """Paint what is to be done, and the state."""
    colour, most_px = QColor(STATE_COLOURS[state]), letters_px(CUE, stage_px)
    sign = stage.paint_headline(painter, room, words, text.STATES[state], colour, most_px)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(middle(sign, 0.7 * sign.width(), 0.7 * sign.height()))


def paint_count(painter: QPainter, room: QRectF, words: str, stage_px: float) -> None:
    """Paint the count."""
    painter.setPen(stage.WHITE)
    inside, in_a_line = room.adjusted(MARGIN_PX, 0, 0, 0), words.replace(" ", "\N{NO-BREAK SPACE}")
    stage.paint_fitted(painter, inside, in_a_line, letters_px(COUNT, stage_px), is_bold=True)


def paint_fault(painter: QPainter, room: QRectF, words: str, stage_px: float) -> None:
    """Paint one fault below the cue."""
    painter.setPen(QColor(_FAULT_COLOUR))
    inside = room.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
    stage.paint_fitted(painter, inside, words, letters_px(FAULT, stage_px), is_bold=True)


def paint_hold(painter: QPainter, room: QRectF, held_s: float, wanted_s: float) -> None:
    """Paint for how long the top was held: whole seconds in a ring."""
    side = min(room.height(), room.width())
    colour, digits = QColor(STATE_COLOURS[CoachState.TOP]), str(math.floor(held_s))
    stage.paint_ring(painter, middle(room, side, side), held_s / wanted_s, colour, digits)


def _cue(moment: CoachMoment) -> str:
    return texts().coach.cues[moment.cue].shown if moment.cue is not None else ""


def _count(moment: CoachMoment) -> str:
    return text.OF_REPETITIONS.format(done=moment.repetitions, wanted=moment.wanted)


def _write(
    painter: QPainter,
    box: QRectF,
    words: str,
    height_px: float,
    colour: str,
    is_note: bool = False,
) -> None:
    """Write in the middle of a box, in bold letters; notes are lean and wrap."""
    painter.setPen(QColor(colour))
    painter.setFont(font_for(painter, height_px, is_bold=not is_note))
    wraps = Qt.TextFlag.TextWordWrap if is_note else Qt.TextFlag.TextSingleLine
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | wraps), words)
