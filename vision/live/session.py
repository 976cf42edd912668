"""One live check, squeeze test or range test, which outlives pauses of the camera."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from vision.camera.capture import CameraProblem
from vision.live.check import LiveCheck
from vision.live.events import Instruction, Moment
from vision.live.range_test import RangeTest
from vision.live.squeeze import SqueezeTest
from vision.marks.calibration import calibrated
from vision.result import Measured

if TYPE_CHECKING:
    from vision.live.events import AnyMoment, FinishedCheck, PhasedResult, Sighting
    from vision.marks.calibration import Calibration

#: So much lies between the last picture before a pause and what comes after it.
_PAUSE_MS = 2000.0
_INSTRUCTIONS = {
    CameraProblem.BLACK: Instruction.PICTURE_BLACK,
    CameraProblem.FROZEN: Instruction.PICTURE_FROZEN,
}


def instruction_for(problem: CameraProblem) -> Instruction:
    """Return what is shown in place of an instruction while a camera has this problem."""
    return _INSTRUCTIONS.get(problem, Instruction.NO_PICTURE)


class LiveKind(StrEnum):
    """What is done in front of the camera."""

    CHECK = "check"
    SQUEEZE = "squeeze"
    RANGE = "range"


def follower_of(kind: LiveKind, repeats: int = 1) -> LiveCheck | SqueezeTest | RangeTest:
    """Return what follows a person through a check of so many repeats, or through a test."""
    match kind:
        case LiveKind.CHECK:
            return LiveCheck(repeats)
        case LiveKind.SQUEEZE:
            return SqueezeTest()
        case LiveKind.RANGE:
            return RangeTest()


class LiveSession:
    """Follows the person through all pictures, whichever camera they come from.

    Each camera's times and epochs begin anew; here they go on rising. May be used from any
    thread.

    Parameters
    ----------
    kind
        A check or one of the tests.
    repeats
        Of a check.

    Attributes
    ----------
    kind, repeats
        As given.
    taken_at
        When each capture of a check ended, with its offset from UTC.
    finished
        What came of it, once it has ended by itself.
    calibration
        Of the person in front of the camera; None for somebody who is not calibrated.
    """

    def __init__(self, kind: LiveKind = LiveKind.CHECK, repeats: int = 1) -> None:
        self.kind, self.repeats = kind, repeats
        self._follower = follower_of(kind, repeats)
        self._lock = Lock()
        self._base_ms = self._t_ms = 0.0
        self._base_epoch = self._epoch = 0
        self.taken_at: list[datetime] = []
        self.finished: FinishedCheck | PhasedResult | None = None
        self.calibration: Calibration | None = None

    def begin_camera(self) -> None:
        """Take what comes from now on for pictures after a pause."""
        with self._lock:
            self._base_ms, self._base_epoch = self._t_ms + _PAUSE_MS, self._epoch + 1

    def add(self, sighting: Sighting) -> AnyMoment:
        """Look at the next picture; its time and epoch are those of its camera."""
        result = sighting.result
        if isinstance(result, Measured):
            result = calibrated(result, self.calibration, datetime.now(UTC))
            sighting = replace(sighting, result=result)
        with self._lock:
            self._t_ms = max(self._t_ms, self._base_ms + sighting.t_ms)
            self._epoch = self._base_epoch + sighting.epoch
            moment = self._follower.add(replace(sighting, t_ms=self._t_ms, epoch=self._epoch))
            self._remember(moment)
            return moment

    def lose(self, problem: CameraProblem, t_ms: float) -> AnyMoment:
        """Take note of what keeps pictures from coming, at a time of the camera."""
        with self._lock:
            self._t_ms = max(self._t_ms, self._base_ms + t_ms)
            return self._follower.lose(self._t_ms, instruction_for(problem))

    def finish_now(self) -> FinishedCheck | None:
        """End a check with the repeats taken so far; None when there are none."""
        with self._lock:
            follower = self._follower
            return follower.finish_now() if isinstance(follower, LiveCheck) else None

    def _remember(self, moment: AnyMoment) -> None:
        if isinstance(moment, Moment) and moment.capture is not None:
            self.taken_at.append(datetime.now(UTC).astimezone())
        if moment.finished is not None:
            self.finished = moment.finished
