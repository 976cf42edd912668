"""A camera on the floor or on furniture, the room around it, and a picture of somebody there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.scene.backgrounds import Background, paint_background
from synthetic.scene.camera import PinholeCamera
from synthetic.scene.lighting import Lamp, Lighting
from synthetic.scene.render import stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.body.mesh import NamedMesh
    from synthetic.clothing.palette import Colour

#: Half width and length of a mat, m, along the body.
_MAT_M = (0.33, 0.95)
_SHADOW_STEP = 4


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where the camera is, and what it has in front of it.

    Attributes
    ----------
    azimuth_deg
        Where the camera stands around the person: 0 on the side of +x, 90 towards +y.
    distance_m, height_m
        From the middle of the body, and above the floor.
    roll_deg
        + = the camera is turned clockwise.
    aim
        The point looked at.
    field_deg
        Width of the picture as an angle.
    width_px, height_px
        Size of the picture.
    background, background_colour, mat_colour
        The room, its wall, and a mat on the floor; None for no mat.
    mat_middle
        Where the middle of the mat is, x and y.
    seed
        For the room.
    """

    azimuth_deg: float
    distance_m: float
    height_m: float
    roll_deg: float = 0.0
    aim: tuple[float, float, float] = (0.0, -0.45, 0.25)
    field_deg: float = 52.0
    width_px: int = 768
    height_px: int = 480
    background: str = Background.ROOM.value
    background_colour: Colour = (205.0, 206.0, 208.0)
    mat_colour: Colour | None = (70.0, 96.0, 140.0)
    mat_middle: tuple[float, float] = (0.0, -0.45)
    seed: int = 0


def camera_at(place: CameraPlace) -> PinholeCamera:
    """Return the camera of a place."""
    azimuth, roll = math.radians(place.azimuth_deg), math.radians(place.roll_deg)
    aim = np.array(place.aim)
    away = np.array([math.cos(azimuth), math.sin(azimuth), 0.0]) * place.distance_m
    position = np.array([aim[0] + away[0], aim[1] + away[1], place.height_m])
    forward = (aim - position) / np.linalg.norm(aim - position)
    level = np.cross(forward, np.array([0.0, 0.0, 1.0]))
    level /= np.linalg.norm(level)
    return PinholeCamera(
        position=position,
        forward=forward,
        up=np.cross(level, forward) * math.cos(roll) + level * math.sin(roll),
        focal_px=place.width_px / 2 / math.tan(math.radians(place.field_deg / 2)),
        centre_px=(place.width_px / 2, place.height_px / 2),
        width_px=place.width_px,
        height_px=place.height_px,
    )


def usual_light(random: np.random.Generator) -> Lighting:
    """Draw a lamp or window from above, and what comes back from the walls."""
    side = float(random.choice([-1.0, 1.0]) * random.uniform(0.2, 0.8))
    raw = np.array([side, random.uniform(0.7, 1.1), random.uniform(0.3, 0.9)])
    x, y, z = (raw / np.linalg.norm(raw)).tolist()
    warm = float(random.uniform(0.9, 1.0))
    main = Lamp((x, y, z), 0.75, (1.0, (1 + warm) / 2, warm))
    return Lighting("soft", (main, Lamp((-side, 0.3, 0.9), 0.25, (1.0, 1.0, 1.0))), 0.42)


def room(place: CameraPlace, camera: PinholeCamera) -> NDArray[np.float32]:
    """Return the picture without anybody in it, shape (height, width, 3), 0..255."""
    random = np.random.default_rng([place.seed, 77])
    picture = paint_background(
        Background(place.background), place.background_colour, camera, place.roll_deg, random
    )
    if place.mat_colour is not None:
        lay_mat(picture, place, _MAT_M, place.mat_colour)
    return np.asarray(picture, np.float32)


def lay_mat(
    picture: NDArray[np.float32], place: CameraPlace, half_m: tuple[float, float], colour: Colour
) -> None:
    """Paint a mat of a half width and length onto the floor of a picture."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half_m + place.mat_middle
    pixels = camera_at(place).project(np.column_stack([corners, np.zeros(4)]))
    cv2.fillPoly(picture, [np.round(pixels).astype(np.int32)], colour, cv2.LINE_AA)


def floor_light(
    meshes: tuple[NamedMesh, ...], camera: PinholeCamera, lighting: Lighting
) -> NDArray[np.float32]:
    """Return how much light reaches each pixel of the floor, shape (height, width), 0..1."""
    size = (camera.width_px // _SHADOW_STEP, camera.height_px // _SHADOW_STEP)
    x, y, z = lighting.lamps[0].direction
    right = np.cross(camera.forward, camera.up)
    towards = right * x + camera.up * y - camera.forward * z
    points = np.concatenate([mesh.vertices for mesh in meshes]).astype(np.float64)
    thrown = points - towards * (points[:, 2] / max(float(towards[2]), 0.25))[:, None]
    thrown[:, 2] = 0.0
    beneath = points[points[:, 2] < 0.06] * (1, 1, 0)
    shade = np.zeros(size[::-1], np.float32)
    for spots, depth, blur_px in ((thrown, 0.33, 2.0), (beneath, 0.5, 1.2)):
        layer = np.zeros(size[::-1], np.float32)
        at = np.round(camera.project(spots) / _SHADOW_STEP).astype(int)
        inside = ((at >= 0) & (at < size)).all(axis=1)
        layer[at[inside, 1], at[inside, 0]] = 1
        closed = cv2.morphologyEx(layer, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        soft = cv2.GaussianBlur(closed, (0, 0), blur_px)
        shade = np.maximum(shade, np.float32(depth) * soft.astype(np.float32))
    return 1 - cv2.resize(shade, (camera.width_px, camera.height_px)).astype(np.float32)


def picture_of(
    meshes: tuple[NamedMesh, ...],
    behind: NDArray[np.float32],
    camera: PinholeCamera,
    lighting: Lighting,
) -> NDArray[np.float32]:
    """Return a picture, shape (height, width, 3), 0..255, before the camera exposes it."""
    rgba = stage().draw(meshes, camera, lighting).astype(np.float32)
    lit = behind * floor_light(meshes, camera, lighting)[..., None]
    return np.asarray(rgba[..., :3] + (1 - rgba[..., 3:] / 255) * lit, np.float32)
