"""What the Check page shows before there is a photograph."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import button_row, make_button, say, tip, words
from app.text import check

_WIDTH_PX = 620


class StartView(QScrollArea):
    """Says in three lines what to do, with the buttons for it."""

    open_wanted = pyqtSignal()
    camera_wanted = pyqtSignal()
    sample_wanted = pyqtSignal()

    def __init__(self, has_sample: bool) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        set_kind(content, Kind.PAGE)
        middle = QHBoxLayout(content)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(self._card(has_sample), 100, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        self.setWidget(content)

    def show_problem(self, name: str, message: str, fix: str) -> None:
        """Say why nothing came of a photograph; empty texts say nothing."""
        say(self.problem, "\n".join(filter(None, (name, f"{message} {fix}".strip()))))
        self.ensureWidgetVisible(self.problem)

    def _card(self, has_sample: bool) -> QFrame:
        card = QFrame()
        card.setMaximumWidth(_WIDTH_PX)
        set_kind(card, Kind.CARD)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(PAGE_MARGIN_PX + GAP_PX,) * 4)
        column.setSpacing(GROUP_GAP_PX)
        self.problem = words("", Kind.REFUSAL)
        column.addWidget(self.problem)
        column.addWidget(words(check.START_TITLE, Kind.TITLE))
        column.addLayout(_steps())
        column.addLayout(self._buttons(has_sample))
        return card

    def _buttons(self, has_sample: bool) -> QHBoxLayout:
        self.open_button = make_button(
            self.tr("Open a photograph …"), tip(self.tr("Choose a picture file"), "Ctrl+O"), True
        )
        self.open_button.clicked.connect(self.open_wanted)
        self.camera_button = make_button(
            self.tr("Take one with the camera"),
            self.tr("With a countdown, so that you can step back"),
        )
        self.camera_button.clicked.connect(self.camera_wanted)
        self.sample_button = make_button(
            self.tr("Try a sample"), self.tr("A computer-made person, measured like a photograph")
        )
        self.sample_button.clicked.connect(self.sample_wanted)
        if not has_sample:
            self.sample_button.hide()
        return button_row(self.open_button, self.camera_button, self.sample_button)


def _steps() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP_GAP_PX)
    grid.setVerticalSpacing(GAP_PX + GAP_PX // 2)
    grid.setColumnStretch(1, 1)
    for row, step in enumerate(check.START_STEPS):
        number = words(str(row + 1), Kind.HEADING)
        grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words(step, Kind.BODY), row, 1)
    return grid
