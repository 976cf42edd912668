"""Leads through one set of an exercise after the other: with a camera, or by the clock."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
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
from app.exercises.sets import SetAtHand
from app.exercises.timer import EventKind, awake_clock
from app.gui.exercises.player.announcer import ExerciseAnnouncer
from app.gui.exercises.player.camera import CoachRun
from app.gui.exercises.player.cards import BUTTON_STYLE, EndCard, SetupCard
from app.gui.exercises.player.stage import CoachStage
from app.gui.exercises.player.timer import ExerciseTimer
from app.gui.preferences import ExercisePreferences
from app.gui.style.theme import GAP_PX, Kind, colours, set_kind
from app.gui.widgets.cards import make_button
from app.gui.widgets.visibility import LiveSwitch
from app.system.sound import Tone, Tones
from app.system.speech import Voice
from app.text import live as live_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.timer import TimerEvent
    from app.gui.background.jobs import Jobs
    from app.gui.widgets.camera_picker import ChosenCamera
    from app.history.diary import PlannedExercise
    from app.system.screen_lock import ScreenLock
    from vision.coach.events import FinishedSet


class PlayerChoices(QObject):
    """Hands every change on to the part it is for.

    Attributes
    ----------
    now
        What is chosen.
    """

    def __init__(
        self,
        preferences: ExercisePreferences,
        remember: Callable[[ExercisePreferences], None],
        parts: PlayerLayout,
        announcer: ExerciseAnnouncer,
        run: CoachRun,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.now, self._remember = preferences, remember
        self._parts, self._announcer, self._run = parts, announcer, run
        parts.setup.camera_chosen.connect(self._choose_counting)
        parts.setup.mirror_chosen.connect(self._mirror)
        parts.voice.toggled.connect(self._have_voice)
        parts.tones.toggled.connect(self._have_tones)
        run.chosen.connect(self._choose_camera)

    def offer_cameras(self) -> None:
        """Show which webcams there are, if one is to count; none is switched on."""
        if self.now.uses_camera and self._parts.setup.can_coach:
            self._run.source.offer()

    def _choose_counting(self, uses_camera: bool) -> None:
        self._prefer(replace(self.now, uses_camera=uses_camera))
        self.offer_cameras()

    def _mirror(self, is_mirrored: bool) -> None:
        self._parts.stage.set_mirrored(is_mirrored)
        self._prefer(replace(self.now, is_mirrored=is_mirrored))

    def _choose_camera(self, camera: ChosenCamera) -> None:
        live = self._run.source.remembered(self.now.live, camera)
        self._prefer(self.now.with_camera(live))

    def _have_voice(self, has_voice: bool) -> None:
        self._announcer.voice.set_muted(not has_voice)
        self._prefer(replace(self.now, has_voice=has_voice))

    def _have_tones(self, has_tones: bool) -> None:
        self._announcer.tones.is_muted = not has_tones
        self._prefer(replace(self.now, has_tones=has_tones))

    def _prefer(self, chosen: ExercisePreferences) -> None:
        self.now = chosen
        self._remember(chosen)


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


_UNDER_WAY = frozenset({PlayerState.RUNNING, PlayerState.PAUSED})
_UNDECIDED = _UNDER_WAY | {PlayerState.STOPPED, PlayerState.DONE}
#: A set that follows sooner than this on the one before begins without a hand.
_FOLLOWS_S = 600.0


class ExercisePlayer(QWidget):
    """One set at a time; the camera is on only while a set is counted and can be seen.

    Parameters
    ----------
    jobs
        To look for cameras.
    preferences, remember
        Choices of last time, and what to call with the new ones whenever one changes.
    lock
        Tells when the screen is locked.
    voice
        Speaks; None for the system's own.
    clock
        Seconds for the timer, never falling.
    """

    #: An :class:`ExerciseSet` that was done and is to be kept.
    set_done = pyqtSignal(object)
    #: "This hurts" was pressed; the exercise's id, or its name in a person's own list.
    hurts = pyqtSignal(str)
    #: The person leaves this exercise; nothing of it waits to be kept.
    left = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        preferences: ExercisePreferences | None = None,
        remember: Callable[[ExercisePreferences], None] = lambda _: None,
        lock: ScreenLock | None = None,
        voice: Voice | None = None,
        clock: Callable[[], float] = awake_clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        chosen = preferences if preferences is not None else ExercisePreferences()
        self.parts = PlayerLayout(self, chosen, clock)
        voice = voice if voice is not None else Voice(not chosen.has_voice)
        voice.setParent(self)
        self.announcer = ExerciseAnnouncer(voice, Tones(not chosen.has_tones))
        choice, stage = self.parts.setup.choice, self.parts.stage
        self.run = CoachRun(jobs, choice, chosen.live, stage, self.announcer, self)
        self.choices = PlayerChoices(chosen, remember, self.parts, self.announcer, self.run, self)
        self.switch = LiveSwitch(self, lock)
        self._set: SetAtHand | None = None
        self._clock, self._kept_s = clock, 0.0
        self._waits_to_be_seen = False
        self._connect()
        self.parts.show_state(PlayerState.SETUP)

    @property
    def state(self) -> PlayerState:
        """What the player is at."""
        return self.parts.state

    @property
    def counted(self) -> int:
        """Complete repetitions that are not handed on yet."""
        if self.state not in _UNDECIDED:
            return 0
        return self.run.counted if self.parts.uses_camera else self.parts.timer.repetitions

    def start(self, planned: PlannedExercise, sets_left: int, side: str) -> None:
        """Prepare a set; one that follows on another of its exercise begins at once.

        Parameters
        ----------
        sets_left
            How many there are to do, this one included.
        side
            ``left``, ``right``, or empty for both.
        """
        before, now = self._set, SetAtHand(planned, sets_left, side)
        is_soon = self.state is PlayerState.KEPT and self._clock() - self._kept_s < _FOLLOWS_S
        self._halt()
        self._set = now
        self.parts.show_heading(now.title, now.sets)
        self.parts.setup.show_exercise(now.title, now.dose, now.exercise)
        if before is not None and is_soon and now.follows(before):
            self._set = replace(now, is_timer_led=before.is_timer_led)
            self.begin()
        else:
            self.parts.show_state(PlayerState.SETUP)
            self.choices.offer_cameras()

    def begin(self) -> None:
        """Begin the set at hand, as soon as the player can be seen."""
        self._waits_to_be_seen = not self.switch.is_seen
        if self._set is None or self._waits_to_be_seen:
            return
        self._set = now = replace(self._set, before=None)
        self.announcer.voice.start()
        if now.exercise is None or now.is_timer_led or not self.choices.now.uses_camera:
            self._begin_timer(now)
            return
        self.parts.uses_camera = True
        self.parts.show_state(PlayerState.RUNNING)
        self.run.begin(now.exercise, now.wanted, now.hold_s, now.leg)

    def pause(self, sentence: str = "") -> None:
        """Stand still, with the camera off; what was counted stays.

        Parameters
        ----------
        sentence
            Why, where the person did not want it.
        """
        if self.state is not PlayerState.RUNNING:
            return
        self._halt()
        self.parts.show_state(PlayerState.PAUSED)
        self.parts.timer.show_note(sentence)
        self.parts.stage.show_sentence(sentence or player_words.PAUSED_CAMERA)

    def go_on(self) -> None:
        """Go on with the set at hand."""
        if not self.switch.is_seen:
            return
        self.parts.show_state(PlayerState.RUNNING)
        if self.parts.uses_camera:
            self.run.go_on()
        else:
            self.parts.timer.show_note("")
            self.parts.timer.go_on()

    def stop(self) -> None:
        """End the set at hand; what was counted is offered to be kept."""
        if self.state not in _UNDER_WAY:
            return
        self._halt()
        self.parts.show_state(PlayerState.STOPPED)
        self.parts.end.show_stopped(self.counted)
        self.announcer.say(player_words.SPOKEN_STOPPED)

    def hurt(self) -> None:
        """Stop at once: camera off, quiet; nothing is kept or begun by itself."""
        self._halt()
        self.announcer.reset()
        self._waits_to_be_seen = False
        self.parts.show_state(PlayerState.SETUP)
        self.hurts.emit(self._set.exercise_name if self._set is not None else "")

    def end(self) -> None:
        """Stop whatever runs; what was done and not decided on is handed on."""
        self.stop()
        if self.counted:
            self._keep(self.counted, False)
        self._halt()
        self._waits_to_be_seen = False
        self.parts.show_state(PlayerState.SETUP)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was done and not decided on is kept."""
        self.switch.stop()
        self.end()
        self.run.close()
        self.announcer.voice.close()
        super().closeEvent(event)

    def _connect(self) -> None:
        parts, run = self.parts, self.run
        for button in (parts.setup.begin, parts.end.again):
            button.clicked.connect(lambda _: self.begin())
        for button in (parts.setup.back, parts.end.back, parts.end.discard):
            button.clicked.connect(lambda _: self._leave())
        for button in (parts.go_on, parts.end.go_on):
            button.clicked.connect(lambda _: self.go_on())
        parts.pause.clicked.connect(lambda _: self.pause())
        parts.skip.clicked.connect(lambda _: parts.timer.skip())
        parts.use_timer.clicked.connect(lambda _: self._go_on_with_timer(""))
        parts.stop.clicked.connect(lambda _: self.stop())
        parts.hurts.clicked.connect(lambda _: self.hurt())
        parts.timer.happened.connect(self._follow_timer)
        parts.timer.interrupted.connect(lambda: self.pause(player_words.PAUSED_ASLEEP))
        parts.end.kept.connect(self._keep)
        run.finished.connect(self._take)
        run.given_up.connect(self._go_on_with_timer)
        self.switch.seen_changed.connect(self._follow_sight)
        self.switch.locked.connect(lambda: self.pause(player_words.PAUSED_BY_LOCK))
        self.announcer.voice.found.connect(parts.show_voice)
        add_key(Qt.Key.Key_Escape, self, self._escape)
        add_key(Qt.Key.Key_H, self, self.hurt)
        for view in (parts.stage, parts.timer):
            add_key(Qt.Key.Key_Space, view, self.pause)

    def _begin_timer(self, now: SetAtHand, note: str = "") -> None:
        self.parts.uses_camera = False
        self.parts.show_state(PlayerState.RUNNING)
        self.parts.timer.show_note(note)
        already = len(now.before.repetitions) if now.before is not None else 0
        self.parts.timer.begin(now.planned, already)

    def _go_on_with_timer(self, sentence: str) -> None:
        """Lead through the rest of the set by the clock; what the camera counted stays."""
        if self.state not in _UNDER_WAY or self._set is None or not self.parts.uses_camera:
            return
        self._set = replace(self._set, is_timer_led=True, before=self.run.finish())
        self.announcer.reset()
        self._begin_timer(self._set, sentence)
        if sentence:
            self.announcer.say(sentence, Tone.ATTENTION)

    def _halt(self) -> None:
        """Switch off whatever runs, and be quiet."""
        self.run.stop()
        self.parts.timer.pause()
        self.parts.end.leave()
        if self.state is PlayerState.RUNNING:
            self.announcer.reset()

    def _follow_sight(self, is_seen: bool) -> None:
        if not is_seen:
            self.pause(player_words.PAUSED_AWAY)
        elif self._waits_to_be_seen:
            self.begin()
        elif self.state is PlayerState.SETUP:
            self.choices.offer_cameras()

    def _follow_timer(self, event: TimerEvent) -> None:
        if self._set is not None:
            self.announcer.follow_timer(event, self._set.planned)
        if event.kind is EventKind.DONE:
            self.parts.show_state(PlayerState.DONE)
            self.parts.end.show_done(self.counted, self.parts.timer.hold_s)
            self.announcer.say_done(self.counted)

    def _take(self, finished: FinishedSet) -> None:
        if finished.repetitions:
            self._keep(len(finished.repetitions), False)
        else:
            self.stop()

    def _keep(self, count: int, is_corrected: bool) -> None:
        """Hand on the set at hand."""
        if self._set is None or self.state not in _UNDECIDED:
            return
        if self.parts.uses_camera:
            done = self._set.counted(self.run.finish())
        else:
            done = self._set.timed(count, self.parts.timer.hold_s, is_corrected)
        has_ended_itself = self.state is PlayerState.RUNNING
        self._halt()
        self.parts.show_state(PlayerState.KEPT)
        self.parts.end.show_kept(count)
        if has_ended_itself:
            self.announcer.say_done(count)
        self._kept_s = self._clock()
        self.set_done.emit(done)

    def _escape(self) -> None:
        if self.state in _UNDER_WAY:
            self.stop()
        elif self.state is PlayerState.SETUP or not self.counted:
            self._leave()

    def _leave(self) -> None:
        self._halt()
        self._waits_to_be_seen = False
        self.parts.show_state(PlayerState.SETUP)
        self.left.emit()
