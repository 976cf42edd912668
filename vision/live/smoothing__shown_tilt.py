"""The tilt as a live check shows it: evened out over time."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from vision.live.smoothing import OneEuro
from vision.result import Measured, TiltEstimate

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.result import Facing, Method

#: After a longer time without a number the old one says nothing about the new.
_LONGEST_GAP_MS = 1000.0
#: The median of so much time goes into the filter: where the background resembles the body,
#: single pictures jump by several degrees (one in eight on one rendered clip), and a low pass
#: that is quick to follow a person would follow these too.
_MEDIAN_MS = 700.0


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
        moved_deg = shown_deg - tilt.angle_deg
        return TiltEstimate(
            tilt.method, shown_deg, tilt.low_deg + moved_deg, tilt.high_deg + moved_deg
        )

    def _recent_deg(self, angle_deg: float) -> float:
        """Return the median of the last moments."""
        self._recent.append((self._t_ms, angle_deg))
        while self._recent[0][0] < self._t_ms - _MEDIAN_MS:
            self._recent.popleft()
        return median(angle for _, angle in self._recent)
