"""The part of a picture in which a belt line can lie, levelled and in one scale.

Front to the right, plumb lines upright, the trunk always of one length, as in
:mod:`vision.silhouette`, but with the picture's colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import clockwise_matrix
from vision.pose.estimate import Joint, side_joints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing

#: Cells to a trunk length (hip to shoulder), and the patch's size in cells.
CELLS_PER_TRUNK = 64
COLUMNS, ROWS = 88, 64
#: Cell of the mid-hip point. MediaPipe puts the hips low, so that most belt lines lie 0.1
#: to 0.4 trunk lengths above.
HIP_CELL = (39.0, 46.0)
#: Half the thickness of an arm with its sleeve, and of the error in placing it.
_ARM_RADIUS_CELLS = 6.4
#: How far the hand reaches beyond the knuckle of the index finger.
_FINGERS = 0.6
_FACE_RADIUS_TRUNKS, _HAND_RADIUS_TRUNKS = 0.03, 0.025
#: Samples to a cell in each direction: a plain warp would alias on fine cloth.
_FINER = 2
_PERSON = 0.5
#: As far as the background shines through, two cells, a person's edge tells no colour.
_RIM = np.ones((1, 5), np.uint8)


@dataclass(frozen=True, slots=True)
class BeltPatch:
    """What the search for a belt line looks at; the front is to the right, y points down.

    Attributes
    ----------
    lab
        Shape (``ROWS``, ``COLUMNS``, 3), float32: CIE L*a*b*.
    solid
        Shape (``ROWS``, ``COLUMNS``), bool: the person.
    clear
        The same shape, float32, 1 where the trunk is seen: the person without the near
        arm and without a rim in which the background shines through.
    skin_rgb
        Shape (n, 3), float32, 0..255: colours of face and hand, as far as they are seen.
    to_picture
        Shape (2, 3): from cells (x, y, 1) to pixels of the picture.
    """

    lab: NDArray[np.float32]
    solid: NDArray[np.bool_]
    clear: NDArray[np.float32]
    skin_rgb: NDArray[np.float32]
    to_picture: NDArray[np.float64]

    def picture_px(self, cell: Point) -> tuple[float, float]:
        """Return a place in the patch in pixels of the picture."""
        x, y = self.to_picture @ [cell[0], cell[1], 1.0]
        return float(x), float(y)


def cut_patch(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing, roll_deg: float
) -> BeltPatch:
    """Cut the patch around the pelvis out of a picture.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    pose
        The person, in pixels of ``rgb``; not levelled.
    facing
        A person facing left is mirrored.
    roll_deg
        Camera roll to undo, + = the camera was turned clockwise.
    """
    to_patch = _to_patch(pose, facing, roll_deg)
    colours = _warped(rgb, to_patch) / np.float32(255)
    solid = np.asarray(_warped(pose.mask, to_patch) > _PERSON)
    inside = cv2.erode(solid.astype(np.uint8), _RIM, borderValue=(0,))
    arm = _near_arm(pose, facing, to_patch)
    return BeltPatch(
        lab=np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2LAB), np.float32),
        solid=solid,
        clear=((inside > 0) & ~arm).astype(np.float32),
        skin_rgb=_skin_rgb(rgb, pose, facing),
        to_picture=np.asarray(cv2.invertAffineTransform(to_patch), np.float64),
    )


def _to_patch(pose: PoseEstimate, facing: Facing, roll_deg: float) -> NDArray[np.float64]:
    """Return the 2x3 matrix from picture pixels to cells."""
    per_px = CELLS_PER_TRUNK / max(pose.trunk_px, 1.0)
    linear = per_px * np.diag([facing.front_sign, 1.0]) @ clockwise_matrix(roll_deg)
    return np.column_stack([linear, np.array(HIP_CELL) - linear @ pose.mid_hip_px])


def _warped(
    picture: NDArray[np.uint8] | NDArray[np.float32], to_patch: NDArray[np.float64]
) -> NDArray[np.float32]:
    finer = _FINER * to_patch
    # The middle of a cell lies between its samples.
    finer[:, 2] += (_FINER - 1) / 2
    samples = cv2.warpAffine(
        picture, finer, (_FINER * COLUMNS, _FINER * ROWS), flags=cv2.INTER_LINEAR
    )
    cells = cv2.resize(samples, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(cells, np.float32)


def _near_arm(
    pose: PoseEstimate, facing: Facing, to_patch: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return where the arm on the camera's side may hide the trunk."""
    # Somebody who looks to the left of the picture shows the camera their left side.
    joints = side_joints(facing, "shoulder", "elbow", "wrist", "index")
    places = np.column_stack([pose.xy_px[joints], np.ones(len(joints))]) @ to_patch.T
    tip = places[-1] + _FINGERS * (places[-1] - places[-2])
    arm = np.zeros((ROWS, COLUMNS), np.uint8)
    corners = np.clip(np.rint([*places, tip]), -999, 999).astype(np.int32)
    cv2.polylines(arm, [corners], False, 1, thickness=round(2 * _ARM_RADIUS_CELLS))
    return arm > 0


def _skin_rgb(rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing) -> NDArray[np.float32]:
    """Return the mean colours of the cheek and the back of the hand."""
    ear, wrist, knuckle = side_joints(facing, "ear", "wrist", "index")
    colours = []
    for first, second, radius in (
        (Joint.NOSE, ear, _FACE_RADIUS_TRUNKS),
        (wrist, knuckle, _HAND_RADIUS_TRUNKS),
    ):
        x, y = np.rint(np.clip(pose.midpoint_px(first, second), -1e6, 1e6)).astype(int).tolist()
        reach = max(1, round(radius * pose.trunk_px))
        part = rgb[max(y - reach, 0) : max(y + reach + 1, 0),
                   max(x - reach, 0) : max(x + reach + 1, 0)]  # fmt: skip
        if part.size:
            colours.append(cv2.mean(part)[:3])
    return np.array(colours, np.float32).reshape(-1, 3)
