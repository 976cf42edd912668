"""Coloured triangle meshes, the common currency of bodies, clothes and renderers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

#: Vertices, shape (n, 3), m, and triangles, shape (m, 3).
Surface = tuple[NDArray[np.float32], NDArray[np.int32]]


class Material(StrEnum):
    """How a surface reflects."""

    SKIN = "skin"
    CLOTH = "cloth"
    HAIR = "hair"
    SHOE = "shoe"


@dataclass(frozen=True, slots=True)
class NamedMesh:
    """One part of a dressed person.

    Attributes
    ----------
    name
        ``body``, ``top``, ``bottom``, ``belt``, ``hair``, ``shoe_left``, ...
    vertices
        Shape (n, 3), float32, metres: x to the person's left, y to the back, z up from the
        ground; the middle of the pelvis is above the origin.
    faces
        Shape (m, 3), int32: triangles; cloth is open, so draw both sides.
    rgb
        Shape (n, 3), uint8: colour of each vertex, sRGB.
    material
        How it reflects.
    """

    name: str
    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    rgb: NDArray[np.uint8]
    material: Material


def vertex_normals(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return area-weighted unit normals, shape (n, 3)."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a).astype(np.float64)
    total = np.empty((len(vertices), 3))
    corners = faces.T.ravel()
    for axis in range(3):
        total[:, axis] = np.bincount(
            corners, weights=np.tile(across[:, axis], 3), minlength=len(vertices)
        )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    normals: NDArray[np.float32] = (total / np.maximum(length, 1e-12)).astype(np.float32)
    return normals


def smoothed(
    vertices: NDArray[np.float32], faces: NDArray[np.int32], rounds: int
) -> NDArray[np.float32]:
    """Return vertices after some rounds of Laplacian smoothing, open edges included."""
    starts = np.concatenate([faces[:, 0], faces[:, 1], faces[:, 2]])
    ends = np.concatenate([faces[:, 1], faces[:, 2], faces[:, 0]])
    count = len(vertices)
    degree = np.bincount(starts, minlength=count) + np.bincount(ends, minlength=count)
    current = vertices.astype(np.float64)
    for _ in range(rounds):
        total = np.empty_like(current)
        for axis in range(3):
            total[:, axis] = np.bincount(starts, weights=current[ends, axis], minlength=count)
            total[:, axis] += np.bincount(ends, weights=current[starts, axis], minlength=count)
        current = 0.5 * current + 0.5 * total / np.maximum(degree, 1)[:, None]
    result: NDArray[np.float32] = current.astype(np.float32)
    return result


def clipped(
    vertices: NDArray[np.float32], faces: NDArray[np.int32], keep: NDArray[np.float32]
) -> Surface:
    """Cut a mesh along the zero line of a scalar and return the positive part.

    Parameters
    ----------
    keep
        Shape (n,): linear within each triangle; what is above zero stays.
    """
    inside = keep[faces] > 0
    count = inside.sum(1)
    whole = faces[count == 3]
    pieces, extra, base = [whole], [vertices], len(vertices)
    for kept, single in ((1, True), (2, False)):
        chosen = faces[count == kept]
        if len(chosen) == 0:
            continue
        odd = inside[count == kept] if single else ~inside[count == kept]
        first = odd.argmax(1)
        turned = np.stack(
            [np.take_along_axis(chosen, ((first + k) % 3)[:, None], 1)[:, 0] for k in range(3)],
            axis=1,
        )
        a, b, c = turned.T
        cut_ab, cut_ac = (
            vertices[a] + (keep[a] / (keep[a] - keep[o]))[:, None] * (vertices[o] - vertices[a])
            for o in (b, c)
        )
        n = len(chosen)
        ab, ac = base + np.arange(n), base + n + np.arange(n)
        extra += [cut_ab, cut_ac]
        base += 2 * n
        if single:
            pieces.append(np.stack([a, ab, ac], axis=1))
        else:
            pieces += [np.stack([ab, b, c], axis=1), np.stack([ab, c, ac], axis=1)]
    merged = np.concatenate(extra).astype(np.float32)
    triangles = np.concatenate(pieces)
    used, compact = np.unique(triangles, return_inverse=True)
    return merged[used], compact.reshape(-1, 3).astype(np.int32)


def grid_faces(rows: int, columns: int) -> NDArray[np.int32]:
    """Return triangles of a tube of ``rows`` rings with ``columns`` points each."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    here, right = row * columns + column, row * columns + (column + 1) % columns
    below, diagonal = here + columns, right + columns
    upper = np.stack([here, below, right], axis=-1).reshape(-1, 3)
    lower = np.stack([right, below, diagonal], axis=-1).reshape(-1, 3)
    return np.concatenate([upper, lower]).astype(np.int32)
