"""True outlines look like the masks that the real networks draw of the same bodies."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.body.drape import surface_points
from synthetic.scene.arrangement import build_person, scene_camera
from synthetic.scene.sampling import judging_scene, sample_scene
from synthetic.training.augment import load_outlines
from synthetic.training.dataset import (
    CHANGES_DEG,
    FIRST_SEED,
    JUDGING,
    SHOTS_A_DAY,
    SWEEP_TILTS_DEG,
    WIDE_PX,
    YAW_RANGE_DEG,
    apparent_tilt_deg,
    load_shard,
    save_shard,
)
from synthetic.training.make import (
    DEFAULT_COUNT,
    VIEWS,
    draw_outline,
    make_outlines,
    make_shard,
    observe,
    scenes_of,
)
from vision.series import DAY_TO_DAY_SD_DEG

if TYPE_CHECKING:
    from pathlib import Path

    from synthetic.scene.arrangement import BodyScene

#: One body or scene each.
SINGLE = ("train", "calibrate", "test", "yaw", "outlines", "judge")
CAMERA = {"yaw_deg", "roll_deg", "pitch_deg", "camera_height_m", "camera_distance_m"}


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


def varied(scenes: list[BodyScene]) -> set[str]:
    """The names of what is not the same in all."""
    return {
        f.name for f in fields(scenes[0]) if len({repr(getattr(s, f.name)) for s in scenes}) > 1
    }


def outlines_deg(scenes: list[BodyScene]) -> list[float]:
    return [scene.tilt_deg - scene.bones.shape_deg for scene in scenes]


# -- which scenes


def test_every_part_is_made_and_has_seeds() -> None:
    assert set(DEFAULT_COUNT) == set(FIRST_SEED)
    assert all(count <= 10_000_000 for count in DEFAULT_COUNT.values())


@pytest.mark.parametrize("part", sorted(FIRST_SEED))
def test_what_a_network_says_of_itself_is_judged_on_bodies_of_other_kinds(part: str) -> None:
    for number in range(20):
        for scene in scenes_of(part, number):
            assert scene.flesh is not None
            assert scene.flesh.is_round == (part in JUDGING)
            is_long = scene.outfit.top_length > 1
            assert is_long == (part in JUDGING)


def test_the_spread_is_put_right_by_the_judging_rules() -> None:
    assert "calibrate" in JUDGING
    assert not {"train", "outlines", "test"} & JUDGING
    assert scenes_of("calibrate", 5) == [judging_scene(FIRST_SEED["calibrate"] + 5)]
    assert scenes_of("train", 5) == [sample_scene(FIRST_SEED["train"] + 5)]


@pytest.mark.parametrize("part", SINGLE)
def test_one_body_is_one_scene_always_the_same(part: str) -> None:
    (scene,), (same,), (other,) = (scenes_of(part, number) for number in (3, 3, 4))
    assert scene == same
    assert scene.build != other.build


def test_turned_bodies_are_turned_evenly_both_ways() -> None:
    yaws = np.array([scenes_of("yaw", number)[0].yaw_deg for number in range(200)])
    assert np.abs(yaws).max() <= YAW_RANGE_DEG
    counts, _ = np.histogram(yaws, bins=4, range=(-YAW_RANGE_DEG, YAW_RANGE_DEG))
    assert np.abs(counts - 50).max() < 4 * np.sqrt(50)


def test_a_swept_body_is_the_same_but_for_tilt_and_camera() -> None:
    scenes = scenes_of("judge_sweep", 0)
    assert outlines_deg(scenes) == pytest.approx(SWEEP_TILTS_DEG)
    assert varied(scenes) == {"tilt_deg"} | CAMERA
    assert len({scene.yaw_deg for scene in scenes}) == len(scenes)
    assert scenes_of("judge_sweep", 0) == scenes
    assert scenes[0].bones.shape_deg != 0


def by_day(scenes: list[BodyScene]) -> list[list[BodyScene]]:
    return [scenes[at : at + SHOTS_A_DAY] for at in range(0, len(scenes), SHOTS_A_DAY)]


def test_a_changed_body_is_photographed_on_three_days() -> None:
    scenes = scenes_of("judge_change", 1)
    days = by_day(scenes)
    assert len(scenes) == SHOTS_A_DAY * len(CHANGES_DEG)
    assert varied(scenes) == {"tilt_deg", "stance"} | CAMERA
    for day in days:
        # The stance is taken up again, the camera stands where it stood.
        assert varied(day) == {"stance", "yaw_deg"}
    assert len({day[0].camera_distance_m for day in days}) == len(days)


def test_days_differ_by_the_change_and_by_what_days_differ_anyway() -> None:
    tilts = np.array(
        [
            [outlines_deg(day)[0] for day in by_day(scenes_of("judge_change", number))]
            for number in range(150)
        ]
    )
    for day, other in ((0, 1), (0, 2)):
        apart = tilts[:, other] - tilts[:, day]
        told = CHANGES_DEG[other] - CHANGES_DEG[day]
        sd = DAY_TO_DAY_SD_DEG * np.sqrt(2)
        assert apart.mean() == pytest.approx(told, abs=4 * sd / np.sqrt(len(tilts)))
        assert apart.std() == pytest.approx(sd, rel=0.25)


# -- what is made of them


def test_an_outline_resembles_the_networks_masks() -> None:
    firsts, seconds = [], []
    for seed in range(4):
        scene = sample_scene(seed)
        sample = observe(scene, keep_picture=False)
        if sample is None:
            continue
        person = build_person(scene)
        points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
        outline = draw_outline(points, scene_camera(scene, person), sample.wide_matrix())
        assert outline.shape == sample.wide.shape == sample.second.shape == (WIDE_PX, WIDE_PX)
        firsts.append(overlap(outline > 127, sample.wide > 127))
        seconds.append(overlap(outline > 127, sample.second > 127))
    assert len(firsts) >= 3
    assert np.median(firsts) > 0.9
    assert np.median(seconds) > 0.9


def test_a_shard_of_outlines(tmp_path: Path) -> None:
    path = tmp_path / "outlines" / "0000000.npz"
    make_outlines(path, 0, 2)
    data = load_outlines(tmp_path)
    columns = [getattr(data, field.name) for field in fields(data)]
    assert {len(column) for column in columns} == {2 * VIEWS}
    own = sample_scene(FIRST_SEED["outlines"])
    truth = {
        "facing": own.facing,
        "tilt_deg": own.tilt_deg,
        "shape_deg": own.bones.shape_deg,
        "roll_deg": own.roll_deg,
    }
    assert data.tilt_deg[0] == pytest.approx(apparent_tilt_deg(truth), abs=0.01)
    assert data.yaw_deg[0] == pytest.approx(own.yaw_deg, abs=1e-4)
    # The other camera is another one, the body the same.
    assert data.yaw_deg[1] != data.yaw_deg[0]
    np.testing.assert_array_equal(data.facts[1], data.facts[0])
    assert data.edges[:, 5].mean() > 0.7
    # ASIS ahead of PSIS, both between the edges of their rows.
    asis, psis = np.split(data.points_px, 2, axis=1)
    assert (asis[:, 0] > psis[:, 0]).all()
    for place in (asis, psis):
        for (x, y), (front, back, *_) in zip(place, data.edges, strict=True):
            row, forward = round(float(y)), float(x) - (WIDE_PX - 1) / 2
            assert back[row] - 3 < forward < front[row] + 3


def test_a_shard_with_pictures_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "test" / "0000000.npz"
    missed = make_shard(path, "test", 0, 2)
    samples = load_shard(path)
    assert len(samples) == 2 - missed
    assert all(sample.jpeg[:2] == b"\xff\xd8" for sample in samples)
    for sample in samples:
        assert sample.truth["shot"] == 0
        height, width = sample.rgb.shape[:2]
        assert sample.size_px.tolist() == [width, height]
    save_shard(path, samples)
    assert [s.truth for s in load_shard(path)] == [s.truth for s in samples]


def test_pictures_that_are_only_learnt_from_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "train" / "0000000.npz"
    make_shard(path, "train", 0, 1)
    assert [sample.jpeg for sample in load_shard(path)] in ([b""], [])
