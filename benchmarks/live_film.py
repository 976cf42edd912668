"""A film of somebody standing still, for benchmarks that are given none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from vision.image.frame import load_frame

_SAMPLE = Path(__file__).parents[1] / "sample_images" / "man_average_right_tilt8.jpg"
_SIZE_PX = 1280, 720
_NOISE_SD = 3.0
_JITTER_PX = 0.7


def write_standing(path: Path, seconds: float = 10.0, fps: float = 30.0) -> Path:
    """Write a film of the sample man, with a sensor's noise and a stand's jitter."""
    width_px, height_px = _SIZE_PX
    rgb = load_frame(_SAMPLE).rgb
    small_px = round(rgb.shape[1] * height_px / rgb.shape[0])
    small = cv2.resize(rgb, (small_px, height_px), interpolation=cv2.INTER_AREA)
    left = (width_px - small_px) // 2
    wide = cv2.copyMakeBorder(small, 0, 0, left, width_px - small_px - left, cv2.BORDER_REPLICATE)
    random = np.random.default_rng(0)
    shape = (height_px, width_px, 3)
    noise = [random.normal(0, _NOISE_SD, shape).astype(np.float32) for _ in range(8)]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, _SIZE_PX)
    for index in range(round(seconds * fps)):
        dx, dy = random.normal(0, _JITTER_PX, 2)
        moved = cv2.warpAffine(
            wide,
            np.array([[1, 0, dx], [0, 1, dy]]),
            _SIZE_PX,
            borderMode=cv2.BORDER_REPLICATE,
        )
        picture = np.clip(moved + noise[index % len(noise)], 0, 255).astype(np.uint8)
        film.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    film.release()
    return path
