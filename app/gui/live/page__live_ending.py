"""How a live check or squeeze test ends: shown, said, kept, or left to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.live.page__live_layout import PageState
from app.history.from_measurement__live_saving import tilt_of
from app.system.sound import Tone
from app.text import live, squeeze
from app.text.live__live_result_words import describe_check
from vision.live.events import FinishedCheck
from vision.live.session import LiveKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.gui.live.announcer import Announcer
    from app.gui.live.page__live_layout import LiveLayout
    from app.gui.live.saving import LiveKeeping
    from vision.live.events import SqueezeResult
    from vision.live.session import LiveSession


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
