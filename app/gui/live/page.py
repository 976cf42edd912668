"""The page that measures live: stand, turn, and be measured without touching the computer."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget

from app.gui.background.camera import FINAL, LiveFeed
from app.gui.live.cards import LiveIntro, LiveResult, LiveSetup
from app.gui.live.photographs import RangePhotographs
from app.gui.live.saving import LiveKeeping
from app.gui.live.stage import LiveStage
from app.gui.live.tests import LiveRange, LiveSqueeze
from app.gui.preferences import LivePreferences
from app.gui.style.theme import GROUP_GAP_PX, PAGE_MARGIN_PX, polish_ahead
from app.gui.widgets.announcer import Announcer
from app.gui.widgets.camera import LiveSource, LiveSwitch
from app.gui.widgets.cards import LateStack, in_column, in_row, make_button
from app.gui.widgets.status import is_in_sight
from app.history.diary import RangeSource
from app.history.from_measurement import tilt_of
from app.system.sound import Tone, Tones
from app.system.speech import Voice
from app.text import live, range_test, squeeze
from app.text.live import describe_check
from vision.live.events import FinishedCheck, RefusedSqueeze, SqueezeResult
from vision.live.session import LiveKind, LiveSession
from vision.range_of_motion import RangeResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PyQt6.QtGui import QCloseEvent, QResizeEvent

    from app.gui.background.camera import LiveLook
    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.live.photographs import WorkedOut
    from app.gui.widgets.camera import ChosenCamera
    from app.system.screen_lock import ScreenLock
    from vision.camera.capture import CameraProblem
    from vision.live.events import AnyMoment, PhasedResult
    from vision.range_of_motion import RefusedRange

#: Narrower than this the set-up would take the room that the large words need.
_BESIDE_PX = 860
#: After the page, which is made while nothing else is done.
_BETWEEN_CARDS_MS = 200


class PageState(StrEnum):
    """What the page is at; the camera is on in ``running`` alone."""

    INTRO = "intro"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DECIDING = "deciding"
    RESULT = "result"
    SQUEEZED = "squeezed"
    RANGED = "ranged"
    PHOTOGRAPHS = "photographs"


#: What is shown in a state; the stage in the others.
_SHOWN_IN = {
    PageState.INTRO: "intro",
    PageState.DECIDING: "result",
    PageState.RESULT: "result",
    PageState.SQUEEZED: "squeeze",
    PageState.RANGED: "range",
    PageState.PHOTOGRAPHS: "photographs",
}
#: Those that are likeliest to be wanted come first.
_CARDS = ("intro", "result", "squeeze", "range", "photographs")


class LivePage(QWidget):
    """One live check or test at a time; the camera is on only while it is followed.

    Parameters
    ----------
    jobs
        To look for cameras and for the belt line.
    service
        Knows the people and keeps results.
    preferences, remember
        Choices of last time, and what to call with the new ones whenever one changes.
    lock, voice
        Tells when the screen is locked, and speaks; None for the system's own voice.

    Attributes
    ----------
    state
        What the page is at.
    """

    #: A sentence on what just happened.
    status = pyqtSignal(str)
    #: Where a step beside a result leads; see :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)

    def __init__(
        self,
        jobs: Jobs,
        service: HistoryService,
        preferences: LivePreferences | None = None,
        remember: Callable[[LivePreferences], None] = lambda _: None,
        lock: ScreenLock | None = None,
        voice: Voice | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.preferences = preferences if preferences is not None else LivePreferences()
        self._remember, self._service, self._jobs = remember, service, jobs
        self._check: tuple[FinishedCheck, Sequence[datetime]] | None = None
        voice = voice if voice is not None else Voice(not self.preferences.has_voice)
        voice.setParent(self)
        self.announcer = Announcer(voice, Tones(not self.preferences.has_tones))
        self._make_parts()
        self._lay_out()
        self.keeping = LiveKeeping(jobs, service, self)
        self.keeping.keeps_pictures = self.preferences.keep_picture
        self.feed = LiveFeed(self)
        self.source = LiveSource(jobs, self.setup.camera, self.preferences, self)
        self.switch = LiveSwitch(self, lock)
        self.session = self._new_session()
        self._connect_parts()
        self._connect_camera()
        self._connect_keeping()
        self._show_last()
        starts = self.preferences.starts_itself
        self._show_state(PageState.RUNNING if starts else PageState.INTRO)
        self._ahead = QTimer(self)
        self._ahead.timeout.connect(self._make_ahead)
        self._ahead.start(_BETWEEN_CARDS_MS)

    @property
    def is_camera_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self.feed.is_on

    @property
    def is_under_way(self) -> bool:
        """Whether something here would be lost with the page."""
        return self.state not in (PageState.INTRO, PageState.FAILED, PageState.RESULT)

    def use_source(self, text: str) -> None:
        """Begin at once, with what somebody named; an empty text is the usual camera."""
        self.source.name(text)
        self.start_anew()

    def start_anew(self) -> None:
        """Begin a new check or test."""
        self.session = self._new_session()
        self.go_on()

    def go_on(self) -> None:
        """Switch the camera on and follow the session at hand."""
        self._show_state(PageState.RUNNING)
        self._open()

    def pause(self, sentence: str = "") -> None:
        """Switch the camera off; what was measured stays."""
        self._release()
        self._show_state(PageState.PAUSED, live.CONTINUE)
        self.stage.show_sentence(sentence or live.PAUSED)

    def cancel(self) -> None:
        """End it: with what was taken so far, the person decides; else there is nothing."""
        if self.state is PageState.RUNNING:
            self._end_early(live.STOPPED)

    def choose_squeeze(self) -> None:
        """Have the squeeze test chosen."""
        self.setup.choose_squeeze()

    def set_keep_pictures(self, keep: bool) -> None:
        """Follow a choice made elsewhere, such as among the settings."""
        self.keeping.keeps_pictures = keep
        chosen = replace(self.preferences, keep_picture=keep)
        self.preferences = self.setup.preferences = chosen

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Hide the set-up where there is no room for it."""
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let go of the camera; what was measured and not yet decided on is kept."""
        self._ahead.stop()
        self.switch.stop()
        self.source.forget()
        self.feed.close()
        self.announcer.voice.close()
        if self.state in (PageState.RUNNING, PageState.PAUSED):
            finished = self.session.finish_now()
            self._check = None if finished is None else (finished, self.session.taken_at)
        elif self.state is not PageState.DECIDING:
            self._check = None
        if self._check is not None:
            self.keeping.keep_check(*self._check)
            self._check = None
        self.keeping.finish()
        super().closeEvent(event)

    @cached_property
    def intro(self) -> LiveIntro:
        """How it goes; like each card made when it is first wanted, or ahead of that."""
        card = LiveIntro()
        card.start_wanted.connect(self.start_anew)
        return card

    @cached_property
    def result(self) -> LiveResult:
        """What a check gave."""
        card, keeping = LiveResult(), self.keeping
        card.again_wanted.connect(self.start_anew)
        card.step_wanted.connect(self.step_wanted)
        card.keep_wanted.connect(self._keep)
        card.discard_wanted.connect(self._discard)
        card.delete_wanted.connect(keeping.delete_check)
        card.calibrate_wanted.connect(self._calibrate)
        return card

    @cached_property
    def squeeze(self) -> LiveSqueeze:
        """What a squeeze test gave."""
        card = LiveSqueeze()
        self._connect_test(card)
        card.answered.connect(self.keeping.keep_answers)
        return card

    @cached_property
    def range(self) -> LiveRange:
        """What a range test gave."""
        card = LiveRange()
        self._connect_test(card)
        return card

    @cached_property
    def photographs(self) -> RangePhotographs:
        """A range test from three photographs."""
        card = RangePhotographs(self._jobs)
        card.closed.connect(lambda: self._show_state(PageState.INTRO))
        card.worked_out.connect(self._show_worked_out)
        return card

    def _connect_test(self, card: LiveSqueeze | LiveRange) -> None:
        card.again_wanted.connect(self.start_anew)
        card.keep_wanted.connect(self.keeping.save_test)
        card.delete_wanted.connect(self.keeping.delete_test)

    def _make_ahead(self) -> None:
        """Make the next card, with room for other events after it."""
        name = next((name for name in _CARDS if name not in self.__dict__), None)
        if name is None:
            self._ahead.stop()
            return
        card: QWidget = getattr(self, name)
        self._views.addWidget(card)
        polish_ahead(card)

    def _make_parts(self) -> None:
        self.stage = LiveStage(self.preferences.is_mirrored)
        self.setup = LiveSetup(self.preferences)
        self.pause_button = make_button(self.tr("Pause"), self.tr("Switch the camera off for now"))
        self.stop_button = make_button(
            self.tr("Stop"), self.tr("Stop; what was measured can be kept (Esc)"), act=self.cancel
        )
        self.go_button = make_button("", is_main=True, act=self._go)
        self.setup_button = make_button(self.tr("Set-up"), self.tr("Show or hide the set-up"))
        self.setup_button.setCheckable(True)

    def _lay_out(self) -> None:
        self._views = LateStack()
        self._views.expect(self.stage)
        foot = in_row(self.go_button, self.pause_button, self.stop_button, 1, self.setup_button)
        parts, margins_px = (in_column((self._views, 1), foot), 1), PAGE_MARGIN_PX // 2
        in_row(parts, self.setup, on=self, gap_px=GROUP_GAP_PX, margins_px=margins_px)

    def _connect_parts(self) -> None:
        self.stage.key_pressed.connect(self.cancel)
        self.pause_button.clicked.connect(lambda _: self.pause())
        self.setup_button.clicked.connect(self._toggle_setup)
        self.setup.changed.connect(self._change)
        self.announcer.voice.found.connect(self.setup.show_voice)
        self.setup.photographs_wanted.connect(self.choose_photographs)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.activated.connect(self.cancel)

    def _connect_camera(self) -> None:
        self.feed.arrived.connect(self._show)
        self.feed.happened.connect(self._take)
        self.feed.troubled.connect(self._show_trouble)
        self.feed.failed.connect(lambda _: self._end_early(" ".join(live.FAILED_ITSELF)))
        self.source.found.connect(self._use)
        self.source.missing.connect(self._wait_for_camera)
        self.source.chosen.connect(self._remember_camera)
        self.switch.seen_changed.connect(self._follow_sight)
        self.switch.locked.connect(self._follow_lock)

    def _connect_keeping(self) -> None:
        keeping = self.keeping
        keeping.kept.connect(self._show_kept)
        keeping.failed.connect(self._show_not_kept)
        keeping.earlier_read.connect(self._show_earlier)
        keeping.calibrated.connect(self._show_calibrated)
        keeping.deleted.connect(self._show_deleted)
        self._service.profiles_changed.connect(self._follow_person)
        self._service.profile_changed.connect(self._show_last)

    def _show_state(self, state: PageState, go: str = "") -> None:
        """Show what belongs to a state; ``go`` is on the button that switches the camera on."""
        self.state = state
        shown = getattr(self, _SHOWN_IN.get(state, "stage"))
        has_result = state in (PageState.RESULT, PageState.SQUEEZED, PageState.RANGED)
        self._card: LiveResult | LiveSqueeze | LiveRange | None = shown if has_result else None
        self._views.show_view(shown)
        is_running = state is PageState.RUNNING
        self.pause_button.setVisible(is_running)
        self.stop_button.setVisible(is_running)
        self.go_button.setText(go)
        self.go_button.setVisible(bool(go))
        self._fit()
        if go:
            self.go_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif state in (PageState.RUNNING, PageState.INTRO):
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """Show the set-up beside the picture if it is wanted and there is room for both."""
        self._show_setup(self.preferences.shows_setup and self.width() >= _BESIDE_PX)

    def _show_setup(self, is_shown: bool) -> None:
        self.setup.setVisible(is_shown)
        self.setup_button.setChecked(is_shown)

    def _toggle_setup(self) -> None:
        """Show or hide the set-up, whether there is room or not."""
        is_shown = not self.setup.isVisible()
        self._show_setup(is_shown)
        self._prefer(replace(self.preferences, shows_setup=is_shown))

    def _go(self) -> None:
        if self.state is PageState.PAUSED:
            self.go_on()
        else:
            self.start_anew()

    def _new_session(self) -> LiveSession:
        session = LiveSession(self.preferences.kind, self.preferences.repeats)
        session.calibration = self._service.calibration()
        return session

    def _open(self) -> None:
        """Find the camera and switch it on, if the page can be seen."""
        if self.state is PageState.RUNNING and self.switch.is_seen:
            self.announcer.voice.start()
            self.stage.show_sentence(live.LOOKING_FOR_CAMERA)
            self.source.find()

    def _use(self, camera: ChosenCamera) -> None:
        if self.state is PageState.RUNNING and self.switch.is_seen:
            self.stage.show_sentence(live.OPENING_CAMERA)
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
        elif self.state is PageState.RUNNING and not self.preferences.starts_itself:
            self.pause(live.PAUSED_ELSEWHERE)  # nobody who walks past switches a camera on
        else:
            self._open()

    def _follow_lock(self) -> None:
        if self.state is PageState.RUNNING:
            self.pause(live.PAUSED_BY_LOCK)

    def _show(self, look: LiveLook[AnyMoment]) -> None:
        if self.state is PageState.RUNNING:
            self.stage.show_look(look)
            self.setup.show_level(live.level_sentence(look.capture))
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
        self.stage.show_problem(sentence)
        if problem in FINAL:
            self._end_early(sentence)

    def _wait_for_camera(self, sentence: str, is_final: bool) -> None:
        if is_final:
            self._end_early(sentence)
        elif self.state is PageState.RUNNING:
            self.stage.show_sentence(sentence or live.PAUSED)

    def choose_photographs(self) -> None:
        """Switch the camera off and ask for the photographs of a range test."""
        self._release()
        self.photographs.begin()
        self._show_state(PageState.PHOTOGRAPHS)

    def _show_result(self, finished: FinishedCheck | PhasedResult) -> None:
        """Show, say and keep what came of a session that ended by itself."""
        self._release()
        if isinstance(finished, FinishedCheck):
            self._show_check(finished, PageState.RESULT)
            self._keep()
            self.announcer.say(describe_check(finished).spoken, Tone.DONE)
            return
        if isinstance(finished, SqueezeResult):
            self._show_state(PageState.SQUEEZED)
            self.squeeze.show_result(finished)
            said = live.aloud(squeeze.describe_turn(finished))
            said = live.SPOKEN_TEST.format(turned=said)
        elif not isinstance(finished, RefusedSqueeze):
            self._show_range(finished)
            said = range_test.spoken(finished)
        if isinstance(finished, SqueezeResult | RangeResult):
            self.keeping.keep_test(finished)
        self.announcer.say(said, Tone.DONE)

    def _show_range(self, found: RangeResult | RefusedRange) -> None:
        self._show_state(PageState.RANGED)
        self.range.show_result(found)

    def _show_worked_out(self, found: WorkedOut) -> None:
        """Show what three photographs gave, and keep it."""
        self._show_range(found.result)
        if isinstance(found.result, RangeResult):
            self.keeping.keep_test(found.result, found.taken_at, RangeSource.PHOTOGRAPHS)

    def _show_earlier(self, tests: Sequence[Any]) -> None:
        if isinstance(self._card, LiveSqueeze | LiveRange):
            self._card.show_earlier(tests)

    def _end_early(self, sentence: str) -> None:
        """Say why it ended, and ask whether to keep what was taken so far if there is any."""
        self._release()
        session = self.session
        finished = session.finish_now()
        if finished is None:
            is_test = session.kind is not LiveKind.CHECK and sentence == live.STOPPED
            self._show_state(PageState.FAILED, live.START_AGAIN)
            self.stage.show_sentence(live.TEST_STOPPED if is_test else sentence)
            self.announcer.say(live.SPOKEN_STOPPED, Tone.ATTENTION)
            return
        taken = len(finished.captures)
        question = live.KEEP_OR_DISCARD.format(taken=taken, wanted=session.repeats)
        if sentence != live.STOPPED:
            question = f"{sentence} {question}"
        can_keep = tilt_of(finished) is not None
        state = PageState.DECIDING if can_keep else PageState.RESULT
        self._show_check(finished, state, question if can_keep else "")
        self.announcer.say(live.SPOKEN_KEEP.format(taken=taken), Tone.ATTENTION)

    def _show_check(self, finished: FinishedCheck, state: PageState, question: str = "") -> None:
        self._check = finished, tuple(self.session.taken_at)
        self._show_state(state)
        self.result.show_check(finished, question)

    def _keep(self) -> None:
        """Keep the check at hand, if its repeats give a number."""
        if self._check is not None and self.keeping.keep_check(*self._check):
            self._show_state(PageState.RESULT)
            self.result.show_saving()

    def _calibrate(self) -> None:
        if self._check is not None:
            self.keeping.calibrate(*self._check)

    def _show_calibrated(self, sentence: str, is_done: bool) -> None:
        self.result.show_calibration(sentence, is_done=is_done)

    def _follow_person(self) -> None:
        """Rest what is measured from now on on the calibration of the person in use."""
        self._show_last()
        if not self.session.taken_at:  # one check does not mix two ways of measuring
            self.session.calibration = self._service.calibration()

    def _show_last(self) -> None:
        """Show how the person in use stood the last time, if that is wanted."""
        self.stage.show_last(self._service.last_check() if self.preferences.shows_last else None)

    def _discard(self) -> None:
        self._check = None
        self._show_state(PageState.RESULT)
        self.result.show_gone(live.DISCARDED)

    def _show_kept(self, change: str) -> None:
        if self._card is not None:
            self._card.show_kept(change)
        if self._card is None or not is_in_sight(self._card):
            self.status.emit(live.SAVED)

    def _show_not_kept(self, sentence: str) -> None:
        if self._card is not None:
            self._card.show_problem(sentence)
        if self._card is None or not is_in_sight(self._card):
            self.status.emit(sentence)

    def _show_deleted(self, said: str) -> None:
        if self._card is not None:
            self._card.show_gone(said)

    def _change(self, chosen: LivePreferences) -> None:
        """Follow what was chosen in the set-up."""
        before = self.preferences
        self._prefer(chosen)
        self.stage.set_mirrored(chosen.is_mirrored)
        self._show_last()
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
        self.preferences = self.setup.preferences = chosen
        self._remember(chosen)
