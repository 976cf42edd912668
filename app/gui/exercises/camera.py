"""One set in front of a camera: finds the camera, follows the person, and lets go of it."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.exercises import text
from app.gui.background.camera import FINAL, LiveFeed, LiveLook, nothing_seen, preview
from app.text import live
from vision.camera.capture import CameraProblem
from vision.coach.events import CoachCue, CoachState, LegSide
from vision.overlay.shapes import Dot, Polyline, Role
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from app.exercises.sets import SetAtHand
    from app.gui.background.camera import FrameView
    from app.gui.exercises.stage import CoachStage
    from app.gui.widgets.announcer import ExerciseAnnouncer
    from app.gui.widgets.camera import ChosenCamera, LiveSource
    from vision.camera.capture import CameraFrame
    from vision.coach.events import BodySighting, CoachedExercise, CoachMoment, FinishedSet
    from vision.overlay.shapes import Shape
    from vision.pose.estimate import PoseEstimate

#: Landmarks need no more than this.
SIZE_PX = (1280, 720)
#: Without any picture for so long, the set goes on without the camera.
PATIENCE_MS = 10_000
#: These send pictures, and a person can mend them.
_MENDABLE = frozenset({CameraProblem.BLACK, CameraProblem.FROZEN})
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


class CoachRun(QObject):
    """At most one set and one camera at a time; shows and says what the coach tells.

    Attributes
    ----------
    session
        The set at hand; None before the first.
    """

    #: The set has ended by itself: a :class:`FinishedSet`.
    finished = pyqtSignal(object)
    #: It cannot go on with this camera; why.
    given_up = pyqtSignal(str)

    def __init__(
        self,
        source: LiveSource,
        stage: CoachStage,
        announcer: ExerciseAnnouncer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._stage, self._announcer = source, stage, announcer
        self.session: CoachSession | None = None
        self.feed = LiveFeed(self)
        self._is_wanted = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._give_up(text.LOST_CAMERA))
        source.found.connect(self._use)
        source.missing.connect(lambda *_: self._give_up(text.NO_CAMERA))
        self.feed.arrived.connect(self._show)
        self.feed.happened.connect(self._take)
        self.feed.troubled.connect(self._notice)
        self.feed.failed.connect(lambda _: self._give_up(text.FAILED_CAMERA))

    @property
    def counted(self) -> int:
        """Complete repetitions of the set at hand."""
        return self.session.counted if self.session is not None else 0

    def begin(self, exercise: CoachedExercise, now: SetAtHand) -> None:
        """Begin a set of this exercise and switch the camera on."""
        self.session = CoachSession(exercise, now.wanted, now.hold_s, now.leg)
        self.go_on()

    def go_on(self) -> None:
        """Switch the camera on and follow the set at hand, unless it has ended meanwhile."""
        if self.session is not None and self.session.finished is not None:
            self.finished.emit(self.session.finished)
            return
        self._is_wanted = True
        self._stage.show_sentence(live.LOOKING_FOR_CAMERA)
        self._source.find()

    def stop(self) -> None:
        """Switch the camera off; the set at hand stays."""
        self._patience.stop()
        self.feed.stop()
        if self._is_wanted:  # else it may be another page that looks for cameras
            self._is_wanted = False
            self._source.forget()

    def finish(self) -> FinishedSet:
        """Switch the camera off and return what was counted since :meth:`begin`."""
        self.stop()
        assert self.session is not None  # somebody has begun
        return self.session.finish_now()

    def close(self) -> None:
        """Let go of the camera."""
        self.stop()
        self.feed.close()

    def _use(self, camera: ChosenCamera) -> None:
        if self._is_wanted and self.session is not None:
            self._stage.show_sentence(live.OPENING_CAMERA)
            self.feed.follow(camera.source, self.session, SIZE_PX)

    def _show(self, look: LiveLook[CoachMoment]) -> None:
        self._stage.show_look(look)
        self._announcer.follow(look.moment)

    def _take(self, moment: CoachMoment) -> None:
        self._announcer.count(moment)
        self._stage.show_fault(moment)
        if moment.finished is not None:
            self.stop()
            self.finished.emit(moment.finished)

    def _notice(self, problem: CameraProblem | None) -> None:
        self._stage.show_problem("" if problem is None else problem.error().message)
        if problem is None or problem in _MENDABLE:
            self._patience.stop()
        elif problem in FINAL:
            self._give_up(text.LOST_CAMERA)
        elif not self._patience.isActive():
            self._patience.start()

    def _give_up(self, sentence: str) -> None:
        if self._is_wanted:
            self.stop()
            self.given_up.emit(sentence)


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

    def see(self, picture: CameraFrame, sighting: BodySighting) -> LiveLook[CoachMoment]:
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

    def lose(self, problem: CameraProblem, t_ms: float) -> LiveLook[CoachMoment]:
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


def coach_look(
    rgb: NDArray[np.uint8], sighting: BodySighting, moment: CoachMoment
) -> LiveLook[CoachMoment]:
    """Return what to show of a picture.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    """
    shapes = tuple(_shapes(sighting.pose, moment)) if sighting.pose is not None else ()
    return LiveLook(preview(rgb), sighting.size_px, shapes, moment)


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
