"""A camera on a thread of its own, which comes back by itself when something goes wrong."""

from __future__ import annotations

import atexit
import logging
import time
from dataclasses import dataclass
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING
from weakref import WeakSet

from vision.camera.capture import (
    WANTED_PX,
    Camera,
    CameraError,
    CameraFrame,
    CameraProblem,
    camera_again,
    is_film,
    list_cameras,
)
from vision.camera.faults import PictureFaults

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.camera.capture import CameraSource


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


_log = logging.getLogger(__name__)
#: What no further attempt mends.
_FINAL = frozenset({CameraProblem.NO_FILE, CameraProblem.UNPLAYABLE, CameraProblem.ENDED})
_RETRY_S = 1.0
#: No reading takes so long, so the computer slept meanwhile.
_ASLEEP_S = 2.0
#: No call into a driver takes longer (see the limits in :mod:`vision.camera.capture`).
_LONGEST_CALL_S = 6.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the time comes from.

    Attributes
    ----------
    steady_s
        Seconds, never falling; on some systems it stands still while the computer sleeps.
    wall_s
        Seconds by the calendar.
    """

    steady_s: Callable[[], float] = time.monotonic
    wall_s: Callable[[], float] = time.time


class NewestFrame:
    """The newest picture of a camera, for one reader.

    A camera that is busy, missing or silent is tried again once a second. What comes out of
    :meth:`take` is either a picture that differs from the one before, or what is wrong.

    Parameters
    ----------
    source
        See :data:`vision.camera.capture.CameraSource`.
    wanted_px
        Width and height to ask a webcam for.
    keep_all
        Hand a film over picture by picture, none dropped, as fast as they are taken; else it
        plays at its own pace. Of no effect on webcams and streams.
    clocks
        For tests.
    """

    def __init__(
        self,
        source: CameraSource,
        *,
        wanted_px: tuple[int, int] = WANTED_PX,
        keep_all: bool = False,
        clocks: Clocks | None = None,
    ) -> None:
        self._source, self._wanted_px = source, wanted_px
        self._is_film = is_film(source)
        self._clocks = clocks or Clocks()
        self._started_s = self._clocks.steady_s()
        self._slot: NewestSlot | EverySlot
        if self._is_film and keep_all:
            self._slot = EverySlot()
        else:
            now_ms = None if self._is_film else self._now_ms
            self._slot = NewestSlot(self._clocks.steady_s, now_ms)
        self._faults = PictureFaults()
        self._sleep = _SleepWatch(self._clocks)
        self._name: str | None = None
        self._size_px: tuple[int, ...] = ()
        self._t_ms = 0.0
        self._film_starts_s: float | None = None
        self._stopping = Event()
        # A driver may hold a call for seconds; that must keep no program from ending.
        self._thread = Thread(target=self._run, name="beltline-camera", daemon=True)

    def start(self) -> None:
        """Switch the camera on; returns at once. To be called once."""
        _started.add(self)
        self._thread.start()

    def take(self, timeout_s: float) -> FeedEvent | None:
        """Return the newest event, once; None when there is none for so long, or after the end."""
        return self._slot.take(timeout_s)

    def ask_to_stop(self) -> None:
        """Have it end after the call into the driver that is under way; returns at once."""
        self._stopping.set()
        self._slot.close()

    def close(self, at_most_s: float = 1.0) -> bool:
        """Switch the camera off and wait; tell whether its thread has ended.

        A thread that a driver or a network holds for longer (at most about five seconds) is
        left to itself. It hands nothing over any more and releases the camera when it can;
        a program that ends by the usual way waits for that.
        """
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(at_most_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        has_failed = False
        while not self._stopping.is_set():
            problem = None
            try:
                with Camera(self._source_now(), wanted_px=self._wanted_px) as camera:
                    self._remember_name()
                    self._read(camera)
            except CameraError as error:
                problem = error.problem
            except Exception:  # a thread has nobody above it; the reader is told
                _log.log(
                    logging.DEBUG if has_failed else logging.ERROR,
                    "Reading the camera failed",
                    exc_info=True,
                )
                has_failed, problem = True, CameraProblem.LOST
            if problem in _FINAL:
                self._slot.end(problem, self._now_or_film_ms())
                return
            if problem is not None:
                self._slot.trouble(problem, self._now_or_film_ms())
                self._stopping.wait(_RETRY_S)

    def _source_now(self) -> CameraSource:
        """Return the source; a webcam may have come back under another number."""
        if isinstance(self._source, int) and self._name is not None:
            return camera_again(self._source, self._name)
        return self._source

    def _remember_name(self) -> None:
        if isinstance(self._source, int) and self._name is None:
            names = {camera.index: camera.name for camera in list_cameras()}
            self._name = names.get(self._source)

    def _read(self, camera: Camera) -> None:
        """Read until told to stop, or the computer slept: then the camera is opened anew."""
        self._sleep.look()
        while not self._stopping.is_set():
            frame = camera.read()
            if self._sleep.look() and self._begin_anew():
                return
            if frame is not None and not self._stopping.is_set():
                self._hand_over(frame)

    def _begin_anew(self) -> bool:
        """Rely on nothing from before; tell whether the camera is to be opened once more."""
        self._slot.interrupt()
        self._film_starts_s = None
        # What a driver or a network has kept meanwhile is the past. A film has no past.
        return not self._is_film

    def _hand_over(self, frame: CameraFrame) -> None:
        if self._is_film:
            self._keep_pace(frame.t_ms)
        else:
            frame = CameraFrame(frame.rgb, self._now_ms())
        self._t_ms = frame.t_ms
        if frame.rgb.shape != self._size_px:
            self._slot.interrupt()
            self._size_px = frame.rgb.shape
        judgement = self._faults.judge(frame)
        if judgement.problem is not None:
            self._slot.trouble(judgement.problem, frame.t_ms)
        elif judgement.is_new:
            self._slot.offer(frame)
        else:
            self._slot.repeat(frame.t_ms)
        if isinstance(self._slot, EverySlot):
            self._sleep.look()  # waiting for the reader is no sleep

    def _keep_pace(self, t_ms: float) -> None:
        if isinstance(self._slot, EverySlot):
            return
        now_s = self._clocks.steady_s()
        if self._film_starts_s is None:
            self._film_starts_s = now_s - t_ms / 1000
        self._stopping.wait(max(0.0, self._film_starts_s + t_ms / 1000 - now_s))

    def _now_ms(self) -> float:
        return (self._clocks.steady_s() - self._started_s) * 1000

    def _now_or_film_ms(self) -> float:
        return self._t_ms if self._is_film else self._now_ms()


class _SleepWatch:
    """Notices that the computer slept between two looks."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._seen: tuple[float, float] | None = None

    def look(self) -> bool:
        """Tell whether it slept since the last look.

        While it sleeps, the steady clock goes on or stands still, depending on the system.
        """
        steady_s, wall_s = self._clocks.steady_s(), self._clocks.wall_s()
        before, self._seen = self._seen, (steady_s, wall_s)
        if before is None:
            return False
        passed_s = steady_s - before[0]
        ahead_s = (wall_s - before[1]) - passed_s
        return passed_s > _ASLEEP_S or ahead_s > _ASLEEP_S


_started: WeakSet[NewestFrame] = WeakSet()


@atexit.register
def _wait_for_all() -> None:
    """Have no thread come back from a driver while Python is taken down: it would crash."""
    for feed in list(_started):
        feed.ask_to_stop()
    for feed in list(_started):
        feed.close(_LONGEST_CALL_S)
