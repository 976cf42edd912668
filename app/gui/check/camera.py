"""Taking a picture with the webcam: look, count down, keep or retake."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.gui.background.camera__camera import CameraFeed
from app.gui.check.camera__camera_controls import CameraControls, ShotState
from app.gui.check.camera__camera_stage import CameraStage
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.system.sound import Tone, Tones
from app.text import check
from vision.camera.errors import CameraProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QHideEvent, QShowEvent

    from app.gui.background.camera__camera import LivePicture
    from app.gui.background.jobs import Jobs
    from vision.camera.capture import CameraInfo, CameraSource

_TICK_MS = 50
#: No picture this long after the count means that the camera has stopped.
_LATE_S = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture that was taken and is to be measured.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, not mirrored.
    taken_at
        With its offset from UTC.
    """

    rgb: NDArray[np.uint8]
    taken_at: datetime


class CameraShot(QWidget):
    """Part of a page; the camera is on only while it is shown and no picture was taken.

    Parameters
    ----------
    jobs
        To look for cameras.
    countdown_s, is_muted
        As they were when last used.
    source
        What serves as camera; None looks for the webcams that are connected.
    """

    #: A :class:`Shot` that the person keeps.
    kept = pyqtSignal(object)
    cancelled = pyqtSignal()
    #: Seconds of countdown, and whether it is silent.
    countdown_changed = pyqtSignal(int, bool)

    def __init__(
        self,
        jobs: Jobs,
        countdown_s: int = 5,
        is_muted: bool = False,
        source: CameraSource | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._source = jobs, source
        self.state = ShotState.OFF
        self._shot: Shot | None = None
        self._ends_s = 0.0
        self._tones = Tones(is_muted)
        self._feed = CameraFeed(self)
        self._feed.arrived.connect(self._show_live)
        self._feed.failed.connect(self._fail)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count)
        self.stage = CameraStage()
        self.controls = CameraControls(countdown_s, is_muted)
        self._lay_out()
        self._connect()
        self._enter(ShotState.OFF)

    @property
    def is_camera_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self._feed.is_on

    def take(self) -> None:
        """Begin to count down."""
        if self.state is ShotState.LIVE:
            self._ends_s = monotonic() + self.controls.countdown_s
            self._enter(ShotState.COUNTING)
            self._tick.start()
            self._count()

    def keep(self) -> None:
        """Hand over the picture that is shown."""
        shot, self._shot = self._shot, None
        if shot is not None:
            self._enter(ShotState.OFF)
            self.kept.emit(shot)

    def retake(self) -> None:
        """Throw the picture away and switch the camera on again."""
        self._shot = None
        self._start()

    def cancel(self) -> None:
        """End the countdown, or leave the camera."""
        if self.state is ShotState.COUNTING:
            self._stop_counting()
            self._enter(ShotState.LIVE)
        else:
            self._release()
            self.cancelled.emit()

    def close_camera(self) -> bool:
        """Switch the camera off and wait for its thread; tell whether it has ended."""
        self._release()
        return self._feed.close()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Switch the camera on, unless a picture waits for a decision."""
        super().showEvent(event)
        if self.state is ShotState.OFF:
            self._start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Switch the camera off, also when the window is only put away."""
        super().hideEvent(event)
        if self.state is not ShotState.TAKEN:
            self._release()

    def _lay_out(self) -> None:
        cue = QLabel(check.CAMERA_CUE)
        cue.setWordWrap(True)
        set_kind(cue, Kind.MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addWidget(cue)
        column.addWidget(self.stage, 1)
        column.addWidget(self.controls)

    def _connect(self) -> None:
        controls = self.controls
        controls.take_wanted.connect(self.take)
        controls.keep_wanted.connect(self.keep)
        controls.retake_wanted.connect(self.retake)
        controls.cancel_wanted.connect(self.cancel)
        controls.camera_chosen.connect(self._open)
        controls.countdown_changed.connect(self._change_countdown)

    def _start(self) -> None:
        """Look for cameras beside the GUI thread, then open the one that was chosen."""
        if self._source is not None:
            self._open(self._source)
            return
        self._enter(ShotState.OPENING)
        self.stage.show_sentence(self.tr("Looking for the camera …"))
        from vision.camera.capture import list_cameras

        self._jobs.start("cameras", list_cameras, self._found, self._fail)

    def _found(self, cameras: tuple[CameraInfo, ...]) -> None:
        if self.state is ShotState.OPENING:
            chosen = self.controls.list_cameras(cameras)
            if chosen is None:
                self._fail(CameraProblem.NONE.error())
            else:
                self._open(chosen)

    def _open(self, source: CameraSource) -> None:
        self._stop_counting()
        self._enter(ShotState.OPENING)
        self.stage.show_sentence(self.tr("Opening the camera …"))
        self._feed.start(source)

    def _show_live(self, picture: LivePicture) -> None:
        if self.state is ShotState.OPENING:
            self._enter(ShotState.LIVE)
        if self.state is ShotState.COUNTING and monotonic() >= self._ends_s:
            self._take(picture)
        elif self.state in (ShotState.LIVE, ShotState.COUNTING):
            self.stage.show_image(picture.preview, is_mirrored=True)

    def _count(self) -> None:
        left_s = self._ends_s - monotonic()
        if left_s < -_LATE_S:
            self._feed.stop()
            self._fail(CameraProblem.LOST.error())
            return
        digits = str(math.ceil(left_s)) if left_s > 0 else ""
        if digits != self.stage.digits:
            self.stage.show_digits(digits)
            if digits:
                self._tones.play(Tone.TICK)

    def _take(self, picture: LivePicture) -> None:
        self._stop_counting()
        self._feed.stop()
        self._shot = Shot(picture.rgb, datetime.now(UTC).astimezone())
        self._enter(ShotState.TAKEN)
        self._tones.play(Tone.SHUTTER)
        self.stage.show_image(picture.preview, is_mirrored=False)

    def _fail(self, error: Exception) -> None:
        if self.state is ShotState.OFF:
            return
        self._stop_counting()
        self._enter(ShotState.FAILED)
        self.stage.show_sentence(str(error))

    def _stop_counting(self) -> None:
        self._tick.stop()
        self.stage.show_digits("")

    def _release(self) -> None:
        self._stop_counting()
        self._feed.stop()
        self._jobs.forget("cameras")
        self._shot = None
        self._enter(ShotState.OFF)
        self.stage.show_sentence("")

    def _change_countdown(self, countdown_s: int, is_muted: bool) -> None:
        self._tones.is_muted = is_muted
        self.countdown_changed.emit(countdown_s, is_muted)

    def _enter(self, state: ShotState) -> None:
        self.state = state
        self.controls.show_state(state)
