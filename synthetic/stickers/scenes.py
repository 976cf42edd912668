"""Rendered pictures with stickers, and with things that could be taken for stickers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from synthetic.clothing.palette import Pattern
from synthetic.scene.arrangement import BodyScene, Person, build_person, scene_camera
from synthetic.scene.lighting import Lighting
from synthetic.scene.render import Rendered, render_person, stage
from synthetic.stickers.drawing import StickerLook, ball, centre_of, draw_look, place_stickers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.mesh import NamedMesh
    from synthetic.scene.camera import PinholeCamera

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


def render_case(scene: BodyScene, case: StickerCase) -> StickerPicture:
    """Render a scene with what the case puts into it; the scene's seed draws the rest."""
    look = draw_look(scene.seed)
    scene = _coloured_clothes(scene, case, look)
    person = build_person(scene)
    front, back = place_stickers(person, look, scene.facing)
    has_front = case in WITH_BOTH or (case is StickerCase.ONE and scene.seed % 2 == 0)
    has_back = case in WITH_BOTH or (case is StickerCase.ONE and scene.seed % 2 == 1)
    worn = (front,) * has_front + (back,) * has_back
    extra = _extras(scene, case, look, person, (front, back))
    camera = scene_camera(scene, person)
    whole = replace(person, meshes=(*person.meshes, *worn, *extra))
    (ax, ay), (px, py) = camera.project(np.stack([centre_of(front), centre_of(back)]))
    return StickerPicture(
        rendered=render_person(scene, whole, camera),
        look=look,
        asis_px=(float(ax), float(ay)),
        psis_px=(float(px), float(py)),
        asis_seen=_seen_share(front, whole, camera) if has_front else 0.0,
        psis_seen=_seen_share(back, whole, camera) if has_back else 0.0,
    )


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
    front, back = (centre_of(sticker) for sticker in stickers)
    middle = (front + back) / 2
    outwards = np.array([near, 0.0, 0.0])

    def on_side(ahead_m: float, up_m: float) -> NamedMesh:
        """Put a sticker on the near side of the body, so far ahead of and above the pelvis."""
        place = middle + np.array([0.0, -ahead_m, up_m])
        place[0] = near * _half_width_m(person, place, near)
        return ball(place, outwards, look.radius_m, 2 * look.radius_m, look.rgb)

    def behind(ahead_m: float, up_m: float, radius_m: float) -> NamedMesh:
        place = middle + np.array([-0.7 * near, -ahead_m, up_m])
        return ball(place, outwards, radius_m, 2 * radius_m, look.rgb)

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
    widest = 0.05
    for mesh in person.meshes:
        if mesh.name in {"body", "top", "bottom", "belt"}:
            close = (np.abs(mesh.vertices[:, 1:] - place[1:]) < 0.025).all(1)
            sideways = near * mesh.vertices[close, 0]
            widest = max(widest, float(sideways[sideways < 0.25].max(initial=0.0)))
    return widest


def _buckle(person: Person, middle: NDArray[np.float64], look: StickerLook) -> NamedMesh:
    """Return a round buckle on the mid-line of the belly."""
    forward = np.array([0.0, -1.0, 0.0])
    furthest = 0.0
    for mesh in person.meshes:
        if mesh.name in {"body", "top", "bottom", "belt"}:
            close = np.abs(mesh.vertices[:, [0, 2]] - (0.0, middle[2])) < (0.03, 0.02)
            furthest = min(furthest, float(mesh.vertices[close.all(1), 1].min(initial=0.0)))
    place = np.array([0.0, furthest - 0.004, middle[2]])
    return ball(place, forward, 0.025, 0.012, look.rgb)
