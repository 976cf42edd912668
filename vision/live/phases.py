"""A test in front of the camera that leads somebody through phases, some rounds of them.

Who is there, when they stand still and what interrupts a test is the same for all; each test
says which phase follows which, and what its rounds make.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision.live.events import Instruction, LivePhase, LiveState, PhasedMoment
from vision.live.standing import Follower, place_of
from vision.reasons import refusal
from vision.result import Measured, ReasonCode
from vision.series import middle_tilt

if TYPE_CHECKING:
    from vision.live.events import PhasedResult, Sighting
    from vision.live.standing import StancePlace, StanceReading
    from vision.result import Method, Reason, TiltEstimate

#: With so many rounds a test may end early, when a phase cannot be measured.
ENOUGH_ROUNDS = 2
#: Pictures that a phase needs.
FEWEST_GOOD = 5
#: Pictures that cannot be used for longer than this break a round.
_LONGEST_LAPSE_MS = 1000.0
#: Hips further away than this, in trunk lengths, are no longer in the stance.
_AWAY_TRUNKS = 0.3
#: So often a phase is gone through at most.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """What is to be done.

    Attributes
    ----------
    phase, instruction
        What the person does, and what they are told.
    length_ms
        For how long at most.
    settling_ms
        How much of its beginning does not count: hearing and obeying takes a second.
    """

    phase: LivePhase
    instruction: Instruction
    length_ms: float
    settling_ms: float


class PhaseRun:
    """A phase of fixed length that is under way.

    Parameters
    ----------
    plan
        What is done.
    t_ms
        When it begins.
    attempt
        1 for the first time that it is gone through.
    """

    def __init__(self, plan: PhasePlan, t_ms: float, attempt: int = 1) -> None:
        self.plan = plan
        self.attempt = attempt
        self._began_ms = t_ms
        self._tilts: list[TiltEstimate] = []

    def add(self, tilt: TiltEstimate, t_ms: float) -> None:
        """Take a good picture's tilt; while the person settles it does not count."""
        if t_ms - self._began_ms >= self.plan.settling_ms:
            self._tilts.append(tilt)

    def is_over(self, t_ms: float) -> bool:
        """Tell whether all of its time has passed."""
        return self.left_ms(t_ms) <= 0

    def left_ms(self, t_ms: float) -> float:
        """Return how much time is left."""
        return max(self._began_ms + self.plan.length_ms - t_ms, 0.0)

    def progress(self, t_ms: float) -> float:
        """Return how much of it is done, 0..1."""
        return 1 - self.left_ms(t_ms) / self.plan.length_ms

    def commonest_method(self) -> Method | None:
        """Return the method of most pictures; None when there are none."""
        counts = Counter(tilt.method for tilt in self._tilts).most_common(1)
        return counts[0][0] if counts else None

    def median_tilt(self, method: Method | None) -> TiltEstimate | None:
        """Return the median of one method's tilts; None when there are fewer than five."""
        tilts = [tilt for tilt in self._tilts if tilt.method is method]
        if len(tilts) < FEWEST_GOOD:
            return None
        return middle_tilt(tilts, lambda single_deg: single_deg)


class PhasedTest(Follower[PhasedMoment]):
    """Follows one test; feed it with every sighting in order.

    It begins like a capture, once the person stands right and still. Whoever moves away does
    the round under way once more; rounds that are complete are kept. All pictures are of one
    method, the commonest of the first phase.

    A phase with too few good pictures is gone through up to twice more. If that does not
    help, the test ends with what there is, provided that is two rounds; else the round
    begins anew with standing right and still.

    Parameters
    ----------
    rounds
        How many, at least 1.
    """

    def __init__(self, rounds: int = 3) -> None:
        if rounds < 1:
            raise ValueError(f"a test needs at least one round, got {rounds}")
        super().__init__()
        self._wanted = rounds
        self._has_begun = False
        self._place: StancePlace | None = None
        self._good_ms = 0.0
        self._run: PhaseRun | None = None
        self._method: Method | None = None

    def finish_now(self) -> PhasedResult:
        """End the test with its complete rounds, or say that they are too few."""
        self._drop()
        self._is_over = True
        if self._done >= ENOUGH_ROUNDS:
            return self._result()
        return self._refused(refusal(ReasonCode.TOO_FEW_ROUNDS))

    @property
    @abstractmethod
    def _done(self) -> int:
        """How many rounds are complete."""

    @abstractmethod
    def _first(self, tilt: TiltEstimate | None) -> PhasePlan:
        """Return what a round that begins anew begins with, at a tilt to be seen now."""

    @abstractmethod
    def _next(self, plan: PhasePlan, tilt: TiltEstimate) -> PhasePlan | None:
        """Take a phase's tilt, and return what follows; None when all is done."""

    @abstractmethod
    def _refused(self, reason: Reason) -> PhasedResult:
        """Return that there is no result, and why."""

    @abstractmethod
    def _result(self) -> PhasedResult:
        """Return what the rounds make."""

    def _make_run(self, plan: PhasePlan, t_ms: float, attempt: int) -> PhaseRun:
        return PhaseRun(plan, t_ms, attempt)

    def _begin(self, place: StancePlace, t_ms: float, tilt: TiltEstimate | None) -> PhasedMoment:
        self._place, self._has_begun, self._good_ms = place, True, t_ms
        return self._enter(self._first(tilt), t_ms, tilt)

    def _go_on(
        self, sighting: Sighting, standing: StanceReading, tilt: TiltEstimate | None
    ) -> PhasedMoment | None:
        run, t_ms = self._run, sighting.t_ms
        if run is None:
            return None
        if t_ms - self._good_ms > _LONGEST_LAPSE_MS:
            return self._begin_anew(t_ms, tilt)
        is_usable = standing.is_usable and self._is_here(sighting)
        if is_usable and isinstance(sighting.result, Measured):
            self._good_ms = t_ms
            run.add(sighting.result.tilt, t_ms)
        if not run.is_over(t_ms):
            return self._phase_moment(run, t_ms, tilt)
        return self._end_phase(run, t_ms, tilt)

    def _drop(self) -> None:
        self._run = None

    def _break_off(self, t_ms: float) -> None:
        self._run = None
        if not self._done:
            self._method = None

    def _is_here(self, sighting: Sighting) -> bool:
        """Tell whether the person is where they began; the test itself moves them a little."""
        place, stance = place_of(sighting), self._place
        if place is None or stance is None or place.facing is not stance.facing:
            return False
        away = np.hypot(*(place.hip_px - stance.hip_px)) / stance.trunk_px
        return bool(away <= _AWAY_TRUNKS)

    def _end_phase(self, run: PhaseRun, t_ms: float, tilt: TiltEstimate | None) -> PhasedMoment:
        method = run.commonest_method() if self._method is None else self._method
        middle = run.median_tilt(method)
        if middle is not None:
            self._method = method
            plan = self._next(run.plan, middle)
            return self._finish(t_ms, tilt) if plan is None else self._enter(plan, t_ms, tilt)
        if run.attempt < _ATTEMPTS:
            return self._enter(run.plan, t_ms, tilt, run.attempt + 1)
        if self._done >= ENOUGH_ROUNDS:
            return self._finish(t_ms, tilt)
        return self._begin_anew(t_ms, tilt)

    def _enter(
        self, plan: PhasePlan, t_ms: float, tilt: TiltEstimate | None, attempt: int = 1
    ) -> PhasedMoment:
        self._run = self._make_run(plan, t_ms, attempt)
        return self._phase_moment(self._run, t_ms, tilt)

    def _finish(self, t_ms: float, tilt: TiltEstimate | None) -> PhasedMoment:
        self._run, self._is_over = None, True
        return replace(ended(t_ms, self._result()), tilt=tilt, round_number=self._number)

    def _begin_anew(self, t_ms: float, tilt: TiltEstimate | None) -> PhasedMoment:
        self._break_off(t_ms)
        return self._interrupt(t_ms, tilt)

    def _phase_moment(self, run: PhaseRun, t_ms: float, tilt: TiltEstimate | None) -> PhasedMoment:
        plan = run.plan
        moment = self._moment(t_ms, LiveState.CAPTURING, plan.instruction, tilt)
        left_s, progress = run.left_ms(t_ms) / 1000, run.progress(t_ms)
        return replace(moment, phase=plan.phase, seconds_left=left_s, progress=progress)

    def _moment(
        self, t_ms: float, state: LiveState, cue: Instruction | None, tilt: TiltEstimate | None
    ) -> PhasedMoment:
        return PhasedMoment(t_ms, state, cue, tilt, None, self._number, 0.0)

    @property
    def _number(self) -> int:
        """The round under way, from 1 on; 0 before the first."""
        return min(self._done + 1, self._wanted) if self._has_begun else 0


def ended(t_ms: float, result: PhasedResult) -> PhasedMoment:
    """Return the moment in which a test ends with this."""
    done = LiveState.CAPTURED, Instruction.DONE
    return PhasedMoment(t_ms, *done, None, None, 0, 0.0, finished=result)
