"""Things on a wall, as rectangles: upright ones, and ones that lean."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Nothing that is plumb in reality leans by so little as to be mistaken for it.
LEAN_RANGE_DEG = (2.5, 15.0)


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle on a wall.

    Attributes
    ----------
    left_m, bottom_m, width_m, height_m
        Along the wall from the thing's middle, and up from the floor.
    shade
        Factor on the thing's colour.
    lean_deg
        Turn about ``pivot_m``, + = the upper end goes right.
    pivot_m
        Along and up.
    """

    left_m: float
    bottom_m: float
    width_m: float
    height_m: float
    shade: float
    lean_deg: float = 0.0
    pivot_m: tuple[float, float] = (0.0, 0.0)

    def corners_m(self) -> NDArray[np.float64]:
        """Return the corners, shape (4, 2), along and up."""
        along = self.left_m + self.width_m * np.array([0.0, 1.0, 1.0, 0.0])
        up = self.bottom_m + self.height_m * np.array([0.0, 0.0, 1.0, 1.0])
        turn = math.radians(self.lean_deg)
        x, y = along - self.pivot_m[0], up - self.pivot_m[1]
        return np.column_stack(
            [
                self.pivot_m[0] + x * math.cos(turn) + y * math.sin(turn),
                self.pivot_m[1] - x * math.sin(turn) + y * math.cos(turn),
            ]
        )


def _leaning(parts: list[Part], lean_deg: float, pivot_m: tuple[float, float]) -> list[Part]:
    return [replace(part, lean_deg=lean_deg, pivot_m=pivot_m) for part in parts]


def _lean(rng: np.random.Generator) -> float:
    return float(rng.choice([-1.0, 1.0]) * rng.uniform(*LEAN_RANGE_DEG))


def _framed(
    left: float, bottom: float, width: float, height: float, edge: float, inner: float
) -> list[Part]:
    """Return a frame and what it holds."""
    return [
        Part(left, bottom, width, height, 1.0),
        Part(left + edge, bottom + edge, width - 2 * edge, height - 2 * edge, inner),
    ]


def handle(rng: np.random.Generator) -> list[Part]:
    """Return a handle in its frame, with panels or without."""
    wide, high = float(rng.uniform(0.75, 0.95)), float(rng.uniform(1.95, 2.15))
    parts = [
        Part(-wide / 2 - 0.08, 0.0, wide + 0.16, high + 0.08, float(rng.uniform(0.6, 0.85))),
        Part(-wide / 2, 0.0, wide, high, 1.0),
    ]
    if rng.uniform() < 0.5:
        for bottom in (0.2, 1.1):
            parts.append(Part(-wide / 2 + 0.12, bottom, wide - 0.24, 0.75, 0.88))
    return parts


def window(rng: np.random.Generator) -> list[Part]:
    """Return a window of one to three panes."""
    wide, high = float(rng.uniform(0.8, 1.6)), float(rng.uniform(0.9, 1.4))
    bottom, panes = float(rng.uniform(0.8, 1.0)), int(rng.integers(1, 4))
    parts = [Part(-wide / 2, bottom, wide, high, 1.1)]
    for k in range(panes):
        left = -wide / 2 + 0.06 + k * (wide - 0.06) / panes
        parts += [Part(left, bottom + 0.06, (wide - 0.06) / panes - 0.06, high - 0.12, 0.5)]
    return parts


def _books(rng: np.random.Generator, left: float, bottom: float, wide: float) -> list[Part]:
    """Return books on a board: upright, but for a last one that leans."""
    parts, x = [], left + 0.01
    while x < left + wide - 0.15:
        thick, high = float(rng.uniform(0.02, 0.05)), float(rng.uniform(0.18, 0.27))
        parts.append(Part(x, bottom, thick, high, float(rng.uniform(0.4, 1.3))))
        x += thick
        if rng.uniform() < 0.08:
            break
    last = Part(x + 0.02, bottom, 0.03, 0.22, float(rng.uniform(0.4, 1.3)))
    return [*parts, *_leaning([last], -12.0, (x + 0.05, bottom))]


def shelf(rng: np.random.Generator) -> list[Part]:
    """Return a bookcase."""
    wide, high = float(rng.uniform(0.6, 1.2)), float(rng.uniform(1.5, 2.1))
    parts = _framed(-wide / 2, 0.0, wide, high, 0.025, 0.55)
    boards = int(rng.integers(4, 6))
    for k in range(boards):
        bottom = 0.08 + k * (high - 0.1) / boards
        parts.append(Part(-wide / 2, bottom - 0.025, wide, 0.025, 0.95))
        if rng.uniform() < 0.8:
            parts += _books(rng, -wide / 2 + 0.03, bottom, wide - 0.06)
    return parts


def cupboard(rng: np.random.Generator) -> list[Part]:
    """Return a cupboard with two to four doors."""
    doors, each, high = int(rng.integers(2, 5)), 0.5, float(rng.uniform(1.8, 2.3))
    parts = [Part(-doors * each / 2, 0.0, doors * each, high, 0.8)]
    for k in range(doors):
        parts.append(Part(-doors * each / 2 + k * each + 0.01, 0.05, each - 0.02, high - 0.1, 1.0))
    return parts


def _courses(rng: np.random.Generator, wide: float, high: float, shift: float) -> list[Part]:
    """Return a wall of joints and stones, every other course shifted."""
    joint, contrast = 0.012, float(rng.uniform(0.1, 0.3))
    parts = [Part(-3.0, 0.0, 6.0, 2.6, 1.0 - contrast)]
    for row in range(math.ceil(2.6 / high)):
        start = -3.0 - (row % 2) * shift * wide
        for column in range(math.ceil(6.0 / wide) + 1):
            shade = float(rng.normal(1.0, 0.02 + 0.06 * shift))
            left = start + column * wide
            parts.append(Part(left, row * high, wide - joint, high - joint, shade))
    return parts


def tiles(rng: np.random.Generator) -> list[Part]:
    """Return a tiled wall."""
    side = float(rng.uniform(0.15, 0.4))
    return _courses(rng, side, side * float(rng.choice([1.0, 2.0])), 0.0)


def bricks(rng: np.random.Generator) -> list[Part]:
    """Return a brick wall: its upright joints are as short as a brick is high."""
    return _courses(rng, 0.25, 0.075, 0.5)


def ladder(rng: np.random.Generator) -> list[Part]:
    """Return a ladder that leans to one side."""
    wide, high = 0.42, float(rng.uniform(1.8, 2.6))
    parts = [Part(x, 0.0, 0.05, high, 0.9) for x in (-wide / 2, wide / 2 - 0.05)]
    for k in range(int(high / 0.28)):
        parts.append(Part(-wide / 2, 0.2 + 0.28 * k, wide, 0.035, 1.1))
    return _leaning(parts, _lean(rng), (0.0, 0.0))


def leaning_shelf(rng: np.random.Generator) -> list[Part]:
    """Return a bookcase about to fall over."""
    return _leaning(shelf(rng), _lean(rng), (0.0, 0.0))


def leaning_planks(rng: np.random.Generator) -> list[Part]:
    """Return planks, poles and a staff, each leaning as it likes."""
    parts = []
    for _ in range(int(rng.integers(2, 6))):
        x = float(rng.uniform(-1.2, 1.2))
        plank = Part(x, 0.0, float(rng.uniform(0.03, 0.15)), float(rng.uniform(1.2, 2.3)), 1.0)
        parts += _leaning([replace(plank, shade=float(rng.uniform(0.5, 1.3)))], _lean(rng), (x, 0))
    return parts


def stair_rail(rng: np.random.Generator) -> list[Part]:
    """Return stairs seen from the side, steep ones, with bars square to the rail."""
    lean = float(rng.choice([-1.0, 1.0]) * rng.uniform(*LEAN_RANGE_DEG))
    parts = [Part(-1.5, 0.9, 3.0, 0.06, 0.8), Part(-1.5, 0.1, 3.0, 0.06, 0.8)]
    for k in range(int(rng.integers(5, 14))):
        parts.append(Part(-1.4 + 0.22 * k, 0.1, 0.025, 0.85, 0.9))
    return _leaning(parts, lean, (0.0, 0.4))


def roof(rng: np.random.Generator) -> list[Part]:
    """Return steep gables."""
    parts = []
    for side in (-1.0, 1.0):
        lean = side * float(rng.uniform(6, 50))
        for k in range(4):
            parts += _leaning([Part(0.25 * k, 0.8, 0.06, 2.2, 0.8)], lean, (0.0, 2.4))
    return parts


def askew_frames(rng: np.random.Generator) -> list[Part]:
    """Return one to four pictures, each hung askew in its own way."""
    parts = []
    for _ in range(int(rng.integers(1, 5))):
        left, bottom = float(rng.uniform(-1.2, 0.8)), float(rng.uniform(0.9, 1.5))
        wide, high = rng.uniform(0.3, 0.7, 2).tolist()
        frame = _framed(left, bottom, wide, high, 0.04, float(rng.uniform(0.5, 1.5)))
        parts += _leaning(frame, _lean(rng), (left + wide / 2, bottom + high))
    return parts
