"""Rooms with known plumb lines, and rooms that only seem to have them.

Everything stands in three dimensions before a camera with known roll and pitch, so plumb
lines lean with the roll and converge with the pitch as they do on photographs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.clothing.palette import Colour, cloth_colour, scaled
from synthetic.scene.backgrounds import noise_texture
from synthetic.scene.camera import make_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from synthetic.scene.camera import PinholeCamera, View


class Room(StrEnum):
    """What a scene offers to tell the plumb line by."""

    DOOR = "door"
    CORNER = "corner"
    SHELF = "shelf"
    WINDOW = "window"
    CUPBOARD = "cupboard"
    TILES = "tiles"
    BRICK = "brick"
    FURNISHED = "furnished"
    FURNISHED_AND_SLANTED = "furnished and slanted"
    LADDER = "ladder"
    LEANING_SHELF = "leaning shelf"
    LEANING_PLANKS = "leaning planks"
    STAIR_RAIL = "stair rail"
    ROOF = "roof"
    ASKEW_FRAMES = "askew frames"
    SLANTED_MIX = "slanted mix"
    PICTURE_OF_PICTURE = "picture of a picture"
    PLAIN = "plain"
    BUSHES = "bushes"
    CURVES = "curves"


PLUMB = (
    Room.DOOR, Room.CORNER, Room.SHELF, Room.WINDOW, Room.CUPBOARD, Room.TILES, Room.BRICK,
    Room.FURNISHED, Room.FURNISHED_AND_SLANTED,
)  # fmt: skip
#: No plumb line shows, or lines that contradict one another.
SLANTED = (
    Room.LADDER, Room.LEANING_SHELF, Room.LEANING_PLANKS, Room.STAIR_RAIL, Room.ROOF,
    Room.ASKEW_FRAMES, Room.SLANTED_MIX, Room.PICTURE_OF_PICTURE,
)  # fmt: skip
EMPTY = (Room.PLAIN, Room.BUSHES, Room.CURVES)

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


def door(rng: np.random.Generator) -> list[Part]:
    """Return a door in its frame, with panels or without."""
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


_UPRIGHT = (door, shelf, window, cupboard)
_LEANING = (ladder, leaning_shelf, leaning_planks, stair_rail, roof, askew_frames)
_THINGS: dict[Room, Callable[[np.random.Generator], list[Part]]] = {
    Room.DOOR: door,
    Room.SHELF: shelf,
    Room.WINDOW: window,
    Room.CUPBOARD: cupboard,
    Room.TILES: tiles,
    Room.BRICK: bricks,
    Room.LADDER: ladder,
    Room.LEANING_SHELF: leaning_shelf,
    Room.LEANING_PLANKS: leaning_planks,
    Room.STAIR_RAIL: stair_rail,
    Room.ROOF: roof,
    Room.ASKEW_FRAMES: askew_frames,
}
_SHIFT = 4
#: DIN 18202 allows walls 6 mm on 1 m and 8 mm on 3 m, 0.34 and 0.15 deg; furniture stands
#: on floors that are no better.
OFF_PLUMB_SD_DEG = 0.2


class _Wall:
    """A wall that things are painted on; it may stand askew to the camera."""

    def __init__(
        self, picture: NDArray[np.uint8], camera: PinholeCamera, away_m: float, turn_deg: float
    ):
        self.picture, self._camera, self._away_m = picture, camera, away_m
        turn = math.radians(turn_deg)
        self._along = np.array([math.cos(turn), math.sin(turn), 0.0])

    def put(self, parts: list[Part], at_m: float, colour: Colour, off_plumb_deg: float) -> None:
        """Paint a thing with its middle at a place along the wall."""
        off = math.tan(math.radians(off_plumb_deg))
        for part in parts:
            corners = part.corners_m() @ np.array([[1.0, -off], [off, 1.0]])
            corners[:, 0] += at_m
            world = corners[:, :1] * self._along + np.array([0.0, self._away_m, 0.0])
            world[:, 2] = corners[:, 1]
            fill_polygon(self.picture, self._camera, world, scaled(colour, part.shade))


def fill_polygon(
    picture: NDArray[np.uint8],
    camera: PinholeCamera,
    corners_m: NDArray[np.float64],
    colour: Colour,
) -> None:
    """Fill a polygon of shape (n, 3), m, unless part of it lies behind the camera."""
    if ((corners_m - camera.position) @ camera.forward).min() < 0.2:
        return
    pixels = np.clip(camera.project(corners_m), -20_000, 20_000)
    fixed = np.round(pixels * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, _SHIFT)


def _off_plumb(rng: np.random.Generator) -> float:
    """Draw by how much a thing that should be plumb is not, deg."""
    return float(rng.normal(0, OFF_PLUMB_SD_DEG))


def _ground(rng: np.random.Generator, camera: PinholeCamera, away_m: float) -> NDArray[np.uint8]:
    """Return wall and floor of a room without anything in it."""
    height, width = camera.height_px, camera.width_px
    wall: Colour = scaled((1.0, 1.0, 1.0), float(rng.uniform(90, 235)))
    picture = np.full((height, width, 3), wall, np.uint8)
    corners = np.array([[-30, away_m, 0], [30, away_m, 0], [30, 0.6, 0], [-30, 0.6, 0]])
    fill_polygon(picture, camera, corners, cloth_colour(rng))
    return picture


def _corner(wall: _Wall, camera: PinholeCamera, rng: np.random.Generator, away_m: float) -> None:
    """Paint the side walls of a room: each meets the back wall in a plumb edge."""
    shade = float(rng.uniform(0.7, 0.93))
    colour = scaled((1.0, 1.0, 1.0), float(rng.uniform(90, 235)))
    for side, reach in ((-1.0, rng.uniform(0.8, 1.4)), (1.0, rng.uniform(0.8, 1.4))):
        x, near = side * reach, away_m - rng.uniform(0.8, 1.5)
        top = x + 4 * math.tan(math.radians(_off_plumb(rng)))
        corners = np.array([[x, away_m, 0], [x, near, 0], [top, near, 4], [top, away_m, 4]])
        fill_polygon(wall.picture, camera, corners, scaled(colour, shade))


def _paint_things(kind: Room, wall: _Wall, rng: np.random.Generator) -> None:
    if kind is Room.FURNISHED or kind is Room.FURNISHED_AND_SLANTED:
        for at_m in (rng.uniform(-1.3, -0.5), rng.uniform(0.4, 1.3)):
            thing = _UPRIGHT[int(rng.integers(len(_UPRIGHT)))]
            wall.put(thing(rng), at_m, cloth_colour(rng), _off_plumb(rng))
    if kind is Room.FURNISHED_AND_SLANTED or kind is Room.SLANTED_MIX:
        for _ in range(1 if kind is Room.FURNISHED_AND_SLANTED else 3):
            thing = _LEANING[int(rng.integers(len(_LEANING)))]
            at_m = float(rng.uniform(-1.2, 1.2))
            wall.put(thing(rng), at_m, cloth_colour(rng), _off_plumb(rng))
    if kind in _THINGS:
        at_m = float(rng.uniform(-0.7, 0.7))
        wall.put(_THINGS[kind](rng), at_m, cloth_colour(rng), _off_plumb(rng))


def _soft_shapes(picture: NDArray[np.uint8], kind: Room, rng: np.random.Generator) -> None:
    """Paint bushes or round things in place."""
    height, width = picture.shape[:2]
    if kind is Room.BUSHES:
        leaves = noise_texture(rng, height, width, 5, 6)
        green = np.array([rng.uniform(40, 120), rng.uniform(80, 140), rng.uniform(25, 70)])
        detail = 1 + 0.6 * noise_texture(rng, height, width, 40, 3)
        cover = leaves > rng.uniform(-0.5, 0.3)
        picture[cover] = np.clip(green * detail[cover][:, None], 0, 255)
        return
    for _ in range(int(rng.integers(3, 12))):
        middle = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        axes = (int(rng.uniform(0.03, 0.3) * width), int(rng.uniform(0.03, 0.3) * width))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(picture, middle, axes, turn, 0, 360, cloth_colour(rng), -1, cv2.LINE_AA)


def _hold_up(
    picture: NDArray[np.uint8], turn_deg: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return a room in which this picture hangs, turned counter-clockwise."""
    height, width = picture.shape[:2]
    level = make_view(width, height, roll_deg=0.0, pitch_deg=0.0)
    around = _ground(rng, level.camera, 2.5)
    wall = _Wall(around, level.camera, 2.5, 0.0)
    _paint_things(Room.FURNISHED, wall, rng)
    share = float(rng.uniform(0.6, 0.75))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, share)
    cover = cv2.warpAffine(np.full((height, width), 255, np.uint8), turn, (width, height))
    turned = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_AREA)
    around[cover > 127] = turned[cover > 127]
    return around


def paint_room(
    kind: Room, view: View, rng: np.random.Generator
) -> tuple[NDArray[np.float32], float]:
    """Paint a room.

    Returns
    -------
    picture
        Shape (height, width, 3), float32, 0..255.
    roll_deg
        The roll that a person standing upright before the camera (or shown in the
        picture of a picture) is turned by; + = the camera was turned clockwise.
    """
    camera = view.camera
    height, width = camera.height_px, camera.width_px
    away_m = float(rng.uniform(2.6, 5.0))
    picture = _ground(rng, camera, away_m)
    wall = _Wall(picture, camera, away_m, float(rng.normal(0, 12)))
    if kind is Room.CORNER:
        _corner(wall, camera, rng, away_m)
    if kind is Room.BUSHES or kind is Room.CURVES:
        _soft_shapes(picture, kind, rng)
    roll_deg = view.roll_deg
    if kind is Room.PICTURE_OF_PICTURE:
        _paint_things(Room.FURNISHED, wall, rng)
        turn_deg = float(rng.choice([-1, 1]) * rng.uniform(3, 9))
        picture = _hold_up(picture, turn_deg, rng)
        roll_deg += turn_deg
    _paint_things(kind, wall, rng)
    light = 1 + 0.12 * noise_texture(rng, height, width, 3, 3)
    soften = float(rng.uniform(0.3, 2.0))
    lit = cv2.GaussianBlur(picture * light[..., None], (0, 0), soften)
    return np.clip(lit, 0, 255).astype(np.float32), roll_deg
