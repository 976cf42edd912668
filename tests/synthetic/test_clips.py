from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.body.pose import ArmPose
from synthetic.clips import (
    FIRST_SEED,
    FPS,
    Clip,
    Pose,
    all_clips,
    frames,
    person,
    posed,
    position_share,
    squeezed_share,
    write_clip,
)
from synthetic.scene.arrangement import scene_camera
from synthetic.training import dataset
from synthetic.training.make import DEFAULT_COUNT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.scene.arrangement import BodyScene, Person

#: A quarter of a breath: from its middle to its end.
QUARTER_BREATH_S = 1.0
SOLES_M = 0.03


@pytest.fixture(scope="module")
def scene() -> BodyScene:
    return person(0)


def points(one: Person) -> NDArray[np.float64]:
    return np.concatenate([mesh.vertices for mesh in one.meshes]).astype(np.float64)


def feet(one: Person) -> NDArray[np.float64]:
    """Return the middle of all that touches the ground, shape (2,)."""
    lowest = points(one)
    return np.asarray(lowest[lowest[:, 2] < SOLES_M].mean(axis=0)[:2])


def clip(name: str, seconds: float) -> Clip:
    return next(replace(one, seconds=seconds) for one in all_clips() if one.name == name)


def test_breath_and_sway_move_the_shoulders_by_millimetres_and_leave_the_tilt(
    scene: BodyScene,
) -> None:
    moments = [posed(scene, Pose(12.0), t_s) for t_s in np.arange(0, 8, QUARTER_BREATH_S / 2)]
    heights = np.array([one.shoulders[2] for one in moments])
    trunk_m = float(moments[0].shoulders[2] - moments[0].hips[2])
    assert 0.008 < np.ptp(heights) / trunk_m < 0.03
    ahead = np.array([one.hips[1] for one in moments])
    assert 0.001 < np.ptp(ahead) < 0.015
    for one in moments:
        assert one.pelvis.tilt_deg == pytest.approx(12.0, abs=0.1)


def test_the_feet_stay_in_place_whatever_the_body_does(scene: BodyScene) -> None:
    usual = feet(posed(scene, Pose(15.0), 0.0))
    squeezing = feet(posed(scene, Pose(5.0), 0.0))
    swaying = feet(posed(scene, Pose(15.0), 1.3))
    assert np.abs(squeezing - usual).max() < 0.005
    assert np.abs(swaying - usual).max() < 0.001


@pytest.mark.parametrize("facing", ["left", "right"])
def test_a_positive_yaw_turns_the_front_to_the_camera(scene: BodyScene, facing: str) -> None:
    faced = replace(scene, facing=facing)
    camera = scene_camera(faced, posed(faced, Pose(10.0), 0.0))

    def front_ahead_m(yaw_deg: float) -> float:
        pelvis = posed(faced, Pose(10.0, yaw_deg=yaw_deg), 0.0).pelvis
        towards = pelvis.psis.mean(axis=0) - pelvis.asis.mean(axis=0)
        return float(towards @ camera.forward)

    assert front_ahead_m(30.0) > 0.03
    assert front_ahead_m(-30.0) < -0.03
    assert front_ahead_m(0.0) == pytest.approx(0.0, abs=0.005)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_ahead_is_towards_the_faced_edge_and_nearer_is_larger(
    scene: BodyScene, facing: str
) -> None:
    faced = replace(scene, facing=facing)
    camera = scene_camera(faced, posed(faced, Pose(10.0), 0.0))

    def seen(pose: Pose) -> NDArray[np.float64]:
        return camera.project(points(posed(faced, pose, 0.0)))

    usual, ahead = seen(Pose(10.0)), seen(Pose(10.0, ahead_m=0.5))
    nearer = seen(Pose(10.0, nearer_m=1.0))
    moved_px = ahead[:, 0].mean() - usual[:, 0].mean()
    assert (moved_px > 30) if facing == "right" else (moved_px < -30)
    assert np.ptp(nearer[:, 1]) > 1.3 * np.ptp(usual[:, 1])


def test_arms_rise_from_where_they_hang_to_the_collar_bones(scene: BodyScene) -> None:
    hanging = replace(scene, arms=ArmPose.HANGING)

    def wrist_above_hips_m(share: float) -> float:
        one = posed(hanging, Pose(10.0, fists_up=share), 0.0)
        return float(one.body.joint("wrist.L")[2] - one.body.joint("upperleg01.L")[2])

    heights = [wrist_above_hips_m(share) for share in (0.0, 0.4, 0.7, 1.0)]
    assert heights[0] < 0.1
    assert heights[-1] > 0.3
    assert heights == sorted(heights)


def test_a_stride_puts_one_foot_ahead_of_the_other(scene: BodyScene) -> None:
    together, apart = (posed(scene, Pose(10.0, stride_m=s), 0.0) for s in (0.0, 0.5))
    gaps_m = [float(one.body.joint("foot.R")[1] - one.body.joint("foot.L")[1])
              for one in (together, apart)]  # fmt: skip
    assert gaps_m[1] - gaps_m[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("t_s", "share"),
    [(0.0, 0.0), (4.9, 0.0), (6.0, 1.0), (9.5, 1.0), (11.0, 0.0), (15.0, 1.0), (32.0, 0.0)],
)
def test_a_squeeze_is_done_when_the_test_asks_for_it(t_s: float, share: float) -> None:
    assert squeezed_share(t_s) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("t_s", "share"),
    [(0.0, 0.3), (3.3, 1.0), (6.7, 1.0), (8.0, 0.0), (12.2, 0.3), (16.5, 1.0), (41.9, 0.3)],
)
def test_a_range_is_gone_through_three_times(t_s: float, share: float) -> None:
    assert position_share(t_s, 0.3) == pytest.approx(share, abs=1e-6)


def test_no_body_of_a_clip_was_trained_on() -> None:
    seeds = {scene.seed for clip in all_clips() for scene in clip.scenes}
    largest_part = max(DEFAULT_COUNT.values())
    assert min(seeds) >= FIRST_SEED
    assert max(dataset.FIRST_SEED.values()) + largest_part < FIRST_SEED


def test_every_clip_has_its_own_name_and_people() -> None:
    clips = all_clips()
    assert len({clip.name for clip in clips}) == len(clips)
    seeds = [scene.seed for clip in clips for scene in clip.scenes]
    assert len(set(seeds)) == len(seeds)


def test_pictures_of_one_clip_differ_a_little_and_come_out_the_same_again() -> None:
    short = clip("still_0", 2.5 / FPS)
    first, again = list(frames(short)), list(frames(short))
    height, width = short.scenes[0].height_px, short.scenes[0].width_px
    assert [rgb.shape for rgb in first] == [(height, width, 3)] * 2
    np.testing.assert_array_equal(first[1], again[1])
    moved = np.abs(first[1].astype(float) - first[0])
    assert 0.5 < moved.mean() < 10


def test_a_film_is_written_whole_with_its_truth_and_kept(tmp_path: Path) -> None:
    short = clip("squeeze_2", 3 / FPS)
    path = write_clip(short, tmp_path)
    written_ns = path.stat().st_mtime_ns
    film = cv2.VideoCapture(str(path))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 3
    film.release()
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert truth["tilt_deg"] == pytest.approx(short.scenes[0].tilt_deg, abs=0.05)
    assert truth["change_deg"] == 6.0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["squeeze_2.avi", "squeeze_2.json"]
    assert write_clip(short, tmp_path).stat().st_mtime_ns == written_ns
