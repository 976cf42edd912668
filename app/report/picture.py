"""A kept picture, cut to the person, with what was measured drawn over it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from app.report.fonts import BOLD
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
    arc_points,
    place_labels,
    scaled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.history.records import Check

#: Space round the person as a share of the person's height.
_ROUND_PERSON = 0.06
#: 300 dots an inch: as much as a printer shows.
_DOTS_PER_PT = 300 / 72
_JPEG_QUALITY = 88


class PictureProblem(StrEnum):
    """Why a check has no picture to show."""

    NOT_KEPT = "not_kept"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Region:
    """Part of the full upright picture, in its pixels."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float


class Picture(Flowable):  # type: ignore[misc]
    """A picture with its overlay, in the middle of the width it may fill.

    Parameters
    ----------
    check
        Whose picture it is.
    kept
        As :func:`read_picture` returns it.
    width_pt, height_pt
        Of the space it may fill, which it is cut for.
    """

    def __init__(self, check: Check, kept: Image.Image, width_pt: float, height_pt: float) -> None:
        super().__init__()
        self._check = check
        wished = person_region(check, width_pt / height_pt)
        box, self._region = _whole_pixels(wished, check.size_px, kept.size)
        self._jpeg = _cut(kept, box, (width_pt, height_pt))
        across, down = width_pt / self._region.width_px, height_pt / self._region.height_px
        self._pt_per_px = min(across, down)
        self.width, self.height = width_pt, self._region.height_px * self._pt_per_px

    def draw(self) -> None:
        """Draw picture and overlay; nothing is painted outside the picture."""
        canvas, region = self.canv, self._region
        width = region.width_px * self._pt_per_px
        canvas.translate((self.width - width) / 2, self.height)
        picture = 0, -self.height, width, self.height
        canvas.drawImage(ImageReader(io.BytesIO(self._jpeg)), *picture)
        frame = canvas.beginPath()
        frame.rect(*picture)
        canvas.clipPath(frame, stroke=0, fill=0)
        away = -region.left_px * self._pt_per_px, -region.top_px * self._pt_per_px
        shapes = [scaled(shape, self._pt_per_px) for shape in build_overlay(self._check.result)]
        _paint_strokes(canvas, shapes, away)
        labels = [_moved(shape, away) for shape in shapes if isinstance(shape, Label)]
        _paint_labels(canvas, labels, (width, self.height))


def read_picture(check: Check) -> Image.Image | PictureProblem:
    """Return the kept picture of a check in RGB, or why there is none."""
    if check.picture is None:
        return PictureProblem.NOT_KEPT
    try:
        with Image.open(check.picture.picture) as kept:
            return kept.convert("RGB")
    except FileNotFoundError:
        return PictureProblem.GONE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return PictureProblem.UNREADABLE


def person_region(check: Check, aspect: float) -> Region:
    """Choose the part of the full picture round the person.

    Parameters
    ----------
    check
        Its outline says where the person is; without one it is the whole picture.
    aspect
        Width over height that is wished for; kept where the picture has room.
    """
    wide, tall = (float(size) for size in check.size_px)
    points = np.asarray(check.result.outline_px, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return Region(0.0, 0.0, wide, tall)
    low, high = np.clip(points.min(axis=0), 0, None), np.minimum(points.max(axis=0), (wide, tall))
    pad = 2 * _ROUND_PERSON * float(high[1] - low[1])
    need_wide, need_tall = float(high[0] - low[0]) + pad, float(high[1] - low[1]) + pad
    height = min(max(need_tall, need_wide / aspect, 1.0), tall)
    width = min(max(need_wide, height * aspect, 1.0), wide)
    centre = (low + high) / 2
    left = min(max(float(centre[0]) - width / 2, 0.0), wide - width)
    top = min(max(float(centre[1]) - height / 2, 0.0), tall - height)
    return Region(left, top, width, height)


def _whole_pixels(
    wished: Region, full_px: tuple[int, int], kept_px: tuple[int, int]
) -> tuple[tuple[int, int, int, int], Region]:
    """Return a region in whole pixels of the kept copy, so that the overlay lies exactly on it.

    First left, top, right and bottom in the kept copy, then the same in the full picture.
    """
    across, down = kept_px[0] / full_px[0], kept_px[1] / full_px[1]
    left, top = int(wished.left_px * across), int(wished.top_px * down)
    right = round((wished.left_px + wished.width_px) * across)
    bottom = round((wished.top_px + wished.height_px) * down)
    right, bottom = min(kept_px[0], max(left + 1, right)), min(kept_px[1], max(top + 1, bottom))
    shown = Region(left / across, top / down, (right - left) / across, (bottom - top) / down)
    return (left, top, right, bottom), shown


def _cut(
    kept: Image.Image, box_px: tuple[int, int, int, int], size_pt: tuple[float, float]
) -> bytes:
    """Return a part as JPEG; written anew, what is cut away and all else stays out of the PDF."""
    part = kept.crop(box_px)
    part.info.clear()
    part.thumbnail((int(size_pt[0] * _DOTS_PER_PT), int(size_pt[1] * _DOTS_PER_PT)))
    data = io.BytesIO()
    part.save(data, "JPEG", quality=_JPEG_QUALITY)
    return data.getvalue()


_STROKE_MIN_PT = 0.4
_HALO_MIN_PT, _HALO_FRACTION = 0.35, 0.3
_DASHES_MAX = 300
_LETTERS_PT = (5.5, 8.5)
_LINE_HEIGHT = 1.25
_MARGIN_FRACTION = 0.45
_WHITE: Colour = (255, 255, 255)


def _paint_strokes(canvas: Any, shapes: Iterable[Shape], away_pt: Point) -> None:
    """Paint all but text, over a picture whose upper left corner is the canvas's origin."""
    canvas.saveState()
    # From here on y points down, as the shapes' does.
    canvas.transform(1, 0, 0, -1, away_pt[0], -away_pt[1])
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for shape in shapes:
        if not isinstance(shape, Label | Banner):
            _paint_stroke(canvas, shape)
    canvas.restoreState()


def _paint_stroke(canvas: Any, shape: Line | Polyline | Dot | Arc | Wedge) -> None:
    colour = COLOURS[shape.role]
    match shape:
        case Line():
            ends = shape.start_px, shape.end_px
            _stroke(canvas, ends, shape.width_px, colour, dash_pt=_dash_pt(shape))
        case Polyline():
            _stroke(canvas, shape.points_px, shape.width_px, colour, shape.closed)
        case Dot():
            halo = shape.radius_px + _halo_pt(shape.radius_px)
            for radius, paint in ((halo, HALO), (shape.radius_px, colour)):
                canvas.setFillColorRGB(*_shares(paint))
                canvas.circle(*shape.centre_px, radius, stroke=0, fill=1)
        case Arc() | Wedge():
            rim = arc_points(shape.centre_px, shape.radius_px, shape.start_deg, shape.sweep_deg)
            if isinstance(shape, Arc):
                _stroke(canvas, rim, shape.width_px, colour)
                return
            slice_pt = shape.centre_px, *rim
            canvas.saveState()
            canvas.setFillColorRGB(*_shares(colour))
            canvas.setFillAlpha(WEDGE_OPACITY)
            canvas.drawPath(_path(canvas, slice_pt, closed=True), stroke=0, fill=1)
            canvas.restoreState()
            _stroke(canvas, slice_pt, shape.width_px, colour, closed=True)


def _stroke(
    canvas: Any,
    points: Sequence[Point],
    width_pt: float,
    colour: Colour,
    closed: bool = False,
    dash_pt: float = 0.0,
) -> None:
    path, width = _path(canvas, points, closed), max(_STROKE_MIN_PT, width_pt)
    canvas.setDash([dash_pt] if dash_pt else [])
    for thickness, paint in ((width + 2 * _halo_pt(width), HALO), (width, colour)):
        canvas.setStrokeColorRGB(*_shares(paint))
        canvas.setLineWidth(thickness)
        canvas.drawPath(path, stroke=1, fill=0)


def _path(canvas: Any, points: Sequence[Point], closed: bool) -> Any:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.close()
    return path


def _dash_pt(line: Line) -> float:
    """Return a length that cuts a line into an odd number of pieces: both ends carry a dash."""
    length = float(np.hypot(*np.subtract(line.end_px, line.start_px)))
    if line.dash_px <= 0 or not 2 * line.dash_px < length:
        return 0.0
    return length / (2 * round((min(length / line.dash_px, _DASHES_MAX) - 1) / 2) + 1)


def _halo_pt(width_pt: float) -> float:
    return max(_HALO_MIN_PT, _HALO_FRACTION * min(width_pt, 2.5))


def _shares(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


def _moved(label: Label, away_pt: Point) -> Label:
    (x, y), (dx, dy) = label.anchor_px, away_pt
    box = label.avoid_px
    if box is not None:
        box = box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy
    return replace(label, anchor_px=(x + dx, y + dy), avoid_px=box)


@dataclass(frozen=True, slots=True)
class _Plate:
    """A label's size on paper, and that of its letters."""

    width_pt: float
    height_pt: float
    margin_pt: float
    sizes_pt: tuple[float, ...]


def _paint_labels(canvas: Any, labels: Sequence[Label], size_pt: tuple[float, float]) -> None:
    plates = [_plate(label) for label in labels]
    sizes = [(plate.width_pt, plate.height_pt) for plate in plates]
    places = place_labels(labels, sizes, *size_pt)
    for label, plate, place in zip(labels, plates, places, strict=True):
        _paint_label(canvas, label, plate, place)


def _plate(label: Label) -> _Plate:
    smallest, largest = _LETTERS_PT
    sizes = tuple(min(max(size, smallest), largest) for size in label.sizes_px)
    widths = [stringWidth(text, BOLD, size) for text, size in zip(label.lines, sizes, strict=True)]
    margin = _MARGIN_FRACTION * max(sizes, default=smallest)
    tall = _LINE_HEIGHT * sum(sizes) + 2 * margin
    return _Plate(max(widths, default=0.0) + 2 * margin, tall, margin, sizes)


def _paint_label(canvas: Any, label: Label, plate: _Plate, place: Point) -> None:
    left, bottom = place[0], -place[1] - plate.height_pt
    canvas.saveState()
    canvas.setFillColorRGB(*_shares(HALO))
    canvas.setFillAlpha(PLATE_OPACITY)
    size = plate.width_pt, plate.height_pt, plate.margin_pt
    canvas.roundRect(left, bottom, *size, stroke=0, fill=1)
    canvas.restoreState()
    y = -place[1] - plate.margin_pt
    for number, (text, size_pt) in enumerate(zip(label.lines, plate.sizes_pt, strict=True)):
        canvas.setFillColorRGB(*_shares(_WHITE if number else COLOURS[label.role]))
        canvas.setFont(BOLD, size_pt)
        canvas.drawString(left + plate.margin_pt, y - size_pt, text)
        y -= size_pt * _LINE_HEIGHT
