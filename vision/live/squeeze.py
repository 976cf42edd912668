"""The squeeze test: relaxed, squeezed, relaxed, some times over; how far the pelvis turns.

A self-check and no more. It shows whether the outline of the pelvis turns backward when the
person means to squeeze; which muscles do that, nobody can see from outside.
"""

from __future__ import annotations

import math
from statistics import mean, stdev
from typing import TYPE_CHECKING

from vision.live.events import (
    Instruction,
    LivePhase,
    RefusedSqueeze,
    SqueezeResult,
    SqueezeRound,
)
from vision.live.phases import PhasedTest, PhasePlan
from vision.result import Z_90
from vision.series import STUDENT_T_95

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.result import Reason, TiltEstimate


#: Less than this is never called more than noise, however well the rounds agree. Rendered
#: bodies that keep their posture and sway by 1 cm, with a camera's noise, have medians over
#: two seconds that differ by 0.6 deg at most from one to the next (three bodies, eight times
#: each; standard deviation 0.1 to 0.3). A living body at rest moves too, and tensed buttocks
#: change the outline without any turn; how much is not known, hence the distance.
LEAST_CHANGE_DEG = 2.0
#: Standard deviation of one phase's median that is assumed at least, however well the times
#: of rest agree by chance; above what was measured as said before.
_LEAST_NOISE_DEG = 0.5
#: The first time of rest; the person has stood still for a while already.
BEFORE = PhasePlan(LivePhase.RELAXED, Instruction.RELAX, 3000.0, 500.0)
SQUEEZE = PhasePlan(LivePhase.SQUEEZED, Instruction.SQUEEZE, 5000.0, 1500.0)
AFTER = PhasePlan(LivePhase.RELAXED, Instruction.RELAX, 4000.0, 1500.0)


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


class SqueezeTest(PhasedTest):
    """Follows one squeeze test; each squeeze lies between two times of rest.

    The one between two squeezes serves both.

    Parameters
    ----------
    rounds
        How many squeezes, at least 1.
    """

    def __init__(self, rounds: int = 3) -> None:
        super().__init__(rounds)
        self._rounds: list[SqueezeRound] = []
        self._before_deg = self._squeezed_deg = 0.0

    @property
    def _done(self) -> int:
        return len(self._rounds)

    def _first(self, tilt: TiltEstimate | None) -> PhasePlan:
        return BEFORE

    def _next(self, plan: PhasePlan, tilt: TiltEstimate) -> PhasePlan | None:
        if plan is SQUEEZE:
            self._squeezed_deg = tilt.angle_deg
            return AFTER
        if plan is AFTER:
            one = SqueezeRound(self._before_deg, self._squeezed_deg, tilt.angle_deg)
            self._rounds.append(one)
        self._before_deg = tilt.angle_deg
        return None if len(self._rounds) == self._wanted else SQUEEZE

    def _refused(self, reason: Reason) -> RefusedSqueeze:
        return RefusedSqueeze((reason,))

    def _result(self) -> SqueezeResult:
        return assess_squeezes(self._rounds)
