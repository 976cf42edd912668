from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anny")

from synthetic.body.model import Build, Flesh, load_body_model, phenotype_of
from synthetic.body.person import (
    ASIS_XZ_M,
    PSIS_XZ_M,
    REST_TILT_DEG,
    Body,
    Bones,
    bony_points,
    make_body,
    pelvic_points,
)
from synthetic.body.pose import ArmPose, Stance

BUILDS = [
    Build(),
    Build(sex="male", age_years=70, stature_m=1.82, fat=0.9, belly=0.8, buttocks=-1.0),
    Build(sex="female", age_years=22, stature_m=1.55, fat=-0.8, buttocks=1.0, hip_depth=0.8),
]
BONES = [
    Bones(),
    Bones(shape_deg=7.0, asis_shift_m=(0.01, -0.006), psis_shift_m=(-0.005, 0.01)),
    Bones(shape_deg=-9.0, asis_share=0.3),
]
FLESHES = [
    Flesh(),
    Flesh(
        low_front_m=(-0.1, 0.06),
        low_back_m=(-0.12, 0.05),
        top_front_m=(0.1, 0.3),
        top_back_m=(0.12, 0.28),
        share=0.85,
        is_round=True,
    ),
]


def test_frozen_points_lie_where_they_were_defined_on_the_default_body() -> None:
    points = pelvic_points(load_body_model().default_rest)
    for found, (x, z) in ((points.asis, ASIS_XZ_M), (points.psis, PSIS_XZ_M)):
        np.testing.assert_allclose(found[:, 0], [x, -x], atol=1e-3)
        np.testing.assert_allclose(found[:, 2], [z, z], atol=1e-3)
    assert points.asis[:, 1].max() < -0.09
    assert points.psis[:, 1].min() > 0.04
    assert points.tilt_deg == pytest.approx(REST_TILT_DEG, abs=0.5)


@pytest.mark.parametrize("build", BUILDS)
def test_the_pelvis_turns_by_exactly_what_was_asked(build: Build) -> None:
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


# -- what nobody sees


def unposed(build: Build) -> np.ndarray:
    return load_body_model().rest(*phenotype_of(build))[0]


def off_mean(body: Body) -> np.ndarray:
    """The skin, wherever the body stands: it stands by its bony points."""
    across = body.vertices[:, :2] - body.vertices[:, :2].mean(axis=0)
    return np.column_stack([across, body.vertices[:, 2]])


def test_the_usual_bones_of_the_default_body_are_where_they_were_defined() -> None:
    rest = load_body_model().default_rest
    bony, skin = bony_points(rest, Bones()), pelvic_points(rest)
    for found, told in ((bony.asis, skin.asis), (bony.psis, skin.psis)):
        np.testing.assert_allclose(found, told, atol=3e-3)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("bones", BONES)
def test_unposed_bones_have_the_usual_tilt_and_their_own_shape_whatever_the_build(
    build: Build, bones: Bones
) -> None:
    points = bony_points(unposed(build), bones)
    assert points.tilt_deg == pytest.approx(REST_TILT_DEG + bones.shape_deg, abs=1e-6)


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("bones", BONES)
def test_bony_points_lie_at_the_skin_the_same_on_both_sides(build: Build, bones: Bones) -> None:
    skin = unposed(build)
    points = bony_points(skin, bones)
    for place in (*points.asis, *points.psis):
        assert np.linalg.norm(skin - place, axis=1).min() < 0.02
    for left, right in (points.asis, points.psis):
        np.testing.assert_allclose(left, right * [-1, 1, 1], atol=2e-3)
    assert points.asis[:, 1].max() < points.psis[:, 1].min() - 0.08


@pytest.mark.parametrize(("share", "moves"), [(0.0, (False, True)), (1.0, (True, False))])
def test_a_shape_is_due_to_one_of_the_points_or_to_the_other(
    share: float, moves: tuple[bool, bool]
) -> None:
    skin = unposed(BUILDS[0])
    usual, other = (bony_points(skin, Bones(shape, asis_share=share)) for shape in (0.0, 8.0))
    risen_m = other.asis[0, 2] - usual.asis[0, 2], other.psis[0, 2] - usual.psis[0, 2]
    for rise_m, sign, does_move in zip(risen_m, (-1, 1), moves, strict=True):
        if does_move:
            assert sign * rise_m > 0.012
        else:
            assert abs(rise_m) < 0.012 / 4


@pytest.mark.parametrize("build", BUILDS)
def test_the_bones_shape_shows_nowhere_on_the_skin(build: Build) -> None:
    usual = make_body(build, 9.0, Stance(), ArmPose.HANGING)
    assert usual.outline_deg == 9.0
    for bones in BONES:
        hidden = (None, bones)
        tilt_deg = 9.0 + bones.shape_deg
        body = make_body(build, tilt_deg, Stance(), ArmPose.HANGING, hidden=hidden)
        assert body.pelvis.tilt_deg == pytest.approx(tilt_deg, abs=1e-4)
        assert body.outline_deg == pytest.approx(9.0)
        np.testing.assert_allclose(off_mean(body), off_mean(usual), atol=1e-4)


@pytest.mark.parametrize("flesh", FLESHES)
def test_the_bones_turn_by_what_was_asked_whatever_the_flesh(flesh: Flesh) -> None:
    bodies = [
        make_body(BUILDS[0], tilt, Stance(), ArmPose.FORWARD, hidden=(flesh, BONES[1]))
        for tilt in (-5.0, 20.0)
    ]
    assert [body.pelvis.tilt_deg for body in bodies] == pytest.approx([-5.0, 20.0], abs=1e-4)


def test_flesh_that_follows_less_turns_less() -> None:
    """How far the skin over the bony points turns between two tilts of the bone."""
    turned = []
    for share in (0.5, 0.8, 1.0):
        slow, fast = (
            pelvic_points(
                make_body(
                    BUILDS[0], tilt, Stance(), ArmPose.FORWARD, hidden=(Flesh(share=share), Bones())
                ).vertices
            ).tilt_deg
            for tilt in (0.0, 15.0)
        )
        turned.append(fast - slow)
    assert turned[0] < turned[1] - 0.5 < turned[2] - 1.0
    assert turned[2] == pytest.approx(15.0, abs=0.1)


def test_the_point_between_the_bones_stands_above_the_origin() -> None:
    for bones in BONES:
        body = make_body(BUILDS[1], 14.0, Stance(), ArmPose.HANGING, hidden=(FLESHES[1], bones))
        np.testing.assert_allclose(body.pelvis.middle[:2], 0, atol=1e-6)
        assert body.vertices[:, 2].min() == pytest.approx(0, abs=1e-5)
