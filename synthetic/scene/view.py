"""The camera of a scene and the truth about the picture it takes; no renderer needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthetic.scene.camera import PinholeCamera, place_camera
from synthetic.scene.truth import Pixel, Truth, line_angle_deg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person


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
