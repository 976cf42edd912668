"""What a live view need not look for in every picture: a level camera, other people."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from vision.plumb import find_plumb
from vision.plumb__plumb_lines import find_lines
from vision.result import VerticalSource
from vision.scene import Vertical, seen_vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.plumb import FoundPlumb
    from vision.pose.estimate import PoseEstimate, PoseEstimator

_LEVEL_EVERY_MS = 1000.0
#: A camera stands on something. So many looks are put together, which keeps the roll steady.
_LEVEL_LOOKS = 5
#: A look that differs by this much from the others shows that the camera was moved.
_MOVED_DEG = 1.5
#: A look takes as long as a photograph's; twice as often would cost 4 % of the pictures.
_PEOPLE_EVERY_MS = 800.0
#: A body whose hips are further away than this, in trunk lengths, is somebody else.
_ELSEWHERE_TRUNKS = 0.5
#: Somebody this much larger is whom to follow.
_LARGER = 1.25


class LevelMemory:
    """Camera roll from upright edges in the scene, looked for once a second."""

    def __init__(self) -> None:
        self._looks: deque[FoundPlumb | None] = deque(maxlen=_LEVEL_LOOKS)
        self._next_ms = -np.inf
        self._vertical = seen_vertical(None)

    def forget(self) -> None:
        """Look anew: the camera is another one, or was elsewhere meanwhile."""
        self._looks.clear()
        self._next_ms = -np.inf

    def vertical(
        self, rgb: NDArray[np.uint8], people: Sequence[PoseEstimate], t_ms: float
    ) -> Vertical:
        """Return the plumb direction at this moment."""
        if t_ms >= self._next_ms:
            self._next_ms = t_ms + _LEVEL_EVERY_MS
            self._look(find_plumb(rgb, people, find_lines(rgb)))
        return self._vertical

    def _look(self, found: FoundPlumb | None) -> None:
        before = [look.roll_deg for look in self._looks if look is not None]
        if found is not None and before and abs(found.roll_deg - median(before)) > _MOVED_DEG:
            self._looks.clear()
        self._looks.append(found)
        seen = [look for look in self._looks if look is not None]
        if 2 * len(seen) <= len(self._looks):
            self._vertical = seen_vertical(None)
            return
        self._vertical = Vertical(
            VerticalSource.FOUND,
            median(look.roll_deg for look in seen),
            median(look.sd_deg for look in seen),
            seen[-1].segments_px,
        )


class PeopleMemory:
    """Who is in the picture beside the one who is followed, looked for now and then."""

    def __init__(self, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._next_ms = -np.inf
        self._others: tuple[PoseEstimate, ...] = ()
        self.is_following_wrong = False

    def forget(self) -> None:
        """Look anew."""
        self._next_ms = -np.inf
        self._others = ()

    def others(
        self, rgb: NDArray[np.uint8], followed: PoseEstimate | None, t_ms: float
    ) -> tuple[PoseEstimate, ...]:
        """Return everybody else, largest first.

        ``is_following_wrong`` tells afterwards whether the one who is followed is not whom
        a fresh look would choose.
        """
        self.is_following_wrong = False
        if t_ms < self._next_ms:
            return self._others
        self._next_ms = t_ms + _PEOPLE_EVERY_MS
        people = self._estimator.estimate(rgb)
        self._others = tuple(pose for pose in people if _is_elsewhere(pose, followed))
        largest_px = max((pose.extent_px for pose in self._others), default=0.0)
        if followed is None:
            self.is_following_wrong = bool(people)
        else:
            is_lost = bool(people) and len(self._others) == len(people)
            self.is_following_wrong = is_lost or largest_px > _LARGER * followed.extent_px
        return self._others


def _is_elsewhere(pose: PoseEstimate, followed: PoseEstimate | None) -> bool:
    if followed is None:
        return True
    gap_px = float(np.hypot(*(pose.mid_hip_px - followed.mid_hip_px)))
    return gap_px > _ELSEWHERE_TRUNKS * max(pose.trunk_px, followed.trunk_px)
