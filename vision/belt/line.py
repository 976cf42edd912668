"""The belt line: where belt, waistband or the hem of a short top crosses the body.

"Is your belt line tilted forward?" is what a person can check in a mirror. The line is
looked for between the navel and the buttocks, from its back end to its front end at the
silhouette, where the camera's height does not bend it. Its angle depends on garment and
belly, so it is compared with the same garment only.

A top tucked in without a belt and a short one that hangs over the trousers can look the
same from the side: a small network tells which it is, and a line that may be either is not
reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.belt.edge import EdgeLine, edge_line, shared_network
from vision.belt.patch import (
    BeltPatch,
    Changes,
    cut_patch,
    hip_height_trunks,
    in_pattern,
    strongest_changes,
    trunk_columns,
)
from vision.result import NoBeltReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate
    from vision.result import Facing

#: A line is believed from this likelihood on: on rendered people whose tops hang over their
#: trousers, about one in twenty hems passes for a belt line.
LEAST_LIKELIHOOD = 0.55
#: Standard deviation of the angle: that of network and colours together times the first, and
#: for each degree that they lie apart so much more; near what ``python -m synthetic.belt``
#: prints, as 90 % intervals hold little less than that.
SD_FACTOR, SD_APART = 1.2, 0.2
#: An angle in more doubt than this is not told.
MOST_SD_DEG = 3.2
#: A smaller person has no line that could be told from noise.
_LEAST_TRUNK_PX = 40.0
#: An arm hides the line when it leaves less of the trunk to be seen, between navel and hips.
_LEAST_CLEAR = 0.55
#: Colours nearer to one another than this (CIE L*a*b*) are one colour in changing light.
_ONE_COLOUR_LAB = 6.0
#: No waistband lies lower over the hip landmark, trunk lengths; hems do.
_LOWEST_BAND_TRUNKS = 0.15
#: The silhouette is looked for from half-way to an end to this far beyond it, cells.
_BEYOND = 6


@dataclass(frozen=True, slots=True)
class BeltLine:
    """A belt line that was found.

    Attributes
    ----------
    back_px, front_px
        Its ends at the silhouette, pixels of the picture searched, x right, y down.
    angle_deg
        Back end to front end against the horizontal, camera roll undone; positive = front
        lower, whichever way the person faces.
    sd_deg
        Standard deviation of the angle; what is left of camera roll is not in it.
    likelihood
        0..1: that it is a belt line and not another edge.
    """

    back_px: tuple[float, float]
    front_px: tuple[float, float]
    angle_deg: float
    sd_deg: float
    likelihood: float


def find_belt_line(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing, roll_deg: float
) -> BeltLine | NoBeltReason:
    """Find the belt line of a person seen from the side, or say why none can be told.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the pose was found.
    pose
        The person, not levelled.
    facing
        Which way the person looks.
    roll_deg
        Camera roll to undo, + = the camera was turned clockwise.
    """
    patch = cut_patch(rgb, pose, facing, roll_deg)
    trunk = trunk_columns(patch)
    if trunk is None or pose.trunk_px < _LEAST_TRUNK_PX:
        return NoBeltReason.NO_TRUNK
    reading = shared_network().read(patch)
    if reading.likelihood >= LEAST_LIKELIHOOD:
        edge = edge_line(patch, reading)
        if edge is not None and sd_deg(edge) <= MOST_SD_DEG:
            return _belt_line(patch, edge, reading.likelihood)
    if patch.clear[:, trunk][patch.solid[:, trunk]].mean() < _LEAST_CLEAR:
        return NoBeltReason.ARM_ACROSS
    return _doubt(strongest_changes(patch, trunk))


def sd_deg(edge: EdgeLine) -> float:
    """Return the standard deviation of an edge's angle."""
    return SD_FACTOR * edge.sd_deg + SD_APART * edge.apart_deg


def _belt_line(patch: BeltPatch, edge: EdgeLine, likelihood: float) -> BeltLine:
    slope = edge.drop / edge.half_width
    reach = np.arange(np.ceil(edge.half_width / 2), edge.half_width + _BEYOND)
    ends = []
    for side in (-1, 1):
        x = edge.middle_x + side * reach
        out = _silhouette(patch, x, edge.middle_y + slope * (x - edge.middle_x))
        ends.append(patch.picture_px((out, edge.middle_y + slope * (out - edge.middle_x))))
    return BeltLine(
        back_px=ends[0],
        front_px=ends[1],
        angle_deg=edge.angle_deg,
        sd_deg=sd_deg(edge),
        likelihood=likelihood,
    )


def _silhouette(patch: BeltPatch, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the first x, from the inside outwards, behind which the person ends."""
    row = np.clip(np.rint(y).astype(int), 0, patch.solid.shape[0] - 1)
    column = np.clip(np.rint(x).astype(int), 0, patch.solid.shape[1] - 1)
    outside = np.flatnonzero(~patch.solid[row, column])
    last = int(outside[0]) if len(outside) else len(x) - 1
    # The edge lies half-way between the last cell inside and the first one outside.
    return float((x[last] + x[max(last - 1, 0)]) / 2)


def _doubt(changes: Changes) -> NoBeltReason:
    """Return what speaks against the clearest change of colour."""
    if np.linalg.norm(changes.way, axis=1).max(initial=0.0) < _ONE_COLOUR_LAB:
        return NoBeltReason.ONE_COLOUR
    if in_pattern(changes)[0]:
        return NoBeltReason.PATTERN
    if hip_height_trunks(float(changes.row[0])) < _LOWEST_BAND_TRUNKS:
        return NoBeltReason.LONG_TOP
    return NoBeltReason.UNCLEAR
