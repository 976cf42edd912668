"""By how much an answer moves when only the picture's encoding or the landmarks change."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.pose.mediapipe import shared_estimator
from vision.result import Measured
from vision.scene import estimate_facing
from vision.silhouette import canonical_crop, shared_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from synthetic.training.dataset import Sample

JPEG_QUALITIES = (60, 75, 95)
MEGAPIXELS = (0.5, 2.0, 8.0, 24.0)
#: Spread of a landmark's place from one frame to the next of somebody standing still.
LANDMARK_SD_TRUNKS = 0.01
_KEPT_QUALITY = 95


def _reencoded(rgb: NDArray[np.uint8], quality: int) -> bytes:
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _resized(rgb: NDArray[np.uint8], megapixels: float) -> bytes:
    height, width = rgb.shape[:2]
    factor = (megapixels * 1e6 / (height * width)) ** 0.5
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = (round(width * factor), round(height * factor))
    return _reencoded(np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8), _KEPT_QUALITY)


def _answer_deg(encoded: bytes) -> float:
    """Return the answer, NaN where the picture is refused."""
    result = measure_photo(frame_from_bytes(encoded, "disturbed"))
    return result.tilt.angle_deg if isinstance(result, Measured) else float("nan")


def _landmarks_moved_deg(rgb: NDArray[np.uint8], rng: np.random.Generator) -> float:
    """Return the change when hips and shoulders move and the mask does not."""
    people = shared_estimator().estimate(rgb)
    if not people:
        return float("nan")
    pose = people[0]
    facing = estimate_facing(pose)
    noise = rng.normal(0, LANDMARK_SD_TRUNKS * pose.trunk_px, pose.xy_px.shape)
    noisy = replace(pose, xy_px=(pose.xy_px + noise).astype(np.float32))
    before, after = (
        shared_model().read(canonical_crop(rgb, one, facing, 0.0)).tilt_deg for one in (pose, noisy)
    )
    return after - before


def disturbances() -> Iterator[tuple[str, Callable[[NDArray[np.uint8]], bytes]]]:
    """Return each way of writing a picture anew, by name."""
    for quality in JPEG_QUALITIES:
        yield f"JPEG quality {quality}", partial(_reencoded, quality=quality)
    for megapixels in MEGAPIXELS:
        yield f"{megapixels:g} megapixels", partial(_resized, megapixels=megapixels)


def moved_deg(samples: Iterable[Sample]) -> dict[str, NDArray[np.float64]]:
    """Return, for each disturbance, by how much each answer moves; refused ones left out.

    Parameters
    ----------
    samples
        With their pictures.
    """
    rng = np.random.default_rng(5)
    moved: dict[str, list[float]] = {}
    for sample in samples:
        rgb = frame_from_bytes(sample.jpeg, "kept").rgb
        before_deg = _answer_deg(sample.jpeg)
        if np.isnan(before_deg):
            continue
        for name, change in disturbances():
            moved.setdefault(name, []).append(_answer_deg(change(rgb)) - before_deg)
        moved.setdefault("landmark noise", []).append(_landmarks_moved_deg(rgb, rng))
    arrays = {name: np.array(values) for name, values in moved.items()}
    return {name: values[~np.isnan(values)] for name, values in arrays.items()}
