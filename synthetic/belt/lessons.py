"""What the belt network learns from: rendered people and their waists, cut as it sees them.

The pictures are kept, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from rich.progress import track

from synthetic.clothing.outfit import Top
from synthetic.evaluate.belt import VISIBLE_LAB, visible_step_lab
from synthetic.training.dataset import SHARD_BODIES, save_shard
from synthetic.training.make import observe
from vision.belt.edge import bow_shape
from vision.belt.network import CELLS_PER_BIN, MAP_COLUMNS, network_input
from vision.belt.patch import CELLS_PER_TRUNK, cut_patch
from vision.pose.mediapipe import shared_estimator
from vision.side_view import estimate_facing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.evaluate.belt import Picture
    from synthetic.scene.arrangement import BodyScene
    from vision.pose.estimate import PoseEstimate

#: The part of the data set that holds the pictures, and the first of its seeds.
PART = "belt"
FIRST_SEED = 61_000_000
#: Every picture is cut once as it is and so many times as a worse pose would place it.
CUTS = 12
#: Standard deviations of that: trunk lengths, log of the size, deg.
_SHIFT_TRUNKS, _LOG_SIZE, _TURN_DEG = 0.03, 0.06, 6.0
#: A body's half breadth at the waist, the waist's height and the trunk's length: shares of
#: the stature.
_HALF_BREADTH, _WAIST_HEIGHT, _TRUNK = 0.09, 0.58, 0.29


@dataclass(frozen=True, slots=True)
class Lessons:
    """Columns of equal length, one row for each cut.

    Attributes
    ----------
    planes
        Shape (n, ``CHANNELS``, ``ROWS``, ``COLUMNS``), uint8:
        :func:`vision.belt.network.network_input`.
    row
        Shape (n, ``MAP_COLUMNS``), float32: the edge in each column of the map, bins from
        the top; NaN where it does not run or does not show.
    shows, seen
        Shape (n,), bool: whether there is an edge, and whether a person sees it.
    """

    planes: NDArray[np.uint8]
    row: NDArray[np.float32]
    shows: NDArray[np.bool_]
    seen: NDArray[np.bool_]


def _is_wanted(scene: BodyScene) -> bool:
    """Leave out half of the easy ones: bare skin above, and dresses."""
    easy = scene.outfit.top in {Top.BARE, Top.SPORTS_BRA, Top.DRESS}
    return not (easy and scene.seed % 2)


def make_pictures(folder: Path, count: int) -> None:
    """Render the missing pictures of the first ``count`` scenes."""
    from synthetic.scene.sampling import sample_scene

    for first in track(range(0, count, SHARD_BODIES), "rendering"):
        path = folder / PART / f"{first:07d}.npz"
        if path.exists():
            continue
        scenes = (sample_scene(FIRST_SEED + first + n) for n in range(SHARD_BODIES))
        found = (observe(s, keep_picture=True) for s in scenes if _is_wanted(s))
        save_shard(path, [sample for sample in found if sample is not None])


def bow_trunks(truth: dict[str, Any]) -> float:
    """Return how far the waist's near side is seen below its ends, trunk lengths."""
    above_m = truth["camera_height_m"] - _WAIST_HEIGHT * truth["stature_m"]
    return float(_HALF_BREADTH / _TRUNK * above_m / truth["camera_distance_m"])


def edge_rows(
    ends: NDArray[np.float64], bow_cells: float, columns: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the edge's row in each column, all in cells; NaN beyond the ends.

    Parameters
    ----------
    ends
        Shape (2, 2): back and front end, x and y.
    """
    (back_x, back_y), (front_x, front_y) = ends
    across = 2 * (columns - back_x) / max(front_x - back_x, 1e-6) - 1
    rows = back_y + (across + 1) / 2 * (front_y - back_y) + bow_cells * bow_shape(across)
    return np.where(np.abs(across) <= 1, rows, np.nan)


def _misplaced(pose: PoseEstimate, rng: np.random.Generator) -> PoseEstimate:
    """Return the pose a little moved and of another size."""
    size = np.exp(rng.normal(0, _LOG_SIZE))
    shift = rng.normal(0, _SHIFT_TRUNKS * pose.trunk_px, 2)
    hip = pose.mid_hip_px
    moved = (pose.xy_px - hip) * size + hip + shift
    return replace(pose, xy_px=moved.astype(np.float32))


def _cuts(
    picture: Picture, count: int
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32], bool, bool]]:
    rgb, truth = picture
    people = shared_estimator().estimate(rgb)
    if not people or (facing := estimate_facing(people[0])).value != truth["facing"]:
        return
    rng = np.random.default_rng(truth["seed"])
    shows = truth["belt_deg"] is not None
    seen = visible_step_lab(rgb, truth) >= VISIBLE_LAB
    middles = (np.arange(float(MAP_COLUMNS)) + 0.5) * CELLS_PER_BIN - 0.5
    for number in range(count):
        pose = _misplaced(people[0], rng) if number else people[0]
        turn_deg = rng.normal(0, _TURN_DEG) if number else 0.0
        patch = cut_patch(rgb, pose, facing, truth["roll_deg"] + turn_deg)
        rows = np.full(MAP_COLUMNS, np.nan)
        if shows:
            to_patch = np.asarray(cv2.invertAffineTransform(patch.to_picture))
            ends = [to_patch @ [*truth[name], 1.0] for name in ("belt_back_px", "belt_front_px")]
            rows = edge_rows(np.array(ends), bow_trunks(truth) * CELLS_PER_TRUNK, middles)
        row = ((rows + 0.5) / CELLS_PER_BIN - 0.5).astype(np.float32)
        planes = np.clip(np.rint(network_input(patch)), 0, 255).astype(np.uint8)
        yield planes, row, shows, seen


def cut_lessons(pictures: Iterable[Picture], cuts: int) -> Lessons:
    """Cut every picture in which the person is found, looking the right way."""
    found = [cut for picture in pictures for cut in _cuts(picture, cuts)]
    planes, row, shows, seen = zip(*found, strict=True)
    return Lessons(np.stack(planes), np.stack(row), np.array(shows), np.array(seen))
