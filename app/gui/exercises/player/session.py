"""One set of an exercise in front of a camera, which outlives pauses of the camera."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from app.gui.background.frames import preview
from vision.camera.capture import CameraProblem
from vision.coach.events import CoachCue, CoachState, LegSide
from vision.overlay.shapes import Dot, Polyline, Role
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from app.gui.background.camera import FrameView
    from vision.camera.capture import CameraFrame
    from vision.coach.events import BodySighting, CoachedExercise, CoachMoment, FinishedSet
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
#: So much lies between the last picture before a pause and what comes after it.
_PAUSE_MS = 2000.0
_CUES = {
    CameraProblem.BLACK: CoachCue.PICTURE_BLACK,
    CameraProblem.FROZEN: CoachCue.PICTURE_FROZEN,
}


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


class CoachSession:
    """Follows the person through all pictures, whichever camera they come from.

    Each camera's times and epochs begin anew; here they go on rising. May be used from any
    thread.

    Parameters
    ----------
    wanted, hold_s
        How many repetitions, and for how long each is to be held (0: not at all).
    side
        The leg that is to work, if that is known.

    Attributes
    ----------
    counted
        Complete repetitions so far.
    finished
        The set, once it has ended by itself.
    """

    name = "exercise coach"

    def __init__(
        self,
        exercise: CoachedExercise,
        wanted: int = 10,
        hold_s: float = 0.0,
        side: LegSide | None = None,
    ) -> None:
        from vision.coach.coaching import Coach

        self._coach = Coach(exercise, wanted, hold_s, side)
        self._lock = Lock()
        self._base_ms = self._t_ms = 0.0
        self._base_epoch = self._epoch = 0
        self.counted = 0
        self.finished: FinishedSet | None = None

    def begin_camera(self) -> None:
        """Take what comes from now on for pictures after a pause."""
        with self._lock:
            self._base_ms, self._base_epoch = self._t_ms + _PAUSE_MS, self._epoch + 1

    def open_view(self) -> FrameView:
        """Return what finds the person in pictures."""
        from vision.coach.view import CoachView

        return CoachView()

    def see(self, picture: CameraFrame, sighting: BodySighting) -> CoachLook:
        """Return what to show of a picture; its time and epoch are those of its camera."""
        return coach_look(picture.rgb, sighting, self.add(sighting))

    def add(self, sighting: BodySighting) -> CoachMoment:
        """Follow the next picture; its time and epoch are those of its camera."""
        with self._lock:
            self._t_ms = max(self._t_ms, self._base_ms + sighting.t_ms)
            self._epoch = self._base_epoch + sighting.epoch
            moment = self._coach.add(replace(sighting, t_ms=self._t_ms, epoch=self._epoch))
            self.counted = moment.repetitions
            if moment.finished is not None and self.finished is None:
                self.finished = moment.finished
            return moment

    def lose(self, problem: CameraProblem, t_ms: float) -> CoachLook:
        """Take note of what keeps pictures from coming, at a time of the camera."""
        cue = _CUES.get(problem, CoachCue.NO_PICTURE)
        with self._lock:
            self._t_ms = max(self._t_ms, self._base_ms + t_ms)
            return nothing_seen(self._coach.lose(self._t_ms, cue))

    def is_to_be_kept(self, moment: CoachMoment) -> bool:
        """Keep what is said once only: a count, a fault, the end."""
        return moment.is_counted or moment.fault is not None or moment.finished is not None

    def finish_now(self) -> FinishedSet:
        """End the set with what was counted so far."""
        with self._lock:
            if self.finished is None:
                self.finished = self._coach.finish_now()
            return self.finished


def coach_look(rgb: NDArray[np.uint8], sighting: BodySighting, moment: CoachMoment) -> CoachLook:
    """Return what to show of a picture.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    """
    shapes = tuple(_shapes(sighting.pose, moment)) if sighting.pose is not None else ()
    return CoachLook(preview(rgb), sighting.size_px, shapes, moment)


def nothing_seen(moment: CoachMoment) -> CoachLook:
    """Return what to show while the camera gives nothing of use."""
    return CoachLook(QImage(), (0, 0), (), moment)


def _shapes(pose: PoseEstimate, moment: CoachMoment) -> Iterator[Shape]:
    """Give the other leg thinly, then trunk and thigh of the leg that works."""
    near = moment.side if moment.side is not None else _better_seen(pose)
    far = LegSide.LEFT if near is LegSide.RIGHT else LegSide.RIGHT
    role = Role.BELT if moment.state is CoachState.TOP else Role.NEAR_SIDE
    unit_px = max(1.0, pose.extent_px)
    for side, colour, width in ((far, Role.FAR_SIDE, _FAR_WIDTH), (near, role, _WIDTH)):
        points = tuple(_point(pose, joint) for joint in _LEGS[side] if _is_seen(pose, joint))
        if len(points) > 1:
            yield Polyline(colour, points, max(_LEAST_PX, width * unit_px))
    for joint in _LEGS[near][:3]:
        if _is_seen(pose, joint):
            yield Dot(role, _point(pose, joint), max(_LEAST_PX, _RADIUS * unit_px))


def _is_seen(pose: PoseEstimate, joint: Joint) -> bool:
    return bool(pose.visibility[joint] >= _SEEN)


def _better_seen(pose: PoseEstimate) -> LegSide:
    return max(LegSide, key=lambda side: float(pose.visibility[list(_LEGS[side])].sum()))


def _point(pose: PoseEstimate, joint: Joint) -> tuple[float, float]:
    x, y = pose.xy_px[joint].tolist()
    return x, y
