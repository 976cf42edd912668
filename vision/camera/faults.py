"""Pictures that come but are of no use: black ones, and the same one again and again.

A camera that hangs sends the very same bits. A film or an encoder in between hides that: it
packs the same picture a little differently each time. Then two things tell it from a camera
that looks at a quiet room: nothing moves, and hardly a pixel has a sensor's noise.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.camera.capture import CameraProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.camera.capture import CameraFrame

#: A covered lens gives 0 to 5 of 255 with its noise; the darkest rooms in which anything can
#: be seen give more, or at least one bright spot.
_BLACK_MEAN, _BLACK_SD = 6.0, 6.0
_BLACK_MS = 1000.0
#: A picture that comes again is none, so this is as long as silence may last; and from
#: when on the camera is known to hang.
_STALLED_MS, _FROZEN_MS = 1000.0, 3000.0
#: Every so many pixels across and down are looked at for darkness.
_STEP_PX = 8
#: A picture is reduced to about this width, and to blocks of so many of those pixels.
_SAMPLE_PX, _BLOCK = 640, 4
#: Of 255. Packing one picture anew changes a block by 6 at most (MPEG-4, Motion JPEG, VP8);
#: an edge that moves by a quarter of its block by far more.
_MOVED_LEVELS = 8
#: Share of pixels that differ from the picture before. One picture packed anew: median 0.005
#: (MPEG-4). Noise of 1 of 255, less than any sensor's, packed alike: 0.014 and more.
_LIVELY_SHARE = 0.01
#: Key pictures change everything, so a share of the pictures within this time may be lively.
_WINDOW_MS, _LIVELY_PICTURES = 2000.0, 0.6
#: With the time it takes until most of the window is quiet, this makes three seconds.
_QUIET_MS = 2000.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a picture.

    Attributes
    ----------
    is_new
        Whether it differs from the one before. One that does not, to the last bit, was not
        taken anew: a sensor's noise alone would change it.
    problem
        What has been wrong for long enough to be told.
    """

    is_new: bool
    problem: CameraProblem | None = None


class PictureFaults:
    """Judges the pictures of one camera, in the order in which they come."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._same_since_ms = 0.0
        self._black_since_ms: float | None = None
        self._quiet = _Quiet()

    def judge(self, frame: CameraFrame) -> Judgement:
        """Return what is wrong with a picture, by its own time."""
        is_new = self._before is None or not _is_same(self._before, frame.rgb)
        if is_new:
            if frame.t_ms - self._same_since_ms > _STALLED_MS:
                self._quiet = _Quiet()  # a camera that hung goes on
            self._before, self._same_since_ms = frame.rgb, frame.t_ms
        if not _is_black(frame.rgb):
            self._black_since_ms = None
        elif self._black_since_ms is None:
            self._black_since_ms = frame.t_ms
        is_quiet = self._quiet.has_lasted(frame)
        return Judgement(is_new, self._problem(frame.t_ms, is_quiet))

    def _problem(self, t_ms: float, is_quiet: bool) -> CameraProblem | None:
        if self._black_since_ms is not None and t_ms - self._black_since_ms >= _BLACK_MS:
            return CameraProblem.BLACK
        same_ms = t_ms - self._same_since_ms
        if same_ms >= _FROZEN_MS or is_quiet:
            return CameraProblem.FROZEN
        return CameraProblem.STALLED if same_ms >= _STALLED_MS else None


class _Quiet:
    """Notices one picture that is packed anew each time."""

    def __init__(self) -> None:
        self._sample: NDArray[np.uint8] = np.empty((0, 0), np.uint8)
        self._first_blocks = self._sample
        self._lively: deque[tuple[float, bool]] = deque()
        self._first_ms = 0.0
        self._since_ms: float | None = None

    def has_lasted(self, frame: CameraFrame) -> bool:
        """Look at the next picture, and tell whether they have long been one picture."""
        sample = _sample(frame.rgb)
        before, self._sample = self._sample, sample
        blocks = _blocks(sample)
        if before.shape != sample.shape or _has_moved(self._first_blocks, blocks):
            self._first_blocks, self._first_ms, self._since_ms = blocks, frame.t_ms, None
            self._lively.clear()
            return False
        self._lively.append((frame.t_ms, _changed_share(before, sample) > _LIVELY_SHARE))
        while frame.t_ms - self._lively[0][0] > _WINDOW_MS:
            self._lively.popleft()
        count = sum(is_lively for _, is_lively in self._lively)
        if count > _LIVELY_PICTURES * len(self._lively):
            self._since_ms = None
        elif self._since_ms is None:
            self._since_ms = frame.t_ms
        is_long = frame.t_ms - self._first_ms >= _FROZEN_MS
        return is_long and self._since_ms is not None and frame.t_ms - self._since_ms >= _QUIET_MS


def _is_same(before: NDArray[np.uint8], rgb: NDArray[np.uint8]) -> bool:
    if before is rgb:
        return True
    few = slice(None, None, _STEP_PX)
    # Of pictures that differ, a few pixels nearly always tell.
    return np.array_equal(before[few, few], rgb[few, few]) and np.array_equal(before, rgb)


def _is_black(rgb: NDArray[np.uint8]) -> bool:
    few = rgb[::_STEP_PX, ::_STEP_PX]
    return float(few.mean()) < _BLACK_MEAN and float(few.std()) < _BLACK_SD


def _sample(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return some pixels of the picture, in green, where a sensor measures most."""
    step = max(1, max(rgb.shape[:2]) // _SAMPLE_PX)
    return np.ascontiguousarray(rgb[::step, ::step, 1])


def _blocks(sample: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    size = max(1, sample.shape[1] // _BLOCK), max(1, sample.shape[0] // _BLOCK)
    return np.asarray(cv2.resize(sample, size, interpolation=cv2.INTER_AREA), np.uint8)


def _has_moved(first: NDArray[np.uint8], blocks: NDArray[np.uint8]) -> bool:
    import cv2

    return int(cv2.absdiff(first, blocks).max()) > _MOVED_LEVELS


def _changed_share(before: NDArray[np.uint8], sample: NDArray[np.uint8]) -> float:
    import cv2

    return cv2.countNonZero(cv2.absdiff(before, sample)) / sample.size
