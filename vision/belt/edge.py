"""The line of the bottoms' upper edge: roughly from the network, finely from the colours.

The network knows which edge it is and where it runs below an arm or a fold; the colours say
more exactly where it runs. Each counts by how exact it is.

A line is three numbers, in cells: its height in the middle, half of what it drops from back
to front, and its bow. A belt is a level ring around the body; a camera above or below it
sees a bow, whose ends, at the silhouette, the camera's height leaves where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision.belt.network import CELLS_PER_BIN, MAP_ROWS, BeltReading
from vision.belt.patch import COLUMNS
from vision.belt.search import Steps, changes_along, colour_steps, rows_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.belt.patch import BeltPatch

#: Where the network is surer than this of the edge, a column belongs to it.
_COLUMN_CHANCE = 0.5
_LEAST_BINS = 5
#: Spread of each column's row that is there anyway, bins squared, and what keeps height,
#: slope and bow small, as many columns' worth of saying so: both as in training.
_COLUMN_VARIANCE = 0.25
_RIDGE_BINS = np.diag([3e-4, 3e-3, 0.3])
_OUTLIER_BINS = 2.5
#: The colours' line is looked for this far above and below the network's, nearer ones first,
#: and each column's own edge that far from it, cells.
_OFFSETS = np.arange(-4, 5)
_OFFSET_SCALE = 8.0
_REACH = 5
_OUTLIER_CELLS = 2.5
_RIDGE_CELLS = np.diag([1e-3, 1e-2, 1.0])
#: Standard deviations of both angles: the network's for each degree that it expects to err,
#: the colours' at best, and for each cell that their columns scatter. Fitted on ``calibrate``.
_NETWORK_SD, _COLOURS_SD_DEG, _COLOURS_SD_SCATTER = 1.5, 1.0, 3.5
#: So many standard deviations apart, they do not mean the same edge: the network's counts.
_MOST_APART = 3.5


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line from the back to the front of the trunk.

    Attributes
    ----------
    middle_x
        Column half-way between its ends; the middle of a cell is a whole number.
    half_width
        From there to its ends, cells.
    middle_y, drop, bow
        Row of the straight line's middle, half of what it drops from back to front, and how
        far the bow adds to it, cells down.
    sd_deg
        Standard deviation of its angle, not yet calibrated.
    apart_deg
        How far the colours' angle is off the network's; 0 where the colours tell nothing.
    """

    middle_x: float
    half_width: float
    middle_y: float
    drop: float
    bow: float
    sd_deg: float
    apart_deg: float = 0.0

    @property
    def angle_deg(self) -> float:
        """Angle against the patch's rows, + = front lower."""
        return float(np.degrees(np.arctan(self.drop / self.half_width)))


def bow_shape(across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a bow of 1 reaches down, shape as ``across``: half an ellipse, 0 at +-1.

    Its last few per cent are cut off: they are steeper than any edge that can be followed.
    """
    return np.asarray(np.sqrt(np.maximum(1 - across**2, 0.04)) - 0.2)


def edge_line(patch: BeltPatch, reading: BeltReading) -> EdgeLine | None:
    """Return the line that the network and the colours show, or None without one."""
    rough = network_line(reading)
    return None if rough is None else _made_finer(rough, patch)


def network_line(reading: BeltReading) -> EdgeLine | None:
    """Return the line through the network's chances; None when it spans too few columns."""
    total = reading.chance.sum(axis=0)
    columns = np.flatnonzero(total > _COLUMN_CHANCE)
    if len(columns) == 0 or columns[-1] - columns[0] < _LEAST_BINS:
        return None
    first, last = int(columns[0]), int(columns[-1])
    chance, total = reading.chance[:, first : last + 1], total[first : last + 1] + 1e-6
    bins = np.arange(MAP_ROWS)[:, None]
    row = (chance * bins).sum(axis=0) / total
    variance = (chance * (bins - row) ** 2).sum(axis=0) / total
    basis = _basis(last - first + 1)
    weight = total / (variance + _COLUMN_VARIANCE)
    line, _, _ = _robust_fit(row, weight, basis, _RIDGE_BINS, _OUTLIER_BINS)
    # The middle of the first bin lies between the first two cells.
    middle = CELLS_PER_BIN * (np.array([first + last, 2 * line[0]]) / 2 + 0.5) - 0.5
    return EdgeLine(
        middle_x=float(middle[0]),
        half_width=CELLS_PER_BIN * (last - first) / 2,
        middle_y=float(middle[1]),
        drop=CELLS_PER_BIN * float(line[1]),
        bow=CELLS_PER_BIN * float(line[2]),
        sd_deg=_NETWORK_SD * reading.error_deg,
    )


def _basis(count: int) -> NDArray[np.float64]:
    across = np.linspace(-1.0, 1.0, count)
    return np.column_stack([np.ones_like(across), across, bow_shape(across)])


def _robust_fit(
    row: NDArray[np.float64],
    weight: NDArray[np.float64],
    basis: NDArray[np.float64],
    ridge: NDArray[np.float64],
    outlier: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Fit a line to the row of each column; far ones lose their pull (Tukey's biweight).

    Returns
    -------
    line, hold, scatter
        Shapes (3,) and (columns,): what is left of each weight; root mean square distance.
    """
    middle = (weight * row).sum() / max(float(weight.sum()), 1e-6)
    line, hold, distance = np.zeros(3), weight, row - middle
    for _ in range(4):
        pull = (basis.T * hold) @ basis + ridge
        line = np.linalg.solve(pull, basis.T @ (hold * (row - middle)))
        distance = row - middle - basis @ line
        hold = weight * np.maximum(1 - (distance / outlier) ** 2, 0) ** 2
    scatter = float(np.sqrt((hold * distance**2).sum() / max(float(hold.sum()), 1e-6)))
    line[0] += middle
    return line, hold, scatter


def _made_finer(rough: EdgeLine, patch: BeltPatch) -> EdgeLine:
    """Return the line moved to where the colour changes, as far as it can be told."""
    first = max(round(rough.middle_x - rough.half_width), 0)
    last = min(round(rough.middle_x + rough.half_width), COLUMNS - 1)
    basis = _basis(last - first + 1)
    steps = colour_steps(patch, slice(first, last + 1))
    start = np.rint(basis @ [rough.middle_y + 0.5, rough.drop, rough.bow]).astype(int)
    columns = np.arange(last - first + 1)
    change, strength = changes_along(steps, start + _OFFSETS[:, None], columns)
    nearness = np.exp(-np.abs(_OFFSETS) / _OFFSET_SCALE)
    best = int((strength * nearness).argmax())
    size = float(np.linalg.norm(change[best]))
    if strength[best] <= 0 or size <= 0:
        return rough
    row, weight = _column_edges(steps, start + _OFFSETS[best], change[best] / size, size)
    line, hold, scatter = _robust_fit(row, weight, basis, _RIDGE_CELLS, _OUTLIER_CELLS)
    return _combined(rough, line, scatter) if hold.sum() > _LEAST_BINS else rough


def _column_edges(
    steps: Steps, start: NDArray[np.intp], way: NDArray[np.float32], size: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the row of the strongest step near the line in each column, and its weight."""
    reach = np.arange(-_REACH, _REACH + 1)
    # Of every step, only its share along the line's own change of colour counts.
    near = rows_at(steps.lab @ way, start + reach[:, None])
    seen = rows_at(steps.seen, start)
    peak = np.clip(near.argmax(axis=0), 1, len(reach) - 2)[None]
    before, at, after = (np.take_along_axis(near, peak + i, axis=0)[0] for i in (-1, 0, 1))
    bend = np.minimum(before - 2 * at + after, -1e-6)
    finer = np.clip((before - after) / (2 * bend), -1, 1)
    return start + reach[peak[0]] + finer, np.asarray(np.clip(at / size, 0, 1) * seen, float)


def _combined(rough: EdgeLine, line: NDArray[np.float64], scatter: float) -> EdgeLine:
    """Return the mean of the network's and the colours' line, by their exactness."""
    colours_sd_deg = _COLOURS_SD_DEG + _COLOURS_SD_SCATTER * scatter
    colours_deg = float(np.degrees(np.arctan(line[1] / rough.half_width)))
    apart_deg = abs(colours_deg - rough.angle_deg)
    if apart_deg > _MOST_APART * np.hypot(colours_sd_deg, rough.sd_deg):
        return replace(rough, apart_deg=apart_deg)
    share = rough.sd_deg**2 / (rough.sd_deg**2 + colours_sd_deg**2)
    return replace(
        rough,
        middle_y=float(line[0]) - 0.5,
        drop=(1 - share) * rough.drop + share * float(line[1]),
        bow=float(line[2]),
        sd_deg=float(np.sqrt(share)) * colours_sd_deg,
        apart_deg=apart_deg,
    )
