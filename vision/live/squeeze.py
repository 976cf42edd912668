"""The squeeze test: relaxed, squeezed, relaxed, some times over; how far the pelvis turns.

A self-check and no more. It shows whether the outline of the pelvis turns backward when the
person means to squeeze; which muscles do that, nobody can see from outside.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from statistics import mean, median, stdev
from typing import TYPE_CHECKING

import numpy as np

from vision.live.events import (
    Instruction,
    LiveState,
    SqueezeMoment,
    SqueezePhase,
    SqueezeResult,
    SqueezeRound,
)
from vision.live.standing import Follower, place_of
from vision.result import Z_90, Measured
from vision.series import STUDENT_T_95

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.live.events import Sighting
    from vision.live.standing import StancePlace, StanceReading
    from vision.result import Method, TiltEstimate


_FEWEST_GOOD = 5
#: Less than this is never called more than noise, however well the rounds agree. Rendered
#: bodies that keep their posture and sway by 1 cm, with a camera's noise, have medians over
#: two seconds that differ by 0.6 deg at most from one to the next (three bodies, eight times
#: each; standard deviation 0.1 to 0.3). A living body at rest moves too, and tensed buttocks
#: change the outline without any turn; how much is not known, hence the distance.
LEAST_CHANGE_DEG = 2.0
#: Standard deviation of one phase's median that is assumed at least, however well the times
#: of rest agree by chance; above what was measured as said before.
_LEAST_NOISE_DEG = 0.5
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


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """What is to be done.

    Attributes
    ----------
    phase
        Relaxed or squeezed.
    length_ms
        For how long.
    settling_ms
        How much of its beginning does not count: hearing and obeying takes a second.
    """

    phase: SqueezePhase
    length_ms: float
    settling_ms: float


#: The first time of rest; the person has stood still for a while already.
BEFORE = PhasePlan(SqueezePhase.RELAXED, 3000.0, 500.0)
SQUEEZE = PhasePlan(SqueezePhase.SQUEEZED, 5000.0, 1500.0)
AFTER = PhasePlan(SqueezePhase.RELAXED, 4000.0, 1500.0)


class PhaseRun:
    """A phase that is under way.

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
        self._angles_deg: list[tuple[Method, float]] = []

    def add(self, tilt: TiltEstimate, t_ms: float) -> None:
        """Take a good picture's tilt; while the person settles it does not count."""
        if t_ms - self._began_ms >= self.plan.settling_ms:
            self._angles_deg.append((tilt.method, tilt.angle_deg))

    def left_ms(self, t_ms: float) -> float:
        """Return how much time is left."""
        return max(self._began_ms + self.plan.length_ms - t_ms, 0.0)

    def commonest_method(self) -> Method | None:
        """Return the method of most pictures; None when there are none."""
        counts = Counter(method for method, _ in self._angles_deg).most_common(1)
        return counts[0][0] if counts else None

    def median_deg(self, method: Method | None) -> float | None:
        """Return the median of one method's angles; None when there are fewer than five."""
        angles_deg = [angle for one, angle in self._angles_deg if one is method]
        return median(angles_deg) if len(angles_deg) >= _FEWEST_GOOD else None


def assess_squeezes(rounds: Sequence[SqueezeRound]) -> SqueezeResult:
    """Return the mean change over the rounds, and whether it is more than noise.

    The interval at 90 % is the wider of two, each around the mean of n rounds::

        half = max(t * s / sqrt(n), 1.645 * noise * sqrt(2 * n - 0.5) / n)

    ``s`` is the sample standard deviation of the rounds' changes and t Student's for n - 1
    degrees of freedom; with one round there is none. Few rounds can agree by chance, so the
    second term is a floor. ``noise`` is the standard deviation of one phase's median, from
    the differences d between the times of rest before and after each squeeze, which ought
    to be alike::

        noise = max(0.5, sqrt(mean(d ** 2) / 2))

    With n + 1 such times, those in between shared by two rounds, and n squeezes, the mean
    change has the variance ``noise ** 2 * (2 * n - 0.5) / n ** 2``.

    The method's own error for this body is the same in all phases and drops out. Not in the
    interval: the contour model shows about nine tenths of a change (slope 0.9 on rendered
    bodies, docs/ACCURACY.md), which is not made up for, and it looks at the outline, which
    tensed buttocks change by themselves.

    Parameters
    ----------
    rounds
        At least one.
    """
    changes_deg = [one.backward_deg for one in rounds]
    count = len(changes_deg)
    rests_deg = [one.after_deg - one.before_deg for one in rounds]
    noise_deg = max(_LEAST_NOISE_DEG, math.sqrt(mean(d * d for d in rests_deg) / 2))
    half_deg = Z_90 * noise_deg * math.sqrt(2 * count - 0.5) / count
    if count > 1:
        t = STUDENT_T_95[min(count - 1, len(STUDENT_T_95)) - 1]
        half_deg = max(half_deg, t * stdev(changes_deg) / math.sqrt(count))
    change_deg = mean(changes_deg)
    return SqueezeResult(
        backward_deg=change_deg,
        low_deg=change_deg - half_deg,
        high_deg=change_deg + half_deg,
        is_more_than_noise=abs(change_deg) >= max(LEAST_CHANGE_DEG, half_deg),
        rounds=tuple(rounds),
    )


class SqueezeTest(Follower[SqueezeMoment]):
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
        super().__init__()
        self._wanted = rounds
        self._rounds: list[SqueezeRound] = []
        self._has_begun = False
        self._place: StancePlace | None = None
        self._good_ms = 0.0
        self._run: PhaseRun | None = None
        self._method: Method | None = None
        self._before_deg = self._squeezed_deg = 0.0

    def _begin(self, place: StancePlace, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        self._place, self._has_begun, self._good_ms = place, True, t_ms
        return self._enter(BEFORE, t_ms, tilt)

    def _go_on(
        self, sighting: Sighting, standing: StanceReading, tilt: TiltEstimate | None
    ) -> SqueezeMoment | None:
        run, t_ms = self._run, sighting.t_ms
        if run is None:
            return None
        if t_ms - self._good_ms > _LONGEST_LAPSE_MS:
            return self._begin_anew(t_ms, tilt)
        is_usable = standing.is_usable and self._is_here(sighting)
        if is_usable and isinstance(sighting.result, Measured):
            self._good_ms = t_ms
            run.add(sighting.result.tilt, t_ms)
        if run.left_ms(t_ms) > 0:
            return self._phase_moment(run, t_ms, tilt)
        return self._end_phase(run, t_ms, tilt)

    def _drop(self) -> None:
        self._run = None

    def _break_off(self, t_ms: float) -> None:
        self._run = None
        if not self._rounds:
            self._method = None

    def _end_phase(self, run: PhaseRun, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        method = run.commonest_method() if self._method is None else self._method
        angle_deg = run.median_deg(method)
        if angle_deg is not None:
            self._method = method
            return self._next_phase(run.plan, angle_deg, t_ms, tilt)
        if run.attempt < _ATTEMPTS:
            return self._enter(run.plan, t_ms, tilt, run.attempt + 1)
        if len(self._rounds) >= _ENOUGH_ROUNDS:
            return self._finish(t_ms, tilt)
        return self._begin_anew(t_ms, tilt)

    def _is_here(self, sighting: Sighting) -> bool:
        """Tell whether the person is where they began; squeezing itself moves them a little."""
        place, stance = place_of(sighting), self._place
        if place is None or stance is None or place.facing is not stance.facing:
            return False
        away = np.hypot(*(place.hip_px - stance.hip_px)) / stance.trunk_px
        return bool(away <= _AWAY_TRUNKS)

    def _next_phase(
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

    def _begin_anew(self, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        self._break_off(t_ms)
        return self._interrupt(t_ms, tilt)

    def _phase_moment(self, run: PhaseRun, t_ms: float, tilt: TiltEstimate | None) -> SqueezeMoment:
        phase = run.plan.phase
        moment = self._moment(t_ms, LiveState.CAPTURING, _INSTRUCTION[phase], tilt)
        return replace(moment, phase=phase, seconds_left=run.left_ms(t_ms) / 1000)

    def _moment(
        self, t_ms: float, state: LiveState, cue: Instruction | None, tilt: TiltEstimate | None
    ) -> SqueezeMoment:
        number = min(len(self._rounds) + 1, self._wanted) if self._has_begun else 0
        return SqueezeMoment(t_ms, state, cue, tilt, None, number, 0.0)
