"""One exercise before it is done: how it goes, what often goes wrong, and how much of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter, QPainterPath, QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.exercises import text as said
from app.exercises.catalogue import dose_of, exercise_text, known_id, name_of
from app.exercises.today import turns
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Card, Column, button_row, make_button, say, say_list, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QHideEvent, QPaintEvent, QShowEvent

    from app.exercises.catalogue import ExerciseText
    from app.exercises.today import Task
    from app.history.diary import PlannedExercise


_FOLDER = Path(__file__).parents[2] / "assets" / "exercises"
_SIZE_PX = QSize(640, 400)
_ROUND_PX = 6
_FASTEST_MS = 40


@dataclass(frozen=True, slots=True)
class Loop:
    """Pictures of one exercise, to be shown one after the other and over again.

    Attributes
    ----------
    frames
        Files, in order.
    ms
        How long each is shown.
    top
        Which of them shows the exercise best.
    alt
        What is to be seen, in words.
    """

    frames: tuple[Path, ...]
    ms: tuple[int, ...]
    top: int
    alt: str


@cache
def loops(folder: Path = _FOLDER) -> Mapping[str, Loop]:
    """Return all loops by the exercise's id."""
    try:
        index: dict[str, Any] = json.loads((folder / "index.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {
        key: Loop(
            tuple(folder / name for name in entry["frames"]),
            tuple(max(_FASTEST_MS, int(ms)) for ms in entry["ms"]),
            int(entry["top"]),
            str(entry["alt"]),
        )
        for key, entry in index.items()
    }


class ExercisePicture(QWidget):
    """Shows an exercise: still, or moving while it is in sight and not paused.

    Parameters
    ----------
    width_px
        The widest it is to be, in logical pixels; the height follows.
    is_still
        Whether only the picture of the top is shown.
    """

    def __init__(self, width_px: int, is_still: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._width_px, self._is_still = width_px, is_still
        self._loop: Loop | None = None
        self._at = 0
        self._read: dict[int, QPixmap] = {}
        self._is_paused = False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._go_on)
        self.setFixedSize(self.sizeHint())
        self.hide()

    @property
    def is_moving(self) -> bool:
        """Whether it moves just now."""
        return self._clock.isActive()

    @property
    def has_picture(self) -> bool:
        """Whether there is something to show."""
        return self._loop is not None

    def sizeHint(self) -> QSize:
        """Return the size for the width that was wished for."""
        return QSize(self._width_px, self._width_px * _SIZE_PX.height() // _SIZE_PX.width())

    def show_exercise(self, exercise: str) -> None:
        """Show the exercise of this id; without pictures of it there is nothing to see."""
        self._loop, self._read = loops().get(exercise), {}
        self._clock.stop()
        self.setVisible(self._loop is not None)
        if self._loop is not None:
            self._at = self._loop.top if self._is_still else 0
            self.setAccessibleName(self._loop.alt)
            self.setToolTip(self._loop.alt)
            self._start()
        self.update()

    def set_paused(self, is_paused: bool) -> None:
        """Stand still, or move again."""
        self._is_paused = is_paused
        self._clock.stop()
        self._start()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Move now that it can be seen."""
        super().showEvent(event)
        self._start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Cost nothing while nobody can see it."""
        super().hideEvent(event)
        self._clock.stop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the picture whose turn it is, with the corners of the cards."""
        del event
        picture = self._picture()
        if picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(edge)
        painter.drawPixmap(self.rect(), picture)
        painter.end()

    def _picture(self) -> QPixmap | None:
        if self._loop is None:
            return None
        if self._at not in self._read:
            pixmap = QPixmap(str(self._loop.frames[self._at]))
            if self._is_still and not pixmap.isNull():
                # Painted again and again in lists, and much smaller than it is on the disk.
                ratio = self.devicePixelRatioF()
                pixmap = pixmap.scaled(
                    self.sizeHint() * ratio,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._read[self._at] = pixmap
        picture = self._read[self._at]
        return None if picture.isNull() else picture

    def _start(self) -> None:
        can_move = self._loop is not None and len(self._loop.frames) > 1 and not self._is_still
        if can_move and self.isVisible() and not self._is_paused and self._loop is not None:
            self._clock.start(self._loop.ms[self._at])

    def _go_on(self) -> None:
        if self._loop is not None:
            self._at = (self._at + 1) % len(self._loop.frames)
            self.update()
            self._start()


_PICTURE_PX = 400


class ExerciseDetail(Column):
    """Shows an exercise large, and starts it."""

    #: The :class:`Task` to be done now.
    start_wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self.picture = ExercisePicture(_PICTURE_PX)
        self.pause = make_button(said.PAUSE_PICTURE)
        self.pause.setCheckable(True)
        self.pause.toggled.connect(self._pause)
        self.name, self.hurt = words(kind=Kind.TITLE), words(kind=Kind.WARNING)
        self.purpose, self.why = words(), words(kind=Kind.MUTED)
        self.dose, self.load = words(kind=Kind.HEADING), words()
        self.note, self.side = words(), words(kind=Kind.MUTED)
        self.start = make_button(said.START, is_main=True)
        self.start.clicked.connect(self._start)
        self.steps, self.faults = words(), words()
        self.camera = words(kind=Kind.MUTED)
        self.column.addLayout(self._top())
        self._about = [
            self._card(said.HOW_IT_GOES, self.steps),
            self._card(said.OFTEN_SEEN, self.faults),
        ]
        below = QHBoxLayout()
        below.setSpacing(GAP_PX)
        for card in self._about:
            below.addWidget(card, 1)
        self.column.addLayout(below)
        self.column.addWidget(self.camera)
        self.column.addStretch(1)

    @property
    def task(self) -> Task | None:
        """What is shown."""
        return self._task

    def show_task(self, task: Task) -> None:
        """Show an exercise with its dose of today."""
        self._task = task
        planned = task.planned
        say(self.name, name_of(planned))
        self.picture.show_exercise(planned.exercise)
        self.pause.setVisible(self.picture.has_picture)
        say(self.dose, dose_of(planned))
        say(self.load, planned.load and said.WITH_LOAD.format(load=planned.load))
        say(self.note, planned.note and said.YOUR_NOTE.format(note=planned.note))
        say(self.why, task.why)
        when = "" if task.hurt_at is None else date_only(self.locale(), task.hurt_at)
        say(self.hurt, when and said.IT_HURT.format(when=when))
        left = turns(planned, task.done)
        say(self.side, said.NEXT_SIDE.get(left[0].side, "") if left else "")
        self.start.setText(said.START if not task.done else said.GO_ON if left else said.ONCE_MORE)
        self._show_text(text_of(planned))

    def take_focus(self) -> None:
        """Hand the keys to Start."""
        super().take_focus()
        self.start.setFocus()

    def _top(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(GAP_PX)
        left.addWidget(self.picture)
        left.addLayout(button_row(self.pause))
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(GAP_PX)
        for part in (self.name, self.purpose, self.dose, self.load, self.note, self.why):
            right.addWidget(part)
        for part in (self.hurt, self.side):
            right.addWidget(part)
        right.addLayout(button_row(self.start))
        right.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(GROUP_GAP_PX)
        top.addLayout(left)
        top.addLayout(right, 1)
        return top

    @staticmethod
    def _card(title: str, inside: QWidget) -> Card:
        card = Card(title)
        card.column.addWidget(inside)
        card.column.addStretch(1)
        return card

    def _show_text(self, text: ExerciseText | None) -> None:
        for card in self._about:
            card.setVisible(text is not None)
        say(self.purpose, "" if text is None else text.purpose)
        if text is None:
            say(self.camera, "")
            return
        say_list(self.steps, text.steps, is_numbered=True)
        say_list(self.faults, text.faults)
        seen = text.seen_from
        say(self.camera, seen and said.CAMERA_SEES.format(place=seen))

    def _pause(self, is_paused: bool) -> None:
        self.picture.set_paused(is_paused)
        self.pause.setText(said.MOVE_PICTURE if is_paused else said.PAUSE_PICTURE)

    def _start(self) -> None:
        if self._task is not None:
            self.start_wanted.emit(self._task)


def text_of(planned: PlannedExercise) -> ExerciseText | None:
    """Return what is known about an exercise; None for one with a name of its own."""
    known = known_id(planned.exercise)
    return None if known is None else exercise_text(known)
