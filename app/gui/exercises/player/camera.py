"""One set in front of a camera: finds the camera, follows the person, and lets go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.exercises import text
from app.gui.background.camera import FINAL, LiveFeed
from app.gui.exercises.player.session import CoachSession
from app.text import live
from vision.camera.capture import CameraProblem

if TYPE_CHECKING:
    from app.exercises.sets import SetAtHand
    from app.gui.exercises.player.announcer import ExerciseAnnouncer
    from app.gui.exercises.player.session import CoachLook
    from app.gui.exercises.player.stage import CoachStage
    from app.gui.widgets.camera_picker import ChosenCamera, LiveSource
    from vision.coach.events import CoachedExercise, CoachMoment, FinishedSet

#: Landmarks need no more than this.
SIZE_PX = (1280, 720)
#: Without any picture for so long, the set goes on without the camera.
PATIENCE_MS = 10_000
#: These send pictures, and a person can mend them.
_MENDABLE = frozenset({CameraProblem.BLACK, CameraProblem.FROZEN})


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

    def _show(self, look: CoachLook) -> None:
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
