"""A kept picture, cut to the person, with what was measured drawn over it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from app.report.fonts import BOLD
from app.text import report
from vision.overlay.build import build_overlay
from vision.overlay.face import blur_face, without_head
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.history.records import Check

#: Space round the person as a share of the person's height.
_ROUND_PERSON = 0.06
#: 300 dots an inch: as much as a printer shows.
_DOTS_PER_PT = 300 / 72
_JPEG_QUALITY = 88


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
    hides_face
        Whether nothing is drawn over the head, which the kept picture hides.
    """

    def __init__(
        self,
        check: Check,
        kept: Image.Image,
        width_pt: float,
        height_pt: float,
        *,
        hides_face: bool = False,
    ) -> None:
        super().__init__()
        self._shown = without_head(check.result) if hides_face else check.result
        self._region = person_region(check, width_pt / height_pt)
        across, down = width_pt / self._region.width_px, height_pt / self._region.height_px
        self._pt_per_px = min(across, down)
        self._jpeg = _cut(kept, check.size_px, self._region, self._pt_per_px)
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
        shapes = [scaled(shape, self._pt_per_px) for shape in build_overlay(self._shown)]
        _paint_strokes(canvas, shapes, away)
        labels = [_moved(shape, away) for shape in shapes if isinstance(shape, Label)]
        _paint_labels(canvas, labels, (width, self.height))


def read_picture(check: Check, *, hides_face: bool = False) -> Image.Image | str:
    """Return the kept picture of a check in RGB, or a sentence that says why there is none.

    Parameters
    ----------
    hides_face
        Whether the head is blurred; without a head to be found there is no picture.
    """
    if check.picture is None:
        return report.NO_PICTURE
    try:
        with Image.open(check.picture.picture) as kept:
            picture = kept.convert("RGB")
        if not hides_face:
            return picture
        hidden = blur_face(np.asarray(picture), check.result, check.size_px)
        return report.HEAD_UNKNOWN if hidden is None else Image.fromarray(hidden)
    except FileNotFoundError:
        return report.PICTURE_GONE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return report.PICTURE_UNREADABLE


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


def _cut(kept: Image.Image, full_px: tuple[int, int], region: Region, pt_per_px: float) -> bytes:
    """Return a region of the full picture as JPEG, from its kept copy.

    Written anew: what is cut away, and anything else in the file, stays out of the PDF.
    """
    across, down = kept.width / full_px[0], kept.height / full_px[1]
    left, top = region.left_px * across, region.top_px * down
    wide, tall = region.width_px * across, region.height_px * down
    dots = min(1.0, _DOTS_PER_PT * pt_per_px / max(across, down))
    size = max(1, round(wide * dots)), max(1, round(tall * dots))
    box = left, top, min(left + wide, kept.width), min(top + tall, kept.height)
    part = kept.resize(size, Image.Resampling.BICUBIC, box)
    part.info.clear()
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
        case Dot():
            halo = shape.radius_px + _halo_pt(shape.radius_px)
            for radius, paint in ((halo, HALO), (shape.radius_px, colour)):
                canvas.setFillColorRGB(*_shares(paint))
                canvas.circle(*shape.centre_px, radius, stroke=0, fill=1)
        case _:
            points, closed = stroked(shape)
            if isinstance(shape, Wedge):
                canvas.saveState()
                canvas.setFillColorRGB(*_shares(colour))
                canvas.setFillAlpha(WEDGE_OPACITY)
                canvas.drawPath(_path(canvas, points, closed), stroke=0, fill=1)
                canvas.restoreState()
            _stroke(canvas, points, shape.width_px, colour, closed)


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
    body = tuple(
        (left + dx, top + dy, right + dx, low + dy) for left, top, right, low in label.body_px
    )
    end = label.target_px
    if end is not None:
        end = end[0] + dx, end[1] + dy
    return replace(label, anchor_px=(x + dx, y + dy), avoid_px=box, body_px=body, target_px=end)


def _paint_labels(canvas: Any, labels: Sequence[Label], size_pt: tuple[float, float]) -> None:
    settled = settle_labels(labels, _plate_pt, *size_pt)
    _paint_strokes(canvas, [one.lead for one in settled if one.lead is not None], (0.0, 0.0))
    for one in settled:
        _paint_label(canvas, one.label, one.size_px, one.corner_px)


def _letters_pt(label: Label) -> tuple[list[float], float]:
    """Return how large the letters of each line are, and the margin round them."""
    smallest, largest = _LETTERS_PT
    sizes = [min(max(size, smallest), largest) for size in label.sizes_px]
    return sizes, _MARGIN_FRACTION * max(sizes, default=smallest)


def _plate_pt(label: Label) -> tuple[float, float]:
    """Return how wide and tall a label is with its margin."""
    sizes, margin = _letters_pt(label)
    widths = [stringWidth(text, BOLD, size) for text, size in zip(label.lines, sizes, strict=True)]
    return max(widths, default=0.0) + 2 * margin, _LINE_HEIGHT * sum(sizes) + 2 * margin


def _paint_label(canvas: Any, label: Label, plate_pt: tuple[float, float], place: Point) -> None:
    sizes, margin = _letters_pt(label)
    left, top = place[0], -place[1]
    canvas.saveState()
    canvas.setFillColorRGB(*_shares(HALO))
    canvas.setFillAlpha(PLATE_OPACITY)
    canvas.roundRect(left, top - plate_pt[1], *plate_pt, margin, stroke=0, fill=1)
    canvas.restoreState()
    y = top - margin
    for number, (text, size_pt) in enumerate(zip(label.lines, sizes, strict=True)):
        canvas.setFillColorRGB(*_shares(_WHITE if number else COLOURS[label.role]))
        canvas.setFont(BOLD, size_pt)
        canvas.drawString(left + margin, y - size_pt, text)
        y -= size_pt * _LINE_HEIGHT
