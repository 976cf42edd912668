"""The leg lift from the front and obliquely from the feet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.coach.lying_figures import Camera, SideLying, lying_joints, seen, sightings
from tests.vision.coach.scenes import (
    FROM_FEET,
    FRONT,
    bridging,
    faults,
    lifting,
    mirrored,
    moments,
    other,
    up_and_down,
)
from vision.coach.coaching import Coach
from vision.coach.events import CoachCue, CoachedExercise, FormFault, LegSide

LIFT = CoachedExercise.LEG_LIFT
REST_DEG = -4.0
ONE = up_and_down(32.0, REST_DEG)


def facing(upper: LegSide, camera: Camera = FRONT) -> Camera:
    """Return the camera at the front of somebody who has this leg above."""
    yaw_deg = camera.yaw_deg
    return Camera(yaw_deg=yaw_deg, height_m=camera.height_m, head_right=upper is LegSide.RIGHT)


@pytest.mark.parametrize("upper", list(LegSide))
@pytest.mark.parametrize("lower_bent_deg", [0.0, 60.0])
def test_three_lifts_of_either_leg(upper: LegSide, lower_bent_deg: float) -> None:
    coach = Coach(LIFT, 3)
    body = SideLying(upper=upper, lower_bent_deg=lower_bent_deg)
    said = moments(coach, lifting(*ONE * 3, body=body, camera=facing(upper)))
    finished = next(moment.finished for moment in said if moment.finished is not None)
    assert len(finished.repetitions) == 3
    assert finished.side is upper
    assert not faults(said)
    for repetition in finished.repetitions:
        assert repetition.top_deg == pytest.approx(32.0, abs=5)
        assert 1.0 <= repetition.hold_s <= 2.0


@settings(max_examples=20, deadline=None)
@given(
    top_deg=st.floats(29, 38),
    up_s=st.floats(0.8, 2.0),
    yaw_deg=st.floats(-15, 20),
    height_m=st.floats(0.3, 1.0),
    upper=st.sampled_from(list(LegSide)),
)
def test_a_lift_counts_from_wherever_it_is_seen(
    top_deg: float, up_s: float, yaw_deg: float, height_m: float, upper: LegSide
) -> None:
    camera = facing(upper, Camera(yaw_deg=yaw_deg, height_m=height_m))
    ways = up_and_down(top_deg, REST_DEG, up_s=up_s) * 2
    pictures = lifting(*ways, body=SideLying(upper=upper), camera=camera)
    coach = Coach(LIFT)
    said = moments(coach, pictures)
    finished = coach.finish_now()
    assert len(finished.repetitions) == 2
    assert finished.side is upper
    assert not faults(said)
    coach = Coach(LIFT)
    in_mirror = moments(coach, [mirrored(picture) for picture in pictures])
    assert [one.repetitions for one in in_mirror] == [one.repetitions for one in said]
    assert coach.finish_now().side is other(upper)


@pytest.mark.parametrize("upper", list(LegSide))
def test_it_counts_from_the_feet_as_well(upper: LegSide) -> None:
    coach = Coach(LIFT)
    body = SideLying(upper=upper)
    said = moments(coach, lifting(*ONE * 3, body=body, camera=facing(upper, FROM_FEET)))
    assert len(coach.finish_now().repetitions) == 3
    assert not faults(said)


@pytest.mark.parametrize(
    ("ways", "fault", "counted"),
    [
        (up_and_down(16.0, REST_DEG), FormFault.NOT_HIGH_ENOUGH, 0),
        (up_and_down(56.0, REST_DEG), FormFault.TOO_HIGH, 1),
        (up_and_down(33.0, REST_DEG, up_s=0.25, hold_s=0.1), FormFault.TOO_FAST, 0),
    ],
)
def test_what_is_wrong_is_named(
    ways: tuple[tuple[float, float], ...], fault: FormFault, counted: int
) -> None:
    coach = Coach(LIFT)
    said = moments(coach, lifting(*ways))
    assert faults(said) == [fault]
    assert len(coach.finish_now().repetitions) == counted


@pytest.mark.parametrize(
    ("ahead_deg", "fault"),
    [
        (50.0, [FormFault.THIGH_FORWARD]),
        (-55.0, [FormFault.THIGH_TOO_FAR_BACK]),
        # Where the thigh points is the least sure, so a little is no fault.
        (12.0, []),
        (-20.0, []),
    ],
)
def test_where_the_thigh_points_is_told_when_it_is_far_off(
    ahead_deg: float, fault: list[FormFault]
) -> None:
    said = moments(Coach(LIFT), lifting(*ONE, ahead_deg=ahead_deg))
    assert faults(said) == fault


def test_a_pelvis_that_rolls_with_the_leg_is_told() -> None:
    lifts = [moment / 40 for moment in range(41)]
    ways = [*[0.0] * 20, *lifts, *[1.0] * 20, *lifts[::-1], *[0.0] * 20]
    poses = [
        seen(lying_joints(SideLying(lift_deg=-4 + 37 * way, roll_back_deg=38 * way)), FRONT)
        for way in ways
    ]
    said = moments(Coach(LIFT), sightings(poses))
    assert faults(said) == [FormFault.PELVIS_ROLLS_BACK]


def test_what_a_resting_leg_reads_too_high_is_taken_off_the_top() -> None:
    for rests, counted in ((REST_DEG, 1), (9.0, 0)):
        coach = Coach(LIFT)
        said = moments(coach, lifting(*up_and_down(28.0, rests), low=rests))
        assert len(coach.finish_now().repetitions) == counted
        assert faults(said) == ([] if counted else [FormFault.NOT_HIGH_ENOUGH])


def test_on_the_back_it_asks_for_the_side() -> None:
    said = moments(Coach(LIFT), bridging(*up_and_down(174.0) * 2))
    assert said[-1].repetitions == 0
    assert {moment.cue for moment in said} == {CoachCue.LIE_ON_SIDE}


def test_from_the_head_or_straight_along_the_body_it_asks_for_another_place() -> None:
    for yaw_deg in (80.0, -50.0, -80.0):
        camera = Camera(yaw_deg=yaw_deg, height_m=0.8)
        said = moments(Coach(LIFT), lifting(*ONE, camera=camera))
        assert said[-1].repetitions == 0
        assert CoachCue.SHOW_FEET_OR_FRONT in {moment.cue for moment in said}


def test_rolling_over_is_no_lift() -> None:
    rolls = [90.0 * abs(1 - index % 60 / 30) for index in range(180)]
    poses = [seen(lying_joints(SideLying(roll_back_deg=roll)), FRONT) for roll in rolls]
    coach = Coach(LIFT)
    moments(coach, sightings(poses))
    assert not coach.finish_now().repetitions
