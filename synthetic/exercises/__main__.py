"""Render clips of exercises: ``python -m synthetic.exercises --out data/exercise_clips``.

Each becomes a film, and a JSON file beside it with what is true in it. A finished clip is
passed over, so that an interrupted run goes on where it stopped. Everybody breathes, the
camera trembles by about a pixel, and every picture has a sensor noise of its own.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.exercises.clip import FPS
from synthetic.exercises.people import dressed
from synthetic.exercises.scripts import all_clips
from synthetic.exercises.view import camera_at, picture_of, room
from synthetic.scene.film import trembled, write_film
from synthetic.scene.lighting import Exposure, expose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from synthetic.exercises.clip import ExerciseClip
    from synthetic.exercises.limbs import Shape

_JITTER_PX = 0.4
_FLICKER = 0.004
_QUALITY = 92.0
_EXPOSURE = Exposure(1.0, 1.0, (1.0, 1.0, 1.0), 0.12, 0.5, 2.5, 100)
_BREATH_HZ, _BREATH_M = 0.25, 0.005
#: Clips of the tests, and their width in pixels.
_SMALL = {
    "bridge_3": 512,
    "bridge_half_0": 512,
    "bridge_arched_0": 512,
    "lift_front_0": 512,
    "other_sit_ups_2": 512,
}


def breathing(shape: Shape, t_s: float) -> Shape:
    """Return a body whose chest and belly have moved forward with a breath."""
    model = shape.model
    bones = [model.bones[bone] for bone in ("spine03", "spine02", "spine01")]
    front = np.clip(-shape.vertices[:, 1] / 0.1, 0.0, 1.0) * model.weights[:, bones].sum(1)
    vertices = shape.vertices.copy()
    vertices[:, 1] -= np.float32(_BREATH_M * math.sin(2 * math.pi * _BREATH_HZ * t_s)) * front
    return replace(shape, vertices=vertices)


def frames(clip: ExerciseClip, *, trembles: bool = True) -> Iterator[NDArray[np.uint8]]:
    """Yield a clip's pictures, shape (height, width, 3), red, green, blue.

    Parameters
    ----------
    clip
        What to render.
    trembles
        Whether camera and exposure waver, and the sensor is noisy.
    """
    who = clip.performer
    random = np.random.default_rng([who.seed, 5])
    camera = camera_at(who.place)
    behind = room(who.place, camera)
    for index in range(round(clip.seconds * FPS)):
        t_s = index / FPS
        meshes = dressed(breathing(who.shape, t_s), clip.movement(t_s), who.clothes)
        picture = picture_of(meshes, behind, camera, who.light)
        moved = trembled(picture, random, _JITTER_PX * trembles)
        gain = 1 + float(random.normal(0, _FLICKER)) * trembles
        exposure = replace(_EXPOSURE, gain=gain, noise=_EXPOSURE.noise * trembles)
        yield expose(moved, exposure, random)


def truth(clip: ExerciseClip) -> dict[str, object]:
    """Return what is true in a clip."""
    return {
        "name": clip.name,
        "exercise": clip.exercise.value,
        "kind": clip.kind,
        "view": clip.view,
        "repetitions": clip.repetitions,
        "faults": [fault.value for fault in clip.faults],
        "holds_s": list(clip.holds_s),
        "side": None if clip.side is None else clip.side.value,
        "fps": FPS,
        "seconds": clip.seconds,
    }


def write_clip(clip: ExerciseClip, folder: Path) -> Path:
    """Render a clip into a folder, unless it is there."""
    path = folder / f"{clip.name}.avi"
    if path.exists():
        return path
    return write_film(path, frames(clip), truth(clip), FPS, _QUALITY)


def write_small(clip: ExerciseClip, folder: Path, width_px: int) -> Path:
    """Render a clip into a file small enough to be kept with the tests.

    Noise and tremble do not pack, so they are left out.
    """
    place = clip.performer.place
    size_px = width_px, round(place.height_px * width_px / place.width_px / 2) * 2
    pictures = (
        np.asarray(cv2.resize(rgb, size_px, interpolation=cv2.INTER_AREA), np.uint8)
        for rgb in frames(clip, trembles=False)
    )
    return write_film(folder / f"{clip.name}.mp4", pictures, truth(clip), FPS, _QUALITY)


def main() -> None:
    """Render what is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/exercise_clips"))
    parser.add_argument("--only", default="", help="names that begin so")
    parser.add_argument("--small", action="store_true", help="only those of the tests, small")
    parser.add_argument("--cast", type=int, default=0, help="other bodies, rooms and cameras")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for clip in all_clips(arguments.cast):
        if arguments.small:
            if clip.name in _SMALL:
                print(write_small(clip, arguments.out, _SMALL[clip.name]), flush=True)
        elif clip.name.startswith(arguments.only):
            print(write_clip(clip, arguments.out), flush=True)


if __name__ == "__main__":
    main()
