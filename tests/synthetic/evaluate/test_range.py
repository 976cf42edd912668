"""The judge of the range test: right truths, and figures that mean what they say."""

from __future__ import annotations

import pytest

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.body.pose import ArmPose
from synthetic.evaluate.range import (
    CHOOSING_SEED,
    FIRST_SEED,
    RangeTrial,
    figures,
    scenes_of,
)
from tests.made_up_results import tilt
from vision.range_of_motion import Likely


def trial(*answers_deg: float | None) -> RangeTrial:
    answers = tuple(None if one is None else tilt(one, 4.0) for one in answers_deg)
    return RangeTrial((2.0, 10.0, 22.0), answers)


def test_a_trial_knows_its_range_and_place() -> None:
    one = trial(3.0, 11.0, 23.0)
    assert one.true_range_deg == 20
    assert one.true_place_percent == pytest.approx(40)
    found = one.result(is_one_camera=True)
    assert found is not None
    assert found.range_deg.value == 20


@pytest.mark.parametrize("answers_deg", [(3.0, None, 23.0), (12.0, 12.0, 12.0)])
def test_what_is_refused_has_no_result(answers_deg: tuple[float | None, ...]) -> None:
    assert trial(*answers_deg).result(is_one_camera=True) is None


@pytest.mark.parametrize("is_one_camera", [True, False])
def test_one_body_is_seen_in_three_positions(is_one_camera: bool) -> None:
    tucked, relaxed, arched = scenes = scenes_of(FIRST_SEED, is_one_camera=is_one_camera)
    assert tucked.tilt_deg < relaxed.tilt_deg < arched.tilt_deg
    assert len({scene.build for scene in scenes}) == 1
    assert len({scene.outfit for scene in scenes}) == 1
    assert {scene.arms for scene in scenes} == {ArmPose.COLLAR_BONES}
    assert len({scene.camera_distance_m for scene in scenes}) == (1 if is_one_camera else 3)


def test_figures_are_of_error_cover_and_width() -> None:
    said = [(20.0, Likely(21.0, 18.0, 24.0)), (20.0, Likely(17.0, 15.0, 19.0))]
    assert figures(said) == ["2", "2.00", "-1.00", "50%", "2.5", "3.0"]


def test_constants_were_chosen_on_other_bodies() -> None:
    assert abs(CHOOSING_SEED - FIRST_SEED) >= 100_000
