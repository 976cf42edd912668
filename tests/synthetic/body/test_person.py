from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anny")

from synthetic.body.model import Build, load_body_model
from synthetic.body.person import ASIS_XZ_M, PSIS_XZ_M, make_body, pelvic_points
from synthetic.body.pose import ArmPose, Stance

BUILDS = [
    Build(),
    Build(sex="male", age_years=70, stature_m=1.82, fat=0.9, belly=0.8, buttocks=-1.0),
    Build(sex="female", age_years=22, stature_m=1.55, fat=-0.8, buttocks=1.0, hip_depth=0.8),
]


def test_frozen_points_lie_where_they_were_defined_on_the_default_body() -> None:
    points = pelvic_points(load_body_model().default_rest)
    for found, (x, z) in ((points.asis, ASIS_XZ_M), (points.psis, PSIS_XZ_M)):
        np.testing.assert_allclose(found[:, 0], [x, -x], atol=1e-3)
        np.testing.assert_allclose(found[:, 2], [z, z], atol=1e-3)
    assert points.asis[:, 1].max() < -0.09
    assert points.psis[:, 1].min() > 0.04
    assert points.tilt_deg == pytest.approx(11.2, abs=0.5)


@pytest.mark.parametrize("build", BUILDS)
def test_skin_over_the_pelvis_turns_by_exactly_what_was_asked(build: Build) -> None:
    bodies = [make_body(build, tilt, Stance(), ArmPose.COLLAR_BONES) for tilt in (-10.0, 0.0, 10.0)]
    angles = [body.pelvis.tilt_deg for body in bodies]
    np.testing.assert_allclose(angles, [-10.0, 0.0, 10.0], atol=0.05)


@pytest.mark.parametrize("build", BUILDS)
def test_drawn_stature_is_met(build: Build) -> None:
    body = make_body(build, 5.0, Stance(), ArmPose.HANGING)
    assert body.height_m == pytest.approx(build.stature_m, abs=0.01)


@pytest.mark.parametrize("tilt_deg", [-8.0, 28.0])
@pytest.mark.parametrize(
    "stance",
    [
        Stance(trunk_lean_deg=-6.0, lordosis_deg=15.0, kyphosis_deg=20.0, hip_sway_percent=6.0),
        Stance(trunk_lean_deg=9.0, lordosis_deg=-12.0, hip_sway_percent=-3.0, stagger_m=0.12),
    ],
)
def test_lean_and_sway_are_as_drawn_whatever_the_pelvis_does(
    tilt_deg: float, stance: Stance
) -> None:
    body = make_body(BUILDS[0], tilt_deg, stance, ArmPose.HANGING)
    hips, shoulders, ankles, knees = (
        (body.joint(f"{name}.L") + body.joint(f"{name}.R")) / 2
        for name in ("upperleg01", "upperarm01", "foot", "lowerleg01")
    )
    lean = np.degrees(np.arctan2(hips[1] - shoulders[1], shoulders[2] - hips[2]))
    assert lean == pytest.approx(stance.trunk_lean_deg, abs=0.1)
    leg = sum(
        np.linalg.norm(body.joint(f"{a}.L") - body.joint(f"{b}.L"))
        for a, b in (("upperleg01", "lowerleg01"), ("lowerleg01", "foot"))
    )
    assert 100 * (ankles[1] - hips[1]) / leg == pytest.approx(stance.hip_sway_percent, abs=0.3)
    assert knees[1] < (hips[1] + ankles[1]) / 2


def test_both_feet_stand_on_the_ground() -> None:
    stance = Stance(stagger_m=0.15, knee_bend_deg=10.0)
    body = make_body(BUILDS[0], 20.0, stance, ArmPose.CROSSED)
    assert body.vertices[:, 2].min() == pytest.approx(0.0, abs=1e-5)
    assert body.joint("foot.L")[2] == pytest.approx(body.joint("foot.R")[2], abs=1e-3)
    assert body.joint("foot.R")[1] - body.joint("foot.L")[1] == pytest.approx(0.15, abs=0.01)
