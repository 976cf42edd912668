"""Whether a bridge was one, and what could have been better about it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.events import FormFault, Repetition
from vision.coach.events__movement import Attempt, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from vision.coach.repetition import Stroke

#: Section 7 of docs/MEASUREMENT.md.
START_DEG, OVER_ARCHED_DEG = 150.0, 185.0
KNEE_LEAST_DEG, KNEE_MOST_DEG = 90.0, 135.0
#: What landmarks may be wrong by: no fault is better than a wrong one.
_ARCH_SLACK_DEG, _KNEE_SLACK_DEG = 8.0, 5.0
#: The stretched leg hides the knee of the other, and the hip's angle with it.
_ONE_LEG_SLACK_DEG = 16.0
#: How much further above shoulder and foot the hip comes at least, in trunk lengths: in a
#: repetition, and in one that is begun.
_LEAST_RISE, _BEGUN_RISE = 0.12, 0.04
#: How far shoulder and foot may be from where they were, in trunk lengths.
_AWAY = 0.35
#: This share of the pictures may say otherwise.
_STRAY_SHARE = 0.2
#: Somebody still at the top after this can be told already what could be better.
_TELL_AFTER_S = 1.5
#: The top, for its form: this close to its highest, and not in the lower part of the way.
_PLATEAU_DEG, _PLATEAU_SHARE = 8.0, 0.3
#: The start is the lowest of so long.
_RESTING_MS = 1500.0


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One picture of a bridge, steadied.

    Attributes
    ----------
    hip_deg, knee_deg, trunk_deg, rise, trunk_px, ends_px
        As :class:`vision.coach.body.SideBody` has them.
    is_in_air
        Whether the other leg is lifted.
    """

    hip_deg: float
    knee_deg: float
    trunk_deg: float
    rise: float
    trunk_px: float
    ends_px: NDArray[np.float64]
    is_in_air: bool


class BridgeForm:
    """Watches the form of one repetition after the other.

    Parameters
    ----------
    is_single
        Whether one leg has to be in the air.
    """

    def __init__(self, *, is_single: bool) -> None:
        self._is_single = is_single
        self._arched_deg = OVER_ARCHED_DEG + (_ONE_LEG_SLACK_DEG if is_single else _ARCH_SLACK_DEG)
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._resting: deque[tuple[float, Look]] = deque()
        self._moving: list[Look] = []
        self._is_top = False

    def add(self, look: Look, phase: Phase, t_ms: float) -> None:
        """Look at the next picture."""
        self._is_top = phase is Phase.TOP
        if phase not in (Phase.UNKNOWN, Phase.START):
            self._moving.append(look)
            return
        if self._moving:
            self.reset()
        self._resting.append((t_ms, look))
        while self._resting[0][0] < t_ms - _RESTING_MS:
            self._resting.popleft()

    @property
    def _start(self) -> Look | None:
        looks = (look for _, look in self._resting)
        return min(looks, key=lambda look: look.hip_deg, default=None)

    def is_foot_elsewhere(self, foot_px: NDArray[np.float64], away: float) -> bool:
        """Tell whether the foot is further from where it stood, in trunk lengths."""
        start = self._start
        if start is None or not self._moving:
            return False
        return float(np.hypot(*(foot_px - start.ends_px[1]))) > away * start.trunk_px

    def sunk_share(self, trunk_deg: float) -> float:
        """Return how much of its way up the trunk has lost again, 0..1."""
        start = self._start
        if start is None or not self._moving:
            return 0.0
        top_deg = max(look.trunk_deg for look in self._moving)
        return (top_deg - trunk_deg) / max(top_deg - start.trunk_deg, 1.0)

    def so_far(self, hold_s: float) -> tuple[FormFault, ...]:
        """Return what can be told of somebody who stays at the top."""
        if not self._is_top or hold_s < _TELL_AFTER_S or self._has_moved_away():
            return ()
        return self._top_faults(self._plateau())

    def judge(self, stroke: Stroke, *, has_dropped: bool = False) -> Attempt | None:
        """Return what came of a way up and back; None when it was no bridge.

        Parameters
        ----------
        stroke
            The way of the hip's angle.
        has_dropped
            Whether the hip sank before its time.
        """
        plateau, start = self._plateau(), self._start
        if start is None or not plateau or self._has_moved_away():
            return None
        rise = float(np.median([look.rise for look in plateau])) - start.rise
        is_on_two = self._is_single and _share(look.is_in_air for look in plateau) < 0.5
        if rise < _BEGUN_RISE or is_on_two:
            return None
        if not stroke.has_reached_top:
            return Attempt(None, (FormFault.NOT_HIGH_ENOUGH,))
        faults = self._top_faults(plateau)
        is_high = stroke.bottom_deg > START_DEG
        if FormFault.FEET_TOO_FAR in faults and is_high:
            return Attempt(None, (FormFault.FEET_TOO_FAR,))
        if not stroke.is_from_start:
            return None
        if rise < _LEAST_RISE:
            return None
        if stroke.is_too_quick:
            return Attempt(None, (FormFault.TOO_FAST,))
        if has_dropped:
            faults = (FormFault.HIP_DROPS, *faults)
        if stroke.is_quick:
            faults = (*faults, FormFault.TOO_FAST)
        top_deg = float(np.median([look.hip_deg for look in plateau]))
        return Attempt(Repetition(stroke.hold_s, top_deg, faults), faults)

    def _top_faults(self, plateau: Sequence[Look]) -> tuple[FormFault, ...]:
        """Return what is wrong at the top, most important first."""
        if not plateau:
            return ()
        hip_deg = float(np.median([look.hip_deg for look in plateau]))
        knees_deg = [look.knee_deg for look in plateau]
        found = {
            FormFault.OVER_ARCHED: hip_deg > self._arched_deg,
            FormFault.FEET_TOO_FAR: min(knees_deg) > KNEE_MOST_DEG
            and is_knee_too_far(float(np.median(knees_deg))),
            FormFault.FEET_TOO_NEAR: max(knees_deg) < KNEE_LEAST_DEG
            and float(np.median(knees_deg)) < KNEE_LEAST_DEG - _KNEE_SLACK_DEG,
        }
        return tuple(fault for fault, is_so in found.items() if is_so)

    def _plateau(self) -> list[Look]:
        start = self._start
        if not self._moving or start is None:
            return []
        top_deg = max(look.hip_deg for look in self._moving)
        below_deg = min(_PLATEAU_DEG, _PLATEAU_SHARE * (top_deg - start.hip_deg))
        return [look for look in self._moving if look.hip_deg >= top_deg - below_deg]

    def _has_moved_away(self) -> bool:
        start = self._start
        if start is None:
            return False
        away = _share(
            (np.hypot(*(look.ends_px - start.ends_px).T) > _AWAY * start.trunk_px).any()
            for look in self._moving
        )
        return away > _STRAY_SHARE


def is_knee_too_far(knee_deg: float) -> bool:
    """Tell whether a knee is so open that the feet are surely too far away."""
    return knee_deg > KNEE_MOST_DEG + _KNEE_SLACK_DEG


def _share(answers: Iterable[object]) -> float:
    """Return which share of the pictures say so."""
    said = [bool(answer) for answer in answers]
    return sum(said) / max(len(said), 1)
