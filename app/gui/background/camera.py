"""A camera beside the GUI thread: pictures, what is seen in them, and only the newest to show."""

from __future__ import annotations

import logging
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from app.history.change.stance import stance_of
from vision.camera.capture import CameraProblem
from vision.live.events import shown_tilt
from vision.overlay.build import build_overlay
from vision.overlay.shapes import Banner, Label, Role
from vision.result import Measured

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtCore import pyqtBoundSignal

    from app.history.change.stance import SeenStance
    from vision.camera.capture import CameraFrame, CameraSource
    from vision.camera.stream import FeedEvent, NewestFrame
    from vision.live.events import AnyMoment, Sighting
    from vision.live.session import LiveSession
    from vision.overlay.shapes import Shape
    from vision.result import Capture, Rejected, TiltEstimate

_log = logging.getLogger(__name__)
#: After one of these no picture will come any more.
FINAL = frozenset({CameraProblem.ENDED, CameraProblem.NO_FILE, CameraProblem.UNPLAYABLE})
#: How often it looks whether it is to stop.
_TAKE_S = 0.1
#: Pictures under way end long before.
_UNDER_WAY_S = 2.0
#: A driver holds a camera no longer; see :mod:`vision.camera.stream`.
_LETTING_GO_S = 6.0
_STOP_MS = 900
#: Longest side of the picture to look at.
_PREVIEW_SIDE_PX = 1280
#: A contour drawn this far off, in pixels of the preview, looks the same and costs a fifth.
_OUTLINE_OFF_PX = 0.7
#: Below this an average of pixels is needed, else edges flicker.
_AVERAGE_BELOW = 0.5
#: What shows an angle.
_OF_TILT = frozenset({Role.TILT, Role.INTERVAL, Role.HORIZONTAL})
#: Runs that a driver still holds after the window has closed, kept until they have ended.
_stragglers: set[LiveRun] = set()
_Moment = TypeVar("_Moment")


class LiveFeed(QObject):
    """At most one camera at a time, for a page that comes and goes.

    Starting and stopping return at once. A camera that is started while the one before
    still lets go waits for it, since one device cannot be opened twice.
    """

    #: A :class:`LiveLook`, or whatever else what is followed makes of a picture.
    arrived = pyqtSignal(object)
    #: See :class:`LiveRun`.
    happened = pyqtSignal(object)
    troubled = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: LiveRun | None = None
        self._leaving: set[LiveRun] = set()
        self._wanted: LiveRun | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether a camera is running or about to."""
        return self._current is not None or self._wanted is not None

    def start(self, source: CameraSource, session: LiveSession, wanted_px: tuple[int, int]) -> None:
        """Follow a live check in this camera's pictures from now on."""
        self.follow(source, FollowedCheck(session), wanted_px)

    def follow(self, source: CameraSource, followed: Followed, wanted_px: tuple[int, int]) -> None:
        """Follow this in the camera's pictures from now on."""
        self.stop()
        self._wanted = LiveRun(source, followed, wanted_px)
        self._start_wanted()

    def stop(self) -> None:
        """Switch the camera off; what it sends from now on is dropped."""
        self._wanted = None
        run, self._current = self._current, None
        if run is not None:
            self._leaving.add(run)
            run.ask_to_stop()

    def close(self, at_most_ms: int = _STOP_MS) -> bool:
        """Switch off and wait; tell whether every thread has ended."""
        self.stop()
        until_s = monotonic() + at_most_ms / 1000
        self._leaving = {run for run in self._leaving if not run.wait(until_s - monotonic())}
        _stragglers.update(self._leaving)
        return not self._leaving

    def _start_wanted(self) -> None:
        if self._wanted is None or self._leaving:
            return
        run = self._current = self._wanted
        self._wanted = None
        run.arrived.connect(lambda: self._take(run))
        run.happened.connect(lambda moment: self._pass_on(run, self.happened, moment))
        run.troubled.connect(lambda problem: self._pass_on(run, self.troubled, problem))
        run.failed.connect(lambda error: self._fail(run, error))
        run.ended.connect(lambda: self._forget(run))
        run.start()

    def _take(self, run: LiveRun) -> None:
        look = run.take_newest()
        if run is self._current and look is not None:
            self.arrived.emit(look)

    def _pass_on(self, run: LiveRun, signal: pyqtBoundSignal, value: object) -> None:
        if run is self._current:
            signal.emit(value)

    def _fail(self, run: LiveRun, error: Exception) -> None:
        _log.error("The %s failed", run.followed.name, exc_info=error)
        if run is self._current:
            self.stop()
            self.failed.emit(error)

    def _forget(self, run: LiveRun) -> None:
        self._leaving.discard(run)
        _stragglers.discard(run)
        if run is self._current:
            self._current = None
        self._start_wanted()


class LiveRun(QObject):
    """One camera, from switching it on to letting it go, on a thread of its own.

    That thread is a daemon: a driver, or the loading of the models, may hold it for longer
    than a person who closes the window wants to wait.
    """

    #: Something to show is there to take; not said again before it was taken.
    arrived = pyqtSignal()
    #: A moment that must reach the page, such as the end; none of them is ever dropped.
    happened = pyqtSignal(object)
    #: A :class:`CameraProblem` while it lasts, about once a second; None when pictures come.
    troubled = pyqtSignal(object)
    #: Whatever went wrong in measuring; it has stopped then.
    failed = pyqtSignal(object)
    #: The camera is off.
    ended = pyqtSignal()

    def __init__(
        self, source: CameraSource, followed: Followed, wanted_px: tuple[int, int]
    ) -> None:
        super().__init__()
        self.followed = followed
        self._source, self._wanted_px = source, wanted_px
        self._stopping = Event()
        self._lock = Lock()
        self._newest: FrameLook | None = None
        self._feed: NewestFrame | None = None
        self._last: Future[Any] | None = None
        self._is_troubled = False
        self._thread = Thread(target=self._run, name="beltline-camera-run", daemon=True)

    def start(self) -> None:
        """Switch on; returns at once."""
        self._thread.start()

    def take_newest(self) -> FrameLook | None:
        """Return what is to be shown, once; older pictures are gone."""
        with self._lock:
            look, self._newest = self._newest, None
        return look

    def ask_to_stop(self) -> None:
        """Have it let the camera go; returns at once."""
        self._stopping.set()
        feed = self._feed
        if feed is not None:
            feed.ask_to_stop()

    def wait(self, at_most_s: float) -> bool:
        """Wait for the end; tell whether it came."""
        self._thread.join(max(0.0, at_most_s))
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._follow()
        except Exception as error:  # a thread has nobody above it; the page tells the person
            self._give_up(error)
        finally:
            self._tell(self.ended)

    def _follow(self) -> None:
        from vision.camera.stream import NewestFrame

        if self._stopping.is_set():
            return
        feed = self._feed = NewestFrame(self._source, wanted_px=self._wanted_px)
        view: FrameView | None = None
        try:
            self.followed.begin_camera()
            feed.start()  # the camera wakes up while the models are loaded
            view = self.followed.open_view()
            while not self._stopping.is_set():
                event = feed.take(_TAKE_S)
                if event is not None and not self._stopping.is_set():
                    self._look(view, event)
        finally:
            feed.ask_to_stop()
            if view is not None:
                view.close()
            feed.close(_LETTING_GO_S)

    def _look(self, view: FrameView, event: FeedEvent) -> None:
        if event.frame is not None:
            if self._is_troubled:
                self._is_troubled = False
                self._tell(self.troubled, None)
            self._last = view.begin(event.frame, event.epoch)
            self._last.add_done_callback(partial(self._take, event.frame))
        elif event.problem is not None:
            if self._last is not None:
                wait((self._last,), _UNDER_WAY_S)  # what was seen before comes before
            self._is_troubled = True
            lost = self.followed.lose(event.problem, event.t_ms)
            if lost is not None:
                self._offer(lost)
            self._tell(self.troubled, event.problem)
            if event.problem in FINAL:
                self._stopping.set()

    def _take(self, picture: CameraFrame, answer: Future[Any]) -> None:
        """Follow the person; on the thread beside, in the order of the pictures."""
        if self._stopping.is_set() or answer.cancelled():
            return
        try:
            look = self.followed.see(picture, answer.result())
            if self.followed.is_to_be_kept(look.moment):
                self._tell(self.happened, look.moment)
            self._offer(look)
        except Exception as error:  # the executor would only log it, once for each picture
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        was_stopping = self._stopping.is_set()
        self._stopping.set()
        if not was_stopping:
            self._tell(self.failed, error)

    def _offer(self, look: FrameLook) -> None:
        with self._lock:
            was_taken, self._newest = self._newest is None, look
        if was_taken:
            self._tell(self.arrived)

    def _tell(self, signal: pyqtBoundSignal, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:  # the window was closed meanwhile
            _log.debug("A live picture came after the window had closed")


class Followed(Protocol):
    """What goes on in front of a camera and outlives its pauses.

    All of it but the name is used off the GUI thread.
    """

    @property
    def name(self) -> str:
        """What it is, for the log."""
        ...

    def begin_camera(self) -> None:
        """Take what comes from now on for pictures after a pause."""
        return

    def open_view(self) -> FrameView:
        """Return what looks at the pictures; loading its models may take a second."""
        ...

    def see(self, picture: CameraFrame, sighting: Any) -> FrameLook:
        """Follow what the view answered on a picture."""
        ...

    def lose(self, problem: CameraProblem, t_ms: float) -> FrameLook | None:
        """Take note of what keeps pictures from coming, at a time of the camera.

        What it returns is shown in place of a picture; None leaves what is shown.
        """
        del problem, t_ms
        return None

    def is_to_be_kept(self, moment: Any) -> bool:
        """Tell whether a moment must reach the page even if newer ones overtake it."""
        del moment
        return False


class FrameView(Protocol):
    """Finds in pictures what is to be followed, on a thread of its own."""

    def begin(self, camera_frame: CameraFrame, epoch: int = 0) -> Future[Any]:
        """Begin to look at a picture; answers come in order."""
        ...

    def close(self) -> None:
        """Wait for what is under way, and let the models go."""
        ...


class FollowedCheck(Followed):
    """A live check or squeeze test."""

    name = "live check"

    def __init__(self, session: LiveSession) -> None:
        self._session = session

    def begin_camera(self) -> None:
        """See :class:`Followed`."""
        self._session.begin_camera()

    def open_view(self) -> FrameView:
        """See :class:`Followed`."""
        from vision.live.view import LiveView

        return LiveView()

    def see(self, picture: CameraFrame, sighting: Sighting) -> LiveLook[AnyMoment]:
        """See :class:`Followed`."""
        del picture  # the sighting holds it as it was measured
        return look_at(sighting, self._session.add(sighting))

    def lose(self, problem: CameraProblem, t_ms: float) -> LiveLook[AnyMoment]:
        """See :class:`Followed`."""
        return nothing_seen(self._session.lose(problem, t_ms))

    def is_to_be_kept(self, moment: AnyMoment) -> bool:
        """Keep captures, the end, and a raised arm."""
        has_capture = getattr(moment, "capture", None) is not None
        return has_capture or moment.finished is not None or moment.is_cancelled


class FollowedPictures(Followed):
    """Nothing but the pictures, for somebody who takes one of them."""

    name = "camera"

    def open_view(self) -> FrameView:
        """See :class:`Followed`; there is nothing to look for."""
        return self

    def begin(self, camera_frame: CameraFrame, epoch: int = 0) -> Future[None]:
        """See :class:`FrameView`."""
        del camera_frame, epoch
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def close(self) -> None:
        """See :class:`FrameView`."""

    def see(self, picture: CameraFrame, sighting: None) -> LivePicture:
        """See :class:`Followed`."""
        del sighting
        return LivePicture(picture.rgb, picture.t_ms, preview(picture.rgb))


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
    moment
        Nothing is said of it.
    """

    rgb: NDArray[np.uint8]
    t_ms: float
    preview: QImage
    moment: None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiveLook(Generic[_Moment]):
    """One picture as it is shown.

    Attributes
    ----------
    preview
        At most 1280 px along its longer side, not mirrored; null when there is no picture.
    size_px
        Width and height of the full picture.
    shapes
        What to draw, in pixels of the full picture, without any letters.
    moment
        What to say.
    capture
        How the camera stands; None when that is not known.
    stance
        How the person stands; None when nobody is seen, or nobody asks.
    """

    preview: QImage
    size_px: tuple[int, int]
    shapes: tuple[Shape, ...]
    moment: _Moment
    capture: Capture | None = None
    stance: SeenStance | None = None


#: What is shown of one picture.
FrameLook: TypeAlias = LivePicture | LiveLook[Any]


def look_at(sighting: Sighting, moment: AnyMoment) -> LiveLook[AnyMoment]:
    """Return what to show of a picture of a live check."""
    frame = sighting.frame
    image = preview(frame.rgb)
    size_px = frame.width_px, frame.height_px
    scale = image.width() / max(1, frame.width_px)
    result = sighting.result
    shapes = _shapes(result, shown_tilt(moment), _OUTLINE_OFF_PX / scale)
    stance = stance_of(result, size_px)
    return LiveLook(image, size_px, shapes, moment, result.capture, stance)


def nothing_seen(moment: _Moment) -> LiveLook[_Moment]:
    """Return what to show while the camera gives nothing of use."""
    return LiveLook(QImage(), (0, 0), (), moment)


def preview(rgb: NDArray[np.uint8]) -> QImage:
    """Return a copy small enough to be painted quickly, in Qt's fastest format.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    """
    import cv2

    height_px, width_px = rgb.shape[:2]
    ratio = min(1.0, _PREVIEW_SIDE_PX / max(width_px, height_px))
    size = max(1, round(width_px * ratio)), max(1, round(height_px * ratio))
    if ratio < 1:
        way = cv2.INTER_AREA if ratio < _AVERAGE_BELOW else cv2.INTER_LINEAR
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=way), np.uint8)
    image = QImage(*size, QImage.Format.Format_RGB32)
    bits: Any = image.bits()  # its published type is no buffer
    bits.setsize(image.sizeInBytes())
    pixels = np.frombuffer(bits, np.uint8).reshape(size[1], image.bytesPerLine())
    cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA, pixels[:, : 4 * size[0]].reshape(size[1], size[0], 4))
    return image


def _shapes(
    result: Measured | Rejected, tilt: TiltEstimate | None, off_px: float
) -> tuple[Shape, ...]:
    result = replace(result, outline_px=_simpler(result.outline_px, off_px))
    if isinstance(result, Measured) and tilt is not None:
        result = replace(result, tilt=tilt)  # what is drawn says what the number says
    hidden = _OF_TILT if tilt is None else frozenset[Role]()
    return tuple(
        shape
        for shape in build_overlay(result)
        if not isinstance(shape, Label | Banner) and shape.role not in hidden
    )


def _simpler(outline_px: NDArray[np.float32], off_px: float) -> NDArray[np.float32]:
    """Return the contour with fewer points; rows that are not finite part its pieces."""
    import cv2

    points = np.asarray(outline_px, np.float32).reshape(-1, 2)
    if not len(points):
        return points
    gap = np.full((1, 2), np.nan, np.float32)
    cuts = np.flatnonzero(~np.isfinite(points).all(axis=1))
    parts: list[NDArray[np.float32]] = []
    for piece in np.split(points, cuts):
        finite = piece[np.isfinite(piece).all(axis=1)]
        if len(finite) > 1:
            fewer = cv2.approxPolyDP(np.ascontiguousarray(finite), off_px, closed=True)
            parts += [np.asarray(fewer, np.float32).reshape(-1, 2), gap]
    return np.concatenate(parts[:-1]) if parts else points[:0]
