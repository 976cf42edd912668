"""A slim bar at the foot of the window for desktops without a tray; it never takes the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import say, words
from app.text import breaks as sit_less_words

if TYPE_CHECKING:
    from app.breaks.protocol import ReminderState


class ReminderBar(QFrame):
    """Shown while a break is due that no tray can tell of.

    It takes no focus by itself; Tab reaches its buttons as it does all others.
    """

    #: The person took a break.
    done = pyqtSignal()
    #: The person wants to be reminded again.
    later = pyqtSignal()
    #: Whether the page's button in the navigation should carry a sign.
    badge_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.STATUS)
        self.setAccessibleName(sit_less_words.BAR_NAME)
        self.words = words(can_copy=False)
        self.done_button = QPushButton(sit_less_words.BAR_DONE)
        self.later_button = QPushButton(sit_less_words.BAR_LATER)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.addWidget(self.words, 1)
        for button, help_, told in (
            (self.done_button, sit_less_words.BAR_DONE_HELP, self.done),
            (self.later_button, sit_less_words.BAR_LATER_HELP, self.later),
        ):
            button.setToolTip(help_)
            button.setAccessibleName(help_)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(told)
            button.clicked.connect(lambda: self._turn(False))
            layout.addWidget(button)
        self.hide()

    def show_state(self, state: ReminderState) -> None:
        """Follow the reminder."""
        what = sit_less_words.SUGGESTED.format(what=state.suggestion) if state.suggestion else ""
        say(self.words, f"{sit_less_words.DUE} {what}".strip())
        self._turn(state.needs_badge)

    def _turn(self, on: bool) -> None:
        if on == self.isHidden():
            self.setVisible(on)
            self.badge_changed.emit(on)
