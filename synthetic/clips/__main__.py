"""Render clips of people in motion: ``python -m synthetic.clips --out data/clips``.

Each becomes a film, and a JSON file beside it with what is true in it. A finished clip is
passed over, so that an interrupted run goes on where it stopped. Everybody breathes and sways
a little, the camera trembles by about a pixel, and every picture has a sensor noise of its
own. About five pictures a second on two cores.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from synthetic.clips.people import posed
from synthetic.clips.scripts import FPS, Clip, all_clips
from synthetic.scene.backgrounds import Background, paint_background
from synthetic.scene.film import trembled, write_film
from synthetic.scene.lighting import expose
from synthetic.scene.render import stage
from synthetic.scene.truth import scene_camera

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import Person
    from synthetic.scene.camera import PinholeCamera

#: Standard deviations: of the camera's tremble, and of what its automatic exposure does.
_JITTER_PX = 0.5
_FLICKER = 0.004
_QUALITY = 95.0
#: Clips of the tests: width in pixels that is kept, and seconds.
_SMALL = {
    "still_5": (560, 7.0),
    "turn_0": (600, 10.5),
    "second_person_0": (1280, 12.5),
    "arm_in_front_0": (520, 11.0),
    "walk_through_0": (1280, 6.5),
    "squeeze_2": (520, 33.5),
}


def frames(clip: Clip, *, trembles: bool = True) -> Iterator[NDArray[np.uint8]]:
    """Yield a clip's pictures, shape (height, width, 3), red, green, blue.

    Parameters
    ----------
    clip
        What to render.
    trembles
        Whether camera and exposure waver.
    """
    scene = clip.scenes[0]
    random = np.random.default_rng([scene.seed, 5])
    camera = _camera(clip)
    behind = _behind(clip, camera)
    gain = scene.exposure.gain
    for index in range(round(clip.seconds * FPS)):
        t_s = index / FPS
        people = [
            posed(other, pose, t_s)
            for other, pose in zip(clip.scenes, clip.poses(t_s), strict=True)
        ]
        meshes = tuple(mesh for one in people for mesh in one.meshes)
        rgba = stage().draw(meshes, camera, scene.lighting).astype(np.float32)
        picture = rgba[..., :3] + (1 - rgba[..., 3:] / 255) * behind
        moved = trembled(picture, random, _JITTER_PX * trembles)
        flicker = gain * (1 + float(random.normal(0, _FLICKER)) * trembles)
        yield expose(moved, replace(scene.exposure, gain=flicker), random)


def truth(clip: Clip) -> dict[str, object]:
    """Return what is true in a clip."""
    scene = clip.scenes[0]
    usual = _usual(clip)
    return {
        "name": clip.name,
        "kind": clip.kind.value,
        "tilt_deg": round(usual.pelvis.tilt_deg, 2),
        "facing": scene.facing,
        "fit": scene.fit.value,
        "right_from_s": clip.right_from_s,
        "change_deg": clip.change_deg,
        "fps": FPS,
        "seconds": clip.seconds,
    }


def write_clip(clip: Clip, folder: Path) -> Path:
    """Render a clip into a folder, whole or not at all."""
    path = folder / f"{clip.name}.avi"
    if path.exists():
        return path
    return write_film(path, frames(clip), truth(clip), FPS, _QUALITY)


def write_small(clip: Clip, folder: Path, width_px: int, seconds: float) -> Path:
    """Render a clip's beginning into a file small enough to be kept with the tests.

    Noise and tremble do not pack; whoever reads the film adds them.
    """
    scenes = tuple(
        replace(scene, exposure=replace(scene.exposure, noise=0.0)) for scene in clip.scenes
    )
    quiet = replace(clip, scenes=scenes, seconds=seconds)
    left = (clip.scenes[0].width_px - width_px) // 2
    pictures = (
        np.ascontiguousarray(rgb[:, left : left + width_px])
        for rgb in frames(quiet, trembles=False)
    )
    return write_film(folder / f"{clip.name}.mp4", pictures, truth(quiet), FPS, _QUALITY)


def _usual(clip: Clip) -> Person:
    """Return the first person as they stand when nothing is wrong."""
    scene = clip.scenes[0]
    pose = replace(clip.poses(0.0)[0], tilt_deg=scene.tilt_deg, yaw_deg=0.0, fists_up=1.0)
    return posed(scene, replace(pose, ahead_m=0.0, nearer_m=0.0, stride_m=0.0), 0.0)


def _camera(clip: Clip) -> PinholeCamera:
    return scene_camera(clip.scenes[0], _usual(clip))


def _behind(clip: Clip, camera: PinholeCamera) -> NDArray[np.float32]:
    """Return the room, which stays as it is; the floor's shadow is left out."""
    scene = clip.scenes[0]
    random = np.random.default_rng([scene.seed, 77])
    kind = Background(scene.background)
    return np.asarray(
        paint_background(kind, scene.background_colour, camera, scene.roll_deg, random), np.float32
    )


def main() -> None:
    """Render what is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/clips"))
    parser.add_argument("--only", default="", help="names that begin so")
    parser.add_argument("--small", action="store_true", help="only those of the tests, small")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for clip in all_clips():
        if arguments.small:
            if clip.name in _SMALL:
                print(write_small(clip, arguments.out, *_SMALL[clip.name]), flush=True)
            continue
        if clip.name.startswith(arguments.only):
            print(write_clip(clip, arguments.out), flush=True)


if __name__ == "__main__":
    main()
