"""The screens of the Exercises page, and the row above them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exercises import text as said
from app.gui.exercises.detail import ExerciseDetail
from app.gui.exercises.editor import ListEditor
from app.gui.exercises.home import ExerciseHome
from app.gui.exercises.player.player__exercise_player_layout import HurtsButton
from app.gui.exercises.rest import RestCard, SummaryCard
from app.gui.exercises.screening import OutcomePage, ScreeningForm
from app.gui.exercises.screening__exercise_screening_pain import PainPage
from app.gui.exercises.screening__exercise_someone import SomeonePage
from app.gui.exercises.self_check import SelfCheckPage
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import narrow, words
from app.gui.widgets.cards__live_card import make_button
from app.gui.widgets.errors import ErrorBar

if TYPE_CHECKING:
    from PyQt6.QtGui import QShortcut

    from app.gui.exercises.player.player import ExercisePlayer


class Screen(StrEnum):
    """What the page shows."""

    READING = "reading"
    QUESTIONS = "questions"
    OUTCOME = "outcome"
    HOME = "home"
    DETAIL = "detail"
    PLAYER = "player"
    REST = "rest"
    SUMMARY = "summary"
    PAIN = "pain"
    SELF_CHECK = "self_check"
    EDITOR = "editor"
    SOMEONE = "someone"


_TITLES = {
    Screen.QUESTIONS: said.QUESTIONS_TITLE,
    Screen.SELF_CHECK: said.SELF_CHECK_TITLE,
    Screen.EDITOR: said.LIST_TITLE,
    Screen.SOMEONE: said.SOMEONE_TITLE,
}
#: Where something can hurt; the player has a button of its own.
_CAN_HURT = frozenset({Screen.HOME, Screen.DETAIL, Screen.REST, Screen.SUMMARY, Screen.SELF_CHECK})
_NO_WAY_BACK = frozenset({Screen.READING, Screen.HOME, Screen.OUTCOME, Screen.PLAYER})


class _Takes(Protocol):
    def take_focus(self) -> None:
        """Hand the keys to what is most likely to be pressed."""
        ...


class ExercisesLayout:
    """Makes the screens, and shows one at a time."""

    def __init__(self, page: QWidget, player: ExercisePlayer) -> None:
        self.screen = Screen.READING
        #: The page's keys; the player has its own.
        self.keys: list[QShortcut] = []
        self.home, self.detail, self.player = ExerciseHome(), ExerciseDetail(), player
        self.questions, self.outcome, self.pain = ScreeningForm(), OutcomePage(), PainPage()
        self.rest, self.summary = RestCard(), SummaryCard()
        self.self_check, self.editor, self.someone = SelfCheckPage(), ListEditor(), SomeonePage()
        self._takers: dict[Screen, _Takes] = {
            Screen.QUESTIONS: self.questions,
            Screen.OUTCOME: self.outcome,
            Screen.HOME: self.home,
            Screen.DETAIL: self.detail,
            Screen.REST: self.rest,
            Screen.SUMMARY: self.summary,
            Screen.PAIN: self.pain,
            Screen.SELF_CHECK: self.self_check,
            Screen.EDITOR: self.editor,
            Screen.SOMEONE: self.someone,
        }
        self._stack = QStackedWidget()
        self._places: dict[Screen, QWidget] = {}
        reading = words(said.READING, Kind.MUTED)
        reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._add(Screen.READING, reading)
        self._add(Screen.PLAYER, _with_margins(player))
        for screen, taker in self._takers.items():
            assert isinstance(taker, QWidget)
            is_card = screen in (Screen.REST, Screen.SUMMARY)
            self._add(screen, _with_margins(taker) if is_card else taker)
        self.error = ErrorBar()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, PAGE_MARGIN_PX // 2, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._head())
        layout.addWidget(_with_margins(self.error, foot_px=0))
        layout.addWidget(self._stack, 1)

    def show(self, screen: Screen, can_go_back: bool = True) -> None:
        """Show a screen, and hand it the keys if the page has them.

        Parameters
        ----------
        can_go_back
            Whether there is something to go back to.
        """
        self.screen = screen
        for key in self.keys:
            key.setEnabled(screen is not Screen.PLAYER)
        self.head.setVisible(screen is not Screen.PLAYER)
        self.title.setText(_TITLES.get(screen, said.TITLE))
        self.back.setVisible(can_go_back and screen not in _NO_WAY_BACK)
        self.hurts.setVisible(screen in _CAN_HURT)
        self._stack.setCurrentWidget(self._places[screen])
        taker = self._takers.get(screen)
        if taker is not None and self._stack.isVisible():
            taker.take_focus()

    @property
    def can_hurt(self) -> bool:
        """Whether "This hurts" is offered above the screen."""
        return self.screen in _CAN_HURT

    def _add(self, screen: Screen, widget: QWidget) -> None:
        self._places[screen] = widget
        self._stack.addWidget(widget)

    def _head(self) -> QWidget:
        self.back: QPushButton = make_button(said.BACK, said.BACK_TIP)
        self.title = QLabel(said.TITLE)
        set_kind(self.title, Kind.TITLE)
        self.hurts = HurtsButton()
        self.hurts.setToolTip(said.HURTS_TIP)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        row.addWidget(self.hurts)
        self.head = narrow(row, foot_px=0)
        return self.head


def _with_margins(widget: QWidget, foot_px: int = PAGE_MARGIN_PX // 2) -> QWidget:
    outside = QWidget()
    layout = QVBoxLayout(outside)
    layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, foot_px)
    layout.addWidget(widget)
    return outside
