"""Numbers that move while they are shown: steady at rest, quick when something changes.

For display only; what is kept is a median of raw numbers. The filter is that of Casiez,
Roussel and Vogel 2012, "1 Euro Filter", CHI 2012, doi 10.1145/2207676.2208639: a low pass
whose cut-off frequency rises with the speed of the signal.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from vision.result import Measured, whole_deg

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.result import Facing, Method, TiltEstimate


#: Cut-off at rest, lower is steadier, and Hz gained for each unit a second, higher is quicker.
#: Behind the median of :data:`_MEDIAN_MS`, with angles that scatter by 1 deg from picture to
#: picture, these let 0.2 deg through at 15 to 30 pictures a second, and show 90 % of a sudden
#: 10 deg after 0.6 s.
_LEAST_CUTOFF_HZ = 0.14
_CUTOFF_PER_SPEED = 0.02
_SPEED_CUTOFF_HZ = 1.0
#: Rounding changes its mind this far from the number shown; 0.5 would be plain rounding.
#: Half-way between two numbers, with the scatter above, it does so every four seconds.
_CHANGE_FROM = 0.9
#: After a longer time without a number the old one says nothing about the new.
_LONGEST_GAP_MS = 1000.0
#: The median of so much time goes into the filter: where the background resembles the body,
#: single pictures jump by several degrees (one in eight on one rendered clip), and a low pass
#: that is quick to follow a person would follow these too.
_MEDIAN_MS = 700.0


class OneEuro:
    """A filter for one number over time; steps may be uneven."""

    def __init__(self) -> None:
        self._t_ms = 0.0
        self._value: float | None = None
        self._speed_per_s = 0.0

    def reset(self) -> None:
        """Take the next value as it is."""
        self._value = None

    def add(self, value: float, t_ms: float) -> float:
        """Return the filtered value; a time that does not rise changes nothing."""
        if self._value is None:
            self._value, self._t_ms, self._speed_per_s = value, t_ms, 0.0
            return value
        step_s = (t_ms - self._t_ms) / 1000
        if step_s <= 0:
            return self._value
        self._t_ms = t_ms
        speed_per_s = (value - self._value) / step_s
        self._speed_per_s += _weight(_SPEED_CUTOFF_HZ, step_s) * (speed_per_s - self._speed_per_s)
        cutoff_hz = _LEAST_CUTOFF_HZ + _CUTOFF_PER_SPEED * abs(self._speed_per_s)
        self._value += _weight(cutoff_hz, step_s) * (value - self._value)
        return self._value


class SteadyWhole:
    """Rounds a number that moves to whole ones, without flickering between two of them."""

    def __init__(self) -> None:
        self._shown: int | None = None

    def reset(self) -> None:
        """Round the next value plainly."""
        self._shown = None

    def show(self, value: float) -> int:
        """Return the whole number to show, at most 0.9 away from ``value``."""
        if self._shown is None or abs(value - self._shown) > _CHANGE_FROM:
            self._shown = whole_deg(value)
        return self._shown


def _weight(cutoff_hz: float, step_s: float) -> float:
    """Return the share of a new value in a low pass of first order, 0..1."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff_hz * step_s))


class ShownTilt:
    """Evens out the angles of one stance."""

    def __init__(self) -> None:
        self._filter = OneEuro()
        self._kind: tuple[Method, Facing] | None = None
        self._t_ms = 0.0
        self._recent: deque[tuple[float, float]] = deque()

    def reset(self) -> None:
        """Begin with the next picture."""
        self._kind = None

    def add(self, sighting: Sighting) -> TiltEstimate | None:
        """Return the tilt to show, with the picture's own interval around it.

        None when the picture gives no number. Another method, another facing or a second
        without a number begin anew.
        """
        result = sighting.result
        if not isinstance(result, Measured):
            return None
        kind = (result.tilt.method, result.facing)
        if kind != self._kind or sighting.t_ms - self._t_ms > _LONGEST_GAP_MS:
            self._filter.reset()
            self._recent.clear()
        self._kind, self._t_ms = kind, sighting.t_ms
        tilt = result.tilt
        shown_deg = self._filter.add(self._recent_deg(tilt.angle_deg), sighting.t_ms)
        return replace(tilt, angle_deg=shown_deg)

    def _recent_deg(self, angle_deg: float) -> float:
        self._recent.append((self._t_ms, angle_deg))
        while self._recent[0][0] < self._t_ms - _MEDIAN_MS:
            self._recent.popleft()
        return median(angle for _, angle in self._recent)
