"""What Blender's pictures show that plain bodies lack: faces, waistbands, soles, fabrics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.fitting import regions
from synthetic.body.mesh import Material, NamedMesh, clipped, grid_faces
from synthetic.body.model import load_body_model
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.wardrobe import Bottom, Top, Tuck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person


@dataclass(frozen=True, slots=True)
class Fabric:
    """How cloth looks close up; see :func:`synthetic.blender.materials.cloth`."""

    crease_m: float
    weave_m: float
    sheen: float
    roughness: float
    wear: float


@dataclass(frozen=True, slots=True)
class Strands:
    """How hair grows from its surface.

    Attributes
    ----------
    length_m
        Of each strand.
    lift
        0..1: how much it stands off instead of lying.
    fall
        0..1: how much it lies downwards instead of backwards.
    rgb
        0..1, sRGB.
    """

    length_m: float
    lift: float
    fall: float
    rgb: tuple[float, float, float]


_FABRICS: dict[str, Fabric] = {
    Bottom.JEANS: Fabric(0.0030, 0.0030, 0.05, 0.85, 0.8),
    Bottom.LEGGINGS: Fabric(0.0008, 0.0, 0.15, 0.55, 0.1),
    Bottom.TIGHT_SHORTS: Fabric(0.0008, 0.0, 0.15, 0.55, 0.1),
    Bottom.BRIEFS: Fabric(0.0006, 0.0, 0.1, 0.6, 0.1),
    Bottom.SWEATPANTS: Fabric(0.0040, 0.0025, 0.35, 0.95, 0.25),
    Top.SPORTS_BRA: Fabric(0.0006, 0.0, 0.15, 0.55, 0.1),
    Top.SWIMSUIT: Fabric(0.0004, 0.0, 0.1, 0.45, 0.1),
    Top.SWEATER: Fabric(0.0035, 0.0050, 0.5, 0.95, 0.3),
    Top.HOODIE: Fabric(0.0040, 0.0025, 0.35, 0.95, 0.25),
}
_COTTON = Fabric(0.0030, 0.0020, 0.2, 0.85, 0.15)
#: Length, lift, fall.
_STRANDS = {
    Hair.SHORT: (0.022, 0.35, 0.35),
    Hair.BOB: (0.06, 0.06, 0.9),
    Hair.LONG: (0.09, 0.05, 0.95),
    Hair.PONYTAIL: (0.030, 0.04, 0.2),
    Hair.BUN: (0.026, 0.04, 0.15),
}
_WAISTBAND_M = 0.032
#: How far a tucked top reaches under the waistband: too little to poke through it.
_UNDER_BAND_M = 0.003
#: A shoe's rings from toe to heel, and the points around each.
_SLICES = 36
_AROUND = 40
_SOLE_M = 0.024
_SOLE_EDGE_M = 0.004


def fabric_of(scene: BodyScene, garment: str) -> Fabric:
    """Return the fabric of a garment, ``top`` or ``bottom``."""
    kind = scene.outfit.top if garment == "top" else scene.outfit.bottom
    fabric = _FABRICS.get(kind, _COTTON)
    return replace(fabric, crease_m=0.4 * fabric.crease_m) if scene.fit is Fit.TIGHT else fabric


def strands_of(scene: BodyScene, piece: int) -> Strands | None:
    """Return how the hair grows; None under a cap.

    Parameters
    ----------
    piece
        0 for the scalp, 1 for a bun, a tail or what falls over the neck.
    """
    if scene.outfit.hair not in _STRANDS:
        return None
    length, lift, fall = _STRANDS[scene.outfit.hair]
    if piece > 0 and scene.outfit.hair is Hair.PONYTAIL:
        length, fall = 0.05, 0.97
    elif piece > 0 and scene.outfit.hair is Hair.BUN:
        length, lift = 0.010, 0.2
    elif piece == 0 and scene.outfit.hair in {Hair.BOB, Hair.LONG}:
        length, fall = 0.03, 0.75
    red, green, blue = (min(c / 255, 1.0) for c in scene.outfit.hair_colour)
    return Strands(length * (0.7 + 0.6 * scene.outfit.hair_volume), lift, fall, (red, green, blue))


def _soft(distance: NDArray[np.floating], edge: float) -> NDArray[np.float32]:
    """Return 1 well inside (negative distance), 0 outside, over a soft edge."""
    inside: NDArray[np.float32] = np.clip(0.5 - distance / edge, 0.0, 1.0).astype(np.float32)
    return inside


def _tinted(
    rgb: NDArray[np.float32], share: NDArray[np.float32], colour: tuple[float, float, float]
) -> NDArray[np.float32]:
    mixed = (1 - share)[:, None] * rgb + share[:, None] * np.array(colour, np.float32)
    return mixed.astype(np.float32)


def _with_face(mesh: NamedMesh, scene: BodyScene) -> NamedMesh:
    """Return the skin with brows, lips, flushed cheeks and, on men, a shaven beard."""
    rest = regions().rest
    across, front, high = np.abs(rest[:, 0]), rest[:, 1], rest[:, 2]
    head = regions().head > 0.5
    rgb = mesh.rgb.astype(np.float32)
    plain = rgb.copy()
    skin = tuple(scene.skin_colour)
    cheek = np.sqrt((across - 0.045) ** 2 + (high - 0.655) ** 2)
    flush = (_soft(cheek - 0.02, 0.03) * head)[:, None]
    rgb *= 1 - flush * np.array([0.0, 0.09, 0.08], np.float32)
    if scene.build.sex == "male":
        jaw = _soft(high - 0.642, 0.02) * _soft(0.585 - high, 0.02) * _soft(front + 0.075, 0.03)
        rgb = _tinted(rgb, 0.16 * jaw * head, (60, 55, 55))
    lips = _soft(across + 70 * (high - 0.631) ** 2 - 0.024, 0.008)
    lips *= _soft(np.abs(high - 0.630) - 0.010, 0.004) * _soft(front + 0.137, 0.006)
    lips *= head
    red = (0.78 * skin[0], 0.58 * skin[1], 0.56 * skin[2])
    rgb = _tinted(rgb, (0.75 if scene.build.sex == "female" else 0.45) * lips, red)
    arch = 0.7215 + 0.12 * (across - 0.012) - 30 * np.maximum(across - 0.036, 0) ** 2
    brow = _soft(np.abs(high - arch) - 0.0016, 0.004) * _soft(np.abs(across - 0.031) - 0.02, 0.006)
    hair = tuple(0.7 * c for c in scene.outfit.hair_colour)
    rgb = _tinted(rgb, 0.6 * brow * head * _soft(front + 0.1, 0.02), (hair[0], hair[1], hair[2]))
    model = load_body_model()
    eyes = model.weights[: len(rgb), [model.bones["eye.L"], model.bones["eye.R"]]].sum(1) > 0.5
    rgb[eyes] = plain[eyes]
    return replace(mesh, rgb=np.clip(rgb, 0, 255).astype(np.uint8))


def _with_waistband(mesh: NamedMesh, ring: NDArray[np.floating]) -> NamedMesh:
    slope, height = np.polyfit(ring[:, 1], ring[:, 2], 1)
    below = height + slope * mesh.vertices[:, 1] - mesh.vertices[:, 2]
    band = _soft(below.astype(np.float32) - _WAISTBAND_M, 0.012)
    rgb = mesh.rgb * (1 - 0.22 * band[:, None])
    return replace(mesh, rgb=rgb.astype(np.uint8))


def _without_feet(mesh: NamedMesh, top_m: float) -> NamedMesh:
    """Leave out the skin inside the shoes."""
    hidden = (regions().foot > 0.3) & (mesh.vertices[:, 2] < top_m - 0.012)
    return replace(mesh, faces=mesh.faces[~hidden[mesh.faces].all(1)])


def _tucked(mesh: NamedMesh, ring: NDArray[np.floating]) -> NamedMesh:
    """Return a tucked top that ends at the waistband, which lies over it."""
    slope, height = np.polyfit(ring[:, 1], ring[:, 2], 1)
    above = mesh.vertices[:, 2] - height - slope * mesh.vertices[:, 1] + _UNDER_BAND_M
    both = np.concatenate([mesh.vertices, mesh.rgb.astype(np.float32)], axis=1)
    kept, faces = clipped(both, mesh.faces, above.astype(np.float32))
    rgb = np.clip(kept[:, 3:], 0, 255).astype(np.uint8)
    return NamedMesh(mesh.name, np.ascontiguousarray(kept[:, :3]), faces, rgb, mesh.material)


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


def _lofted_shoes(shoes: NamedMesh) -> list[NamedMesh]:
    """Return two smooth shoes with soles in place of foot-shaped ones, so that no toes show."""
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


def finished_meshes(scene: BodyScene, person: Person) -> list[NamedMesh]:
    """Return a person's meshes as Blender draws them: coloured, shod, tucked in."""
    finished: list[NamedMesh] = []
    ring = person.belt_ring
    shoes = [mesh for mesh in person.meshes if mesh.name == "shoes"]
    for mesh in person.meshes:
        if mesh.name == "body":
            body = _with_face(mesh, scene)
            top_m = float(shoes[0].vertices[:, 2].max()) if shoes else -1.0
            finished.append(_without_feet(body, top_m))
        elif mesh.name == "bottom" and ring is not None:
            finished.append(_with_waistband(mesh, ring))
        elif mesh.name == "top" and scene.outfit.tuck is Tuck.TUCKED and ring is not None:
            finished.append(_tucked(mesh, ring))
        elif mesh.name == "shoes":
            finished += _lofted_shoes(mesh)
        else:
            finished.append(mesh)
    return finished
