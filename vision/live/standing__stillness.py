"""Whether somebody stands still, and whether they still stand where they stood.

Lengths are measured against the trunk, hip to shoulder, about 0.5 m. Allowed are a quiet
stance's sway (1 cm, 0.02 trunks, either way), breathing (0.01 trunks at the shoulders) and
the jitter of landmarks (0.01 trunks each). The same holds at 5 and at 60 pictures a second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import Joint
from vision.result import Facing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.live.events import Sighting

#: Somebody stands still who has done so for this long.
STILL_MS = 1500.0
#: Without pictures for longer, what went before is another stance.
LONGEST_GAP_MS = 700.0
#: Whoever moved within this time is moving.
_JUST_NOW_MS = 600.0
_FEWEST_PICTURES = 5
#: This share of the pictures may say otherwise, and always one.
_STRAY_SHARE = 0.1
#: How far a point may be from its middle place: mid-shoulder, mid-hip, mid-knee, mid-ankle,
#: and the wrist on the camera's side, which is found less surely.
_AWAY_TRUNKS = np.array([0.07, 0.07, 0.07, 0.07, 0.25])
_AWAY_YAW_DEG = 6.0
#: And how far between the two halves of the time, whose medians are steadier.
_DRIFT_TRUNKS = np.array([0.045, 0.045, 0.045, 0.045, 0.15])
_DRIFT_YAW_DEG = 2.5
#: Over several seconds a body sways further than over one and a half.
_LONG_FACTOR = 1.5
_PAIRS = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    (Joint.LEFT_KNEE, Joint.RIGHT_KNEE),
    (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
)
_NEAR_WRIST = {Facing.LEFT: Joint.LEFT_WRIST, Facing.RIGHT: Joint.RIGHT_WRIST}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where somebody stands in the picture.

    Attributes
    ----------
    points_px
        Shape (5, 2): mid-shoulder, mid-hip, mid-knee, mid-ankle, near wrist; pixels of the
        working picture.
    trunk_px
        The trunk's length.
    yaw_deg
        How far the body is turned, with its sign.
    facing
        Which edge of the picture the person looks towards.
    """

    points_px: NDArray[np.float64]
    trunk_px: float
    yaw_deg: float
    facing: Facing

    @property
    def hip_px(self) -> NDArray[np.float64]:
        """The point between the hips, shape (2,)."""
        return np.asarray(self.points_px[1])

    def is_held_by(self, other: Place) -> bool:
        """Tell whether somebody who stood here and is there now has stood still meanwhile."""
        away = np.hypot(*(other.points_px - self.points_px).T) / self.trunk_px
        return (
            other.facing is self.facing
            and bool((away <= _LONG_FACTOR * _AWAY_TRUNKS).all())
            and abs(other.yaw_deg - self.yaw_deg) <= _LONG_FACTOR * _AWAY_YAW_DEG
        )


def place_of(sighting: Sighting) -> Place | None:
    """Return where the person of a picture stands; None when nobody is seen."""
    pose, yaw_deg, facing = sighting.pose, sighting.yaw_deg, sighting.facing
    if pose is None or yaw_deg is None or facing is None or pose.trunk_px <= 0:
        return None
    points = [*(pose.midpoint_px(*pair) for pair in _PAIRS), pose.xy_px[_NEAR_WRIST[facing]]]
    return Place(np.asarray(points, np.float64), pose.trunk_px, yaw_deg, facing)


class Stillness:
    """Follows a person and tells whether they stand still.

    Attributes
    ----------
    place
        The middle of where they have stood for :data:`STILL_MS`; None unless they have stood
        still for that long.
    is_moving
        Whether they moved just now; not so as long as there is too little to tell.
    """

    def __init__(self) -> None:
        self.place: Place | None = None
        self.is_moving = False
        self._seen: deque[tuple[float, Place]] = deque()

    def reset(self) -> None:
        """Begin anew."""
        self.place, self.is_moving = None, False
        self._seen.clear()

    def add(self, sighting: Sighting) -> None:
        """Look at the next picture; one without anybody only makes a gap."""
        t_ms, place = sighting.t_ms, place_of(sighting)
        if self._seen and t_ms - self._seen[-1][0] > LONGEST_GAP_MS:
            self.reset()
        if place is None:
            self.place = None
            return
        self._seen.append((t_ms, place))
        # One picture from before the time is kept, so that the whole of it is covered.
        while len(self._seen) > 1 and self._seen[1][0] <= t_ms - STILL_MS:
            self._seen.popleft()
        places = [seen for _, seen in self._seen]
        is_long = t_ms - self._seen[0][0] >= STILL_MS and len(places) >= _FEWEST_PICTURES
        is_still = _is_still(places)
        self.place = _middle(places) if is_long and is_still else None
        just_now = [seen for ms, seen in self._seen if ms >= t_ms - _JUST_NOW_MS]
        self.is_moving = not is_still and not _is_still(just_now)


def _middle(places: Sequence[Place]) -> Place:
    return Place(
        points_px=np.median([place.points_px for place in places], axis=0),
        trunk_px=float(np.median([place.trunk_px for place in places])),
        yaw_deg=float(np.median([place.yaw_deg for place in places])),
        facing=places[-1].facing,
    )


def _is_still(places: Sequence[Place]) -> bool:
    """Tell whether nearly all places are close to their middle, and the middle does not move."""
    middle = _middle(places)
    points = np.array([place.points_px for place in places])
    yaws_deg = np.array([place.yaw_deg for place in places])
    away = np.hypot(*np.moveaxis(points - middle.points_px, -1, 0)) / middle.trunk_px
    is_stray = (away > _AWAY_TRUNKS).any(axis=1)
    is_stray |= np.abs(yaws_deg - middle.yaw_deg) > _AWAY_YAW_DEG
    is_stray |= [place.facing is not middle.facing for place in places]
    if np.count_nonzero(is_stray) > max(1, int(_STRAY_SHARE * len(places))):
        return False
    half = len(places) // 2
    if half < 2:
        return True
    moved = np.median(points[half:], axis=0) - np.median(points[:half], axis=0)
    drift = np.hypot(*moved.T) / middle.trunk_px
    turned_deg = abs(float(np.median(yaws_deg[half:]) - np.median(yaws_deg[:half])))
    return bool((drift <= _DRIFT_TRUNKS).all()) and turned_deg <= _DRIFT_YAW_DEG
