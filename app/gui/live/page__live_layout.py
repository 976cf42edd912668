"""The parts of the Live page and where they lie."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.gui.live.result import LiveResult
from app.gui.live.result__live_intro import LiveIntro
from app.gui.live.result__live_squeeze import LiveSqueeze
from app.gui.live.setup import LiveSetup
from app.gui.live.stage import LiveStage
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX
from app.gui.widgets.cards__live_card import make_button

if TYPE_CHECKING:
    from app.gui.preferences import LivePreferences

#: Narrower than this the set-up would take the room that the large words need.
_BESIDE_PX = 860


class PageState(StrEnum):
    """What the page is at; the camera is on in ``running`` alone."""

    INTRO = "intro"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DECIDING = "deciding"
    RESULT = "result"
    SQUEEZED = "squeezed"


class LiveLayout:
    """Makes the parts, and shows those that belong to a state.

    Attributes
    ----------
    state
        What the page is at.
    wants_setup
        Whether the set-up is shown where there is room for it.
    """

    def __init__(self, page: QWidget, preferences: LivePreferences) -> None:
        self.page = page
        self.intro = LiveIntro()
        self.stage = LiveStage(preferences.is_mirrored)
        self.result = LiveResult()
        self.squeeze = LiveSqueeze()
        self.setup = LiveSetup(preferences)
        self.pause = make_button(page.tr("Pause"), page.tr("Switch the camera off for now"))
        self.stop = make_button(page.tr("Stop"), page.tr("End it with what was measured (Esc)"))
        self.go = make_button("", "", is_main=True)
        self.toggle = make_button(page.tr("Set-up"), page.tr("Show or hide the set-up"))
        self.toggle.setCheckable(True)
        self.wants_setup = preferences.shows_setup
        self.state = PageState.INTRO
        self._lay_out()

    def show_state(self, state: PageState, go: str = "") -> None:
        """Show what belongs to a state.

        Parameters
        ----------
        go
            What the button says that switches the camera on, where there is one.
        """
        self.state = state
        shown = {
            PageState.INTRO: self.intro,
            PageState.DECIDING: self.result,
            PageState.RESULT: self.result,
            PageState.SQUEEZED: self.squeeze,
        }.get(state, self.stage)
        self._views.setCurrentWidget(shown)
        is_running = state is PageState.RUNNING
        self.pause.setVisible(is_running)
        self.stop.setVisible(is_running)
        self.go.setText(go)
        self.go.setVisible(bool(go))
        self.fit()
        if is_running:
            self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        elif go:
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        elif state is PageState.INTRO:
            self.intro.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Show the set-up beside the picture if it is wanted and there is room for both."""
        self._show_setup(self.wants_setup and self.page.width() >= _BESIDE_PX)

    def toggle_setup(self) -> None:
        """Show or hide the set-up, whether there is room or not."""
        self.wants_setup = not self.setup.isVisible()
        self._show_setup(self.wants_setup)

    def _show_setup(self, is_shown: bool) -> None:
        self.setup.setVisible(is_shown)
        self.toggle.setChecked(is_shown)

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        for view in (self.intro, self.stage, self.result, self.squeeze):
            self._views.addWidget(view)
        foot = QHBoxLayout()
        foot.setSpacing(GAP_PX)
        for button in (self.go, self.pause, self.stop):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.toggle)
        column = QVBoxLayout()
        column.setSpacing(GAP_PX)
        column.addWidget(self._views, 1)
        column.addLayout(foot)
        across = QHBoxLayout(self.page)
        across.setContentsMargins(*(PAGE_MARGIN_PX // 2,) * 4)
        across.setSpacing(GROUP_GAP_PX)
        across.addLayout(column, 1)
        across.addWidget(self.setup)
