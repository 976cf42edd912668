"""Standing is told from stepping, with what is seen of each leg."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.stick_figures import Figure, mirrored, moved, pose_of, with_step
from vision.pose.estimate import Joint, PoseEstimate
from vision.pose.legs import are_feet_down, has_flat_foot, has_standing_leg, is_standing
from vision.result import Facing

ALL_INSIDE = np.ones(33, bool)


def stands(pose: PoseEstimate, facing: Facing = Facing.RIGHT) -> bool:
    return is_standing(pose, facing, ALL_INSIDE)


def seen(pose: PoseEstimate, visibility: float, *joints: Joint) -> PoseEstimate:
    changed = pose.visibility.copy()
    changed[list(joints)] = visibility
    return replace(pose, visibility=changed)


LEFT_LEG = (Joint.LEFT_KNEE, Joint.LEFT_ANKLE)


@given(st.floats(-0.15, 0.15), st.floats(164, 186), st.floats(-8, 10), st.sampled_from(Facing))
def test_whoever_stands_a_little_uneven_stands(
    ahead_m: float, knee_deg: float, lean_deg: float, facing: Facing
) -> None:
    figure = Figure(facing=facing, knee_deg=knee_deg, lean_deg=lean_deg)
    pose = with_step(ahead_m, figure=figure)
    assert stands(pose, facing)
    other = Facing.LEFT if facing is Facing.RIGHT else Facing.RIGHT
    assert stands(mirrored(pose), other)


@pytest.mark.parametrize("ahead_m", [0.3, -0.3, 0.6])
def test_a_long_step_is_no_stance(ahead_m: float) -> None:
    assert not stands(with_step(ahead_m))
    assert not are_feet_down(with_step(ahead_m), ALL_INSIDE)


def test_a_foot_in_the_air() -> None:
    lifted = with_step(0.0, up_m=0.25)
    assert not are_feet_down(lifted, ALL_INSIDE)
    # The far foot is often misplaced where it is not seen.
    assert are_feet_down(seen(lifted, 0.5, *LEFT_LEG), ALL_INSIDE)
    assert are_feet_down(with_step(0.0, up_m=0.1), ALL_INSIDE)


def test_somebody_on_their_toes() -> None:
    pose = pose_of(Figure())
    x, y = pose.xy_px[Joint.LEFT_FOOT_INDEX]
    raised = moved(pose, Joint.LEFT_HEEL, to_px=(float(x) - 50, float(y) - 60))
    assert not are_feet_down(raised, ALL_INSIDE)
    # A foot outside the picture is a guess.
    inside = ALL_INSIDE.copy()
    inside[Joint.LEFT_FOOT_INDEX] = False
    assert are_feet_down(raised, inside)


@pytest.mark.parametrize("visibility", [0.3, 0.9])
def test_a_bent_leg_counts_where_it_is_seen(visibility: float) -> None:
    pose = pose_of(Figure())
    x, y = pose.xy_px[Joint.LEFT_KNEE]
    bent = moved(pose, Joint.LEFT_KNEE, to_px=(float(x) + 90, float(y)))
    assert has_standing_leg(bent, Facing.RIGHT)
    assert stands(seen(bent, visibility, *LEFT_LEG)) is (visibility < 0.5)


def test_the_leg_that_is_seen_best_always_counts() -> None:
    bent = pose_of(Figure(knee_deg=130))
    assert not stands(seen(bent, 0.2, *LEFT_LEG, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE))


@pytest.mark.parametrize(("lean_deg", "expected"), [(19, True), (-19, True), (22, False)])
def test_the_trunk_is_over_the_legs(lean_deg: float, expected: bool) -> None:
    assert stands(pose_of(Figure(lean_deg=lean_deg))) is expected


def test_camera_roll_bends_nobody() -> None:
    assert stands(pose_of(Figure(roll_deg=15)))


def test_soles() -> None:
    assert has_flat_foot(pose_of(Figure()))
    assert not has_flat_foot(pose_of(Figure(roll_deg=40)))
