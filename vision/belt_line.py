"""The belt line: where belt, waistband or the hem of a short top crosses the body.

"Is your belt line tilted forward?" is what a person can check in a mirror. The line is
looked for between the navel and the buttocks, from its back end to its front end at the
silhouette, where the camera's height does not bend it. Its angle depends on garment and
belly, so it is compared with the same garment only.

A top tucked in without a belt and a short one that hangs over the trousers can look the
same from the side; a line that may be either is not reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.belt_judge import in_pattern, likelihoods, line_features
from vision.belt_patch import BeltPatch, cut_patch
from vision.belt_search import Lines, find_lines, hip_height_trunks, trunk_columns
from vision.result import NoBeltReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose import PoseEstimate
    from vision.result import Facing

#: A line is believed from this likelihood on: on rendered people whose tops hang over their
#: trousers, about one in twenty hems passes for a belt line.
LEAST_LIKELIHOOD = 0.65
#: Standard deviation of the angle: at best, and more for a line in doubt (1 - likelihood),
#: one whose columns scatter (deg a cell), and one to which few columns hold (1 - their mean
#: hold); fitted by ``python -m synthetic.fit_belt``, the last one rounded up: an arm's edge
#: can pull all columns beside it one way.
SD_DEG, SD_DOUBT_DEG, SD_SCATTER_DEG, SD_LOOSE_DEG = 0.3, 2.0, 3.5, 3.0
#: A line to which fewer columns hold is seen in part only: its angle may be 7 deg off.
LEAST_HOLD = 0.33
#: A smaller person has no line that could be told from noise.
_LEAST_TRUNK_PX = 40.0
#: An arm hides the line when it leaves less of the trunk to be seen, between navel and hips.
_LEAST_CLEAR = 0.55
#: Colours nearer to one another than this (CIE L*a*b*) are one colour in changing light.
_ONE_COLOUR_LAB = 6.0
#: No waistband lies lower over the hip landmark, trunk lengths; hems do.
_LOWEST_BAND_TRUNKS = 0.15
#: The silhouette is looked for this far beyond the trunk's usual width, cells.
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


@dataclass(frozen=True, slots=True)
class NoBeltLine:
    """No belt line can be told, and why."""

    reason: NoBeltReason


def find_belt_line(
    rgb: NDArray[np.uint8], pose: PoseEstimate, facing: Facing, roll_deg: float
) -> BeltLine | NoBeltLine:
    """Find the belt line of a person seen from the side.

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
        return NoBeltLine(NoBeltReason.NO_TRUNK)
    lines = find_lines(patch, trunk)
    if lines is not None:
        useless = in_pattern(lines) | (lines.hold.mean(axis=1) < LEAST_HOLD)
        likelihood = np.where(useless, 0.0, likelihoods(line_features(patch, lines)))
        best = int(likelihood.argmax())
        if likelihood[best] >= LEAST_LIKELIHOOD:
            return _belt_line(patch, lines, best, float(likelihood[best]))
    if patch.clear[:, trunk][patch.solid[:, trunk]].mean() < _LEAST_CLEAR:
        return NoBeltLine(NoBeltReason.ARM_ACROSS)
    return NoBeltLine(NoBeltReason.ONE_COLOUR if lines is None else _doubt(lines))


def _belt_line(patch: BeltPatch, lines: Lines, best: int, likelihood: float) -> BeltLine:
    half_width = (len(lines.across) - 1) / 2
    middle_x = lines.first_column + half_width
    # Whole rows of a line lie between two cells, half a cell above the lower one's middle.
    middle_y = lines.line[best, 0] - 0.5
    slope = lines.line[best, 1] / half_width
    reach = np.arange(np.ceil(middle_x), middle_x + half_width + _BEYOND)
    ends = []
    for side in (-1, 1):
        x = middle_x + side * (reach - middle_x)
        out = _silhouette(patch, x, middle_y + slope * (x - middle_x))
        ends.append(patch.picture_px((out, middle_y + slope * (out - middle_x))))
    return BeltLine(
        back_px=ends[0],
        front_px=ends[1],
        angle_deg=float(np.degrees(np.arctan(slope))),
        sd_deg=SD_DEG
        + SD_DOUBT_DEG * (1 - likelihood)
        + SD_SCATTER_DEG * float(lines.scatter[best])
        + SD_LOOSE_DEG * (1 - float(lines.hold[best].mean())),
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


def _doubt(lines: Lines) -> NoBeltReason:
    """Return what speaks against the clearest line."""
    if np.linalg.norm(lines.way, axis=1).max() < _ONE_COLOUR_LAB:
        return NoBeltReason.ONE_COLOUR
    if in_pattern(lines)[0]:
        return NoBeltReason.PATTERN
    if hip_height_trunks(lines.line[0, 0]) < _LOWEST_BAND_TRUNKS:
        return NoBeltReason.LONG_TOP
    return NoBeltReason.UNCLEAR
