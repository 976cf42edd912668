"""Shoes for Blender's pictures: lofted around the foot, so that no toes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.mesh import Material, NamedMesh, grid_faces

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SLICES = 36
_AROUND = 40
_SOLE_M = 0.024
_SOLE_EDGE_M = 0.004


def _hull_radii(points: NDArray[np.float64], centre: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the convex outline of points, shape (n, 2), reaches at each angle."""
    angle = np.arange(_AROUND) * 2 * np.pi / _AROUND
    normals = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    support = ((points - centre) @ normals.T).max(0)
    # A ray leaves the hull where it meets the first of the supporting lines.
    cosine = normals @ normals.T
    reach = np.where(
        cosine > 0.05, np.maximum(support, 0.004)[None] / np.maximum(cosine, 0.05), 9.0
    )
    radii: NDArray[np.float64] = reach.min(1)
    return radii


def _softened(values: NDArray[np.float64], rounds: int) -> NDArray[np.float64]:
    for _ in range(rounds):
        padded = np.concatenate([values[:1], values, values[-1:]])
        values = 0.25 * padded[:-2] + 0.5 * values + 0.25 * padded[2:]
    return values


def _loft(foot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rings around a foot from toe to heel, shape (slices, around, 3)."""
    low, high = float(foot[:, 1].min()) - 0.006, float(foot[:, 1].max()) + 0.004
    floor = float(foot[:, 2].min())
    part = 0.5 - 0.5 * np.cos(np.linspace(0.06, np.pi - 0.06, _SLICES))
    places = low + part * (high - low)
    centres, radii = [], []
    for y in places:
        near = foot[np.abs(foot[:, 1] - y) < 0.014]
        cut = near[:, [0, 2]].copy()
        cut = np.concatenate([cut, np.stack([cut[:, 0], np.full(len(cut), floor)], axis=1)])
        centre = np.array([(cut[:, 0].min() + cut[:, 0].max()) / 2, floor + 0.035])
        centre[1] = min(centre[1], (floor + float(cut[:, 1].max())) / 2)
        centres.append(centre)
        radii.append(_hull_radii(cut, centre))
    middle, reach = _softened(np.array(centres), 3), _softened(np.array(radii), 2)
    ends = np.minimum(part, 1 - part) / 0.05
    reach = reach * np.sqrt(np.clip(ends * (2 - np.minimum(ends, 1)), 0.03, 1.0))[:, None]
    angle = np.arange(_AROUND) * 2 * np.pi / _AROUND
    x = middle[:, :1] + (reach + 0.002) * np.cos(angle)
    z = np.maximum(middle[:, 1:] + reach * np.sin(angle), floor)
    y = np.broadcast_to(places[:, None], x.shape)
    return np.stack([x, y, z], axis=-1)


def lofted_shoes(shoes: NamedMesh) -> list[NamedMesh]:
    """Return two smooth shoes with soles in place of foot-shaped ones."""
    plain = shoes.rgb.mean(0)
    sole_rgb = np.array([222, 220, 214]) if plain.mean() < 170 else np.array([150, 146, 140])
    lofted = []
    for sign in (1.0, -1.0):
        foot = shoes.vertices[shoes.vertices[:, 0] * sign > 0].astype(np.float64)
        rings = _loft(foot)
        floor = float(rings[..., 2].min())
        low = rings[..., 2] < floor + _SOLE_M
        middle = rings.mean(1, keepdims=True)
        outwards = (rings - middle) * (1, 0, 0)
        outwards /= np.maximum(np.linalg.norm(outwards, axis=-1, keepdims=True), 1e-9)
        rings = rings + low[..., None] * _SOLE_EDGE_M * outwards
        ends = np.stack([rings[0].mean(0), rings[-1].mean(0)])
        points = np.concatenate([rings.reshape(-1, 3), ends])
        k = np.arange(_AROUND)
        first, last = len(points) - 2, len(points) - 1
        base = (_SLICES - 1) * _AROUND
        caps = [
            np.stack([np.full(_AROUND, first), (k + 1) % _AROUND, k], axis=1),
            np.stack([np.full(_AROUND, last), base + k, base + (k + 1) % _AROUND], axis=1),
        ]
        faces = np.concatenate([grid_faces(_SLICES, _AROUND), *caps]).astype(np.int32)
        rgb = np.where((points[:, 2] < floor + _SOLE_M)[:, None], sole_rgb, plain).astype(np.uint8)
        lofted.append(NamedMesh("shoe", points.astype(np.float32), faces, rgb, Material.SHOE))
    return lofted
