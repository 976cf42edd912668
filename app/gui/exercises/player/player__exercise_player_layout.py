"""The parts of the exercise player and where they lie."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exercises import text__player_words as player_words
from app.gui.exercises.player.cards import SetupCard
from app.gui.exercises.player.cards__exercise_player_end import BUTTON_STYLE, EndCard
from app.gui.exercises.player.stage import CoachStage
from app.gui.exercises.player.timer import ExerciseTimer
from app.gui.style.theme import GAP_PX, Kind, colours, set_kind
from app.gui.widgets.cards__live_card import make_button
from app.text import live as live_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.preferences__exercise_preferences import ExercisePreferences


class PlayerState(StrEnum):
    """What the player is at; the camera is on in ``running`` alone.

    ``done``: a timer's set is over and about to be kept. ``stopped``: the person decides.
    ``kept``: the set was handed on.
    """

    SETUP = "setup"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    KEPT = "kept"


_ENDED = frozenset({PlayerState.STOPPED, PlayerState.DONE, PlayerState.KEPT})


def add_key(key: Qt.Key, widget: QWidget, work: Callable[[], None]) -> None:
    """Have a key do something while a widget, or a part of it, has the focus."""
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(lambda: work())


class HurtsButton(QPushButton):
    """Always there, always the same, and large enough to be hit without looking closely."""

    def __init__(self) -> None:
        super().__init__(player_words.HURTS)
        self.setToolTip(self.tr("Stop at once (H)"))
        self.setAccessibleDescription(self.tr("Stops the exercise at once"))
        self._colour()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event is not None and event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        now = colours()
        style = (
            f"QPushButton {{ color: {now.refusal}; background: {now.refusal_page}; "
            f"border: 2px solid {now.refusal}; font-size: 15pt; font-weight: 600; "
            "min-height: 44px; padding: 4px 20px; }"
            f"QPushButton:focus {{ border: 3px solid {now.text}; }}"
        )
        if style != self.styleSheet():
            self.setStyleSheet(style)


class PlayerLayout:
    """Makes the parts, and shows those that belong to a state.

    Attributes
    ----------
    state
        What the player is at.
    uses_camera
        Whether the camera counts the set at hand.
    """

    def __init__(
        self, player: QWidget, preferences: ExercisePreferences, clock: Callable[[], float]
    ) -> None:
        self.heading, self.sets = QLabel(), QLabel()
        self.setup = SetupCard(preferences)
        self.stage = CoachStage(preferences.is_mirrored)
        self.timer = ExerciseTimer(clock)
        self.end = EndCard()
        tr = player.tr
        self.pause = make_button(player_words.PAUSE, tr("Stand still for now (Space)"))
        self.go_on = make_button(player_words.GO_ON, tr("Go on (Space)"), is_main=True)
        self.skip = make_button(player_words.SKIP, tr("Go to what comes next"))
        self.use_timer = make_button(
            player_words.USE_TIMER, tr("Switch the camera off; what was counted stays")
        )
        self.stop = make_button(player_words.STOP, tr("End this set (Esc)"))
        self.voice = QCheckBox(player_words.VOICE)
        self.voice.setToolTip(tr("What to do, and the count, are spoken"))
        self.voice.setChecked(preferences.has_voice)
        self.tones = QCheckBox(player_words.TONES)
        self.tones.setToolTip(tr("Tones mark each phase, and stand in for a voice"))
        self.tones.setChecked(preferences.has_tones)
        self.note = QLabel()
        self.hurts = HurtsButton()
        self.state, self.uses_camera = PlayerState.SETUP, False
        self._lay_out(player)

    @property
    def running(self) -> QWidget:
        """What is shown while a set runs."""
        return self.stage if self.uses_camera else self.timer

    def show_heading(self, name: str, sets: str) -> None:
        """Say what is done, and how many sets there are to do."""
        self.heading.setText(name)
        self.sets.setText(sets)

    def show_state(self, state: PlayerState) -> None:
        """Show what belongs to a state."""
        self.state = state
        if state is PlayerState.SETUP:
            shown: QWidget = self.setup
        else:
            shown = self.end if state in _ENDED else self.running
        self._views.setCurrentWidget(shown)
        is_running, is_paused = state is PlayerState.RUNNING, state is PlayerState.PAUSED
        is_under_way = is_running or is_paused
        self.pause.setVisible(is_running)
        self.go_on.setVisible(is_paused)
        self.skip.setVisible(is_running and not self.uses_camera)
        self.use_timer.setVisible(is_under_way and self.uses_camera)
        self.stop.setVisible(is_under_way)
        for label in (self.heading, self.sets):
            label.setVisible(state is not PlayerState.SETUP)
        if is_running:
            self.running.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_paused:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)
        elif state is PlayerState.SETUP:
            self.setup.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_voice(self, has_voice: bool) -> None:
        """Say so when the system has no voice."""
        self.voice.setEnabled(has_voice)
        self.note.setText("" if has_voice else live_words.NO_VOICE)
        self.note.setVisible(not has_voice)

    def _lay_out(self, player: QWidget) -> None:
        set_kind(self.heading, Kind.HEADING)
        set_kind(self.sets, Kind.MUTED)
        set_kind(self.note, Kind.MUTED)
        for label in (self.heading, self.sets, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.hide()
        self._views = QStackedWidget()
        for view in (self.setup, self.stage, self.timer, self.end):
            self._views.addWidget(view)
        head = QHBoxLayout()
        head.setSpacing(2 * GAP_PX)
        head.addWidget(self.heading)
        head.addWidget(self.sets, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GAP_PX)
        for button in (self.go_on, self.pause, self.skip, self.use_timer, self.stop):
            button.setStyleSheet(BUTTON_STYLE)
            foot.addWidget(button)
        foot.addStretch(1)
        for part in (self.voice, self.tones, self.hurts):
            foot.addWidget(part)
        column = QVBoxLayout(player)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addLayout(head)
        column.addWidget(self._views, 1)
        column.addWidget(self.note)
        column.addLayout(foot)
