"""The gate: every check just inside, between and just outside its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made_up_results import LENS
from tests.vision.sightings import frame_of
from tests.vision.stick_figures import Figure, moved, pose_of, textured_picture, with_step
from vision.pose.estimate import Joint, PoseEstimate
from vision.quality import (
    BODY_AXIS_LIMITS_DEG,
    BRIGHTNESS_LIMITS,
    SHARPNESS_LIMITS,
    TRUNK_LIMITS_PX,
    YAW_LIMITS_DEG,
    Light,
    assess_lens,
    assess_light,
    assess_quality,
)
from vision.result import Facing, Method, Reason, ReasonCode, Severity
from vision.scene import Scene, given_vertical, levelled, seen_vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

R, W = Severity.REFUSE, Severity.WARN
GOOD = Figure()
FINE = Light(200, 0.4)
ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
TOES = (Joint.LEFT_FOOT_INDEX, Joint.RIGHT_FOOT_INDEX)


@dataclass(frozen=True, slots=True)
class View(Scene):
    """A scene whose person is as large in the full picture as is said."""

    full_trunk_px: float = 240.0

    @property
    def trunk_px(self) -> float:
        return self.full_trunk_px


def view_of(
    pose: PoseEstimate, facing: Facing = Facing.RIGHT, others: Sequence[PoseEstimate] = ()
) -> View:
    return View(frame_of(GOOD), [pose, *others], pose, facing, 0.0, given_vertical(0.0), LENS)


def verdict(view: Scene, light: Light = FINE) -> set[tuple[ReasonCode, Severity]]:
    return {(reason.code, reason.severity) for reason in assess_quality(view, light)}


def of_figure(figure: Figure) -> set[tuple[ReasonCode, Severity]]:
    return verdict(view_of(pose_of(figure), figure.facing))


def expect(code: ReasonCode, severity: Severity | None) -> set[tuple[ReasonCode, Severity]]:
    return set() if severity is None else {(code, severity)}


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize("arms", ["chest", "forward"])
def test_a_good_picture_has_nothing_against_it(facing: Facing, arms: str) -> None:
    assert of_figure(Figure(facing=facing, arms=arms)) == set()


def test_limits_are_those_of_the_protocol() -> None:
    assert YAW_LIMITS_DEG == (15, 10)
    assert TRUNK_LIMITS_PX == (120, 200)
    assert BODY_AXIS_LIMITS_DEG[0] == 10


@pytest.mark.parametrize(
    ("yaw_deg", "severity"), [(0, None), (10, None), (10.1, W), (15, W), (15.1, R), (90, R)]
)
def test_yaw(yaw_deg: float, severity: Severity | None) -> None:
    view = replace(view_of(pose_of(GOOD)), yaw_deg=yaw_deg)
    assert verdict(view) == expect(ReasonCode.NOT_SIDE_ON, severity)


@pytest.mark.parametrize(
    ("trunk_px", "severity"), [(1000, None), (200, None), (199.9, W), (120, W), (119.9, R), (5, R)]
)
def test_size(trunk_px: float, severity: Severity | None) -> None:
    view = replace(view_of(pose_of(GOOD)), full_trunk_px=trunk_px)
    assert verdict(view) == expect(ReasonCode.TOO_SMALL, severity)


@pytest.mark.parametrize(
    ("brightness", "severity"),
    [(255, None), (BRIGHTNESS_LIMITS[1], None), (BRIGHTNESS_LIMITS[1] - 1, W),
     (BRIGHTNESS_LIMITS[0], W), (BRIGHTNESS_LIMITS[0] - 1, R), (0, R)],
)  # fmt: skip
def test_brightness(brightness: float, severity: Severity | None) -> None:
    light = Light(brightness, 0.4)
    assert verdict(view_of(pose_of(GOOD)), light) == expect(ReasonCode.TOO_DARK, severity)


@pytest.mark.parametrize(
    ("sharpness", "severity"),
    [(1, None), (SHARPNESS_LIMITS[1], None), (SHARPNESS_LIMITS[1] - 0.01, W),
     (SHARPNESS_LIMITS[0], W), (SHARPNESS_LIMITS[0] - 0.01, R), (0, R)],
)  # fmt: skip
def test_sharpness(sharpness: float, severity: Severity | None) -> None:
    light = Light(200, sharpness)
    assert verdict(view_of(pose_of(GOOD)), light) == expect(ReasonCode.BLURRED, severity)


def test_a_near_black_picture_is_refused() -> None:
    dark = assess_light(textured_picture(GOOD) // 16, pose_of(GOOD))
    assert (ReasonCode.TOO_DARK, R) in verdict(view_of(pose_of(GOOD)), dark)


# -- people


def smaller(share: float, hip_x_px: float = 120.0) -> PoseEstimate:
    return pose_of(replace(GOOD, trunk_px=240 * share, hip_px=(hip_x_px, 480.0)))


@pytest.mark.parametrize(("share", "severity"), [(1, R), (0.62, R), (0.58, W), (0.2, W)])
def test_a_second_person(share: float, severity: Severity) -> None:
    view = view_of(pose_of(GOOD), others=[smaller(share)])
    assert verdict(view) == {(ReasonCode.SEVERAL_PEOPLE, severity)}


def test_the_sentence_counts_the_people_of_similar_size() -> None:
    people = [smaller(0.9), smaller(0.8, hip_x_px=520.0)]
    (reason,) = assess_quality(view_of(pose_of(GOOD), others=people), FINE)
    assert "3 people" in reason.message
    view = view_of(pose_of(GOOD), others=[people[0], smaller(0.3, 520.0)])
    (reason,) = assess_quality(view, FINE)
    assert "2 people" in reason.message


# -- position


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize(
    ("lean_deg", "codes"),
    [
        (0, set()),
        (19, set()),
        (-19, set()),
        (21, {ReasonCode.NOT_STANDING}),
        (-21, {ReasonCode.NOT_STANDING}),
        (31, {ReasonCode.NOT_STANDING}),
        (-31, {ReasonCode.NOT_STANDING}),
        (49, {ReasonCode.NOT_STANDING}),
        (51, {ReasonCode.NOT_STANDING, ReasonCode.NOT_UPRIGHT}),
        (-90, {ReasonCode.NOT_STANDING, ReasonCode.NOT_UPRIGHT}),
        (119, {ReasonCode.NOT_STANDING, ReasonCode.NOT_UPRIGHT}),
        (121, {ReasonCode.NOT_UPRIGHT}),
        (180, {ReasonCode.NOT_UPRIGHT}),
    ],
)
def test_trunk_lean(facing: Facing, lean_deg: float, codes: set[ReasonCode]) -> None:
    figure = Figure(facing=facing, lean_deg=lean_deg, trunk_px=150, hip_px=(320.0, 400.0))
    assert of_figure(figure) == {(code, R) for code in codes}


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize("roll_deg", [90, -90, 180])
def test_a_turned_picture(facing: Facing, roll_deg: float) -> None:
    found = of_figure(Figure(facing=facing, roll_deg=roll_deg, trunk_px=130, hip_px=(320.0, 500.0)))
    assert (ReasonCode.NOT_UPRIGHT, R) in found
    assert {code for code, _ in found} <= {ReasonCode.NOT_UPRIGHT, ReasonCode.NOT_STANDING}


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize(
    ("knee_deg", "severity"), [(180, None), (151, None), (209, None), (149, R), (211, R), (90, R)]
)
def test_knees(facing: Facing, knee_deg: float, severity: Severity | None) -> None:
    found = of_figure(Figure(facing=facing, knee_deg=knee_deg))
    assert found == expect(ReasonCode.NOT_STANDING, severity)


@pytest.mark.parametrize(
    ("forward_m", "severity"), [(0.25, None), (-0.25, None), (0.35, R), (-0.35, R), (0.47, R)]
)
def test_the_trunk_must_be_in_line_with_the_legs(
    forward_m: float, severity: Severity | None
) -> None:
    # Legs straight, feet that far behind or ahead of the hip: up to 20 deg is standing.
    found = of_figure(Figure(hip_ahead_m=forward_m))
    assert found == expect(ReasonCode.NOT_STANDING, severity)


def test_one_standing_leg_is_not_enough() -> None:
    pose = pose_of(GOOD)
    hip_x, hip_y = pose.xy_px[Joint.LEFT_HIP]
    raised = moved(pose, Joint.LEFT_KNEE, to_px=(float(hip_x) + 150, float(hip_y) + 60))
    assert verdict(view_of(raised)) == {(ReasonCode.NOT_STANDING, R)}


@pytest.mark.parametrize(("ahead_m", "severity"), [(0.15, None), (-0.15, None), (0.3, R)])
def test_a_step(ahead_m: float, severity: Severity | None) -> None:
    assert verdict(view_of(with_step(ahead_m))) == expect(ReasonCode.NOT_STANDING, severity)


def test_somebody_turned_is_told_to_turn_and_nothing_of_the_feet() -> None:
    view = replace(view_of(with_step(0.3)), yaw_deg=50.0)
    assert verdict(view) == {(ReasonCode.NOT_SIDE_ON, R)}


def test_a_tilted_camera_is_told_beside_feet_apart() -> None:
    pose = with_step(0.4, figure=Figure(roll_deg=14))
    view = replace(view_of(pose), vertical=seen_vertical(None))
    assert {(ReasonCode.CAMERA_TILTED, R), (ReasonCode.NOT_STANDING, R)} <= verdict(view)


# -- body inside the picture


@pytest.mark.parametrize(
    "joint", [Joint.NOSE, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_KNEE, *ANKLES]
)
def test_a_needed_landmark_outside_refuses(joint: Joint) -> None:
    pose = pose_of(GOOD)
    x, y = (float(value) for value in pose.xy_px[joint])
    # Moved sideways only where that does not bend the body as well.
    above = joint is Joint.NOSE
    outside = moved(pose, joint, to_px=(x, -0.1) if above else (x, 1000.0 if y > 480 else -0.1))
    assert (ReasonCode.BODY_CUT_OFF, R) in verdict(view_of(outside))


@pytest.mark.parametrize(
    ("height_px", "severity"),
    [(1000, None), (898, None), (895, W), (875, W), (873, R), (700, R)],
)
def test_feet_cut_off(height_px: int, severity: Severity | None) -> None:
    # Ankles at y = 873.6, toes at 897.6: toes may be cut off, ankles not.
    view = replace(view_of(pose_of(GOOD)), frame=frame_of(replace(GOOD, height_px=height_px)))
    assert verdict(view) == expect(ReasonCode.BODY_CUT_OFF, severity)


def test_one_toe_outside_warns() -> None:
    pose = moved(pose_of(GOOD), TOES[0], to_px=(350.0, 1001.0))
    assert verdict(view_of(pose)) == {(ReasonCode.BODY_CUT_OFF, W)}


def test_hands_may_be_outside() -> None:
    hands = [joint for joint in Joint if joint.name.endswith(("WRIST", "PINKY", "INDEX", "THUMB"))]
    hands = [joint for joint in hands if "FOOT" not in joint.name]
    pose = moved(pose_of(GOOD), *hands, to_px=(900.0, 300.0))
    assert verdict(view_of(pose)) == set()


# -- arms


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize(("arms", "severity"), [("chest", None), ("forward", None), ("hanging", W)])
def test_arms(facing: Facing, arms: str, severity: Severity | None) -> None:
    assert of_figure(Figure(facing=facing, arms=arms)) == expect(
        ReasonCode.ARMS_OVER_PELVIS, severity
    )


def test_a_forearm_across_the_pelvis_is_seen_between_its_ends() -> None:
    pose = moved(pose_of(GOOD), Joint.LEFT_ELBOW, to_px=(180.0, 470.0))
    pose = moved(pose, Joint.LEFT_WRIST, Joint.LEFT_INDEX, to_px=(460.0, 470.0))
    assert verdict(view_of(pose)) == {(ReasonCode.ARMS_OVER_PELVIS, W)}


def test_an_arm_behind_the_body_hides_nothing() -> None:
    pose = pose_of(replace(GOOD, arms="hanging"))
    visibility = pose.visibility.copy()
    visibility[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = 0.3
    assert verdict(view_of(replace(pose, visibility=visibility))) == set()


# -- camera roll


@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize(
    ("roll_deg", "severity"),
    [(0, None), (6.5, None), (-6.5, None), (7.5, W), (-9.5, W), (10.5, R), (-15, R)],
)
def test_an_assumed_vertical(facing: Facing, roll_deg: float, severity: Severity | None) -> None:
    pose = pose_of(Figure(facing=facing, roll_deg=roll_deg))
    view = replace(view_of(pose, facing), vertical=seen_vertical(None))
    assert verdict(view) == {
        (ReasonCode.VERTICAL_ASSUMED, W),
        *expect(ReasonCode.CAMERA_TILTED, severity),
    }


@pytest.mark.parametrize("roll_deg", [-14, 9, 20])
def test_a_known_vertical_leaves_nothing_to_warn_of(roll_deg: float) -> None:
    pose = pose_of(Figure(roll_deg=roll_deg, trunk_px=200))
    view = replace(view_of(pose), level=levelled(pose, roll_deg))
    assert verdict(view) == set()


# -- the list as a whole


@settings(deadline=None)
@given(
    st.sampled_from(Facing), st.floats(-180, 180), st.floats(90, 210), st.floats(0, 90),
    st.floats(20, 400), st.booleans(), st.sampled_from(["chest", "hanging", "forward"]),
)  # fmt: skip
def test_refusals_come_first_and_no_code_twice(
    facing: Facing, lean_deg: float, knee_deg: float, yaw_deg: float, trunk_px: float,
    known: bool, arms: str,
) -> None:  # fmt: skip
    figure = Figure(
        facing=facing, lean_deg=lean_deg, knee_deg=knee_deg, trunk_px=trunk_px, arms=arms
    )
    vertical = given_vertical(0.0) if known else seen_vertical(None)
    view = replace(
        view_of(pose_of(figure), facing),
        yaw_deg=yaw_deg,
        full_trunk_px=trunk_px,
        vertical=vertical,
    )
    reasons = assess_quality(view, FINE)
    severities = [reason.severity for reason in reasons]
    assert severities == sorted(severities, key=[R, W].index)
    codes = [reason.code for reason in reasons]
    assert len(codes) == len(set(codes))
    for reason in reasons:
        assert isinstance(reason, Reason)
        assert "{" not in reason.message


def test_the_gate_does_not_change_what_it_looks_at() -> None:
    pose = pose_of(GOOD)
    before = pose.xy_px.copy()
    assess_quality(view_of(pose), FINE)
    np.testing.assert_array_equal(pose.xy_px, before)


@pytest.mark.parametrize(
    ("down_deg", "sd_deg", "method", "code"),
    [
        (6.0, 1.0, Method.MARKED, ReasonCode.LENS_HIGH),
        (6.0, 1.0, Method.STICKERS, ReasonCode.LENS_HIGH),
        (-6.0, 1.0, Method.MARKED, ReasonCode.LENS_LOW),
        (6.0, 1.0, Method.CONTOUR, None),
        (12.0, 1.0, Method.CONTOUR, ReasonCode.LENS_HIGH),
        (4.0, 1.0, Method.MARKED, None),
        (6.0, 5.0, Method.MARKED, None),
    ],
)
def test_a_lens_far_off_is_told_where_that_is_sure_and_matters(
    down_deg: float, sd_deg: float, method: Method, code: ReasonCode | None
) -> None:
    height_cm = 260 * np.tan(np.radians(down_deg))
    lens = replace(LENS, down_deg=down_deg, down_sd_deg=sd_deg, above_hips_cm=height_cm)
    assert [reason.code for reason in assess_lens(lens, method)] == ([code] if code else [])


def test_how_high_a_lens_stood_is_told_in_tens() -> None:
    lens = replace(LENS, down_deg=9.0, down_sd_deg=1.0, above_hips_cm=38.2)
    (reason,) = assess_lens(lens, Method.MARKED)
    assert reason.message == "The camera stood about 40 cm above the hips."
    assert reason.fix == "Put it at the height of the hips."
