"""The questions before exercising."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.exercises import text as said
from app.exercises.screening import outcome_of, outcome_words, pain_words, questions
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Card, Column, button_row, make_button, say, say_list, words
from app.history.diary import Screening, ScreeningOutcome
from app.text.language import texts

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent

    from app.exercises.screening import Question


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


class SomeonePage(Column):
    """Says what to bring, tell and ask, and makes the report."""

    report_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = make_button(said.MAKE_REPORT, said.MAKE_REPORT_TIP, is_main=True)
        self.report.clicked.connect(self.report_wanted)
        self.column.addLayout(button_row(self.report))
        for section in texts().someone.sections:
            card = Card(section.title)
            lines = words()
            card.column.addWidget(lines)
            say_list(lines, section.lines)
            self.column.addWidget(card)
        self.column.addStretch(1)

    def take_focus(self) -> None:
        """Hand the keys to the button."""
        super().take_focus()
        self.report.setFocus()


class _Words(QLabel):
    """Words beside a box that tick it, as those of a check box do, and wrap."""

    def __init__(self, text: str, box: QCheckBox) -> None:
        super().__init__(text)
        self._box = box
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Tick the box."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self._box.setFocus()
            self._box.toggle()


class ScreeningForm(Column):
    """Asks everything at once, gravest first; one button says that nothing applies."""

    #: The :class:`Screening`.
    answered = pyqtSignal(object)
    someone_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self.column.addWidget(words(said.QUESTIONS_INTRO))
        asked = questions()
        for outcome in said.GROUPS:
            group = [question for question in asked if question.outcome is outcome]
            if group:
                self.column.addWidget(self._group(outcome, group))
        self.column.addStretch(1)
        self.none = make_button(said.NONE_OF_THESE, said.NONE_TIP, is_main=True)
        self.go_on = make_button(said.CONTINUE, is_main=True)
        self.someone = make_button(said.SOMEONE_TITLE)
        self.none.clicked.connect(lambda _: self._answer())
        self.go_on.clicked.connect(lambda _: self._answer())
        self.someone.clicked.connect(self.someone_wanted)
        self.foot.addLayout(button_row(self.none, self.go_on, self.someone))
        self._follow()

    def begin(self) -> None:
        """Ask anew: nothing is ticked."""
        for box in self.boxes.values():
            box.setChecked(False)

    def take_focus(self) -> None:
        """Hand the keys to the first question."""
        super().take_focus()
        for box in list(self.boxes.values())[:1]:
            box.setFocus()

    def _group(self, outcome: ScreeningOutcome, group: list[Question]) -> Card:
        card = Card(said.GROUPS[outcome])
        for question in group:
            box = QCheckBox()
            box.setAccessibleName(question.text)
            box.toggled.connect(self._follow)
            self.boxes[question.code] = box
            row = QHBoxLayout()
            row.setSpacing(GAP_PX)
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(_Words(question.text, box), 1)
            card.column.addLayout(row)
        return card

    def _ticked(self) -> tuple[str, ...]:
        return tuple(code for code, box in self.boxes.items() if box.isChecked())

    def _follow(self) -> None:
        """Offer the one button that fits; both at once could contradict each other."""
        is_any = bool(self._ticked())
        self.none.setEnabled(not is_any)
        self.go_on.setEnabled(is_any)

    def _answer(self) -> None:
        yes = self._ticked()
        self.answered.emit(Screening(outcome_of(yes), yes))


class OutcomePage(Column):
    """Why there are no exercises now, whom to call and how soon."""

    again_wanted = pyqtSignal()
    #: The person asked, and may exercise.
    has_asked = pyqtSignal()
    someone_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.whom = words(kind=Kind.TITLE), words(kind=Kind.REFUSAL)
        self.then, self.ticked = words(), words(kind=Kind.MUTED)
        self.you_ticked = words(said.YOU_TICKED, Kind.MUTED)
        self.open = words(said.STILL_OPEN)
        for part in (
            self.title,
            self.whom,
            self.then,
            self.you_ticked,
            self.ticked,
            self.open,
        ):
            self.column.addWidget(part)
        self.again = make_button(said.ANSWER_AGAIN)
        self.asked = make_button(said.HAVE_ASKED)
        self.someone = make_button(said.SOMEONE_TITLE)
        self.again.clicked.connect(self.again_wanted)
        self.asked.clicked.connect(self.has_asked)
        self.someone.clicked.connect(self.someone_wanted)
        self.column.addLayout(button_row(self.again, self.asked, self.someone))
        self.column.addStretch(1)

    def show_screening(self, screening: Screening) -> None:
        """Show what these answers lead to."""
        told = outcome_words(screening.outcome)
        say(self.title, told.title)
        is_calm = screening.outcome is ScreeningOutcome.ASK_FIRST
        set_kind(self.whom, Kind.WARNING if is_calm else Kind.REFUSAL)
        say(self.whom, f"{told.whom}\n{told.how_soon}")
        say(self.then, told.then)
        ticked = [question.text for question in questions() if question.code in screening.yes]
        self.you_ticked.setVisible(bool(ticked))
        say_list(self.ticked, ticked)
        self.asked.setVisible(is_calm)

    def take_focus(self) -> None:
        """Hand the keys to the first button; the words come first for a reader."""
        super().take_focus()
        self.again.setFocus()
