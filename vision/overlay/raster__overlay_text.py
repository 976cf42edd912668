"""Text on half-opaque plates, set with the scalable font that comes with Pillow.

OpenCV's own letters hold no degree sign. Pillow is imported when first needed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from vision.overlay.shapes import HALO, PLATE_OPACITY, Colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.ImageFont import FreeTypeFont, ImageFont

#: Letters are never smaller than this, in pixels, unless the picture has no room.
TEXT_MIN_PX = 13
_TEXT_FLOOR_PX = 5
_LINE_HEIGHT = 1.25
#: The font holds ASCII and a few signs; these stand in for what else a sentence may hold.
_STAND_INS = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"'}
    | {"\u201d": '"', "\u00df": "ss", "\u00d7": "x", "\u2265": ">=", "\u2264": "<="}
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text, the size of its letters in pixels, and whether it is coloured."""

    text: str
    size_px: int
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Plate:
    """Rows of text set for a picture; width and height include the margin, pixels."""

    rows: tuple[Row, ...]
    width_px: int
    height_px: int
    margin_px: int


def set_text(rows: Sequence[Row], width_px: int, height_px: int) -> Plate:
    """Wrap and, where there is no room, shrink rows into a box.

    Returns
    -------
    Plate
        Never larger than the box. At the smallest letters the rows that do not fit are
        left out, the last one that does ends in three dots.
    """
    size = max((row.size_px for row in rows), default=TEXT_MIN_PX)
    while True:
        share = size / max(1, *(row.size_px for row in rows))
        least = min(size, TEXT_MIN_PX)
        smaller = [replace(row, size_px=max(least, round(row.size_px * share))) for row in rows]
        plate, whole = _wrapped(smaller, width_px, height_px)
        if whole or size <= _TEXT_FLOOR_PX:
            return plate
        size = max(_TEXT_FLOOR_PX, int(size * 0.92))


def paint_plate(rgb: NDArray[np.uint8], plate: Plate, left: int, top: int, colour: Colour) -> None:
    """Draw the plate into ``rgb`` in place; ``colour`` for the coloured rows, else white."""
    from PIL import Image, ImageDraw

    box = rgb[top : top + plate.height_px, left : left + plate.width_px]
    tall, wide = box.shape[:2]
    if not tall or not wide:
        return
    # Pillow's corners have no smooth edge: drawn four times as large, then reduced.
    back = Image.new("L", (4 * wide, 4 * tall), 0)
    corner = 4 * min(plate.margin_px, tall // 2, wide // 2)
    ImageDraw.Draw(back).rounded_rectangle((0, 0, 4 * wide - 1, 4 * tall - 1), corner, fill=255)
    _blend(box, np.asarray(back.reduce(4)), HALO, PLATE_OPACITY)
    y = float(plate.margin_px)
    for row in plate.rows:
        ink = Image.new("L", (wide, tall), 0)
        place = plate.margin_px, y + row.size_px * _LINE_HEIGHT / 2
        ImageDraw.Draw(ink).text(place, row.text, fill=255, font=_font(row.size_px), anchor="lm")
        _blend(box, np.asarray(ink), colour if row.coloured else (255, 255, 255), 1.0)
        y += row.size_px * _LINE_HEIGHT


def _blend(
    box: NDArray[np.uint8], coverage: NDArray[np.uint8], colour: Colour, opacity: float
) -> None:
    share = coverage[..., None].astype(np.float32) * (opacity / 255)
    mixed = box * (1 - share) + np.array(colour, dtype=np.float32) * share
    box[:] = np.rint(mixed).astype(np.uint8)


def _wrapped(rows: Sequence[Row], width_px: int, height_px: int) -> tuple[Plate, bool]:
    """Return the plate, and whether everything is on it."""
    margin = max(1, round(0.45 * rows[0].size_px)) if rows else 1
    margin = min(margin, width_px // 4, height_px // 4)
    room = width_px - 2 * margin
    lines = [line for row in rows for line in _broken(row, room)]
    kept: list[Row] = []
    height = 2.0 * margin
    for line in lines:
        height += line.size_px * _LINE_HEIGHT
        if height > height_px:
            break
        kept.append(line)
    whole = len(kept) == len(lines)
    if kept and not whole:
        kept[-1] = replace(kept[-1], text=kept[-1].text + "...")
    widest = max((_width(line) for line in kept), default=0)
    tall = sum(line.size_px for line in kept) * _LINE_HEIGHT + 2 * margin
    plate = Plate(
        tuple(kept), min(width_px, widest + 2 * margin), min(height_px, int(np.ceil(tall))), margin
    )
    return plate, whole and widest <= room


def _broken(row: Row, room_px: int) -> list[Row]:
    lines: list[Row] = []
    for word in _printable(row.text).split():
        longer = replace(row, text=f"{lines[-1].text} {word}" if lines else word)
        if lines and _width(longer) <= room_px:
            lines[-1] = longer
        else:
            lines.append(replace(row, text=word))
    return lines


def _printable(text: str) -> str:
    """Return the text with accents taken off what the font does not hold."""
    plain = unicodedata.normalize("NFKD", text.translate(_STAND_INS))
    return "".join(c for c in plain if c.isascii() or c == "°")


def _width(row: Row) -> int:
    return int(np.ceil(_font(row.size_px).getlength(row.text)))


@lru_cache(maxsize=64)
def _font(size_px: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size_px)
