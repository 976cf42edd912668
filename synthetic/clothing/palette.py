"""Colours of skin, hair and cloth, and patterns on cloth."""

from __future__ import annotations

import colorsys
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[float, float, float]

_SKIN: tuple[Colour, ...] = (
    (250, 222, 200),
    (236, 190, 160),
    (214, 160, 124),
    (180, 124, 86),
    (136, 88, 58),
    (96, 62, 42),
    (62, 42, 32),
)
_HAIR: tuple[Colour, ...] = (
    (22, 18, 16),
    (48, 32, 22),
    (86, 58, 36),
    (140, 100, 60),
    (206, 172, 112),
    (120, 52, 28),
    (150, 148, 146),
    (225, 222, 218),
)
_BASICS: tuple[Colour, ...] = (
    (22, 22, 25),
    (40, 42, 52),
    (235, 235, 232),
    (128, 130, 134),
    (36, 48, 86),
    (70, 96, 140),
    (150, 40, 44),
    (90, 96, 72),
    (190, 170, 140),
)


class Pattern(StrEnum):
    """What is on a cloth."""

    PLAIN = "plain"
    STRIPES = "stripes"
    CHECKS = "checks"
    PRINT = "print"
    SIDE_STRIPE = "side_stripe"


def _triple(values: NDArray[np.float64]) -> Colour:
    r, g, b = np.clip(values, 0, 255)
    return float(r), float(g), float(b)


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a darker or lighter colour."""
    return _triple(np.array(colour) * factor)


def skin_colour(rng: np.random.Generator) -> Colour:
    """Draw a skin tone evenly over the human range, 0..255 each."""
    place = rng.uniform(0, len(_SKIN) - 1.001)
    low, part = int(place), place % 1
    mixed = (1 - part) * np.array(_SKIN[low]) + part * np.array(_SKIN[low + 1])
    return _triple(mixed * rng.uniform(0.94, 1.06, 3))


def hair_colour(rng: np.random.Generator, age_years: float) -> Colour:
    """Draw a hair colour; grey becomes likely with age."""
    grey = rng.uniform() < (age_years - 40) / 50
    index = int(rng.integers(6, 8)) if grey else int(rng.integers(0, 6))
    return scaled(_HAIR[index], rng.uniform(0.85, 1.15))


def cloth_colour(rng: np.random.Generator) -> Colour:
    """Draw a garment colour: half everyday ones, half anything."""
    if rng.uniform() < 0.55:
        return scaled(_BASICS[int(rng.integers(len(_BASICS)))], rng.uniform(0.8, 1.15))
    hue, saturation, value = rng.uniform(), rng.beta(1.6, 1.6), rng.uniform(0.12, 1.0)
    return _triple(np.array(colorsys.hsv_to_rgb(hue, saturation, value)) * 255)


def painted(
    vertices: NDArray[np.float32],
    colour: Colour,
    second: Colour,
    pattern: Pattern,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return the colour of each vertex of a garment, shape (n, 3).

    Parameters
    ----------
    vertices
        Shape (n, 3), m.
    colour, second
        Ground colour and the pattern's, 0..255.
    """
    x, y, z = vertices.astype(np.float64).T
    amount = np.zeros(len(vertices))
    if pattern is Pattern.STRIPES:
        width = rng.uniform(0.03, 0.09)
        amount = ((z / width) % 1.0 < rng.uniform(0.25, 0.6)).astype(float)
    elif pattern is Pattern.CHECKS:
        width = rng.uniform(0.05, 0.10)
        turn = np.arctan2(y, x) * 0.14
        amount = 0.5 * ((z / width) % 1 < 0.4) + 0.5 * ((turn / width) % 1 < 0.4)
    elif pattern is Pattern.PRINT:
        pitch = rng.uniform(15, 70)
        phase = rng.uniform(0, 6, 4)
        spots = np.sin(pitch * x + phase[0]) + np.sin(pitch * y + phase[1])
        spots += np.sin(pitch * z + phase[2]) + 0.7 * np.sin(1.7 * pitch * (z + y) + phase[3])
        amount = (spots > rng.uniform(0.0, 1.0)).astype(float)
    elif pattern is Pattern.SIDE_STRIPE:
        amount = (np.abs(y - np.median(y)) < 0.02).astype(float)
    mixed = (1 - amount)[:, None] * np.array(colour) + amount[:, None] * np.array(second)
    mixed *= 1 + 0.03 * rng.standard_normal((len(vertices), 1))
    rgb: NDArray[np.uint8] = np.clip(mixed, 0, 255).astype(np.uint8)
    return rgb
