"""Small rotation helpers for posing; right-handed axes, column vectors, degrees."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def about_x(angle_deg: float) -> Matrix:
    """Return the rotation about x; positive takes a body's top forward (y is its back)."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def about_z(angle_deg: float) -> Matrix:
    """Return the rotation about z; positive is counter-clockwise seen from above."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def about_axis(axis: Vector, angle_deg: float) -> Matrix:
    """Return the rotation about a unit vector (Rodrigues' formula)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = math.radians(angle_deg)
    rotation: Matrix = np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross
    return rotation


def unit(vector: Vector) -> Vector:
    """Return a vector of length one."""
    result: Vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result


def frame(along: Vector, normal: Vector) -> Matrix:
    """Return orthonormal columns: along, the normal made orthogonal to it, their product."""
    first = unit(along)
    second = unit(normal - first * float(first @ normal))
    return np.stack([first, second, np.cross(first, second)], axis=1)


def hinge(start: Vector, end: Vector, upper_m: float, lower_m: float, pole: Vector) -> Vector:
    """Return where the middle joint of a two-bone limb is.

    Parameters
    ----------
    start, end
        The limb's ends; they must not be further apart than both bones together.
    upper_m, lower_m
        Lengths of the bones.
    pole
        Direction towards which the middle joint points.
    """
    span = end - start
    distance = float(np.linalg.norm(span))
    along = (upper_m**2 - lower_m**2 + distance**2) / (2 * distance)
    off = math.sqrt(max(upper_m**2 - along**2, 0.0))
    direction = span / distance
    sideways = unit(pole - direction * float(direction @ pole))
    middle: Vector = start + direction * along + sideways * off
    return middle
