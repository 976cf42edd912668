"""Pictures from a webcam, a film or a stream, one by one and the right way up.

OpenCV is loaded when the first source is opened, so that importing this module stays fast.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from vision.camera_errors import CameraError, CameraProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    import cv2
    from numpy.typing import NDArray

__all__ = [
    "Camera",
    "CameraError",
    "CameraFrame",
    "CameraInfo",
    "CameraProblem",
    "CameraSource",
    "list_cameras",
]

#: A webcam's number as :func:`list_cameras` gives it, a film's path, or a stream's address.
CameraSource: TypeAlias = int | str | Path

#: At 720 lines a whole person is under 200 px from hip to shoulder, where a warning begins.
_WANTED_PX = (1920, 1080)
#: A camera wakes up slowly; later a gap this long means that it is gone.
_FIRST_PICTURE_S = 6.0
_SILENCE_S = 1.5
_OPEN_MS = 5000
_READ_MS = 1000
_PAUSE_S = 0.02
_FALLBACK_FPS = 30.0
#: One backend for each system, so that the numbers of :func:`list_cameras` fit.
_BACKENDS = {"win32": "CAP_DSHOW", "darwin": "CAP_AVFOUNDATION"}
_V4L_TIMEOUT_S = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A webcam that is connected.

    Attributes
    ----------
    index
        What :class:`Camera` takes.
    name
        For people.
    """

    index: int
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """One picture of a source.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, C-contiguous, colours in the order red, green,
        blue; x right, y down, as the lens sees it: not mirrored.
    t_ms
        Since the source was opened; of a film, since its beginning. Never falls.
    """

    rgb: NDArray[np.uint8]
    t_ms: float


def list_cameras() -> tuple[CameraInfo, ...]:
    """Return the webcams that are connected, by number; takes a moment at the first call."""
    from cv2_enumerate_cameras import enumerate_cameras

    try:
        found = enumerate_cameras(_backend())
    except (NotImplementedError, OSError):
        return ()
    known = {item.index: item.name or f"Camera {item.index}" for item in found}
    return tuple(CameraInfo(index, known[index]) for index in sorted(known))


class Camera:
    """A source of pictures, open inside a ``with`` block.

    Parameters
    ----------
    source
        See :data:`CameraSource`. A text with ``://`` in it is an address, any other a path.

    Raises
    ------
    CameraError
        On entering, when there is no such source or it cannot be opened.
    """

    def __init__(self, source: CameraSource) -> None:
        self._source = source
        self._capture: cv2.VideoCapture | None = None
        self._opened_s = 0.0
        self._seen_s: float | None = None
        self._t_ms = -1.0

    @property
    def is_film(self) -> bool:
        """Tell whether this is a file, whose pictures come as fast as they are asked for."""
        return not isinstance(self._source, int) and "://" not in str(self._source)

    def __enter__(self) -> Self:
        """Open the source."""
        self._capture = self._open()
        self._opened_s = time.monotonic()
        self._seen_s, self._t_ms = None, -1.0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the source go; a camera's light goes off."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def __iter__(self) -> Iterator[CameraFrame]:
        """Yield pictures until a film ends.

        Raises
        ------
        CameraError
            When a camera or stream falls silent.
        """
        while True:
            try:
                frame = self.read()
            except CameraError as error:
                if error.problem is CameraProblem.ENDED:
                    return
                raise
            if frame is not None:
                yield frame

    def read(self) -> CameraFrame | None:
        """Return the next picture, or None when none came within about a second.

        Raises
        ------
        CameraError
            When a film has ended, or a camera or stream has been silent for too long.
        ValueError
            Outside the ``with`` block.
        """
        if self._capture is None:
            raise ValueError("the camera is not open")
        import cv2

        worked, bgr = self._capture.read()
        if not worked:
            self._bear_silence()
            return None
        self._seen_s = time.monotonic()
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        return CameraFrame(np.asarray(rgb, np.uint8), self._time_ms(self._capture))

    def _bear_silence(self) -> None:
        """Wait a little for the next picture, or give up."""
        if self.is_film:
            raise CameraProblem.ENDED.error()
        now_s = time.monotonic()
        if self._seen_s is None:
            is_gone = now_s - self._opened_s > _FIRST_PICTURE_S
        else:
            is_gone = now_s - self._seen_s > _SILENCE_S
        if is_gone:
            raise CameraProblem.LOST.error()
        time.sleep(_PAUSE_S)

    def _time_ms(self, capture: cv2.VideoCapture) -> float:
        import cv2

        if not self.is_film:
            self._t_ms = (time.monotonic() - self._opened_s) * 1000
            return self._t_ms
        t_ms = capture.get(cv2.CAP_PROP_POS_MSEC)
        if not t_ms > self._t_ms:  # some files carry no times, or wrong ones
            t_ms = self._t_ms + 1000 / (capture.get(cv2.CAP_PROP_FPS) or _FALLBACK_FPS)
        self._t_ms = t_ms
        return t_ms

    def _open(self) -> cv2.VideoCapture:
        if isinstance(self._source, int):
            return _open_webcam(self._source)
        if not self.is_film:
            return _open_film(str(self._source), CameraProblem.UNREACHABLE)
        if not Path(self._source).is_file():
            raise CameraProblem.NO_FILE.error()
        return _open_film(os.fspath(self._source), CameraProblem.UNPLAYABLE)


def _backend() -> int:
    import cv2

    return int(getattr(cv2, _BACKENDS.get(sys.platform, "CAP_V4L2")))


def _open_webcam(index: int) -> cv2.VideoCapture:
    """Open a webcam, or say whether it is missing or only not to be had."""
    import cv2

    known = list_cameras()
    if not known:
        raise CameraProblem.NONE.error()
    if all(camera.index != index for camera in known):
        raise CameraProblem.MISSING.error()
    # OpenCV's own limit for one picture is 10 s, far too long for a button to answer.
    os.environ.setdefault(_V4L_TIMEOUT_S, "1")
    capture = _opened(index, _backend(), [])
    if capture is None:
        raise CameraProblem.BUSY.error()
    # Uncompressed pictures of this size come at five a second over USB.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WANTED_PX[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _WANTED_PX[1])
    # A queue in the driver would show the past.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def _open_film(name: str, problem: CameraProblem) -> cv2.VideoCapture:
    import cv2

    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_MS),
    ]
    capture = _opened(name, cv2.CAP_FFMPEG, limits)
    if capture is None:
        raise problem.error()
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


def _opened(source: Any, backend: int, options: list[int]) -> cv2.VideoCapture | None:
    """Open without OpenCV's own words on standard error; None when that fails."""
    import cv2

    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        capture = cv2.VideoCapture(source, backend, options)
    except cv2.error:
        return None
    finally:
        cv2.utils.logging.setLogLevel(level)
    return capture if capture.isOpened() else None
