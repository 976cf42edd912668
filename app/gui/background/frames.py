"""What the Live page shows of one picture, made off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtGui import QImage

from vision.overlay.build import build_overlay
from vision.overlay.shapes import Banner, Label, Role
from vision.result import Measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.live.events import AnyMoment, Sighting
    from vision.overlay.shapes import Shape
    from vision.result import Capture, Rejected, TiltEstimate

#: Longest side of the picture to look at.
_PREVIEW_SIDE_PX = 1280
#: A contour drawn this far off, in pixels of the preview, looks the same and costs a fifth.
_OUTLINE_OFF_PX = 0.7
#: Below this an average of pixels is needed, else edges flicker.
_AVERAGE_BELOW = 0.5
#: What shows an angle.
_OF_TILT = frozenset({Role.TILT, Role.INTERVAL, Role.HORIZONTAL})


@dataclass(frozen=True, slots=True, eq=False)
class LiveLook:
    """One picture as it is shown.

    Attributes
    ----------
    preview
        At most 1280 px along its longer side, not mirrored; null when there is no picture.
    size_px
        Width and height of the full picture.
    shapes
        What to draw, in pixels of the full picture, without any letters.
    capture
        How the camera stands; None when nobody is seen.
    moment
        What to say.
    """

    preview: QImage
    size_px: tuple[int, int]
    shapes: tuple[Shape, ...]
    capture: Capture | None
    moment: AnyMoment


def look_at(sighting: Sighting, moment: AnyMoment) -> LiveLook:
    """Return what to show of a picture."""
    frame = sighting.frame
    image = preview(frame.rgb)
    size_px = frame.width_px, frame.height_px
    scale = image.width() / max(1, frame.width_px)
    shapes = _shapes(sighting.result, moment.tilt, _OUTLINE_OFF_PX / scale)
    return LiveLook(image, size_px, shapes, sighting.result.capture, moment)


def nothing_seen(moment: AnyMoment) -> LiveLook:
    """Return what to show while the camera gives nothing of use."""
    return LiveLook(QImage(), (0, 0), (), None, moment)


def preview(rgb: NDArray[np.uint8]) -> QImage:
    """Return a copy small enough to be painted quickly, in Qt's fastest format.

    Parameters
    ----------
    rgb
        Shape (height, width, 3).
    """
    import cv2

    height_px, width_px = rgb.shape[:2]
    ratio = min(1.0, _PREVIEW_SIDE_PX / max(width_px, height_px))
    size = max(1, round(width_px * ratio)), max(1, round(height_px * ratio))
    if ratio < 1:
        way = cv2.INTER_AREA if ratio < _AVERAGE_BELOW else cv2.INTER_LINEAR
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=way), np.uint8)
    image = QImage(*size, QImage.Format.Format_RGB32)
    bits: Any = image.bits()  # its published type is no buffer
    bits.setsize(image.sizeInBytes())
    pixels = np.frombuffer(bits, np.uint8).reshape(size[1], image.bytesPerLine())
    cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA, pixels[:, : 4 * size[0]].reshape(size[1], size[0], 4))
    return image


def _shapes(
    result: Measured | Rejected, tilt: TiltEstimate | None, off_px: float
) -> tuple[Shape, ...]:
    result = replace(result, outline_px=_simpler(result.outline_px, off_px))
    if isinstance(result, Measured) and tilt is not None:
        result = replace(result, tilt=tilt)  # what is drawn says what the number says
    hidden = _OF_TILT if tilt is None else frozenset[Role]()
    return tuple(
        shape
        for shape in build_overlay(result)
        if not isinstance(shape, Label | Banner) and shape.role not in hidden
    )


def _simpler(outline_px: NDArray[np.float32], off_px: float) -> NDArray[np.float32]:
    """Return the contour with fewer points; rows that are not finite part its pieces."""
    import cv2

    points = np.asarray(outline_px, np.float32).reshape(-1, 2)
    if not len(points):
        return points
    gap = np.full((1, 2), np.nan, np.float32)
    cuts = np.flatnonzero(~np.isfinite(points).all(axis=1))
    parts: list[NDArray[np.float32]] = []
    for piece in np.split(points, cuts):
        finite = piece[np.isfinite(piece).all(axis=1)]
        if len(finite) > 1:
            fewer = cv2.approxPolyDP(np.ascontiguousarray(finite), off_px, closed=True)
            parts += [np.asarray(fewer, np.float32).reshape(-1, 2), gap]
    return np.concatenate(parts[:-1]) if parts else points[:0]
