"""Films of a rendered person, which serve as cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

FPS = 30.0


def write_film(path: Path, picture: Path, frames: int, width_px: int = 300) -> Path:
    """Write a film whose pictures differ by a white bar that grows from the left."""
    bgr = cv2.imread(str(picture))
    assert bgr is not None
    height_px = round(bgr.shape[0] * width_px / bgr.shape[1] / 2) * 2
    small = cv2.resize(bgr, (width_px, height_px), interpolation=cv2.INTER_AREA)
    code = cv2.VideoWriter.fourcc(*("MJPG" if path.suffix == ".avi" else "mp4v"))
    film = cv2.VideoWriter(str(path), code, FPS, (width_px, height_px))
    assert film.isOpened()
    for index in range(frames):
        marked = small.copy()
        marked[:20, : 2 * index + 2] = 255
        film.write(marked)
    film.release()
    return path


def bar_length_px(rgb: NDArray[np.uint8]) -> int:
    """Return how long the white bar is, which tells one picture from another."""
    return int((rgb[10].min(axis=1) > 200).sum())
