"""The menu of the icon near the clock, and what the icon says when pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDateTime, QLocale, QObject, pyqtSignal
from PyQt6.QtWidgets import QMenu

from app.breaks.protocol import Order, Wanted
from app.text import breaks
from app.text import breaks__sit_less_words as sit_less_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PyQt6.QtGui import QAction

    from app.breaks.protocol__state import ReminderState

_SNOOZES = ((breaks.SNOOZE_FIVE, 5), (sit_less_words.SNOOZE, 10))
_PAUSES = ((sit_less_words.PAUSE_ONE, 60), (sit_less_words.PAUSE_TWO, 120))


class TrayMenu(QObject):
    """Follows the reminder's state; whoever shows it takes :attr:`menu`."""

    #: A :class:`Wanted`.
    wanted = pyqtSignal(object)
    open_wanted = pyqtSignal()
    choices_wanted = pyqtSignal()
    quit_wanted = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        # Greyed out, it is hard to read.
        self.state = self._add(self.menu, "", self.choices_wanted.emit)
        self.menu.addSeparator()
        self.take = self._order(self.menu, sit_less_words.TAKE_BREAK, Wanted(Order.TOOK_BREAK))
        self.snoozes = [
            self._order(self.menu, text, Wanted(Order.SNOOZE, minutes))
            for text, minutes in _SNOOZES
        ]
        self.pauses = QMenu(self.tr(breaks.PAUSE), self.menu)
        for text, minutes in _PAUSES:
            self._order(self.pauses, text, Wanted(Order.PAUSE, minutes))
        until = Wanted(Order.PAUSE_UNTIL_TOMORROW)
        self._order(self.pauses, sit_less_words.PAUSE_TOMORROW, until)
        self.menu.addMenu(self.pauses)
        self.resume = self._order(self.menu, sit_less_words.RESUME, Wanted(Order.RESUME))
        self.menu.addSeparator()
        self._add(self.menu, breaks.OPEN, self.open_wanted.emit)
        self._add(self.menu, breaks.CHOICES, self.choices_wanted.emit)
        self.menu.addSeparator()
        self._add(self.menu, breaks.QUIT, self.quit_wanted.emit)

    def show_state(self, state: ReminderState) -> None:
        """Offer what makes sense now."""
        self.state.setText(self.tr(state_text(state)))
        is_paused = state.paused_until is not None
        for snooze in self.snoozes:
            snooze.setVisible(state.is_due)
        self.resume.setVisible(is_paused)
        self.take.setEnabled(state.is_on)
        self.pauses.setEnabled(state.is_on)

    def close(self) -> None:
        """Let go of the menu, which belongs to no window."""
        self.menu.close()
        self.menu.deleteLater()

    def _order(self, menu: QMenu, text: str, wanted: Wanted) -> QAction:
        return self._add(menu, text, lambda: self.wanted.emit(wanted))

    def _add(self, menu: QMenu, text: str, then: Callable[[], object]) -> QAction:
        action = menu.addAction(self.tr(text))
        assert action is not None
        action.triggered.connect(lambda: then())
        return action


def state_text(state: ReminderState) -> str:
    """Say in one sentence how the reminder stands."""
    if not state.is_on:
        return sit_less_words.OFF
    if state.paused_until is not None:
        return sit_less_words.PAUSED.format(until=_moment_text(state.paused_until))
    return sit_less_words.DUE if state.is_due else sit_less_words.next_text(state.next_in_min)


def _moment_text(at: datetime) -> str:
    """Return a time of day, with the weekday where it is not today."""
    locale, moment = QLocale(), QDateTime.fromSecsSinceEpoch(round(at.timestamp()))
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{locale.toString(moment.date(), 'dddd')}, {time}"
