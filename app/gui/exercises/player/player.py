"""Leads through one set of an exercise after the other: with a camera, or by the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.exercises import text__player_words as player_words
from app.exercises.sets__exercise_player_set import SetAtHand
from app.exercises.timer import EventKind, awake_clock
from app.gui.exercises.player.announcer import ExerciseAnnouncer
from app.gui.exercises.player.camera import CoachRun
from app.gui.exercises.player.player__exercise_player_choices import PlayerChoices
from app.gui.exercises.player.player__exercise_player_layout import (
    PlayerLayout,
    PlayerState,
    add_key,
)
from app.gui.preferences__exercise_preferences import ExercisePreferences
from app.gui.widgets.visibility import LiveSwitch
from app.system.sound import Tone, Tones
from app.system.speech import Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent

    from app.exercises.timer import TimerEvent
    from app.gui.background.jobs import Jobs
    from app.history.diary import PlannedExercise
    from app.system.screen_lock import ScreenLock
    from vision.coach.events import FinishedSet

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
