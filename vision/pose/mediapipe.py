"""Find people with MediaPipe's pose landmarker; the only module that imports mediapipe.

MediaPipe draws another mask and other landmarks for a mirrored picture (up to 8 deg of
tilt on real photographs). So each picture is first brought into one of its two mirror
forms, chosen by its own brightness: a picture and its mirror image then reach the network
as the same pixels and give the same answer.

MediaPipe 1.2 counts its own use and sends the counts to ``play.googleapis.com`` with a
libcurl of its own: when a landmarker is closed, and in one that is in use for over a
minute. There is no setting against it (google-ai-edge/mediapipe issue 6291). What is
measured here concerns nobody else, so the landmarker is created in a thread that the
system lets open no socket, and every thread it starts inherits that: not even one to a
service of this computer, which would look the name up for it. The rest of the process keeps
its sockets. After one failed attempt MediaPipe gives up for good.
"""

from __future__ import annotations

import atexit
import ctypes
import errno
import os
import platform
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np

from vision.model_files import POSE_BUNDLE, once, read_model
from vision.native_output import keep_fonts_quiet, quiet
from vision.pose.estimate import MIRRORED_JOINT, PoseEstimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

_T = TypeVar("_T")

#: Enough to notice that the person is not alone; more would cost time in a crowd.
MAX_PEOPLE = 3
#: Each keeps one core busy and takes 130 MB.
_MOST_LANDMARKERS = 3
#: How many calls must have waited for another until a landmarker more is made, which takes as long
#: as five calls. One careful look by itself, where five wait, does without.
_WORTH_ANOTHER = 8
_ROW_STEP = 8
#: A picture that shows nobody; the estimator then forgets whom it followed.
_NOBODY: NDArray[np.uint8] = np.full((64, 64, 3), 128, np.uint8)
#: Machine -> (AUDIT_ARCH of its kernel interface, number of its ``socket`` call), from
#: linux/audit.h and the kernel's system call tables.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
# linux/prctl.h, linux/seccomp.h and linux/bpf_common.h.
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_OFFSET_CALL, _OFFSET_ARCH = 0, 4
#: Port 9 discards by convention; nothing listens there, so curl gives up at once.
_NO_PROXY_THERE = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class _Library:
    """MediaPipe's own classes, by the names that it gives them; it has no types."""

    BaseOptions: Any
    Image: Any
    ImageFormat: Any
    PoseLandmarker: Any
    PoseLandmarkerOptions: Any
    RunningMode: Any


@once
def _library() -> _Library:
    """Return what finds poses, loaded when first asked for, by any thread.

    Raises
    ------
    ImportError, OSError
        When MediaPipe, or a library of the system that it needs, is missing.
    """
    from vision.pose.hollow import WHOLE, hollow_packages  # tests tell by it what was loaded

    if WHOLE not in sys.modules:
        # Another version may keep something elsewhere; what is missing is told further down.
        with suppress(ImportError, AttributeError), hollow_packages():
            return _import_library()
    keep_fonts_quiet()
    return _import_library()


def _import_library() -> _Library:
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.core.mediapipe_c_bindings import load_raw_library
    from mediapipe.tasks.python.vision.core.image import Image, ImageFormat
    from mediapipe.tasks.python.vision.core.vision_task_running_mode import VisionTaskRunningMode
    from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarker, PoseLandmarkerOptions

    # Now, since it looks for its native library by the package's name.
    run_offline(load_raw_library)
    return _Library(
        BaseOptions,
        Image,
        ImageFormat,
        PoseLandmarker,
        PoseLandmarkerOptions,
        VisionTaskRunningMode,
    )


class Landmarker:
    """One of MediaPipe's pose landmarkers, kept from writing to the terminal.

    Parameters
    ----------
    most_people
        How many it may find.
    is_video
        Whether it follows a person from picture to picture, which is quicker with one
        person and knows no other.

    Attributes
    ----------
    native
        MediaPipe's own object.
    """

    @quiet()
    def __init__(self, most_people: int, *, is_video: bool) -> None:
        library = _library()
        mode = library.RunningMode
        options = library.PoseLandmarkerOptions(
            base_options=library.BaseOptions(model_asset_buffer=read_model(POSE_BUNDLE)),
            running_mode=mode.VIDEO if is_video else mode.IMAGE,
            num_poses=most_people,
            output_segmentation_masks=True,
        )
        self.native: Any = run_offline(lambda: library.PoseLandmarker.create_from_options(options))
        self._has_seen_someone = False
        # Its destructor fails aloud in the interpreter's last moments; this makes it do nothing.
        atexit.register(setattr, self.native, "_handle", None)

    def detect(self, rgb: NDArray[np.uint8], t_ms: int | None = None) -> list[PoseEstimate]:
        """Return everyone it finds in a picture.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        t_ms
            The picture's time, above that of the one before; for videos only.
        """
        if self._has_seen_someone:
            return _detect(self.native, rgb, t_ms)
        # The landmark network writes when it first runs, which takes a person.
        with quiet():
            people = _detect(self.native, rgb, t_ms)
        self._has_seen_someone = bool(people)
        return people

    @quiet()
    def close(self) -> None:
        """Let the model go."""
        self.native.close()


def _detect(native: Any, rgb: NDArray[np.uint8], t_ms: int | None) -> list[PoseEstimate]:
    library = _library()
    height, width = rgb.shape[:2]
    image = library.Image(image_format=library.ImageFormat.SRGB, data=rgb)
    found = native.detect(image) if t_ms is None else native.detect_for_video(image, t_ms)
    people = []
    for points, world, mask in zip(
        found.pose_landmarks,
        found.pose_world_landmarks,
        found.segmentation_masks or (),
        strict=True,
    ):
        table = np.array([(p.x, p.y, p.z, p.visibility or 0.0) for p in points], np.float32)
        people.append(
            PoseEstimate(
                xy_px=table[:, :2] * np.array([width, height], np.float32),
                depth_px=table[:, 2] * width,
                world_m=np.array([(p.x, p.y, p.z) for p in world], np.float32),
                visibility=table[:, 3],
                mask=np.asarray(_HeldMask(mask)).reshape(height, width),
            )
        )
    return people


class _HeldMask:
    """Keeps a native mask for as long as an array shows it, so that nothing is copied.

    NumPy takes what is here for the array's own memory, and holds on to it.
    """

    def __init__(self, native: Any) -> None:
        self._native = native
        self.__array_interface__ = native.numpy_view().__array_interface__


def mirrored(pose: PoseEstimate, width_px: int) -> PoseEstimate:
    """Return what was seen in a mirrored picture in the coordinates of the original."""
    xy = pose.xy_px[MIRRORED_JOINT]
    xy[:, 0] = width_px - 1 - xy[:, 0]
    world = pose.world_m[MIRRORED_JOINT]
    world[:, 0] *= -1
    return PoseEstimate(
        xy_px=xy,
        depth_px=pose.depth_px[MIRRORED_JOINT],
        world_m=world,
        visibility=pose.visibility[MIRRORED_JOINT],
        mask=cv2.flip(pose.mask, 1),  # type: ignore[arg-type]
    )


def brightness_leans_left(rgb: NDArray[np.uint8]) -> bool:
    """Tell whether the left half of a picture weighs more than the right one.

    The mirrored picture gives the opposite answer, whatever the picture shows (save one
    that is its own mirror image, where it does not matter).
    """
    # Every few rows are enough to tell; whole numbers, so that no rounding tips a balanced
    # picture. (OpenCV's reduction waits a millisecond for its threads to wake up.)
    rows = rgb[::_ROW_STEP].reshape(-1, rgb.shape[1] * 3)
    columns = (
        np.add.reduce(rows, axis=0, dtype=np.uint32).reshape(-1, 3).sum(axis=1, dtype=np.int64)
    )
    centred = 2 * np.arange(len(columns)) - (len(columns) - 1)
    return (int(columns @ centred) or _first_difference(rgb, rgb[:, ::-1])) < 0


def _first_difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """Return by how much the first values that differ do so; 0 for two that are the same."""
    at = int(np.argmax(one != other))
    return int(one.flat[at]) - int(other.flat[at])


def distinct_people(people: list[PoseEstimate]) -> list[PoseEstimate]:
    """Drop second sightings of one person, who then has the hips in the same place."""
    kept: list[PoseEstimate] = []
    for pose in people:
        apart = [float(np.hypot(*(pose.mid_hip_px - other.mid_hip_px))) for other in kept]
        if all(gap > other.trunk_px / 2 for gap, other in zip(apart, kept, strict=True)):
            kept.append(pose)
    return kept


class MediaPipePose:
    """MediaPipe's "full" pose model over single pictures.

    A :class:`vision.pose.estimate.PoseEstimator`. Creating the first takes a fifth of a second
    with what it loads, a call 20 to 30 ms. Calls from several threads wait for one another, until
    that has cost more than another landmarker would. No more are made than OpenCV has threads, one
    for each core.
    """

    def __init__(self) -> None:
        self._landmarkers = [Landmarker(MAX_PEOPLE, is_video=False)]
        self._free: SimpleQueue[Landmarker] = SimpleQueue()
        self._free.put(self._landmarkers[0])
        self._count, self._waits, self._lock = 1, 0, Lock()

    def estimate(self, rgb: NDArray[np.uint8]) -> list[PoseEstimate]:
        """Return everyone found in ``rgb``, largest first; empty when nobody is.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        """
        return self.look(rgb, brightness_leans_left(rgb))

    def look(self, rgb: NDArray[np.uint8], is_mirrored: bool) -> list[PoseEstimate]:
        """Return the same, from the mirror form of the picture that is asked for."""
        seen = np.asarray(cv2.flip(rgb, 1), np.uint8) if is_mirrored else rgb
        with self._turn() as landmarker:
            people = landmarker.detect(seen)
        if is_mirrored:
            people = [mirrored(pose, rgb.shape[1]) for pose in people]
        return distinct_people(sorted(people, key=lambda pose: -pose.extent_px))

    @contextmanager
    def _turn(self) -> Iterator[Landmarker]:
        """Lend a landmarker."""
        try:
            landmarker = self._free.get_nowait()
        except Empty:
            landmarker = self._after_waiting()
        try:
            yield landmarker
        finally:
            self._free.put(landmarker)

    def _after_waiting(self) -> Landmarker:
        landmarker = self._free.get()
        with self._lock:
            self._waits += 1
            is_worth_it = self._waits >= _WORTH_ANOTHER * self._count
            if not is_worth_it or self._count >= min(_MOST_LANDMARKERS, cv2.getNumThreads()):
                return landmarker
            self._count += 1
        # While it is made the others go on.
        self._free.put(landmarker)
        another = Landmarker(MAX_PEOPLE, is_video=False)
        self._landmarkers.append(another)
        return another


@once
def shared_estimator() -> MediaPipePose:
    """Return the process's one estimator, created when first asked for, by any thread."""
    return MediaPipePose()


class VideoPose:
    """MediaPipe's "full" pose model over the pictures of one camera, one person at most.

    Of a picture's two mirror forms (see :mod:`vision.pose.mediapipe`) the one chosen when
    somebody comes into view is kept for as long as they are followed.

    To be called from one thread at a time.
    """

    def __init__(self) -> None:
        self._landmarker = Landmarker(1, is_video=True)
        self._t_ms = 0
        self._is_following = False
        self._is_flipped = False

    def follow(self, rgb: NDArray[np.uint8], t_ms: float) -> PoseEstimate | None:
        """Return the person in a picture, or None when nobody is seen.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, C-contiguous.
        t_ms
            The picture's time. One that does not rise is taken for a moment later than the
            one before, since the estimator refuses any other.
        """
        if not self._is_following:
            self._is_flipped = brightness_leans_left(rgb)
        seen = np.asarray(cv2.flip(rgb, 1), np.uint8) if self._is_flipped else rgb
        pose = self._detect(seen, t_ms)
        self._is_following = pose is not None
        if pose is None or not self._is_flipped:
            return pose
        return mirrored(pose, rgb.shape[1])

    def forget(self) -> None:
        """Look for somebody anew from the next picture on."""
        if self._is_following:
            self._detect(_NOBODY, self._t_ms)
            self._is_following = False

    def close(self) -> None:
        """Let the model go."""
        self._landmarker.close()

    def _detect(self, rgb: NDArray[np.uint8], t_ms: float) -> PoseEstimate | None:
        self._t_ms = max(self._t_ms + 1, round(t_ms))
        people = self._landmarker.detect(rgb, self._t_ms)
        return people[0] if people else None


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def run_offline(create: Callable[[], _T]) -> _T:
    """Return what ``create`` returns, after calling it where no socket opens.

    Threads that it starts stay without sockets for life; all others keep theirs. Where
    the system has no such limit for a thread (anything but Linux on x86-64 and ARM64),
    MediaPipe's sender is stopped by pointing the process's https requests at a proxy that
    does not exist.
    """
    with ThreadPoolExecutor(1, "offline") as thread:
        if not thread.submit(_deny_sockets).result():
            os.environ["https_proxy"] = _NO_PROXY_THERE
            os.environ["no_proxy"] = ""
        return thread.submit(create).result()


def _deny_sockets() -> bool:
    """Let the calling thread and its later children open no socket.

    Returns
    -------
    bool
        False when the system cannot do that.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    filter_program = _socket_filter(*_MACHINES[platform.machine()])
    program = _Program(len(filter_program) // 8, filter_program)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    denied: int = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))
    return denied == 0


def _socket_filter(architecture: int, socket_call: int) -> bytes:
    """Return the kernel filter: ``socket`` fails, all else passes."""
    instructions = (
        (_LOAD, 0, 0, _OFFSET_ARCH),
        (_JUMP_IF_EQUAL, 0, 2, architecture),
        (_LOAD, 0, 0, _OFFSET_CALL),
        (_JUMP_IF_EQUAL, 1, 0, socket_call),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
    )
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
