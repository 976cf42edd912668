"""The three questions on how well somebody can squeeze their buttocks."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from app.gui.style.theme import GAP_PX, set_style
from app.gui.widgets.cards import flow, words
from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze

_FIELDS = ("both", "left", "right")


class AnswerGrid(QWidget):
    """Both sides together, then each alone; none has to be answered.

    Parameters
    ----------
    question_style, answer_style
        Style sheets where the letters are to be larger than usual.
    gap_px
        Between two questions.
    """

    #: Somebody chose an answer.
    answered = pyqtSignal()

    def __init__(
        self,
        question_style: str = "",
        answer_style: str = "",
        gap_px: int = GAP_PX,
    ) -> None:
        super().__init__()
        self.buttons: dict[tuple[str, Ability], QPushButton] = {}
        self._groups: list[QButtonGroup] = []
        asked = squeeze.ASK_BOTH, squeeze.ASK_LEFT, squeeze.ASK_RIGHT
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(gap_px)
        grid.setColumnStretch(0, 1)
        for row, (field, question) in enumerate(zip(_FIELDS, asked, strict=True)):
            label, group = words(question), QButtonGroup(self)
            set_style(label, question_style)
            grid.addWidget(label, row, 0)
            self._groups.append(group)
            for ability in Ability:
                name = squeeze.ABILITY_NAMES[ability]
                button = self.buttons[field, ability] = QPushButton(name)
                button.setCheckable(True)
                set_style(button, answer_style)
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                button.setAccessibleName(f"{question} {name}")
                button.clicked.connect(lambda _: self.answered.emit())
                group.addButton(button)
            # They go on in the next line where letters are large.
            grid.addLayout(flow(*(self.buttons[field, one] for one in Ability)), row, 1)
        self.setFocusProxy(self.buttons["both", Ability.YES])

    @property
    def answers(self) -> SqueezeAnswers:
        """What is chosen so far."""
        given = {
            field: next((a for a in Ability if self.buttons[field, a].isChecked()), None)
            for field in _FIELDS
        }
        return SqueezeAnswers(**given)

    def begin(self) -> None:
        """Ask anew."""
        for group in self._groups:
            group.setExclusive(False)
            for button in group.buttons():
                button.setChecked(False)
            group.setExclusive(True)
