"""What is handed to Blender; Blender itself is not needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from synthetic.blender.__main__ import quick_scene
from synthetic.blender.look import finished_meshes
from synthetic.blender.studio import ROOMS, BlenderError, Studio, blender, write_scene_file
from synthetic.samples import SAMPLES, sample_camera
from synthetic.scene.arrangement import build_person, scene_camera

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    scene, studio = SAMPLES[0].scene, SAMPLES[0].studio
    path = tmp_path_factory.mktemp("scene") / "scene.npz"
    write_scene_file(path, scene, studio, scene_camera(scene, build_person(scene)))
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    return {**arrays, "description": json.loads(str(arrays["description"]))}


def test_the_written_camera_sees_points_where_the_truth_says(written: dict[str, Any]) -> None:
    scene = SAMPLES[0].scene
    person = build_person(scene)
    view = written["description"]["camera"]
    points = np.concatenate([person.pelvis.asis, person.pelvis.psis])
    local = np.linalg.inv(np.array(view["matrix"])) @ np.column_stack([points, np.ones(4)]).T
    # Blender's cameras look along -z, y up.
    x = view["centre_px"][0] + view["focal_px"] * local[0] / -local[2]
    y = view["centre_px"][1] - view["focal_px"] * local[1] / -local[2]
    expected = scene_camera(scene, person).project(points)
    np.testing.assert_allclose(np.stack([x, y], axis=1), expected, atol=1e-6)


def test_rooms_are_built_upright_and_behind_the_person(written: dict[str, Any]) -> None:
    turn = np.array(written["description"]["turn"])[:3, :3]
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(turn) == pytest.approx(1)
    np.testing.assert_allclose(turn[:, 2], (0, 0, 1))
    camera = np.array(written["description"]["camera"]["matrix"])[:3, 3]
    assert camera @ turn[:, 1] < -2


def test_every_mesh_is_whole_and_coloured(written: dict[str, Any]) -> None:
    for index, part in enumerate(written["description"]["meshes"]):
        vertices, faces = written[f"vertices{index}"], written[f"faces{index}"]
        assert np.isfinite(vertices).all(), part["name"]
        assert faces.min() >= 0, part["name"]
        assert faces.max() < len(vertices), part["name"]
        assert written[f"rgb{index}"].shape == vertices.shape
        assert ("fabric" in part) == (part["material"] == "cloth")


def test_shoes_stand_on_the_floor_around_the_feet() -> None:
    scene = SAMPLES[0].scene
    person = build_person(scene)
    feet = next(mesh for mesh in person.meshes if mesh.name == "shoes").vertices
    shoes = [mesh for mesh in finished_meshes(scene, person) if mesh.name == "shoe"]
    assert len(shoes) == 2
    for shoe, sign in zip(shoes, (1, -1), strict=True):
        foot = feet[feet[:, 0] * sign > 0]
        assert shoe.vertices[:, 2].min() == pytest.approx(foot[:, 2].min(), abs=1e-3)
        assert shoe.vertices[:, 1].min() < foot[:, 1].min() + 0.01
        assert shoe.vertices[:, 1].max() > foot[:, 1].max() - 0.01
        edges = np.sort(
            np.concatenate([shoe.faces[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))]), axis=1
        )
        counts = np.unique(edges, axis=0, return_counts=True)[1]
        assert (counts == 2).all()


def test_a_cut_picture_ends_between_hip_and_knee() -> None:
    sample = next(sample for sample in SAMPLES if sample.cut_at_thigh)
    person = build_person(sample.scene)
    camera = sample_camera(sample, person)
    knee = person.body.joint("lowerleg01.L")
    hip_px, knee_px = camera.project(np.stack([person.hips, knee]))[:, 1]
    assert hip_px < camera.height_px < knee_px
    head = person.meshes[0].vertices[person.meshes[0].vertices[:, 2].argmax()]
    assert 0 < camera.project(head[None])[0, 1] < 0.15 * camera.height_px


def test_a_seed_gives_the_same_small_scene_and_a_known_room() -> None:
    first, again = quick_scene(41), quick_scene(41)
    assert first == again
    scene, studio = first
    assert max(scene.width_px, scene.height_px) <= 800
    assert studio.room in ROOMS


def test_a_python_without_blender_is_an_error_with_its_reason(tmp_path: Path) -> None:
    sample = SAMPLES[0]
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\necho no bpy here >&2\nexit 1\n", encoding="utf-8")
    silent.chmod(0o755)
    camera = scene_camera(sample.scene, build_person(sample.scene))
    with blender(str(silent)) as worker, pytest.raises(BlenderError, match="no bpy here"):
        worker.draw(sample.scene, Studio("gym", 1), camera)
