"""Pinhole cameras that may be tilted, rolled and cropped off-centre: before people, in rooms."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
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


def _aim(
    side: float, yaw_deg: float, roll_deg: float, pitch_deg: float, place_m: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return position, forward and up of a camera at a distance and height, m."""
    yaw, pitch, roll = (math.radians(a) for a in (yaw_deg, pitch_deg, roll_deg))
    level = -np.array([side * math.cos(yaw), -math.sin(yaw), 0.0])
    position = -level * place_m[0] + np.array([0.0, 0.0, place_m[1]])
    forward = level * math.cos(pitch) - np.array([0.0, 0.0, math.sin(pitch)])
    upright = level * math.sin(pitch) + np.array([0.0, 0.0, math.cos(pitch)])
    right = np.cross(forward, upright)
    return position, forward, upright * math.cos(roll) + right * math.sin(roll)


def place_camera(
    points: NDArray[np.floating],
    *,
    facing_left: bool,
    yaw_deg: float,
    roll_deg: float,
    pitch_deg: float,
    height_m: float,
    distance_m: float,
    fill: float,
    place: tuple[float, float],
    width_px: int,
    height_px: int,
) -> PinholeCamera:
    """Return a camera that has a person wholly in its picture.

    Parameters
    ----------
    points
        Shape (n, 3), m: everything that must be inside.
    facing_left
        Whether the person looks towards the left edge: the camera is then on its left.
    yaw_deg
        How far the person's front is turned towards the camera; negative = away from it.
    roll_deg
        + = the camera is turned clockwise, so that the scene leans counter-clockwise.
    pitch_deg
        + = looking down.
    height_m, distance_m
        Of the lens: above the ground, and from the person.
    fill
        Share of the picture's height that the person takes.
    place
        Where the rest of the room goes: 0..1 of the free width at the left and of the free
        height at the top.
    """
    position, forward, up = _aim(
        1.0 if facing_left else -1.0, yaw_deg, roll_deg, pitch_deg, (distance_m, height_m)
    )
    probe = PinholeCamera(position, forward, up, 1.0, (0.0, 0.0), width_px, height_px)
    low, high = probe.project(points).min(0), probe.project(points).max(0)
    focal = min(fill * height_px / (high[1] - low[1]), 0.94 * width_px / (high[0] - low[0]))
    free = np.array([width_px, height_px]) - focal * (high - low)
    centre = free * np.array(place) - focal * low
    return replace(probe, focal_px=float(focal), centre_px=(float(centre[0]), float(centre[1])))


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
