"""Rendered pictures of people with coloured stickers on their bony points, and with decoys.

A sticker lies on the clothing where the normal of the skin over the bone comes out of it.
The one at the front is a ball or a disc; the one at the back is always a ball, and it is
raised off the skin until half of it stands out behind the back, as a person must do for it
to be seen from the side.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.mesh import Material, NamedMesh, grid_faces, vertex_normals
from synthetic.body.person import ASIS_VERTICES, ASIS_WEIGHTS, PSIS_VERTICES, PSIS_WEIGHTS
from synthetic.clothing.palette import Pattern
from synthetic.scene.arrangement import BodyScene, Person, build_person, scene_camera
from synthetic.scene.lighting import Lighting
from synthetic.scene.render import Rendered, render_person, stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from synthetic.scene.camera import PinholeCamera

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

_EVEN_LIGHT = Lighting("even", (), 1.0)


class StickerCase(StrEnum):
    """What is in the picture."""

    BOTH = "both stickers"
    NONE = "no stickers"
    ONE = "one sticker"
    THREE = "both, and a third on the flank"
    TOP = "both, top of that colour"
    BOTTOM = "both, bottom of that colour"
    CLOTHES_ALONE = "none, clothes of that colour"
    BUCKLE = "both, and a buckle of that colour"
    BUCKLE_ALONE = "none, a buckle and a button"
    BEHIND = "both, and a round thing behind"
    BEHIND_ALONE = "none, two round things behind"
    ELSEWHERE = "two, on the thigh and the ribs"
    SOMEBODY = "two, on a person further off"
    MIRROR = "both, and a reflection"


#: Cases with a sticker on each of the two points, and nothing else that could be one.
CLEAR = frozenset({StickerCase.BOTH, StickerCase.TOP, StickerCase.BOTTOM, StickerCase.BEHIND})
#: Cases with a sticker on each of the two points.
WITH_BOTH = CLEAR | {StickerCase.THREE, StickerCase.BUCKLE, StickerCase.MIRROR}


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


@dataclass(frozen=True, slots=True)
class StickerPicture:
    """A rendered picture with what is known about its stickers.

    Attributes
    ----------
    rendered
        The picture, the silhouette of everything in front of the background, the truth.
    look
        Of the stickers, whether there are any or not.
    asis_px, psis_px
        Where the centres of the stickers are or would be, x right, y down.
    asis_seen, psis_seen
        Share of each sticker that nothing hides, 0..1; 0 where there is none.
    """

    rendered: Rendered
    look: StickerLook
    asis_px: tuple[float, float]
    psis_px: tuple[float, float]
    asis_seen: float
    psis_seen: float


def render_case(
    scene: BodyScene,
    case: StickerCase,
    camera_of: Callable[[BodyScene, Person], PinholeCamera] = scene_camera,
) -> StickerPicture:
    """Render a scene with what the case puts into it; the scene's seed draws the rest."""
    look = _draw_look(scene.seed)
    scene = _coloured_clothes(scene, case, look)
    person = build_person(scene)
    front, back = _place_stickers(person, look, scene.facing)
    has_front = case in WITH_BOTH or (case is StickerCase.ONE and scene.seed % 2 == 0)
    has_back = case in WITH_BOTH or (case is StickerCase.ONE and scene.seed % 2 == 1)
    worn = (front,) * has_front + (back,) * has_back
    extra = _extras(scene, case, look, person, (front, back))
    camera = camera_of(scene, person)
    whole = replace(person, meshes=(*person.meshes, *worn, *extra))
    (ax, ay), (px, py) = camera.project(np.stack([_centre_of(front), _centre_of(back)]))
    return StickerPicture(
        rendered=render_person(scene, whole, camera),
        look=look,
        asis_px=(float(ax), float(ay)),
        psis_px=(float(px), float(py)),
        asis_seen=_seen_share(front, whole, camera) if has_front else 0.0,
        psis_seen=_seen_share(back, whole, camera) if has_back else 0.0,
    )


def _draw_look(seed: int) -> StickerLook:
    """Draw colour, size and form from one number."""
    rng = np.random.default_rng([seed, 91])
    name = str(rng.choice(list(COLOURS)))
    hue, saturation, value = (float(rng.uniform(*limits)) for limits in COLOURS[name])
    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(hue / 360, saturation, value))
    return StickerLook(name, (r, g, b), float(rng.uniform(*_RADIUS_M)), bool(rng.uniform() < 0.5))


def _ball(
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
    skin: NamedMesh, triangle: NDArray[np.intp], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    normals = vertex_normals(skin.vertices, skin.faces)[triangle]
    normal = weights @ normals.astype(np.float64)
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


def _surface_near(
    person: Person, axes: list[int], place: NDArray[np.float64], within_m: tuple[float, float]
) -> NDArray[np.float32]:
    """Return points of skin and cloth that lie near a place along two axes, shape (n, 3)."""
    worn = [m.vertices for m in person.meshes if m.name in {"body", "top", "bottom", "belt"}]
    points = np.concatenate(worn)
    return points[(np.abs(points[:, axes] - place[axes]) < within_m).all(1)]


def _place_stickers(person: Person, look: StickerLook, facing: str) -> tuple[NamedMesh, NamedMesh]:
    """Return the stickers on the ASIS and the PSIS of the side near the camera."""
    side = 0 if facing == "left" else 1
    skin = person.meshes[0]
    asis = person.pelvis.asis[side]
    normal = _normal_over(skin, ASIS_VERTICES[side], ASIS_WEIGHTS[side])
    thickness = _DISC_THICKNESS_M if look.flat_front else 2 * look.radius_m
    lift = _cloth_above_m(person, asis, normal) + thickness / 2
    front = _ball(asis + lift * normal, normal, look.radius_m, thickness, look.rgb)

    psis = person.pelvis.psis[side]
    normal = _normal_over(skin, PSIS_VERTICES[side], PSIS_WEIGHTS[side])
    lift = _cloth_above_m(person, psis, normal) + look.radius_m
    # How far back the back reaches around the point; arms are further out.
    edge_m = float(_surface_near(person, [0, 2], psis, (0.09, 0.02))[:, 1].max(initial=-np.inf))
    hidden = edge_m - (psis + lift * normal)[1]
    lift += min(max(hidden / max(normal[1], 0.3), 0.0), _STEM_MAX_M)
    back = _ball(psis + lift * normal, normal, look.radius_m, 2 * look.radius_m, look.rgb)
    return front, back


def _centre_of(mesh: NamedMesh) -> NDArray[np.float64]:
    """Return the middle of a sticker, shape (3,), m."""
    return np.asarray(mesh.vertices.astype(np.float64).mean(0))


def _seen_share(sticker: NamedMesh, person: Person, camera: PinholeCamera) -> float:
    """Return which share of a sticker is not hidden by anything else."""
    white = replace(sticker, rgb=np.full_like(sticker.rgb, 255))
    others = [mesh for mesh in person.meshes if mesh is not sticker]
    black = tuple(replace(mesh, rgb=np.zeros_like(mesh.rgb)) for mesh in others)
    seen, whole = (
        float(stage().draw(meshes, camera, _EVEN_LIGHT)[..., 0].sum(dtype=np.float64))
        for meshes in ((white, *black), (white,))
    )
    return seen / max(whole, 1.0)


def _coloured_clothes(scene: BodyScene, case: StickerCase, look: StickerLook) -> BodyScene:
    """Return the scene with clothes of the stickers' very colour where the case says so."""
    r, g, b = look.rgb
    colours = ((float(r), float(g), float(b)),) * 2
    outfit = scene.outfit
    if case in {StickerCase.TOP, StickerCase.CLOTHES_ALONE}:
        outfit = replace(outfit, top_colours=colours, patterns=(Pattern.PLAIN, outfit.patterns[1]))
    if case in {StickerCase.BOTTOM, StickerCase.CLOTHES_ALONE}:
        outfit = replace(
            outfit, bottom_colours=colours, patterns=(outfit.patterns[0], Pattern.PLAIN)
        )
    return replace(scene, outfit=outfit)


def _extras(
    scene: BodyScene,
    case: StickerCase,
    look: StickerLook,
    person: Person,
    stickers: tuple[NamedMesh, NamedMesh],
) -> tuple[NamedMesh, ...]:
    """Return what could be taken for a sticker; person's axes: x left, y back, z up."""
    rng = np.random.default_rng([scene.seed, 92])
    near = 1.0 if scene.facing == "left" else -1.0
    front, back = (_centre_of(sticker) for sticker in stickers)
    middle = (front + back) / 2
    outwards = np.array([near, 0.0, 0.0])

    def on_side(ahead_m: float, up_m: float) -> NamedMesh:
        """Put a sticker on the near side of the body, so far ahead of and above the pelvis."""
        place = middle + np.array([0.0, -ahead_m, up_m])
        place[0] = near * _half_width_m(person, place, near)
        return _ball(place, outwards, look.radius_m, 2 * look.radius_m, look.rgb)

    def behind(ahead_m: float, up_m: float, radius_m: float) -> NamedMesh:
        place = middle + np.array([-0.7 * near, -ahead_m, up_m])
        return _ball(place, outwards, radius_m, 2 * radius_m, look.rgb)

    if case is StickerCase.THREE:
        return (on_side(rng.uniform(-0.03, 0.03), rng.uniform(-0.06, 0.06)),)
    if case in {StickerCase.BUCKLE, StickerCase.BUCKLE_ALONE}:
        buckle = _buckle(person, middle, look)
        return (buckle,) if case is StickerCase.BUCKLE else (buckle, on_side(0.02, 0.1))
    if case in {StickerCase.BEHIND, StickerCase.BEHIND_ALONE}:
        first = behind(rng.uniform(0.2, 0.5), rng.uniform(-0.2, 0.2), rng.uniform(0.015, 0.05))
        second = behind(rng.uniform(-0.5, -0.2), rng.uniform(-0.2, 0.2), rng.uniform(0.015, 0.05))
        return (first,) if case is StickerCase.BEHIND else (first, second)
    if case is StickerCase.ELSEWHERE:
        return on_side(0.02, -rng.uniform(0.18, 0.3)), on_side(0.0, rng.uniform(0.18, 0.3))
    if case in {StickerCase.SOMEBODY, StickerCase.MIRROR}:
        shift = np.array([-1.2 * near, rng.choice([-1.0, 1.0]) * rng.uniform(0.6, 0.8), 0.0])
        turn = np.array([-1.0 if case is StickerCase.MIRROR else 1.0, 1.0, 1.0])
        return tuple(
            replace(mesh, vertices=(mesh.vertices * turn + shift).astype(np.float32))
            for mesh in (*person.meshes, *stickers)
        )
    return ()


def _half_width_m(person: Person, place: NDArray[np.float64], near: float) -> float:
    """Return how far the near side of the trunk is from the middle at a place."""
    sideways = near * _surface_near(person, [1, 2], place, (0.025, 0.025))[:, 0]
    return max(0.05, float(sideways[sideways < 0.25].max(initial=0.0)))


def _buckle(person: Person, middle: NDArray[np.float64], look: StickerLook) -> NamedMesh:
    """Return a round buckle on the mid-line of the belly."""
    place = np.array([0.0, 0.0, middle[2]])
    front = _surface_near(person, [0, 2], place, (0.03, 0.02))
    place[1] = float(front[:, 1].min(initial=0.0)) - 0.004
    return _ball(place, np.array([0.0, -1.0, 0.0]), 0.025, 0.012, look.rgb)
