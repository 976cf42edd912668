"""An arm stretched up: how somebody three metres away ends a live check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.live.standing__stillness import LONGEST_GAP_MS
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.pose.estimate import PoseEstimate

#: The nose is about so far below the top of the head, in trunk lengths. A hand that
#: scratches the head leaves its wrist below that.
_ABOVE_NOSE_TRUNKS = 0.25
_VISIBILITY = 0.5
_HELD_MS = 700.0
#: The arm must have been seen lowered for so long before: whoever sets up the camera or
#: comes in waving ends nothing.
_LOWERED_MS = 500.0
#: Pictures in which the arm is not seen as before matter only beyond this.
_LONGEST_LAPSE_MS = 250.0
_ARMS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
)


class RaisedArm:
    """Watches for an arm that is raised and held."""

    def __init__(self) -> None:
        self._t_ms = 0.0
        self._was_lowered = False
        self._is_up: bool | None = None
        self._since_ms = 0.0
        self._seen_ms = 0.0
        #: Since when pictures have been saying something else than before.
        self._other_ms: float | None = None

    def reset(self) -> None:
        """Wait for a lowered arm first."""
        self._was_lowered, self._is_up, self._other_ms = False, None, None

    def add(self, sighting: Sighting) -> bool:
        """Return whether the person has just asked for the end; once for each raising."""
        t_ms = sighting.t_ms
        if t_ms - self._t_ms > LONGEST_GAP_MS:
            self.reset()
        self._t_ms = t_ms
        is_up = None if sighting.pose is None else is_arm_raised(sighting.pose)
        if is_up is self._is_up:
            self._seen_ms, self._other_ms = t_ms, None
        else:
            self._other_ms = t_ms if self._other_ms is None else self._other_ms
            if self._is_up is None or t_ms - self._seen_ms > _LONGEST_LAPSE_MS:
                self._is_up, self._since_ms, self._seen_ms = is_up, self._other_ms, t_ms
                self._other_ms = None
        held_ms = self._seen_ms - self._since_ms
        if self._is_up is False and held_ms >= _LOWERED_MS:
            self._was_lowered = True
        is_asked = self._is_up is True and self._was_lowered and held_ms >= _HELD_MS
        if is_asked:
            self._was_lowered = False
        return is_asked


def is_arm_raised(pose: PoseEstimate) -> bool:
    """Tell whether a wrist that is seen is clearly above the head, its elbow above the shoulder.

    Fists on the collar-bones and a hand at the head are not.
    """
    limit_y = pose.xy_px[Joint.NOSE, 1] - _ABOVE_NOSE_TRUNKS * pose.trunk_px
    return any(
        pose.visibility[wrist] >= _VISIBILITY
        and pose.xy_px[wrist, 1] < limit_y
        and pose.xy_px[elbow, 1] < pose.xy_px[shoulder, 1]
        for shoulder, elbow, wrist in _ARMS
    )
