"""Several looks at one person: what a single look owes to chance is averaged out.

A picture that is cropped a little otherwise or mirrored brings the same person to the pose
estimator's networks at other pixels, and landmarks and mask come out a little otherwise. On real
photographs that alone moves the tilt by up to some degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import PoseEstimate
from vision.pose.mediapipe import brightness_leans_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    #: Finds people in a picture, looked at as it is or, with True, mirrored.
    Look = Callable[[NDArray[np.uint8], bool], Sequence[PoseEstimate]]

#: What is left around the person, in shares of the body's longer side, and whether in the
#: other mirror form.
_LOOKS = ((0.12, False), (0.12, True), (0.25, False), (0.25, True), (0.45, False), (0.45, True))


def look_again(
    rgb: NDArray[np.uint8], known: PoseEstimate, look: Look, beside: Executor | None = None
) -> list[PoseEstimate]:
    """Return the person as seen in other cuts of the picture; looks that miss are left out.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    known
        The person, as found in the whole picture.
    look
        Looks at a cut; from several threads where these are given.
    beside
        Threads for the looks; None = one look after another.
    """
    leans_left = brightness_leans_left(rgb)

    def once_more(how: tuple[float, bool]) -> PoseEstimate | None:
        margin, is_other = how
        corner, cut = _cut_around(rgb, known, margin)
        moved = (_moved(p, corner, known.mask.shape) for p in look(cut, leans_left is not is_other))
        return next((pose for pose in moved if _is_same(pose, known)), None)

    seen = map(once_more, _LOOKS) if beside is None else beside.map(once_more, _LOOKS)
    return [pose for pose in seen if pose is not None]


def mean_pose(poses: Sequence[PoseEstimate]) -> PoseEstimate:
    """Return the mean of several looks at one person; there must be one."""
    columns = zip(
        *((p.xy_px, p.depth_px, p.world_m, p.visibility, p.mask) for p in poses), strict=True
    )
    return PoseEstimate(*(_mean(column) for column in columns))


def _mean(arrays: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    # Added up in place: NumPy would first lay all masks side by side, 30 MB of them.
    total = arrays[0].copy()
    for array in arrays[1:]:
        total += array
    total /= np.float32(len(arrays))
    return total


def _cut_around(
    rgb: NDArray[np.uint8], pose: PoseEstimate, margin: float
) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Return the upper left corner, x and y, of a cut around a person, and the cut."""
    height, width = rgb.shape[:2]
    room_px = margin * pose.extent_px
    limit = np.array([width, height])
    low = np.clip(pose.xy_px.min(axis=0) - room_px, 0, limit - 1).astype(np.intp)
    # Rounded outwards on both sides, so that a mirrored picture is cut at the same places.
    high = np.clip(np.ceil(pose.xy_px.max(axis=0) + room_px) + 1, low + 1, limit).astype(np.intp)
    return low, np.ascontiguousarray(rgb[low[1] : high[1], low[0] : high[0]])


def _moved(pose: PoseEstimate, corner: NDArray[np.intp], shape: tuple[int, ...]) -> PoseEstimate:
    """Return a pose found in a cut in the whole picture's pixels."""
    mask = np.zeros(shape, np.float32)
    height, width = pose.mask.shape
    mask[corner[1] : corner[1] + height, corner[0] : corner[0] + width] = pose.mask
    xy_px = pose.xy_px + corner.astype(np.float32)
    return PoseEstimate(xy_px, pose.depth_px, pose.world_m, pose.visibility, mask)


def _is_same(pose: PoseEstimate, known: PoseEstimate) -> bool:
    """Tell whether somebody seen is the known person, and not mistaken for another size."""
    apart_px = float(np.hypot(*(pose.mid_hip_px - known.mid_hip_px)))
    return apart_px < 0.25 * known.trunk_px and 0.8 < pose.trunk_px / known.trunk_px < 1.25
