"""Webcams, films and streams: which there are, which one is meant, and their pictures.

Pictures come one by one and the right way up. OpenCV and NumPy are loaded when the first
source is opened, so that importing this module stays fast.
"""

from __future__ import annotations

import math
import os
import re
import sys
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vision.camera.address import HTTP_SCHEMES, CameraAddress, read_address
from vision.camera.jpeg import decode_jpeg
from vision.messages import tr, translatable
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    import cv2
    import numpy as np
    from numpy.typing import NDArray

    from vision.camera.http_stream import HttpStream

#: A webcam's number as :func:`list_cameras` gives it, a film's path, or a stream's address.
CameraSource: TypeAlias = int | str | Path

#: Width and height that a webcam is asked for. At 720 lines a whole person is under 200 px
#: from hip to shoulder, where a warning begins.
WANTED_PX = (1920, 1080)
#: A camera wakes up slowly; later a gap this long means that it is gone.
_FIRST_PICTURE_S = 6.0
_SILENCE_S = 1.5
_OPEN_MS = 5000
_READ_MS = 1000
_PAUSE_S = 0.02
#: A picture sooner after the last one is let go by as it came: of 120 a second, decoding each
#: takes a core, and nobody sees more than every second one of them.
_LEAST_GAP_S = 0.012
_FALLBACK_FPS = 30.0
#: Beyond 8K.
_MAX_FILM_PIXELS = 40_000_000
#: FFmpeg's own words on standard error; "-8" is none. What fails is told as a CameraProblem.
_FFMPEG_LOG = ("OPENCV_FFMPEG_LOGLEVEL", "-8")
#: FFmpeg reads the film or speaks to the camera that was named, by these protocols. It reads
#: no playlist, which could lead anywhere, and no HTTP, for which it would take a proxy that
#: the environment names.
_FFMPEG_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_FFMPEG_SCHEMES = frozenset({"rtsp", "rtsps", "rtp", "udp", "tcp", "rtmp", "srt"})
_ONLY_WHAT_WAS_NAMED = "|".join(
    (
        # As OpenCV has it when no options are given.
        "rtsp_flags;prefer_tcp",
        f"protocol_whitelist;file,tls,{','.join(sorted(_FFMPEG_SCHEMES))}",
        "format_whitelist;avi,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpeg,mpegts,mpegvideo,m4v,"
        "h264,hevc,av1,obu,ivf,flv,live_flv,asf,ogg,mxf,mjpeg,rtsp,rtp,gif,wtv,dv,nut,vob",
    )
)
_V4L_TIMEOUT_S = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
#: One backend for each system, so that the numbers of :func:`list_cameras` fit.
_BACKENDS = {"win32": "CAP_DSHOW", "darwin": "CAP_AVFOUNDATION"}
_NUMBER = re.compile(r"(?:/dev/video)?([0-9]{1,4})")


class CameraError(ExplainedError):
    """A camera, film or stream that gives no pictures, or no more; ``problem`` says why."""

    def __init__(self, problem: CameraProblem, message: str, fix: str) -> None:
        super().__init__(message, fix)
        self.problem = problem


class CameraProblem(Enum):
    """Everything that keeps pictures from coming: what is wrong, and the fix."""

    NONE = (
        "No camera was found.",
        "Connect one and try again, or open a photograph instead.",
    )
    MISSING = (
        "This camera is not connected.",
        "Connect it and try again, or choose another one.",
    )
    BUSY = (
        "The camera cannot be opened.",
        "Close other programs that use it, allow this program to use it in the settings of "
        "your computer, then try again.",
    )
    LOST = (
        "The camera sends no pictures any more.",
        "Check its cable and that no other program took it over, then try again.",
    )
    NO_FILE = (
        "There is no such film.",
        "Check the name and the folder it should be in.",
    )
    UNPLAYABLE = (
        "The film cannot be played.",
        "Choose one saved as MP4 or AVI.",
    )
    UNREACHABLE = (
        "Nothing answers at this address.",
        "Check the address, and that the camera there is on and in the same network.",
    )
    REFUSED = (
        "The camera wants a name and a password.",
        "Type the address again with both in it, such as http://NAME:PASSWORD@192.168.0.20/video.",
    )
    NO_STREAM = (
        "There are no pictures to be had at this address.",
        "Look in the camera's settings for the address of its MJPEG or RTSP stream.",
    )
    BAD_PICTURES = (
        "The camera's pictures are damaged or far too large.",
        "Choose smaller pictures in the camera's settings, then start the camera again.",
    )
    STALLED = (
        "The camera has stopped sending new pictures.",
        "Wait a moment; if none come, check its cable or its network.",
    )
    BLACK = (
        "The camera's picture is black.",
        "Take the cover off the lens, and switch on a light.",
    )
    FROZEN = (
        "The camera sends the same picture again and again.",
        "If it does not recover by itself, unplug the camera and plug it in again, or start "
        "the camera app again.",
    )
    ENDED = (
        "The film has ended.",
        "Start it again.",
    )

    def error(self) -> CameraError:
        """Return the error to raise."""
        message, fix = self.value
        return CameraError(self, tr(message), tr(fix))


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


def camera_backend() -> int:
    """Return OpenCV's number for the system's own way to webcams."""
    import cv2

    return int(getattr(cv2, _BACKENDS.get(sys.platform, "CAP_V4L2")))


def list_cameras() -> tuple[CameraInfo, ...]:
    """Return the webcams that are connected, by number; takes a moment at the first call."""
    from cv2_enumerate_cameras import enumerate_cameras

    try:
        found = enumerate_cameras(camera_backend())
    except (NotImplementedError, OSError):
        return ()
    known = {item.index: item.name or f"Camera {item.index}" for item in found}
    return tuple(CameraInfo(index, known[index]) for index in sorted(known))


def find_camera(text: str = "") -> CameraSource:
    """Return the source that a person means.

    Parameters
    ----------
    text
        A webcam's number, its name or how that begins (in small or capital letters), the
        address of a stream, or a film. Nothing: the first webcam.

    Raises
    ------
    CameraError
        When there is no such source, or several; says which webcams there are.
    """
    text = text.strip()
    if "://" in text:
        return text
    known = list_cameras()
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _numbered(int(number[1]), known)
    if not text:
        if not known:
            raise CameraProblem.NONE.error()
        return known[0].index
    same = [camera for camera in known if camera.name.casefold() == text.casefold()]
    if same:  # one device may be there twice under its name; its pictures come from the first
        return same[0].index
    if Path(text).is_file():
        return Path(text)
    return _beginning(text, known)


def camera_again(index: int, name: str) -> int:
    """Return the number that a webcam has now.

    Plugged in again, a webcam may get another number, and another webcam its old one.

    Parameters
    ----------
    index, name
        As :func:`list_cameras` gave them once.

    Raises
    ------
    CameraError
        When no webcam of that name is connected.
    """
    numbers = [camera.index for camera in list_cameras() if camera.name == name]
    if not numbers:
        raise CameraProblem.MISSING.error()
    return index if index in numbers else numbers[0]


def is_film(source: CameraSource) -> bool:
    """Tell whether this is a file, whose pictures come as fast as they are asked for."""
    return not isinstance(source, int) and "://" not in str(source)


class Camera:
    """A source of pictures, open inside a ``with`` block.

    Parameters
    ----------
    source
        See :data:`CameraSource`. A text with ``://`` in it is an address, any other a path.
    wanted_px
        Width and height to ask a webcam for; it gives what it has nearest to them.

    Raises
    ------
    CameraError
        On entering, when there is no such source or it cannot be opened.
    """

    def __init__(self, source: CameraSource, *, wanted_px: tuple[int, int] = WANTED_PX) -> None:
        self._source, self._wanted_px = source, wanted_px
        self._is_film = is_film(source)
        self._capture: cv2.VideoCapture | None = None
        self._stream: HttpStream | None = None
        self._is_jpeg_by_jpeg = False
        self._has_bad_picture = False
        self._opened_s = 0.0
        self._seen_s: float | None = None
        self._decoded_s = -math.inf
        self._t_ms = -1.0

    def __enter__(self) -> Self:
        """Open the source."""
        self._open()
        self._opened_s = time.monotonic()
        self._seen_s, self._t_ms, self._has_bad_picture = None, -1.0, False
        self._decoded_s = -math.inf
        return self

    def __exit__(self, *_: object) -> None:
        """Let the source go; a camera's light goes off."""
        opened, self._capture, self._stream = self._capture or self._stream, None, None
        if opened is not None:
            opened.release()

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
        """Return the next picture, or None when none came within about a second, or too soon.

        No more than some 80 a second are handed over, but for a film's.

        Raises
        ------
        CameraError
            When a film has ended, or a camera or stream has been silent for too long.
        ValueError
            Outside the ``with`` block.
        """
        worked, sent = self._next()
        if worked and sent is None:
            return None
        rgb = self._decoded(sent) if worked else None
        self._has_bad_picture = worked and rgb is None
        if rgb is None:
            self._bear_silence(is_at_end=not worked)
            return None
        self._seen_s = time.monotonic()
        return CameraFrame(rgb, self._time_ms())

    def _next(self) -> tuple[bool, Any]:
        """Return whether there was something, and what; None where it came too soon."""
        if self._capture is not None:
            worked = self._capture.grab()
            if not worked or self._is_too_soon():
                return worked, None
            return self._capture.retrieve()
        if self._stream is None:
            raise ValueError("the camera is not open")
        from vision.camera.http_stream import StreamEnded

        try:
            jpeg = self._stream.read(_READ_MS / 1000)
        except StreamEnded:
            raise CameraProblem.LOST.error() from None
        if jpeg is None:
            return False, None
        return True, None if self._is_too_soon() else jpeg

    def _is_too_soon(self) -> bool:
        """Tell whether what just came follows another of a live camera by next to nothing."""
        now_s = time.monotonic()
        if self._is_film or now_s - self._decoded_s >= _LEAST_GAP_S:
            self._decoded_s = now_s
            return False
        return True

    def _decoded(self, sent: Any) -> NDArray[np.uint8] | None:
        """Return the picture in what was sent; None when it is of no use."""
        import cv2
        import numpy as np

        if self._is_jpeg_by_jpeg:
            return decode_jpeg(bytes(sent))
        if sent.shape[0] * sent.shape[1] > _MAX_FILM_PIXELS:
            return None
        return np.asarray(cv2.cvtColor(sent, cv2.COLOR_BGR2RGB), np.uint8)

    def _bear_silence(self, is_at_end: bool) -> None:
        """Wait a little for the next picture, or give up."""
        if self._is_film:
            if is_at_end:
                raise CameraProblem.ENDED.error()
            return
        now_s = time.monotonic()
        if self._seen_s is None:
            is_gone = now_s - self._opened_s > _FIRST_PICTURE_S
        else:
            is_gone = now_s - self._seen_s > _SILENCE_S
        if is_gone:
            problem = CameraProblem.BAD_PICTURES if self._has_bad_picture else CameraProblem.LOST
            raise problem.error()
        time.sleep(_PAUSE_S)

    def _time_ms(self) -> float:
        import cv2

        capture = self._capture
        if capture is None or not self._is_film:
            self._t_ms = (time.monotonic() - self._opened_s) * 1000
            return self._t_ms
        t_ms = capture.get(cv2.CAP_PROP_POS_MSEC)
        if not t_ms > self._t_ms:  # some files carry no times, or wrong ones
            t_ms = self._t_ms + 1000 / (capture.get(cv2.CAP_PROP_FPS) or _FALLBACK_FPS)
        self._t_ms = t_ms
        return t_ms

    def _open(self) -> None:
        if isinstance(self._source, int):
            self._capture = _open_webcam(self._source, self._wanted_px)
            return
        if self._is_film:
            if not Path(self._source).is_file():
                raise CameraProblem.NO_FILE.error()
            self._capture = _open_film(os.fspath(self._source), CameraProblem.UNPLAYABLE)
        else:
            address = read_address(str(self._source))
            if address.scheme in HTTP_SCHEMES:
                self._stream, self._is_jpeg_by_jpeg = _open_http(address), True
                return
            if address.scheme not in _FFMPEG_SCHEMES or not address.host:
                raise CameraProblem.UNREACHABLE.error()
            self._capture = _open_film(address.full, CameraProblem.UNREACHABLE)
        self._is_jpeg_by_jpeg = _take_jpeg_by_jpeg(self._capture)


def _open_http(address: CameraAddress) -> HttpStream:
    from vision.camera.http_stream import HttpStream, NoAnswer, NoPictures, PasswordWanted

    try:
        return HttpStream(address, _OPEN_MS / 1000)
    except NoAnswer:
        raise CameraProblem.UNREACHABLE.error() from None
    except NoPictures:
        raise CameraProblem.NO_STREAM.error() from None
    except PasswordWanted:
        raise CameraProblem.REFUSED.error() from None


def _open_webcam(index: int, wanted_px: tuple[int, int]) -> cv2.VideoCapture:
    """Open a webcam, or say whether it is missing or only not to be had."""
    import cv2

    known = list_cameras()
    if not known:
        raise CameraProblem.NONE.error()
    if all(camera.index != index for camera in known):
        raise CameraProblem.MISSING.error()
    # OpenCV's own limit for one picture is 10 s, far too long for a button to answer.
    os.environ.setdefault(_V4L_TIMEOUT_S, "1")
    capture = _opened(index, camera_backend(), [])
    if capture is None:
        raise CameraProblem.BUSY.error()
    # Uncompressed pictures of this size come at five a second over USB.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, wanted_px[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted_px[1])
    # A queue in the driver would show the past.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def _open_film(name: str, problem: CameraProblem) -> cv2.VideoCapture:
    import cv2

    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_MS),
    ]
    os.environ.setdefault(*_FFMPEG_LOG)
    os.environ[_FFMPEG_OPTIONS] = _ONLY_WHAT_WAS_NAMED
    capture = _opened(name, cv2.CAP_FFMPEG, limits)
    if capture is None:
        raise problem.error()
    size_px = capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    if size_px > _MAX_FILM_PIXELS:
        capture.release()
        is_film = problem is CameraProblem.UNPLAYABLE
        raise (problem if is_film else CameraProblem.BAD_PICTURES).error()
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


def _take_jpeg_by_jpeg(capture: cv2.VideoCapture) -> bool:
    """Have a source of JPEGs hand them over undecoded; tell whether it does.

    OpenCV would press every picture of a stream into the size of its first, and so distort
    a person when a phone is turned.
    """
    import cv2

    is_jpeg = int(capture.get(cv2.CAP_PROP_FOURCC)) == cv2.VideoWriter.fourcc(*"MJPG")
    is_upright = capture.get(cv2.CAP_PROP_ORIENTATION_META) == 0
    return is_jpeg and is_upright and capture.set(cv2.CAP_PROP_FORMAT, -1)


def _opened(source: Any, backend: int, options: list[int]) -> cv2.VideoCapture | None:
    import cv2

    # For as long as the program runs: OpenCV also comments on silence while reading.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        capture = cv2.VideoCapture(source, backend, options)
    except cv2.error:
        return None
    return capture if capture.isOpened() else None


def _numbered(index: int, known: tuple[CameraInfo, ...]) -> int:
    if not known:
        raise CameraProblem.NONE.error()
    if all(camera.index != index for camera in known):
        raise _unknown(
            tr("There is no camera with the number {number}.").format(number=index), known
        )
    return index


def _beginning(text: str, known: tuple[CameraInfo, ...]) -> int:
    # An address without its beginning may hold a password, which nobody is to read.
    shown = text.rpartition("@")[2]
    similar = [camera for camera in known if camera.name.casefold().startswith(text.casefold())]
    names = {camera.name for camera in similar}
    if len(names) == 1:
        return similar[0].index
    if names:
        raise _unknown(
            tr("Several cameras have a name that begins with '{name}'.").format(name=shown), known
        )
    if os.sep in text or "/" in text or Path(text).suffix:
        raise CameraProblem.NO_FILE.error()
    raise _unknown(tr("There is no camera and no film called '{name}'.").format(name=shown), known)


def _unknown(sentence: str, known: tuple[CameraInfo, ...]) -> CameraError:
    if not known:
        fix = tr("No camera is connected; connect one, or give a film or the address of a stream.")
    else:
        listed = ", ".join(f"{camera.name} ({camera.index})" for camera in known)
        fix = tr("Connected: {cameras}.").format(cameras=listed)
    return CameraError(CameraProblem.MISSING, sentence, fix)


translatable(
    __name__,
    but=("_BACKENDS", "_FFMPEG_LOG", "_FFMPEG_OPTIONS", "_ONLY_WHAT_WAS_NAMED", "_V4L_TIMEOUT_S"),
)
