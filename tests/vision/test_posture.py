"""Posture numbers of figures that are known to stand so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.stick_figures import SHANK_M, THIGH_M, Figure, moved, pose_of
from vision.pose.estimate import Joint, PoseEstimate
from vision.result import Facing, Posture
from vision.scene import MIN_VISIBILITY, assess_posture, levelled

FACING = st.sampled_from(Facing)


def assess(pose: PoseEstimate, figure: Figure) -> Posture:
    return assess_posture(pose, figure.facing, pose.is_inside(figure.size_px))


def posture_of(figure: Figure) -> Posture:
    return assess(pose_of(figure), figure)


@settings(deadline=None)
@given(
    FACING, st.floats(-25, 25), st.floats(130, 200), st.floats(-0.15, 0.15), st.floats(-10, 40),
    st.floats(50, 240), st.floats(0, 7),
)  # fmt: skip
def test_numbers_are_those_of_the_figure(
    facing: Facing, lean_deg: float, knee_deg: float, hip_ahead_m: float, head_deg: float,
    trunk_px: float, yaw_deg: float,
) -> None:  # fmt: skip
    straight = yaw_deg < 1
    figure = Figure(
        facing=facing, lean_deg=lean_deg, knee_deg=knee_deg, hip_ahead_m=hip_ahead_m,
        head_ahead_deg=head_deg, trunk_px=trunk_px, yaw_deg=0.0 if straight else yaw_deg,
    )  # fmt: skip
    found = posture_of(figure)
    sway_percent = 100 * hip_ahead_m / (THIGH_M + SHANK_M)
    # A body turned away a little shows a little less of each forward length.
    within = 0.01 if straight else 0.5
    assert found.trunk_lean_deg == pytest.approx(lean_deg, abs=within)
    assert found.head_forward_deg == pytest.approx(lean_deg + head_deg, abs=within)
    assert found.knee_angle_deg == pytest.approx(knee_deg, abs=within)
    assert found.hip_sway_percent == pytest.approx(sway_percent, abs=within)


@pytest.mark.parametrize("facing", Facing)
def test_sway_back_shows_as_hips_ahead_and_trunk_behind(facing: Facing) -> None:
    found = posture_of(Figure(facing=facing, lean_deg=-8, hip_ahead_m=0.08))
    assert found.trunk_lean_deg is not None
    assert found.trunk_lean_deg < -7
    assert found.hip_sway_percent is not None
    assert found.hip_sway_percent > 9


@settings(deadline=None)
@given(FACING, st.floats(-12, 12), st.floats(-10, 10))
def test_a_camera_roll_does_not_show_once_levelled(
    facing: Facing, roll_deg: float, lean_deg: float
) -> None:
    figure = Figure(facing=facing, lean_deg=lean_deg, roll_deg=roll_deg)
    seen = pose_of(figure)
    inside = seen.is_inside(figure.size_px)
    found = assess_posture(levelled(seen, roll_deg), facing, inside)
    assert found.trunk_lean_deg == pytest.approx(lean_deg, abs=0.01)
    assert found.hip_sway_percent == pytest.approx(0, abs=0.01)
    assert found.knee_angle_deg == pytest.approx(180, abs=0.01)


NEEDS = {
    (Joint.LEFT_EAR, Joint.RIGHT_EAR): {"head_forward_deg"},
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER): {"head_forward_deg", "trunk_lean_deg"},
    (Joint.LEFT_HIP, Joint.RIGHT_HIP): {"trunk_lean_deg", "knee_angle_deg", "hip_sway_percent"},
    (Joint.LEFT_KNEE, Joint.RIGHT_KNEE): {"knee_angle_deg", "hip_sway_percent"},
    (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE): {"knee_angle_deg", "hip_sway_percent"},
}
NAMES = ("trunk_lean_deg", "hip_sway_percent", "knee_angle_deg", "head_forward_deg")


@pytest.mark.parametrize(("pair", "lost"), NEEDS.items())
@pytest.mark.parametrize("how", ["hidden", "outside"])
def test_what_is_not_seen_gives_no_number(
    pair: tuple[Joint, Joint], lost: set[str], how: str
) -> None:
    pose = pose_of(Figure())
    if how == "hidden":
        visibility = pose.visibility.copy()
        visibility[list(pair)] = MIN_VISIBILITY - 0.01
        pose = replace(pose, visibility=visibility)
    else:
        pose = moved(pose, *pair, to_px=(300.0, 1000.0))
    found = assess(pose, Figure())
    assert {name for name in NAMES if getattr(found, name) is None} == lost


@pytest.mark.parametrize("side", ["LEFT", "RIGHT"])
def test_one_seen_side_is_enough(side: str) -> None:
    figure = Figure(lean_deg=6, knee_deg=170, hip_ahead_m=0.03)
    pose = pose_of(figure)
    hidden = [joint for joint in Joint if joint.name.startswith(side)]
    visibility = pose.visibility.copy()
    visibility[hidden] = 0.1
    xy_px = pose.xy_px.copy()
    xy_px[hidden] += 40
    found = assess(replace(pose, visibility=visibility, xy_px=xy_px), figure)
    expected = posture_of(figure)
    np.testing.assert_allclose(
        [getattr(found, name) for name in NAMES], [getattr(expected, name) for name in NAMES]
    )


def test_a_leg_without_length_gives_no_sway() -> None:
    legs = [joint for joint in Joint if joint.name.endswith(("HIP", "KNEE", "ANKLE"))]
    found = assess(moved(pose_of(Figure()), *legs, to_px=(320.0, 480.0)), Figure())
    assert found.hip_sway_percent is None
