"""A live check from the first picture to the last repeat, without a hand on the computer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from vision.live.check__still_capture import CaptureRun
from vision.live.events import FinishedCheck, Instruction, LiveState, Moment
from vision.live.standing__leaving import Leaving
from vision.live.standing__watch import Watch
from vision.series import assess_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.live.events import Sighting, StillCapture
    from vision.live.standing__stillness import Place
    from vision.live.standing__watch import Watched
    from vision.result import TiltEstimate


class LiveCheck:
    """Follows one check: stand, hold still, be measured, march, and once more.

    Feed it with every sighting in order. Time is the pictures' own.

    Parameters
    ----------
    repeats
        How many captures make a check, at least 1.
    """

    def __init__(self, repeats: int = 1) -> None:
        if repeats < 1:
            raise ValueError(f"a check needs at least one repeat, got {repeats}")
        self._wanted = repeats
        self._captures: list[StillCapture] = []
        self._is_over = self._is_cancelled = False
        self._watch = Watch()
        self._run: CaptureRun | None = None
        self._place: Place | None = None
        self._leaving: Leaving | None = None

    def add(self, sighting: Sighting) -> Moment:
        """Look at the next picture.

        Nothing is measured any more after the last capture, after :meth:`finish_now` with
        something taken, and after a raised arm.
        """
        watched = self._watch.add(sighting)
        t_ms, tilt, standing = sighting.t_ms, watched.tilt, watched.standing
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        if self._is_cancelled:
            return self._moment(t_ms, standing.state, None, tilt)
        if watched.is_arm_raised:
            self._is_cancelled, self._run, self._leaving = True, None, None
            return replace(self._moment(t_ms, standing.state, None, tilt), is_cancelled=True)
        if watched.is_elsewhere:
            self._break_off(t_ms)
        if self._leaving is not None:
            return self._leave(self._leaving, sighting, tilt)
        if self._run is not None:
            return self._measure(self._run, sighting, watched)
        if standing.place is not None:
            self._place = standing.place
            self._run = CaptureRun(standing.place, t_ms)
            return self._moment(t_ms, LiveState.CAPTURING, Instruction.HOLD, tilt)
        return self._moment(t_ms, standing.state, standing.instruction, tilt)

    def lose(self, t_ms: float, instruction: Instruction) -> Moment:
        """Take note that the camera gives nothing of use; repeats already taken are kept.

        Parameters
        ----------
        t_ms
            The last picture's time, or a later one.
        instruction
            ``picture_black``, ``picture_frozen`` or ``no_picture``.
        """
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, None)
        self._break_off(t_ms)
        self._watch.forget()
        return self._moment(t_ms, LiveState.LOST, instruction, None)

    def finish_now(self) -> FinishedCheck | None:
        """End the check with the repeats taken so far; None when there are none."""
        if not self._captures:
            return None
        self._is_over, self._run, self._leaving = True, None, None
        return finished_check(self._captures)

    def _break_off(self, t_ms: float) -> None:
        """End a capture. Whoever was to leave the stance still is, wherever they are now."""
        self._run = None
        if self._leaving is not None:
            self._leaving = Leaving(None, t_ms)

    def _leave(self, leaving: Leaving, sighting: Sighting, tilt: TiltEstimate | None) -> Moment:
        if not leaving.add(sighting):
            return self._moment(sighting.t_ms, LiveState.CAPTURED, Instruction.MARCH, tilt)
        self._leaving = None
        self._watch.stance.next_stance()
        standing = self._watch.stance.add(sighting)
        return self._moment(sighting.t_ms, standing.state, standing.instruction, tilt)

    def _measure(self, run: CaptureRun, sighting: Sighting, watched: Watched) -> Moment:
        t_ms, tilt = sighting.t_ms, watched.tilt
        run.add(sighting, watched.standing.is_usable)
        if run.is_broken:
            self._run = None
            standing = self._watch.stance.interrupt()
            return self._moment(t_ms, standing.state, standing.instruction, tilt)
        if run.capture is None:
            moment = self._moment(t_ms, LiveState.CAPTURING, Instruction.HOLD, tilt)
            return replace(moment, progress=run.progress)
        self._run = None
        self._captures.append(run.capture)
        if len(self._captures) < self._wanted:
            self._leaving = Leaving(self._place, t_ms)
            moment = self._moment(t_ms, LiveState.CAPTURED, Instruction.MARCH, tilt)
            return replace(moment, capture=run.capture)
        moment = self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        return replace(moment, capture=run.capture, finished=self.finish_now())

    def _moment(
        self,
        t_ms: float,
        state: LiveState,
        instruction: Instruction | None,
        tilt: TiltEstimate | None,
    ) -> Moment:
        taken = len(self._captures)
        return Moment(t_ms, state, instruction, tilt, taken=taken, wanted=self._wanted)


def finished_check(captures: Sequence[StillCapture]) -> FinishedCheck:
    """Put captures of one stance together.

    Repeats of different methods have no common median, which the series says; the picture
    is then chosen among those of the commonest method.

    Parameters
    ----------
    captures
        At least one, in the order in which they were taken.
    """
    methods = Counter(capture.result.tilt.method for capture in captures)
    method = methods.most_common(1)[0][0]
    alike = [capture for capture in captures if capture.result.tilt.method is method]
    middle_deg = median(capture.median_deg for capture in alike)
    return FinishedCheck(
        captures=tuple(captures),
        best=min(alike, key=lambda capture: abs(capture.median_deg - middle_deg)),
        series=assess_series([c.result for c in captures]) if len(captures) > 1 else None,
    )
