"""Today's exercises, and what else there is on the page for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exercises import text as said
from app.exercises.catalogue import dose_of, name_of
from app.exercises.routine import days_sentence, minutes_of
from app.exercises.today import own_plan, plan_day
from app.gui.exercises.detail import ExercisePicture
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Card, Column, clear, make_button, say, words
from app.history.diary import EntryKind, Plan
from app.history.progress import progress_of
from app.text import progress

if TYPE_CHECKING:
    from datetime import datetime

    from app.exercises.today import Task
    from app.gui.exercises.diary import DiaryNews


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


@dataclass(frozen=True, slots=True)
class Day:
    """What is shown of a day.

    Attributes
    ----------
    tasks
        The exercises, in order.
    later
        Those that come another day.
    is_own
        Whether they are from a list that somebody typed in.
    habit
        On how many days of this week something was done; empty for none.
    checked_at, screened_at
        When the self-check and the questions before exercising were last answered.
    """

    tasks: tuple[Task, ...] = ()
    later: tuple[Task, ...] = ()
    is_own: bool = False
    habit: str = ""
    checked_at: datetime | None = None
    screened_at: datetime | None = None

    @property
    def minutes(self) -> float:
        """How long all of it takes."""
        return minutes_of(Plan(tuple(task.planned for task in self.tasks)))


def day_of(news: DiaryNews, now: datetime) -> Day:
    """Return the day that a diary leads to, at a moment of this computer's clock."""
    checks = [entry.at for entry in news.of(EntryKind.SELF_CHECK)]
    screened = news.newest(EntryKind.SCREENING, now)
    today, later = plan_day(news, now)
    return Day(
        tasks=today,
        later=later,
        is_own=own_plan(news, now) is not None,
        habit=progress.summary(progress_of(news.entries, news.squeezes), now.date()),
        checked_at=checks[-1] if checks else None,
        screened_at=None if screened is None else screened.at,
    )


class ExerciseHome(Column):
    """A card for each exercise of today, and the ways to everything else."""

    #: The :class:`Task` that somebody wants to look at.
    task_opened = pyqtSignal(object)
    self_check_wanted = pyqtSignal()
    list_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    questions_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day: Day | None = None
        self.cards: list[ExerciseCard] = []
        self.habit, self.sum = words(), words(kind=Kind.MUTED)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GAP_PX)
        head = QVBoxLayout()
        head.setSpacing(GAP_PX // 2)
        for part in (words(said.TODAY, Kind.HEADING), self.habit, self.sum):
            head.addWidget(part)
        self.column.addLayout(head)
        self.column.addLayout(self._cards)
        self.column.addLayout(self._others())
        self.column.addLayout(self._answered())
        self.column.addStretch(1)

    def show_day(self, day: Day) -> None:
        """Show this; where nothing has changed, nothing flickers."""
        if day == self._day:
            return
        before, self._day = self._day, day
        if before is None or before.tasks != day.tasks:
            self._show_tasks(day.tasks)
        say(self.habit, " ".join(filter(None, (day.habit, days_sentence()))))
        lines = [said.minutes(day.minutes)] if day.tasks else []
        lines += [said.OWN_LIST_SHOWN] if day.is_own else []
        lines += [said.next_time(task.planned for task in day.later)] if day.later else []
        if day.tasks and all(task.is_done for task in day.tasks):
            lines = [said.ALL_DONE]
        say(self.sum, " ".join(lines))
        say(self.checked, self._when(said.SELF_CHECK_LAST, day.checked_at))
        say(self.screened, self._when(said.ANSWERED_AT, day.screened_at))

    def take_focus(self) -> None:
        """Hand the keys to the first exercise that is not done."""
        open_cards = [card for card in self.cards if not card.task.is_done]
        for card in open_cards[:1] or self.cards[:1]:
            card.open_button.setFocus()
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

    def _others(self) -> QHBoxLayout:
        self.checked = words(kind=Kind.MUTED)
        self.self_check = make_button(said.SELF_CHECK_DO)
        self.list = make_button(said.LIST_CHANGE)
        self.someone = make_button(said.SOMEONE_READ)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        for title, about, more, button, wanted in (
            (
                said.SELF_CHECK_TITLE,
                said.SELF_CHECK_ABOUT,
                self.checked,
                self.self_check,
                self.self_check_wanted,
            ),
            (said.LIST_TITLE, said.LIST_ABOUT, None, self.list, self.list_wanted),
            (said.SOMEONE_TITLE, said.SOMEONE_ABOUT, None, self.someone, self.someone_wanted),
        ):
            button.setAccessibleName(f"{title}: {button.text()}")
            button.clicked.connect(wanted)
            row.addWidget(_card(title, about, more, button), 1)
        return row

    def _answered(self) -> QHBoxLayout:
        self.screened = words(kind=Kind.MUTED)
        self.questions = make_button(said.ANSWER_AGAIN)
        set_kind(self.questions, Kind.QUIET)
        self.questions.clicked.connect(self.questions_wanted)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(self.screened, 1)
        row.addWidget(self.questions)
        return row

    def _when(self, sentence: str, at: datetime | None) -> str:
        return "" if at is None else sentence.format(when=date_only(self.locale(), at))


def _card(title: str, about: str, more: QLabel | None, button: QPushButton) -> Card:
    card = Card(title)
    card.column.addWidget(words(about))
    if more is not None:
        card.column.addWidget(more)
    card.column.addStretch(1)
    card.column.addWidget(button)
    return card
