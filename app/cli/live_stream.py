"""A camera, a film or a stream from its first picture to its last, line by line."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.json_output import moment_line
from app.errors import missing_library
from vision.camera.address import public_name
from vision.camera.capture import CameraProblem, is_film
from vision.camera.stream import NewestFrame
from vision.live.check import LiveCheck
from vision.live.events import FinishedCheck, Instruction, LiveState, Moment
from vision.live.phases import ended
from vision.live.session import LiveKind, follower_of, instruction_for
from vision.live.standing import Leaving
from vision.live.view import LiveView

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from vision.camera.capture import CameraSource
    from vision.camera.stream import FeedEvent
    from vision.live.events import AnyMoment, Sighting

#: A line is due when the last is this old, so that even with five pictures a second there
#: is one every second.
_LINE_MS = 800.0
_WAIT_S = 0.2
#: Whoever presses Ctrl-C waits no longer for a camera that does not answer.
_CLOSE_S = 0.5
#: After these a feed gives nothing more.
_LAST_PROBLEMS = frozenset({CameraProblem.NO_FILE, CameraProblem.UNPLAYABLE})


class LiveStream:
    """Measures whoever stands still, again and again, until the pictures end; or one test.

    When a check is complete, or the person has ended it, the next one begins once they have
    left their place. A test is led through once, and that is the end.

    Parameters
    ----------
    source
        See :data:`vision.camera.capture.CameraSource`.
    repeats
        How many captures make a check.
    write
        Takes each line.
    kind
        Checks, or one of the tests.
    """

    def __init__(
        self,
        source: CameraSource,
        repeats: int,
        write: Callable[[bytes], object],
        kind: LiveKind = LiveKind.CHECK,
    ) -> None:
        self._source, self._repeats, self._kind = source, repeats, kind
        self._is_film = is_film(source)
        self._lines = _Lines(write)
        self._check = follower_of(kind, repeats)
        self._is_over = False
        self._leaving: Leaving | None = None
        self._waiting: deque[Future[Sighting]] = deque()
        self._seen_ms, self._seen_s = 0.0, time.monotonic()

    def run(self) -> None:
        """Read and write until a film ends, or the process is told to stop.

        Raises
        ------
        CameraError
            When a film cannot be played.
        BrokenInstallation
            When a system library is missing.
        """
        feed = NewestFrame(self._source, keep_all=True)
        feed.start()
        try:
            try:
                view = LiveView(public_name(self._source))
            except (ImportError, OSError) as error:  # MediaPipe's library loads only now
                raise missing_library(error) from error
            try:
                self._follow(feed, view)
            finally:
                feed.ask_to_stop()
                view.close()
        finally:
            feed.close(_CLOSE_S)

    def _follow(self, feed: NewestFrame, view: LiveView) -> None:
        try:
            while not self._is_over:
                event = feed.take(_WAIT_S)
                if event is None:
                    self._let_time_pass()
                    continue
                self._seen_ms, self._seen_s = event.t_ms, time.monotonic()
                if event.frame is not None:
                    self._waiting.append(view.begin(event.frame, event.epoch))
                    # A film is to be through soon; what a camera shows is to be told at once.
                    self._answer(1 if self._is_film else 0)
                    continue
                self._answer(0)
                if event.problem is CameraProblem.ENDED:
                    break
                if event.problem in _LAST_PROBLEMS:
                    raise event.problem.error()
                self._miss(event)
        finally:
            self._finish()

    def _answer(self, keep: int) -> None:
        """Tell what was seen in the pictures under way, but for the last few."""
        while len(self._waiting) > keep and not self._is_over:
            self._tell(self._waiting.popleft().result())

    def _tell(self, sighting: Sighting) -> None:
        if self._leaving is not None and self._leaving.add(sighting):
            self._leaving, self._check = None, LiveCheck(self._repeats)
        moment: AnyMoment = self._check.add(sighting)
        if moment.finished is not None or moment.is_cancelled:
            self._is_over = self._kind is not LiveKind.CHECK
            self._leaving = None if self._is_over else Leaving(None, moment.t_ms)
        self._lines.tell(moment)

    def _miss(self, event: FeedEvent) -> None:
        """Tell that there is nothing to see, or that a film shows the same picture still."""
        if event.problem is None:
            self._lines.keep_alive(event.t_ms)
            return
        instruction = instruction_for(event.problem)
        moment = self._check.lose(event.t_ms, instruction)
        lost = replace(moment, state=LiveState.LOST, instruction=instruction)
        self._lines.tell(lost, event.problem)

    def _let_time_pass(self) -> None:
        """Say something though a camera is silent; in a film no time has passed."""
        if not self._is_film:
            passed_ms = (time.monotonic() - self._seen_s) * 1000
            self._lines.keep_alive(self._seen_ms + passed_ms)

    def _finish(self) -> None:
        """Tell what there is of a check or test that comes to no end."""
        for late in self._waiting:
            late.cancel()
        last = self._lines.last
        if self._leaving is not None or last.finished is not None:
            return
        found = self._check.finish_now()
        if isinstance(last, Moment) and isinstance(found, FinishedCheck):
            done = replace(last, state=LiveState.CAPTURED, instruction=Instruction.DONE)
            self._lines.tell(replace(done, tilt=None, capture=None, finished=found))
        elif found is not None and not isinstance(found, FinishedCheck):
            self._lines.tell(ended(last.t_ms, found))


class _Lines:
    """Writes a line whenever something changes, and otherwise once a second."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        #: Until the first picture there is none.
        self.last: AnyMoment = Moment(0.0, LiveState.LOST, Instruction.NO_PICTURE)
        self._problem: CameraProblem | None = None
        self._said: tuple[object, ...] = ()
        self._written_ms = -1

    def tell(self, moment: AnyMoment, problem: CameraProblem | None = None) -> None:
        """Write a moment if it says something new, or if a line is due."""
        self.last, self._problem = moment, problem
        how_far: tuple[object, ...]
        if isinstance(moment, Moment):
            how_far = (moment.taken,)
        else:
            how_far = moment.phase, moment.round_number
        says = moment.state, moment.instruction, problem, *how_far
        has_captured = isinstance(moment, Moment) and moment.capture is not None
        is_event = has_captured or moment.finished is not None or moment.is_cancelled
        if is_event or says != self._said or self._is_due(moment.t_ms):
            self._said = says
            self._write_line(moment.t_ms, is_new=True)

    def keep_alive(self, t_ms: float) -> None:
        """Write that nothing is new, if a line is due."""
        if self._is_due(t_ms):
            self._write_line(t_ms, is_new=False)

    def _is_due(self, t_ms: float) -> bool:
        return self._written_ms < 0 or t_ms - self._written_ms >= _LINE_MS

    def _write_line(self, t_ms: float, *, is_new: bool) -> None:
        self._written_ms = max(round(t_ms), self._written_ms + 1)
        self._write(moment_line(self._written_ms, self.last, self._problem, is_new=is_new))
