"""The questions before exercising, what answers and pain lead to, and whom to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit

from app.exercises import text
from app.exercises.screening import outcome_of, questions
from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import (
    Card,
    Column,
    button_row,
    in_row,
    make_button,
    say,
    say_list,
    words,
)
from app.history.diary import Screening, ScreeningOutcome
from app.text.language import texts

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent

    from app.text.language import QuestionText

_NOTE_LETTERS = 500


class ScreeningForm(Column):
    """Asks everything at once, gravest first; one button says that nothing applies."""

    #: The :class:`Screening`.
    answered = pyqtSignal(object)
    someone_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self.add(words(text.QUESTIONS_INTRO))
        for outcome, title in text.GROUPS.items():
            group = [self._row(one) for one in questions() if one.outcome is outcome]
            if group:
                self.add(Card(title, *group))
        self.first = next(iter(self.boxes.values()), None)
        self.none = make_button(text.NONE_OF_THESE, text.NONE_TIP, is_main=True, act=self._answer)
        self.go_on = make_button(text.CONTINUE, is_main=True, act=self._answer)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        self.foot.addLayout(button_row(self.none, self.go_on, self.someone))
        self._follow()

    def begin(self) -> None:
        """Ask anew: nothing is ticked."""
        for box in self.boxes.values():
            box.setChecked(False)

    def _row(self, question: QuestionText) -> QHBoxLayout:
        box = self.boxes[question.code] = QCheckBox()
        box.setAccessibleName(question.text)
        box.toggled.connect(self._follow)
        row = in_row(box, (_Words(question.text, box), 1))
        row.setAlignment(box, Qt.AlignmentFlag.AlignTop)
        return row

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


class _Words(QLabel):
    """Words beside a box that tick it, as those of a check box do, and wrap."""

    def __init__(self, sentence: str, box: QCheckBox) -> None:
        super().__init__(sentence)
        self._box = box
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Tick the box."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self._box.setFocus()
            self._box.toggle()


class OutcomePage(Column):
    """Why there are no exercises now, whom to call and how soon."""

    again_wanted = pyqtSignal()
    #: The person asked, and may exercise.
    has_asked = pyqtSignal()
    someone_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.whom = words(kind=Kind.TITLE), words(kind=Kind.REFUSAL)
        self.then, self.ticked = words(), words(kind=Kind.MUTED)
        self.you_ticked = words(text.YOU_TICKED, Kind.MUTED)
        self.again = make_button(text.ANSWER_AGAIN, act=self.again_wanted)
        self.asked = make_button(text.HAVE_ASKED, act=self.has_asked)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        # The words come first for a reader.
        self.first = self.again
        self.add(self.title, self.whom, self.then, self.you_ticked, self.ticked)
        self.add(words(text.STILL_OPEN), button_row(self.again, self.asked, self.someone))

    def show_screening(self, screening: Screening) -> None:
        """Show what these answers lead to."""
        told = texts().screening.outcomes[screening.outcome]
        say(self.title, told.title)
        is_calm = screening.outcome is ScreeningOutcome.ASK_FIRST
        set_kind(self.whom, Kind.WARNING if is_calm else Kind.REFUSAL)
        say(self.whom, f"{told.whom}\n{told.how_soon}")
        say(self.then, told.then)
        ticked = [question.text for question in questions() if question.code in screening.yes]
        self.you_ticked.setVisible(bool(ticked))
        say_list(self.ticked, ticked)
        self.asked.setVisible(is_calm)


class PainPage(Column):
    """Says what to do now, and takes a note of where it hurt."""

    #: What the person wrote.
    noted = pyqtSignal(str)
    questions_wanted = pyqtSignal()
    someone_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        told = texts().screening.pain
        ask = words(text.PAIN_NOTE)
        # Pressing Enter twice by chance is to do nothing.
        self.note = self.first = QLineEdit()
        self.note.setMaxLength(_NOTE_LETTERS)
        self.note.setAccessibleName(text.PAIN_NOTE)
        ask.setBuddy(self.note)
        self.questions = make_button(text.QUESTIONS_ANEW, "", True, self.questions_wanted)
        self.someone = make_button(text.SOMEONE_TITLE, act=self.someone_wanted)
        self.back = make_button(text.BACK_TO_TODAY, act=self.closed)
        self.note.editingFinished.connect(self.flush)
        self.add(words(told.title, Kind.TITLE))
        self.add(words(f"{told.whom}\n{told.how_soon}", Kind.REFUSAL), words(told.then))
        self.add(ask, self.note, words(text.PAIN_STORED, Kind.MUTED))
        self.add(button_row(self.questions, self.someone, self.back))

    def begin(self) -> None:
        """Forget what was written about an earlier pain."""
        self._said = ""
        self.note.clear()

    def flush(self) -> None:
        """Hand over what was written, if that was not done yet."""
        note = self.note.text().strip()
        if note != self._said:
            self._said = note
            self.noted.emit(note)


class PhysioPreparation(Column):
    """Says what to bring, tell and ask, and makes the report."""

    report_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.report = self.first = make_button(
            text.MAKE_REPORT, text.MAKE_REPORT_TIP, True, self.report_wanted
        )
        self.add(button_row(self.report))
        for section in texts().someone.sections:
            lines = words()
            self.add(Card(section.title, lines))
            say_list(lines, section.lines)
