"""A kept picture, cut to the person, with what was measured drawn over it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from app.report.flow import PAGE_HEIGHT_PT
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

    from PIL.Image import Image

    from app.history.records import Check
    from app.report.flow import Sheet, Text


_STROKE_MIN_PT = 0.4
_HALO_MIN_PT, _HALO_FRACTION = 0.35, 0.3
_LETTERS_PT = (5.5, 8.5)
_LINE_HEIGHT = 1.25
_MARGIN_FRACTION = 0.45
_WHITE: Colour = (255, 255, 255)
_DASHES_MAX = 300


@dataclass(frozen=True, slots=True)
class _Plate:
    """A label's size on paper, and that of its letters."""

    width_pt: float
    height_pt: float
    margin_pt: float
    sizes_pt: tuple[float, ...]


class OverlayPainter:
    """Paints shapes over one picture on a sheet.

    Parameters
    ----------
    sheet
        Where the picture is.
    corner_pt
        The picture's left and top.
    size_pt
        Its width and height; nothing is painted outside.
    """

    def __init__(
        self, sheet: Sheet, corner_pt: tuple[float, float], size_pt: tuple[float, float]
    ) -> None:
        self._sheet = sheet
        self._canvas = sheet.canvas
        self._corner_pt = corner_pt
        self._size_pt = size_pt

    def paint(self, shapes: Iterable[Shape], shown_from_px: Point, pt_per_px: float) -> None:
        """Paint shapes, labels last.

        Parameters
        ----------
        shapes
            In pixels of the full upright picture.
        shown_from_px
            Which of those pixels lies in the picture's upper left corner.
        pt_per_px
            How large one of them is on paper.
        """
        here = [scaled(shape, pt_per_px) for shape in shapes]
        away = -shown_from_px[0] * pt_per_px, -shown_from_px[1] * pt_per_px
        canvas, (left, top), (width, height) = self._canvas, self._corner_pt, self._size_pt
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(left, PAGE_HEIGHT_PT - top - height, width, height)
        canvas.clipPath(frame, stroke=0, fill=0)
        canvas.saveState()
        # From here on y points down, as the shapes' does.
        canvas.transform(1, 0, 0, -1, left + away[0], PAGE_HEIGHT_PT - top - away[1])
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for shape in here:
            if not isinstance(shape, Label | Banner):
                self._paint_stroke(shape)
        canvas.restoreState()
        self._paint_labels([_moved(shape, away) for shape in here if isinstance(shape, Label)])
        canvas.restoreState()

    def _paint_stroke(self, shape: Line | Polyline | Dot | Arc | Wedge) -> None:
        colour = COLOURS[shape.role]
        match shape:
            case Line():
                self._stroke(_dashes(shape), shape.width_px, colour)
            case Polyline():
                self._stroke([shape.points_px], shape.width_px, colour, shape.closed)
            case Arc():
                rim = arc_points(shape.centre_px, shape.radius_px, shape.start_deg, shape.sweep_deg)
                self._stroke([rim], shape.width_px, colour)
            case Dot():
                self._dot(shape, colour)
            case Wedge():
                rim = arc_points(shape.centre_px, shape.radius_px, shape.start_deg, shape.sweep_deg)
                self._fill_faintly((shape.centre_px, *rim), colour)
                self._stroke([(shape.centre_px, *rim)], shape.width_px, colour, closed=True)

    def _stroke(
        self,
        pieces: Sequence[Sequence[Point]],
        width_pt: float,
        colour: Colour,
        closed: bool = False,
    ) -> None:
        canvas, path = self._canvas, self._canvas.beginPath()
        for points in pieces:
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            if closed:
                path.close()
        width = max(_STROKE_MIN_PT, width_pt)
        for thickness, paint in ((width + 2 * _halo_pt(width), HALO), (width, colour)):
            canvas.setStrokeColorRGB(*_shares(paint))
            canvas.setLineWidth(thickness)
            canvas.drawPath(path, stroke=1, fill=0)

    def _dot(self, dot: Dot, colour: Colour) -> None:
        x, y = dot.centre_px
        halo = dot.radius_px + _halo_pt(dot.radius_px)
        for radius, paint in ((halo, HALO), (dot.radius_px, colour)):
            self._canvas.setFillColorRGB(*_shares(paint))
            self._canvas.circle(x, y, radius, stroke=0, fill=1)

    def _fill_faintly(self, points: Sequence[Point], colour: Colour) -> None:
        canvas, path = self._canvas, self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        canvas.saveState()
        canvas.setFillColorRGB(*_shares(colour))
        canvas.setFillAlpha(WEDGE_OPACITY)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()

    def _paint_labels(self, labels: Sequence[Label]) -> None:
        plates = [self._plate(label) for label in labels]
        sizes = [(plate.width_pt, plate.height_pt) for plate in plates]
        places = place_labels(labels, sizes, *self._size_pt)
        for label, plate, place in zip(labels, plates, places, strict=True):
            self._paint_label(label, plate, place)

    def _plate(self, label: Label) -> _Plate:
        smallest, largest = _LETTERS_PT
        sizes = tuple(min(max(size, smallest), largest) for size in label.sizes_px)
        face = self._sheet.typesetter.fonts.bold
        widths = [face.width_pt(text, size) for text, size in zip(label.lines, sizes, strict=True)]
        margin = _MARGIN_FRACTION * max(sizes, default=smallest)
        tall = _LINE_HEIGHT * sum(sizes) + 2 * margin
        return _Plate(max(widths, default=0.0) + 2 * margin, tall, margin, sizes)

    def _paint_label(self, label: Label, plate: _Plate, place: Point) -> None:
        canvas = self._canvas
        left, top = self._corner_pt[0] + place[0], self._corner_pt[1] + place[1]
        bottom = PAGE_HEIGHT_PT - top - plate.height_pt
        canvas.saveState()
        canvas.setFillColorRGB(*_shares(HALO))
        canvas.setFillAlpha(PLATE_OPACITY)
        canvas.roundRect(
            left, bottom, plate.width_pt, plate.height_pt, plate.margin_pt, stroke=0, fill=1
        )
        canvas.restoreState()
        y = PAGE_HEIGHT_PT - top - plate.margin_pt
        for number, (text, size) in enumerate(zip(label.lines, plate.sizes_pt, strict=True)):
            canvas.setFillColorRGB(*_shares(_WHITE if number else COLOURS[label.role]))
            canvas.setFont(self._sheet.typesetter.fonts.bold.name, size)
            canvas.drawString(left + plate.margin_pt, y - size, text)
            y -= size * _LINE_HEIGHT


def _moved(label: Label, away_pt: Point) -> Label:
    (x, y), (dx, dy) = label.anchor_px, away_pt
    box = label.avoid_px
    if box is not None:
        box = box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy
    return replace(label, anchor_px=(x + dx, y + dy), avoid_px=box)


def _dashes(line: Line) -> list[tuple[Point, Point]]:
    """Cut a line into an odd number of equal pieces, so that both ends carry a dash."""
    start, end = np.array(line.start_px), np.array(line.end_px)
    length = float(np.hypot(*(end - start)))
    if line.dash_px <= 0 or not 2 * line.dash_px < length:
        return [(line.start_px, line.end_px)]
    pieces = 2 * round((min(length / line.dash_px, _DASHES_MAX) - 1) / 2) + 1
    stops = [start + (end - start) * number / pieces for number in range(pieces + 1)]
    ends = [(float(x), float(y)) for x, y in stops]
    return list(zip(ends[0::2], ends[1::2], strict=True))


def _halo_pt(width_pt: float) -> float:
    return max(_HALO_MIN_PT, _HALO_FRACTION * min(width_pt, 2.5))


def _shares(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


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


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture with its overlay and caption, ready to be drawn. Lengths are points.

    Attributes
    ----------
    check
        Whose picture it is.
    jpeg
        The part that is shown.
    region
        Which part of the full picture that is.
    cell_pt
        Width and height of the space it may fill; it stands at the top, in the middle.
    caption
        Below it.
    """

    check: Check
    jpeg: bytes
    region: Region
    cell_pt: tuple[float, float]
    caption: Text

    @property
    def _pt_per_px(self) -> float:
        width_pt, height_pt = self.cell_pt
        return min(width_pt / self.region.width_px, height_pt / self.region.height_px)

    @property
    def height_pt(self) -> float:
        """Picture and caption."""
        return self.region.height_px * self._pt_per_px + 4.0 + self.caption.height_pt

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw picture, overlay and caption."""
        width_pt = self.region.width_px * self._pt_per_px
        height_pt = self.region.height_px * self._pt_per_px
        x = left_pt + (self.cell_pt[0] - width_pt) / 2
        sheet.image(self.jpeg, x, top_pt, width_pt, height_pt)
        painter = OverlayPainter(sheet, (x, top_pt), (width_pt, height_pt))
        corner_px = self.region.left_px, self.region.top_px
        painter.paint(build_overlay(self.check.result), corner_px, self._pt_per_px)
        self.caption.draw(sheet, left_pt, top_pt + height_pt + 4.0)


def read_picture(check: Check) -> Image | PictureProblem:
    """Return the kept picture of a check as a Pillow image in RGB, or why there is none."""
    from PIL import Image

    if check.picture is None:
        return PictureProblem.NOT_KEPT
    try:
        with Image.open(check.picture.picture) as kept:
            return kept.convert("RGB")
    except FileNotFoundError:
        return PictureProblem.GONE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return PictureProblem.UNREADABLE


def cut_picture(check: Check, kept: Image, cell_pt: tuple[float, float], caption: Text) -> Picture:
    """Cut a kept picture to the person, in the proportions of the cell."""
    wide, tall = check.size_px
    region = person_region(check, cell_pt[0] / cell_pt[1])
    across, down = kept.width / wide, kept.height / tall
    left, top = int(region.left_px * across), int(region.top_px * down)
    right = min(kept.width, max(left + 1, round((region.left_px + region.width_px) * across)))
    bottom = min(kept.height, max(top + 1, round((region.top_px + region.height_px) * down)))
    # In whole pixels of the kept copy, so that the overlay lies exactly on it.
    shown = Region(left / across, top / down, (right - left) / across, (bottom - top) / down)
    # Written anew: what is cut away, and anything else in the file, stays out of the PDF.
    part = kept.crop((left, top, right, bottom))
    part.info.clear()
    part.thumbnail((int(cell_pt[0] * _DOTS_PER_PT), int(cell_pt[1] * _DOTS_PER_PT)))
    data = io.BytesIO()
    part.save(data, "JPEG", quality=_JPEG_QUALITY)
    return Picture(check, data.getvalue(), shown, cell_pt, caption)


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
