"""Today's exercises, what else there is for them, and one exercise before it is done."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QWidget

from app.exercises import sharing_text, text
from app.exercises.routine import dose_of, exercise_text, name_of
from app.exercises.today import turns
from app.gui.exercises.pictures import ExercisePicture, OwnPictures
from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import (
    Card,
    Column,
    button_row,
    clear,
    in_column,
    in_row,
    make_button,
    say,
    say_list,
    words,
)
from app.text.language import texts

if TYPE_CHECKING:
    from datetime import datetime

    from app.exercises.today import Day, Task

#: The widest the picture of the exercise at hand is, and of those of today, in logical pixels.
_PICTURE_PX, _SMALL_PICTURE_PX = 400, 160
#: Up to this text size three cards find room beside one another.
_BESIDE_UP_TO = 1.3


class ExerciseCard(QFrame):
    """Says how much of an exercise there is today, and opens it."""

    #: The :class:`Task`.
    opened = pyqtSignal(object)

    def __init__(self, task: Task, pictures: OwnPictures) -> None:
        super().__init__()
        self.task = task
        name = name_of(task.planned)
        set_kind(self, Kind.CARD)
        self.setAccessibleName(name)
        self.picture = ExercisePicture(_SMALL_PICTURE_PX, is_still=True)
        is_main = not task.is_done and task.hurt_at is None
        self.open_button = make_button(text.OPEN, "", is_main, lambda _: self.opened.emit(task))
        self.open_button.setAccessibleName(f"{name}: {text.OPEN}")
        lines = [words(line, kind) for line, kind in self._lines() if line]
        column = in_column(words(name, Kind.HEADING), *lines, 1, gap_px=GAP_PX // 2)
        parts = self.picture, (column, 1), self.open_button
        margins_px = 12, 12, GROUP_GAP_PX, 12
        layout = in_row(*parts, on=self, gap_px=GROUP_GAP_PX, margins_px=margins_px)
        layout.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        layout.setAlignment(self.open_button, Qt.AlignmentFlag.AlignVCenter)
        self.picture.show_planned(task.planned, pictures)

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
    """A card for each exercise of today, and the ways to everything else.

    Parameters
    ----------
    pictures
        Those of the person's own exercises.
    """

    #: The :class:`Task` that somebody wants to look at.
    task_opened = pyqtSignal(object)
    self_check_wanted = pyqtSignal()
    list_wanted = pyqtSignal()
    #: The list is to be written to a file, or one is to be opened.
    save_wanted = pyqtSignal()
    open_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    questions_wanted = pyqtSignal()

    def __init__(self, pictures: OwnPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._day: Day | None = None
        self.cards: list[ExerciseCard] = []
        self.habit, self.sum = words(), words(kind=Kind.MUTED)
        self.checked, self.screened = words(kind=Kind.MUTED), words(kind=Kind.MUTED)
        self.self_check = make_button(text.SELF_CHECK_DO, act=self.self_check_wanted)
        self.list = make_button(text.LIST_CHANGE, act=self.list_wanted)
        file = sharing_text
        self.save_list = make_button(file.SAVE, file.SAVE_TIP, act=self.save_wanted)
        self.open_list = make_button(file.OPEN, file.OPEN_TIP, act=self.open_wanted)
        self.someone = make_button(text.SOMEONE_READ, act=self.someone_wanted)
        self.questions = make_button(text.ANSWER_AGAIN, act=self.questions_wanted)
        set_kind(self.questions, Kind.QUIET)
        title, self._cards = words(text.TODAY, Kind.HEADING), in_column()
        self._ways = in_row(
            (_card(text.SELF_CHECK_TITLE, text.SELF_CHECK_ABOUT, self.self_check, self.checked), 1),
            (self._list_card(), 1),
            (_card(text.SOMEONE_TITLE, text.SOMEONE_ABOUT, self.someone), 1),
        )
        self.add(
            in_column(title, self.habit, self.sum, gap_px=GAP_PX // 2), self._cards, self._ways
        )
        self.add(in_row((self.screened, 1), self.questions))
        self._fit_text()

    def changeEvent(self, event: QEvent | None) -> None:
        """Put the ways one below the other where letters are large."""
        super().changeEvent(event)
        # The first change of style comes while the page is being made.
        if event is not None and event.type() == QEvent.Type.StyleChange and hasattr(self, "_ways"):
            self._fit_text()

    def _fit_text(self) -> None:
        is_large = text_factor() > _BESIDE_UP_TO
        way = QBoxLayout.Direction
        self._ways.setDirection(way.TopToBottom if is_large else way.LeftToRight)

    def show_day(self, day: Day) -> None:
        """Show this; where nothing has changed, nothing flickers."""
        if day == self._day:
            return
        before, self._day = self._day, day
        if before is None or before.tasks != day.tasks:
            self._show_tasks(day.tasks)
        say(self.habit, " ".join(filter(None, (day.planned, day.habit, texts().dose.days))))
        lines = [text.minutes(day.minutes)] if day.tasks else []
        lines += [text.OWN_LIST_SHOWN] if day.is_own else []
        if day.later:
            names = ", ".join(name_of(task.planned) for task in day.later)
            lines.append(text.NEXT_TIME.format(names=names))
        if day.tasks and all(task.is_done for task in day.tasks):
            lines = [text.ALL_DONE]
        say(self.sum, " ".join(lines))
        self.save_list.setEnabled(day.is_own)
        say(self.checked, self._when(text.SELF_CHECK_LAST, day.checked_at))
        say(self.screened, self._when(text.ANSWERED_AT, day.screened_at))

    def take_focus(self) -> None:
        """Hand the keys to the first exercise that is not done."""
        open_cards = [card for card in self.cards if not card.task.is_done]
        for card in open_cards[:1] or self.cards[:1]:
            card.take_focus()
            self.area.ensureWidgetVisible(card)

    def _list_card(self) -> Card:
        card = _card(text.LIST_TITLE, text.LIST_ABOUT, self.list)
        card.add(self.open_list, self.save_list)
        return card

    def _show_tasks(self, shown: tuple[Task, ...]) -> None:
        clear(self._cards)
        self.cards = [ExerciseCard(task, self._pictures) for task in shown]
        for card in self.cards:
            card.opened.connect(self.task_opened)
            self._cards.addWidget(card)
        buttons = [card.open_button for card in self.cards] + [self.self_check]
        for first, second in pairwise(buttons):
            QWidget.setTabOrder(first, second)

    def _when(self, sentence: str, at: datetime | None) -> str:
        return "" if at is None else sentence.format(when=date_only(self.locale(), at))


class ExerciseDetail(Column):
    """Shows an exercise large, and leads to doing it."""

    #: The :class:`Task` to be done now.
    start_wanted = pyqtSignal(object)

    def __init__(self, pictures: OwnPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self.task: Task | None = None
        self.picture = ExercisePicture(_PICTURE_PX)
        self.pause = make_button(text.PAUSE_PICTURE)
        self.pause.setCheckable(True)
        self.pause.toggled.connect(self._pause)
        self.name, self.hurt = words(kind=Kind.TITLE), words(kind=Kind.WARNING)
        self.purpose, self.why = words(), words(kind=Kind.MUTED)
        self.dose, self.load = words(kind=Kind.HEADING), words()
        self.how, self.note, self.side = words(), words(), words(kind=Kind.MUTED)
        self.start = self.first = make_button(text.GET_READY, "", True, self._begin)
        self.steps, self.faults = words(), words()
        self.camera = words(kind=Kind.MUTED)
        left = in_column(self.picture, button_row(self.pause), 1)
        about = self.name, self.purpose, self.dose, self.load, self.how
        right = in_column(
            *about, self.note, self.why, self.hurt, self.side, button_row(self.start), 1
        )
        how, seen = self._about = (
            Card(text.HOW_IT_GOES, self.steps),
            Card(text.OFTEN_SEEN, self.faults),
        )
        for card in self._about:
            card.add_stretch()
        self.add(in_row(left, (right, 1), gap_px=GROUP_GAP_PX))
        self.add(in_row((how, 1), (seen, 1)), self.camera)

    def show_task(self, task: Task) -> None:
        """Show an exercise with its dose of today."""
        self.task, planned = task, task.planned
        say(self.name, name_of(planned))
        self.picture.show_planned(planned, self._pictures)
        self.pause.setVisible(self.picture.can_move)
        say(self.dose, dose_of(planned))
        say(self.load, text.load_line(planned))
        say(self.how, planned.how)
        say(self.note, planned.note and text.YOUR_NOTE.format(note=planned.note))
        say(self.why, task.why)
        when = "" if task.hurt_at is None else date_only(self.locale(), task.hurt_at)
        say(self.hurt, when and text.IT_HURT.format(when=when))
        left = turns(planned, task.done)
        say(self.side, text.NEXT_SIDE.get(left[0].side, "") if left else "")
        known = exercise_text(planned)
        for card in self._about:
            card.setVisible(known is not None)
        say(self.purpose, "" if known is None else known.purpose)
        place = "" if known is None else known.seen_from
        say(self.camera, place and text.CAMERA_SEES.format(place=place))
        if known is not None:
            say_list(self.steps, known.steps, is_numbered=True)
            say_list(self.faults, known.faults)

    def _begin(self) -> None:
        self.start_wanted.emit(self.task)

    def _pause(self, is_paused: bool) -> None:
        self.picture.set_paused(is_paused)
        self.pause.setText(text.MOVE_PICTURE if is_paused else text.PAUSE_PICTURE)


def _card(title: str, about: str, button: QPushButton, *more: QLabel) -> Card:
    button.setAccessibleName(f"{title}: {button.text()}")
    card = Card(title, words(about), *more)
    card.add_stretch()
    card.add(button)
    return card
