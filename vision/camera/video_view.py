"""Looks at the pictures of one camera, two at once: one here, and one on a thread beside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from vision.image.frame import frame_from_array
from vision.pose.mediapipe import VideoPose

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from vision.camera.capture import CameraFrame
    from vision.image.frame import Frame
    from vision.pose.estimate import PoseEstimate

#: One that is looked at here and one that is looked at beside.
_UNDER_WAY = 2

Answer = TypeVar("Answer")


class VideoView(ABC, Generic[Answer]):
    """Follows one person through the pictures of a camera; to be fed from one thread.

    Creating one takes about a second, most of it once in a program's life.

    Parameters
    ----------
    source
        What results call the pictures.

    Attributes
    ----------
    is_following_wrong
        Whether a fresh look would choose another than the one who is followed; for
        :meth:`_finish` to tell.
    """

    def __init__(self, source: str = "camera") -> None:
        self._source = source
        self._pose = VideoPose()
        self.is_following_wrong = False
        self._setting: tuple[int, ...] = ()
        self._worker = PipelinedWorker("beltline-view")

    def look(self, camera_frame: CameraFrame, epoch: int = 0) -> Answer:
        """Return what a picture shows; arguments as for :meth:`begin`."""
        return self.begin(camera_frame, epoch).result()

    def begin(self, camera_frame: CameraFrame, epoch: int = 0) -> Future[Answer]:
        """Find the person, and do the rest on a thread beside.

        Answers come in order. With two pictures under way this waits for the first of them.

        Parameters
        ----------
        camera_frame
            Its time is above that of the one before.
        epoch
            A new one means that pictures were missing: nothing of before is relied on.
        """
        return self._worker.begin(partial(self._find, camera_frame, epoch))

    def close(self) -> None:
        """Wait for what is under way, a few pictures' time at most, and let the model go."""
        self._worker.close()
        self._pose.close()

    @abstractmethod
    def _finish(self, frame: Frame, t_ms: float, epoch: int, pose: PoseEstimate | None) -> Answer:
        """Say what a picture shows; on the thread beside."""

    @abstractmethod
    def _forget(self) -> None:
        """Rely on nothing of before; on the thread beside."""

    def _find(self, camera_frame: CameraFrame, epoch: int) -> Callable[[], Answer]:
        frame = frame_from_array(camera_frame.rgb, self._source)
        self._notice_change((epoch, frame.width_px, frame.height_px))
        pose = self._pose.follow(frame.rgb, camera_frame.t_ms)
        return partial(self._finish, frame, camera_frame.t_ms, epoch, pose)

    def _notice_change(self, setting: tuple[int, ...]) -> None:
        if setting != self._setting:
            # The other thread uses what is remembered; what is under way ends before it changes.
            self._worker.settle(self._forget)
            self._pose.forget()
            self._setting = setting
        elif self.is_following_wrong:
            self.is_following_wrong = False
            self._pose.forget()


def is_elsewhere(pose: PoseEstimate, followed: PoseEstimate, least_trunks: float) -> bool:
    """Tell whether two bodies' hips are further apart than this, in trunk lengths."""
    gap_px = float(np.hypot(*(pose.mid_hip_px - followed.mid_hip_px)))
    return gap_px > least_trunks * max(pose.trunk_px, followed.trunk_px)


class PipelinedWorker:
    """A thread for the second part of what is done with a picture; to be fed from one thread.

    Parameters
    ----------
    name
        The thread's.
    """

    def __init__(self, name: str) -> None:
        self._room = BoundedSemaphore(_UNDER_WAY)
        self._thread = ThreadPoolExecutor(1, name)

    def begin(self, here: Callable[[], Callable[[], Answer]]) -> Future[Answer]:
        """Do the first part, and have what it returns done beside.

        Answers come in order. With two under way this waits for the first of them.
        """
        self._room.acquire()
        with ExitStack() as undo:
            # Where no answer is to come, its place is free.
            undo.callback(self._room.release)
            answer = self._thread.submit(self._end, here())
            undo.pop_all()
        return answer

    def settle(self, work: Callable[[], None]) -> None:
        """Do something beside once all that is under way there has ended, and wait for it."""
        self._thread.submit(work).result()

    def close(self) -> None:
        """Wait for what is under way, a few pictures' time at most."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _end(self, there: Callable[[], Answer]) -> Answer:
        try:
            return there()
        finally:
            self._room.release()
