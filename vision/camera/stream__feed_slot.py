"""Between a camera's thread and who reads from it: room for one event, never a queue.

Two kinds, alike in use. In :class:`NewestSlot` a newer picture takes the place of one that
nobody took; in :class:`EverySlot` the camera's thread waits until it was taken.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING

from vision.camera.capture import CameraFrame
from vision.camera.errors import CameraProblem

if TYPE_CHECKING:
    from collections.abc import Callable

#: Silence after which a camera has stalled.
STALL_S = 1.5
#: How often a problem that lasts is told again.
_REMIND_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class FeedEvent:
    """What came from a camera: a picture, or what is wrong.

    Attributes
    ----------
    frame
        A picture that differs from the one before. Its time rises over the whole life of
        the feed.
    problem
        What keeps pictures from coming; told at least once a second while it lasts. With
        neither a frame nor a problem (only when every picture is handed over), the film's
        picture is the one before once more: time goes by, and there is nothing new.
    epoch
        Grows whenever pictures failed to come, or became another camera's or size.
    t_ms
        When; the frame's own time if there is one.
    """

    frame: CameraFrame | None
    problem: CameraProblem | None
    epoch: int
    t_ms: float = 0.0


class _Slot:
    """What both kinds share: times that rise, and epochs."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._epoch = 0
        self._t_ms = 0.0
        self._frame_ms: float | None = None
        self._is_broken = False
        self._is_closed = False

    def interrupt(self) -> None:
        """Begin a new epoch with the next picture."""
        with self._changed:
            self._is_broken = True

    def close(self) -> None:
        """Let go whoever waits, on either side; nothing is handed over any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _frame_event(self, frame: CameraFrame) -> FeedEvent:
        gap_ms = 0.0 if self._frame_ms is None else frame.t_ms - self._frame_ms
        if self._is_broken or gap_ms > STALL_S * 1000:
            # Before the first picture there is nothing to tell this one from.
            self._epoch += self._frame_ms is not None
            self._is_broken = False
        self._frame_ms = t_ms = self._risen_ms(frame.t_ms)
        stamped = frame if t_ms == frame.t_ms else CameraFrame(frame.rgb, t_ms)
        return FeedEvent(stamped, None, self._epoch, t_ms)

    def _problem_event(self, problem: CameraProblem | None, t_ms: float) -> FeedEvent:
        return FeedEvent(None, problem, self._epoch, self._risen_ms(t_ms))

    def _risen_ms(self, t_ms: float) -> float:
        if self._frame_ms is not None:
            t_ms = max(t_ms, self._t_ms + 1)
        self._t_ms = max(t_ms, self._t_ms)
        return self._t_ms


class NewestSlot(_Slot):
    """Holds the newest picture, and what is wrong for as long as it is.

    Parameters
    ----------
    clock
        Seconds, never falling.
    now_ms
        The time on the pictures' own scale; None for a film, which may pause at will.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, now_ms: Callable[[], float] | None = None
    ) -> None:
        super().__init__()
        self._clock, self._now_ms = clock, now_ms
        self._newest: FeedEvent | None = None
        self._problem: CameraProblem | None = None
        self._told_s: float | None = None
        self._arrived_s: float | None = None
        self._has_ended = False

    def offer(self, frame: CameraFrame) -> None:
        """Put a picture in, in place of one that nobody took."""
        with self._changed:
            self._newest = self._frame_event(frame)
            self._problem, self._told_s, self._arrived_s = None, None, self._clock()
            self._changed.notify_all()

    def repeat(self, t_ms: float) -> None:
        """Take notice that the picture before came once more."""

    def trouble(self, problem: CameraProblem, t_ms: float) -> None:
        """Put in what is wrong, until the next picture; one that nobody took is stale."""
        with self._changed:
            self._newest = None
            self._t_ms = max(self._t_ms, t_ms)
            self._set_problem(problem)

    def end(self, problem: CameraProblem, t_ms: float) -> None:
        """Put in why there will be no more pictures; it is told once."""
        with self._changed:
            self._has_ended = True
            self._t_ms = max(self._t_ms, t_ms)
            self._set_problem(problem)

    def take(self, timeout_s: float) -> FeedEvent | None:
        """Return what is new, or None when nothing is for so long."""
        until_s = time.monotonic() + timeout_s
        with self._changed:
            while not self._is_closed:
                event = self._take_due()
                left_s = until_s - time.monotonic()
                if event is not None or left_s <= 0:
                    return event
                self._changed.wait(min(left_s, self._due_in_s()))
        return None

    def _set_problem(self, problem: CameraProblem) -> None:
        if problem is not self._problem:
            self._problem, self._told_s = problem, None
            self._changed.notify_all()
        self._is_broken = True

    def _take_due(self) -> FeedEvent | None:
        event, self._newest = self._newest, None
        if event is not None:
            return event
        now_s = self._clock()
        has_stalled = self._arrived_s is not None and now_s - self._arrived_s >= STALL_S
        if self._problem is None and has_stalled and self._now_ms is not None:
            self._set_problem(CameraProblem.STALLED)
        is_due = self._told_s is None or now_s - self._told_s >= _REMIND_S
        if self._problem is None or not is_due:
            return None
        t_ms = self._t_ms if self._now_ms is None else self._now_ms()
        event = self._problem_event(self._problem, t_ms)
        self._told_s = now_s
        if self._has_ended:
            self._problem, self._arrived_s = None, None
        return event

    def _due_in_s(self) -> float:
        """Return after how long something is to be told even if nothing comes."""
        now_s = self._clock()
        if self._problem is not None and self._told_s is not None:
            return max(0.0, self._told_s + _REMIND_S - now_s)
        if self._arrived_s is not None and self._now_ms is not None:
            return max(0.0, self._arrived_s + STALL_S - now_s)
        return _REMIND_S


class EverySlot(_Slot):
    """Hands every picture of a film over, and tells problems by the film's own time."""

    def __init__(self) -> None:
        super().__init__()
        self._event: FeedEvent | None = None
        self._told: tuple[CameraProblem, float] | None = None

    def offer(self, frame: CameraFrame) -> None:
        """Wait for room, and put a picture in."""
        self._told = None
        self._put(lambda: self._frame_event(frame))

    def repeat(self, t_ms: float) -> None:
        """Wait for room, and tell that time goes by."""
        self._put(lambda: self._problem_event(None, t_ms))

    def trouble(self, problem: CameraProblem, t_ms: float) -> None:
        """Wait for room, and tell what is wrong, or only that time goes by."""
        self.interrupt()
        is_told = self._told is not None and self._told[0] is problem
        if is_told and self._told is not None and t_ms - self._told[1] < _REMIND_S * 1000:
            self.repeat(t_ms)
            return
        self._told = problem, t_ms
        self._put(lambda: self._problem_event(problem, t_ms))

    def end(self, problem: CameraProblem, t_ms: float) -> None:
        """Wait for room, and tell why there will be no more pictures."""
        self._put(lambda: self._problem_event(problem, t_ms))

    def take(self, timeout_s: float) -> FeedEvent | None:
        """Return the next event, or None when there is none for so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._event is not None or self._is_closed, timeout_s)
            event, self._event = self._event, None
            self._changed.notify_all()
            return None if self._is_closed else event

    def _put(self, make: Callable[[], FeedEvent]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._event is None or self._is_closed)
            if not self._is_closed:
                self._event = make()
                self._changed.notify_all()
