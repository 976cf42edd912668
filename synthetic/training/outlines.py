"""The part ``outlines`` of the data set: many bodies, without pictures.

A picture costs several times what its body costs. So most of training goes through the
bodies' true outlines, seen by several cameras each and placed with the errors that the pose
estimator is known to make; pictures seen by the real estimator are mixed in.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from synthetic.body.drape import surface_points
from synthetic.training.dataset import (
    FIRST_SEED,
    WIDE_PX,
    Lesson,
    columns_of,
    lesson_of,
    wide_transform,
)
from vision.result import Facing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person
    from synthetic.scene.camera import PinholeCamera

#: Cameras that see each body: the scene's own, and others drawn like it.
VIEWS = 2
#: Where MediaPipe puts the hips against the middle of the pelvis, (forward, down) in trunk
#: lengths, and the log of its trunk length over the true one: mean and spread, measured on
#: 3,000 rendered bodies. It takes thighs for hips and the trunk for longer by turns.
_HIP_MEAN = np.array([0.019, 0.221, 0.096])
_HIP_COVARIANCE = np.array(
    [
        [0.00199, 0.00046, 0.00028],
        [0.00046, 0.00464, 0.00317],
        [0.00028, 0.00317, 0.00321],
    ]
)
#: How the first of these moves with the tilt, trunk lengths per deg from 10 deg.
_HIP_PER_DEG = -0.0026
#: Drawn at this many times the crop's size, then averaged.
_FINER = 2


def views_of(scene: BodyScene, rng: np.random.Generator) -> list[BodyScene]:
    """Return the scene and copies of it seen by other cameras."""
    others = [
        replace(
            scene,
            yaw_deg=float(np.clip(rng.normal(0.0, 6.0), -15, 15)),
            roll_deg=float(np.clip(rng.normal(0.0, 0.8), -3, 3)),
            camera_height_m=float(np.clip(rng.normal(1.08, 0.25), 0.5, 1.8)),
            camera_distance_m=float(rng.uniform(1.8, 4.5)),
        )
        for _ in range(VIEWS - 1)
    ]
    return [scene, *others]


def place_crop(
    person: Person,
    camera: PinholeCamera,
    scene: BodyScene,
    tilt_deg: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the 2x3 matrix of a wide crop, placed as the pose estimator would place it."""
    pelvis, hips, shoulders = camera.project(
        np.stack([person.pelvis.middle, person.hips, person.shoulders])
    )
    trunk_px = float(np.hypot(*(shoulders - hips)))
    forward, down, log_scale = rng.multivariate_normal(_HIP_MEAN, _HIP_COVARIANCE)
    forward += _HIP_PER_DEG * (tilt_deg - 10)
    facing = Facing(scene.facing)
    hip_px = pelvis + trunk_px * np.array([facing.front_sign * forward, down])
    return wide_transform(hip_px, trunk_px * float(np.exp(log_scale)), facing)


def draw_outline(
    points: NDArray[np.float32], camera: PinholeCamera, matrix: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Return a body's outline in the wide crop.

    Parameters
    ----------
    points
        Shape (n, 3), m: close together on all that is seen.
    camera
        Who looks.
    matrix
        From picture pixels to the wide crop.

    Returns
    -------
    numpy.ndarray
        Shape (``WIDE_PX``, ``WIDE_PX``), uint8, 255 = the person.
    """
    pixels = camera.project(points) @ matrix[:, :2].T + matrix[:, 2]
    x, y = np.floor((pixels + 0.5) * _FINER).astype(np.int32).T
    inside = (x >= 0) & (x < WIDE_PX * _FINER) & (y >= 0) & (y < WIDE_PX * _FINER)
    drawn = np.zeros((WIDE_PX * _FINER, WIDE_PX * _FINER), np.uint8)
    drawn[y[inside], x[inside]] = 255
    # Points lie close but not gapless.
    closed = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outer, _ = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(closed, [c for c in outer if cv2.contourArea(c) < 60], -1, 255, -1)
    small = cv2.resize(filled, (WIDE_PX, WIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), np.uint8)


def make_outlines(path: Path, first: int, count: int) -> None:
    """Make one shard of bodies, each seen by several cameras."""
    from synthetic.scene.arrangement import build_person, scene_camera, scene_truth
    from synthetic.scene.sampling import sample_scene

    wide: list[NDArray[np.uint8]] = []
    lessons: list[Lesson] = []
    for number in range(first, first + count):
        own = sample_scene(FIRST_SEED["outlines"] + number)
        rng = np.random.default_rng([own.seed, 99])
        person = build_person(own)
        points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
        for scene in views_of(own, rng):
            camera = scene_camera(scene, person)
            truth = scene_truth(scene, person, camera).to_dict()
            matrix = place_crop(person, camera, scene, truth["tilt_deg"], rng)
            wide.append(draw_outline(points, camera, matrix))
            lessons.append(lesson_of(truth, matrix))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        columns: dict[str, Any] = {"wide": np.array(wide), **columns_of(lessons)}
        np.savez_compressed(file, **columns)
    unfinished.replace(path)


def load_outlines(folder: Path) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.float32]]]:
    """Return all finished outlines: crops, and the columns of their lessons."""
    paths = sorted((folder / "outlines").glob("*.npz"))
    if not paths:
        raise FileNotFoundError(
            f"No outlines in {folder}: run python -m synthetic.training.make first."
        )
    names = [field.name for field in fields(Lesson)]
    parts: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
    for path in paths:
        with np.load(path) as shard:
            for name in names:
                parts[name].append(shard[name])
    columns = {name: np.concatenate(parts[name]) for name in names}
    # Gigabytes in all: filled in place, never there twice.
    wide = np.empty((len(columns["tilt_deg"]), WIDE_PX, WIDE_PX), np.uint8)
    filled = 0
    for path in paths:
        with np.load(path) as shard:
            crops = shard["wide"]
        wide[filled : filled + len(crops)] = crops
        filled += len(crops)
    return wide, columns
