"""The line of the bottoms' upper edge: roughly from the network, finely from the colours.

A tucked top's edge and the hem of a short top that hangs over the trousers are one change of
colour each. What tells them apart, wrinkles, a step in the outline, a band, the height, a
small network has learnt from rendered people (see ``vision/models/MODEL_CARD.md``). It knows
which edge it is and where it runs below an arm or a fold; the colours say more exactly where it
runs. Each counts by how exact it is.

A line is three numbers, in cells: its height in the middle, half of what it drops from back
to front, and its bow. A belt is a level ring around the body; a camera above or below it
sees a bow, whose ends, at the silhouette, the camera's height leaves where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.belt.patch import COLUMNS, ROWS, Steps, changes_along, colour_steps, rows_at
from vision.model_files import BELT_MODEL, Network, once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.belt.patch import BeltPatch

#: L*, a*, b*, person, clear of the near arm, likeness to skin.
CHANNELS = 6
#: The map of chances is this many times coarser than the patch.
CELLS_PER_BIN = 2
MAP_ROWS, MAP_COLUMNS = ROWS // CELLS_PER_BIN, COLUMNS // CELLS_PER_BIN
#: CIE L*a*b* as OpenCV stores it in bytes.
_LAB_SCALE, _LAB_OFFSET = (2.55, 1.0, 1.0), (0.0, 128.0, 128.0)
#: The colours of one person's skin differ by 12 (CIE L*a*b*); shade changes L* most.
_SKIN_WEIGHTS = (np.float32(0.3 / 12), np.float32(1 / 12), np.float32(1 / 12))
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
class BeltReading:
    """What the network reads from one patch.

    Attributes
    ----------
    likelihood
        0..1: that the upper edge of the bottoms shows.
    error_deg
        How far its angle is off, on average.
    chance
        Shape (``MAP_ROWS``, ``MAP_COLUMNS``), 0..1: in each column, how likely the edge lies
        in each bin of two rows, if it shows; sums to 1 down each column between its ends,
        and to 0 beyond.
    """

    likelihood: float
    error_deg: float
    chance: NDArray[np.float32]


def network_input(patch: BeltPatch) -> NDArray[np.float32]:
    """Return what the network looks at, shape (``CHANNELS``, ``ROWS``, ``COLUMNS``), 0..255."""
    planes = np.empty((CHANNELS, ROWS, COLUMNS), np.float32)
    lab = [np.asarray(plane, np.float32) for plane in cv2.split(patch.lab)]
    for plane, values, scale, offset in zip(planes, lab, _LAB_SCALE, _LAB_OFFSET, strict=False):
        np.add(values * np.float32(scale), np.float32(offset), out=plane)
    planes[3] = 255.0 * patch.solid
    planes[4] = 255.0 * patch.clear
    planes[5] = 255.0 * _likeness_to_skin(lab, patch.skin_rgb)
    return planes


def _likeness_to_skin(
    lab: Sequence[NDArray[np.float32]], skin_rgb: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how like the face's or the hand's each cell's colour is, 0..1.

    Plane by plane, which takes a fraction of the time that cells of three values take.
    """
    likeness = np.zeros((ROWS, COLUMNS), np.float32)
    if len(skin_rgb):
        for colour in cv2.cvtColor(skin_rgb[None] / np.float32(255), cv2.COLOR_RGB2LAB)[0]:
            apart = sum(
                (((plane - value) * weight) ** 2)
                for plane, value, weight in zip(lab, colour, _SKIN_WEIGHTS, strict=True)
            )
            likeness = np.maximum(likeness, 1 / (1 + apart))
    return np.asarray(likeness, np.float32)


class BeltNetwork:
    """The shipped network. Calls take about a millisecond and wait for one another."""

    def __init__(self) -> None:
        self._network = Network(BELT_MODEL)

    def read(self, patch: BeltPatch) -> BeltReading:
        """Tell whether the edge shows, and where."""
        answer = self._network.run(network_input(patch)[None])[0]
        chance = answer[2:].reshape(MAP_ROWS, MAP_COLUMNS)
        return BeltReading(float(answer[0]), float(answer[1]), np.array(chance, np.float32))


@once
def shared_network() -> BeltNetwork:
    """Return the process's one belt network, loaded when first asked for, by any thread."""
    return BeltNetwork()


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

    Returns it, shape (3,), what is left of each weight, and the root mean square distance.
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
