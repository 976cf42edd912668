"""Coloured stickers on the bony points of a synthetic person.

A sticker lies on the clothing where the normal of the skin over the bone comes out of it.
The one at the front is a ball or a disc; the one at the back is always a ball, and it is
raised off the skin until half of it stands out behind the back, as a person must do for it
to be seen from the side.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.mesh import Material, NamedMesh, grid_faces, vertex_normals
from synthetic.body.person import ASIS_VERTICES, ASIS_WEIGHTS, PSIS_VERTICES, PSIS_WEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import Person

#: Hue (degrees), saturation and value of what is sold as vivid in these colours.
COLOURS = {
    "green": ((95.0, 145.0), (0.75, 1.0), (0.65, 0.95)),
    "pink": ((312.0, 338.0), (0.65, 1.0), (0.85, 1.0)),
    "orange": ((18.0, 32.0), (0.88, 1.0), (0.9, 1.0)),
    "blue": ((203.0, 228.0), (0.78, 1.0), (0.75, 1.0)),
}
_RADIUS_M = (0.0125, 0.0175)
_DISC_THICKNESS_M = 0.003
#: Cloth further off the skin than this is not what a sticker is pressed on.
_CLOTH_REACH_M = 0.12
#: No stem raises a ball further than this.
_STEM_MAX_M = 0.05


@dataclass(frozen=True, slots=True)
class StickerLook:
    """What the stickers of one picture look like.

    Attributes
    ----------
    colour
        Name, a key of :data:`COLOURS`.
    rgb
        0..255.
    radius_m
        Of balls and discs.
    flat_front
        Whether the one at the front is a disc.
    """

    colour: str
    rgb: tuple[int, int, int]
    radius_m: float
    flat_front: bool


def draw_look(seed: int) -> StickerLook:
    """Draw colour, size and form from one number."""
    rng = np.random.default_rng([seed, 91])
    name = str(rng.choice(list(COLOURS)))
    hue, saturation, value = (float(rng.uniform(*limits)) for limits in COLOURS[name])
    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(hue / 360, saturation, value))
    return StickerLook(name, (r, g, b), float(rng.uniform(*_RADIUS_M)), bool(rng.uniform() < 0.5))


def ball(
    centre: NDArray[np.float64],
    normal: NDArray[np.float64],
    radius_m: float,
    thickness_m: float,
    rgb: tuple[int, int, int],
) -> NamedMesh:
    """Return a ball, or a disc: a ball flattened along ``normal`` to ``thickness_m``."""
    polar = np.linspace(0.0, np.pi, 13)
    around = np.arange(24) * 2 * np.pi / 24
    side = np.cross(normal, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    other = np.cross(normal, side)
    ring = np.cos(around)[:, None] * side + np.sin(around)[:, None] * other
    points = (
        centre
        + (radius_m * np.sin(polar))[:, None, None] * ring
        + (thickness_m / 2 * np.cos(polar))[:, None, None] * normal
    ).reshape(-1, 3)
    colours = np.tile(np.array(rgb, np.uint8), (len(points), 1))
    faces = grid_faces(len(polar), len(around))
    return NamedMesh("sticker", points.astype(np.float32), faces, colours, Material.CLOTH)


def _normal_over(
    skin: NamedMesh, triangles: NDArray[np.intp], weights: NDArray[np.float64], side: int
) -> NDArray[np.float64]:
    normals = vertex_normals(skin.vertices, skin.faces)[triangles[side]]
    normal = weights[side] @ normals.astype(np.float64)
    return np.asarray(normal / np.linalg.norm(normal))


def _cloth_above_m(
    person: Person, point: NDArray[np.float64], normal: NDArray[np.float64]
) -> float:
    """Return how far along the normal the outermost cloth is (Moller and Trumbore)."""
    furthest = 0.0
    for mesh in person.meshes:
        if mesh.name not in {"top", "bottom", "belt"}:
            continue
        a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(np.float64) for k in range(3))
        ab, ac, ap = b - a, c - a, point - a
        across = np.cross(normal, ac)
        volume = np.einsum("nk,nk->n", ab, across)
        safe = np.where(np.abs(volume) < 1e-12, 1.0, volume)
        u = np.einsum("nk,nk->n", ap, across) / safe
        q = np.cross(ap, ab)
        v = q @ normal / safe
        t = np.einsum("nk,nk->n", ac, q) / safe
        hit = (np.abs(volume) >= 1e-12) & (u >= 0) & (v >= 0) & (u + v <= 1)
        hit &= (t > 0) & (t < _CLOTH_REACH_M)
        furthest = max(furthest, float(t[hit].max(initial=0.0)))
    return furthest


def _back_edge_m(person: Person, point: NDArray[np.float64]) -> float:
    """Return how far back the back reaches around a point (arms are further out)."""
    furthest = -np.inf
    for mesh in person.meshes:
        if mesh.name in {"body", "top", "bottom", "belt"}:
            near = np.abs(mesh.vertices[:, [0, 2]] - point[[0, 2]]) < (0.09, 0.02)
            furthest = max(furthest, float(mesh.vertices[near.all(1), 1].max(initial=-np.inf)))
    return furthest


def place_stickers(person: Person, look: StickerLook, facing: str) -> tuple[NamedMesh, NamedMesh]:
    """Return the stickers on the ASIS and the PSIS of the side near the camera."""
    side = 0 if facing == "left" else 1
    skin = person.meshes[0]
    asis = person.pelvis.asis[side]
    normal = _normal_over(skin, ASIS_VERTICES, ASIS_WEIGHTS, side)
    thickness = _DISC_THICKNESS_M if look.flat_front else 2 * look.radius_m
    lift = _cloth_above_m(person, asis, normal) + thickness / 2
    front = ball(asis + lift * normal, normal, look.radius_m, thickness, look.rgb)

    psis = person.pelvis.psis[side]
    normal = _normal_over(skin, PSIS_VERTICES, PSIS_WEIGHTS, side)
    lift = _cloth_above_m(person, psis, normal) + look.radius_m
    hidden = _back_edge_m(person, psis) - (psis + lift * normal)[1]
    lift += min(max(hidden / max(normal[1], 0.3), 0.0), _STEM_MAX_M)
    back = ball(psis + lift * normal, normal, look.radius_m, 2 * look.radius_m, look.rgb)
    return front, back


def centre_of(mesh: NamedMesh) -> NDArray[np.float64]:
    """Return the middle of a sticker, shape (3,), m."""
    return np.asarray(mesh.vertices.astype(np.float64).mean(0))
