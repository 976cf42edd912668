from pathlib import Path

import numpy as np
import pytest

from synthetic.training.dataset import (
    FIRST_SEED,
    WIDE_PX,
    Sample,
    apparent_tilt_deg,
    load_part,
    load_shard,
    save_shard,
)


def sample(number: int) -> Sample:
    rng = np.random.default_rng(number)
    return Sample(
        wide=rng.integers(0, 256, (WIDE_PX, WIDE_PX), np.uint8),
        xy_px=rng.random((33, 2), np.float32),
        depth_px=rng.random(33, np.float32),
        world_m=rng.random((33, 3), np.float32),
        visibility=rng.random(33, np.float32),
        size_px=np.array([640, 480], np.int32),
        facing="left",
        truth={"tilt_deg": 12.5 + number, "roll_deg": 1.0, "facing": "left"},
        jpeg=bytes(rng.integers(0, 256, 10 * number, np.uint8)),
    )


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    samples = [sample(number) for number in range(4)]
    save_shard(tmp_path / "train" / "0000000.npz", samples)
    again = load_shard(tmp_path / "train" / "0000000.npz")
    assert [s.jpeg for s in again] == [s.jpeg for s in samples]
    assert [s.truth for s in again] == [s.truth for s in samples]
    assert [s.facing for s in again] == ["left"] * 4
    for before, after in zip(samples, again, strict=True):
        np.testing.assert_array_equal(before.wide, after.wide)
        np.testing.assert_array_equal(before.world_m, after.world_m)
    assert list((tmp_path / "train").glob("*.tmp")) == []


def test_a_part_that_was_never_made_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"synthetic\.training\.make"):
        load_part(tmp_path, "test")


def test_roll_shows_in_the_picture_with_the_facing_s_sign() -> None:
    truth = {"tilt_deg": 10.0, "roll_deg": 2.0, "facing": "right"}
    assert apparent_tilt_deg(truth) == 8.0
    assert apparent_tilt_deg({**truth, "facing": "left"}) == 12.0


def test_parts_never_share_a_seed() -> None:
    starts = sorted(FIRST_SEED.values())
    assert min(np.diff(starts)) >= 10_000_000
