"""A second look at somebody who lies in the picture, which may itself lie on its side."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import lean_deg
from vision.pose.legs import has_flat_foot, has_standing_leg, hip_bend_deg
from vision.result import Facing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate, PoseEstimator

#: Standing, the trunk is at most this far from plumb.
_UPRIGHT_LEAN_DEG = 20.0
#: Whoever bends this much at the hips does not stand, whichever way the picture is turned.
_BENT_DEG = 30.0


class Turned(Enum):
    """What turning the picture upright shows."""

    #: Somebody who stands with flat feet.
    PICTURE = auto()
    #: Somebody who would be bent in any picture.
    PERSON = auto()
    #: A straight body whose feet do not tell.
    UNSURE = auto()


def who_is_turned(rgb: NDArray[np.uint8], pose: PoseEstimate, estimator: PoseEstimator) -> Turned:
    """Turn the picture by a quarter so that the head is up, and look again.

    The soles of somebody who stands are at right angles to the legs, within 12 deg on turned
    photographs and renders of people who stand; those of somebody who lies on the back, on the
    toes or on one side are not (20 deg or more).

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the pose was found.
    pose
        Somebody whose trunk lies in the picture.
    estimator
        Looks at the turned picture.
    """
    is_head_right = pose.mid_shoulder_px[0] > pose.mid_hip_px[0]
    turn = cv2.ROTATE_90_COUNTERCLOCKWISE if is_head_right else cv2.ROTATE_90_CLOCKWISE
    upright = np.ascontiguousarray(cv2.rotate(rgb, turn), np.uint8)
    people = estimator.estimate(upright)
    if not people:
        return Turned.UNSURE
    found = people[0]
    bend_deg = abs(hip_bend_deg(found, 1))
    # Which way the knees bend does not matter: a leg stands facing one way or the other.
    if bend_deg > _BENT_DEG or not any(has_standing_leg(found, facing) for facing in Facing):
        return Turned.PERSON
    trunk_deg = abs(lean_deg(found.mid_hip_px, found.mid_shoulder_px, 1))
    if trunk_deg <= _UPRIGHT_LEAN_DEG and has_flat_foot(found):
        return Turned.PICTURE
    return Turned.UNSURE
