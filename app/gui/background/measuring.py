"""What the Check page has done beside the GUI thread: load, measure, get ready.

The measuring code, and the large libraries below it, are imported when first needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PyQt6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.image.frame import Frame
    from vision.overlay.shapes import Shape
    from vision.pipeline import Segment
    from vision.result import BonyPoints, Measured, Rejected

#: Where a photograph can come from: a file, pixels in red, green, blue, or a pasted picture.
PhotoSource: TypeAlias = "Path | NDArray[np.uint8] | QImage"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photograph that was opened.

    Attributes
    ----------
    frame
        Its source is a name without folders.
    taken_at
        When, as far as the file tells, with its offset from UTC.
    """

    frame: Frame
    taken_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class CheckAnswer:
    """What came of a photograph, and what to draw on it."""

    result: Measured | Rejected
    shapes: tuple[Shape, ...]


def load_photo(source: PhotoSource, name: str, moment: datetime | None = None) -> Photo:
    """Open a photograph.

    Parameters
    ----------
    source
        A file, an array of shape (height, width, 3) and type uint8, or a picture of Qt's.
    name
        What results and messages call it.
    moment
        When it was taken, with its offset from UTC; None asks the file, or takes now.

    Raises
    ------
    vision.image.frame.PhotoError
        When a file is no photograph that can be read.
    """
    from vision.image.frame import frame_from_array, load_frame

    if isinstance(source, Path):
        from app.history.photo_time import taken_at

        frame = load_frame(source)
        # A folder's name may tell more than somebody wants to keep.
        return Photo(replace(frame, source=name), moment or taken_at(source))
    rgb = _pixels(source) if isinstance(source, QImage) else source
    return Photo(frame_from_array(rgb, name), moment or datetime.now(UTC).astimezone())


def measure(
    photo: Photo, points: BonyPoints | None = None, vertical: Segment | None = None
) -> CheckAnswer:
    """Measure a photograph and list what to draw on it.

    Raises
    ------
    vision.marked_tilt.PointsError, vision.model_files.ModelError
        See :func:`vision.pipeline.measure_photo`.
    """
    from vision.overlay.build import build_overlay
    from vision.pipeline import measure_photo

    result = measure_photo(photo.frame, points=points, vertical=vertical)
    return CheckAnswer(result, build_overlay(result))


def warm_up() -> None:
    """Load what measuring needs, so that the first photograph does not wait for it."""
    from vision.pose.mediapipe import shared_estimator
    from vision.silhouette import shared_model

    shared_estimator().estimate(np.full((64, 64, 3), 128, np.uint8))
    shared_model()


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """Return a picture's pixels on white, shape (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    width, height = plain.width(), plain.height()
    bits = plain.constBits()
    if width == 0 or height == 0:
        raise ValueError("the picture is empty")
    rows = np.frombuffer(bits.asstring(plain.sizeInBytes()), np.uint8)
    rgba = rows.reshape(height, plain.bytesPerLine() // 4, 4)[:, :width]
    if not image.hasAlphaChannel():
        return np.ascontiguousarray(rgba[..., :3])
    share = rgba[..., 3:].astype(np.uint16)
    mixed = (rgba[..., :3] * share + 255 * (255 - share) + 127) // 255
    return np.ascontiguousarray(mixed.astype(np.uint8))
