"""One synthetic photograph: its drawn variables, its person, its camera and its truth.

No renderer is needed.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from synthetic.body.fitting import measure_figure
from synthetic.body.person import Body, Bones, PelvicPoints, make_body
from synthetic.clothing.wardrobe import Outfit, dress, skin_mesh
from synthetic.scene.camera import PinholeCamera

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.mesh import NamedMesh
    from synthetic.body.model import Build, Flesh
    from synthetic.body.pose import ArmPose, Stance
    from synthetic.clothing.garments import Fit
    from synthetic.clothing.palette import Colour
    from synthetic.scene.lighting import Exposure, Lighting

Pixel = tuple[float, float]


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
    flesh, bones
        What nobody sees: how the skin follows the pelvis, and the pelvis's own shape. ``flesh``
        None is the usual one.
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
    yaw_deg
        How far the person's front is turned towards the camera; negative = away from it.
    roll_deg
        + = the camera is turned clockwise, so that the scene leans counter-clockwise.
    pitch_deg
        + = looking down.
    camera_height_m, camera_distance_m
        Of the lens: above the ground, and from the person.
    fill
        Share of the picture's height that the person takes.
    place
        Where the rest of the room goes: 0..1 of the free width at the left and of the free
        height at the top.
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
    flesh: Flesh | None = None
    bones: Bones = field(default_factory=Bones)


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
        Shape (n, 3), or None, as in :func:`synthetic.clothing.wardrobe.dress`.
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


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth behind one picture; pixels have x right, y down.

    Attributes
    ----------
    seed, facing, yaw_deg, roll_deg, pitch_deg, camera_height_m, camera_distance_m, width_px, \
height_px, background
        As in :class:`BodyScene`.
    tilt_deg
        Pelvic tilt of the mid-line ASIS to PSIS against gravity's horizontal in the sagittal
        plane, whatever the camera does; + = anterior.
    shape_deg
        The part of it that is the bones' own shape and shows nowhere.
    asis_px, psis_px
        The points of the side near the camera.
    mid_asis_px, mid_psis_px
        Half-way between left and right.
    belt_front_px, belt_back_px, belt_deg
        Where the upper edge of the bottom meets the silhouette, and the angle of the line
        between, roll undone, + = front lower; None when no edge shows.
    trunk_lean_deg, hip_sway_percent, knee_bend_deg, lordosis_deg, kyphosis_deg, \
head_forward_deg
        As drawn, see :class:`synthetic.body.pose.Stance`.
    arms, top, bottom, tuck, fit, hair, belted, shod, light
        Names of kinds.
    sex, age_years, stature_m, bmi, body_fat
        The body; ``body_fat`` runs from -1 (thin) to 1 (obese).
    focal_px, trunk_px
        The camera's focal length and the hip-to-shoulder span.
    """

    seed: int
    tilt_deg: float
    shape_deg: float
    facing: str
    yaw_deg: float
    roll_deg: float
    pitch_deg: float
    asis_px: Pixel
    psis_px: Pixel
    mid_asis_px: Pixel
    mid_psis_px: Pixel
    belt_front_px: Pixel | None
    belt_back_px: Pixel | None
    belt_deg: float | None
    trunk_lean_deg: float
    hip_sway_percent: float
    knee_bend_deg: float
    lordosis_deg: float
    kyphosis_deg: float
    head_forward_deg: float
    arms: str
    top: str
    bottom: str
    tuck: str
    fit: str
    hair: str
    belted: bool
    shod: bool
    sex: str
    age_years: float
    stature_m: float
    bmi: float
    body_fat: float
    camera_height_m: float
    camera_distance_m: float
    focal_px: float
    width_px: int
    height_px: int
    trunk_px: float
    background: str
    light: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; pixels become lists of two numbers."""
        plain = asdict(self)
        return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}


#: Several are at hand, since films show up to two people in more than one pose.
@lru_cache(maxsize=6)
def build_person(scene: BodyScene) -> Person:
    """Return the dressed body of a scene, independent of any renderer.

    The person stands on z = 0 with the pelvis above the origin; x is its left, y its back.
    """
    body = make_body(
        scene.build,
        scene.tilt_deg,
        scene.stance,
        scene.arms,
        scene.arm_variation,
        (scene.flesh, scene.bones),
    )
    figure = measure_figure(body)
    worn, ring = dress(figure, replace(scene.outfit, fit=scene.fit))
    skin = skin_mesh(figure, scene.skin_colour, scene.outfit.hair_colour, scene.seed)
    up = np.array([0.0, 0.0, scene.outfit.sole_m])
    return Person(
        meshes=tuple(
            replace(mesh, vertices=mesh.vertices + up.astype(np.float32)) for mesh in (skin, *worn)
        ),
        pelvis=PelvicPoints(body.pelvis.asis + up, body.pelvis.psis + up),
        belt_ring=None if ring is None else ring + up,
        shoulders=(body.joint("upperarm01.L") + body.joint("upperarm01.R")) / 2 + up,
        hips=(body.joint("upperleg01.L") + body.joint("upperleg01.R")) / 2 + up,
        body=body,
    )


def line_angle_deg(front_px: Pixel, back_px: Pixel, roll_deg: float) -> float:
    """Return the angle of a line back to front, + = front lower in the scene.

    Parameters
    ----------
    roll_deg
        Camera roll, + = clockwise, which is undone.
    """
    roll = math.radians(roll_deg)
    dx, dy = front_px[0] - back_px[0], front_px[1] - back_px[1]
    # The picture shows the scene turned counter-clockwise by the roll; turn it back.
    x = dx * math.cos(roll) - dy * math.sin(roll)
    y = dx * math.sin(roll) + dy * math.cos(roll)
    return math.degrees(math.atan2(y, abs(x)))


def standing_camera(scene: BodyScene) -> PinholeCamera:
    """Return the camera where and as it stands, its focal length 1 px, its axis at the corner."""
    yaw, pitch, roll = (math.radians(a) for a in (scene.yaw_deg, scene.pitch_deg, scene.roll_deg))
    # Whoever looks towards the left edge has the camera on their left.
    side = 1.0 if scene.facing == "left" else -1.0
    level = -np.array([side * math.cos(yaw), -math.sin(yaw), 0.0])
    position = -level * scene.camera_distance_m + np.array([0.0, 0.0, scene.camera_height_m])
    forward = level * math.cos(pitch) - np.array([0.0, 0.0, math.sin(pitch)])
    upright = level * math.sin(pitch) + np.array([0.0, 0.0, math.cos(pitch)])
    up = upright * math.cos(roll) + np.cross(forward, upright) * math.sin(roll)
    return PinholeCamera(position, forward, up, 1.0, (0.0, 0.0), scene.width_px, scene.height_px)


def extent_px(camera: PinholeCamera, person: Person) -> tuple[NDArray[np.float64], ...]:
    """Return the least and the largest x and y of a person in the picture, shape (2,) each."""
    pixels = camera.project(np.concatenate([mesh.vertices for mesh in person.meshes]))
    return pixels.min(0), pixels.max(0)


def scene_camera(scene: BodyScene, person: Person) -> PinholeCamera:
    """Return the camera of a scene, placed so that the whole person is in the picture.

    The picture is cropped around the person: the camera's axis may meet it anywhere.
    """
    size_px = scene.width_px, scene.height_px
    probe = standing_camera(scene)
    low, high = extent_px(probe, person)
    focal = min(
        scene.fill * scene.height_px / (high[1] - low[1]),
        0.94 * scene.width_px / (high[0] - low[0]),
    )
    centre = (np.array(size_px) - focal * (high - low)) * np.array(scene.place) - focal * low
    return replace(probe, focal_px=float(focal), centre_px=(float(centre[0]), float(centre[1])))


def _pixel(camera: PinholeCamera, point: NDArray[np.float64]) -> Pixel:
    x, y = camera.project(point[None])[0]
    return float(x), float(y)


def _belt_truth(
    scene: BodyScene, ring: NDArray[np.float64] | None, camera: PinholeCamera
) -> tuple[Pixel | None, Pixel | None, float | None]:
    """Return the front and back end of the waistband and the angle between, if it shows."""
    if ring is None:
        return None, None, None
    pixels = camera.project(ring)
    towards_front = pixels[:, 0] if scene.facing == "right" else -pixels[:, 0]
    first, last = pixels[towards_front.argmax()], pixels[towards_front.argmin()]
    front, back = (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))
    return front, back, line_angle_deg(front, back, scene.roll_deg)


def scene_truth(scene: BodyScene, person: Person, camera: PinholeCamera) -> Truth:
    """Return what is known about the picture that a camera takes of a person."""
    near = 0 if scene.facing == "left" else 1
    front, back, angle = _belt_truth(scene, person.belt_ring, camera)
    trunk = camera.project(np.stack([person.hips, person.shoulders]))
    body, stance, outfit = person.body, scene.stance, scene.outfit
    return Truth(
        seed=scene.seed,
        tilt_deg=person.pelvis.tilt_deg,
        shape_deg=scene.bones.shape_deg,
        facing=scene.facing,
        yaw_deg=scene.yaw_deg,
        roll_deg=scene.roll_deg,
        pitch_deg=scene.pitch_deg,
        asis_px=_pixel(camera, person.pelvis.asis[near]),
        psis_px=_pixel(camera, person.pelvis.psis[near]),
        mid_asis_px=_pixel(camera, person.pelvis.asis.mean(0)),
        mid_psis_px=_pixel(camera, person.pelvis.psis.mean(0)),
        belt_front_px=front,
        belt_back_px=back,
        belt_deg=angle,
        trunk_lean_deg=stance.trunk_lean_deg,
        hip_sway_percent=stance.hip_sway_percent,
        knee_bend_deg=stance.knee_bend_deg,
        lordosis_deg=stance.lordosis_deg,
        kyphosis_deg=stance.kyphosis_deg,
        head_forward_deg=stance.head_forward_deg,
        arms=scene.arms.value,
        top=outfit.top.value,
        bottom=outfit.bottom.value,
        tuck=outfit.tuck.value,
        fit=scene.fit.value,
        hair=outfit.hair.value,
        belted=outfit.belted,
        shod=outfit.shod,
        sex=scene.build.sex,
        age_years=scene.build.age_years,
        stature_m=body.height_m,
        bmi=body.bmi,
        body_fat=scene.build.fat,
        camera_height_m=scene.camera_height_m,
        camera_distance_m=scene.camera_distance_m,
        focal_px=camera.focal_px,
        width_px=scene.width_px,
        height_px=scene.height_px,
        trunk_px=float(np.hypot(*(trunk[1] - trunk[0]))),
        background=scene.background,
        light=scene.lighting.kind,
    )
