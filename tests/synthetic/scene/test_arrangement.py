from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.body.pose import ArmPose
from synthetic.clothing.garments import Fit
from synthetic.clothing.wardrobe import Tuck
from synthetic.scene.arrangement import (
    BodyScene,
    Truth,
    build_person,
    line_angle_deg,
    scene_camera,
    scene_truth,
)
from synthetic.scene.render import render
from synthetic.scene.sampling import sample_scene

SEEDS = range(8)


def _level(seed: int, **changes: Any) -> BodyScene:
    plain: dict[str, Any] = {"yaw_deg": 0.0, "roll_deg": 0.0, "pitch_deg": 0.0}
    return dataclasses.replace(sample_scene(seed), **{**plain, **changes})


def _truth(scene: BodyScene) -> Truth:
    person = build_person(scene)
    return scene_truth(scene, person, scene_camera(scene, person))


def test_a_seed_always_gives_the_same_picture() -> None:
    first, again, other = render(sample_scene(3)), render(sample_scene(3)), render(sample_scene(4))
    np.testing.assert_array_equal(first.rgb, again.rgb)
    assert first.truth == again.truth
    assert other.truth != first.truth


def test_what_a_scene_asks_for_is_what_its_truth_says() -> None:
    for seed in SEEDS:
        scene = sample_scene(seed)
        truth = _truth(scene)
        assert truth.tilt_deg == pytest.approx(scene.tilt_deg, abs=0.05)
        assert truth.shape_deg == scene.bones.shape_deg
        assert truth.stature_m == pytest.approx(scene.build.stature_m, abs=0.02)


def test_replacing_the_tilt_changes_only_the_pose() -> None:
    scene = sample_scene(5)
    meshes = build_person(dataclasses.replace(scene, tilt_deg=0.0)).meshes
    turned = build_person(dataclasses.replace(scene, tilt_deg=12.0)).meshes
    assert [m.name for m in meshes] == [m.name for m in turned]
    np.testing.assert_array_equal(meshes[0].rgb, turned[0].rgb)
    assert np.abs(meshes[0].vertices - turned[0].vertices).max() > 0.01
    camera_scene = dataclasses.replace(scene, tilt_deg=12.0, facing="right", arms=ArmPose.FORWARD)
    assert _truth(camera_scene).tilt_deg == pytest.approx(12.0, abs=0.05)


def test_the_bones_shape_is_in_the_truth_and_not_in_the_picture() -> None:
    """But for where the camera stands: it is placed by the middle of the bones."""
    scene = sample_scene(6)
    plain, other = (
        build_person(
            dataclasses.replace(
                scene,
                tilt_deg=12.0 + shape_deg,
                bones=dataclasses.replace(scene.bones, shape_deg=shape_deg, asis_share=0.5),
            )
        )
        for shape_deg in (0.0, 9.0)
    )
    assert other.pelvis.tilt_deg - plain.pelvis.tilt_deg == pytest.approx(9.0, abs=0.01)
    for one, same in zip(plain.meshes, other.meshes, strict=True):
        assert one.name == same.name
        assert np.abs(one.vertices.mean(axis=0) - same.vertices.mean(axis=0)).max() < 0.005
        assert abs(np.ptp(one.vertices, axis=0) - np.ptp(same.vertices, axis=0)).max() < 0.005


def test_yaw_and_roll_do_not_touch_the_true_tilt() -> None:
    for yaw, roll in ((0.0, 0.0), (14.0, 3.0), (-14.0, -3.0)):
        truth = _truth(_level(2, tilt_deg=17.0, yaw_deg=yaw, roll_deg=roll))
        assert truth.tilt_deg == pytest.approx(17.0, abs=0.05)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_the_front_is_towards_the_named_edge(facing: str) -> None:
    truth = _truth(_level(1, facing=facing, tilt_deg=20.0))
    front = truth.mid_asis_px[0] - truth.mid_psis_px[0]
    assert (front > 0) == (facing == "right")
    apparent = line_angle_deg(truth.mid_asis_px, truth.mid_psis_px, 0.0)
    assert apparent == pytest.approx(20.0, abs=1.0)


def test_a_camera_turned_clockwise_turns_the_scene_counter_clockwise() -> None:
    straight, rolled = (_level(1, roll_deg=roll, tilt_deg=0.0) for roll in (0.0, 3.0))

    def body_axis_deg(scene: BodyScene) -> float:
        person = build_person(scene)
        camera = scene_camera(scene, person)
        low, high = camera.project(np.array([[0.0, 0.0, 0.2], [0.0, 0.0, 1.4]]))
        return float(np.degrees(np.arctan2(high[0] - low[0], low[1] - high[1])))

    assert body_axis_deg(straight) == pytest.approx(0.0, abs=0.05)
    assert body_axis_deg(rolled) == pytest.approx(-3.0, abs=0.2)
    first, second = _truth(straight), _truth(rolled)
    undone = line_angle_deg(second.mid_asis_px, second.mid_psis_px, 3.0)
    raw = line_angle_deg(first.mid_asis_px, first.mid_psis_px, 0.0)
    assert undone == pytest.approx(raw, abs=0.4)


def test_positive_yaw_shows_the_front() -> None:
    def front_nearness(scene: BodyScene) -> float:
        camera = scene_camera(scene, build_person(scene))
        return float((np.array([0.0, -1.0, 0.0]) - camera.position) @ camera.forward)

    assert front_nearness(_level(1, yaw_deg=12.0)) < front_nearness(_level(1, yaw_deg=-12.0))


@pytest.mark.parametrize("seed", SEEDS)
def test_projection_and_renderer_agree(seed: int) -> None:
    scene = sample_scene(seed)
    person = build_person(scene)
    picture = render(scene)
    points = np.concatenate([mesh.vertices for mesh in person.meshes])
    pixels = scene_camera(scene, person).project(points)
    rows, columns = np.nonzero(picture.silhouette > 0.5)
    assert columns.min() == pytest.approx(pixels[:, 0].min(), abs=2.5)
    assert columns.max() == pytest.approx(pixels[:, 0].max(), abs=2.5)
    assert rows.min() == pytest.approx(pixels[:, 1].min(), abs=2.5)
    assert rows.max() == pytest.approx(pixels[:, 1].max(), abs=2.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_pictures_are_whole_and_large_enough(seed: int) -> None:
    scene = sample_scene(seed)
    picture = render(scene)
    assert picture.rgb.shape == (scene.height_px, scene.width_px, 3)
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.flags.c_contiguous
    border = np.ones_like(picture.silhouette, bool)
    border[2:-2, 2:-2] = False
    assert picture.silhouette[border].max() < 0.5
    assert picture.truth.trunk_px > 120
    assert picture.rgb.std() > 3


def test_truth_survives_json() -> None:
    truth = render(sample_scene(2)).truth
    again = json.loads(json.dumps(truth.to_dict(), allow_nan=False))
    assert again == truth.to_dict()
    assert again["tilt_deg"] == truth.tilt_deg
    assert len(again["asis_px"]) == 2


def _showing_waist() -> BodyScene:
    return next(
        s
        for s in map(sample_scene, range(100))
        if s.outfit.waist_shows and s.outfit.tuck is Tuck.CROPPED
    )


def test_the_belt_line_follows_the_pelvis() -> None:
    base = dataclasses.replace(_showing_waist(), yaw_deg=0.0, roll_deg=0.0, pitch_deg=0.0)
    angles = [_truth(dataclasses.replace(base, tilt_deg=t)).belt_deg for t in (0.0, 10.0, 20.0)]
    steps = np.diff([a for a in angles if a is not None])
    assert len(steps) == 2
    assert (steps > 3.0).all()
    assert (steps < 12.0).all()


def test_the_belt_line_does_not_tell_the_bones_shape() -> None:
    base = dataclasses.replace(_showing_waist(), yaw_deg=0.0, roll_deg=0.0, pitch_deg=0.0)
    angles = [
        _truth(
            dataclasses.replace(
                base,
                tilt_deg=10.0 + shape_deg,
                bones=dataclasses.replace(base.bones, shape_deg=shape_deg),
            )
        ).belt_deg
        for shape_deg in (-8.0, 8.0)
    ]
    assert angles[0] is not None
    # It may sit some millimetres higher: it is hung up by the middle of the bones.
    assert angles[1] == pytest.approx(angles[0], abs=1.5)


def test_belt_ends_are_on_the_silhouette() -> None:
    scene = dataclasses.replace(_showing_waist(), arms=ArmPose.COLLAR_BONES, yaw_deg=0.0)
    picture = render(scene)
    for point in (picture.truth.belt_front_px, picture.truth.belt_back_px):
        assert point is not None
        x, y = round(point[0]), round(point[1])
        near = picture.silhouette[y - 3 : y + 4, x - 6 : x + 7]
        assert near.max() > 0.9
        assert near.min() < 0.1


def test_an_untucked_top_hides_the_waistband() -> None:
    scene = next(
        s
        for s in map(sample_scene, range(100))
        if s.outfit.tuck is Tuck.UNTUCKED and not s.outfit.waist_shows
    )
    truth = _truth(scene)
    assert truth.belt_deg is None
    assert truth.belt_front_px is None


def test_looser_clothes_are_wider_and_hold_the_body_inside() -> None:
    base = next(
        s
        for s in map(sample_scene, range(200))
        if s.outfit.top.value == "tshirt"
        and s.outfit.tuck is Tuck.UNTUCKED
        and s.outfit.bottom.value in {"jeans", "shorts"}
    )

    def depth_at_hips(fit: Fit) -> float:
        meshes = build_person(dataclasses.replace(base, fit=fit)).meshes
        tops = [m for m in meshes if m.name == "top"]
        points = np.concatenate([m.vertices for m in tops])
        hips = build_person(base).pelvis.middle[2] + 0.08
        band = points[np.abs(points[:, 2] - hips) < 0.03]
        return float(np.ptp(band[:, 1]))

    assert depth_at_hips(Fit.LOOSE) > depth_at_hips(Fit.REGULAR) + 0.01
    assert depth_at_hips(Fit.REGULAR) > depth_at_hips(Fit.TIGHT)
