"""Render the pictures of the exercises: ``python -m synthetic.exercises.art``.

Each exercise becomes a few JPEG files that are shown forward and backward, and an entry in
``index.json``. The muscle that works is tinted while it works.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from app.history.diary import ExerciseId
from synthetic.body.fitting import regions
from synthetic.body.model import Build
from synthetic.exercises.limbs import Shape, shape_of
from synthetic.exercises.people import Clothes, dressed
from synthetic.exercises.pose import (
    Bridge,
    SideLying,
    bridge_skeleton,
    resting_hip_deg,
    side_skeleton,
    standing_skeleton,
)
from synthetic.exercises.view import CameraPlace, camera_at, floor_light, lay_mat
from synthetic.scene.lighting import Lamp, Lighting
from synthetic.scene.render import stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from synthetic.body.pose import Skeleton

_SIZE_PX = (640, 400)
#: Rendered larger and shrunk, for smooth edges.
_LARGER = 2
_QUALITY = 88
#: Pictures from start to top; shown there and back.
_STEPS = 7
_STEP_MS, _START_MS, _TOP_MS = 120, 900, 1800
_PAPER, _MAT = (238.0, 241.0, 244.0), (196.0, 208.0, 222.0)
_LIGHT = Lighting(
    "soft",
    (
        Lamp((-0.35, 0.80, 0.49), 0.62, (1.0, 0.98, 0.95)),
        Lamp((0.70, 0.35, 0.62), 0.26, (0.95, 0.98, 1.0)),
    ),
    0.44,
)
_WEAR = Clothes(
    skin=(219.0, 172.0, 143.0),
    hair=(74.0, 56.0, 46.0),
    shirt=(72.0, 150.0, 156.0),
    trousers=(84.0, 98.0, 138.0),
    shoes=(250.0, 250.0, 250.0),
    sleeve=0.55,
    loose_m=0.009,
    shod=False,
)
_BUILD = Build(sex="female", stature_m=1.70, muscle=0.62, fat=-0.12, buttocks=0.25)
#: Where the big and the middle gluteal muscle of the left side are on the default body, and
#: how far each spreads, m.
_BIG, _BIG_M = np.array([0.105, 0.085, -0.02]), 0.095
_MIDDLE, _MIDDLE_M = np.array([0.160, 0.010, 0.035]), 0.080


@dataclass(frozen=True, slots=True, eq=False)
class Art:
    """How one exercise is drawn.

    Attributes
    ----------
    movement
        The skeleton at a share of the way from start to top, 0..1.
    muscles
        Shape (V,), 0..1: what is tinted at the top.
    place
        The camera; room and mat are drawn plain.
    alt
        What there is to be seen, for those who cannot.
    mat_m
        Half width and half length of the mat; None for none.
    """

    movement: Callable[[float], Skeleton]
    muscles: NDArray[np.float32]
    place: CameraPlace
    alt: str
    mat_m: tuple[float, float] | None = (0.36, 0.90)


def _spot(centre: NDArray[np.float64], spread_m: float, side: float) -> NDArray[np.float32]:
    gap = regions().rest - centre * np.array([side, 1.0, 1.0])
    return np.asarray(np.exp(-(((gap**2).sum(axis=1) / spread_m**2) ** 1.5)), np.float32)


def gluteal(left: float, right: float, middle: float = 0.35) -> NDArray[np.float32]:
    """Return how strongly the gluteal muscles of both sides are tinted, shape (V,), 0..1.

    Parameters
    ----------
    middle
        Share of the middle muscle, at the side of the hip.
    """
    total = np.zeros(len(regions().rest), np.float32)
    for side, amount in ((1.0, left), (-1.0, right)):
        total += amount * _spot(_BIG, _BIG_M, side)
        total += amount * middle * _spot(_MIDDLE, _MIDDLE_M, side)
    return np.clip(total, 0.0, 1.0)


def _place(azimuth_deg: float, height_m: float, aim: tuple[float, float, float], field_deg: float,
           middle: tuple[float, float] = (0.0, -0.45)) -> CameraPlace:  # fmt: skip
    return CameraPlace(
        azimuth_deg,
        4.2,
        height_m,
        aim=aim,
        field_deg=field_deg,
        width_px=_SIZE_PX[0] * _LARGER,
        height_px=_SIZE_PX[1] * _LARGER,
        mat_middle=middle,
    )


def all_art(shape: Shape) -> dict[ExerciseId, Art]:
    """Return how each exercise is drawn with a body."""
    rest_deg = resting_hip_deg(shape, 104.0)

    def bridge(share: float, free: str | None) -> Skeleton:
        return bridge_skeleton(shape, Bridge(rest_deg + (180.0 - rest_deg) * share, 104.0, free))

    return {
        ExerciseId.GLUTE_SQUEEZE: Art(
            lambda share: standing_skeleton(shape, -5.0 * share),
            gluteal(1.0, 1.0, 0.2),
            _place(62.0, 1.35, (0.0, 0.0, 1.08), 30.0, (0.0, 0.0)),
            "Somebody stands upright, seen from behind, and tightens both buttocks.",
            None,
        ),
        ExerciseId.GLUTE_BRIDGE: Art(
            lambda share: bridge(share, None),
            gluteal(1.0, 1.0),
            _place(-14.0, 1.15, (0.0, -0.44, 0.22), 24.5),
            "Somebody lies on their back with bent knees and feet on the floor, and lifts "
            "the hips until shoulders, hips and knees are in line.",
        ),
        ExerciseId.SINGLE_LEG_BRIDGE: Art(
            lambda share: bridge(share, "R"),
            gluteal(1.0, 0.0),
            _place(-14.0, 1.15, (0.0, -0.48, 0.27), 25.5),
            "Somebody lies on their back with one foot on the floor and the other leg "
            "stretched out, lifts the hips and holds them up.",
        ),
        ExerciseId.LEG_LIFT: Art(
            lambda share: side_skeleton(shape, SideLying(-8.0 + 42.0 * share, "L", -4.0)),
            gluteal(0.8, 0.0, 1.2),
            _place(192.0, 1.7, (0.0, -0.33, 0.30), 28.5, (0.0, -0.48)),
            "Somebody lies on their side with straight legs and lifts the upper leg.",
        ),
    }


def _paper(art: Art) -> NDArray[np.float32]:
    """Return the plain ground, with a mat, shape (height, width, 3)."""
    ground = np.full((art.place.height_px, art.place.width_px, 3), _PAPER, np.float32)
    if art.mat_m is not None:
        lay_mat(ground, art.place, art.mat_m, _MAT)
    return ground


def draw(shape: Shape, art: Art, share: float) -> NDArray[np.uint8]:
    """Return one picture, shape (400, 640, 3), red, green, blue.

    Parameters
    ----------
    share
        How far the movement is, 0..1.
    """
    camera = camera_at(art.place)
    glow = art.muscles * np.float32(share)
    meshes = dressed(shape, art.movement(share), _WEAR, glow)
    rgba = stage().draw(meshes, camera, _LIGHT).astype(np.float32)
    shade = 1 - 0.55 * (1 - floor_light(meshes, camera, _LIGHT))
    picture = rgba[..., :3] + (1 - rgba[..., 3:] / 255) * _paper(art) * shade[..., None]
    small = cv2.resize(picture, _SIZE_PX, interpolation=cv2.INTER_AREA)
    return np.clip(small, 0, 255).astype(np.uint8)


def write_art(folder: Path) -> None:
    """Render everything into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = shape_of(_BUILD)
    index = {}
    for exercise, art in all_art(shape).items():
        names = []
        for step in range(_STEPS):
            share = step / (_STEPS - 1)
            rgb = draw(shape, art, share * share * (3 - 2 * share))
            names.append(f"{exercise.value}_{step:02d}.jpg")
            settings = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
            cv2.imwrite(str(folder / names[-1]), np.ascontiguousarray(rgb[..., ::-1]), settings)
        way_ms = [_STEP_MS] * (_STEPS - 2)
        index[exercise.value] = {
            "frames": names + names[-2:0:-1],
            "ms": [_START_MS, *way_ms, _TOP_MS, *way_ms],
            "start": 0,
            "top": _STEPS - 1,
            "alt": art.alt,
        }
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def main() -> None:
    """Render all pictures anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("app/assets/exercises"))
    write_art(parser.parse_args().out)


if __name__ == "__main__":
    main()
