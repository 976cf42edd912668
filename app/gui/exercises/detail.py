"""One exercise before it is done: how it goes, what often goes wrong, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.exercises import text as said
from app.exercises.catalogue import dose_of, exercise_text, known_id, name_of
from app.exercises.today import turns
from app.gui.exercises.detail__exercise_picture import ExercisePicture
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Card, Column, button_row, say, say_list, words
from app.gui.widgets.cards__live_card import make_button

if TYPE_CHECKING:
    from app.exercises.catalogue import ExerciseText
    from app.exercises.today import Task
    from app.history.diary import PlannedExercise

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
