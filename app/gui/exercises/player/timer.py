"""The timer of a set: one large word, a ring that fills, and the count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.exercises import text__player_words as player_words
from app.exercises.timer import EventKind, Phase, SetTimer, awake_clock, plan_of
from app.gui.exercises.player.stage import paint_arc
from app.gui.picture.stage import middle
from app.gui.style.theme import colours

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exercises.timer import TimerEvent
    from app.history.diary import PlannedExercise

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

    def __init__(
        self, clock: Callable[[], float] = awake_clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.timer: SetTimer | None = None
        self._planned: PlannedExercise | None = None
        self._note = ""
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
        return self.timer.repetitions if self.timer is not None else 0

    @property
    def hold_s(self) -> float:
        """For how long each of them was held."""
        return self.timer.hold_s if self.timer is not None else 0.0

    @property
    def word(self) -> str:
        """The large word."""
        if self.timer is None or self._planned is None:
            return ""
        if not self.timer.is_running and not self.timer.is_done:
            return player_words.PAUSED
        return player_words.phase_cue(self._planned, self.timer.step.phase).shown

    @property
    def count(self) -> str:
        """How many repetitions are complete, of how many."""
        if self.timer is None:
            return ""
        done, wanted = self.timer.repetitions, self.timer.plan.repetitions
        return player_words.OF_REPETITIONS.format(done=done, wanted=wanted)

    def begin(self, planned: PlannedExercise, already: int = 0) -> None:
        """Start a set; the repetitions done already need not be done again."""
        self._planned = planned
        self.timer = SetTimer(plan_of(planned, already), self._clock)
        self.go_on()

    def go_on(self) -> None:
        """Let time pass from now on."""
        if self.timer is not None:
            self.timer.go_on()
            self._frames.start()
            self._advance()

    def pause(self) -> None:
        """Let no time pass."""
        self._frames.stop()
        if self.timer is not None:
            self.timer.pause()
        self._describe()

    def skip(self) -> None:
        """End the phase under way."""
        if self.timer is not None:
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
        if self.timer is not None:
            self._paint(painter, self.timer)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(now.accent if self.hasFocus() else now.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter, timer: SetTimer) -> None:
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
        centre = int(Qt.AlignmentFlag.AlignCenter)
        is_running = timer.is_running or timer.is_done
        painter.setPen(QColor(now.text if is_running else now.muted))
        painter.setFont(self._letters(word_px))
        painter.drawText(QRectF(0, top, width, 1.3 * word_px), centre, self.word)
        top += 1.3 * word_px
        self._paint_ring(painter, timer, QRectF(0, top, width, ring_px))
        top += ring_px
        painter.setPen(QColor(now.text))
        painter.setFont(self._letters(count_px))
        painter.drawText(QRectF(0, top, width, 1.3 * count_px), centre, self.count)
        if self._note:
            painter.setPen(QColor(now.muted))
            painter.setFont(self._letters(note_px, is_bold=False))
            below = QRectF(16, height - note_height - 4, width - 32, note_height)
            painter.drawText(below, centre | int(Qt.TextFlag.TextWordWrap), self._note)

    def _paint_ring(self, painter: QPainter, timer: SetTimer, box: QRectF) -> None:
        now, side = colours(), box.height()
        thick = _THICK * side
        ring = middle(box, side - 2 * thick, side - 2 * thick)
        colour = QColor(now.muted if timer.step.phase is Phase.GET_READY else now.accent)
        paint_arc(painter, ring, timer.share, thick, QColor(now.line), colour)
        painter.setPen(QColor(now.text))
        painter.setFont(self._letters(0.4 * side))
        seconds = str(math.ceil(timer.left_s - 1e-6))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), seconds)

    def _letters(self, height_px: float, is_bold: bool = True) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, math.floor(height_px)))
        font.setBold(is_bold)
        return font

    def _advance(self) -> None:
        timer = self.timer
        if timer is None:
            return
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
