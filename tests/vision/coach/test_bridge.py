"""The bridge from the side: what counts, what does not, and what is said about the form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.coach.lying_figures import (
    Bridge,
    Camera,
    SideLying,
    bridge_joints,
    course,
    lying_joints,
    seen,
    sightings,
    standing_joints,
)
from tests.vision.coach.scenes import (
    HIGH_DEG,
    LOW_DEG,
    bridging,
    faults,
    legs_swapped,
    lifting,
    mirrored,
    moments,
    up_and_down,
)
from vision.coach.coaching import Coach
from vision.coach.events import CoachCue, CoachedExercise, CoachState, FormFault, LegSide

ONE = up_and_down(HIGH_DEG)
BOTH, SINGLE = CoachedExercise.GLUTE_BRIDGE, CoachedExercise.SINGLE_LEG_BRIDGE


def test_three_bridges_are_three_and_nothing_is_wrong_with_them() -> None:
    said = moments(Coach(BOTH, 3), bridging(*ONE * 3))
    finished = [moment.finished for moment in said if moment.finished is not None]
    assert len(finished) == 1
    assert not faults(said)
    assert not finished[0].faults
    assert finished[0].side is None
    assert [moment.is_counted for moment in said].count(True) == 3
    for repetition in finished[0].repetitions:
        assert repetition.top_deg == pytest.approx(HIGH_DEG, abs=3)
        assert 1.0 <= repetition.hold_s <= 2.0


@settings(max_examples=25, deadline=None)
@given(
    top_deg=st.floats(170, 183),
    up_s=st.floats(0.8, 2.5),
    hold_s=st.floats(0.3, 4.0),
    rest_s=st.floats(0.5, 3.0),
    camera=st.builds(
        Camera,
        yaw_deg=st.floats(-20, 20),
        height_m=st.floats(0.3, 1.0),
        distance_m=st.floats(2.5, 4.0),
        roll_deg=st.floats(-3, 3),
        head_right=st.booleans(),
    ),
    fps=st.sampled_from([10.0, 15.0, 30.0]),
)
def test_a_bridge_counts_from_wherever_and_however_fast_it_is_seen(
    top_deg: float, up_s: float, hold_s: float, rest_s: float, camera: Camera, fps: float
) -> None:
    ways = up_and_down(top_deg, up_s=up_s, hold_s=hold_s, rest_s=rest_s) * 2
    coach = Coach(BOTH)
    said = moments(coach, bridging(*ways, camera=camera, fps=fps))
    assert len(coach.finish_now().repetitions) == 2
    assert not faults(said)


@settings(max_examples=10, deadline=None)
@given(top_deg=st.floats(140, 183), up_s=st.floats(0.2, 2.0), knee_deg=st.floats(65, 130))
def test_a_mirror_changes_nothing(top_deg: float, up_s: float, knee_deg: float) -> None:
    pictures = bridging(*up_and_down(top_deg, up_s=up_s) * 2, body=Bridge(top_knee_deg=knee_deg))
    plain = moments(Coach(BOTH), pictures)
    in_mirror = moments(Coach(BOTH), [mirrored(picture) for picture in pictures])
    for one, other in zip(plain, in_mirror, strict=True):
        assert (one.state, one.cue, one.fault) == (other.state, other.cue, other.fault)
        assert one.repetitions == other.repetitions


@pytest.mark.parametrize(
    ("ways", "body", "fault", "counted"),
    [
        (up_and_down(152.0), Bridge(), FormFault.NOT_HIGH_ENOUGH, 0),
        (up_and_down(198.0), Bridge(), FormFault.OVER_ARCHED, 1),
        (ONE, Bridge(top_knee_deg=75.0), FormFault.FEET_TOO_NEAR, 1),
        (up_and_down(HIGH_DEG, up_s=0.25, hold_s=0.1), Bridge(), FormFault.TOO_FAST, 0),
        # Quickly up, but stayed there: it counts, and it is said.
        (up_and_down(HIGH_DEG, up_s=0.25, hold_s=3.0), Bridge(), FormFault.TOO_FAST, 1),
    ],
)
def test_what_is_wrong_is_named_once_in_a_repetition(
    ways: tuple[tuple[float, float], ...], body: Bridge, fault: FormFault, counted: int
) -> None:
    coach = Coach(BOTH)
    said = moments(coach, bridging(*ways, body=body))
    assert faults(said) == [fault]
    finished = coach.finish_now()
    assert len(finished.repetitions) == counted
    assert finished.faults == {fault: 1}


def test_the_same_fault_is_not_repeated_every_time() -> None:
    said = moments(Coach(BOTH), bridging(*up_and_down(152.0) * 5))
    assert faults(said) == [FormFault.NOT_HIGH_ENOUGH] * 2


def test_a_fault_that_lasts_is_named_while_there_is_time_to_mend_it() -> None:
    long_hold = up_and_down(HIGH_DEG, hold_s=5.0)
    said = moments(Coach(BOTH), bridging(*long_hold, body=Bridge(top_knee_deg=70.0)))
    named_ms = next(moment.t_ms for moment in said if moment.fault is not None)
    counted_ms = next(moment.t_ms for moment in said if moment.is_counted)
    assert named_ms < counted_ms - 2000
    assert faults(said) == [FormFault.FEET_TOO_NEAR]


def test_feet_far_away_are_told_before_anything_is_counted() -> None:
    body = Bridge(top_knee_deg=150.0)
    said = moments(Coach(BOTH), bridging((LOW_DEG, 2.0), (172.0, 1.2), (172.0, 2.0), body=body))
    assert said[-1].repetitions == 0
    assert {moment.cue for moment in said} & {CoachCue.BEND_KNEES, CoachCue.LOWER}


def test_half_a_bridge_between_whole_ones_is_left_out() -> None:
    coach = Coach(BOTH)
    moments(coach, bridging(*ONE, *up_and_down(151.0), *ONE))
    assert len(coach.finish_now().repetitions) == 2


def test_a_rest_that_reads_a_little_high_is_one_if_the_way_is_long_enough() -> None:
    for low, top, counted in ((154.0, 176.0, 2), (154.0, 167.0, 0), (160.0, 180.0, 0)):
        coach = Coach(BOTH)
        moments(coach, bridging(*up_and_down(top, low) * 2, low=low))
        assert len(coach.finish_now().repetitions) == counted


@pytest.mark.parametrize("halfway", [153.0, 158.0])
def test_a_bounce_halfway_down_is_no_second_bridge(halfway: float) -> None:
    coach = Coach(BOTH)
    bounce = ((HIGH_DEG, 1.2), (halfway, 0.8), (HIGH_DEG, 0.8), (halfway, 0.8), (HIGH_DEG, 0.8))
    moments(coach, bridging(*bounce, (LOW_DEG, 1.2), (LOW_DEG, 0.8)))
    assert len(coach.finish_now().repetitions) == 1


@pytest.mark.parametrize("camera", [Camera(yaw_deg=70.0), Camera(yaw_deg=-75.0)])
def test_from_the_feet_it_asks_for_the_side(camera: Camera) -> None:
    said = moments(Coach(BOTH), bridging(*ONE, camera=camera))
    assert said[-1].repetitions == 0
    assert CoachCue.TURN_SIDE_ON in {moment.cue for moment in said}


def test_squats_are_no_bridges() -> None:
    crouches = course((0.0, 1.0), *((0.9, 1.2), (0.0, 1.2)) * 4, start=0.0)
    said = moments(Coach(BOTH), sightings([seen(standing_joints(depth)) for depth in crouches]))
    assert said[-1].repetitions == 0
    assert {moment.cue for moment in said[15:]} == {CoachCue.LIE_ON_BACK}


def test_leg_lifts_are_no_bridges() -> None:
    said = moments(Coach(BOTH), lifting(*((32.0, 1.2), (-4.0, 1.2)) * 3))
    assert said[-1].repetitions == 0
    assert not faults(said)


def test_straight_legs_are_to_be_bent_first() -> None:
    pose = seen(lying_joints(SideLying(roll_back_deg=90.0)))
    said = moments(Coach(BOTH), sightings([pose] * 30))
    assert said[-1].state is CoachState.ADJUST
    assert said[-1].cue in (CoachCue.BEND_KNEES, CoachCue.LIE_ON_BACK)


@pytest.mark.parametrize("working", list(LegSide))
def test_one_leg_is_timed_and_known(working: LegSide) -> None:
    body = Bridge(other_leg="air", working=working)
    camera = Camera(head_right=working is LegSide.LEFT)
    coach = Coach(SINGLE, wanted_hold_s=6.0)
    pictures = bridging(*up_and_down(HIGH_DEG, hold_s=6.0), body=body, camera=camera)
    said = moments(coach, pictures)
    assert said[-1].repetitions == 1
    finished = coach.finish_now()
    assert finished.side is working
    assert 6.0 <= finished.repetitions[0].hold_s <= 7.5
    assert not finished.faults


def test_on_one_leg_a_hip_that_sinks_ends_the_hold() -> None:
    body = Bridge(other_leg="air")
    ways = ((HIGH_DEG, 1.2), (HIGH_DEG, 3.0), (157.0, 0.8), (157.0, 4.0), (LOW_DEG, 1.0))
    coach = Coach(SINGLE, wanted_hold_s=20.0)
    said = moments(coach, bridging(*ways, (LOW_DEG, 1.0), body=body))
    assert faults(said) == [FormFault.HIP_DROPS]
    repetition = coach.finish_now().repetitions[0]
    assert repetition.faults[0] is FormFault.HIP_DROPS
    assert 3.0 <= repetition.hold_s <= 4.5


def test_legs_mistaken_for_one_another_do_not_end_a_hold() -> None:
    body = Bridge(other_leg="air")
    pictures = bridging(*up_and_down(HIGH_DEG, hold_s=6.0), body=body)
    middle = len(pictures) // 2
    swapped = [legs_swapped(picture) for picture in pictures[middle - 10 : middle + 10]]
    coach = Coach(SINGLE, wanted_hold_s=6.0)
    moments(coach, [*pictures[: middle - 10], *swapped, *pictures[middle + 10 :]])
    finished = coach.finish_now()
    assert [repetition.hold_s >= 5.5 for repetition in finished.repetitions] == [True]
    assert not finished.faults


def test_a_foot_that_has_moved_ends_what_was_begun() -> None:
    up = bridging((HIGH_DEG, 1.2), (HIGH_DEG, 1.0))
    moved = bridging((HIGH_DEG, 0.1), (HIGH_DEG, 5.0), body=Bridge(shift_m=0.3), low=HIGH_DEG)
    moved = [replace(picture, t_ms=picture.t_ms + up[-1].t_ms + 67) for picture in moved]
    said = moments(Coach(BOTH), [*up, *moved])
    assert said[-1].state is not CoachState.TOP
    assert said[-1].hold_s == 0
    assert said[-1].repetitions == 0


def test_on_one_leg_both_feet_on_the_floor_are_asked_to_be_one() -> None:
    said = moments(Coach(SINGLE), bridging(*ONE))
    assert said[-1].repetitions == 0
    assert CoachCue.LIFT_ONE_LEG in {moment.cue for moment in said}


def test_somebody_who_shuffles_along_the_floor_does_not_bridge() -> None:
    hips_deg = course((LOW_DEG, 1.0), *((HIGH_DEG, 1.0), (LOW_DEG, 1.0)) * 2, start=LOW_DEG)
    poses = [
        seen(bridge_joints(replace(Bridge(), hip_deg=hip, shift_m=0.02 * index)))
        for index, hip in enumerate(hips_deg)
    ]
    coach = Coach(BOTH)
    moments(coach, sightings(poses))
    assert not coach.finish_now().repetitions
