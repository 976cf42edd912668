"""Today's exercises, and what else there is on the page for them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exercises import text
from app.exercises.routine import dose_of, name_of
from app.gui.exercises.detail import ExercisePicture
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Card, Column, clear, make_button, say, words
from app.text.language import texts

if TYPE_CHECKING:
    from datetime import datetime

    from app.exercises.today import Day, Task

_PICTURE_PX = 160


class ExerciseCard(QFrame):
    """Says how much of an exercise there is today, and opens it."""

    #: The :class:`Task`.
    opened = pyqtSignal(object)

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task
        name = name_of(task.planned)
        set_kind(self, Kind.CARD)
        self.setAccessibleName(name)
        self.picture = ExercisePicture(_PICTURE_PX, is_still=True)
        is_main = not task.is_done and task.hurt_at is None
        self.open_button = make_button(text.start_of(task), is_main=is_main)
        self.open_button.setAccessibleName(f"{name}: {text.start_of(task)}")
        self.open_button.clicked.connect(lambda _: self.opened.emit(task))
        column = QVBoxLayout()
        column.setSpacing(GAP_PX // 2)
        column.addWidget(words(name, Kind.HEADING))
        for line, kind in self._lines():
            if line:
                column.addWidget(words(line, kind))
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, GROUP_GAP_PX, 12)
        layout.setSpacing(GROUP_GAP_PX)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.picture.show_exercise(task.planned.exercise)

    def take_focus(self) -> None:
        """Hand the keys to the button."""
        self.open_button.setFocus()

    def _lines(self) -> tuple[tuple[str, Kind], ...]:
        task = self.task
        hurt = ""
        if task.hurt_at is not None:
            hurt = text.IT_HURT.format(when=date_only(self.locale(), task.hurt_at))
        done = min(len(task.done), task.wanted)
        return (
            (dose_of(task.planned), Kind.BODY),
            (text.load_line(task.planned), Kind.BODY),
            (task.why, Kind.MUTED),
            (hurt, Kind.WARNING),
            (text.SETS_TODAY.format(done=done, wanted=task.wanted) if done else "", Kind.MUTED),
        )


class ExerciseHome(Column):
    """A card for each exercise of today, and the ways to everything else."""

    #: The :class:`Task` that somebody wants to look at.
    task_opened = pyqtSignal(object)
    self_check_wanted = pyqtSignal()
    list_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    questions_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._day: Day | None = None
        self.cards: list[ExerciseCard] = []
        self.habit, self.sum = words(), words(kind=Kind.MUTED)
        self.checked, self.screened = words(kind=Kind.MUTED), words(kind=Kind.MUTED)
        self.self_check = make_button(text.SELF_CHECK_DO)
        self.list = make_button(text.LIST_CHANGE)
        self.someone = make_button(text.SOMEONE_READ)
        self.questions = make_button(text.ANSWER_AGAIN)
        set_kind(self.questions, Kind.QUIET)
        self.questions.clicked.connect(self.questions_wanted)
        self.self_check.clicked.connect(self.self_check_wanted)
        self.list.clicked.connect(self.list_wanted)
        self.someone.clicked.connect(self.someone_wanted)
        head, self._cards = QVBoxLayout(), QVBoxLayout()
        head.setSpacing(GAP_PX // 2)
        self._cards.setSpacing(GAP_PX)
        for part in (words(text.TODAY, Kind.HEADING), self.habit, self.sum):
            head.addWidget(part)
        ways, answered = QHBoxLayout(), QHBoxLayout()
        for card in (
            _card(text.SELF_CHECK_TITLE, text.SELF_CHECK_ABOUT, self.self_check, self.checked),
            _card(text.LIST_TITLE, text.LIST_ABOUT, self.list),
            _card(text.SOMEONE_TITLE, text.SOMEONE_ABOUT, self.someone),
        ):
            ways.addWidget(card, 1)
        answered.addWidget(self.screened, 1)
        answered.addWidget(self.questions)
        for row in (ways, answered):
            row.setSpacing(GAP_PX)
        self.add(head, self._cards, ways, answered)

    def show_day(self, day: Day) -> None:
        """Show this; where nothing has changed, nothing flickers."""
        if day == self._day:
            return
        before, self._day = self._day, day
        if before is None or before.tasks != day.tasks:
            self._show_tasks(day.tasks)
        say(self.habit, " ".join(filter(None, (day.habit, texts().dose.days))))
        lines = [text.minutes(day.minutes)] if day.tasks else []
        lines += [text.OWN_LIST_SHOWN] if day.is_own else []
        lines += [text.next_time(task.planned for task in day.later)] if day.later else []
        if day.tasks and all(task.is_done for task in day.tasks):
            lines = [text.ALL_DONE]
        say(self.sum, " ".join(lines))
        say(self.checked, self._when(text.SELF_CHECK_LAST, day.checked_at))
        say(self.screened, self._when(text.ANSWERED_AT, day.screened_at))

    def take_focus(self) -> None:
        """Hand the keys to the first exercise that is not done."""
        open_cards = [card for card in self.cards if not card.task.is_done]
        for card in open_cards[:1] or self.cards[:1]:
            card.take_focus()
            self.area.ensureWidgetVisible(card)

    def _show_tasks(self, shown: tuple[Task, ...]) -> None:
        clear(self._cards)
        self.cards = [ExerciseCard(task) for task in shown]
        for card in self.cards:
            card.opened.connect(self.task_opened)
            self._cards.addWidget(card)
        buttons = [card.open_button for card in self.cards] + [self.self_check]
        for first, second in pairwise(buttons):
            QWidget.setTabOrder(first, second)

    def _when(self, sentence: str, at: datetime | None) -> str:
        return "" if at is None else sentence.format(when=date_only(self.locale(), at))


def _card(title: str, about: str, button: QPushButton, *more: QLabel) -> Card:
    button.setAccessibleName(f"{title}: {button.text()}")
    card = Card(title, words(about), *more)
    card.add_stretch()
    card.add(button)
    return card
