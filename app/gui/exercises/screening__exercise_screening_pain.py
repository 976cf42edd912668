"""After somebody said that it hurts."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QWidget

from app.exercises import text as said
from app.exercises.screening import pain_words
from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import Column, button_row, words
from app.gui.widgets.cards__live_card import make_button

_NOTE_LETTERS = 500


class PainPage(Column):
    """Says what to do now, and takes a note of where it hurt."""

    #: What the person wrote.
    noted = pyqtSignal(str)
    questions_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        told = pain_words()
        self.title, self.whom = words(told.title, Kind.TITLE), words(told.whom, Kind.REFUSAL)
        self.whom.setText("\n".join(line for line in (told.whom, told.how_soon) if line))
        ask = words(said.PAIN_NOTE)
        self.note = QLineEdit()
        self.note.setMaxLength(_NOTE_LETTERS)
        self.note.setAccessibleName(said.PAIN_NOTE)
        ask.setBuddy(self.note)
        for part in (self.title, self.whom, words(told.then), ask, self.note):
            self.column.addWidget(part)
        self.column.addWidget(words(said.PAIN_STORED, Kind.MUTED))
        self.back = make_button(said.BACK_TO_TODAY)
        self.questions = make_button(said.QUESTIONS_ANEW)
        self.someone = make_button(said.SOMEONE_TITLE)
        set_kind(self.questions, Kind.PRIMARY)
        self.note.editingFinished.connect(self._note)
        self.back.clicked.connect(self.closed)
        self.questions.clicked.connect(self.questions_wanted)
        self.someone.clicked.connect(self.someone_wanted)
        self.column.addLayout(button_row(self.questions, self.someone, self.back))
        self.column.addStretch(1)
        self._said = ""

    def begin(self) -> None:
        """Forget what was written about an earlier pain."""
        self._said = ""
        self.note.clear()

    def take_focus(self) -> None:
        """Hand the keys to the note: pressing Enter twice by chance is to do nothing."""
        super().take_focus()
        self.note.setFocus()

    def flush(self) -> None:
        """Hand over what was written, if that was not done yet."""
        self._note()

    def _note(self) -> None:
        text = self.note.text().strip()
        if text != self._said:
            self._said = text
            self.noted.emit(text)
