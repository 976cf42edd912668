"""Clothes that follow the skin of a body in any position, unlike draped ones, which must stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.fitting import regions
from synthetic.body.mesh import Material, NamedMesh, clipped, smoothed, vertex_normals
from synthetic.body.model import Build, load_body_model
from synthetic.clothing.palette import Colour, cloth_colour, hair_colour, skin_colour

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.pose import Skeleton
    from synthetic.exercises.limbs import Shape

#: Heights on the default body, m: a waistband, ankles, and where hair begins over the face.
_WAIST_M, _ANKLE_M = 0.13, -0.66
_HAIR_FRONT_M, _HAIR_SLOPE = 0.765, 0.85
_HAIR_FRONT_Y_M = -0.135
#: How far a shirt reaches below the waistband.
_OVERLAP_M = 0.05
_KNEE_M = -0.34
#: How far trousers go on beneath a shirt: no further, lest one shows through the other.
_TUCKED_M = 0.025
#: Tint of muscles that work, and how much of it covers the cloth at most.
_GLOW: Colour = (255.0, 168.0, 104.0)
_GLOW_STRENGTH = 0.95


@dataclass(frozen=True, slots=True)
class Clothes:
    """What is worn.

    Attributes
    ----------
    skin, hair, shirt, trousers, shoes
        Colours, 0..255.
    sleeve
        Where sleeves end: 0 at the shoulder, 1 at the elbow, 2 at the wrist.
    trouser_end
        Where the trousers end: 0 above the knee, 1 at the ankle.
    loose_m
        How far the shirt is off the skin; the trousers half of it.
    shod
        Whether there are shoes, else socks.
    """

    skin: Colour = (214.0, 166.0, 136.0)
    hair: Colour = (62.0, 46.0, 36.0)
    shirt: Colour = (222.0, 226.0, 230.0)
    trousers: Colour = (44.0, 62.0, 92.0)
    shoes: Colour = (235.0, 235.0, 238.0)
    sleeve: float = 0.6
    trouser_end: float = 1.0
    loose_m: float = 0.012
    shod: bool = True


def draw_build(random: np.random.Generator, sex: str, fat: float) -> Build:
    """Draw a build of a given sex and stoutness."""

    def about(spread: float) -> float:
        return float(np.clip(random.normal(0, spread), -1, 1))

    mean_m = 1.65 if sex == "female" else 1.77
    return Build(
        sex=sex,
        age_years=float(random.uniform(20, 68)),
        stature_m=float(np.clip(random.normal(mean_m, 0.06), mean_m - 0.12, mean_m + 0.12)),
        fat=fat,
        muscle=float(random.uniform(0.35, 0.75)),
        buttocks=about(0.4),
        belly=max(fat, 0.0) * 0.4,
        hip_width=about(0.3),
        chest_width=about(0.25),
        waist=about(0.3),
        thighs=about(0.3),
        calves=about(0.3),
        legs=about(0.25),
        breasts=about(0.4) if sex == "female" else 0.0,
    )


def draw_clothes(random: np.random.Generator, build: Build) -> Clothes:
    """Draw what somebody wears for exercise."""
    return Clothes(
        skin=skin_colour(random),
        hair=hair_colour(random, build.age_years),
        shirt=cloth_colour(random),
        trousers=cloth_colour(random),
        shoes=cloth_colour(random),
        sleeve=float(random.choice([0.15, 0.6, 0.8, 1.9])),
        trouser_end=float(random.choice([0.0, 0.55, 1.0, 1.0])),
        loose_m=float(random.uniform(0.008, 0.02)),
        shod=bool(random.uniform() < 0.6),
    )


@lru_cache(maxsize=16)
def _amounts(clothes: Clothes) -> tuple[NDArray[np.float32], ...]:
    """Return how far each vertex is inside shirt, trousers, shoes and hair, m."""
    where = regions()
    y, z = where.rest[:, 1], where.rest[:, 2]
    on_arm = (clothes.sleeve - where.along_arm) * 0.26
    inside = np.minimum(z - (_WAIST_M - _OVERLAP_M), where.neck_gap_m)
    shirt = np.where(where.arm > 0.5, np.minimum(on_arm, 0.08), np.minimum(inside, on_arm))
    shirt = np.where(where.head > 0.5, -1.0, shirt).astype(np.float32)
    hem_m = (1 - clothes.trouser_end) * (_KNEE_M + 0.12) + clothes.trouser_end * _ANKLE_M
    legs = np.where(where.arm > 0.3, -1.0, np.minimum(_WAIST_M - z, z - hem_m))
    trousers = np.minimum(legs.astype(np.float32), _TUCKED_M - shirt)
    shoe_top_m = -0.735 if clothes.shod else _ANKLE_M - 0.02
    line = np.clip(_HAIR_FRONT_M - _HAIR_SLOPE * (y - _HAIR_FRONT_Y_M), 0.60, _HAIR_FRONT_M)
    hair = np.where(where.head > 0.3, z - line, -1.0)
    return shirt, trousers, np.asarray(shoe_top_m - z, np.float32), hair.astype(np.float32)


def _face(skin: Colour, hair: Colour) -> NDArray[np.float32]:
    """Return the colour of every vertex of the skin, eyes, brows and lips included."""
    model, rest = load_body_model(), regions().rest
    rgb = np.tile(np.array(skin), (len(rest), 1))
    x, y, z = np.abs(rest[:, 0]), rest[:, 1], rest[:, 2]
    front = (y < -0.10) & (x < 0.055)
    rgb[front & (x > 0.012) & (np.abs(z - 0.722) < 0.006)] = np.array(hair) * 0.8
    lips = (y < -0.13) & (x < 0.024) & (np.abs(z - 0.622) < 0.010)
    rgb[lips] = np.array(skin) * (0.86, 0.68, 0.68)
    eyes = model.weights[:, [model.bones["eye.L"], model.bones["eye.R"]]].sum(1) > 0.5
    rgb[eyes] = (228, 226, 222)
    rgb[eyes & (y < -0.118) & (np.abs(x - 0.031) < 0.006)] = (50, 40, 34)
    return rgb.astype(np.float32)


def dressed(
    shape: Shape, skeleton: Skeleton, clothes: Clothes, glow: NDArray[np.float32] | None = None
) -> tuple[NamedMesh, ...]:
    """Return the meshes of a dressed body; flesh is pressed flat by the floor at z = 0.

    Parameters
    ----------
    glow
        Shape (V,), 0..1: how strongly the trousers are tinted there.
    """
    posed = skeleton.skin(shape.model, shape.vertices)
    faces = shape.model.faces
    normals = vertex_normals(posed, faces)
    shirt, trousers, shoes, hair = _amounts(clothes)
    loose_m = clothes.loose_m
    layers = (
        ("top", shirt, loose_m, clothes.shirt, Material.CLOTH, 4),
        ("bottom", trousers, 0.004 + loose_m / 3, clothes.trousers, Material.CLOTH, 3),
        ("shoes", shoes, 0.008 if clothes.shod else 0.003, clothes.shoes, Material.SHOE, 2),
        ("hair", hair, 0.012, clothes.hair, Material.HAIR, 2),
    )
    covered = np.max([np.minimum(a, 1.0) for _, a, *_ in layers], axis=0)
    bare = np.asarray(0.003 - covered, np.float32)
    face = _face(clothes.skin, clothes.hair)
    meshes = [_cut("body", posed, face, faces, bare, Material.SKIN, 0)]
    for name, amount, off_m, colour, material, rounds in layers:
        rgb = np.tile(np.array(colour, np.float32), (len(posed), 1))
        if glow is not None and name == "bottom":
            share = _GLOW_STRENGTH * glow[:, None]
            rgb = (1 - share) * rgb + share * np.array(_GLOW, np.float32)
        raised = posed + np.float32(off_m) * normals
        meshes.append(_cut(name, raised, rgb, faces, amount, material, rounds))
    return tuple(meshes)


def _cut(
    name: str,
    vertices: NDArray[np.float32],
    rgb: NDArray[np.float32],
    faces: NDArray[np.int32],
    amount: NDArray[np.float32],
    material: Material,
    rounds: int,
) -> NamedMesh:
    """Return the part of a coloured mesh where an amount is positive, smoothed in rounds."""
    touched = faces[(amount[faces] > 0).any(axis=1)]
    used, compact = np.unique(touched, return_inverse=True)
    local = compact.reshape(-1, 3).astype(np.int32)
    # Smoothed before it is cut, for a hem without teeth.
    surface = smoothed(vertices[used], local, rounds)
    surface[:, 2] = np.maximum(surface[:, 2], 0.0)
    coloured = np.concatenate([surface, rgb[used]], axis=1).astype(np.float32)
    cut, cut_faces = clipped(coloured, local, amount[used])
    colours = np.clip(cut[:, 3:], 0, 255).astype(np.uint8)
    return NamedMesh(name, np.ascontiguousarray(cut[:, :3]), cut_faces, colours, material)
