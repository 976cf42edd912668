"""Pictures as a phone takes them: whole, of known focal length, from any height, in rooms.

The scenes of :mod:`synthetic.scene.sampling` are crops in which the camera's axis may lie
anywhere. Here it meets the picture's middle, as it does until somebody crops it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from synthetic.scene.arrangement import extent_px, standing_camera
from synthetic.scene.camera import make_view
from synthetic.scene.lighting import expose
from synthetic.scene.rooms import paint_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person
    from synthetic.scene.camera import PinholeCamera
    from synthetic.scene.render import Rendered
    from synthetic.scene.rooms import Room

#: Diagonal of 35 mm film, mm.
FILM_DIAGONAL_MM = math.hypot(36.0, 24.0)
#: Focal lengths as on 35 mm film, mm, and heights of the lens above the ground, m.
FOCAL_RANGE_MM, HEIGHT_RANGE_M = (24.0, 50.0), (0.4, 1.8)
#: Nobody photographs a whole person from nearer.
_NEAREST_M = 1.3
#: Shares of the picture's height: that a person takes, at least left free, and how far
#: from the middle somebody who aims at a person puts them (standard deviation).
_FILL_RANGE, _MARGIN, _AIM_SD = (0.55, 0.9), 0.02, 0.06
#: What is meant to be held level is so to this.
_LEVEL_SD_DEG = 2.0
_SIZES_PX = ((960, 1280), (960, 1280), (960, 1280), (720, 1280), (1280, 960))


@dataclass(frozen=True, slots=True)
class Phone:
    """How a picture was taken.

    Attributes
    ----------
    scene
        With the phone's height, distance, pitch and picture size.
    camera
        Its axis meets the picture's middle.
    focal_mm
        As on 35 mm film of the same diagonal.
    """

    scene: BodyScene
    camera: PinholeCamera
    focal_mm: float


def hold_phone(scene: BodyScene, person: Person) -> Phone:
    """Draw how somebody takes a picture of a person, by the scene's seed.

    The phone is held level, aimed at the person or anything between, as far as the whole
    person is inside the picture.
    """
    rng = np.random.default_rng([scene.seed, 61])
    focal_mm, height_m = (float(rng.uniform(*r)) for r in (FOCAL_RANGE_MM, HEIGHT_RANGE_M))
    width_px, height_px = _SIZES_PX[int(rng.integers(len(_SIZES_PX)))]
    focal_px = focal_mm / FILM_DIAGONAL_MM * math.hypot(width_px, height_px)
    stature_m = float(np.ptp(np.concatenate([mesh.vertices[:, 2] for mesh in person.meshes])))
    away_m = stature_m * focal_px / (float(rng.uniform(*_FILL_RANGE)) * height_px)
    scene = replace(
        scene,
        width_px=width_px,
        height_px=height_px,
        camera_height_m=height_m,
        camera_distance_m=max(_NEAREST_M, away_m),
    )
    aimed_px, aiming = float(rng.normal(0, _AIM_SD)) * height_px, float(rng.uniform())
    level_deg, across = float(rng.normal(0, _LEVEL_SD_DEG)), float(rng.normal(0, 0.08))
    for _ in range(20):
        scene = _aimed(scene, person, focal_px, level_deg, aimed_px, aiming)
        camera = _camera(scene, person, focal_px, across)
        low, high = extent_px(camera, person)
        if (high - low < (1 - 2 * _MARGIN) * np.array([width_px, height_px])).all():
            break
        scene = replace(scene, camera_distance_m=1.05 * scene.camera_distance_m)
    return Phone(scene, camera, focal_mm)


def _camera(scene: BodyScene, person: Person, focal_px: float, across: float) -> PinholeCamera:
    """Return the camera, stepped aside so that the person stands a share of the width off."""
    width_px = scene.width_px
    camera = replace(
        standing_camera(scene),
        focal_px=focal_px,
        centre_px=(width_px / 2, scene.height_px / 2),
    )
    right = np.cross(camera.forward, camera.up) * [1, 1, 0]
    low, high = extent_px(camera, person)
    free_px = max(0.0, (1 - 2 * _MARGIN) * width_px - (high[0] - low[0])) / 2
    wanted_px = float(np.clip(across * width_px, -free_px, free_px))
    step_px = (low[0] + high[0]) / 2 - width_px / 2 - wanted_px
    step_m = step_px * scene.camera_distance_m / focal_px
    return replace(camera, position=camera.position + step_m * right)


def _aimed(
    scene: BodyScene,
    person: Person,
    focal_px: float,
    level_deg: float,
    aimed_px: float,
    aiming: float,
) -> BodyScene:
    """Return the scene with the phone pitched: 0 = held level, 1 = aimed at the person."""
    pitch_deg = scene.pitch_deg
    for _ in range(4):
        camera = replace(
            standing_camera(replace(scene, pitch_deg=pitch_deg)),
            focal_px=focal_px,
            centre_px=(scene.width_px / 2, scene.height_px / 2),
        )
        low, high = extent_px(camera, person)
        off_px = (low[1] + high[1]) / 2 - scene.height_px / 2
        free_px = max(0.0, (1 - 2 * _MARGIN) * scene.height_px - (high[1] - low[1])) / 2
        per_deg = focal_px * math.radians(1.0)
        aimed_deg = pitch_deg + (off_px - aimed_px) / per_deg
        wanted_deg = aiming * aimed_deg + (1 - aiming) * level_deg
        at_px = off_px - (wanted_deg - pitch_deg) * per_deg
        pitch_deg += (off_px - float(np.clip(at_px, -free_px, free_px))) / per_deg
    return replace(scene, pitch_deg=pitch_deg)


def in_room(person: Rendered, phone: Phone, room: Room) -> NDArray[np.uint8]:
    """Return a picture of a rendered person in a painted room, both seen by one camera."""
    scene = phone.scene
    rng = np.random.default_rng([scene.seed, 62])
    view = make_view(
        scene.width_px,
        scene.height_px,
        roll_deg=scene.roll_deg,
        pitch_deg=scene.pitch_deg,
        height_m=scene.camera_height_m,
        focal_sides=phone.camera.focal_px / max(scene.width_px, scene.height_px),
    )
    behind, _ = paint_room(room, view, rng)
    return laid_over(person, behind, scene, rng)


def laid_over(
    person: Rendered,
    behind: NDArray[np.float32],
    scene: BodyScene,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return the picture of a rendered person before something else, as a camera takes it."""
    cover = person.silhouette[..., None]
    together = (cover * person.rgb + (1 - cover) * behind).astype(np.float32)
    return expose(together, replace(scene.exposure, gain=1.0, gamma=1.0), rng)
