"""One set: how it begins and ends, and what cannot make it lose its count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.vision.coach.lying_figures import SIZE_PX, seen, sightings, standing_joints
from tests.vision.coach.scenes import HIGH_DEG, LOW_DEG, bridging, moments, states, up_and_down
from vision.coach.coaching import USUAL_SINGLE_HOLD_S, Coach
from vision.coach.events import BodySighting, CoachCue, CoachedExercise, CoachState

ONE = up_and_down(HIGH_DEG)
BOTH = CoachedExercise.GLUTE_BRIDGE


def later(pictures: list[BodySighting], by_ms: float, epoch: int = 0) -> list[BodySighting]:
    """Return the same pictures, taken later."""
    return [replace(picture, t_ms=picture.t_ms + by_ms, epoch=epoch) for picture in pictures]


def test_a_set_goes_from_rest_to_the_top_and_back_until_it_is_done() -> None:
    said = moments(Coach(BOTH, 2), bridging(*ONE * 2, (HIGH_DEG, 1.0)))
    assert [state for state in states(said) if state is not CoachState.MOVING] == [
        CoachState.READY, CoachState.TOP, CoachState.READY, CoachState.TOP, CoachState.DONE,
    ]  # fmt: skip
    assert [moment.finished is not None for moment in said].count(True) == 1
    assert said[-1].repetitions == 2
    cues = list(dict.fromkeys(moment.cue for moment in said))
    assert cues == [CoachCue.LIFT, CoachCue.LOWER, CoachCue.DONE]


def test_the_hold_is_asked_for_until_it_is_long_enough() -> None:
    coach = Coach(BOTH, 1, wanted_hold_s=3.0)
    said = moments(coach, bridging(*up_and_down(HIGH_DEG, hold_s=5.0)))
    at_top = [moment for moment in said if moment.state is CoachState.TOP]
    assert {moment.wanted_hold_s for moment in at_top} == {3.0}
    for moment in at_top:
        wanted = CoachCue.HOLD if moment.hold_s < 3.0 else CoachCue.LOWER
        assert moment.cue is wanted
    holds_s = [moment.hold_s for moment in at_top]
    assert holds_s == sorted(holds_s)
    assert holds_s[-1] > 4.5


def test_one_leg_is_held_half_a_minute_unless_somebody_says_otherwise() -> None:
    coach = Coach(CoachedExercise.SINGLE_LEG_BRIDGE)
    assert coach.add(BodySighting(0.0, 0, None, SIZE_PX)).wanted_hold_s == USUAL_SINGLE_HOLD_S
    with pytest.raises(ValueError, match="at least one"):
        Coach(BOTH, 0)


def test_whoever_gets_up_has_ended_the_set() -> None:
    upright = later(sightings([seen(standing_joints())] * 60), 10_000.0)
    said = moments(Coach(BOTH, 10), [*bridging(*ONE * 2), *upright])
    finished = next(moment.finished for moment in said if moment.finished is not None)
    assert len(finished.repetitions) == 2
    assert said[-1].state is CoachState.DONE


def test_whoever_has_not_begun_may_come_and_go() -> None:
    nobody = [BodySighting(100.0 * index, 0, None, SIZE_PX, 0) for index in range(80)]
    coach = Coach(BOTH, 1)
    assert states(moments(coach, nobody)) == [CoachState.SEARCHING]
    said = moments(coach, later(bridging(*ONE), 20_000.0))
    assert said[-1].state is CoachState.DONE


def test_a_camera_that_fails_keeps_the_count_but_not_the_repetition_under_way() -> None:
    coach = Coach(BOTH, 10)
    moments(coach, bridging(*ONE, (HIGH_DEG, 1.2)))
    lost = coach.lose(9000.0, CoachCue.PICTURE_FROZEN)
    assert (lost.state, lost.cue, lost.repetitions) == (
        CoachState.LOST, CoachCue.PICTURE_FROZEN, 1,
    )  # fmt: skip
    # They come down after the pause: the way up was not seen, so it is none.
    down = bridging((LOW_DEG, 1.0))
    assert moments(coach, later(down, 10_000.0, epoch=1))[-1].repetitions == 1
    assert moments(coach, later(bridging(*ONE), 20_000.0, epoch=1))[-1].repetitions == 2


def test_a_gap_in_the_middle_of_a_repetition_is_not_filled_with_a_guess() -> None:
    pictures = bridging(*ONE)
    middle = len(pictures) // 2
    cut = [*pictures[:middle], *later(pictures[middle:], 5000.0)]
    coach = Coach(BOTH)
    moments(coach, cut)
    assert not coach.finish_now().repetitions


def test_another_person_stops_the_counting_until_they_are_gone() -> None:
    coach = Coach(BOTH)
    two = [replace(picture, people=2) for picture in bridging(*ONE)]
    said = moments(coach, two)
    assert {moment.cue for moment in said} == {CoachCue.ONE_PERSON}
    assert moments(coach, later(bridging(*ONE), 10_000.0))[-1].repetitions == 1


def test_odd_pictures_without_anybody_do_no_harm() -> None:
    pictures = [
        replace(picture, pose=None) if index % 9 == 4 else picture
        for index, picture in enumerate(bridging(*ONE * 3))
    ]
    coach = Coach(BOTH)
    said = moments(coach, pictures)
    assert len(coach.finish_now().repetitions) == 3
    assert CoachState.SEARCHING not in states(said)


def test_a_set_can_be_ended_at_any_time_and_stays_ended() -> None:
    coach = Coach(BOTH)
    moments(coach, bridging(*ONE * 2))
    first = coach.finish_now()
    assert moments(coach, later(bridging(*ONE), 20_000.0))[-1].state is CoachState.DONE
    assert coach.lose(40_000.0, CoachCue.NO_PICTURE).state is CoachState.DONE
    assert coach.finish_now() == first
    assert not Coach(BOTH).finish_now().repetitions
