"""A line that says what was done and offers to take it back; nothing waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.gui.style.theme import Kind, set_kind

if TYPE_CHECKING:
    from PyQt6.QtGui import QUndoStack


class UndoBar(QFrame):
    """Shows the newest entry of an undo stack after it was pushed, until it is closed."""

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        set_kind(self, Kind.CARD)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.setToolTip(self.tr("Take it back ({keys})").format(keys=keys))
        self.undo.clicked.connect(stack.undo)
        self.close_button = QToolButton()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setAccessibleName(self.tr("Close this line"))
        self.close_button.setToolTip(self.tr("Close this line"))
        set_kind(self.close_button, Kind.QUIET)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.undo)
        layout.addWidget(self.close_button)
        stack.indexChanged.connect(self._follow)
        self._seen = 0
        self.hide()

    def _follow(self, index: int) -> None:
        """Offer what was just done; what was just undone needs no offer."""
        if index > self._seen:
            self.words.setText(self._stack.undoText() + ".")
            self.undo.setAccessibleName(self.tr("Undo: {what}").format(what=self.words.text()))
        self.setVisible(index > self._seen)
        self._seen = index
