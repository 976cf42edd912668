"""The self-check: three questions about the glutes, and what was answered before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from app.exercises import text as said
from app.gui.exercises.self_check__exercise_selfcheck_dots import AnswerDots, answered
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Card, Column, button_row, say, say_list, words
from app.gui.widgets.cards__live_card import make_button
from app.history.diary import SelfCheck
from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze
from app.text.language import texts

if TYPE_CHECKING:
    from app.gui.exercises.diary import DiaryNews

_QUESTIONS = (
    ("both", squeeze.ASK_BOTH),
    ("left", squeeze.ASK_LEFT),
    ("right", squeeze.ASK_RIGHT),
)
_LINES = 6


class SelfCheckPage(Column):
    """Says how to do it, takes the answers, and shows those of other days."""

    #: The :class:`SelfCheck`.
    saved = pyqtSignal(object)
    camera_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[tuple[str, Ability], QPushButton] = {}
        self._groups: dict[str, QButtonGroup] = {}
        self.save = make_button(said.SAVE_ANSWERS, is_main=True)
        self.save.setEnabled(False)
        self.save.clicked.connect(self._save)
        self.camera = make_button(said.WITH_THE_CAMERA, said.WITH_THE_CAMERA_TIP)
        self.camera.clicked.connect(self.camera_wanted)
        self.outcome = words()
        self.dots, self.earlier, self.some = AnswerDots(), words(), words(kind=Kind.MUTED)
        self.legend, self.no_earlier = words(said.LEGEND, Kind.MUTED), words(said.NO_EARLIER)
        for card in (self._how(), self._questions(), self._before()):
            self.column.addWidget(card)
        self.column.addStretch(1)

    @property
    def answers(self) -> SqueezeAnswers:
        """What is chosen so far."""
        given = {
            field: next((a for a in Ability if self.buttons[field, a].isChecked()), None)
            for field, _ in _QUESTIONS
        }
        return SqueezeAnswers(**given)

    def show_news(self, news: DiaryNews) -> None:
        """Show what was answered on other days."""
        shown = answered(news)
        has_any = bool(shown)
        self.dots.show_answers(shown)
        for part in (self.dots, self.legend):
            part.setVisible(has_any)
        self.no_earlier.setVisible(not has_any)
        newest = shown[: -_LINES - 1 : -1]
        say(self.earlier, "\n".join(self.dots.line(one) for one in newest))
        is_more = len(shown) > len(newest)
        many = said.SOME_OF_ALL.format(shown=len(newest), all=len(shown))
        say(self.some, many if is_more else "")

    def begin(self) -> None:
        """Ask anew."""
        for group in self._groups.values():
            group.setExclusive(False)
            for button in group.buttons():
                button.setChecked(False)
            group.setExclusive(True)
        self.save.setEnabled(False)
        say(self.outcome, "")

    def show_outcome(self, sentence: str) -> None:
        """Say what became of the answers."""
        say(self.outcome, sentence)

    def take_focus(self) -> None:
        """Hand the keys to the first answer."""
        super().take_focus()
        self.buttons["both", Ability.YES].setFocus()

    def _how(self) -> Card:
        text = texts().self_check
        card = Card(text.title)
        steps = words()
        card.column.addWidget(steps)
        say_list(steps, text.steps, is_numbered=True)
        card.column.addWidget(words(text.meaning, Kind.MUTED))
        return card

    def _questions(self) -> Card:
        card = Card(squeeze.COULD_TIGHTEN)
        card.column.addWidget(words(texts().self_check.how_to_answer, Kind.MUTED))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(GAP_PX)
        grid.setColumnStretch(0, 1)
        for row, (field, question) in enumerate(_QUESTIONS):
            grid.addWidget(words(question), row, 0)
            group = self._groups[field] = QButtonGroup(self)
            for column, ability in enumerate(Ability, start=1):
                name = squeeze.ABILITY_NAMES[ability]
                button = QPushButton(name)
                button.setCheckable(True)
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                button.setAccessibleName(f"{question} {name}")
                button.clicked.connect(self._follow)
                group.addButton(button)
                self.buttons[field, ability] = button
                grid.addWidget(button, row, column)
        card.column.addLayout(grid)
        card.column.addWidget(self.outcome)
        card.column.addLayout(button_row(self.save, self.camera))
        return card

    def _before(self) -> Card:
        card = Card(said.EARLIER)
        for part in (self.no_earlier, self.dots, self.legend, self.earlier, self.some):
            card.column.addWidget(part)
        card.column.setSpacing(GROUP_GAP_PX // 2)
        return card

    def _follow(self) -> None:
        say(self.outcome, "")
        self.save.setEnabled(self.answers != SqueezeAnswers())

    def _save(self) -> None:
        chosen = self.answers
        self.begin()
        self.saved.emit(SelfCheck(chosen))
