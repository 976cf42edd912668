"""The line under the page for what just happened, with Undo where that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.gui.style.theme import Kind, set_kind

if TYPE_CHECKING:
    from collections.abc import Callable

_GOES_AFTER_MS = 8000


class StatusLine(QFrame):
    """As high as its words need; not there while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.STATUS)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.setAccessibleName(self.tr("Undo what was just done"))
        self._undoing: Callable[[], None] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.undo.clicked.connect(self._take_back)
        self.clear()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Say something for a while, or until something else is said."""
        self._undoing = None
        self.undo.hide()
        self.words.setText(text)
        self.setVisible(bool(text))
        self._timer.stop()
        if text and not stays:
            self._timer.start(_GOES_AFTER_MS)

    def offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        """Say what was done, with a button that takes it back."""
        self.say(text, stays=True)
        self._undoing = undo
        self.undo.show()

    def clear(self) -> None:
        """Say nothing."""
        self.say("")

    def _take_back(self) -> None:
        undo = self._undoing
        self.clear()
        if undo is not None:
            undo()
