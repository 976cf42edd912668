"""Cloth as a radius around the posed body: it rests on what sticks out and hangs below it.

A tube is described in cylinder coordinates around a centre line: one radius per height and
angle. Angle 0 points to the person's left (+x), 90 deg to the back (+y).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.mesh import grid_faces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.mesh import Surface

#: Angles and height step of every tube.
COLUMNS = 72
STEP_M = 0.01

_ANGLES = np.arange(COLUMNS) * (2 * np.pi / COLUMNS)
_DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
#: Points in each triangle that are measured, barycentric.
_SAMPLES = np.array(
    [
        [1, 0, 0],
        [0.5, 0.5, 0],
        [0, 0.5, 0.5],
        [0.5, 0, 0.5],
        [1 / 3, 1 / 3, 1 / 3],
        [0.75, 0.25, 0],
        [0, 0.75, 0.25],
        [0.25, 0, 0.75],
    ],
    dtype=np.float32,
)


@dataclass(frozen=True, slots=True)
class Tube:
    """Radii around a centre line.

    Attributes
    ----------
    heights
        Shape (n,), m, falling: the highest ring first, :data:`STEP_M` apart.
    centre
        Shape (n, 2), m: x and y of the centre line.
    radius
        Shape (n, :data:`COLUMNS`), m.
    """

    heights: NDArray[np.float64]
    centre: NDArray[np.float64]
    radius: NDArray[np.float64]

    def with_radius(self, radius: NDArray[np.float64]) -> Tube:
        """Return the same centre line with other radii."""
        return Tube(self.heights, self.centre, radius)

    def ring_index(self, height_m: float) -> int:
        """Return the ring nearest to a height."""
        index = round((float(self.heights[0]) - height_m) / STEP_M)
        return int(np.clip(index, 0, len(self.heights) - 1))

    def points(self, heights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of the tube at given heights.

        Parameters
        ----------
        heights
            Shape (rings, :data:`COLUMNS`), m: one height for each ring and angle.

        Returns
        -------
        numpy.ndarray
            Shape (rings, :data:`COLUMNS`, 3), m.
        """
        place = np.clip((self.heights[0] - heights) / STEP_M, 0, len(self.heights) - 1.001)
        row = place.astype(int)
        part = place - row
        column = np.broadcast_to(np.arange(COLUMNS), row.shape)
        radius = (1 - part) * self.radius[row, column] + part * self.radius[row + 1, column]
        centre = (1 - part)[..., None] * self.centre[row] + part[..., None] * self.centre[row + 1]
        xy = centre + radius[..., None] * _DIRECTIONS
        return np.concatenate([xy, heights[..., None]], axis=-1)


def surface_points(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return points spread over a surface, shape (8 m, 3)."""
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    points = [wa * a + wb * b + wc * c for wa, wb, wc in _SAMPLES]
    return np.concatenate(points, dtype=np.float32)


def _filled(radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill empty cells from their neighbours, then from the nearest full ring."""
    filled = radius.copy()
    for _ in range(COLUMNS // 2):
        empty = np.isnan(filled)
        if not empty.any():
            return filled
        around = np.stack(
            [
                np.roll(filled, 1, axis=1),
                np.roll(filled, -1, axis=1),
                np.vstack([filled[:1], filled[:-1]]),
                np.vstack([filled[1:], filled[-1:]]),
            ]
        )
        known = ~np.isnan(around)
        total = np.where(known, around, 0.0).sum(0)
        mean = total / np.maximum(known.sum(0), 1)
        filled = np.where(empty & known.any(0), mean, filled)
    return np.nan_to_num(filled, nan=0.05)


def measure(
    points: NDArray[np.float32], heights: NDArray[np.float64], centre: NDArray[np.float64]
) -> Tube:
    """Return how far a surface reaches from a centre line at each height and angle.

    Parameters
    ----------
    points
        Shape (k, 3), m.
    heights, centre
        As in :class:`Tube`.
    """
    ring = np.round((heights[0] - points[:, 2]) / STEP_M).astype(int)
    near = (ring >= 0) & (ring < len(heights))
    ring, xy = ring[near], points[near, :2] - centre[ring[near]]
    angle = np.arctan2(xy[:, 1], xy[:, 0]) / (2 * np.pi) * COLUMNS
    cell = ring * COLUMNS + np.round(angle).astype(int) % COLUMNS
    radius = np.full(len(heights) * COLUMNS, -1.0)
    np.maximum.at(radius, cell, np.hypot(xy[:, 0], xy[:, 1]))
    radius[radius < 0] = np.nan
    filled = _filled(radius.reshape(len(heights), COLUMNS))
    soft = 0.5 * filled + 0.25 * (np.roll(filled, 1, axis=1) + np.roll(filled, -1, axis=1))
    return Tube(heights, centre, np.maximum(soft, filled - 0.004))


def bridged(radius: NDArray[np.float64], widest: int) -> NDArray[np.float64]:
    """Span hollows across each ring, as stretched cloth does.

    Parameters
    ----------
    widest
        How many columns a span reaches to either side; 16 makes a ring convex.
    """
    result = radius
    reach = 1
    while reach <= widest:
        left, right = np.roll(result, reach, axis=1), np.roll(result, -reach, axis=1)
        chord = 2 * np.cos(reach * 2 * np.pi / COLUMNS) * left * right / (left + right)
        result = np.maximum(result, chord)
        reach *= 2
    return result


def hang(tube: Tube, slope: NDArray[np.float64] | float, first_ring: int = 0) -> Tube:
    """Let cloth fall from whatever sticks out above.

    Parameters
    ----------
    slope
        Metres that the cloth may come closer to the body for each metre down; scalar or one
        per column. 0 hangs plumb, large values cling, negative ones flare.
    first_ring
        Where the cloth begins; rings above stay as they are.
    """
    radius = tube.radius.copy()
    shift = np.diff(tube.centre, axis=0) @ _DIRECTIONS.T
    for ring in range(first_ring + 1, len(radius)):
        fallen = radius[ring - 1] - shift[ring - 1] - slope * STEP_M
        radius[ring] = np.maximum(radius[ring], fallen)
    return tube.with_radius(radius)


def gathered(
    tube: Tube, body: Tube, edge_m: NDArray[np.float64], ease_m: float, slope: float
) -> Tube:
    """Hold cloth close to the body at an edge: a waistband, a ribbed hem, a cuff.

    Parameters
    ----------
    edge_m
        Shape (:data:`COLUMNS`,): height of the edge at each angle, m.
    ease_m
        Room between cloth and body at the edge.
    slope
        Metres of room gained for each metre away from the edge.
    """
    away = np.abs(tube.heights[:, None] - edge_m[None, :])
    limit = body.radius + ease_m + slope * away
    return tube.with_radius(np.minimum(tube.radius, limit))


def folds(tube: Tube, amplitude_m: NDArray[np.float64] | float, rng: np.random.Generator) -> Tube:
    """Add soft, mostly vertical folds and slanting creases.

    Parameters
    ----------
    amplitude_m
        Their depth, scalar or one per ring and angle, m.
    """
    z = tube.heights[:, None]
    wave = np.zeros_like(tube.radius)

    def ripple(
        phase: NDArray[np.float64], middle_m: float, length_m: float, depth: float
    ) -> NDArray[np.float64]:
        stretch = np.exp(-(((z - middle_m) / length_m) ** 2))
        return np.asarray(rng.normal(0.0, depth) * stretch * np.cos(phase + rng.uniform(0, 7)))

    for _ in range(6):
        # Each fold runs over a stretch of height and bends, so that none looks pleated.
        count = int(rng.integers(2, 9))
        middle, length = rng.choice(tube.heights), rng.uniform(0.08, 0.35)
        bend = rng.normal(0.0, 1.2) * np.sin(z * rng.uniform(6, 16) + rng.uniform(0, 7))
        lean = rng.normal(0.0, 6.0) * z
        wave += ripple(count * _ANGLES + lean + bend, middle, length, 1.5)
    for _ in range(4):
        count = int(rng.integers(1, 4))
        pitch = rng.uniform(20.0, 80.0) * rng.choice([-1.0, 1.0])
        middle, length = rng.choice(tube.heights), rng.uniform(0.05, 0.2)
        bend = rng.normal(0.0, 1.0) * np.cos(2 * _ANGLES + rng.uniform(0, 7))
        wave += ripple(count * _ANGLES + pitch * z + bend, middle, length, 1.2)
    return tube.with_radius(tube.radius + amplitude_m * (wave / 2.5 + 0.3))


def tube_mesh(
    tube: Tube, top_m: NDArray[np.float64], bottom_m: NDArray[np.float64], ring_m: float = 0.014
) -> Surface:
    """Return the tube between two edges as a mesh.

    Parameters
    ----------
    top_m, bottom_m
        Shape (:data:`COLUMNS`,): height of the edges at each angle, m.
    ring_m
        Distance between rings, m.
    """
    rings = max(3, int(np.ceil(float((top_m - bottom_m).max()) / ring_m)) + 1)
    part = np.linspace(0.0, 1.0, rings)[:, None]
    points = tube.points(top_m[None] * (1 - part) + bottom_m[None] * part)
    return points.reshape(-1, 3).astype(np.float32), grid_faces(rings, COLUMNS)


def plane_edge(tube: Tube, height_m: float, slope: float) -> NDArray[np.float64]:
    """Return heights at which a tube crosses a plane that rises to the back.

    Parameters
    ----------
    height_m
        Height of the plane at y = 0.
    slope
        Rise for each metre towards the back.
    """
    edge = np.full(COLUMNS, height_m)
    for _ in range(3):
        edge = height_m + slope * tube.points(edge[None])[0, :, 1]
    return edge
