"""Films of rendered pictures: how things move, and the files, with what is true in them beside."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def ramp(t_s: float, begin_s: float, end_s: float) -> float:
    """Return 0 before, 1 after, and a smooth way between."""
    share = min(max((t_s - begin_s) / (end_s - begin_s), 0.0), 1.0)
    return share * share * (3 - 2 * share)


def trembled(
    picture: NDArray[np.floating], random: np.random.Generator, spread_px: float
) -> NDArray[np.float32]:
    """Return a picture whose camera has moved a little; both shifts have this spread."""
    dx, dy = random.normal(0, 1.0, 2) * spread_px
    height_px, width_px = picture.shape[:2]
    moved = cv2.warpAffine(
        picture,
        np.array([[1, 0, dx], [0, 1, dy]]),
        (width_px, height_px),
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, np.float32)


def write_film(
    path: Path,
    pictures: Iterator[NDArray[np.uint8]],
    truth: Mapping[str, Any],
    fps: float,
    quality: float,
) -> Path:
    """Write a film and its truth, whole or not at all.

    Parameters
    ----------
    path
        By its ending, ``.avi`` (Motion JPEG) or ``.mp4`` (MPEG-4).
    pictures
        At least one, all of one size, red, green, blue.
    truth
        For the JSON file beside it.
    fps
        Pictures a second.
    quality
        0..100, where the codec has one.
    """
    first = next(pictures)
    codec = "MJPG" if path.suffix == ".avi" else "mp4v"
    part = path.with_name(f"{path.stem}.part{path.suffix}")
    size_px = first.shape[1], first.shape[0]
    film = cv2.VideoWriter(str(part), cv2.VideoWriter.fourcc(*codec), fps, size_px)
    film.set(cv2.VIDEOWRITER_PROP_QUALITY, quality)
    for rgb in chain([first], pictures):
        film.write(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    film.release()
    path.with_suffix(".json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
    part.rename(path)
    return path
