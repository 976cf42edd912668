"""True outlines look like the masks that the real estimator draws of the same bodies."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from synthetic.body.drape import surface_points
from synthetic.scene.arrangement import build_person, scene_camera
from synthetic.scene.sampling import sample_scene
from synthetic.training.augment import load_outlines
from synthetic.training.dataset import FIRST_SEED, apparent_tilt_deg, load_shard, save_shard
from synthetic.training.make import (
    VIEWS,
    draw_outline,
    make_outlines,
    make_shard,
    observe,
    scenes_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_an_outline_resembles_the_estimator_s_mask() -> None:
    shares = []
    for seed in range(4):
        scene = sample_scene(seed)
        sample = observe(scene, keep_picture=False)
        if sample is None:
            continue
        person = build_person(scene)
        points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
        outline = draw_outline(points, scene_camera(scene, person), sample.wide_matrix())
        shares.append(overlap(outline > 127, sample.wide > 127))
    assert len(shares) >= 3
    assert np.median(shares) > 0.9


def test_a_shard_of_outlines(tmp_path: Path) -> None:
    path = tmp_path / "outlines" / "0000000.npz"
    make_outlines(path, 0, 2)
    data = load_outlines(tmp_path)
    columns = [getattr(data, field.name).numpy() for field in fields(data)]
    assert {len(column) for column in columns} == {2 * VIEWS}
    wide, tilt_deg = data.wide.numpy(), data.tilt_deg.numpy()
    own = sample_scene(FIRST_SEED["outlines"])
    truth = {"facing": own.facing, "tilt_deg": own.tilt_deg, "roll_deg": own.roll_deg}
    assert tilt_deg[0] == pytest.approx(apparent_tilt_deg(truth), abs=0.01)
    assert ((wide > 127).mean(axis=(1, 2)) > 0.03).all()
    # ASIS ahead of PSIS, both on the body.
    asis, psis = np.split(data.points_px.numpy(), 2, axis=1)
    assert (asis[:, 0] > psis[:, 0]).all()
    for x, y in (asis.T, psis.T):
        assert (wide[range(len(wide)), np.rint(y).astype(int), np.rint(x).astype(int)] > 99).all()


def test_a_shard_with_pictures_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "test" / "0000000.npz"
    missed = make_shard(path, "test", 0, 2)
    samples = load_shard(path)
    assert len(samples) == 2 - missed
    assert all(sample.jpeg[:2] == b"\xff\xd8" for sample in samples)
    save_shard(path, samples)
    assert [s.truth for s in load_shard(path)] == [s.truth for s in samples]


def test_a_swept_body_differs_in_tilt_alone() -> None:
    scenes = scenes_of("sweep", 0)
    assert [scene.tilt_deg for scene in scenes] == [-5, 0, 5, 10, 15, 20, 25]
    assert len({(scene.build, scene.outfit, scene.yaw_deg) for scene in scenes}) == 1
