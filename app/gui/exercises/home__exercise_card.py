"""One exercise of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.exercises import text as said
from app.exercises.catalogue import dose_of, name_of
from app.gui.exercises.detail__exercise_picture import ExercisePicture
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import words
from app.gui.widgets.cards__live_card import make_button

if TYPE_CHECKING:
    from app.exercises.today import Task

_PICTURE_PX = 160


class ExerciseCard(QFrame):
    """Says how much of an exercise there is today, and opens it."""

    #: The :class:`Task`.
    opened = pyqtSignal(object)

    def __init__(self, task: Task, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = task
        name = name_of(task.planned)
        set_kind(self, Kind.CARD)
        self.setAccessibleName(name)
        self.picture = ExercisePicture(_PICTURE_PX, is_still=True)
        self.open_button = self._open_button(name)
        column = QVBoxLayout()
        column.setSpacing(GAP_PX // 2)
        column.addWidget(words(name, Kind.HEADING))
        for text, kind in self._lines():
            if text:
                column.addWidget(words(text, kind))
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, GROUP_GAP_PX, 12)
        layout.setSpacing(GROUP_GAP_PX)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.picture.show_exercise(task.planned.exercise)

    def _open_button(self, name: str) -> QPushButton:
        task = self.task
        text = said.START if not task.done else said.ONCE_MORE if task.is_done else said.GO_ON
        button = make_button(text, is_main=not task.is_done and task.hurt_at is None)
        button.setAccessibleName(f"{name}: {text}")
        button.clicked.connect(lambda _: self.opened.emit(self.task))
        return button

    def _lines(self) -> tuple[tuple[str, Kind], ...]:
        task = self.task
        hurt = ""
        if task.hurt_at is not None:
            hurt = said.IT_HURT.format(when=date_only(self.locale(), task.hurt_at))
        done = min(len(task.done), task.wanted)
        load = task.planned.load and said.WITH_LOAD.format(load=task.planned.load)
        return (
            (dose_of(task.planned), Kind.BODY),
            (load, Kind.BODY),
            (task.why, Kind.MUTED),
            (hurt, Kind.WARNING),
            (said.SETS_TODAY.format(done=done, wanted=task.wanted) if done else "", Kind.MUTED),
        )
