"""The squeeze test: relaxed, squeezed, relaxed, some times over; how far the pelvis turns.

A self-check and no more. It shows whether the outline of the pelvis turns backward when the
person means to squeeze; which muscles do that, nobody can see from outside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vision.live.events import Instruction, LiveState, SqueezeMoment, SqueezePhase, SqueezeRound
from vision.live.squeeze__squeeze_phase import AFTER, BEFORE, SQUEEZE, PhasePlan, PhaseRun
from vision.live.squeeze__squeeze_result import assess_squeezes
from vision.live.standing__stillness import place_of
from vision.live.standing__watch import Watch
from vision.result import Measured

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.live.standing__stillness import Place
    from vision.live.standing__watch import Watched
    from vision.result import Method, TiltEstimate

#: Pictures that cannot be used for longer than this break a round.
_LONGEST_LAPSE_MS = 1000.0
#: Hips further away than this, in trunk lengths, are no longer in the stance.
_AWAY_TRUNKS = 0.3
#: So often a phase is gone through at most.
_ATTEMPTS = 3
#: With so many rounds the test may end early, when a phase cannot be measured.
_ENOUGH_ROUNDS = 2
_INSTRUCTION = {
    SqueezePhase.RELAXED: Instruction.RELAX,
    SqueezePhase.SQUEEZED: Instruction.SQUEEZE,
}


class SqueezeTest:
    """Follows one squeeze test; feed it with every sighting in order.

    It begins like a capture, once the person stands right and still. Each squeeze lies
    between two times of rest; the one between two squeezes serves both. Whoever moves away
    does the round under way once more; rounds that are complete are kept. All pictures are
    of one method, the commonest of the first time of rest.

    A phase with too few good pictures is gone through up to twice more. If that does not
    help, the test ends with what there is, provided that is two rounds; else the round
    begins anew with standing right and still.

    Parameters
    ----------
    rounds
        How many squeezes, at least 1.
    """

    def __init__(self, rounds: int = 3) -> None:
        if rounds < 1:
            raise ValueError(f"a squeeze test needs at least one round, got {rounds}")
        self._wanted = rounds
        self._rounds: list[SqueezeRound] = []
        self._has_begun = self._is_over = self._is_cancelled = False
        self._watch = Watch()
        self._place: Place | None = None
        self._good_ms = 0.0
        self._run: PhaseRun | None = None
        self._method: Method | None = None
        self._before_deg = self._squeezed_deg = 0.0

    def add(self, sighting: Sighting) -> SqueezeMoment:
        """Look at the next picture.

        Nothing is measured any more after the last round and after a raised arm.
        """
        watched = self._watch.add(sighting)
        t_ms, tilt, standing = sighting.t_ms, watched.tilt, watched.standing
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        if self._is_cancelled:
            return self._moment(t_ms, standing.state, None, tilt)
        if watched.is_arm_raised:
            self._is_cancelled, self._run = True, None
            return replace(self._moment(t_ms, standing.state, None, tilt), is_cancelled=True)
        if watched.is_elsewhere:
            self._break_round()
        if self._run is not None:
            return self._measure(self._run, sighting, watched)
        if standing.place is None:
            return self._moment(t_ms, standing.state, standing.instruction, tilt)
        self._place, self._has_begun, self._good_ms = standing.place, True, t_ms
        return self._enter(BEFORE, t_ms, tilt)

    def lose(self, t_ms: float, instruction: Instruction) -> SqueezeMoment:
        """Take note that the camera gives nothing of use; rounds that are complete are kept.

        Parameters
        ----------
        t_ms
            The last picture's time, or a later one.
        instruction
            ``picture_black``, ``picture_frozen`` or ``no_picture``.
        """
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, None)
        self._break_round()
        self._watch.forget()
        return self._moment(t_ms, LiveState.LOST, instruction, None)

    def _break_round(self) -> None:
        self._run = None
        if not self._rounds:
            self._method = None

    def _measure(self, run: PhaseRun, sighting: Sighting, watched: Watched) -> SqueezeMoment:
        t_ms, result, tilt = sighting.t_ms, sighting.result, watched.tilt
        if t_ms - self._good_ms > _LONGEST_LAPSE_MS:
            return self._interrupt(t_ms, tilt)
        is_usable = watched.standing.is_usable and self._is_here(sighting)
        if is_usable and isinstance(result, Measured):
            self._good_ms = t_ms
            run.add(result.tilt, t_ms)
        if run.left_ms(t_ms) > 0:
            return self._phase_moment(run, t_ms, tilt)
        method = run.commonest_method() if self._method is None else self._method
        angle_deg = run.median_deg(method)
        if angle_deg is not None:
            self._method = method
            return self._go_on(run.plan, angle_deg, t_ms, tilt)
        if run.attempt < _ATTEMPTS:
            return self._enter(run.plan, t_ms, tilt, run.attempt + 1)
        if len(self._rounds) >= _ENOUGH_ROUNDS:
            return self._finish(t_ms, tilt)
        return self._interrupt(t_ms, tilt)

    def _is_here(self, sighting: Sighting) -> bool:
        """Tell whether the person is where they began; squeezing itself moves them a little."""
        place, stance = place_of(sighting), self._place
        if place is None or stance is None or place.facing is not stance.facing:
            return False
        away = np.hypot(*(place.hip_px - stance.hip_px)) / stance.trunk_px
        return bool(away <= _AWAY_TRUNKS)

    def _go_on(
        self, plan: PhasePlan, angle_deg: float, t_ms: float, tilt: TiltEstimate | None
    ) -> SqueezeMoment:
        """Take a phase's angle and begin the next phase."""
        if plan is SQUEEZE:
            self._squeezed_deg = angle_deg
            return self._enter(AFTER, t_ms, tilt)
        if plan is AFTER:
            self._rounds.append(SqueezeRound(self._before_deg, self._squeezed_deg, angle_deg))
        if len(self._rounds) == self._wanted:
            return self._finish(t_ms, tilt)
        self._before_deg = angle_deg
        return self._enter(SQUEEZE, t_ms, tilt)

    def _enter(
        self, plan: PhasePlan, t_ms: float, tilt: TiltEstimate | None, attempt: int = 1
    ) -> SqueezeMoment:
        self._run = PhaseRun(plan, t_ms, attempt)
        return self._phase_moment(self._run, t_ms, tilt)

    def _finish(self, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        self._run, self._is_over = None, True
        moment = self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        return replace(moment, finished=assess_squeezes(self._rounds))

    def _interrupt(self, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        self._break_round()
        standing = self._watch.stance.interrupt()
        return self._moment(t_ms, standing.state, standing.instruction, tilt)

    def _phase_moment(self, run: PhaseRun, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        phase = run.plan.phase
        moment = self._moment(t_ms, LiveState.CAPTURING, _INSTRUCTION[phase], tilt)
        return replace(moment, phase=phase, seconds_left=run.left_ms(t_ms) / 1000)

    def _moment(
        self,
        t_ms: float,
        state: LiveState,
        instruction: Instruction | None,
        tilt: TiltEstimate | None,
    ) -> SqueezeMoment:
        number = min(len(self._rounds) + 1, self._wanted) if self._has_begun else 0
        return SqueezeMoment(t_ms, state, instruction, tilt, None, number, 0.0)
