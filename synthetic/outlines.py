"""The part ``outlines`` of the data set: many bodies, without pictures.

A picture costs four times what its body costs. Training therefore begins on the bodies'
true outlines, seen by several cameras each and placed with the errors that the pose
estimator is known to make, and ends on pictures seen by the real estimator.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.dataset import FIRST_SEED, WIDE_PX, apparent_tilt_deg, wide_transform
from synthetic.drape import surface_points
from vision.result import Facing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.camera import Camera
    from synthetic.scene import Person, Scene

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


def views_of(scene: Scene, rng: np.random.Generator) -> list[Scene]:
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


def draw_outline(
    person: Person, camera: Camera, scene: Scene, tilt_deg: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the wide crop of a body's outline, placed as the pose estimator would.

    Returns
    -------
    numpy.ndarray
        Shape (``WIDE_PX``, ``WIDE_PX``), uint8, 255 = the person.
    """
    pelvis, hips, shoulders = camera.project(
        np.stack([person.pelvis.middle, person.hips, person.shoulders])
    )
    trunk_px = float(np.hypot(*(shoulders - hips)))
    forward, down, log_scale = rng.multivariate_normal(_HIP_MEAN, _HIP_COVARIANCE)
    forward += _HIP_PER_DEG * (tilt_deg - 10)
    facing = Facing(scene.facing)
    hip_px = pelvis + trunk_px * np.array([facing.front_sign * forward, down])
    matrix = wide_transform(hip_px, trunk_px * float(np.exp(log_scale)), facing)
    points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
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
    from synthetic.scene import build_person, sample_scene
    from synthetic.view import scene_camera, scene_truth

    wide, tilts, loose = [], [], []
    for number in range(first, first + count):
        own = sample_scene(FIRST_SEED["outlines"] + number)
        rng = np.random.default_rng([own.seed, 99])
        person = build_person(own)
        for scene in views_of(own, rng):
            camera = scene_camera(scene, person)
            truth = scene_truth(scene, person, camera).to_dict()
            wide.append(draw_outline(person, camera, scene, truth["tilt_deg"], rng))
            tilts.append(apparent_tilt_deg(truth))
            loose.append(truth["fit"] == "loose")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        np.savez_compressed(
            file, wide=np.array(wide), tilt_deg=np.array(tilts, np.float32), loose=np.array(loose)
        )
    unfinished.replace(path)


def load_outlines(
    folder: Path,
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """Return all finished outlines: crops, apparent tilt in deg, 1 where clothes are loose."""
    shards = [np.load(path) for path in sorted((folder / "outlines").glob("*.npz"))]
    if not shards:
        raise FileNotFoundError(f"No outlines in {folder}: run python -m synthetic.make first.")
    wide, tilt_deg, loose = (
        np.concatenate([shard[name] for shard in shards]) for name in ("wide", "tilt_deg", "loose")
    )
    return wide, tilt_deg, loose.astype(np.float32)
