"""The live picture with everything over it, made to be read from three metres away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.live import stage__live_paint as live_paint
from app.gui.picture.overlay import Overlay
from app.gui.style.theme import colours
from app.gui.widgets import stage
from app.text import live
from vision.live.events import LiveState, Moment, SqueezeMoment, SqueezePhase
from vision.live.smoothing import SteadyWhole
from vision.result import TiltEstimate

if TYPE_CHECKING:
    from app.gui.background.frames import LiveLook

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
    """Paints the newest picture, the instruction, the number, or a sentence in their place."""

    #: Any key but those that move about in the window.
    key_pressed = pyqtSignal()

    def __init__(self, is_mirrored: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_mirrored = is_mirrored
        self._look: LiveLook | None = None
        self._overlay: Overlay | None = None
        self._sentence = self._instruction = self._problem = ""
        self._whole = SteadyWhole(), SteadyWhole(), SteadyWhole()
        self._tilt: TiltEstimate | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Live picture"))

    @property
    def instruction(self) -> str:
        """The words of the instruction, as they are painted."""
        return self._instruction

    @property
    def sentence(self) -> str:
        """What stands in place of a picture."""
        return self._sentence

    @property
    def problem(self) -> str:
        """What keeps pictures from coming."""
        return self._problem

    @property
    def tilt(self) -> TiltEstimate | None:
        """The tilt as it is painted, in whole degrees."""
        return self._tilt

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Show the picture as in a mirror or as the camera sees it; nothing else changes."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_look(self, look: LiveLook) -> None:
        """Show a picture and what is said about it."""
        self._look = look
        self._overlay = Overlay(look.shapes, look.size_px)
        self._sentence = ""
        self._steady(look.moment.tilt)
        cue = live.cue_of(look.moment.state, look.moment.instruction)
        self._describe(cue.shown if cue is not None else "")
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._look = self._overlay = None
        self._steady(None)
        self._instruction, self._sentence, self._problem = "", sentence, ""
        self.setAccessibleDescription(sentence)
        self.update()

    def show_problem(self, sentence: str) -> None:
        """Say what keeps pictures from coming, while there is none; empty when they come."""
        self._problem = sentence
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
            if self._look.preview.isNull() and self._problem:
                live_paint.paint_sentence(painter, QRectF(self.rect()), self._problem)
        elif self._sentence:
            live_paint.paint_sentence(painter, QRectF(self.rect()), self._sentence)
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
            live_paint.paint_guide(painter, stage.picture_box(box, look.preview), box.height())
        if self._instruction:
            live_paint.paint_instruction(painter, box, self._instruction, moment.state)
        if self._tilt is not None:
            value, likely = live.number(self._tilt), live.likely(self._tilt)
            live_paint.paint_number(painter, box, value, likely)
        if isinstance(moment, Moment):
            if moment.state is LiveState.CAPTURING:
                live_paint.paint_ring(painter, box, moment.progress, "")
            if moment.wanted > 1:
                live_paint.paint_dots(painter, box, moment.taken, moment.wanted)
        elif moment.phase is not None:
            self._paint_phase(painter, box, moment, moment.phase)

    def _paint_phase(
        self, painter: QPainter, box: QRectF, moment: SqueezeMoment, phase: SqueezePhase
    ) -> None:
        share = 1 - moment.seconds_left / _PHASE_S[phase]
        live_paint.paint_ring(painter, box, share, str(max(1, math.ceil(moment.seconds_left))))
        live_paint.paint_dots(painter, box, moment.round_number - 1, live.SQUEEZE_ROUNDS)

    def _steady(self, tilt: TiltEstimate | None) -> None:
        if tilt is None or self._tilt is None or tilt.method is not self._tilt.method:
            for whole in self._whole:
                whole.reset()
        if tilt is None:
            self._tilt = None
            return
        angles_deg = tilt.angle_deg, tilt.low_deg, tilt.high_deg
        shown = [whole.show(angle) for whole, angle in zip(self._whole, angles_deg, strict=True)]
        self._tilt = TiltEstimate(tilt.method, *map(float, shown))

    def _describe(self, instruction: str) -> None:
        if instruction != self._instruction:
            self._instruction = instruction
            self.setAccessibleDescription(instruction)
