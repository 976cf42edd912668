"""The page that measures live: stand, turn, and be measured without touching the computer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget

from app.gui.background.camera import FINAL, LiveFeed
from app.gui.live.announcer import Announcer
from app.gui.live.page__live_ending import LiveEnding
from app.gui.live.page__live_layout import LiveLayout, PageState
from app.gui.live.saving import LiveKeeping
from app.gui.preferences import LivePreferences
from app.gui.widgets.camera_picker__live_source import LiveSource
from app.gui.widgets.visibility import LiveSwitch
from app.system.sound import Tones
from app.system.speech import Voice
from app.text import live
from vision.live.session import LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QCloseEvent, QResizeEvent

    from app.gui.background.frames import LiveLook
    from app.gui.background.jobs import Jobs
    from app.gui.live.saving import LiveKeeper
    from app.gui.widgets.camera_picker import ChosenCamera
    from app.system.screen_lock import ScreenLock
    from vision.camera.errors import CameraProblem
    from vision.live.events import AnyMoment, FinishedCheck, SqueezeResult

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
