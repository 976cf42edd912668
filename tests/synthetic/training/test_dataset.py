from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("anny")

from synthetic.training.dataset import (
    FIRST_SEED,
    JUDGING,
    SIDE_FACTS,
    WIDE_PER_TRUNK_PX,
    WIDE_PX,
    WITH_PICTURES,
    apparent_tilt_deg,
    lessons_of,
    load_part,
    load_shard,
    outline_tilt_deg,
    save_shard,
    wide_crops,
    wide_transform,
)
from tests.synthetic.training.made_up_samples import HIP_PX, SHOULDER_PX, sample, truth
from tests.vision.stick_figures import Figure, pose_of
from vision.result import Facing
from vision.silhouette import (
    CENTRE_ABOVE_HIP_TRUNKS,
    CROP_HEIGHT_PX,
    CROP_TRUNKS_HIGH,
    CROP_WIDTH_PX,
    canonical_crop,
    crop_transform,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    samples = [sample(number) for number in range(4)]
    save_shard(tmp_path / "train" / "0000000.npz", samples)
    again = load_shard(tmp_path / "train" / "0000000.npz")
    assert len(again) == len(samples)
    for before, after in zip(samples, again, strict=True):
        for field in fields(before):
            np.testing.assert_array_equal(getattr(before, field.name), getattr(after, field.name))
    assert list((tmp_path / "train").glob("*.tmp")) == []


def test_a_part_that_was_never_made_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"synthetic\.training\.make"):
        load_part(tmp_path, "test")


def test_a_part_is_all_its_shards_in_order(tmp_path: Path) -> None:
    for first in (2, 0):
        shard = [sample(first), sample(first + 1)]
        save_shard(tmp_path / "test" / f"{first:07d}.npz", shard)
    tilts = [kept.truth["tilt_deg"] for kept in load_part(tmp_path, "test")]
    assert tilts == [12.5, 13.5, 14.5, 15.5]


def test_parts_never_share_a_seed() -> None:
    starts = sorted(FIRST_SEED.values())
    assert min(np.diff(starts)) >= 10_000_000


def test_pictures_are_kept_where_the_pipeline_is_run_again() -> None:
    assert JUDGING <= WITH_PICTURES <= set(FIRST_SEED)
    assert not {"train", "outlines"} & WITH_PICTURES


# -- what is to be learnt


def test_an_outline_is_not_asked_for_the_bones_shape() -> None:
    assert outline_tilt_deg({"tilt_deg": 14.0, "shape_deg": -3.0}) == 17.0


def test_roll_shows_in_the_picture_with_the_facing_s_sign() -> None:
    told = {"tilt_deg": 14.0, "shape_deg": 4.0, "roll_deg": 2.0, "facing": "right"}
    assert apparent_tilt_deg(told) == 8.0
    assert apparent_tilt_deg({**told, "facing": "left"}) == 12.0


def test_lessons_lie_in_the_crop() -> None:
    crops = [np.array([[2.0, 0.0, 5.0], [0.0, 2.0, -7.0]]), np.array([[-1.0, 0, 9], [0, 1.0, 0]])]
    lessons = lessons_of([(truth(number), crop) for number, crop in enumerate(crops)])
    assert {column.dtype for column in lessons.values()} == {np.dtype(np.float32)}
    assert {len(column) for column in lessons.values()} == {2}
    x, y = HIP_PX
    np.testing.assert_allclose(
        lessons["points_px"],
        [
            [2 * (x + 24) + 5, 2 * (y - 20) - 7, 2 * (x - 21) + 5, 2 * (y - 27) - 7],
            [9 - (x + 24), y - 20, 9 - (x - 21), y - 27],
        ],
    )
    np.testing.assert_allclose(lessons["tilt_deg"], [11.5, 11.0])
    np.testing.assert_array_equal(lessons["loose"], [0, 1])
    np.testing.assert_array_equal(lessons["yaw_deg"], [0, 2])
    np.testing.assert_array_equal(
        lessons["facts"], [np.arange(len(SIDE_FACTS)) + n for n in (0, 1)]
    )


# -- the wide crop


@pytest.mark.parametrize("facing", Facing)
def test_the_wide_crop_is_the_canonical_one_from_its_middle_outwards(facing: Facing) -> None:
    rng = np.random.default_rng(2)
    places = np.column_stack([rng.uniform(200, 400, (9, 2)), np.ones(9)])
    wide = places @ wide_transform(HIP_PX, 120.0, facing).T - (WIDE_PX - 1) / 2
    crop = places @ crop_transform(HIP_PX, 120.0, facing, 0.0).T
    crop -= (np.array([CROP_WIDTH_PX, CROP_HEIGHT_PX]) - 1) / 2
    crop_per_trunk_px = CROP_HEIGHT_PX / CROP_TRUNKS_HIGH
    np.testing.assert_allclose(wide / WIDE_PER_TRUNK_PX, crop / crop_per_trunk_px, atol=1e-9)


def test_a_sample_knows_how_its_crop_was_cut() -> None:
    matrix = sample(1).wide_matrix()
    hip, shoulder = (matrix @ [*place, 1.0] for place in (HIP_PX, SHOULDER_PX))
    below_px = CENTRE_ABOVE_HIP_TRUNKS * WIDE_PER_TRUNK_PX
    np.testing.assert_allclose(hip, np.array([0, below_px]) + (WIDE_PX - 1) / 2, atol=1e-3)
    assert np.hypot(*(shoulder - hip)) == pytest.approx(WIDE_PER_TRUNK_PX, rel=1e-4)


def test_both_masks_of_a_drawn_person_lie_on_one_another() -> None:
    figure = Figure(lean_deg=8, trunk_px=150, width_px=420, height_px=620, hip_px=(205.0, 280.0))
    pose = pose_of(figure, with_mask=True)
    sharp = np.clip(8 * (pose.mask - 0.5) + 0.5, 0, 1)
    rgb = np.repeat(np.rint(210 - 170 * sharp).astype(np.uint8)[..., None], 3, axis=2)
    first, second = wide_crops(rgb, pose, Facing.RIGHT)
    assert first.shape == second.shape == (WIDE_PX, WIDE_PX)
    assert first.dtype == second.dtype == np.uint8
    one, other = first > 127, second > 127
    assert (one & other).sum() / (one | other).sum() > 0.9
    # What a quick look sees, to the pixel: two of the wide crop's for each of its own.
    crop = canonical_crop(rgb, pose, Facing.RIGHT, 0.0)
    down, right = ((WIDE_PX - 2 * size) // 2 for size in (CROP_HEIGHT_PX, CROP_WIDTH_PX))
    middle = first[down:-down, right:-right] / 255
    quarters = middle.reshape(CROP_HEIGHT_PX, 2, CROP_WIDTH_PX, 2).mean(axis=(1, 3))
    assert np.abs(quarters - crop).mean() < 0.01
