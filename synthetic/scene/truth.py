"""The camera of a scene and what is known about the picture it takes; no renderer needed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from synthetic.scene.camera import PinholeCamera, place_camera

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person

Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth behind one picture; pixels have x right, y down.

    Attributes
    ----------
    seed
        Of the scene.
    tilt_deg
        Pelvic tilt of the mid-line ASIS to PSIS against gravity's horizontal in the sagittal
        plane, whatever the camera does; + = anterior.
    rest_tilt_deg
        The same on the unposed body: its bone shape.
    facing
        ``left`` or ``right``: the edge of the picture the person looks to.
    yaw_deg
        + = the front is turned towards the camera, - = away.
    roll_deg
        + = the camera was turned clockwise; the scene leans counter-clockwise.
    pitch_deg
        + = the camera looks down.
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
    arms, top, bottom, tuck, fit, hair, belted, shod
        Names of kinds.
    sex, age_years, stature_m, bmi, body_fat
        The body; ``body_fat`` runs from -1 (thin) to 1 (obese).
    camera_height_m, camera_distance_m, focal_px
        The camera.
    width_px, height_px, trunk_px
        The picture's size and the hip-to-shoulder span.
    background, light
        Names of kinds.
    """

    seed: int
    tilt_deg: float
    rest_tilt_deg: float
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


def scene_camera(scene: BodyScene, person: Person) -> PinholeCamera:
    """Return the camera of a scene, placed so that the whole person is in the picture."""
    points = np.concatenate([mesh.vertices for mesh in person.meshes])
    return place_camera(
        points,
        facing_left=scene.facing == "left",
        yaw_deg=scene.yaw_deg,
        roll_deg=scene.roll_deg,
        pitch_deg=scene.pitch_deg,
        height_m=scene.camera_height_m,
        distance_m=scene.camera_distance_m,
        fill=scene.fill,
        place=scene.place,
        width_px=scene.width_px,
        height_px=scene.height_px,
    )


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
        rest_tilt_deg=body.rest_tilt_deg,
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
