"""Pinhole cameras that may be tilted, rolled and cropped off-centre: before people, in rooms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PinholeCamera:
    """A camera in the person's world (x to its left, y to its back, z up), metres.

    Attributes
    ----------
    position
        Shape (3,).
    forward, up
        Shape (3,) each: unit vectors, orthogonal; ``up`` includes the roll.
    focal_px
        Focal length.
    centre_px
        Where the optical axis meets the picture, x right, y down.
    width_px, height_px
        Size of the picture.
    """

    position: NDArray[np.float64]
    forward: NDArray[np.float64]
    up: NDArray[np.float64]
    focal_px: float
    centre_px: tuple[float, float]
    width_px: int
    height_px: int

    def project(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return pixels, shape (n, 2), of points, shape (n, 3)."""
        offset = np.asarray(points, dtype=np.float64) - self.position
        depth = offset @ self.forward
        right = np.cross(self.forward, self.up)
        x = self.centre_px[0] + self.focal_px * (offset @ right) / depth
        y = self.centre_px[1] - self.focal_px * (offset @ self.up) / depth
        return np.stack([x, y], axis=1)

    @property
    def view_angle_deg(self) -> float:
        """Vertical field of view."""
        return 2 * math.degrees(math.atan(self.height_px / 2 / self.focal_px))

    def horizon_y_px(self) -> float:
        """Return the height of the horizon above the picture's middle, roll undone."""
        drop = -float(self.forward[2])
        return self.centre_px[1] - self.focal_px * drop / math.sqrt(max(1 - drop**2, 1e-9))


@dataclass(frozen=True, slots=True)
class View:
    """A camera, and how it is turned.

    Attributes
    ----------
    camera
        Looks along +y from above the origin; x right, z up, metres.
    roll_deg
        + = turned clockwise.
    pitch_deg
        + = looking down.
    """

    camera: PinholeCamera
    roll_deg: float
    pitch_deg: float


def make_view(
    width_px: int,
    height_px: int,
    *,
    roll_deg: float,
    pitch_deg: float,
    height_m: float = 1.2,
    focal_sides: float = 0.9,
    off_centre: tuple[float, float] = (0.0, 0.0),
) -> View:
    """Return a camera.

    Parameters
    ----------
    focal_sides
        Focal length over the picture's longer side: 0.7 for a phone, more for a crop.
    off_centre
        Where the optical axis lies beside the picture's middle, in shares of width and
        height: not 0 when the picture was cropped.
    """
    roll, pitch = math.radians(roll_deg), math.radians(pitch_deg)
    upright = np.array([0.0, math.sin(pitch), math.cos(pitch)])
    right = np.array([1.0, 0.0, 0.0])
    camera = PinholeCamera(
        position=np.array([0.0, 0.0, height_m]),
        forward=np.array([0.0, math.cos(pitch), -math.sin(pitch)]),
        up=upright * math.cos(roll) + right * math.sin(roll),
        focal_px=focal_sides * max(width_px, height_px),
        centre_px=(width_px * (0.5 + off_centre[0]), height_px * (0.5 + off_centre[1])),
        width_px=width_px,
        height_px=height_px,
    )
    return View(camera, roll_deg, pitch_deg)


def sample_view(rng: np.random.Generator, width_px: int, height_px: int) -> View:
    """Draw a hand-held camera: mostly level, now and then not; a quarter are cropped."""
    roll_deg = rng.normal(0, 1.5) if rng.uniform() < 0.7 else rng.uniform(-9, 9)
    cropped = rng.uniform() < 0.25
    return make_view(
        width_px,
        height_px,
        roll_deg=float(roll_deg),
        pitch_deg=float(np.clip(rng.normal(2, 4), -10, 14)),
        height_m=float(rng.uniform(0.7, 1.6)),
        focal_sides=float(rng.uniform(0.7, 1.2)),
        off_centre=(float(rng.normal(0, 0.08)) if cropped else 0.0, 0.0),
    )
