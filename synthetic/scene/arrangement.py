"""One synthetic photograph as a set of drawn variables, and its meshes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.fitting import Figure, measure_figure
from synthetic.body.mesh import NamedMesh
from synthetic.body.model import Build, phenotype_of
from synthetic.body.person import Body, PelvicPoints, make_body
from synthetic.clothing.wardrobe import Dressed, Outfit, dress, skin_mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.pose import ArmPose, Stance
    from synthetic.clothing.garments import Fit
    from synthetic.clothing.palette import Colour
    from synthetic.scene.lighting import Exposure, Lighting


@dataclass(frozen=True, slots=True)
class BodyScene:
    """Every variable of one picture.

    ``dataclasses.replace`` changes one and leaves all others, noise included, as they are.

    Attributes
    ----------
    seed
        The number everything was drawn from; drives noise, folds and the background.
    tilt_deg
        Requested pelvic tilt; + = anterior.
    build, stance
        The body and how it stands.
    arms, arm_variation
        Where the arms are, and three numbers 0..1 within that kind.
    fit
        How closely clothes follow the body.
    outfit
        What is worn; its own ``fit`` is overruled by the scene's.
    skin_colour
        0..255.
    facing
        ``left`` or ``right``: the edge of the picture the person looks to.
    yaw_deg, roll_deg, pitch_deg, camera_height_m, camera_distance_m, fill, place
        As in :func:`synthetic.scene.camera.place_camera`.
    width_px, height_px
        Size of the picture.
    background, background_colour
        Kind of background and the colour of its wall or ground.
    lighting, exposure
        Lights, and what the camera does to the picture.
    """

    seed: int
    tilt_deg: float
    build: Build
    stance: Stance
    arms: ArmPose
    arm_variation: tuple[float, float, float]
    fit: Fit
    outfit: Outfit
    skin_colour: Colour
    facing: str
    yaw_deg: float
    roll_deg: float
    pitch_deg: float
    camera_height_m: float
    camera_distance_m: float
    fill: float
    place: tuple[float, float]
    width_px: int
    height_px: int
    background: str
    background_colour: Colour
    lighting: Lighting
    exposure: Exposure


@dataclass(frozen=True, slots=True)
class Person:
    """A dressed body standing on the ground, metres.

    Attributes
    ----------
    meshes
        Skin first, then garments, hair and shoes; ground at z = 0.
    pelvis
        The bony points in the same frame.
    belt_ring
        Shape (n, 3), or None, as in :class:`synthetic.clothing.wardrobe.Dressed`.
    shoulders, hips
        Shape (3,): half-way between the joints of both sides.
    body
        The body, before it was raised onto its soles.
    """

    meshes: tuple[NamedMesh, ...]
    pelvis: PelvicPoints
    belt_ring: NDArray[np.float64] | None
    shoulders: NDArray[np.float64]
    hips: NDArray[np.float64]
    body: Body


def _raised(mesh: NamedMesh, by_m: float) -> NamedMesh:
    lifted = mesh.vertices + np.array([0, 0, by_m], np.float32)
    return NamedMesh(mesh.name, lifted, mesh.faces, mesh.rgb, mesh.material)


def _assemble(scene: BodyScene, figure: Figure, dressed: Dressed) -> Person:
    skin = skin_mesh(figure, scene.skin_colour, scene.outfit.hair_colour, scene.seed)
    up = np.array([0.0, 0.0, dressed.sole_m])
    body = figure.body
    ring = dressed.belt_ring
    return Person(
        meshes=tuple(_raised(mesh, dressed.sole_m) for mesh in (skin, *dressed.meshes)),
        pelvis=PelvicPoints(body.pelvis.asis + up, body.pelvis.psis + up),
        belt_ring=None if ring is None else ring + up,
        shoulders=(body.joint("upperarm01.L") + body.joint("upperarm01.R")) / 2 + up,
        hips=(body.joint("upperleg01.L") + body.joint("upperleg01.R")) / 2 + up,
        body=body,
    )


@lru_cache(maxsize=2)
def build_person(scene: BodyScene) -> Person:
    """Return the dressed body of a scene."""
    phenotype, local = phenotype_of(scene.build)
    body = make_body(
        phenotype, local, scene.tilt_deg, scene.stance, scene.arms, scene.arm_variation
    )
    figure = measure_figure(body)
    return _assemble(scene, figure, dress(figure, replace(scene.outfit, fit=scene.fit)))


def build_meshes(scene: BodyScene) -> list[NamedMesh]:
    """Return the named meshes of a scene, independent of any renderer.

    The person stands on z = 0 with the pelvis above the origin; x is its left, y its back.
    """
    return list(build_person(scene).meshes)
