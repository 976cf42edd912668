"""Hair, caps and shoes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.drape import COLUMNS, STEP_M, bridged, hang, measure, surface_points, tube_mesh
from synthetic.body.fitting import Figure, regions
from synthetic.body.mesh import Surface, clipped, grid_faces, smoothed
from synthetic.clothing.garments import skin_tight

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Hair(StrEnum):
    """How the hair is worn."""

    BALD = "bald"
    SHORT = "short"
    BOB = "bob"
    LONG = "long"
    PONYTAIL = "ponytail"
    BUN = "bun"
    CAP = "cap"


#: Points around a bun or a ponytail.
_AROUND = 12
#: The hairline on the default body: y, and the height above which hair grows, m.
_HAIRLINE_Y = (-0.20, -0.135, -0.075, -0.03, 0.01, 0.06)
_HAIRLINE_Z = (0.775, 0.765, 0.728, 0.70, 0.65, 0.60)


def _scalp(figure: Figure, thickness_m: float, lift_m: float = 0.0) -> Surface:
    where = regions()
    line = np.interp(where.rest[:, 1], _HAIRLINE_Y, _HAIRLINE_Z) + lift_m
    keep = np.where(where.head > 0.3, where.rest[:, 2] - line, -1.0).astype(np.float32)
    faces = figure.body.model.faces
    chosen = faces[(keep[faces] > 0).any(1)]
    depth = np.clip(keep / 0.04, 0.15, 1.0) * thickness_m
    used, compact = np.unique(chosen, return_inverse=True)
    local_faces = compact.reshape(-1, 3).astype(np.int32)
    raised = (figure.body.vertices + depth[:, None] * figure.normals)[used]
    return clipped(smoothed(raised, local_faces, 4), local_faces, keep[used])


def _sweep(path: NDArray[np.float64], radii: NDArray[np.float64]) -> Surface:
    """Return a round tube along a path in the plane of symmetry."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.array([1.0, 0.0, 0.0])
    other = np.cross(along, side)
    angle = np.arange(_AROUND) * 2 * np.pi / _AROUND
    ring = np.cos(angle)[None, :, None] * side + np.sin(angle)[None, :, None] * other[:, None, :]
    points = path[:, None, :] + radii[:, None, None] * ring
    return points.reshape(-1, 3).astype(np.float32), grid_faces(len(path), _AROUND)


def _hanging(figure: Figure, length_m: float, thickness_m: float) -> Surface:
    """Return hair that falls from the back of the head over neck and back."""
    where = regions()
    body = figure.body
    faces = body.model.faces
    solid = (where.arm < 0.3)[faces].all(1) & (where.rest[faces, 2].mean(1) > 0.1)
    points = surface_points(body.vertices, faces[solid])
    head = body.joint("head")
    top = float(body.vertices[:, 2].max())
    heights = np.arange(top - 0.07, head[2] - 0.06 - length_m - 0.03, -STEP_M)
    chest = body.joint("spine01")
    y = np.interp(
        -heights,
        [-(head[2] + 0.06), -head[2], -chest[2]],
        [head[1] - 0.02, head[1] - 0.015, chest[1] - 0.03],
    )
    tube = measure(points, heights, np.stack([np.zeros_like(y), y], axis=1))
    fallen = hang(tube.with_radius(bridged(tube.radius, 4) + thickness_m), 0.12)
    angle = np.arange(COLUMNS) * 2 * np.pi / COLUMNS
    # Only the back and sides carry hair; in front the sheet dives under the skin.
    share = np.clip((np.sin(angle) + 0.45) / 0.35, 0.0, 1.0)[None]
    radius = share * fallen.radius + (1 - share) * 0.6 * tube.radius
    top_edge = np.full(COLUMNS, float(heights[1]))
    bottom = np.full(COLUMNS, head[2] - 0.06 - length_m)
    return tube_mesh(tube.with_radius(radius), top_edge, bottom, ring_m=0.02)


def make_hair(figure: Figure, style: Hair, volume: float) -> list[Surface]:
    """Return the surfaces of a hair style; ``volume`` 0..1 is thickness and length."""
    if style is Hair.BALD:
        return []
    thickness = 0.006 + 0.022 * volume if style is not Hair.CAP else 0.012
    scalp = _scalp(figure, thickness, 0.01 if style is Hair.CAP else 0.0)
    head = figure.body.joint("head")
    back = head + np.array([0.0, 0.07, 0.09])
    if style is Hair.BUN:
        centre = back + np.array([0.0, 0.035, 0.05 * volume])
        turn = np.linspace(0.05, np.pi - 0.05, 9)
        path = centre + np.stack([0 * turn, 0 * turn, 0.045 * np.cos(turn)], axis=1)
        return [scalp, _sweep(path, 0.045 * np.sin(turn))]
    if style is Hair.PONYTAIL:
        part = np.linspace(0.0, 1.0, 10)
        length = 0.14 + 0.22 * volume
        path = back + np.stack(
            [0 * part, 0.045 * np.sin(part * 2.2) + 0.02, -length * part**1.3 + 0.02], axis=1
        )
        return [scalp, _sweep(path, 0.012 + 0.02 * np.sin(np.pi * part**0.7))]
    if style is Hair.BOB:
        return [scalp, _hanging(figure, 0.02 + 0.05 * volume, 0.012 + 0.012 * volume)]
    if style is Hair.LONG:
        return [scalp, _hanging(figure, 0.12 + 0.22 * volume, 0.012 + 0.01 * volume)]
    if style is Hair.CAP:
        part = np.linspace(-0.9, 0.9, 9)
        rim = head + np.array([0.0, -0.055, 0.098])
        near = rim + np.stack([0.075 * part, 0.03 * part**2, 0 * part], axis=1)
        far = near + np.stack([0 * part, -0.075 * (1 - part**2) - 0.01, -0.018 + 0 * part], axis=1)
        points = np.concatenate([near, far]).astype(np.float32)
        i = np.arange(8)
        faces = np.concatenate(
            [np.stack([i, i + 1, i + 9], 1), np.stack([i + 1, i + 10, i + 9], 1)]
        )
        return [scalp, (points, faces.astype(np.int32))]
    return [scalp]


def make_shoes(figure: Figure, sole_m: float) -> Surface:
    """Return both shoes; their soles reach ``sole_m`` below the bare feet."""
    where = regions()
    vertices = figure.body.vertices
    top = figure.ankle_m + 0.01
    keep = np.where(where.foot > 0.05, top - vertices[:, 2], -1.0).astype(np.float32)
    points, faces = skin_tight(figure, keep, 0.009, 6)
    lowered = points.copy()
    sole = np.clip((0.03 - points[:, 2]) / 0.02, 0.0, 1.0)
    lowered[:, 2] = points[:, 2] * (1 - sole) - sole_m * sole
    return lowered, faces
