"""Make the sample pictures and their truth: ``python -m synthetic.samples``.

Pictures that are there already are kept; ``truth.csv`` is written anew.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import track

from synthetic.blender.studio import Blender, BlenderError, blender, develop, write_jpeg
from synthetic.samples.people import SAMPLES
from synthetic.scene.arrangement import Person, build_person
from synthetic.scene.truth import scene_camera, scene_truth

if TYPE_CHECKING:
    from synthetic.samples.person import SamplePerson
    from synthetic.scene.camera import PinholeCamera
    from synthetic.scene.truth import Pixel

COLUMNS = (
    "file",
    "expected",
    "facing",
    "tilt_deg",
    "belt_line_deg",
    "asis_x_px",
    "asis_y_px",
    "psis_x_px",
    "psis_y_px",
    "belt_front_x_px",
    "belt_front_y_px",
    "belt_back_x_px",
    "belt_back_y_px",
    "yaw_deg",
    "roll_deg",
    "fit",
    "top",
    "bottom",
    "arms",
)
_JPEG_QUALITY = 90


def sample_camera(sample: SamplePerson, person: Person) -> PinholeCamera:
    """Return the camera of a sample; a cut one is zoomed until the thighs leave the picture."""
    camera = scene_camera(sample.scene, person)
    if not sample.cut_at_thigh:
        return camera
    points = np.concatenate([mesh.vertices for mesh in person.meshes])
    highest = points[points[:, 2].argmax()]
    hip, knee = person.hips, person.body.joint("lowerleg01.L")
    thigh = hip + 0.55 * (knee - hip)
    top, low = (float(y) for y in camera.project(np.stack([highest, thigh]))[:, 1])
    zoom = 0.95 * camera.height_px / (low - top)
    x, y = camera.centre_px
    middle = float(camera.project(hip[None])[0, 0])
    centre = (
        camera.width_px / 2 + zoom * (x - middle),
        camera.height_px + zoom * (y - low),
    )
    return replace(camera, focal_px=camera.focal_px * zoom, centre_px=centre)


def _point(point: Pixel | None) -> tuple[str, str]:
    return ("", "") if point is None else (f"{point[0]:.1f}", f"{point[1]:.1f}")


def truth_row(sample: SamplePerson) -> dict[str, str]:
    """Return a sample's line of ``truth.csv``.

    A frontal view has no facing, and none of its points can be read as a side view's.
    """
    scene = sample.scene
    person = build_person(scene)
    truth = scene_truth(scene, person, sample_camera(sample, person))
    side_on = sample.expected != "not_side_on"
    angle = truth.belt_deg if side_on else None
    values = (
        f"{sample.name}.jpg",
        sample.expected,
        truth.facing if side_on else "",
        f"{round(truth.tilt_deg, 2) + 0.0:.2f}",
        "" if angle is None else f"{angle:.2f}",
        *_point(truth.asis_px if side_on else None),
        *_point(truth.psis_px if side_on else None),
        *_point(truth.belt_front_px if side_on else None),
        *_point(truth.belt_back_px if side_on else None),
        f"{truth.yaw_deg:.1f}",
        f"{truth.roll_deg:.1f}",
        truth.fit,
        truth.top,
        truth.bottom,
        truth.arms,
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_truth(path: Path) -> None:
    """Write ``truth.csv``: one line for each sample picture."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for sample in SAMPLES:
            writer.writerow(truth_row(sample))


def draw_sample(worker: Blender, sample: SamplePerson, folder: Path) -> None:
    """Draw one sample picture."""
    scene = sample.scene
    camera = sample_camera(sample, build_person(scene))
    rgb = develop(worker.draw(scene, sample.studio, camera), scene.exposure.noise, scene.seed)
    write_jpeg(folder / f"{sample.name}.jpg", rgb, _JPEG_QUALITY)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("sample_images"))
    parser.add_argument("--only", nargs="+", help="names of samples to draw again")
    parser.add_argument("--python", help="a Python that has bpy")
    arguments = parser.parse_args()
    chosen = arguments.only or []
    unknown = set(chosen) - {sample.name for sample in SAMPLES}
    if unknown:
        parser.error(f"no sample is called {', '.join(sorted(unknown))}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_truth(arguments.out / "truth.csv")
    missing = [
        sample
        for sample in SAMPLES
        if sample.name in chosen or not (chosen or (arguments.out / f"{sample.name}.jpg").exists())
    ]
    try:
        with blender(arguments.python) as worker:
            for sample in track(missing, description="Sample pictures"):
                draw_sample(worker, sample, arguments.out)
    except BlenderError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
