"""Make the training, calibration and test pictures: ``python -m synthetic.training.make``.

Each body is rendered, run through the real pose estimator and cropped as the pipeline
crops. Finished shards are kept, so that an interrupted run goes on where it stopped, and
a run with a larger count only adds. A seed stands for one scene, whoever renders it.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.scene.parallel import run_jobs
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
    missed = sum(run_jobs(f"{part}: shards", _make_any_shard, jobs, workers))
    if missed:
        print(f"{part}: the pose estimator found nobody in {missed} pictures")


def _make_any_shard(job: tuple[Path, str, int, int]) -> int:
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
