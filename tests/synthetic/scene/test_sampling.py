"""What is drawn, and how often; and what stays as it is when somebody is seen again."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.clothing.wardrobe import Bottom, Outfit
from synthetic.scene.sampling import (
    BONES_SD_DEG,
    TILT_RANGE_DEG,
    judging_scene,
    sample_scene,
    seen_anew,
    stood_anew,
)

if TYPE_CHECKING:
    from synthetic.body.pose import Stance
    from synthetic.scene.arrangement import BodyScene

SCENES = [sample_scene(seed) for seed in range(1000)]
JUDGING = [judging_scene(seed) for seed in range(300)]


def changed(one: BodyScene | Outfit | Stance, other: BodyScene | Outfit | Stance) -> set[str]:
    """The names of what differs."""
    return {f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)}


def outlines_deg(scenes: list[BodyScene]) -> np.ndarray:
    return np.array([scene.tilt_deg - scene.bones.shape_deg for scene in scenes])


def shapes_deg(scenes: list[BodyScene]) -> np.ndarray:
    return np.array([scene.bones.shape_deg for scene in scenes])


def test_what_shows_of_the_tilt_is_drawn_evenly() -> None:
    counts, _ = np.histogram(outlines_deg(SCENES), bins=5, range=TILT_RANGE_DEG)
    assert counts.sum() == len(SCENES)
    # Four standard deviations of a count.
    assert np.abs(counts - 200).max() < 4 * np.sqrt(200)


def test_the_bones_shape_is_bell_shaped_and_says_nothing_of_the_rest() -> None:
    shapes = shapes_deg(SCENES)
    assert shapes.mean() == pytest.approx(0, abs=4 * BONES_SD_DEG / np.sqrt(len(SCENES)))
    assert shapes.std() == pytest.approx(BONES_SD_DEG, rel=0.1)
    assert (np.abs(shapes) < BONES_SD_DEG).mean() == pytest.approx(0.68, abs=0.06)
    shown = {
        "outline": outlines_deg(SCENES),
        "lordosis": [scene.stance.lordosis_deg for scene in SCENES],
        "lean": [scene.stance.trunk_lean_deg for scene in SCENES],
        "sway": [scene.stance.hip_sway_percent for scene in SCENES],
        "waist": [scene.outfit.waist_offset_deg for scene in SCENES],
        "fat": [scene.build.fat for scene in SCENES],
        "sex": [scene.build.sex == "male" for scene in SCENES],
        "share": [scene.flesh.share if scene.flesh else 1.0 for scene in SCENES],
    }
    for name, values in shown.items():
        along = np.corrcoef(shapes, np.asarray(values, float))[0, 1]
        assert abs(along) < 4 / np.sqrt(len(SCENES)), name


def test_every_body_has_flesh_and_bones_of_its_own() -> None:
    assert len({scene.flesh for scene in SCENES}) == len(SCENES)
    assert len({scene.bones for scene in SCENES}) == len(SCENES)


def test_edges_of_flesh_lie_one_above_the_other() -> None:
    for scene in SCENES + JUDGING:
        flesh = scene.flesh
        assert flesh is not None
        for low, top in (
            (flesh.low_front_m, flesh.top_front_m),
            (flesh.low_back_m, flesh.top_back_m),
        ):
            assert low[0] < low[1]
            assert top[0] < top[1]
            assert sum(low) < sum(top)
        assert 0 < flesh.share <= 1


def test_a_seed_always_draws_the_same() -> None:
    for draw in (sample_scene, judging_scene):
        assert draw(17) == draw(17)
        assert draw(17) != draw(18)


# -- scenes for judging


def test_flesh_is_round_where_it_is_judged_and_never_where_it_is_trained_on() -> None:
    assert not any(scene.flesh is None or scene.flesh.is_round for scene in SCENES)
    assert all(scene.flesh is not None and scene.flesh.is_round for scene in JUDGING)


@pytest.mark.parametrize("name", ["top_length", "leg_width_m", "sleeve_change"])
def test_clothes_are_judged_that_are_never_trained_on(name: str) -> None:
    trained, judged = (
        np.array([getattr(scene.outfit, name) for scene in scenes]) for scenes in (SCENES, JUDGING)
    )
    assert judged.min() > trained.max() or judged.max() <= trained.min()


def test_skirts_are_judged_that_are_wider_than_any_trained_on() -> None:
    def flares(scenes: list[BodyScene]) -> list[float]:
        skirts = (s.outfit for s in scenes if s.outfit.bottom in {Bottom.SKIRT, Bottom.NONE})
        return [outfit.flare for outfit in skirts]

    assert min(flares(JUDGING)) > max(flares(SCENES))


def test_a_judged_scene_is_otherwise_drawn_as_all_are() -> None:
    for plain, judged in zip(SCENES, JUDGING, strict=False):
        assert changed(plain, judged) == {"outfit", "flesh"}
        assert changed(plain.outfit, judged.outfit) <= {
            "top_length",
            "hem_slope",
            "waist_rise_m",
            "leg_width_m",
            "flare",
            "sleeve_change",
        }
        assert judged.outfit.waist_rise_m >= plain.outfit.waist_rise_m


# -- the same person again


CAMERA = {"yaw_deg", "roll_deg", "pitch_deg", "camera_height_m", "camera_distance_m"}


def test_another_camera_sees_the_same_person() -> None:
    for seed in range(20):
        again = seen_anew(SCENES[seed], np.random.default_rng(seed))
        assert changed(SCENES[seed], again) == CAMERA


def test_other_cameras_are_drawn_as_the_first_was() -> None:
    rng = np.random.default_rng(3)
    anew = [seen_anew(scene, rng) for scene in SCENES]
    for name in CAMERA:
        first, second = (
            np.array([getattr(scene, name) for scene in scenes]) for scenes in (SCENES, anew)
        )
        spread = first.std()
        assert second.mean() == pytest.approx(first.mean(), abs=4 * spread * np.sqrt(2 / 1000))
        assert second.std() == pytest.approx(spread, rel=0.15), name
        assert second.min() >= first.min() - spread
        assert second.max() <= first.max() + spread


def test_a_stance_taken_up_again_differs_a_little_and_the_pelvis_not_at_all() -> None:
    rng = np.random.default_rng(4)
    anew = [stood_anew(scene, rng) for scene in SCENES]
    for scene, again in zip(SCENES, anew, strict=True):
        assert changed(scene, again) <= {"stance", "yaw_deg"}
        assert changed(scene.stance, again.stance) <= {
            "trunk_lean_deg",
            "hip_sway_percent",
            "knee_bend_deg",
        }
    leans = [
        a.stance.trunk_lean_deg - s.stance.trunk_lean_deg for s, a in zip(SCENES, anew, strict=True)
    ]
    assert np.mean(leans) == pytest.approx(0, abs=0.15)
    assert 0.4 < np.std(leans) < 1.5
    assert max(abs(scene.yaw_deg) for scene in anew) <= 15


def test_a_stance_taken_up_again_is_another_each_time() -> None:
    rng = np.random.default_rng(5)
    scene = replace(SCENES[0], yaw_deg=0.0)
    assert len({stood_anew(scene, rng).stance for _ in range(9)}) == 9
