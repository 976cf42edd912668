"""Whether somebody has really left a stance, so that the next one is a repeat of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.live.standing__stillness import place_of
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.live.standing__stillness import Place
    from vision.pose.estimate import PoseEstimate

#: The hips have moved this far: about a step.
_AWAY_TRUNKS = 0.5
#: For so long somebody must be away, or out of sight, so that one odd picture is not enough.
_AWAY_MS = 400.0
#: Marching on the spot does as well.
_STEPS = 3
_MARCH_MS = 3000.0
#: Whoever has not lifted a foot for this long has come to the end of their steps.
_STOPPED_MS = 700.0
#: A foot is up above the first, in trunk lengths (7 cm), and down again below the second.
_UP_TRUNKS, _DOWN_TRUNKS = 0.14, 0.07
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


class Leaving:
    """Watches somebody leave a stance.

    Parameters
    ----------
    place
        Where they stood; None to take the first picture's place for it.
    t_ms
        When they were told to leave.
    """

    def __init__(self, place: Place | None, t_ms: float) -> None:
        self._place = place
        self._told_ms = t_ms
        self._here_ms = t_ms
        #: Where the higher of both ankles is while both feet stand; y points down.
        self._floor_y = -np.inf
        self._is_foot_up = False
        self._steps = 0
        self._stepped_ms = t_ms

    def add(self, sighting: Sighting) -> bool:
        """Look at the next picture and return whether the stance has been left."""
        place = place_of(sighting)
        if place is None or sighting.pose is None:
            return self._is_away(sighting.t_ms)
        if self._place is None:
            self._place = place
        gone = np.hypot(*(place.hip_px - self._place.hip_px)) / self._place.trunk_px
        if gone <= _AWAY_TRUNKS:
            self._here_ms = sighting.t_ms
        self._count_steps(sighting.pose, self._place.trunk_px, sighting.t_ms)
        return self._has_marched(sighting.t_ms) or self._is_away(sighting.t_ms)

    def _is_away(self, t_ms: float) -> bool:
        return t_ms - self._here_ms >= _AWAY_MS

    def _has_marched(self, t_ms: float) -> bool:
        is_long = t_ms - self._told_ms >= _MARCH_MS
        return is_long and self._steps >= _STEPS and t_ms - self._stepped_ms >= _STOPPED_MS

    def _count_steps(self, pose: PoseEstimate, trunk_px: float, t_ms: float) -> None:
        """Count how often a foot is lifted; which of the two it is may be mistaken."""
        higher_y = min(float(pose.xy_px[ankle, 1]) for ankle in _ANKLES)
        self._floor_y = max(self._floor_y, higher_y)
        lifted = (self._floor_y - higher_y) / trunk_px
        if self._is_foot_up and lifted < _DOWN_TRUNKS:
            self._is_foot_up = False
        elif not self._is_foot_up and lifted > _UP_TRUNKS:
            self._is_foot_up, self._stepped_ms = True, t_ms
            self._steps += 1
