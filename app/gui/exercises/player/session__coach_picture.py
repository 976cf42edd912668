"""What the exercise player shows of one picture, made off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from app.gui.background.frames import preview
from vision.coach.events import CoachState, LegSide
from vision.overlay.shapes import Dot, Polyline, Role
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vision.coach.events import BodySighting, CoachMoment
    from vision.overlay.shapes import Shape
    from vision.pose.estimate import PoseEstimate

_LEGS = {
    LegSide.LEFT: (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    LegSide.RIGHT: (Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
}
#: Points that are guessed at are not drawn.
_SEEN = 0.3
#: In shares of the person's longer side.
_WIDTH, _FAR_WIDTH, _RADIUS = 0.009, 0.005, 0.011
_LEAST_PX = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class CoachLook:
    """One picture as it is shown.

    Attributes
    ----------
    preview
        Small enough to be painted quickly, not mirrored; null when there is no picture.
    size_px
        Width and height of the picture that was looked at.
    shapes
        What to draw, in pixels of that picture, without any letters.
    moment
        What to say.
    """

    preview: QImage
    size_px: tuple[int, int]
    shapes: tuple[Shape, ...]
    moment: CoachMoment


def coach_look(rgb: NDArray[np.uint8], sighting: BodySighting, moment: CoachMoment) -> CoachLook:
    """Return what to show of a picture.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    """
    shapes = _shapes(sighting.pose, moment) if sighting.pose is not None else ()
    return CoachLook(preview(rgb), sighting.size_px, shapes, moment)


def nothing_seen(moment: CoachMoment) -> CoachLook:
    """Return what to show while the camera gives nothing of use."""
    return CoachLook(QImage(), (0, 0), (), moment)


def _shapes(pose: PoseEstimate, moment: CoachMoment) -> tuple[Shape, ...]:
    """Return the other leg thinly, then trunk and thigh of the leg that works."""
    near = moment.side if moment.side is not None else _better_seen(pose)
    far = LegSide.LEFT if near is LegSide.RIGHT else LegSide.RIGHT
    role = Role.BELT if moment.state is CoachState.TOP else Role.NEAR_SIDE
    unit_px = max(1.0, pose.extent_px)
    shapes: list[Shape] = []
    _add_line(shapes, pose, _LEGS[far], Role.FAR_SIDE, _FAR_WIDTH * unit_px)
    _add_line(shapes, pose, _LEGS[near], role, _WIDTH * unit_px)
    shapes += [
        Dot(role, _point(pose, joint), max(_LEAST_PX, _RADIUS * unit_px))
        for joint in _LEGS[near][:3]
        if pose.visibility[joint] >= _SEEN
    ]
    return tuple(shapes)


def _add_line(
    shapes: list[Shape],
    pose: PoseEstimate,
    joints: tuple[Joint, ...],
    role: Role,
    width_px: float,
) -> None:
    points = tuple(_point(pose, joint) for joint in joints if pose.visibility[joint] >= _SEEN)
    if len(points) > 1:
        shapes.append(Polyline(role, points, max(_LEAST_PX, width_px)))


def _better_seen(pose: PoseEstimate) -> LegSide:
    return max(LegSide, key=lambda side: float(pose.visibility[list(_LEGS[side])].sum()))


def _point(pose: PoseEstimate, joint: Joint) -> tuple[float, float]:
    x, y = pose.xy_px[joint].tolist()
    return x, y
