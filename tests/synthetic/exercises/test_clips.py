from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic import clips as other_clips
from synthetic.exercises.__main__ import breathing, frames, truth, write_clip
from synthetic.exercises.clip import FIRST_SEED, FPS, ClipAttempt, Timeline
from synthetic.exercises.limbs import shape_of
from synthetic.exercises.people import Clothes, dressed
from synthetic.exercises.pose import Bridge, bridge_skeleton, sagittal_deg
from synthetic.exercises.scripts import all_clips
from synthetic.exercises.view import CameraPlace, camera_at, floor_light, usual_light
from synthetic.scene.film import ramp
from synthetic.training import dataset
from synthetic.training.make import DEFAULT_COUNT
from vision.coach.events import CoachedExercise, FormFault, LegSide

if TYPE_CHECKING:
    from synthetic.body.pose import Skeleton
    from synthetic.exercises.clip import ExerciseClip
    from synthetic.exercises.limbs import Shape

FILMS = Path(__file__).parents[2] / "exercise_clips"
MOST_BYTES = 400_000
STEP_S = 0.2


@pytest.fixture(scope="module")
def clips() -> dict[str, ExerciseClip]:
    return {clip.name: clip for clip in all_clips()}


def counted(angles_deg: list[float], down_deg: float, up_deg: float) -> int:
    """Count the ways from down to up and back."""
    count, is_up = 0, False
    for angle in angles_deg:
        if not is_up and angle >= up_deg:
            is_up = True
        elif is_up and angle <= down_deg:
            is_up = False
            count += 1
    return count


def times(clip: ExerciseClip) -> list[float]:
    return [float(t) for t in np.arange(0, clip.seconds, STEP_S)]


def test_a_timeline_goes_up_stays_and_comes_back() -> None:
    line = Timeline(
        140.0, (ClipAttempt(178.0, 1.0, 2.0, 0.5, 0.5), ClipAttempt(150.0)), quiet_s=1.0
    )
    assert line.value(0.9) == 140.0
    assert line.value(1.5) == pytest.approx(159.0)
    assert [line.value(t) for t in (2.0, 3.0, 4.0)] == [178.0] * 3
    assert line.value(4.5) == 140.0
    assert max(line.value(t) for t in np.arange(5.0, 9.0, 0.05)) == 150.0
    assert line.value(line.seconds) == 140.0
    assert [ramp(t, 1.0, 2.0) for t in (0.0, 1.5, 3.0)] == [0.0, 0.5, 1.0]


def test_no_body_of_a_clip_is_used_elsewhere(clips: dict[str, ExerciseClip]) -> None:
    seeds = [clip.performer.seed for clip in clips.values()]
    assert len(clips) == len(all_clips())
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= FIRST_SEED > other_clips.FIRST_SEED + 100_000
    assert max(dataset.FIRST_SEED.values()) + max(DEFAULT_COUNT.values()) < FIRST_SEED


def test_there_are_clips_of_every_kind_in_turn(clips: dict[str, ExerciseClip]) -> None:
    kinds = {clip.kind for clip in clips.values()}
    assert kinds == {clip.kind for clip in list(clips.values())[:18]}
    assert 60 <= len(clips) <= 90
    named = {fault for clip in clips.values() for fault in clip.faults}
    assert named == set(FormFault) - {FormFault.THIGH_TOO_FAR_BACK}
    for clip in clips.values():
        assert len(clip.faults) <= 1
        assert len(clip.holds_s) == clip.repetitions
        assert clip.repetitions == 0 or clip.kind != "other"
        assert 5 < clip.seconds < 24


@pytest.mark.parametrize("name", ["bridge_2", "bridge_half_1", "bridge_low_0", "bridge_arched_0"])
def test_bridges_are_as_many_as_the_truth_says(clips: dict[str, ExerciseClip], name: str) -> None:
    clip = clips[name]
    shape = clip.performer.shape
    hips = [sagittal_deg(shape, clip.movement(t))[0] for t in times(clip)]
    assert counted(hips, 150.0, 165.0) == clip.repetitions
    assert (max(hips) > 185) == (FormFault.OVER_ARCHED in clip.faults)
    assert hips[0] < 150


def lifted_deg(shape: Shape, skeleton: Skeleton, top: str) -> float:
    """Return the angle between the thighs, seen straight from the front of an unrolled body."""
    bones, heads = shape.model.bones, skeleton.heads
    low = "R" if top == "L" else "L"
    up, down = (
        heads[bones[f"lowerleg01.{side}"]] - heads[bones[f"upperleg01.{side}"]]
        for side in (top, low)
    )
    return math.degrees(math.atan2(up[2], -up[1]) - math.atan2(down[2], -down[1]))


@pytest.mark.parametrize("name", ["lift_front_0", "lift_feet_1", "lift_low_0", "lift_high_1"])
def test_lifts_are_as_many_as_the_truth_says(clips: dict[str, ExerciseClip], name: str) -> None:
    clip = clips[name]
    top = "L" if clip.side is LegSide.LEFT else "R"
    shape = clip.performer.shape
    lifts = [lifted_deg(shape, clip.movement(t), top) for t in times(clip)]
    assert counted(lifts, 10.0, 25.0) == clip.repetitions
    assert (max(lifts) > 40) == (FormFault.TOO_HIGH in clip.faults)


def test_on_one_leg_the_hip_sinks_only_where_the_truth_says(
    clips: dict[str, ExerciseClip],
) -> None:
    for name in ("single_0", "single_drop_0"):
        clip = clips[name]
        standing = "L" if clip.side is LegSide.LEFT else "R"
        shape = clip.performer.shape
        hips = [sagittal_deg(shape, clip.movement(t), standing)[0] for t in times(clip)]
        kept_s = STEP_S * sum(angle > max(hips) - 2 for angle in hips)
        assert kept_s == pytest.approx(clip.holds_s[0], abs=0.7)
        sunk = [angle for angle in hips if max(hips) - 22 < angle < max(hips) - 10]
        assert (len(sunk) * STEP_S > 2) == (FormFault.HIP_DROPS in clip.faults)


def test_camera_looks_where_it_is_aimed_and_rolls() -> None:
    place = CameraPlace(200.0, 3.0, 0.7, aim=(0.1, -0.4, 0.3))
    camera = camera_at(place)
    aimed = camera.project(np.array([place.aim, np.add(place.aim, (0, 0, 0.2))]))
    np.testing.assert_allclose(aimed[0], (place.width_px / 2, place.height_px / 2), atol=1e-6)
    assert aimed[1][0] == pytest.approx(aimed[0][0])
    assert aimed[1][1] < aimed[0][1]
    turned = camera_at(replace(place, roll_deg=3.0))
    up = np.subtract(*turned.project(np.array([np.add(place.aim, (0, 0, 0.2)), place.aim])))
    # Turned clockwise, the scene leans counter-clockwise.
    assert np.degrees(np.arctan2(up[0], -up[1])) == pytest.approx(-3.0, abs=0.1)


def test_clothes_cover_what_they_should_and_stay_above_the_floor() -> None:
    clips_shape = next(iter(all_clips())).performer.shape
    skeleton = bridge_skeleton(clips_shape, Bridge(150.0))
    clothes = Clothes(trousers=(10.0, 20.0, 200.0), shirt=(200.0, 20.0, 10.0))
    meshes = {mesh.name: mesh for mesh in dressed(clips_shape, skeleton, clothes)}
    assert set(meshes) == {"body", "top", "bottom", "shoes", "hair"}
    assert min(float(mesh.vertices[:, 2].min()) for mesh in meshes.values()) >= 0.0
    hips = skeleton.heads[clips_shape.model.bones["root"]]
    near = np.linalg.norm(meshes["body"].vertices - hips, axis=1)
    assert near.min() > 0.15
    assert np.all(meshes["bottom"].rgb == (10, 20, 200))
    glow = np.zeros(len(clips_shape.vertices), np.float32)
    glow[clips_shape.model.default_rest[:, 1] > 0.05] = 1.0
    tinted = {m.name: m for m in dressed(clips_shape, skeleton, clothes, glow)}
    assert int(tinted["bottom"].rgb[:, 0].max()) > 200
    np.testing.assert_array_equal(tinted["top"].rgb, meshes["top"].rgb)


def test_a_body_shades_the_floor_beneath_it() -> None:
    clip = all_clips()[0]
    who = clip.performer
    meshes = dressed(who.shape, clip.movement(0.0), who.clothes)
    place = replace(who.place, azimuth_deg=0.0, roll_deg=0.0)
    camera = camera_at(place)
    light = floor_light(meshes, camera, usual_light(np.random.default_rng(1)))
    assert light.shape == (place.height_px, place.width_px)
    beneath, far = camera.project(np.array([[0.0, -0.1, 0.0], [0.0, 1.2, 0.0]])).astype(int)
    assert light[beneath[1], beneath[0]] < 0.85
    assert light[far[1], far[0]] > 0.97


def test_breath_moves_the_front_of_the_trunk_by_millimetres() -> None:
    shape = shape_of(all_clips()[0].performer.build)
    moved = np.abs(breathing(shape, 1.0).vertices - shape.vertices).max(axis=0)
    np.testing.assert_allclose(moved, (0.0, 0.005, 0.0), atol=0.0005)
    np.testing.assert_array_equal(breathing(shape, 0.0).vertices, shape.vertices)


def test_a_film_is_written_whole_with_its_truth_and_kept(
    clips: dict[str, ExerciseClip], tmp_path: Path
) -> None:
    short = replace(clips["lift_feet_1"], seconds=3 / FPS)
    path = write_clip(short, tmp_path)
    written_ns = path.stat().st_mtime_ns
    film = cv2.VideoCapture(str(path))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 3
    assert film.get(cv2.CAP_PROP_FRAME_WIDTH) == short.performer.place.width_px
    film.release()
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert told == json.loads(json.dumps(truth(short)))
    assert CoachedExercise(told["exercise"]) is CoachedExercise.LEG_LIFT
    assert LegSide(told["side"]) is LegSide.LEFT
    assert told["view"] == "feet"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lift_feet_1.avi", "lift_feet_1.json"]
    assert write_clip(short, tmp_path).stat().st_mtime_ns == written_ns


def test_pictures_come_out_the_same_again_and_only_tremble_when_asked(
    clips: dict[str, ExerciseClip],
) -> None:
    short = replace(clips["other_still_7"], seconds=2 / FPS)
    first, again = list(frames(short)), list(frames(short))
    np.testing.assert_array_equal(first[1], again[1])
    calm = list(frames(short, trembles=False))
    assert np.abs(first[1].astype(float) - first[0]).mean() > 0.5
    assert np.abs(calm[1].astype(float) - calm[0]).mean() < 0.2


def test_films_of_the_tests_are_small_and_say_what_the_scripts_say(
    clips: dict[str, ExerciseClip],
) -> None:
    films = sorted(FILMS.glob("*.mp4"))
    assert len(films) == 5
    for path in films:
        assert path.stat().st_size < MOST_BYTES
        told = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert told == json.loads(json.dumps(truth(clips[path.stem])))
