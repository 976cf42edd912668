"""Make the training, calibration and test pictures: ``python -m synthetic.training.make``.

Each body is rendered, run through the real pose estimator and cropped as the pipeline
crops. A picture costs several times what its body costs, so most of training goes through
the part ``outlines``: the bodies' true outlines, seen by several cameras each and placed with
the errors that the pose estimator is known to make. Finished shards are kept, so that an
interrupted run goes on where it stopped, and a run with a larger count only adds. A seed
stands for one scene, whoever renders it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from synthetic.body.drape import surface_points
from synthetic.scene.arrangement import build_person, scene_camera, scene_truth
from synthetic.scene.render import render
from synthetic.scene.sampling import judging_scene, sample_scene, seen_anew, stood_anew
from synthetic.training.dataset import (
    CHANGES_DEG,
    FIRST_SEED,
    JUDGING,
    SHARD_BODIES,
    SHOTS_A_DAY,
    SWEEP_TILTS_DEG,
    WIDE_PX,
    WITH_PICTURES,
    YAW_RANGE_DEG,
    Sample,
    jpeg_of,
    lessons_of,
    outline_tilt_deg,
    save_shard,
    whole_file,
    wide_crops,
    wide_transform,
)
from vision.pose.mediapipe import shared_estimator
from vision.result import Facing
from vision.scene import estimate_facing
from vision.series import DAY_TO_DAY_SD_DEG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person
    from synthetic.scene.camera import PinholeCamera

DEFAULT_COUNT = {
    "train": 7_000,
    "calibrate": 1_000,
    "test": 1_400,
    "yaw": 200,
    "outlines": 33_450,
    "judge": 600,
    "judge_sweep": 60,
    "judge_change": 40,
}
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
#: Points lie this close on all that is seen, crop pixels; gaps between them are closed.
_GAP_PX = 7
#: Fresh processes every few jobs, so that no renderer's leak can grow.
_JOBS_PER_PROCESS = 10

#: A shard's file, its part, its first body and how many.
_Job = tuple[Path, str, int, int]


def scenes_of(part: str, number: int) -> list[BodyScene]:
    """Return the scene, or for a sweep the scenes, of one body of a part."""
    draw = judging_scene if part in JUDGING else sample_scene
    scene = draw(FIRST_SEED[part] + number)
    rng = np.random.default_rng(scene.seed)
    if part == "judge_sweep":
        shape_deg = scene.bones.shape_deg
        return [
            replace(seen_anew(scene, rng), tilt_deg=tilt_deg + shape_deg)
            for tilt_deg in SWEEP_TILTS_DEG
        ]
    if part == "judge_change":
        return _on_three_days(scene, rng)
    if part == "yaw":
        return [replace(scene, yaw_deg=float(rng.uniform(-YAW_RANGE_DEG, YAW_RANGE_DEG)))]
    return [scene]


def _on_three_days(scene: BodyScene, rng: np.random.Generator) -> list[BodyScene]:
    first_deg = rng.uniform(-2, 18) + scene.bones.shape_deg
    scenes = []
    for change_deg in CHANGES_DEG:
        today_deg = float(first_deg + change_deg + rng.normal(0.0, DAY_TO_DAY_SD_DEG))
        today = replace(seen_anew(scene, rng), tilt_deg=today_deg)
        scenes += [stood_anew(today, rng) for _ in range(SHOTS_A_DAY)]
    return scenes


def observe(scene: BodyScene, *, keep_picture: bool) -> Sample | None:
    """Render a scene and look at it as the pipeline would; None when nobody is found."""
    rendered = render(scene)
    people = shared_estimator().estimate(rendered.rgb)
    if not people:
        return None
    pose = people[0]
    facing = estimate_facing(pose)
    height, width = rendered.rgb.shape[:2]
    first, second = wide_crops(rendered.rgb, pose, facing)
    return Sample(
        wide=first,
        second=second,
        xy_px=pose.xy_px,
        depth_px=pose.depth_px,
        world_m=pose.world_m,
        visibility=pose.visibility,
        size_px=np.array([width, height], np.int32),
        facing=facing.value,
        truth=rendered.truth.to_dict(),
        jpeg=jpeg_of(rendered.rgb) if keep_picture else b"",
    )


def make_shard(path: Path, part: str, first: int, count: int) -> int:
    """Make one shard of pictures and return in how many nobody was found."""
    cv2.setNumThreads(1)
    keep = part in WITH_PICTURES
    samples = []
    for number in range(first, first + count):
        for shot, scene in enumerate(scenes_of(part, number)):
            sample = observe(scene, keep_picture=keep)
            if sample is not None:
                sample.truth["shot"] = shot
            samples.append(sample)
    found = [sample for sample in samples if sample is not None]
    save_shard(path, found)
    return len(samples) - len(found)


def _place_crop(
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
    closed = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones((_GAP_PX, _GAP_PX), np.uint8))
    outer, _ = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(closed, [c for c in outer if cv2.contourArea(c) < 240], -1, 255, -1)
    small = cv2.resize(filled, (WIDE_PX, WIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.2), np.uint8)


def make_outlines(path: Path, first: int, count: int) -> None:
    """Make one shard of bodies, each seen by several cameras."""
    wide, seen = [], []
    for number in range(first, first + count):
        own = sample_scene(FIRST_SEED["outlines"] + number)
        rng = np.random.default_rng([own.seed, 99])
        person = build_person(own)
        points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
        for scene in (own, *(seen_anew(own, rng) for _ in range(VIEWS - 1))):
            camera = scene_camera(scene, person)
            truth = scene_truth(scene, person, camera).to_dict()
            matrix = _place_crop(person, camera, scene, outline_tilt_deg(truth), rng)
            wide.append(draw_outline(points, camera, matrix))
            seen.append((truth, matrix))
    columns: dict[str, Any] = {"wide": np.array(wide), **lessons_of(seen)}
    with whole_file(path) as file:
        np.savez_compressed(file, **columns)


def make_part(folder: Path, part: str, count: int, workers: int) -> None:
    """Make all missing shards of a part, several at a time."""
    jobs = [
        (path, part, first, min(SHARD_BODIES, count - first))
        for first in range(0, count, SHARD_BODIES)
        if not (path := folder / part / f"{first:07d}.npz").exists()
    ]
    missed = _make_shards(f"{part}: shards", jobs, workers)
    if missed:
        print(f"{part}: the pose estimator found nobody in {missed} pictures")


def _make_shards(name: str, jobs: Sequence[_Job], workers: int) -> int:
    """Make shards on several processes, with a progress bar; return in how many nobody was found.

    Processes are spawned, since neither torch nor MediaPipe survives a fork.
    (``ProcessPoolExecutor`` hangs on Python 3.11 when it has to replace its processes.)
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        # One busy core per process: threads that wait for each other would halve the speed.
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    spawn = multiprocessing.get_context("spawn")
    missed = 0
    with bar, spawn.Pool(workers, maxtasksperchild=_JOBS_PER_PROCESS) as pool:
        task = bar.add_task(name, total=len(jobs))
        for missed_in_one in pool.imap_unordered(_make_any_shard, jobs):
            missed += missed_in_one
            bar.update(task, advance=1)
    return missed


def _make_any_shard(job: _Job) -> int:
    path, part, first, count = job
    if part == "outlines":
        make_outlines(path, first, count)
        return 0
    return make_shard(path, part, first, count)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", default=list(DEFAULT_COUNT), help="default: all")
    parser.add_argument("--out", type=Path, default=Path("data"))
    parser.add_argument("--count", type=int, help="bodies per part")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in DEFAULT_COUNT:
            parser.error(f"no part is called {part}: choose from {', '.join(DEFAULT_COUNT)}")
        make_part(arguments.out, part, arguments.count or DEFAULT_COUNT[part], arguments.workers)


if __name__ == "__main__":
    main()
