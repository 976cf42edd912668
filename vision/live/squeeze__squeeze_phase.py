"""One phase of a squeeze test: what is done, for how long, and the angle it gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from vision.live.events import SqueezePhase

if TYPE_CHECKING:
    from vision.result import Method, TiltEstimate

_FEWEST_GOOD = 5


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
