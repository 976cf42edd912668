"""The part of a picture in which a belt line can lie, and where the colour changes down it.

Front to the right, plumb lines upright, the trunk always of one length, as in
:mod:`vision.silhouette`, but with the picture's colours. Rows and columns are cells of the
patch. A change of colour lies at the upper edge of a row of cells, half a cell above their
middle.
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
#: The middle of a line lies in these rows: from the navel to below the hip landmark.
_HIGHEST, _LOWEST = 6, 55
#: Colours are compared over this many cells above and below a line, and there must be this
#: many to compare.
_STEP_CELLS, _LEAST_CELLS = 4, 3
#: What is tried: straight lines of these slopes, cells down for each cell forward.
_SLOPES = np.arange(-0.36, 0.93, 0.1)
_COARSE_COLUMNS = 14
_MOST_CHANGES, _APART_ROWS = 6, 3
#: A change of colour this small (CIE L*a*b*) is no more than noise and shade.
_NOISE_LAB = 3.0
_LEAST_COVERED = 0.35
#: Rows added above and below, so that no line leaves the arrays.
_MARGIN = 64
_NARROWEST_CELLS = 8
#: Edges of one pattern: how nearly parallel, and how alike in size and kind of change (1 =
#: the same).
_PARALLEL_SLOPE, _ALIKE = 0.16, 0.6


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


@dataclass(frozen=True, slots=True)
class Steps:
    """By how much the colour changes downwards at the upper edge of each cell.

    Attributes
    ----------
    lab
        Shape (``ROWS``, w, 3), CIE L*a*b*: the mean of the cells below minus that above.
    seen
        Shape (``ROWS``, w), 0 or 1: whether enough of the trunk is clear; ``lab`` is 0
        elsewhere.
    """

    lab: NDArray[np.float32]
    seen: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Changes:
    """Straight lines across the trunk along which the colour changes, n of them, best first.

    Attributes
    ----------
    row
        Shape (n,): each one's height in the middle of the trunk.
    slope
        Shape (n,): cells down for each cell forward.
    way
        Shape (n, 3): the colour's change downwards across each, CIE L*a*b*.
    """

    row: NDArray[np.float64]
    slope: NDArray[np.float64]
    way: NDArray[np.float64]


def rows_at(table: NDArray[np.float32], row: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return a table's values in other rows, columns kept.

    Parameters
    ----------
    table
        Shape (``ROWS``, w, ...).
    row
        Shape (..., w); rows outside the table give zeros.
    """
    outside = ((_MARGIN, _MARGIN), *((0, 0),) * (table.ndim - 1))
    padded = np.pad(table, outside)
    safe = np.clip(row, -_MARGIN, ROWS + _MARGIN - 1) + _MARGIN
    width = table.shape[1]
    flat = padded.reshape(-1, *table.shape[2:])
    return np.asarray(flat.take(safe * width + np.arange(width), axis=0))


def trunk_columns(patch: BeltPatch) -> slice | None:
    """Return the columns that the trunk fills for the most part, or None when it is not there."""
    crowded = patch.solid[_HIGHEST:_LOWEST].mean(axis=0) > 0.5
    columns = np.flatnonzero(crowded)
    if len(columns) == 0 or columns[-1] - columns[0] < _NARROWEST_CELLS:
        return None
    return slice(int(columns[0]), int(columns[-1]) + 1)


def colour_steps(patch: BeltPatch, columns: slice) -> Steps:
    """Return the changes of colour in some columns of a patch."""
    lab, clear = patch.lab[:, columns], patch.clear[:, columns]
    weighted = np.concatenate([lab * clear[..., None], clear[..., None]], axis=2)
    total = np.zeros((ROWS + 2 * _STEP_CELLS + 1, *weighted.shape[1:]), np.float32)
    np.cumsum(weighted, axis=0, out=total[_STEP_CELLS + 1 : ROWS + _STEP_CELLS + 1])
    total[ROWS + _STEP_CELLS + 1 :] = total[ROWS + _STEP_CELLS]
    window = total[_STEP_CELLS:] - total[:-_STEP_CELLS]
    above, below = window[:ROWS], window[_STEP_CELLS : ROWS + _STEP_CELLS]
    fewest = np.minimum(above[..., 3], below[..., 3])
    seen = (fewest >= _LEAST_CELLS).astype(np.float32)
    step = below[..., :3] / np.maximum(below[..., 3:], 1)
    step -= above[..., :3] / np.maximum(above[..., 3:], 1)
    return Steps(step * seen[..., None], seen)


def changes_along(
    steps: Steps, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how the colour changes along lines.

    Parameters
    ----------
    rows
        Shape (..., k): the row of each line in each of the columns.
    columns
        Shape (k,).

    Returns
    -------
    change
        Shape (..., 3): the mean change across each line, CIE L*a*b*.
    strength
        Shape (...): how large and how even it is; 0 where too little of it is seen.
    """
    squared = (steps.lab**2).sum(axis=2, keepdims=True)
    table = np.concatenate([steps.lab, squared, steps.seen[..., None]], axis=2)[:, columns]
    sums = rows_at(table, rows).sum(axis=-2)
    count = np.maximum(sums[..., 4], 1)
    change = sums[..., :3] / count[..., None]
    strength = (change**2).sum(axis=-1) / np.sqrt(sums[..., 3] / count + _NOISE_LAB**2)
    covered = sums[..., 4] / len(columns)
    strength *= np.sqrt(covered) * (covered >= _LEAST_COVERED)
    return change, strength


def strongest_changes(patch: BeltPatch, trunk: slice) -> Changes:
    """Try straight lines of every slope and height; return a few, or none."""
    width = trunk.stop - trunk.start
    columns = np.rint(np.linspace(1, width - 2, _COARSE_COLUMNS)).astype(int)
    drops = np.rint(_SLOPES[:, None] * (columns - (width - 1) / 2)).astype(int)
    rows = np.arange(_HIGHEST, _LOWEST)[:, None] + drops[:, None, :]
    change, strength = changes_along(colour_steps(patch, trunk), rows, columns)
    best = strength.max(axis=0)
    row = np.array(_peaks(best), dtype=int)
    slope = strength.argmax(axis=0)[row]
    return Changes((row + _HIGHEST).astype(float), _SLOPES[slope], change[slope, row].astype(float))


def _peaks(strength: NDArray[np.floating]) -> list[int]:
    """Return the rows of the strongest lines, best first, some rows apart."""
    left = strength.copy()
    rows: list[int] = []
    while len(rows) < _MOST_CHANGES and left.max() > 0:
        row = int(left.argmax())
        rows.append(row)
        left[max(row - _APART_ROWS, 0) : row + _APART_ROWS + 1] = 0
    return rows


def in_pattern(changes: Changes) -> NDArray[np.bool_]:
    """Return for each line whether it is one edge of stripes or checks, shape (n,).

    Stripes change the colour to and fro: beside a parallel line with the same change there
    is one with the opposite change. (White top, skin, dark trousers: twice the same change.)
    """
    size = np.linalg.norm(changes.way, axis=1) + 1e-6
    alike = (changes.way @ changes.way.T) / np.maximum(size, size[:, None]) ** 2
    parallel = np.abs(changes.slope - changes.slope[:, None]) < _PARALLEL_SLOPE
    others = parallel & ~np.eye(len(size), dtype=bool)
    again, undone = (others & (way * alike > _ALIKE) for way in (1, -1))
    return np.asarray(again.any(axis=1) & undone.any(axis=1))


def hip_height_trunks(row: float) -> float:
    """Return how far a row lies above the mid-hip point, trunk lengths."""
    return (HIP_CELL[1] - row) / CELLS_PER_TRUNK


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
