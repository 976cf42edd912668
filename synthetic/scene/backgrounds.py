"""Rooms, gyms and outdoors behind the person, painted in two dimensions."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from synthetic.clothing.palette import Colour, cloth_colour, scaled

if TYPE_CHECKING:
    from synthetic.scene.camera import PinholeCamera

Picture = NDArray[np.float32]


class Background(StrEnum):
    """What is behind the person."""

    PLAIN = "plain"
    ROOM = "room"
    GYM = "gym"
    OUTDOORS = "outdoors"
    STREET = "street"
    CLUTTER = "clutter"


def noise_texture(
    rng: np.random.Generator, height: int, width: int, coarse: int, octaves: int
) -> NDArray[np.float32]:
    """Return smooth noise, shape (height, width), about -1..1; ``coarse`` cells across."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = coarse * 2**octave
        rows = max(2, cells * height // width)
        small = rng.standard_normal((rows, max(2, cells)), dtype=np.float32)
        big = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        total += big.astype(np.float32) / np.float32(1.8**octave)
    return total / np.float32(2)


def _flat(height: int, width: int, colour: Colour) -> Picture:
    return np.full((height, width, 3), colour, np.float32)


def _shaded(picture: Picture, rng: np.random.Generator, strength: float) -> None:
    """Add a gradient and blotches in place."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    slope = rng.normal(0, strength, 2)
    light = 1 + slope[0] * (x - 0.5) + slope[1] * (y - 0.5)
    light += 0.25 * strength * noise_texture(rng, height, width, 3, 4)
    picture *= light.astype(np.float32)[..., None]


def _box(
    picture: Picture, corner: tuple[float, float], size: tuple[float, float], colour: Colour
) -> None:
    x, y = (round(v) for v in corner)
    right, bottom = round(corner[0] + size[0]), round(corner[1] + size[1])
    cv2.rectangle(picture, (x, y), (right, bottom), colour, -1, cv2.LINE_AA)


def _floor(picture: Picture, line: int, rng: np.random.Generator, colour: Colour) -> None:
    """Paint a floor below a line: boards, tiles, or plain, in perspective."""
    height, width = picture.shape[:2]
    if line >= height - 1:
        return
    line = max(line, 0)
    ground = _flat(height - line, width, colour)
    _shaded(ground, rng, 0.3)
    style = rng.integers(3)
    middle, spacing = rng.uniform(0, width), rng.uniform(0.06, 0.3) * width
    dark = scaled(colour, 0.8)
    if style > 0:
        for k in range(-25, 26):
            far, near = middle + k * spacing * 0.35, middle + k * spacing * 2.2
            cv2.line(ground, (round(far), 0), (round(near), height - line), dark, 1, cv2.LINE_AA)
    if style == 2:
        for k in range(1, 12):
            y = round((height - line) * (k / 12) ** 1.8)
            cv2.line(ground, (0, y), (width, y), dark, 1, cv2.LINE_AA)
    picture[line:] = ground


def _handle(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    colour = cloth_colour(rng)
    w, h = rng.uniform(0.2, 0.35) * width, rng.uniform(0.55, 0.75) * height
    _box(picture, (x - 8, line - h - 8), (w + 16, h + 8), scaled(colour, 0.7))
    _box(picture, (x, line - h), (w, h), colour)


def _window(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    colour = cloth_colour(rng)
    w, h = rng.uniform(0.15, 0.4) * width, rng.uniform(0.1, 0.3) * height
    y = min(rng.uniform(0.05, 0.4) * height, line - h)
    _box(picture, (x - 6, y - 6), (w + 12, h + 12), scaled(colour, 0.7))
    _box(picture, (x, y), (w, h), colour)
    pane = picture[max(round(y), 0) : max(round(y + h), 0), max(round(x), 0) : max(round(x + w), 0)]
    if min(pane.shape[:2]) > 4:
        _shaded(pane, rng, 0.5)


def _shelf(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    board = scaled(cloth_colour(rng), 0.7)
    w = rng.uniform(0.2, 0.4) * width
    for level in range(4):
        y = line - (level + 0.6) * 0.13 * height
        _box(picture, (x, y), (w, 0.012 * height), board)
        for _ in range(int(rng.integers(2, 8))):
            book_w, book_h = rng.uniform(0.01, 0.05) * width, rng.uniform(0.03, 0.1) * height
            book_x = x + rng.uniform(0, 0.9) * w
            _box(picture, (book_x, y - book_h), (book_w, book_h), cloth_colour(rng))


def _sofa(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    colour = cloth_colour(rng)
    w, h = rng.uniform(0.15, 0.5) * width, rng.uniform(0.12, 0.3) * height
    _box(picture, (x, line - h), (w, h + 0.03 * height), colour)
    _box(picture, (x, line - h), (w, 0.03 * height), scaled(colour, 0.7))


def _wall_bars(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    colour = cloth_colour(rng)
    for side in (0, 1):
        post = (x + side * 0.16 * width, 0.0)
        _box(picture, post, (0.014 * width, line), scaled(colour, 0.7))
    for k in range(5):
        y = 0.15 * height * (k + 1)
        if y < line:
            _box(picture, (x, y), (0.17 * width, 0.008 * height), colour)


def _ball(picture: Picture, x: float, line: int, rng: np.random.Generator) -> None:
    radius = round(rng.uniform(0.04, 0.1) * picture.shape[0])
    cv2.circle(picture, (round(x), line), radius, cloth_colour(rng), -1, cv2.LINE_AA)


_FURNITURE = (_handle, _window, _shelf, _sofa, _wall_bars, _ball)


def _indoor_things(picture: Picture, line: int, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(1, 6))):
        thing = _FURNITURE[int(rng.integers(len(_FURNITURE)))]
        thing(picture, rng.uniform(-0.1, 0.95) * picture.shape[1], line, rng)


def _gym_things(picture: Picture, line: int, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(2, 5))):
        x = rng.uniform(0, 1) * width
        grey = float(rng.uniform(15, 90))
        bar: Colour = (grey, grey, grey * 1.05)
        thick = max(2, round(0.012 * width))
        gap = rng.uniform(0.12, 0.35) * width
        top = rng.uniform(0.0, 0.35) * height
        for edge in (x, x + gap):
            cv2.line(picture, (round(edge), round(top)), (round(edge), line + 4), bar, thick)
        for k in range(int(rng.integers(1, 5))):
            y = round(top + (line - top) * (k + 0.5) / 5)
            cv2.line(picture, (round(x), y), (round(x + gap), y), bar, max(1, thick // 2))
            if rng.uniform() < 0.6:
                radius = round(rng.uniform(0.015, 0.05) * height)
                cv2.circle(
                    picture,
                    (round(x + rng.uniform() * gap), y),
                    radius,
                    cloth_colour(rng),
                    -1,
                    cv2.LINE_AA,
                )
    if rng.uniform() < 0.5:
        w = rng.uniform(0.4, 0.9) * width
        mat = np.array(
            [
                [0.1 * width, height * 0.98],
                [0.1 * width + w, height * 0.98],
                [0.15 * width + 0.9 * w, line + 12],
                [0.18 * width, line + 12],
            ]
        )
        cv2.fillPoly(picture, [mat.astype(np.int32)], cloth_colour(rng), cv2.LINE_AA)


def _outdoors(height: int, width: int, line: int, rng: np.random.Generator) -> Picture:
    sky = np.array([rng.uniform(150, 230), rng.uniform(180, 235), rng.uniform(210, 250)])
    picture = _flat(height, width, (255, 255, 255))
    fade = np.linspace(0.8, 1.05, height, dtype=np.float32)[:, None, None]
    picture[:] = sky.astype(np.float32) * fade
    leaves = noise_texture(rng, height, width, 5, 6)
    y = np.arange(height, dtype=np.float32)[:, None] / max(line, 1)
    cover = leaves > rng.uniform(-0.4, 0.8) - 0.9 * (y - 0.4)
    green = np.array([rng.uniform(40, 120), rng.uniform(80, 140), rng.uniform(25, 70)], np.float32)
    detail = 1 + 0.6 * noise_texture(rng, height, width, 40, 3)
    picture[cover] = (green * detail[..., None])[cover]
    for _ in range(int(rng.integers(0, 4))):
        x, w = rng.uniform(0, 1) * width, rng.uniform(0.01, 0.05) * width
        _box(picture, (x, 0), (w, line), (70.0, 52.0, 38.0))
    return picture


def _street(height: int, width: int, line: int, rng: np.random.Generator) -> Picture:
    picture = _flat(height, width, (200, 215, 235))
    x = -0.1 * width
    while x < width:
        w = rng.uniform(0.2, 0.6) * width
        wall = cloth_colour(rng)
        top = rng.uniform(-0.2, 0.3) * height
        _box(picture, (x, top), (w, line - top), wall)
        glass = scaled(wall, rng.uniform(0.4, 0.8))
        step_x, step_y = rng.uniform(0.08, 0.16) * width, rng.uniform(0.1, 0.18) * height
        for column in np.arange(x + 0.3 * step_x, x + w - 0.6 * step_x, step_x):
            for row in np.arange(max(top, 0) + 0.3 * step_y, line - 0.8 * step_y, step_y):
                _box(picture, (column, row), (0.55 * step_x, 0.6 * step_y), glass)
        x += w
    return picture


def _clutter(picture: Picture, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(6, 22))):
        centre = rng.uniform(0, 1, 2) * (width, height)
        count = int(rng.integers(3, 8))
        spread = rng.uniform(0.03, 0.25) * width
        corners = centre + rng.normal(0, spread, (count, 2))
        cv2.fillPoly(picture, [corners.astype(np.int32)], cloth_colour(rng), cv2.LINE_AA)


def _backdrop(
    kind: Background, colour: Colour, size: tuple[int, int], line: int, rng: np.random.Generator
) -> tuple[Picture, Colour]:
    """Return what is above the floor, and the floor's colour; ``size`` is height, width."""
    height, width = size
    if kind is Background.OUTDOORS:
        grass = (float(rng.uniform(60, 150)), float(rng.uniform(90, 150)), 70.0)
        return _outdoors(height, width, line, rng), grass
    if kind is Background.STREET:
        grey = float(rng.uniform(80, 180))
        return _street(height, width, line, rng), (grey, grey, grey)
    picture = _flat(height, width, colour)
    _shaded(picture, rng, 0.25)
    if kind in {Background.ROOM, Background.GYM}:
        _box(picture, (0, line - 0.02 * height), (width, 0.02 * height), scaled(colour, 1.2))
    return picture, cloth_colour(rng)


def paint_background(
    kind: Background,
    colour: Colour,
    camera: PinholeCamera,
    roll_deg: float,
    rng: np.random.Generator,
) -> Picture:
    """Return a background, shape (height, width, 3), 0..255, turned by the camera's roll.

    Parameters
    ----------
    colour
        Of the wall, where there is one.
    roll_deg
        + = the camera is turned clockwise: the scene turns counter-clockwise.
    """
    height, width = camera.height_px, camera.width_px
    wall_m = float(np.linalg.norm(camera.position[:2])) + rng.uniform(0.4, 3.0)
    line = round(camera.horizon_y_px() + camera.focal_px * float(camera.position[2]) / wall_m)
    line = int(np.clip(line, 0.3 * height, height + 5))
    picture, ground = _backdrop(kind, colour, (height, width), line, rng)
    seamless = kind is Background.PLAIN and rng.uniform() < 0.4
    if not seamless:
        _floor(picture, line, rng, ground)
    if kind is Background.ROOM:
        _indoor_things(picture, line, rng)
    elif kind is Background.GYM:
        _gym_things(picture, line, rng)
    elif kind is Background.CLUTTER:
        _clutter(picture, rng)
    soften = rng.uniform(0.0, 2.5) if rng.uniform() < 0.7 else rng.uniform(2.5, 7.0)
    if soften > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), soften).astype(np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), roll_deg, 1.0)
    turned = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.clip(turned, 0, 255).astype(np.float32)
