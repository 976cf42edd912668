"""A camera on a thread of its own: the newest picture only, and never a queue of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QThread, pyqtSignal
from PyQt6.QtGui import QImage

from vision.camera.errors import CameraProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vision.camera.capture import Camera, CameraFrame, CameraSource

_log = logging.getLogger(__name__)
#: Longest side of the picture to look at; scaling a larger one would hold up the GUI thread.
_PREVIEW_SIDE_PX = 1280
_STOP_MS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class LivePicture:
    """A picture as it comes from the camera, and a smaller one to look at.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, not mirrored.
    t_ms
        See :class:`vision.camera.capture.CameraFrame`.
    preview
        At most 1280 px along its longer side, not mirrored.
    """

    rgb: NDArray[np.uint8]
    t_ms: float
    preview: QImage


class CameraThread(QThread):
    """Reads one source until it is told to stop, or the source fails."""

    #: A picture is there to take; not said again before it was taken.
    arrived = pyqtSignal()
    #: A :class:`vision.camera.capture.CameraError`, or whatever else went wrong.
    failed = pyqtSignal(object)

    def __init__(self, source: CameraSource) -> None:
        super().__init__()
        self._source = source
        self._stopping = Event()
        self._lock = Lock()
        self._newest: LivePicture | None = None

    def take_newest(self) -> LivePicture | None:
        """Return the newest picture, once; older ones are gone."""
        with self._lock:
            picture, self._newest = self._newest, None
        return picture

    def ask_to_stop(self) -> None:
        """Have it end after the picture that is being read; returns at once."""
        self._stopping.set()

    def run(self) -> None:
        """Read until told to stop."""
        from vision.camera.capture import Camera

        try:
            with Camera(self._source) as camera:
                self._read(camera)
        except Exception as error:  # a thread has nobody above it; the page tells the person
            if not self._stopping.is_set():
                self.failed.emit(error)

    def _read(self, camera: Camera) -> None:
        started_s = monotonic()
        while not self._stopping.is_set():
            frame = camera.read()
            if frame is None:
                continue
            if camera.is_film:
                # A film would rush by; a camera sets its own pace.
                self._stopping.wait(max(0.0, started_s + frame.t_ms / 1000 - monotonic()))
            self._offer(frame)

    def _offer(self, frame: CameraFrame) -> None:
        picture = LivePicture(frame.rgb, frame.t_ms, _preview(frame.rgb))
        with self._lock:
            was_taken, self._newest = self._newest is None, picture
        if was_taken and not self._stopping.is_set():
            self.arrived.emit()


class CameraFeed(QObject):
    """At most one camera at a time, for a page that comes and goes.

    Starting and stopping return at once. A camera that is started while the one before
    still lets go waits for it, since one device cannot be opened twice.
    """

    #: A :class:`LivePicture`.
    arrived = pyqtSignal(object)
    #: A :class:`vision.camera.capture.CameraError`; the camera is off then.
    failed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: CameraThread | None = None
        self._leaving: set[CameraThread] = set()
        self._wanted: CameraSource | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self._current is not None or self._wanted is not None

    def start(self, source: CameraSource) -> None:
        """Show this source from now on, instead of any other."""
        self.stop()
        self._wanted = source
        self._start_wanted()

    def stop(self) -> None:
        """Switch the camera off; what it sends from now on is dropped."""
        self._wanted = None
        thread, self._current = self._current, None
        if thread is not None:
            self._leaving.add(thread)
            thread.ask_to_stop()

    def close(self, at_most_ms: int = _STOP_MS) -> bool:
        """Switch off and wait; tell whether every thread has ended."""
        self.stop()
        until_s = monotonic() + at_most_ms / 1000
        for thread in list(self._leaving):
            left_ms = max(0, round((until_s - monotonic()) * 1000))
            if thread.wait(left_ms):
                self._leaving.discard(thread)
        _stragglers.update(self._leaving)
        return not self._leaving

    def _start_wanted(self) -> None:
        if self._wanted is None or self._leaving:
            return
        thread = CameraThread(self._wanted)
        self._wanted, self._current = None, thread
        thread.arrived.connect(lambda: self._take(thread))
        thread.failed.connect(lambda error: self._fail(thread, error))
        thread.finished.connect(lambda: self._forget(thread))
        thread.start()

    def _take(self, thread: CameraThread) -> None:
        picture = thread.take_newest()
        if thread is self._current and picture is not None:
            self.arrived.emit(picture)

    def _fail(self, thread: CameraThread, error: Exception) -> None:
        if thread is not self._current:
            return
        from vision.camera.errors import CameraError

        if not isinstance(error, CameraError):
            _log.error("Reading the camera failed", exc_info=error)
            error = CameraProblem.LOST.error()
        self.stop()
        self.failed.emit(error)

    def _forget(self, thread: CameraThread) -> None:
        self._leaving.discard(thread)
        _stragglers.discard(thread)
        thread.deleteLater()
        self._start_wanted()


#: Threads that a driver still holds after the window has closed: Qt ends the program when
#: one of them is thrown away while it runs.
_stragglers: set[CameraThread] = set()


def is_any_held() -> bool:
    """Tell whether a driver still holds a camera that was switched off."""
    return any(thread.isRunning() for thread in _stragglers)


def _preview(rgb: NDArray[np.uint8]) -> QImage:
    """Return a copy small enough to be painted quickly, in Qt's fastest format."""
    import cv2

    height_px, width_px = rgb.shape[:2]
    ratio = min(1.0, _PREVIEW_SIDE_PX / max(width_px, height_px))
    size = max(1, round(width_px * ratio)), max(1, round(height_px * ratio))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if ratio < 1 else rgb
    pixels = cv2.cvtColor(small, cv2.COLOR_RGB2BGRA)
    shared = QImage(pixels.tobytes(), *size, 4 * size[0], QImage.Format.Format_RGB32)
    # The copy owns its pixels.
    return QImage(shared.copy())
