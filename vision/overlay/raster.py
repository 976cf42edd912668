"""Paints an overlay onto the picture with OpenCV and Pillow, and writes it to a file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.atomic_write import atomic_write, why_not_written
from vision.messages import tr
from vision.overlay.build import build_overlay
from vision.overlay.shapes import (
    COLOURS,
    HALO,
    PLATE_OPACITY,
    WEDGE_OPACITY,
    Arc,
    Banner,
    Colour,
    Dot,
    Label,
    Line,
    Point,
    Polyline,
    Shape,
    Wedge,
    scaled,
    settle_labels,
    stroked,
)
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from vision.image.frame import Frame
    from vision.result import Measured, Rejected


#: Letters are never smaller than this, in pixels, unless the picture has no room.
TEXT_MIN_PX = 13
_TEXT_FLOOR_PX = 5
_LINE_HEIGHT = 1.25
#: The font holds ASCII and a few signs; these stand in for what else a sentence may hold.
#: The code points of Latin-1, and none above.
_WESTERN = 0x100
_STAND_INS = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"'}
    | {"\u201d": '"', "\u00d7": "x", "\u2265": ">=", "\u2264": "<="}
)
#: What OpenCV writes, by suffix, with its settings.
_FORMATS: dict[str, list[int]] = {
    ".png": [],
    ".jpg": [cv2.IMWRITE_JPEG_QUALITY, 93],
    ".jpeg": [cv2.IMWRITE_JPEG_QUALITY, 93],
    ".webp": [cv2.IMWRITE_WEBP_QUALITY, 93],
}
#: Height of a banner's title as a share of the picture's longer side.
_BANNER_FRACTION = 0.032
#: OpenCV takes coordinates in sixteenths of a pixel when told so.
_SUBPIXEL_BITS = 4
_DASHES_MAX = 300


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of text, the size of its letters in pixels, and whether it is coloured."""

    text: str
    size_px: int
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Plate:
    """Rows of text set for a picture; width and height include the margin, pixels."""

    rows: tuple[TextRow, ...]
    width_px: int
    height_px: int
    margin_px: int


def set_text(rows: Sequence[TextRow], width_px: int, height_px: int) -> Plate:
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
        ImageDraw.Draw(ink).text(
            place, row.text, fill=255, font=_font(row.text, row.size_px), anchor="lm"
        )
        _blend(box, np.asarray(ink), colour if row.coloured else (255, 255, 255), 1.0)
        y += row.size_px * _LINE_HEIGHT


def _blend(
    box: NDArray[np.uint8], coverage: NDArray[np.uint8], colour: Colour, opacity: float
) -> None:
    share = coverage[..., None].astype(np.float32) * (opacity / 255)
    mixed = box * (1 - share) + np.array(colour, dtype=np.float32) * share
    box[:] = np.rint(mixed).astype(np.uint8)


def _wrapped(rows: Sequence[TextRow], width_px: int, height_px: int) -> tuple[Plate, bool]:
    """Return the plate, and whether everything is on it."""
    margin = max(1, round(0.45 * rows[0].size_px)) if rows else 1
    margin = min(margin, width_px // 4, height_px // 4)
    room = width_px - 2 * margin
    lines = [line for row in rows for line in _broken(row, room)]
    kept: list[TextRow] = []
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


def _broken(row: TextRow, room_px: int) -> list[TextRow]:
    lines: list[TextRow] = []
    for word in _printable(row.text).split():
        longer = replace(row, text=f"{lines[-1].text} {word}" if lines else word)
        if lines and _width(longer) <= room_px:
            lines[-1] = longer
        else:
            lines.append(replace(row, text=word))
    return lines


def _printable(text: str) -> str:
    """Return the text with accents taken off what no font at hand holds."""
    text = text.translate(_STAND_INS)
    if _is_western(text) and _western_font() is not None:
        return text
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in plain if c.isascii() or c == "°")


def _is_western(text: str) -> bool:
    """Tell whether every letter is one of Western Europe's."""
    return all(ord(letter) < _WESTERN for letter in text)


def _width(row: TextRow) -> int:
    return int(np.ceil(_font(row.text, row.size_px).getlength(row.text)))


def _font(text: str, size_px: int) -> FreeTypeFont | ImageFont:
    has_accents = not text.replace("°", "").isascii()
    return _font_of(_western_font() if has_accents else None, size_px)


@lru_cache(maxsize=64)
def _font_of(file: Path | None, size_px: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    if file is None:
        return ImageFont.load_default(size_px)
    return ImageFont.truetype(file, size_px)


@cache
def _western_font() -> Path | None:
    """Return the letters that reportlab brings; Pillow's own have no accents."""
    from importlib.util import find_spec

    found = find_spec("reportlab")
    if found is None or found.origin is None:
        return None
    file = Path(found.origin).with_name("fonts") / "Vera.ttf"
    return file if file.is_file() else None


class OverlayError(ExplainedError, OSError):
    """The overlay could not be written."""


def paint_overlay(frame: Frame, shapes: Iterable[Shape]) -> NDArray[np.uint8]:
    """Paint shapes onto a copy of the frame's working picture.

    Parameters
    ----------
    frame
        Its ``scale`` says how many pixels of the full picture make one of ``frame.rgb``.
    shapes
        In pixels of the full upright picture.

    Returns
    -------
    ndarray
        Shape of ``frame.rgb``, uint8, RGB.
    """
    rgb: NDArray[np.uint8] = np.array(frame.rgb, dtype=np.uint8, order="C")
    here = [scaled(shape, 1.0 / frame.scale) for shape in shapes]
    for shape in here:
        if not isinstance(shape, Label | Banner):
            _paint_stroke(rgb, shape)
    _paint_labels(rgb, [shape for shape in here if isinstance(shape, Label)])
    for shape in here:
        if isinstance(shape, Banner):
            _paint_banner(rgb, shape)
    return rgb


def save_overlay(frame: Frame, result: Measured | Rejected, out: Path) -> None:
    """Write the picture with its overlay; see :func:`save_picture`."""
    save_picture(paint_overlay(frame, build_overlay(result)), out)


def overlay_file(frame: Frame, result: Measured | Rejected, suffix: str) -> bytes:
    """Return the picture with its overlay as a file of the kind that a suffix names.

    For :func:`write_picture`, by whom and when it suits.
    """
    return _encoded(paint_overlay(frame, build_overlay(result)), suffix)


def save_picture(rgb: NDArray[np.uint8], out: Path) -> None:
    """Write a picture as PNG, JPEG or WebP, by the name's suffix, with nothing else in the file.

    The file appears whole or not at all.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).

    Raises
    ------
    OverlayError
        If the name has no such suffix or the file cannot be written.
    """
    if out.suffix.lower() not in _FORMATS:
        raise OverlayError(
            tr(
                "The overlay cannot be written to '{out}': the name does not say which format."
            ).format(out=out),
            tr("Give a file name that ends in .png, .jpg or .webp."),
        )
    write_picture(_encoded(rgb, out.suffix), out)


def write_picture(data: bytes, out: Path) -> None:
    """Write a picture's file whole or not at all.

    Raises
    ------
    OverlayError
        If it cannot be written.
    """
    try:
        # Replacing asks only whether the folder may be written to, not the file.
        if out.exists() and not out.stat().st_mode & 0o222:
            raise PermissionError(0, tr("the file is read-only"))
        atomic_write(out, data)
    except OSError as error:
        raise OverlayError(
            tr("The overlay cannot be written to '{out}': {why}.").format(
                out=out, why=why_not_written(error)
            ),
            tr(
                "Choose a name in a folder that exists and that you may write to, with room on "
                "its disk."
            ),
        ) from error


def _encoded(rgb: NDArray[np.uint8], suffix: str) -> bytes:
    kind = suffix.lower()
    _, data = cv2.imencode(kind, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), _FORMATS[kind])
    return data.tobytes()


def _paint_stroke(rgb: NDArray[np.uint8], shape: Line | Polyline | Dot | Arc | Wedge) -> None:
    colour = COLOURS[shape.role]
    match shape:
        case Line():
            for start, end in _dashes(shape):
                _stroke(rgb, (start, end), shape.width_px, colour)
        case Dot():
            _stroke(rgb, (shape.centre_px, shape.centre_px), 2 * shape.radius_px, colour)
        case _:
            points, closed = stroked(shape)
            if isinstance(shape, Wedge):
                _fill_faintly(rgb, points, colour)
            _stroke(rgb, points, shape.width_px, colour, closed)


def _dashes(line: Line) -> list[tuple[Point, Point]]:
    start, end = np.array(line.start_px), np.array(line.end_px)
    length = float(np.hypot(*(end - start)))
    if line.dash_px <= 0 or not 2 * line.dash_px < length:
        return [(line.start_px, line.end_px)]
    dash = max(line.dash_px, length / _DASHES_MAX)
    # An odd number of equal pieces: both ends carry a dash, whichever way it is drawn.
    count = 2 * round((length / dash - 1) / 2) + 1
    stops = [start + (end - start) * i / count for i in range(count + 1)]
    ends = [(float(x), float(y)) for x, y in stops]
    return list(zip(ends[0::2], ends[1::2], strict=True))


def _fixed_point(rgb: NDArray[np.uint8], points: Sequence[Point]) -> NDArray[np.int32]:
    """Return points for OpenCV, kept near enough to the picture not to overflow."""
    far = 8.0 * max(rgb.shape[:2])
    near = np.clip(np.nan_to_num(np.array(points, dtype=np.float64)), -far, far)
    # Coordinates count from the picture's corner, OpenCV's from the first pixel's centre.
    fixed: NDArray[np.int32] = np.rint((near - 0.5) * 2**_SUBPIXEL_BITS).astype(np.int32)
    return fixed.reshape(-1, 1, 2)


def _stroke(
    rgb: NDArray[np.uint8],
    points: Sequence[Point],
    width_px: float,
    colour: Colour,
    closed: bool = False,
) -> None:
    fixed = [_fixed_point(rgb, points)]
    width = max(1, min(round(width_px + 0.2), max(rgb.shape[:2]) // 4))
    halo = width + 2 * max(1, round(0.3 * min(width_px, 12.0)))
    for thickness, paint in ((halo, HALO), (width, colour)):
        cv2.polylines(rgb, fixed, closed, paint, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fill_faintly(rgb: NDArray[np.uint8], points: Sequence[Point], colour: Colour) -> None:
    filled = rgb.copy()
    cv2.fillPoly(filled, [_fixed_point(rgb, points)], colour, cv2.LINE_AA, _SUBPIXEL_BITS)
    cv2.addWeighted(filled, WEDGE_OPACITY, rgb, 1 - WEDGE_OPACITY, 0, dst=rgb)


def _paint_labels(rgb: NDArray[np.uint8], labels: Sequence[Label]) -> None:
    tall, wide = rgb.shape[:2]

    def plate_of(label: Label) -> Plate:
        lines = enumerate(zip(label.lines, label.sizes_px, strict=True))
        # No letter needs to be larger than an eighth of the picture.
        rows = [TextRow(text, _letters(size, tall, wide), i == 0) for i, (text, size) in lines]
        return set_text(rows, wide, tall // 2)

    def size_of(label: Label) -> tuple[float, float]:
        plate = plate_of(label)
        return float(plate.width_px), float(plate.height_px)

    settled = settle_labels(labels, size_of, wide, tall)
    for one in settled:
        if one.lead is not None:
            _paint_stroke(rgb, one.lead)
    for one in settled:
        left, top = one.corner_px
        paint_plate(rgb, plate_of(one.label), int(left), int(top), COLOURS[one.label.role])


def _letters(size_px: float, tall: int, wide: int) -> int:
    largest = max(TEXT_MIN_PX, min(tall, wide) // 8)
    return round(min(max(size_px, TEXT_MIN_PX), largest)) if np.isfinite(size_px) else TEXT_MIN_PX


def _paint_banner(rgb: NDArray[np.uint8], banner: Banner) -> None:
    tall, wide = rgb.shape[:2]
    title = max(TEXT_MIN_PX + 3, round(_BANNER_FRACTION * max(tall, wide)))
    rows = [TextRow(banner.title, title, coloured=True)]
    rows += [TextRow(text, max(TEXT_MIN_PX, round(0.72 * title))) for text in banner.paragraphs]
    gap = min(tall, wide) // 50
    plate = set_text(rows, wide - 2 * gap, (tall - 2 * gap) * 2 // 3)
    paint_plate(rgb, plate, (wide - plate.width_px) // 2, gap, COLOURS[banner.role])
