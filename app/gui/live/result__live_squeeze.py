"""What a squeeze test gave, and the person's own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QPushButton, QWidget

from app.gui.style.dates import date_only
from app.gui.style.theme import GAP_PX, Kind
from app.gui.widgets.cards__live_card import BODY, LARGE, LiveCard, make_button
from app.history.records import Ability, SqueezeAnswers
from app.text import live, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.records import Squeeze
    from vision.live.events import SqueezeResult

_QUESTIONS = (
    ("both", squeeze.ASK_BOTH),
    ("left", squeeze.ASK_LEFT),
    ("right", squeeze.ASK_RIGHT),
)
_ANSWER_STYLE = "font-size: 14pt; min-width: 72px; min-height: 34px;"
_QUESTION_STYLE = "font-size: 12pt;"
_EARLIER = 3


class LiveSqueeze(LiveCard):
    """The turn with its interval, three questions, and the tests before."""

    #: The :class:`SqueezeAnswers` so far.
    answered = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Result of the squeeze test"))
        self.turned = self.add_words(LARGE, is_bold=True)
        self.noise = self.add_words(BODY)
        self.rounds = self.add_words(BODY, kind=Kind.MUTED)
        self.about = self.add_words(BODY, kind=Kind.MUTED)
        self.about.say(squeeze.SELF_CHECK)
        self.buttons: dict[tuple[str, Ability], QPushButton] = {}
        self._groups: dict[str, QButtonGroup] = {}
        self._add_questions()
        self.earlier = self.add_words(BODY, kind=Kind.MUTED)
        self.outcome = self.add_words(BODY, is_bold=True, at_foot=True)
        self.column.addStretch(1)
        self.again = make_button(
            self.tr("Test again"), self.tr("Switch the camera on once more"), is_main=True
        )
        self.delete = make_button(self.tr("Delete"), self.tr("Remove this test from the history"))
        self.retry = make_button(self.tr("Save"), self.tr("Try to save this test again"))
        self.add_buttons(self.again, self.retry, self.delete)

    @property
    def answers(self) -> SqueezeAnswers:
        """What the person said so far."""
        given = {
            field: next((a for a in Ability if self.buttons[field, a].isChecked()), None)
            for field, _ in _QUESTIONS
        }
        return SqueezeAnswers(**given)

    def show_result(self, result: SqueezeResult) -> None:
        """Show a test that has just ended; no question is answered yet."""
        self.turned.say(squeeze.describe_turn(result))
        self.noise.say(squeeze.describe_noise(result))
        self.rounds.say(squeeze.describe_rounds(result))
        self.earlier.say("")
        self.outcome.say(live.SAVING)
        self.delete.hide()
        self.retry.hide()
        for group in self._groups.values():
            group.setExclusive(False)
            for button in group.buttons():
                button.setChecked(False)
                button.setEnabled(True)
            group.setExclusive(True)
        self.buttons["both", Ability.YES].setFocus()

    def show_kept(self) -> None:
        """Say that it is in the history."""
        self.outcome.say(live.SAVED)
        self.delete.show()
        self.retry.hide()

    def show_gone(self, sentence: str) -> None:
        """Say that it is no longer in the history."""
        self.outcome.say(sentence)
        self.delete.hide()
        for button in self.buttons.values():
            button.setEnabled(False)
        self.again.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say that keeping it failed; it can be tried again."""
        self.outcome.say(sentence)
        self.retry.show()

    def show_earlier(self, squeezes: Sequence[Squeeze]) -> None:
        """List the newest of these tests, which come oldest first."""
        lines = [
            f"{date_only(self.locale(), test.taken_at)}: "
            f"{squeeze.turn_text(test.result)}, {squeeze.noise_briefly(test.result)}"
            for test in reversed(squeezes[-_EARLIER:])
        ]
        title = [live.EARLIER_TESTS] if lines else []
        self.earlier.say("\n".join(title + lines))

    def _add_questions(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(GAP_PX // 2)
        grid.setColumnStretch(0, 1)
        for row, (field, question) in enumerate(_QUESTIONS):
            label = QLabel(question)
            label.setWordWrap(True)
            label.setStyleSheet(_QUESTION_STYLE)
            grid.addWidget(label, row, 0)
            group = self._groups[field] = QButtonGroup(self)
            for column, ability in enumerate(Ability, start=1):
                name = squeeze.ABILITY_NAMES[ability]
                button = QPushButton(name)
                button.setCheckable(True)
                button.setStyleSheet(_ANSWER_STYLE)
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                button.setAccessibleName(f"{question} {name}")
                button.clicked.connect(lambda _: self.answered.emit(self.answers))
                group.addButton(button)
                self.buttons[field, ability] = button
                grid.addWidget(button, row, column)
        self.column.addLayout(grid)
