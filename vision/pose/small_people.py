"""Look for people too small for the first look, so that a refusal can say why.

The detector sees the whole picture at 224 px, and misses a person who fills little of it.
Such a picture gives no number anyway; but "come closer" or "there are two of you" helps,
and "nobody found" does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate, PoseEstimator

#: Side of each part looked at, and the step between parts, in shares of the shorter side.
_TILE_SHARE = 0.6
_STEP_SHARE = 0.4
_MIN_TILE_PX = 160
#: A smaller figure is a passer-by far off, or no person at all.
_MIN_TRUNK_PX = 50.0
#: What a real person shows: all these points surely seen, and on the mask.
_SURE_JOINTS = [
    Joint.NOSE, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP,
]  # fmt: skip
_SURE_VISIBILITY = 0.9
_SURE_MASK = 0.5


@dataclass(frozen=True, slots=True)
class DistantPerson:
    """Somebody seen in a part of the picture: mid-hip, shape (2,), and trunk length, px."""

    mid_hip_px: NDArray[np.float32]
    trunk_px: float


def look_closer(
    rgb: NDArray[np.uint8], known: Sequence[PoseEstimate], estimator: PoseEstimator
) -> list[DistantPerson]:
    """Return whoever shows up in parts of the picture beside the known, largest first.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    known
        Who was found in the whole picture.
    estimator
        Looks at each part.
    """
    known_people = [DistantPerson(pose.mid_hip_px, pose.trunk_px) for pose in known]
    others: list[DistantPerson] = []
    for corner_px, tile in _tiles(rgb):
        for pose in estimator.estimate(tile):
            person = DistantPerson(pose.mid_hip_px + corner_px, pose.trunk_px)
            is_new = not any(_is_same(person, other) for other in (*known_people, *others))
            if is_new and _is_surely_a_person(pose):
                others.append(person)
    return sorted(others, key=lambda person: -person.trunk_px)


def _is_same(first: DistantPerson, second: DistantPerson) -> bool:
    apart_px = float(np.hypot(*(first.mid_hip_px - second.mid_hip_px)))
    return apart_px < max(first.trunk_px, second.trunk_px)


def _is_surely_a_person(pose: PoseEstimate) -> bool:
    height, width = pose.mask.shape
    x, y = np.clip(pose.xy_px[_SURE_JOINTS].round().astype(int), 0, [width - 1, height - 1]).T
    return bool(
        pose.trunk_px >= _MIN_TRUNK_PX
        and (pose.visibility[_SURE_JOINTS] >= _SURE_VISIBILITY).all()
        and (pose.mask[y, x] >= _SURE_MASK).all()
    )


def _tiles(
    rgb: NDArray[np.uint8],
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.uint8]]]:
    """Yield overlapping squares, each after the pixel of its upper left corner."""
    height, width = rgb.shape[:2]
    side = round(min(height, width) * _TILE_SHARE)
    if side < _MIN_TILE_PX:
        return
    for top in _starts(height, side):
        for left in _starts(width, side):
            part = rgb[top : top + side, left : left + side]
            yield np.array([left, top], np.float32), np.ascontiguousarray(part)


def _starts(length: int, side: int) -> list[int]:
    """Return evenly spaced starts of parts that together cover a length."""
    steps = int(np.ceil((length - side) / (side * _STEP_SHARE / _TILE_SHARE)))
    return [round(start) for start in np.linspace(0, length - side, steps + 1)]
