"""Paints an overlay onto the picture with OpenCV and Pillow, and writes it to a file."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.overlay.build import build_overlay
from vision.overlay.raster__overlay_text import TEXT_MIN_PX, Row, paint_plate, set_text
from vision.overlay.shapes import (
    COLOURS,
    HALO,
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
    from pathlib import Path

    from numpy.typing import NDArray

    from vision.image.frame import Frame
    from vision.result import Measured, Rejected

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


class OverlayError(OSError):
    """The overlay could not be written.

    Attributes
    ----------
    message
        One sentence: what went wrong.
    fix
        One sentence: what to do about it.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix


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
    """Write the picture with its overlay as PNG, JPEG or WebP, by the name's suffix.

    The file appears whole or not at all.

    Raises
    ------
    OverlayError
        If the name has no such suffix or the file cannot be written.
    """
    suffix = out.suffix.lower()
    if suffix not in _FORMATS:
        raise OverlayError(
            f"The overlay cannot be written to '{out}': the name does not say which format.",
            "Give a file name that ends in .png, .jpg or .webp.",
        )
    rgb = paint_overlay(frame, build_overlay(result))
    _, data = cv2.imencode(suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), _FORMATS[suffix])
    _write_whole(out, data.tobytes())


def _write_whole(out: Path, data: bytes) -> None:
    part = out.with_name(f".overlay-{secrets.token_hex(6)}.part")
    try:
        # Replacing asks only whether the folder may be written to, not the file.
        if out.exists() and not out.stat().st_mode & 0o222:
            raise PermissionError(0, "The file is read-only")
        with part.open("xb") as file:
            file.write(data)
        part.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        why = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror
        why = (why or str(error)).rstrip(".")
        raise OverlayError(
            f"The overlay cannot be written to '{out}': {why[:1].lower()}{why[1:]}.",
            "Choose a name in a folder that exists and that you may write to, with room on "
            "its disk.",
        ) from error


def _paint_stroke(rgb: NDArray[np.uint8], shape: Line | Polyline | Dot | Arc | Wedge) -> None:
    colour = COLOURS[shape.role]
    match shape:
        case Line():
            for start, end in _dashes(shape):
                _stroke(rgb, (start, end), shape.width_px, colour)
        case Polyline():
            _stroke(rgb, shape.points_px, shape.width_px, colour, shape.closed)
        case Arc():
            points = arc_points(shape.centre_px, shape.radius_px, shape.start_deg, shape.sweep_deg)
            _stroke(rgb, points, shape.width_px, colour)
        case Dot():
            _stroke(rgb, (shape.centre_px, shape.centre_px), 2 * shape.radius_px, colour)
        case Wedge():
            rim = arc_points(shape.centre_px, shape.radius_px, shape.start_deg, shape.sweep_deg)
            _fill_faintly(rgb, (shape.centre_px, *rim), colour)
            _stroke(rgb, (shape.centre_px, *rim), shape.width_px, colour, closed=True)


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
    plates = []
    for label in labels:
        lines = enumerate(zip(label.lines, label.sizes_px, strict=True))
        # No letter needs to be larger than an eighth of the picture.
        rows = [Row(text, _letters(size, tall, wide), i == 0) for i, (text, size) in lines]
        plates.append(set_text(rows, wide, tall // 2))
    sizes = [(float(plate.width_px), float(plate.height_px)) for plate in plates]
    places = place_labels(labels, sizes, wide, tall)
    for label, plate, (left, top) in zip(labels, plates, places, strict=True):
        paint_plate(rgb, plate, int(left), int(top), COLOURS[label.role])


def _letters(size_px: float, tall: int, wide: int) -> int:
    largest = max(TEXT_MIN_PX, min(tall, wide) // 8)
    return round(min(max(size_px, TEXT_MIN_PX), largest)) if np.isfinite(size_px) else TEXT_MIN_PX


def _paint_banner(rgb: NDArray[np.uint8], banner: Banner) -> None:
    tall, wide = rgb.shape[:2]
    title = max(TEXT_MIN_PX + 3, round(_BANNER_FRACTION * max(tall, wide)))
    rows = [Row(banner.title, title, coloured=True)]
    rows += [Row(text, max(TEXT_MIN_PX, round(0.72 * title))) for text in banner.paragraphs]
    gap = min(tall, wide) // 50
    plate = set_text(rows, wide - 2 * gap, (tall - 2 * gap) * 2 // 3)
    paint_plate(rgb, plate, (wide - plate.width_px) // 2, gap, COLOURS[banner.role])
