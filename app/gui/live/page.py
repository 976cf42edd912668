"""The page that measures live: stand, turn, and be measured without touching the computer."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.gui.background.camera import FINAL, LiveFeed
from app.gui.live.announcer import Announcer
from app.gui.live.result import LiveIntro, LiveResult, LiveSqueeze
from app.gui.live.saving import LiveKeeping
from app.gui.live.setup import LiveSetup
from app.gui.live.stage import LiveStage
from app.gui.preferences import LivePreferences
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX
from app.gui.widgets.camera_picker import LiveSource
from app.gui.widgets.cards import make_button
from app.gui.widgets.visibility import LiveSwitch
from app.history.from_measurement import tilt_of
from app.system.sound import Tone, Tones
from app.system.speech import Voice
from app.text import live, squeeze
from app.text.live import describe_check
from vision.live.events import FinishedCheck
from vision.live.session import LiveKind, LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PyQt6.QtGui import QCloseEvent, QResizeEvent

    from app.gui.background.frames import LiveLook
    from app.gui.background.jobs import Jobs
    from app.gui.live.saving import LiveKeeper
    from app.gui.widgets.camera_picker import ChosenCamera
    from app.system.screen_lock import ScreenLock
    from vision.camera.errors import CameraProblem
    from vision.live.events import AnyMoment, SqueezeResult


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


class LiveEnding(QObject):
    """Shows what came of a session once its camera is off."""

    #: A sentence on what just happened.
    status = pyqtSignal(str)
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)

    def __init__(
        self,
        parts: LiveLayout,
        keeping: LiveKeeping,
        announcer: Announcer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts, self._keeping, self._announcer = parts, keeping, announcer
        self._check: tuple[FinishedCheck, Sequence[datetime]] | None = None
        parts.result.keep.clicked.connect(self.keep)
        parts.result.discard.clicked.connect(self._discard)
        parts.result.delete.clicked.connect(keeping.delete_check)
        parts.squeeze.retry.clicked.connect(keeping.save_test)
        parts.squeeze.delete.clicked.connect(keeping.delete_test)
        parts.squeeze.answered.connect(keeping.keep_answers)
        keeping.kept.connect(self._show_kept)
        keeping.failed.connect(self._show_not_kept)
        keeping.earlier_read.connect(parts.squeeze.show_earlier)
        keeping.undo_offered.connect(self._offer_undo)

    def show(self, session: LiveSession, finished: FinishedCheck | SqueezeResult) -> None:
        """Show, say and keep what came of a session that ended by itself."""
        if isinstance(finished, FinishedCheck):
            self._show_check(finished, session.taken_at, PageState.RESULT)
            self.keep()
            self._announcer.say(describe_check(finished).spoken, Tone.DONE)
            return
        self._parts.show_state(PageState.SQUEEZED)
        self._parts.squeeze.show_result(finished)
        self._keeping.keep_test(finished)
        said = squeeze.describe_turn(finished).replace("°", " degrees")
        self._announcer.say(live.SPOKEN_TEST.format(turned=said), Tone.DONE)

    def end_early(self, session: LiveSession, sentence: str) -> None:
        """Ask whether to keep what was taken so far, or say why there is nothing.

        Parameters
        ----------
        sentence
            Why it ended.
        """
        finished = session.finish_now()
        if finished is None:
            is_test = session.kind is LiveKind.SQUEEZE and sentence == live.STOPPED
            self._parts.show_state(PageState.FAILED, live.START_AGAIN)
            self._parts.stage.show_sentence(live.SQUEEZE_STOPPED if is_test else sentence)
            self._announcer.say(live.SPOKEN_STOPPED, Tone.ATTENTION)
            return
        taken = len(finished.captures)
        question = live.KEEP_OR_DISCARD.format(taken=taken, wanted=session.repeats)
        if sentence != live.STOPPED:
            question = f"{sentence} {question}"
        can_keep = tilt_of(finished) is not None
        state = PageState.DECIDING if can_keep else PageState.RESULT
        self._show_check(finished, session.taken_at, state, question if can_keep else "")
        self._announcer.say(live.SPOKEN_KEEP.format(taken=taken), Tone.ATTENTION)

    def keep(self) -> None:
        """Keep the check at hand, if its repeats give a number."""
        if self._check is not None and self._keeping.keep_check(*self._check):
            self._parts.show_state(PageState.RESULT)
            self._parts.result.show_saving()

    def close(self, session: LiveSession) -> None:
        """Keep whatever was measured and not thrown away, because the window closes."""
        if self._parts.state in (PageState.RUNNING, PageState.PAUSED):
            finished = session.finish_now()
            self._check = None if finished is None else (finished, session.taken_at)
        elif self._parts.state is not PageState.DECIDING:
            self._check = None
        if self._check is not None:
            self._keeping.keep_check(*self._check)
            self._check = None
        self._keeping.finish()

    def _show_check(
        self,
        finished: FinishedCheck,
        taken_at: Sequence[datetime],
        state: PageState,
        question: str = "",
    ) -> None:
        self._check = finished, tuple(taken_at)
        self._parts.show_state(state)
        self._parts.result.show_check(finished, question)

    def _discard(self) -> None:
        self._check = None
        self._parts.show_state(PageState.RESULT)
        self._parts.result.show_gone(live.DISCARDED)

    def _show_kept(self, change: str) -> None:
        if self._parts.state is PageState.SQUEEZED:
            self._parts.squeeze.show_kept()
        elif self._parts.state is PageState.RESULT:
            self._parts.result.show_kept(change)
        self.status.emit(live.SAVED)

    def _show_not_kept(self, sentence: str) -> None:
        if self._parts.state is PageState.SQUEEZED:
            self._parts.squeeze.show_problem(sentence)
        elif self._parts.state is PageState.RESULT:
            self._parts.result.show_problem(sentence)
        self.status.emit(sentence)

    def _offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        if self._parts.state is PageState.SQUEEZED:
            self._parts.squeeze.show_gone(text)
        elif self._parts.state is PageState.RESULT:
            self._parts.result.show_gone(text)
        self.undo_offered.emit(text, undo)


__all__ = ["LivePage", "PageState"]


class LivePage(QWidget):
    """One live check or squeeze test at a time; the camera is on only while it is followed.

    Parameters
    ----------
    jobs
        To look for cameras and for the belt line.
    keeper
        Knows the people and keeps results.
    preferences, remember
        Choices of last time, and what to call with the new ones whenever one changes.
    lock
        Tells when the screen is locked.
    voice
        Speaks; None for the system's own.
    """

    #: A sentence on what just happened.
    status = pyqtSignal(str)
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)
    #: Where a step beside a result leads; see :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)

    def __init__(
        self,
        jobs: Jobs,
        keeper: LiveKeeper,
        preferences: LivePreferences | None = None,
        remember: Callable[[LivePreferences], None] = lambda _: None,
        lock: ScreenLock | None = None,
        voice: Voice | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.preferences = preferences if preferences is not None else LivePreferences()
        self._remember = remember
        self.parts = LiveLayout(self, self.preferences)
        voice = voice if voice is not None else Voice(not self.preferences.has_voice)
        voice.setParent(self)
        self.announcer = Announcer(voice, Tones(not self.preferences.has_tones))
        self.keeping = LiveKeeping(jobs, keeper, self)
        self.keeping.keeps_pictures = self.preferences.keep_picture
        self.ending = LiveEnding(self.parts, self.keeping, self.announcer, self)
        self.feed = LiveFeed(self)
        self.source = LiveSource(jobs, self.parts.setup.camera, self.preferences, self)
        self.switch = LiveSwitch(self, lock)
        self.session = self._new_session()
        self._connect()
        is_known = self.preferences.has_started
        self.parts.show_state(PageState.RUNNING if is_known else PageState.INTRO)

    @property
    def state(self) -> PageState:
        """What the page is at."""
        return self.parts.state

    @property
    def is_camera_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self.feed.is_on

    def use_source(self, text: str) -> None:
        """Begin at once, with what somebody named; an empty text is the usual camera."""
        self.source.name(text)
        self.start_anew()

    def start_anew(self) -> None:
        """Begin a new check or test."""
        self._prefer(replace(self.preferences, has_started=True))
        self.session = self._new_session()
        self.go_on()

    def go_on(self) -> None:
        """Switch the camera on and follow the session at hand."""
        self.parts.show_state(PageState.RUNNING)
        self._open()

    def pause(self, sentence: str = live.PAUSED) -> None:
        """Switch the camera off; what was measured stays."""
        self._release()
        self.parts.show_state(PageState.PAUSED, live.CONTINUE)
        self.parts.stage.show_sentence(sentence)

    def cancel(self) -> None:
        """End it: with what was taken so far, the person decides; else there is nothing."""
        if self.state is PageState.RUNNING:
            self._end_early(live.STOPPED)

    def choose_squeeze(self) -> None:
        """Have the squeeze test chosen."""
        self.parts.setup.squeeze.setChecked(True)

    def set_keep_pictures(self, keep: bool) -> None:
        """Follow a choice made elsewhere, such as among the settings."""
        self.keeping.keeps_pictures = keep
        self.preferences = replace(self.preferences, keep_picture=keep)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Hide the set-up where there is no room for it."""
        super().resizeEvent(event)
        self.parts.fit()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was measured and not yet decided on is kept."""
        self.switch.stop()
        self.source.forget()
        self.feed.close()
        self.announcer.voice.close()
        self.ending.close(self.session)
        super().closeEvent(event)

    def _connect(self) -> None:
        parts, feed = self.parts, self.feed
        parts.intro.start.clicked.connect(self.start_anew)
        parts.go.clicked.connect(self._go)
        parts.pause.clicked.connect(lambda _: self.pause())
        parts.stop.clicked.connect(self.cancel)
        parts.stage.key_pressed.connect(self.cancel)
        parts.toggle.clicked.connect(self._toggle_setup)
        parts.setup.changed.connect(self._change)
        parts.result.again.clicked.connect(self.start_anew)
        parts.result.step_wanted.connect(self.step_wanted)
        parts.squeeze.again.clicked.connect(self.start_anew)
        self.ending.status.connect(self.status)
        self.ending.undo_offered.connect(self.undo_offered)
        feed.arrived.connect(self._show)
        feed.happened.connect(self._take)
        feed.troubled.connect(self._show_trouble)
        feed.failed.connect(lambda _: self._end_early(" ".join(live.FAILED_ITSELF)))
        self.source.found.connect(self._use)
        self.source.missing.connect(self._wait_for_camera)
        self.source.chosen.connect(self._remember_camera)
        self.switch.seen_changed.connect(self._follow_sight)
        self.switch.locked.connect(self._follow_lock)
        self.announcer.voice.found.connect(parts.setup.show_voice)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.cancel)

    def _go(self) -> None:
        if self.state is PageState.PAUSED:
            self.go_on()
        else:
            self.start_anew()

    def _new_session(self) -> LiveSession:
        return LiveSession(self.preferences.kind, self.preferences.repeats)

    def _open(self) -> None:
        """Find the camera and switch it on, if the page can be seen."""
        if self.state is PageState.RUNNING and self.switch.is_seen:
            self.announcer.voice.start()
            self.parts.stage.show_sentence(live.LOOKING_FOR_CAMERA)
            self.source.find()

    def _use(self, camera: ChosenCamera) -> None:
        if self.state is PageState.RUNNING and self.switch.is_seen:
            self.parts.stage.show_sentence(live.OPENING_CAMERA)
            self.feed.start(camera.source, self.session, self.preferences.size_px)

    def _release(self) -> None:
        self.source.forget()
        self.feed.stop()
        self.announcer.reset()

    def _follow_sight(self, is_seen: bool) -> None:
        if not is_seen:
            self._release()
        elif self.session.finished is not None and self.state is PageState.RUNNING:
            self._show_result(self.session.finished)  # it ended just when the page was left
        elif self.state is PageState.INTRO:
            self.source.offer()
        else:
            self._open()

    def _follow_lock(self) -> None:
        if self.state is PageState.RUNNING:
            self.pause(live.PAUSED_BY_LOCK)

    def _show(self, look: LiveLook) -> None:
        if self.state is PageState.RUNNING:
            self.parts.stage.show_look(look)
            self.parts.setup.show_level(live.level_sentence(look.capture))
            self.announcer.follow(look.moment)

    def _take(self, moment: AnyMoment) -> None:
        if self.state is not PageState.RUNNING:
            return
        if moment.finished is not None:
            self._show_result(moment.finished)
        elif moment.is_cancelled:
            self._end_early(live.STOPPED)

    def _show_trouble(self, problem: CameraProblem | None) -> None:
        sentence = "" if problem is None else str(problem.error())
        self.parts.stage.show_problem(sentence)
        if problem in FINAL:
            self._end_early(sentence)

    def _wait_for_camera(self, sentence: str, is_final: bool) -> None:
        if is_final:
            self._end_early(sentence)
        elif self.state is PageState.RUNNING:
            self.parts.stage.show_sentence(sentence)

    def _end_early(self, sentence: str) -> None:
        self._release()
        self.ending.end_early(self.session, sentence)

    def _show_result(self, finished: FinishedCheck | SqueezeResult) -> None:
        self._release()
        self.ending.show(self.session, finished)

    def _toggle_setup(self) -> None:
        self.parts.toggle_setup()
        self._prefer(replace(self.preferences, shows_setup=self.parts.wants_setup))

    def _change(self, chosen: LivePreferences) -> None:
        """Follow what was chosen in the set-up."""
        before = self.preferences
        self._prefer(
            replace(
                before,
                **{name: getattr(chosen, name) for name in _OF_SETUP},
            )
        )
        self.parts.stage.set_mirrored(chosen.is_mirrored)
        self.announcer.voice.set_muted(not chosen.has_voice)
        self.announcer.tones.is_muted = not chosen.has_tones
        if self.state is not PageState.RUNNING:
            return
        is_new = chosen.kind is not before.kind or chosen.repeats != before.repeats
        if is_new and self.session.taken_at and chosen.kind is not before.kind:
            self.cancel()  # what was taken so far is not lost for that
        elif is_new and not self.session.taken_at:
            self.start_anew()
        elif chosen.size != before.size:
            self.go_on()

    def _remember_camera(self, camera: ChosenCamera) -> None:
        self._prefer(self.source.remembered(self.preferences, camera))
        if self.state is PageState.RUNNING:
            self.go_on()

    def _prefer(self, chosen: LivePreferences) -> None:
        self.preferences = chosen
        self._remember(chosen)


#: What the set-up decides; the rest changes elsewhere on the page.
_OF_SETUP = ("size", "is_mirrored", "has_voice", "has_tones", "repeats", "kind")
