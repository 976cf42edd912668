"""One of several people in a picture: who was meant, and a look at them without the others.

MediaPipe's masks and landmarks, and the second mask too, are drawn for a square around a
person, and whoever else is in it draws them aside. So the others are painted over before
anything is measured; size and places of the picture stay, and with them lens and roll.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vision.result import PersonBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate, PoseEstimator

#: What lies beyond the landmarks, in trunk lengths: at the sides, above the eyes, below the feet.
_BEYOND_TRUNKS = (0.15, 0.3, 0.15)
#: Landmarks of two people nearer to each other than this across the picture, in trunk lengths,
#: leave no gap between the bodies: of one in profile, back and belly reach that far together.
_LEAST_GAP_TRUNKS = 0.3
#: Hips further apart than this, in trunk lengths, are not the same person's.
_SAME_TRUNKS = 0.5
#: Somebody so large, measured by the person meant, is as likely to be meant.
SIMILAR_SIZE = 0.6
_BODY_MASK = 0.5
#: A body this near to where the picture was parted may go on beyond, pixels.
_NEAR_CUT_PX = 2


def box_of(pose: PoseEstimate, size_px: tuple[int, int], scale: float = 1.0) -> PersonBox:
    """Return what a person takes of a picture.

    Parameters
    ----------
    size_px
        Width and height of the picture that the pose was found in.
    scale
        Pixels of the box to one of that picture.
    """
    beside, above, below = (share * pose.trunk_px for share in _BEYOND_TRUNKS)
    limit = np.array(size_px, np.float64)
    first = np.clip(pose.xy_px.min(axis=0) - np.array([beside, above]), 0, limit) * scale
    last = np.clip(pose.xy_px.max(axis=0) + np.array([beside, below]), 0, limit) * scale
    return PersonBox(float(first[0]), float(first[1]), float(last[0]), float(last[1]))


def chosen_first(
    people: Sequence[PoseEstimate], point_px: Point, size_px: tuple[int, int]
) -> list[PoseEstimate]:
    """Return the people with the one at a point first; nobody when no one is there.

    Where several are, it is the one whose hips are nearest.
    """
    there = [one for one in people if box_of(one, size_px).holds(point_px)]
    if not there:
        return []
    meant = min(there, key=lambda one: _apart_px(one.mid_hip_px, point_px))
    return [meant, *(one for one in people if one is not meant)]


def similar_to(pose: PoseEstimate, others: Sequence[PoseEstimate]) -> list[PoseEstimate]:
    """Return those of the others who are not clearly smaller than a person."""
    return [one for one in others if one.extent_px >= SIMILAR_SIZE * pose.extent_px]


def look_alone(
    rgb: NDArray[np.uint8],
    pose: PoseEstimate,
    others: Sequence[PoseEstimate],
    estimator: PoseEstimator,
) -> tuple[NDArray[np.uint8], PoseEstimate] | None:
    """Look at a person once more in a picture without the others.

    Parameters
    ----------
    others
        Those to be painted over, as far as they stand apart.

    Returns
    -------
    tuple or None
        The picture and the person in it; None where somebody of similar size touches the person,
        or stands in front or behind.
    """
    apart = [one for one in others if _gap_px(pose, one) >= _LEAST_GAP_TRUNKS * pose.trunk_px]
    if len(similar_to(pose, apart)) < len(similar_to(pose, others)):
        return None
    first, last = _columns(pose, apart, rgb.shape[1])
    # The columns at the edges go on to the sides: no edge of the scene ends, and none begins.
    beside = (0, 0), (first, rgb.shape[1] - last), (0, 0)
    alone = np.pad(rgb[:, first:last], beside, mode="edge")
    seen = estimator.estimate(alone)
    same_px = _SAME_TRUNKS * pose.trunk_px
    same = [one for one in seen if _apart_px(one.mid_hip_px, pose.mid_hip_px) < same_px]
    if not same or len(similar_to(same[0], seen)) > 1:
        return None
    cuts = [cut for cut in (first, last) if 0 < cut < rgb.shape[1]]
    near = [same[0].mask[:, max(cut - _NEAR_CUT_PX, 0) : cut + _NEAR_CUT_PX] for cut in cuts]
    if any((part > _BODY_MASK).any() for part in near):
        return None
    return alone, same[0]


def _columns(pose: PoseEstimate, others: Sequence[PoseEstimate], width_px: int) -> tuple[int, int]:
    """Return the first column of a person's own part of the picture, and the one after it."""
    left, right = _sides(pose)
    first, last = 0.0, float(width_px)
    for other in others:
        other_left, other_right = _sides(other)
        if other_right < left:
            first = max(first, (other_right + left) / 2)
        else:
            last = min(last, (right + other_left) / 2)
    return round(max(first, 0.0)), round(min(last, width_px))


def _gap_px(one: PoseEstimate, other: PoseEstimate) -> float:
    """Return how far two people's landmarks lie apart across the picture; below 0: not at all."""
    (left, right), (other_left, other_right) = _sides(one), _sides(other)
    return max(other_left - right, left - other_right)


def _sides(pose: PoseEstimate) -> tuple[float, float]:
    return float(pose.xy_px[:, 0].min()), float(pose.xy_px[:, 0].max())


def _apart_px(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
