"""The row of controls below the camera's picture."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QWidget

from app.gui.style.theme import GAP_PX, Kind, set_kind

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal

    from vision.camera.capture import CameraInfo

COUNTDOWNS_S = (3, 5, 10)


class ShotState(StrEnum):
    """What the camera page is at."""

    OFF = "off"
    OPENING = "opening"
    LIVE = "live"
    COUNTING = "counting"
    TAKEN = "taken"
    FAILED = "failed"


class CameraControls(QWidget):
    """Shows, in each state, the controls that do something in it."""

    take_wanted = pyqtSignal()
    keep_wanted = pyqtSignal()
    retake_wanted = pyqtSignal()
    cancel_wanted = pyqtSignal()
    #: A webcam's number.
    camera_chosen = pyqtSignal(int)
    #: Seconds of countdown, and whether it is silent.
    countdown_changed = pyqtSignal(int, bool)

    def __init__(self, countdown_s: int, is_muted: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_choices(countdown_s, is_muted)
        self.take = self._button(self.tr("Take the picture"), self.take_wanted, is_main=True)
        self.keep = self._button(self.tr("Measure this one"), self.keep_wanted, is_main=True)
        self.retake = self._button(self.tr("Retake"), self.retake_wanted)
        self.again = self._button(self.tr("Try again"), self.retake_wanted, is_main=True)
        self.cancel = self._button(self.tr("Cancel"), self.cancel_wanted)
        self.cancel.setShortcut("Esc")
        self.cancel.setToolTip(self.tr("End the countdown, or leave the camera (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        for choice in (self.cameras, self.countdown, self.sound):
            row.addWidget(choice)
        row.addStretch(1)
        for button in (self.cancel, self.retake, self.again, self.keep, self.take):
            row.addWidget(button)

    @property
    def countdown_s(self) -> int:
        """Seconds until the picture is taken."""
        return int(self.countdown.currentData())

    @property
    def is_muted(self) -> bool:
        """Whether the countdown is silent."""
        return not self.sound.isChecked()

    def list_cameras(self, cameras: tuple[CameraInfo, ...]) -> int | None:
        """Offer these, and return the one to open: the one before if it is still there."""
        before = self.cameras.currentData()
        self.cameras.clear()
        for camera in cameras:
            self.cameras.addItem(camera.name, camera.index)
        self.cameras.setCurrentIndex(max(0, self.cameras.findData(before)) if cameras else -1)
        chosen = self.cameras.currentData()
        return None if chosen is None else int(chosen)

    def show_state(self, state: ShotState) -> None:
        """Show what can be done now, with the most likely of it under the Enter key."""
        is_ready = state in (ShotState.OPENING, ShotState.LIVE)
        self.cameras.setVisible(is_ready and self.cameras.count() > 1)
        self.countdown.setVisible(is_ready)
        self.sound.setVisible(is_ready)
        self.take.setVisible(is_ready)
        self.take.setEnabled(state is ShotState.LIVE)
        self.keep.setVisible(state is ShotState.TAKEN)
        self.retake.setVisible(state is ShotState.TAKEN)
        self.again.setVisible(state is ShotState.FAILED)
        likely = {
            ShotState.LIVE: self.take,
            ShotState.COUNTING: self.cancel,
            ShotState.TAKEN: self.keep,
            ShotState.FAILED: self.again,
        }.get(state)
        if likely is not None and self.isVisible():
            likely.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_choices(self, countdown_s: int, is_muted: bool) -> None:
        self.cameras = QComboBox()
        self.cameras.setAccessibleName(self.tr("Camera"))
        self.cameras.setToolTip(self.tr("Which camera takes the picture"))
        self.cameras.setMinimumContentsLength(8)
        self.cameras.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.cameras.activated.connect(
            lambda _: self.camera_chosen.emit(self.cameras.currentData())
        )
        self.countdown = QComboBox()
        self.countdown.setAccessibleName(self.tr("Seconds until the picture is taken"))
        self.countdown.setToolTip(self.tr("Time to walk into the picture"))
        for seconds in COUNTDOWNS_S:
            self.countdown.addItem(self.tr("in {seconds} s").format(seconds=seconds), seconds)
        self.countdown.setCurrentIndex(max(0, self.countdown.findData(countdown_s)))
        self.sound = QCheckBox(self.tr("Sound"))
        self.sound.setToolTip(self.tr("A tone for each second and one for the picture"))
        self.sound.setChecked(not is_muted)
        self.countdown.activated.connect(self._tell_countdown)
        self.sound.toggled.connect(self._tell_countdown)

    def _tell_countdown(self) -> None:
        self.countdown_changed.emit(self.countdown_s, self.is_muted)

    def _button(self, text: str, wanted: pyqtBoundSignal, is_main: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _: wanted.emit())
        button.setAutoDefault(True)
        if is_main:
            set_kind(button, Kind.PRIMARY)
        return button
