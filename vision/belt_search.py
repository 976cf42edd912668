"""Lines across the trunk along which the colour changes.

A line is three numbers, in cells of a :class:`vision.belt_patch.BeltPatch`: its height in
the middle of the trunk, half of what it drops from the back to the front, and its bow. A
belt is a level ring around the body; a camera above or below it sees a bow, whose ends, at
the silhouette, the camera's height leaves where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.belt_patch import CELLS_PER_TRUNK, HIP_CELL, ROWS, BeltPatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The middle of a line lies in these rows: from the navel to below the hip landmark.
_HIGHEST, _LOWEST = 6, 55
#: Colours are compared over this many cells above and below a line, and there must be this
#: many to compare.
STEP_CELLS = 4
_LEAST_CELLS = 3
#: What is tried first: straight lines of these slopes, cells down for each cell forward.
_SLOPES = np.arange(-0.36, 0.93, 0.1)
_COARSE_COLUMNS = 14
MOST_LINES = 6
_APART_ROWS = 3
#: A change of colour this small (CIE L*a*b*) is no more than noise and shade.
_NOISE_LAB = 3.0
_LEAST_COVERED = 0.35
#: The edge of each column is looked for this far from a line, and pulls it no longer when it
#: lies further off than the second number, cells.
_REACH = 5
_OUTLIER_CELLS = 2.5
#: Keeps slope and bow small where few columns tell; as many columns' worth of saying so.
_RIDGE = np.diag([1e-3, 1e-2, 1.0])
#: Rows added above and below, so that no line leaves the arrays.
_MARGIN = 64
_NARROWEST_CELLS = 8


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that were found, n of them, on a trunk of w columns.

    Attributes
    ----------
    first_column
        The trunk's rearmost column in the patch.
    across
        Shape (w,): -1 at the trunk's back edge to +1 at its front edge.
    line
        Shape (n, 3): height in the middle (rows from the top; whole numbers lie between two
        rows), half of the drop from back to front, and bow.
    height
        Shape (n, w): the row of each line in each column.
    way
        Shape (n, 3): the colour's change downwards across each line, CIE L*a*b*.
    score
        Shape (n,): how strong and how even that change is, best first.
    hold
        Shape (n, w), 0..1: how firmly each column holds to the line.
    scatter
        Shape (n,): root mean square distance of the columns' own edges, cells.
    """

    first_column: int
    across: NDArray[np.float64]
    line: NDArray[np.float64]
    height: NDArray[np.float64]
    way: NDArray[np.float64]
    score: NDArray[np.float64]
    hold: NDArray[np.float64]
    scatter: NDArray[np.float64]


def bow_shape(across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a bow of 1 reaches down, shape as ``across``: half an ellipse, 0 at +-1.

    Its last few per cent are cut off: they are steeper than any edge that can be followed.
    """
    return np.asarray(np.sqrt(np.maximum(1 - across**2, 0.04)) - 0.2)


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


def find_lines(patch: BeltPatch, trunk: slice) -> Lines | None:
    """Return up to ``MOST_LINES`` lines, or None when the colour changes nowhere to be seen.

    Parameters
    ----------
    patch
        The picture.
    trunk
        Its columns, from :func:`trunk_columns`.
    """
    across = np.linspace(-1.0, 1.0, trunk.stop - trunk.start)
    step, seen = colour_steps(patch.lab[:, trunk], patch.clear[:, trunk])
    line, way, score = _coarse_lines(step, seen, across)
    if len(line) == 0:
        return None
    line, hold, scatter = _settled(line, way, step, seen, across)
    height = line @ _basis(across).T
    return Lines(trunk.start, across, line, height, way, score, hold, scatter)


def _basis(across: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.ones_like(across), across, bow_shape(across)])


def colour_steps(
    lab: NDArray[np.float32], clear: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return by how much the colour changes downwards at the upper edge of each cell.

    Returns
    -------
    step
        Shape (``ROWS``, w, 3), CIE L*a*b*: the mean of the cells below minus that above.
    seen
        Shape (``ROWS``, w), 0 or 1: whether enough of the trunk is clear; ``step`` is 0
        elsewhere.
    """
    weighted = np.concatenate([lab * clear[..., None], clear[..., None]], axis=2)
    total = np.zeros((ROWS + 2 * STEP_CELLS + 1, *weighted.shape[1:]), np.float32)
    np.cumsum(weighted, axis=0, out=total[STEP_CELLS + 1 : ROWS + STEP_CELLS + 1])
    total[ROWS + STEP_CELLS + 1 :] = total[ROWS + STEP_CELLS]
    window = total[STEP_CELLS:] - total[:-STEP_CELLS]
    above, below = window[:ROWS], window[STEP_CELLS : ROWS + STEP_CELLS]
    fewest = np.minimum(above[..., 3], below[..., 3])
    seen = (fewest >= _LEAST_CELLS).astype(np.float32)
    step = below[..., :3] / np.maximum(below[..., 3:], 1)
    step -= above[..., :3] / np.maximum(above[..., 3:], 1)
    return step * seen[..., None], seen


def _coarse_lines(
    step: NDArray[np.float32], seen: NDArray[np.float32], across: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Try straight lines of every slope and height on a few columns.

    Returns
    -------
    line
        Shape (n, 3), as in :class:`Lines`.
    way
        Shape (n, 3): the colour's change across each line, CIE L*a*b*.
    score
        Shape (n,).
    """
    width = len(across)
    columns = np.rint(np.linspace(1, width - 2, _COARSE_COLUMNS)).astype(int)
    u, half_width = across[columns], (width - 1) / 2
    drops = np.rint(_SLOPES[:, None] * half_width * u).astype(int)
    squared = (step**2).sum(axis=2, keepdims=True)
    table = np.concatenate([step, squared, seen[..., None]], axis=2)[:, columns]
    rows = np.arange(_HIGHEST, _LOWEST)[:, None] + drops[:, None, :]
    sums = rows_at(table, rows).sum(axis=2)
    count = np.maximum(sums[..., 4], 1)
    change = sums[..., :3] / count[..., None]
    strength = (change**2).sum(axis=2) / np.sqrt(sums[..., 3] / count + _NOISE_LAB**2)
    covered = sums[..., 4] / len(u)
    strength *= np.sqrt(covered) * (covered >= _LEAST_COVERED)
    best = strength.max(axis=0)
    row = np.array(_peaks(best), dtype=int)
    slope = strength.argmax(axis=0)[row]
    line = np.column_stack([row + _HIGHEST, _SLOPES[slope] * half_width, np.zeros(len(row))])
    return line, change[slope, row].astype(float), best[row].astype(float)


def _peaks(strength: NDArray[np.floating]) -> list[int]:
    """Return the rows of the strongest lines, best first, some rows apart."""
    left = strength.copy()
    rows: list[int] = []
    while len(rows) < MOST_LINES and left.max() > 0:
        row = int(left.argmax())
        rows.append(row)
        left[max(row - _APART_ROWS, 0) : row + _APART_ROWS + 1] = 0
    return rows


def _settled(
    line: NDArray[np.float64],
    way: NDArray[np.float64],
    step: NDArray[np.float32],
    seen: NDArray[np.float32],
    across: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Fit each line to the edge that each column shows near it.

    Returns
    -------
    line, hold, scatter
        As in :class:`Lines`.
    """
    basis = _basis(across)
    middle = line[:, :1] * [1.0, 0.0, 0.0]
    strength = np.linalg.norm(way, axis=1, keepdims=True) + 1e-6
    # Of every step, only its share along the line's own change of colour counts.
    along = np.einsum("rwc,nc->rwn", step, way / strength).astype(np.float32)
    table = np.concatenate([along, seen[..., None]], axis=2)
    hold, distance = np.zeros((len(line), len(across))), np.zeros((len(line), len(across)))
    for _ in range(2):
        edge, weight = _edges(np.rint(line @ basis.T).astype(int), table, strength)
        hold = weight
        for _ in range(3):
            pull = basis.T @ (hold[..., None] * basis) + _RIDGE
            drop = (hold * (edge - middle[:, :1])) @ basis
            line = middle + np.linalg.solve(pull, drop[..., None])[..., 0]
            distance = edge - line @ basis.T
            hold = weight * np.maximum(1 - (distance / _OUTLIER_CELLS) ** 2, 0) ** 2
    scatter = np.sqrt((hold * distance**2).sum(axis=1) / np.maximum(hold.sum(axis=1), 1e-6))
    return line, hold, scatter


def _edges(
    start: NDArray[np.intp], table: NDArray[np.float32], strength: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the row of the strongest step near each line in each column, and its weight."""
    reach = np.arange(-_REACH, _REACH + 1)
    near = rows_at(table, start[:, None, :] + reach[:, None])
    lines = np.arange(len(start))
    steps = near[lines, ..., lines]  # (n, reach, w)
    peak = np.clip(steps.argmax(axis=1), 1, len(reach) - 2)[:, None]
    before, at, after = (
        np.take_along_axis(steps, peak + shift, axis=1)[:, 0] for shift in (-1, 0, 1)
    )
    bend = np.minimum(before - 2 * at + after, -1e-6)
    finer = np.clip((before - after) / (2 * bend), -1, 1)
    weight = np.clip(at / strength, 0, 1) * near[:, _REACH, :, -1]
    return start + reach[peak[:, 0]] + finer, weight.astype(float)


def hip_height_trunks(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far rows lie above the mid-hip point, trunk lengths."""
    return (HIP_CELL[1] - row) / CELLS_PER_TRUNK
