"""Draw photographic pictures of scenes with Blender: ``python -m synthetic.blender``.

A picture that is there already is kept.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.progress import track

from synthetic.blender.studio import (
    ROOMS,
    Blender,
    BlenderError,
    Studio,
    blender,
    develop,
    write_jpeg,
)
from synthetic.scene.arrangement import BodyScene, build_person, scene_camera, scene_truth
from synthetic.scene.sampling import judging_scene

_LARGEST_PX = 800


def quick_scene(seed: int) -> tuple[BodyScene, Studio]:
    """Return a scene for judging at no more than 800 pixels, and a drawn room for it."""
    scene = judging_scene(seed)
    shrink = min(1.0, _LARGEST_PX / max(scene.width_px, scene.height_px))
    scene = replace(
        scene, width_px=round(scene.width_px * shrink), height_px=round(scene.height_px * shrink)
    )
    rng = np.random.default_rng([seed, 9])
    room = str(rng.choice(ROOMS))
    return scene, Studio(room, seed, samples=3, exposure=float(rng.normal(0.0, 0.3)))


def draw_scene(worker: Blender, seed: int, folder: Path) -> None:
    """Draw one random scene and write its picture and truth, which comes last."""
    scene, studio = quick_scene(seed)
    person = build_person(scene)
    camera = scene_camera(scene, person)
    truth = scene_truth(scene, person, camera)
    rgb = worker.draw(scene, studio, camera)
    rgb = develop(rgb, scene.exposure.noise, seed)
    kept = {**truth.to_dict(), "background": f"blender_{studio.room}", "light": "blender"}
    write_jpeg(folder / f"{seed:08d}.jpg", rgb, scene.exposure.jpeg_quality)
    (folder / f"{seed:08d}.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs=2, required=True, metavar=("FIRST", "END"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--python", help="a Python that has bpy")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    # A picture without its truth is drawn again.
    missing = [
        seed
        for seed in range(*arguments.seeds)
        if not (arguments.out / f"{seed:08d}.json").exists()
    ]
    try:
        with blender(arguments.python) as worker:
            for seed in track(missing, description="Blender pictures"):
                draw_scene(worker, seed, arguments.out)
    except BlenderError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
