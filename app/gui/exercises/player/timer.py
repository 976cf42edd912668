"""The timer of a set: one large word, a ring that fills, and the count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.exercises import text
from app.exercises.timer import EventKind, SetPhase, SetTimer, plan_of
from app.gui.exercises.player.stage import paint_arc
from app.gui.picture.overlay import font_for, middle
from app.gui.style.theme import colours
from app.history.diary import PlannedExercise
from app.system.clock import elapsed_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exercises.timer import TimerEvent

_FRAME_MS = 50
#: In shares of the view's height; a word of a sixth is legible from three metres.
_WORD_SHARE, _RING_SHARE, _COUNT_SHARE, _NOTE_SHARE = 0.19, 0.5, 0.13, 0.05
_WORD_LEAST_PX, _COUNT_LEAST_PX, _NOTE_LEAST_PX = 44.0, 34.0, 15.0
#: Wider words on a narrow view must still fit.
_LETTER_WIDTH = 0.62
_THICK = 0.1


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
        note_px = max(_NOTE_LEAST_PX, _NOTE_SHARE * height)
        word_px = max(_WORD_LEAST_PX, _WORD_SHARE * height)
        word_px = min(word_px, 0.94 * width / (_LETTER_WIDTH * max(1, len(self.word))))
        count_px = max(_COUNT_LEAST_PX, _COUNT_SHARE * height)
        note_height = 1.4 * note_px * (2 if self._note else 0)
        ring_px = max(40.0, height - 1.3 * word_px - 1.3 * count_px - note_height - 16)
        ring_px = min(ring_px, _RING_SHARE * height, 0.6 * width)
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
        paint_arc(painter, ring, timer.share, thick, QColor(now.line), colour)
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
