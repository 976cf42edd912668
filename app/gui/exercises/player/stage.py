"""The picture of somebody who exercises, with count, hold and cue to be read from the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.exercises import text__coach_words as coach_words
from app.exercises import text__player_words as player_words
from app.gui.exercises.player import stage__coach_paint as coach_paint
from app.gui.picture.overlay import Overlay
from app.gui.style.theme import colours
from app.gui.widgets import stage
from vision.coach.events import CoachState

if TYPE_CHECKING:
    from app.gui.exercises.player.session__coach_picture import CoachLook
    from vision.coach.events import CoachMoment, FormFault

#: A fault stays so long, so that it can be read after the repetition it was seen in.
_FAULT_MS = 5000.0


class CoachStage(QWidget):
    """Paints the newest picture and what is said of it, or a sentence in its place."""

    def __init__(self, is_mirrored: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_mirrored = is_mirrored
        self._look: CoachLook | None = None
        self._overlay: Overlay | None = None
        self._sentence = self._problem = ""
        self._fault: FormFault | None = None
        self._fault_until_ms = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture of the camera"))

    @property
    def words(self) -> str:
        """All that is painted, as a screen reader has it."""
        return self.accessibleDescription()

    @property
    def fault(self) -> FormFault | None:
        """The fault that is shown."""
        return self._fault

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
            self._fault = None
        self._describe()
        self.update()

    def show_fault(self, moment: CoachMoment) -> None:
        """Show the fault of a moment, if there is one; the newest stays for some seconds."""
        if moment.fault is not None:
            self._fault, self._fault_until_ms = moment.fault, moment.t_ms + _FAULT_MS
            self._describe()
            self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._look = self._overlay = self._fault = None
        self._sentence, self._problem = sentence, ""
        self._describe()
        self.update()

    def show_problem(self, sentence: str) -> None:
        """Say what keeps pictures from coming, while there is none; empty when they come."""
        self._problem = sentence
        self._describe()
        self.update()

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
        box = QRectF(self.rect())
        if self._look is not None:
            self._paint_picture(painter, self._look)
            if self._look.preview.isNull() and self._problem:
                coach_paint.paint_sentence(painter, box, self._problem)
            self._paint_words(painter, box, self._look.moment)
        elif self._sentence:
            coach_paint.paint_sentence(painter, box, self._sentence)
        if self.hasFocus():
            stage.paint_focus(painter, self.rect())
        painter.end()

    def _paint_picture(self, painter: QPainter, look: CoachLook) -> None:
        room, mirrored = QRectF(self.rect()), self._is_mirrored
        stage.paint_picture(
            painter, room, look.preview, self._overlay, look.size_px, is_mirrored=mirrored
        )

    def _paint_words(self, painter: QPainter, box: QRectF, moment: CoachMoment) -> None:
        cue, word = _cue(moment), player_words.STATES[moment.state]
        plate = coach_paint.paint_cue(painter, box, cue, word, moment.state)
        coach_paint.paint_count(painter, box, _count(moment))
        if self._fault is not None:
            fault = coach_words.FAULTS[self._fault].shown
            coach_paint.paint_fault(painter, box, plate, fault)
        if moment.state is CoachState.TOP and moment.wanted_hold_s > 0:
            coach_paint.paint_hold(painter, box, moment.hold_s, moment.wanted_hold_s)

    def _describe(self) -> None:
        words = [self._sentence]
        if self._look is not None:
            moment = self._look.moment
            words += [_cue(moment), _count(moment)]
            words += [coach_words.FAULTS[self._fault].shown] if self._fault is not None else []
            words += [self._problem] if self._look.preview.isNull() else []
        said = ". ".join(word for word in words if word)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)


def _cue(moment: CoachMoment) -> str:
    return coach_words.CUES[moment.cue].shown if moment.cue is not None else ""


def _count(moment: CoachMoment) -> str:
    return player_words.OF_REPETITIONS.format(done=moment.repetitions, wanted=moment.wanted)
