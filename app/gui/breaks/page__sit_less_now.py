"""How the reminder stands, what can be done about it now, and today's breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDateTime, QLocale, Qt, QTime, pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.history.diary import Break, BreakKind
from app.text import breaks__sit_less_words as sit_less_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.breaks.protocol__sit_less_state import ReminderStateLike
    from app.history.diary import Entry

SNOOZE_MIN = 10
_ONE_HOUR_MIN, _TWO_HOURS_MIN = 60, 120
_COLUMNS = 3


class NowCard(QFrame):
    """Says when the next reminder comes, with buttons for a break and for pauses."""

    break_taken = pyqtSignal()
    snooze_wanted = pyqtSignal(int)
    pause_wanted = pyqtSignal(int)
    pause_until_tomorrow_wanted = pyqtSignal()
    resume_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.CARD)
        self.setAccessibleName(self.tr(sit_less_words.NOW))
        self.state, self.suggestion, self.today, self.limits = (QLabel() for _ in range(4))
        kinds = Kind.HEADING, Kind.BODY, Kind.BODY, Kind.MUTED
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(GAP_PX)
        labels = self.state, self.suggestion, self.today, self.limits
        for label, kind in zip(labels, kinds, strict=True):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_kind(label, kind)
        layout.addWidget(self.state)
        layout.addWidget(self.suggestion)
        layout.addLayout(self._buttons())
        layout.addWidget(self.today)
        layout.addWidget(self.limits)
        self.show_state(None, is_on=False)

    def _buttons(self) -> QGridLayout:
        words = sit_less_words
        self.take = self._button(words.TAKE_BREAK, words.TAKE_BREAK_HELP)
        set_kind(self.take, Kind.PRIMARY)
        self.snooze = self._button(words.SNOOZE, words.SNOOZE_HELP)
        self.pause_one = self._button(words.PAUSE_ONE, words.PAUSE_HELP)
        self.pause_two = self._button(words.PAUSE_TWO, words.PAUSE_HELP)
        self.tomorrow = self._button(words.PAUSE_TOMORROW, words.PAUSE_TOMORROW_HELP)
        self.resume = self._button(words.RESUME, words.RESUME_HELP)
        self.take.clicked.connect(self.break_taken)
        self.snooze.clicked.connect(lambda: self.snooze_wanted.emit(SNOOZE_MIN))
        self.pause_one.clicked.connect(lambda: self.pause_wanted.emit(_ONE_HOUR_MIN))
        self.pause_two.clicked.connect(lambda: self.pause_wanted.emit(_TWO_HOURS_MIN))
        self.tomorrow.clicked.connect(self.pause_until_tomorrow_wanted)
        self.resume.clicked.connect(self.resume_wanted)
        rows = QGridLayout()
        buttons = self.take, self.snooze, self.resume, self.pause_one, self.pause_two, self.tomorrow
        for number, button in enumerate(buttons):
            rows.addWidget(button, number // _COLUMNS, number % _COLUMNS)
        return rows

    def _button(self, text: str, help_: str) -> QPushButton:
        button = QPushButton(self.tr(text))
        button.setToolTip(self.tr(help_))
        button.setAccessibleDescription(self.tr(help_))
        return button

    def show_state(self, state: ReminderStateLike | None, *, is_on: bool) -> None:
        """Show how the reminder stands.

        Parameters
        ----------
        state
            None while it has not answered.
        is_on
            Whether the person wants it.
        """
        is_due = is_on and state is not None and state.is_due
        is_paused = is_on and state is not None and state.paused_until is not None
        self.state.setText(self.tr(self._said(state, is_on)))
        shown = self.tr(sit_less_words.SUGGESTED).format(what=state.suggestion) if state else ""
        self.suggestion.setText(shown)
        self.suggestion.setVisible(bool(state and state.suggestion and is_due))
        limits = [] if state is None else _limits(state)
        self.limits.setText(" ".join(map(self.tr, limits)))
        self.limits.setVisible(is_on and bool(limits))
        answers = is_on and state is not None
        for button in (self.pause_one, self.pause_two, self.tomorrow):
            button.setEnabled(answers)
        self.snooze.setEnabled(answers and is_due)
        self.resume.setEnabled(is_paused)

    def show_today(self, breaks: Sequence[Entry]) -> None:
        """Say which breaks were noted today, oldest first."""
        away = sum(_is_away(entry) for entry in breaks)
        last = _time_of(self.locale(), breaks[-1].at) if breaks else ""
        self.today.setText(self.tr(sit_less_words.today_text(len(breaks), away, last)))

    def _said(self, state: ReminderStateLike | None, is_on: bool) -> str:
        if not is_on:
            return sit_less_words.OFF
        if state is None:
            return sit_less_words.STARTING
        if state.paused_until is not None:
            until = _moment_text(self.locale(), state.paused_until)
            return sit_less_words.PAUSED.format(until=until)
        return sit_less_words.DUE if state.is_due else sit_less_words.next_text(state.next_in_min)


def _limits(state: ReminderStateLike) -> list[str]:
    """Say what this desktop cannot do."""
    said = [] if state.has_tray else [sit_less_words.NO_TRAY]
    return said if state.knows_idle else [*said, sit_less_words.NO_IDLE]


def _is_away(entry: Entry) -> bool:
    return isinstance(entry.content, Break) and entry.content.how is BreakKind.AWAY


def _time_of(locale: QLocale, at: datetime) -> str:
    return locale.toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)


def _moment_text(locale: QLocale, at: datetime) -> str:
    """Return a time of day, with the weekday where it is not today."""
    moment = QDateTime.fromSecsSinceEpoch(round(at.timestamp()))
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{locale.toString(moment.date(), 'dddd')}, {time}"
