"""One set of an exercise in front of a camera, which outlives pauses of the camera."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from app.gui.exercises.player.session__coach_picture import CoachLook, coach_look, nothing_seen
from vision.camera.errors import CameraProblem
from vision.coach.events import CoachCue

if TYPE_CHECKING:
    from app.gui.background.camera__following import PictureView
    from vision.camera.capture import CameraFrame
    from vision.coach.events import (
        BodySighting,
        CoachedExercise,
        CoachMoment,
        FinishedSet,
        LegSide,
    )

#: So much lies between the last picture before a pause and what comes after it.
_PAUSE_MS = 2000.0
_CUES = {
    CameraProblem.BLACK: CoachCue.PICTURE_BLACK,
    CameraProblem.FROZEN: CoachCue.PICTURE_FROZEN,
}


class SetFollower(Protocol):
    """Counts the repetitions of one set."""

    def add(self, sighting: BodySighting) -> CoachMoment:
        """Look at the next picture."""
        ...

    def lose(self, t_ms: float, cue: CoachCue) -> CoachMoment:
        """Take note of what keeps pictures from coming."""
        ...

    def finish_now(self) -> FinishedSet:
        """End the set with what was counted so far."""
        ...


class CoachSession:
    """Follows the person through all pictures, whichever camera they come from.

    Each camera's times and epochs begin anew; here they go on rising. May be used from any
    thread.

    Parameters
    ----------
    wanted, wanted_hold_s
        How many repetitions, and for how long each is to be held (0: not at all).
    side
        The leg that is to work, if that is known.

    Attributes
    ----------
    finished
        The set, once it has ended by itself.
    """

    name = "exercise coach"

    def __init__(
        self,
        exercise: CoachedExercise,
        wanted: int = 10,
        wanted_hold_s: float = 0.0,
        side: LegSide | None = None,
    ) -> None:
        from vision.coach.coach import Coach

        self.exercise = exercise
        self._follower: SetFollower = Coach(exercise, wanted, wanted_hold_s, side)
        self._lock = Lock()
        self._base_ms = self._t_ms = 0.0
        self._base_epoch = self._epoch = 0
        self._counted = 0
        self.finished: FinishedSet | None = None

    @property
    def counted(self) -> int:
        """Complete repetitions so far."""
        return self._counted

    def begin_camera(self) -> None:
        """Take what comes from now on for pictures after a pause."""
        with self._lock:
            self._base_ms, self._base_epoch = self._t_ms + _PAUSE_MS, self._epoch + 1

    def open_view(self) -> PictureView:
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
            moment = self._follower.add(replace(sighting, t_ms=self._t_ms, epoch=self._epoch))
            self._counted = moment.repetitions
            if moment.finished is not None and self.finished is None:
                self.finished = moment.finished
            return moment

    def lose(self, problem: CameraProblem, t_ms: float) -> CoachLook:
        """Take note of what keeps pictures from coming, at a time of the camera."""
        cue = _CUES.get(problem, CoachCue.NO_PICTURE)
        with self._lock:
            self._t_ms = max(self._t_ms, self._base_ms + t_ms)
            return nothing_seen(self._follower.lose(self._t_ms, cue))

    def is_to_be_kept(self, moment: CoachMoment) -> bool:
        """Keep what is said once only: a count, a fault, the end."""
        return moment.is_counted or moment.fault is not None or moment.finished is not None

    def finish_now(self) -> FinishedSet:
        """End the set with what was counted so far."""
        with self._lock:
            if self.finished is None:
                self.finished = self._follower.finish_now()
            return self.finished
