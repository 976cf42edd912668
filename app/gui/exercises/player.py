"""Leads through one set of an exercise after the other: with a camera, or by the clock."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QCheckBox, QLabel, QStackedWidget, QWidget

from app.exercises import text
from app.exercises.sets import SetAtHand
from app.exercises.timer import EventKind
from app.gui.exercises.camera import CoachRun
from app.gui.exercises.cards import BUTTON_STYLE, EndCard, HurtsButton, SetupCard
from app.gui.exercises.stage import CoachStage, ExerciseTimer
from app.gui.preferences import ExercisePreferences
from app.gui.style.theme import GAP_PX, Kind, set_kind, set_style
from app.gui.widgets.announcer import ExerciseAnnouncer
from app.gui.widgets.camera import LiveSource, LiveSwitch
from app.gui.widgets.cards import flow, in_column, in_row, make_button
from app.system.clock import elapsed_s
from app.system.sound import Tone, Tones
from app.system.speech import Voice
from app.text import live

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.timer import TimerEvent
    from app.gui.background.jobs import Jobs
    from app.gui.exercises.pictures import OwnPictures
    from app.gui.widgets.camera import ChosenCamera
    from app.history.diary import PlannedExercise
    from app.system.screen_lock import ScreenLock
    from vision.coach.events import FinishedSet


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
    lock, voice
        Tells when the screen is locked, and speaks; a voice of None is the system's own.
    clock
        Seconds for the timer, never falling.

    Attributes
    ----------
    state
        What the player is at.
    uses_camera
        Whether the camera counts the set at hand.
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
        clock: Callable[[], float] = elapsed_s,
    ) -> None:
        super().__init__()
        chosen = preferences if preferences is not None else ExercisePreferences()
        self._chosen, self._remember = chosen, remember
        self.state, self.uses_camera = PlayerState.SETUP, False
        self._set: SetAtHand | None = None
        self._clock, self._kept_s = clock, 0.0
        self._waits_to_be_seen = False
        self.voice = voice if voice is not None else Voice(not chosen.has_voice)
        self.voice.setParent(self)
        self.tones = Tones(not chosen.has_tones)
        self.announcer = ExerciseAnnouncer(self.voice, self.tones)
        self.setup, self.end_card = SetupCard(chosen), EndCard()
        self.stage, self.timer = CoachStage(chosen.is_mirrored), ExerciseTimer(clock)
        self.source = LiveSource(jobs, self.setup.choice, chosen, self)
        self.run = CoachRun(self.source, self.stage, self.announcer, self)
        self.switch = LiveSwitch(self, lock)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._show(PlayerState.SETUP)

    @property
    def counted(self) -> int:
        """Complete repetitions that are not handed on yet."""
        if self.state not in _UNDECIDED:
            return 0
        return self.run.counted if self.uses_camera else self.timer.repetitions

    def use_pictures(self, pictures: OwnPictures) -> None:
        """Show the pictures of the person's own exercises before their sets."""
        self.setup.pictures = pictures

    @property
    def is_under_way(self) -> bool:
        """Whether a set is being done, or is not decided on."""
        return self.state in _UNDECIDED

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
        self.heading.setText(now.title)
        self.sets.setText(now.sets)
        self.setup.show_set(now)
        if before is not None and is_soon and now.follows(before):
            self._set = replace(now, is_timer_led=before.is_timer_led)
            self.begin()
        else:
            self._show(PlayerState.SETUP)
            self._offer_cameras()

    def begin(self) -> None:
        """Begin the set at hand, as soon as the player can be seen."""
        self._waits_to_be_seen = not self.switch.is_seen
        if self._set is None or self._waits_to_be_seen:
            return
        self._set = now = replace(self._set, before=None)
        self.voice.start()
        if now.exercise is None or now.is_timer_led or not self._chosen.uses_camera:
            self._begin_timer(now)
            return
        self.uses_camera = True
        self._show(PlayerState.RUNNING)
        self.run.begin(now.exercise, now)

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
        self._show(PlayerState.PAUSED)
        self.timer.show_note(sentence)
        self.stage.show_sentence(sentence or text.PAUSED_CAMERA)

    def go_on(self) -> None:
        """Go on with the set at hand."""
        if not self.switch.is_seen:
            return
        self._show(PlayerState.RUNNING)
        if self.uses_camera:
            self.run.go_on()
        else:
            self.timer.show_note("")
            self.timer.go_on()

    def stop(self) -> None:
        """End the set at hand; what was counted is offered to be kept."""
        if self.state not in _UNDER_WAY:
            return
        self._halt()
        self._show(PlayerState.STOPPED)
        self.end_card.show_stopped(self.counted)
        self.announcer.say(text.SPOKEN_STOPPED)

    def hurt(self) -> None:
        """Stop at once: camera off, quiet; nothing is kept or begun by itself."""
        self.announcer.reset()
        self._rest()
        self.hurts.emit(self._set.key if self._set is not None else "")

    def end(self) -> None:
        """Stop whatever runs; what was done and not decided on is handed on."""
        self.stop()
        if self.counted:
            self._keep(self.counted, False)
        self._rest()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was done and not decided on is kept."""
        self.switch.stop()
        self.end()
        self.run.close()
        self.voice.close()
        super().closeEvent(event)

    def _make_parts(self) -> None:
        self.heading, self.sets, self.note = QLabel(), QLabel(), QLabel()
        for label, kind in (
            (self.heading, Kind.HEADING),
            (self.sets, Kind.MUTED),
            (self.note, Kind.MUTED),
        ):
            set_kind(label, kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.sets, self.note):
            label.setWordWrap(True)
        self.note.hide()
        self.go_on_button = make_button(text.CONTINUE, self.tr("Go on (Space)"), is_main=True)
        self.pause_button = make_button(text.PAUSE, self.tr("Pause for now (Space)"))
        self.skip = make_button(text.SKIP, self.tr("Go to what comes next"), act=self.timer.skip)
        self.use_timer = make_button(
            text.USE_TIMER, self.tr("Switch the camera off; what was counted stays")
        )
        self.stop_button = make_button(text.STOP, self.tr("End this set (Esc)"), act=self.stop)
        self.voice_box = QCheckBox(text.VOICE)
        self.voice_box.setToolTip(self.tr("What to do, and the count, are spoken"))
        self.voice_box.setChecked(self._chosen.has_voice)
        self.tones_box = QCheckBox(text.TONES)
        self.tones_box.setToolTip(self.tr("Tones mark each phase, and stand in for a voice"))
        self.tones_box.setChecked(self._chosen.has_tones)
        self.hurts_button = HurtsButton()

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        for view in (self.setup, self.stage, self.timer, self.end_card):
            self._views.addWidget(view)
        going = self.go_on_button, self.pause_button, self.skip
        buttons = *going, self.use_timer, self.stop_button
        for button in buttons:
            set_style(button, BUTTON_STYLE)
        head = in_row(self.heading, (self.sets, 1), gap_px=2 * GAP_PX)
        foot = flow(*buttons, self.voice_box, self.tones_box, self.hurts_button)
        in_column(head, (self._views, 1), self.note, foot, on=self)

    def _connect(self) -> None:
        self.setup.begin_wanted.connect(self.begin)
        self.setup.left.connect(self._leave)
        self.setup.camera_chosen.connect(self._choose_counting)
        self.setup.mirror_chosen.connect(self._mirror)
        self.source.chosen.connect(self._choose_camera)
        self.end_card.kept.connect(self._keep)
        self.end_card.again_wanted.connect(self.begin)
        self.end_card.go_on_wanted.connect(self.go_on)
        self.end_card.left.connect(self._leave)
        self.go_on_button.clicked.connect(lambda _: self.go_on())
        self.pause_button.clicked.connect(lambda _: self.pause())
        self.use_timer.clicked.connect(lambda _: self._go_on_with_timer(""))
        self.hurts_button.clicked.connect(lambda _: self.hurt())
        self.voice_box.toggled.connect(self._have_voice)
        self.tones_box.toggled.connect(self._have_tones)
        self.timer.happened.connect(self._follow_timer)
        self.timer.interrupted.connect(lambda: self.pause(text.PAUSED_ASLEEP))
        self.run.finished.connect(self._take)
        self.run.given_up.connect(self._go_on_with_timer)
        self.switch.seen_changed.connect(self._follow_sight)
        self.switch.locked.connect(lambda: self.pause(text.PAUSED_BY_LOCK))
        self.voice.found.connect(self._show_voice)
        for key, widget, do in (
            (Qt.Key.Key_Escape, self, self._escape),
            (Qt.Key.Key_H, self, self.hurt),
            (Qt.Key.Key_Space, self.stage, self.pause),
            (Qt.Key.Key_Space, self.timer, self.pause),
        ):
            shortcut = QShortcut(QKeySequence(key), widget)
            if widget is not self:  # elsewhere the space bar presses buttons
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # What is chosen

    def _offer_cameras(self) -> None:
        """Show which webcams there are, if one is to count; none is switched on."""
        if self.setup.uses_camera:
            self.source.offer()

    def _choose_counting(self, uses_camera: bool) -> None:
        self._prefer(replace(self._chosen, uses_camera=uses_camera))
        self._offer_cameras()

    def _mirror(self, is_mirrored: bool) -> None:
        self.stage.set_mirrored(is_mirrored)
        self._prefer(replace(self._chosen, is_mirrored=is_mirrored))

    def _choose_camera(self, camera: ChosenCamera) -> None:
        self._prefer(self.source.remembered(self._chosen, camera))

    def _have_voice(self, has_voice: bool) -> None:
        self.voice.set_muted(not has_voice)
        self._prefer(replace(self._chosen, has_voice=has_voice))

    def _have_tones(self, has_tones: bool) -> None:
        self.tones.is_muted = not has_tones
        self._prefer(replace(self._chosen, has_tones=has_tones))

    def _prefer(self, chosen: ExercisePreferences) -> None:
        self._chosen = chosen
        self._remember(chosen)

    # What is shown

    def _show(self, state: PlayerState) -> None:
        """Go to a state, and show what belongs to it."""
        self.state = state
        is_running, is_paused = state is PlayerState.RUNNING, state is PlayerState.PAUSED
        is_setup = state is PlayerState.SETUP
        running = self.stage if self.uses_camera else self.timer
        ended = self.setup if is_setup else self.end_card
        self._views.setCurrentWidget(running if state in _UNDER_WAY else ended)
        self.pause_button.setVisible(is_running)
        self.go_on_button.setVisible(is_paused)
        self.skip.setVisible(is_running and not self.uses_camera)
        self.use_timer.setVisible(state in _UNDER_WAY and self.uses_camera)
        self.stop_button.setVisible(state in _UNDER_WAY)
        for label in (self.heading, self.sets):
            label.setVisible(not is_setup)
        if is_running:
            running.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_paused:
            self.go_on_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_setup:
            self.setup.take_focus()

    def _show_voice(self, has_voice: bool) -> None:
        """Say so when the system has no voice."""
        self.voice_box.setEnabled(has_voice)
        self.note.setText("" if has_voice else live.NO_VOICE)
        self.note.setVisible(not has_voice)

    def _follow_sight(self, is_seen: bool) -> None:
        if not is_seen:
            self.pause(text.PAUSED_AWAY)
        elif self._waits_to_be_seen:
            self.begin()
        elif self.state is PlayerState.SETUP:
            self._offer_cameras()

    # How a set goes on and ends

    def _begin_timer(self, now: SetAtHand, note: str = "") -> None:
        self.uses_camera = False
        self._show(PlayerState.RUNNING)
        self.timer.show_note(note)
        self.timer.begin(now.planned, len(now.before.repetitions) if now.before is not None else 0)

    def _go_on_with_timer(self, sentence: str) -> None:
        """Lead through the rest of the set by the clock; what the camera counted stays."""
        if self.state not in _UNDER_WAY or self._set is None or not self.uses_camera:
            return
        self._set = replace(self._set, is_timer_led=True, before=self.run.finish())
        self.announcer.reset()
        self._begin_timer(self._set, sentence)
        if sentence:
            self.announcer.say(sentence, Tone.ATTENTION)

    def _follow_timer(self, event: TimerEvent) -> None:
        if self._set is not None:
            self.announcer.follow_timer(event, self._set.planned)
        if event.kind is EventKind.DONE:
            self._show(PlayerState.DONE)
            self.end_card.show_done(self.counted, self.timer.hold_s)
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
        if self.uses_camera:
            done = self._set.counted(self.run.finish())
        else:
            done = self._set.timed(count, self.timer.hold_s, is_corrected)
        has_ended_itself = self.state is PlayerState.RUNNING
        self._halt()
        self._show(PlayerState.KEPT)
        self.end_card.show_kept(count)
        if has_ended_itself:
            self.announcer.say_done(count)
        self._kept_s = self._clock()
        self.set_done.emit(done)

    def _halt(self) -> None:
        """Switch off whatever runs, and be quiet."""
        self.run.stop()
        self.timer.pause()
        self.end_card.leave()
        if self.state is PlayerState.RUNNING:
            self.announcer.reset()

    def _rest(self) -> None:
        """Switch off whatever runs, and wait for the next set."""
        self._halt()
        self._waits_to_be_seen = False
        self._show(PlayerState.SETUP)

    def _escape(self) -> None:
        if self.state in _UNDER_WAY:
            self.stop()
        elif self.state is PlayerState.SETUP or not self.counted:
            self._leave()

    def _leave(self) -> None:
        self._rest()
        self.left.emit()
