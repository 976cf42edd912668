"""One synthetic photograph as a set of drawn variables, and its meshes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from synthetic.body.fitting import measure_figure
from synthetic.body.person import Body, PelvicPoints, make_body
from synthetic.clothing.wardrobe import Outfit, dress, skin_mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.mesh import NamedMesh
    from synthetic.body.model import Build
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


#: Several are at hand, since films show up to two people in more than one pose.
@lru_cache(maxsize=6)
def build_person(scene: BodyScene) -> Person:
    """Return the dressed body of a scene, independent of any renderer.

    The person stands on z = 0 with the pelvis above the origin; x is its left, y its back.
    """
    body = make_body(scene.build, scene.tilt_deg, scene.stance, scene.arms, scene.arm_variation)
    figure = measure_figure(body)
    dressed = dress(figure, replace(scene.outfit, fit=scene.fit))
    skin = skin_mesh(figure, scene.skin_colour, scene.outfit.hair_colour, scene.seed)
    up = np.array([0.0, 0.0, dressed.sole_m])
    ring = dressed.belt_ring
    return Person(
        meshes=tuple(
            replace(mesh, vertices=mesh.vertices + up.astype(np.float32))
            for mesh in (skin, *dressed.meshes)
        ),
        pelvis=PelvicPoints(body.pelvis.asis + up, body.pelvis.psis + up),
        belt_ring=None if ring is None else ring + up,
        shoulders=(body.joint("upperarm01.L") + body.joint("upperarm01.R")) / 2 + up,
        hips=(body.joint("upperleg01.L") + body.joint("upperleg01.R")) / 2 + up,
        body=body,
    )
