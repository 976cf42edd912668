"""Light, and what a camera makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

#: Mean of a picture, 0..255, that a camera aims at.
_USUAL_BRIGHTNESS = 110.0


@dataclass(frozen=True, slots=True)
class Lamp:
    """A distant light.

    Attributes
    ----------
    direction
        Where it comes from in camera terms: right, up, towards the camera; unit length.
    intensity
        1 = full.
    rgb
        0..1 each.
    """

    direction: tuple[float, float, float]
    intensity: float
    rgb: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lighting:
    """Lamps and the light from everywhere (``ambient``, 0..1), with a name for the kind."""

    kind: str
    lamps: tuple[Lamp, ...]
    ambient: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the camera does to the picture.

    Attributes
    ----------
    gain, gamma
        Brightness; 1 = as the camera's automatic exposure has it.
    cast
        Factor on red, green, blue.
    vignette
        Darkening of the corners, 0..1.
    blur_px, noise
        Standard deviations: Gaussian blur in pixels, sensor noise in 0..255.
    jpeg_quality
        40..100.
    """

    gain: float
    gamma: float
    cast: tuple[float, float, float]
    vignette: float
    blur_px: float
    noise: float
    jpeg_quality: int


def _grain(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Return sensor noise, shape (height, width, 3), standard deviation about 1."""
    brightness = rng.standard_normal((height, width), dtype=np.float32)
    small = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), dtype=np.float32)
    colour = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    return (0.85 * brightness[..., None] + 0.5 * colour).astype(np.float32)


def _compressed(rgb: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return a picture after a trip through JPEG."""
    if quality >= 100:
        return rgb
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB)
    if decoded is None:
        raise RuntimeError("OpenCV could not read back a JPEG that it wrote itself.")
    return decoded.astype(np.uint8)


def expose(
    rgb: NDArray[np.float32], exposure: Exposure, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the finished picture, uint8 and C-contiguous.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), 0..255.
    """
    height, width = rgb.shape[:2]
    picture: Picture = rgb
    if exposure.blur_px > 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), exposure.blur_px).astype(np.float32)
    if exposure.vignette > 0:
        y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        fall = (1 - exposure.vignette * (x * x + y * y) / 2).astype(np.float32)
        picture = picture * fall[..., None]
    # Cameras set themselves to the scene's brightness, though never fully.
    automatic = np.clip((_USUAL_BRIGHTNESS / max(float(picture.mean()), 1.0)) ** 0.6, 0.75, 3.0)
    highlight = max(float(np.percentile(picture[::8, ::8], 98)), 1.0)
    gain = np.float32(exposure.gain * min(automatic, max(250.0 / highlight, 0.6)) / 255)
    factor = np.array(exposure.cast, np.float32) * gain
    linear = np.clip(picture * factor, 0, 1)
    picture = np.float32(255) * cv2.pow(linear, exposure.gamma).astype(np.float32)
    if exposure.noise > 0:
        picture += np.float32(exposure.noise) * _grain(rng, height, width)
    finished = np.clip(picture, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(_compressed(finished, exposure.jpeg_quality))
