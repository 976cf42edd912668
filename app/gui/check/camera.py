"""Taking a picture with the webcam: look, count down, keep or retake."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPainterPath
from PyQt6.QtWidgets import QComboBox, QWidget

from app.gui.background.camera import FollowedPictures, LiveFeed, LiveLook
from app.gui.picture.stage import (
    MARGIN_PX,
    WHITE,
    PersonStage,
    StageRooms,
    fitted,
    font_for,
    letters_px,
    paint_fitted,
    rows,
)
from app.gui.widgets.cards import in_column, in_row, make_button, make_choice, named
from app.gui.widgets.tick_box import TickBox
from app.phone import words as phone
from app.system.sound import Tone, Tones
from app.text import check
from app.text.change import stance
from vision.camera.capture import WANTED_PX, CameraProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QHideEvent, QShowEvent

    from app.gui.background.camera import LivePicture
    from app.gui.background.history import HistoryService
    from app.gui.background.jobs import Jobs
    from vision.camera.capture import CameraInfo, CameraSource

COUNTDOWNS_S = (3, 5, 10)
_TICK_MS = 50
#: No picture this long after the count means that the camera has stopped.
_LATE_S = 3.0
#: The camera is on all the same, and its next picture of use is shown.
_PASSING = frozenset({CameraProblem.STALLED, CameraProblem.BLACK, CameraProblem.FROZEN})
#: What to do, in shares of the stage's height and the least in logical pixels.
_CUE = (1 / 18, 20.0)
#: They are scaled to their room.
_DIGITS_PX = 100.0


class ShotState(StrEnum):
    """What the camera page is at."""

    OFF = "off"
    OPENING = "opening"
    LIVE = "live"
    COUNTING = "counting"
    TAKEN = "taken"
    FAILED = "failed"


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
    service
        Knows how the person stood last time; None where that is not shown.
    shows_last
        Whether that is shown.
    """

    #: A :class:`Shot` that the person keeps.
    kept = pyqtSignal(object)
    cancelled = pyqtSignal()
    #: The phone is to take the pictures instead; the camera is off by then.
    phone_wanted = pyqtSignal()
    #: Seconds of countdown, and whether it is silent.
    countdown_changed = pyqtSignal(int, bool)
    #: Whether the picture shows how the person stood last time.
    shows_last_changed = pyqtSignal(bool)

    def __init__(
        self,
        jobs: Jobs,
        countdown_s: int = 5,
        is_muted: bool = False,
        source: CameraSource | None = None,
        service: HistoryService | None = None,
        shows_last: bool = True,
    ) -> None:
        super().__init__()
        self._jobs, self._source, self._service = jobs, source, service
        self.state = ShotState.OFF
        self._shot: Shot | None = None
        self._ends_s = 0.0
        self._tones = Tones(is_muted)
        self._feed = LiveFeed(self)
        self._feed.arrived.connect(self._show_live)
        self._feed.troubled.connect(self._show_trouble)
        self._feed.failed.connect(lambda _: self._fail(CameraProblem.LOST.error()))
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count)
        self.stage = CameraStage()
        self._make_choices(countdown_s, is_muted)
        self._make_last(shows_last)
        self._make_buttons()
        self._lay_out()
        self._enter(ShotState.OFF)

    @property
    def is_camera_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self._feed.is_on

    def take(self) -> None:
        """Begin to count down."""
        if self.state is ShotState.LIVE:
            self._ends_s = monotonic() + self.countdown.currentData()
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

    def _make_choices(self, countdown_s: int, is_muted: bool) -> None:
        self.cameras = make_choice(self.tr("Camera"), self.tr("Which camera takes the picture"))
        self.cameras.activated.connect(lambda _: self._open(self.cameras.currentData()))
        asked = self.tr("Seconds until the picture is taken")
        self.countdown = named(QComboBox(), asked, self.tr("Time to walk into the picture"))
        for seconds in COUNTDOWNS_S:
            self.countdown.addItem(self.tr("in {seconds} s").format(seconds=seconds), seconds)
        self.countdown.setCurrentIndex(max(0, self.countdown.findData(countdown_s)))
        self.sound = TickBox(self.tr("Sound"))
        self.sound.setToolTip(self.tr("A tone for each second and one for the picture"))
        self.sound.setChecked(not is_muted)
        self.countdown.activated.connect(self._change_countdown)
        self.sound.toggled.connect(self._change_countdown)

    def _make_last(self, shows_last: bool) -> None:
        self.last = TickBox(stance.SHOW)
        self.last.setToolTip(stance.SHOW_TIP)
        self.last.setChecked(shows_last)
        self.last.toggled.connect(self._show_last)
        self.last.toggled.connect(self.shows_last_changed)
        if self._service is not None:
            self._service.profiles_changed.connect(self._show_last)
            self._service.profile_changed.connect(self._show_last)

    def _show_last(self) -> None:
        """Show how the person in use stood last time, if that is known and wanted."""
        check = self._service.last_check() if self._service is not None else None
        self.last.setVisible(check is not None and self._is_ready)
        self.stage.show_last(check if self.last.isChecked() else None)

    @property
    def _is_ready(self) -> bool:
        """Whether a picture can still be prepared for."""
        return self.state in (ShotState.OPENING, ShotState.LIVE)

    def _make_buttons(self) -> None:
        self.take_button = make_button(self.tr("Take the picture"), is_main=True, act=self.take)
        self.keep_button = make_button(self.tr("Measure this one"), is_main=True, act=self.keep)
        self.retake_button = make_button(self.tr("Retake"), act=self.retake)
        self.again_button = make_button(self.tr("Try again"), is_main=True, act=self.retake)
        self.phone_button = make_button(phone.BUTTON_SHORT, phone.ABOUT_BUTTON, act=self._use_phone)
        self.cancel_button = make_button(
            self.tr("Cancel"),
            self.tr("End the countdown, or leave the camera (Esc)"),
            act=self.cancel,
        )
        self.cancel_button.setShortcut("Esc")

    def _lay_out(self) -> None:
        starting, taken = (
            (self.cancel_button, self.retake_button),
            (self.keep_button, self.take_button),
        )
        buttons = self.phone_button, *starting, self.again_button, *taken
        for button in buttons:
            button.setAutoDefault(True)
        choices = self.cameras, self.countdown, self.sound, self.last
        in_column((self.stage, 1), in_row(*choices, 1, *buttons), on=self)

    def _use_phone(self) -> None:
        self._release()
        self.cancelled.emit()
        self.phone_wanted.emit()

    def _start(self) -> None:
        """Look for cameras beside the GUI thread, then open the one that was chosen before."""
        if self._source is not None:
            self._open(self._source)
            return
        self._enter(ShotState.OPENING)
        self.stage.show_sentence(self.tr("Looking for the camera…"))
        from vision.camera.capture import list_cameras

        self._jobs.start("cameras", list_cameras, self._found, self._fail)

    def _found(self, cameras: tuple[CameraInfo, ...]) -> None:
        if self.state is not ShotState.OPENING:
            return
        before = self.cameras.currentData()
        self.cameras.clear()
        for camera in cameras:
            self.cameras.addItem(camera.name, camera.index)
        if cameras:
            self.cameras.setCurrentIndex(max(0, self.cameras.findData(before)))
            self._open(self.cameras.currentData())
        else:
            self._fail(CameraProblem.NONE.error())

    def _open(self, source: CameraSource) -> None:
        self._stop_counting()
        self._enter(ShotState.OPENING)
        self.stage.show_sentence(self.tr("Opening the camera…"))
        self._feed.follow(source, FollowedPictures(), WANTED_PX)

    def _show_live(self, picture: LivePicture) -> None:
        if self.state is ShotState.OPENING:
            self._enter(ShotState.LIVE)
        if self.state is ShotState.COUNTING and monotonic() >= self._ends_s:
            self._take(picture)
        elif self.state in (ShotState.LIVE, ShotState.COUNTING):
            self.stage.show_image(picture.preview, is_mirrored=True)

    def _show_trouble(self, problem: CameraProblem | None) -> None:
        if problem is None:  # the picture that follows says it
            return
        if problem not in _PASSING:
            self._feed.stop()
            self._fail(problem.error())
        elif problem is not CameraProblem.STALLED or self.state is not ShotState.COUNTING:
            self._stop_counting()
            self._enter(ShotState.OPENING)
            self.stage.show_sentence(str(problem.error()))

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

    def _change_countdown(self) -> None:
        self._tones.is_muted = not self.sound.isChecked()
        self.countdown_changed.emit(self.countdown.currentData(), self._tones.is_muted)

    def _enter(self, state: ShotState) -> None:
        """Show what can be done now, with the most likely of it under the Enter key."""
        self.state = state
        is_ready = self._is_ready
        self._show_last()
        self.cameras.setVisible(is_ready and self.cameras.count() > 1)
        self.countdown.setVisible(is_ready)
        self.sound.setVisible(is_ready)
        self.phone_button.setVisible(is_ready or state is ShotState.FAILED)
        self.take_button.setVisible(is_ready)
        self.take_button.setEnabled(state is ShotState.LIVE)
        self.keep_button.setVisible(state is ShotState.TAKEN)
        self.retake_button.setVisible(state is ShotState.TAKEN)
        self.again_button.setVisible(state is ShotState.FAILED)
        likely = {
            ShotState.LIVE: self.take_button,
            ShotState.COUNTING: self.cancel_button,
            ShotState.TAKEN: self.keep_button,
            ShotState.FAILED: self.again_button,
        }.get(state)
        if likely is not None and self.isVisible():
            likely.setFocus(Qt.FocusReason.OtherFocusReason)


class CameraStage(PersonStage):
    """Paints the newest picture and beside it what to do or a digit, or a sentence alone.

    Attributes
    ----------
    digits
        What is counted, as it is painted.
    """

    def __init__(self) -> None:
        super().__init__(QSize(640, 480), QSize(240, 200))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Camera picture"))
        self.digits = ""
        self._is_taken = False
        self.show_image(QImage(), is_mirrored=True)

    def show_image(self, image: QImage, is_mirrored: bool) -> None:
        """Show a picture; a mirrored one is easier to stand by, but is not what is kept."""
        self._is_mirrored, self._is_taken = is_mirrored, not is_mirrored
        self.show_look(LiveLook(image, (0, 0), (), None))

    def show_digits(self, digits: str) -> None:
        """Paint these beside the picture; an empty text paints what to do."""
        self.digits = digits
        self._describe()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self.digits = ""
        super().show_sentence(sentence)

    def rooms(self) -> StageRooms:
        """Return where picture and words lie; of what was taken nothing is said."""
        if not self._is_taken:
            return super().rooms()
        stage = QRectF(self.rect())
        return StageRooms(fitted(stage, self._shape), QRectF())

    def _words(self, moment: None) -> list[str]:
        del moment
        if self.digits or self._is_taken:
            return [self.digits]
        return [check.CAMERA_CUE, self._reminder]

    @property
    def _reminder(self) -> str:
        return stance.remind(self.last) if self.last is not None else ""

    def _has_ghost(self, look: LiveLook[None]) -> bool:
        return super()._has_ghost(look) and not self._is_taken

    def _paint_words(self, painter: QPainter, rooms: StageRooms, look: LiveLook[None]) -> None:
        room = rooms.words.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        if self._is_taken:
            return
        if self.digits:
            paint_digits(painter, room, self.digits)
        elif not look.preview.isNull():
            painter.setPen(WHITE)
            most_px, (above, below) = letters_px(_CUE, self.height()), rows(room, 0.64, 0.36)
            paint_fitted(painter, above, check.CAMERA_CUE, most_px)
            paint_fitted(painter, below, self._reminder, most_px)


def paint_digits(painter: QPainter, room: QRectF, digits: str) -> None:
    """Paint digits as large as a room: legible at 1/200 of the distance, 15 mm at three metres."""
    path = QPainterPath()
    path.addText(QPointF(), font_for(painter, _DIGITS_PX, is_bold=True), digits)
    inked = path.boundingRect()
    scale = min(room.width() / inked.width(), room.height() / inked.height())
    painter.save()
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-inked.center())
    painter.fillPath(path, WHITE)
    painter.restore()
