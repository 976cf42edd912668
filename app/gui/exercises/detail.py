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

from app.exercises import text
from app.exercises.routine import dose_of, exercise_text, name_of
from app.exercises.today import turns
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Card, Column, button_row, make_button, say, say_list, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QHideEvent, QPaintEvent, QShowEvent

    from app.exercises.today import Task

_FOLDER = Path(__file__).parents[2] / "assets" / "exercises"
_SIZE_PX = QSize(640, 400)
#: The widest the picture of the exercise at hand is, in logical pixels.
_PICTURE_PX = 400
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


_NO_PICTURES = Loop((), (), 0, "")


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

    def __init__(self, width_px: int, is_still: bool = False):
        super().__init__()
        self._width_px, self._is_still = width_px, is_still
        self._loop, self._at = _NO_PICTURES, 0
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
        return bool(self._loop.frames)

    def sizeHint(self) -> QSize:
        """Return the size for the width that was wished for."""
        return QSize(self._width_px, self._width_px * _SIZE_PX.height() // _SIZE_PX.width())

    def show_exercise(self, exercise: str) -> None:
        """Show the exercise of this id; without pictures of it there is nothing to see."""
        self._loop, self._read = loops().get(exercise, _NO_PICTURES), {}
        self._at = self._loop.top if self._is_still else 0
        self._clock.stop()
        self.setVisible(self.has_picture)
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
        if not self.has_picture:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(edge)
        painter.drawPixmap(self.rect(), self._picture())
        painter.end()

    def _picture(self) -> QPixmap:
        if self._at not in self._read:
            pixmap = QPixmap(str(self._loop.frames[self._at]))
            if self._is_still and not pixmap.isNull():
                # Painted again and again in lists, and much smaller than it is on the disk.
                pixmap = pixmap.scaled(
                    self.sizeHint() * self.devicePixelRatioF(),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._read[self._at] = pixmap
        return self._read[self._at]

    def _start(self) -> None:
        can_move = len(self._loop.frames) > 1 and not self._is_still
        if can_move and self.isVisible() and not self._is_paused:
            self._clock.start(self._loop.ms[self._at])

    def _go_on(self) -> None:
        self._at = (self._at + 1) % len(self._loop.frames)
        self.update()
        self._start()


class ExerciseDetail(Column):
    """Shows an exercise large, and starts it."""

    #: The :class:`Task` to be done now.
    start_wanted = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.task: Task | None = None
        self.picture = ExercisePicture(_PICTURE_PX)
        self.pause = make_button(text.PAUSE_PICTURE)
        self.pause.setCheckable(True)
        self.pause.toggled.connect(self._pause)
        self.name, self.hurt = words(kind=Kind.TITLE), words(kind=Kind.WARNING)
        self.purpose, self.why = words(), words(kind=Kind.MUTED)
        self.dose, self.load = words(kind=Kind.HEADING), words()
        self.note, self.side = words(), words(kind=Kind.MUTED)
        self.start = self.first = make_button(text.START, is_main=True)
        self.start.clicked.connect(lambda _: self.start_wanted.emit(self.task))
        self.steps, self.faults = words(), words()
        self.camera = words(kind=Kind.MUTED)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.picture)
        left.addLayout(button_row(self.pause))
        about = self.name, self.purpose, self.dose, self.load, self.note, self.why
        for part in (*about, self.hurt, self.side):
            right.addWidget(part)
        right.addLayout(button_row(self.start))
        for column in (left, right):
            column.setSpacing(GAP_PX)
            column.addStretch(1)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(GROUP_GAP_PX)
        top.addLayout(left)
        top.addLayout(right, 1)
        self._about = Card(text.HOW_IT_GOES, self.steps), Card(text.OFTEN_SEEN, self.faults)
        below.setSpacing(GAP_PX)
        for card in self._about:
            card.add_stretch()
            below.addWidget(card, 1)
        self.add(top, below, self.camera)

    def show_task(self, task: Task) -> None:
        """Show an exercise with its dose of today."""
        self.task, planned = task, task.planned
        say(self.name, name_of(planned))
        self.picture.show_exercise(planned.exercise)
        self.pause.setVisible(self.picture.has_picture)
        say(self.dose, dose_of(planned))
        say(self.load, text.load_line(planned))
        say(self.note, planned.note and text.YOUR_NOTE.format(note=planned.note))
        say(self.why, task.why)
        when = "" if task.hurt_at is None else date_only(self.locale(), task.hurt_at)
        say(self.hurt, when and text.IT_HURT.format(when=when))
        left = turns(planned, task.done)
        say(self.side, text.NEXT_SIDE.get(left[0].side, "") if left else "")
        self.start.setText(text.start_of(task))
        known = exercise_text(planned)
        for card in self._about:
            card.setVisible(known is not None)
        say(self.purpose, "" if known is None else known.purpose)
        place = "" if known is None else known.seen_from
        say(self.camera, place and text.CAMERA_SEES.format(place=place))
        if known is not None:
            say_list(self.steps, known.steps, is_numbered=True)
            say_list(self.faults, known.faults)

    def _pause(self, is_paused: bool) -> None:
        self.picture.set_paused(is_paused)
        self.pause.setText(text.MOVE_PICTURE if is_paused else text.PAUSE_PICTURE)
