"""The range test: arch, tuck, relax, three times over, each held for two seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from vision.live.events import Instruction, LivePhase
from vision.live.phases import ENOUGH_ROUNDS, FEWEST_GOOD, PhasedTest, PhasePlan, PhaseRun
from vision.live.standing import Stillness
from vision.range_of_motion import (
    PositionTilts,
    RangeResult,
    RefusedRange,
    assess_range,
    judge_round,
)
from vision.reasons import refusal
from vision.result import ReasonCode

if TYPE_CHECKING:
    from vision.live.events import PhasedMoment, Sighting
    from vision.live.standing import StanceReading
    from vision.result import Reason, TiltEstimate

_HOLD_MS, _SETTLING_MS, _LONGEST_MS = 2000.0, 1500.0, 12_000.0
#: Medians of the first and the second half of the time held lie at most so far apart.
_STEADY_DEG = 1.5
#: Whoever has not moved so far yet is given time to do so before they are taken to hold.
_MOVED_DEG, _PATIENCE_MS = 2.0, 6000.0
#: After so many rounds without movement or the wrong way the test ends without a result.
_FAILED_ROUNDS = 2
_ARCH = PhasePlan(LivePhase.ARCHED, Instruction.ARCH, _LONGEST_MS, _SETTLING_MS)
_TUCK = PhasePlan(LivePhase.TUCKED, Instruction.TUCK, _LONGEST_MS, _SETTLING_MS)
_RELAX = PhasePlan(LivePhase.RELAXED, Instruction.STAND_AS_USUAL, _LONGEST_MS, _SETTLING_MS)
#: Which way each position lies from the one before.
_WAY = {LivePhase.ARCHED: 1, LivePhase.TUCKED: -1, LivePhase.RELAXED: 1}
_AFTER_FAILURE = {
    ReasonCode.WRONG_WAY: Instruction.ARCH_THE_OTHER_WAY,
    ReasonCode.NO_MOVEMENT: Instruction.ARCH_FURTHER,
}


class HeldRun(PhaseRun):
    """A position that is over once it has been held, or when it takes too long.

    Parameters
    ----------
    plan, t_ms, attempt
        As for every phase.
    from_deg
        The tilt before; None where it is not known.
    """

    def __init__(
        self, plan: PhasePlan, t_ms: float, attempt: int = 1, from_deg: float | None = None
    ) -> None:
        super().__init__(plan, t_ms, attempt)
        self._from_deg = from_deg
        self._held: deque[tuple[float, TiltEstimate]] = deque()

    def add(self, tilt: TiltEstimate, t_ms: float) -> None:
        """Take a good picture's tilt; of the last two seconds, what is steady counts."""
        if t_ms - self._began_ms < self.plan.settling_ms:
            return
        self._held.append((t_ms, tilt))
        # One picture from before the time is kept, so that the whole of it is covered.
        while len(self._held) > 1 and self._held[1][0] <= t_ms - _HOLD_MS:
            self._held.popleft()
        while not self._is_steady():
            self._held.popleft()
        self._tilts = [one for _, one in self._held]

    def let_go(self) -> None:
        """Begin to hold anew: the person moves."""
        self._held.clear()
        self._tilts = []

    def is_over(self, t_ms: float) -> bool:
        """Tell whether the position was held; one that never was leaves no tilt."""
        if self.left_ms(t_ms) <= 0:
            return True
        if t_ms - self._began_ms < self.plan.length_ms:
            return False
        self.let_go()
        return True

    def left_ms(self, t_ms: float) -> float:
        """Return for how much longer it is to be held; all of it until the person is there."""
        since_ms = self._held[0][0] if self._is_there(t_ms) else t_ms
        return max(since_ms + _HOLD_MS - t_ms, 0.0)

    def progress(self, t_ms: float) -> float:
        """Return how much of the time it has been held, 0..1."""
        return 1 - self.left_ms(t_ms) / _HOLD_MS

    def _is_steady(self) -> bool:
        angles_deg = [tilt.angle_deg for _, tilt in self._held]
        half = len(angles_deg) // 2
        if len(angles_deg) < FEWEST_GOOD:
            return True
        return abs(median(angles_deg[half:]) - median(angles_deg[:half])) <= _STEADY_DEG

    def _is_there(self, t_ms: float) -> bool:
        """Tell whether the person has moved the way that was asked, or never will."""
        if len(self._tilts) < FEWEST_GOOD:
            return False
        if self._from_deg is None or t_ms - self._began_ms >= _PATIENCE_MS:
            return True
        moved_deg = median(tilt.angle_deg for tilt in self._tilts) - self._from_deg
        return moved_deg * _WAY[self.plan.phase] >= _MOVED_DEG


@dataclass(slots=True)
class _RoundUnderWay:
    """The positions of the round under way."""

    arched: TiltEstimate | None = None
    tucked: TiltEstimate | None = None


class RangeTest(PhasedTest):
    """Follows one range test; each position counts once it was held for two seconds.

    A round without movement, or the wrong way, is dropped and asked for once more; after a
    second one the test ends without a result, so that nothing wrong is kept.

    Parameters
    ----------
    rounds
        How many, at least 2.
    """

    def __init__(self, rounds: int = 3) -> None:
        if rounds < ENOUGH_ROUNDS:
            raise ValueError(f"a range test needs at least two rounds, got {rounds}")
        super().__init__(rounds)
        self._stillness = Stillness()
        self._round = _RoundUnderWay()
        self._rounds: list[tuple[TiltEstimate, TiltEstimate, TiltEstimate]] = []
        self._from_deg: float | None = None
        self._failures: list[ReasonCode] = []

    @property
    def _done(self) -> int:
        return len(self._rounds)

    def _first(self, tilt: TiltEstimate | None) -> PhasePlan:
        self._round = _RoundUnderWay()
        self._from_deg = None if tilt is None else tilt.angle_deg
        return _ARCH

    def _make_run(self, plan: PhasePlan, t_ms: float, attempt: int) -> PhaseRun:
        return HeldRun(plan, t_ms, attempt, self._from_deg)

    def _go_on(
        self, sighting: Sighting, standing: StanceReading, tilt: TiltEstimate | None
    ) -> PhasedMoment | None:
        self._stillness.add(sighting)
        if isinstance(self._run, HeldRun) and self._stillness.is_moving:
            self._run.let_go()
        return super()._go_on(sighting, standing, tilt)

    def _next(self, plan: PhasePlan, tilt: TiltEstimate) -> PhasePlan | None:
        self._from_deg = tilt.angle_deg
        if plan.phase is LivePhase.ARCHED:
            self._round.arched = tilt
            return _TUCK
        if plan.phase is LivePhase.TUCKED:
            self._round.tucked = tilt
            return _RELAX
        return self._end_round(tilt)

    def _end_round(self, relaxed: TiltEstimate) -> PhasePlan | None:
        arched, tucked, self._round = self._round.arched, self._round.tucked, _RoundUnderWay()
        if arched is None or tucked is None:
            return _ARCH
        wrong = judge_round(tucked.angle_deg, arched.angle_deg)
        if wrong is None:
            self._rounds.append((tucked, relaxed, arched))
            return None if self._done == self._wanted else _ARCH
        self._failures.append(wrong)
        if len(self._failures) >= _FAILED_ROUNDS:
            return None
        return replace(_ARCH, instruction=_AFTER_FAILURE[wrong])

    def _refused(self, reason: Reason) -> RefusedRange:
        return RefusedRange((reason,))

    def _result(self) -> RangeResult | RefusedRange:
        if len(self._failures) >= _FAILED_ROUNDS:
            return self._refused(refusal(self._failures[-1]))
        tucked, relaxed, arched = zip(*self._rounds, strict=True)
        return assess_range(PositionTilts(tucked, relaxed, arched), is_one_camera=True)
