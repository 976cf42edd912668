"""Make the training, calibration and test pictures: ``python -m synthetic.training.make``.

Each body is rendered, run through the real pose estimator and cropped as the pipeline
crops. Finished shards are kept, so that an interrupted run goes on where it stopped, and
a run with a larger count only adds. A seed stands for one scene, whoever renders it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

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

from synthetic.training.dataset import (
    FIRST_SEED,
    SHARD_BODIES,
    SWEEP_TILTS_DEG,
    WITH_PICTURES,
    YAW_RANGE_DEG,
    Sample,
    save_shard,
    wide_crop,
)
from synthetic.training.outlines import make_outlines
from vision.scene import estimate_facing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene

DEFAULT_COUNT = {
    "train": 7_000,
    "calibrate": 1_000,
    "test": 1_400,
    "sweep": 50,
    "yaw": 200,
    "outlines": 41_850,
}
_JPEG_QUALITY = 92
#: Fresh processes every few jobs, so that no renderer's leak can grow.
_JOBS_PER_PROCESS = 10

#: A shard's file, its part, its first body and how many.
_Job = tuple[Path, str, int, int]


def scenes_of(part: str, number: int) -> list[BodyScene]:
    """Return the scene, or for a sweep the scenes, of one body of a part."""
    from synthetic.scene.sampling import sample_scene

    scene = sample_scene(FIRST_SEED[part] + number)
    if part == "sweep":
        return [replace(scene, tilt_deg=tilt_deg) for tilt_deg in SWEEP_TILTS_DEG]
    if part == "yaw":
        turned_deg = np.random.default_rng(scene.seed).uniform(-YAW_RANGE_DEG, YAW_RANGE_DEG)
        return [replace(scene, yaw_deg=float(turned_deg))]
    return [scene]


def observe(scene: BodyScene, *, keep_picture: bool) -> Sample | None:
    """Render a scene and look at it as the pipeline would; None when nobody is found."""
    from synthetic.scene.render import render
    from vision.pose.mediapipe import shared_estimator

    rendered = render(scene)
    people = shared_estimator().estimate(rendered.rgb)
    if not people:
        return None
    pose = people[0]
    facing = estimate_facing(pose)
    height, width = rendered.rgb.shape[:2]
    return Sample(
        wide=wide_crop(rendered.rgb, pose, facing),
        xy_px=pose.xy_px,
        depth_px=pose.depth_px,
        world_m=pose.world_m,
        visibility=pose.visibility,
        size_px=np.array([width, height], np.int32),
        facing=facing.value,
        truth=rendered.truth.to_dict(),
        jpeg=_encode(rendered.rgb) if keep_picture else b"",
    )


def _encode(rgb: NDArray[np.uint8]) -> bytes:
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def make_shard(path: Path, part: str, first: int, count: int) -> int:
    """Make one shard of pictures and return in how many nobody was found."""
    cv2.setNumThreads(1)
    keep = part in WITH_PICTURES
    scenes = [scene for n in range(first, first + count) for scene in scenes_of(part, n)]
    samples = [observe(scene, keep_picture=keep) for scene in scenes]
    found = [sample for sample in samples if sample is not None]
    save_shard(path, found)
    return len(samples) - len(found)


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
