"""The day's routine, and how doses grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.exercises.routine import (
    check_dose,
    dose_of,
    minutes_of,
    name_of,
    progressed,
    usual_dose,
    usual_plan,
)
from app.history.diary import (
    Content,
    CountedBy,
    Entry,
    ExerciseId,
    ExerciseSet,
    Pain,
    Plan,
    PlannedExercise,
)

DAY_ONE = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
BRIDGE = usual_dose(ExerciseId.GLUTE_BRIDGE)
LIFT = usual_dose(ExerciseId.LEG_LIFT)
HOLD = usual_dose(ExerciseId.SINGLE_LEG_BRIDGE)


def days(*contents: tuple[Content, ...]) -> list[Entry]:
    """Return one training day every other day."""
    return [
        Entry(number, 1, DAY_ONE + timedelta(days=2 * day, minutes=number), content)
        for day, of_day in enumerate(contents)
        for number, content in enumerate(of_day)
    ]


def whole(
    planned: PlannedExercise, less: int = 0, hold_s: float | None = None
) -> tuple[ExerciseSet, ...]:
    """Return a day on which a dose was done, or a little less."""
    sides = ("left", "right") if planned.each_side else ("",)
    return tuple(
        ExerciseSet(
            planned.exercise or planned.name,
            planned.repetitions - less,
            planned.hold_s if hold_s is None else hold_s,
            side,
            counted_by=CountedBy.CAMERA,
        )
        for side in sides
        for _ in range(planned.sets)
    )


def test_the_usual_routine_takes_less_than_ten_minutes_and_holds_every_exercise() -> None:
    plan = usual_plan()
    assert {one.exercise for one in plan.exercises} == {one.value for one in ExerciseId}
    assert 5 < minutes_of(plan) < 10
    assert minutes_of(Plan()) == 0
    damaged = replace(BRIDGE, hold_s=float("inf"))
    assert minutes_of(Plan((damaged,))) == minutes_of(Plan((replace(BRIDGE, hold_s=0.0),)))


def test_doses_are_said() -> None:
    assert dose_of(BRIDGE) == "2 sets of 10, hold 2 s"
    assert dose_of(LIFT) == "2 sets of 10, each side"
    assert dose_of(HOLD) == "1 hold of 15 s, each side"
    assert dose_of(replace(HOLD, sets=3, each_side=False)) == "3 holds of 15 s"
    assert dose_of(replace(BRIDGE, sets=1, hold_s=0)) == "1 set of 10"
    assert name_of(BRIDGE) == "Bridge"
    assert name_of(PlannedExercise(name="Bird dog")) == "Bird dog"
    assert name_of(PlannedExercise(exercise="of_a_later_version")) == "of_a_later_version"


def test_two_whole_days_give_one_repetition_more() -> None:
    assert progressed(BRIDGE, []).planned == BRIDGE
    once = progressed(BRIDGE, days(whole(BRIDGE)))
    assert (once.planned, once.sentence) == (BRIDGE, "")
    twice = progressed(BRIDGE, days(whole(BRIDGE), whole(BRIDGE)))
    assert twice.planned == replace(BRIDGE, repetitions=11)
    assert "one more repetition" in twice.sentence


def test_a_day_with_less_begins_the_count_anew() -> None:
    done = days(whole(BRIDGE), whole(BRIDGE, less=1), whole(BRIDGE))
    assert progressed(BRIDGE, done).planned == BRIDGE
    assert progressed(BRIDGE, days(whole(BRIDGE)[:1], whole(BRIDGE)[:1])).planned == BRIDGE


def test_each_side_counts() -> None:
    left_only = tuple(one for one in whole(LIFT) if one.side == "left") * 2
    assert progressed(LIFT, days(left_only, left_only)).planned == LIFT
    assert progressed(LIFT, days(whole(LIFT), whole(LIFT))).planned.repetitions == 11


def test_the_hold_has_to_be_held() -> None:
    short = whole(BRIDGE, hold_s=0.5)
    assert progressed(BRIDGE, days(short, short)).planned == BRIDGE
    nearly = whole(BRIDGE, hold_s=1.8)
    assert progressed(BRIDGE, days(nearly, nearly)).planned.repetitions == 11


def _train(planned: PlannedExercise, count: int) -> list[PlannedExercise]:
    """Return the doses of somebody who always does all of it."""
    done: list[tuple[Content, ...]] = []
    doses = []
    for _ in range(count):
        dose = progressed(planned, days(*done)).planned
        doses.append(dose)
        done.append(whole(dose))
    return doses


def test_repetitions_grow_first_then_the_hold_then_the_load() -> None:
    doses = _train(BRIDGE, 30)
    steps = [one for one, before in zip(doses[1:], doses, strict=False) if one != before]
    repetitions = [one.repetitions for one in steps]
    assert repetitions[:5] == [11, 12, 13, 14, 15]
    assert [one.hold_s for one in steps[5:8]] == [3, 4, 5]
    loaded = steps[8]
    assert loaded.load == "a band or a small weight"
    assert (loaded.repetitions, loaded.hold_s) == (BRIDGE.repetitions, BRIDGE.hold_s)
    assert doses[-1].repetitions <= 15


def test_a_single_hold_grows_to_half_a_minute() -> None:
    doses = _train(HOLD, 80)
    assert max(one.hold_s for one in doses) == 30
    assert {one.repetitions for one in doses} == {1}


def test_after_pain_there_is_less_and_no_more_at_once() -> None:
    done: list[tuple[Content, ...]] = [whole(BRIDGE), (Pain("glute_bridge"), *whole(BRIDGE))]
    hurt = progressed(BRIDGE, days(*done))
    assert hurt.planned.repetitions == 8
    assert "hurt" in hurt.sentence
    after = progressed(BRIDGE, days(*done, whole(hurt.planned)))
    assert (after.planned, after.sentence) == (hurt.planned, "")
    assert progressed(BRIDGE, days((Pain("leg_lift"),), (Pain(),))).planned == BRIDGE


def test_pain_with_a_band_takes_the_band_away_first() -> None:
    done: list[tuple[Content, ...]] = []
    while not (now := progressed(BRIDGE, days(*done)).planned).load:
        done.append(whole(now))
    hurt = progressed(BRIDGE, days(*done, (Pain("glute_bridge"),)))
    assert hurt.planned == replace(now, load="")
    banded = replace(BRIDGE, load="red band")
    kept = progressed(banded, days((Pain("glute_bridge"),))).planned
    assert kept == replace(banded, repetitions=8)


@pytest.mark.parametrize("planned", [HOLD, BRIDGE, PlannedExercise(name="Plank", repetitions=1)])
def test_pain_again_and_again_ends_at_the_smallest_dose(planned: PlannedExercise) -> None:
    key = planned.exercise or planned.name
    last = progressed(planned, days(*[(Pain(key),)] * 25))
    assert last.planned.repetitions == 1
    assert last.planned.hold_s == min(1.0, planned.hold_s)
    assert "no smaller dose" in last.sentence


def test_ones_own_exercises_stay_as_they_were_typed() -> None:
    own = PlannedExercise(name="Bird dog", repetitions=8)
    assert progressed(own, days(whole(own), whole(own), whole(own))).planned == own
    assert progressed(own, days((Pain("Bird dog"),))).planned.repetitions == 6


USUAL = usual_plan().exercises


@example(planned=USUAL[-1], story=["pain"] * 6 + ["whole"] * 7)
@given(
    planned=st.sampled_from(USUAL),
    story=st.lists(st.sampled_from(["whole", "less", "pain"]), max_size=40),
)
def test_doses_stay_sensible_and_grow_by_a_tenth_at_most(
    planned: PlannedExercise, story: list[str]
) -> None:
    done: list[tuple[Content, ...]] = []
    before = planned
    for kind in story:
        now = progressed(planned, days(*done))
        dose = now.planned
        assert check_dose(dose) == ()
        assert dose.repetitions <= max(before.repetitions * 1.1, before.repetitions + 1)
        if not dose.load or before.load:
            grew = (dose.repetitions > before.repetitions, dose.hold_s > before.hold_s)
            assert not all(grew)
        before = dose
        done.append((Pain(planned.exercise),) if kind == "pain" else whole(dose, kind == "less"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sets": 0}, "At least one set"),
        ({"sets": 40}, "40 sets"),
        ({"repetitions": 0}, "At least one repetition"),
        ({"repetitions": 10_000}, "10000 repetitions"),
        ({"hold_s": 0.01}, "cannot be timed"),
        ({"hold_s": 3600.0}, "3600 seconds"),
        ({"hold_s": float("inf")}, "not a number of seconds"),
        ({"hold_s": float("nan")}, "not a number of seconds"),
        ({"sets": 10, "repetitions": 50, "hold_s": 30.0}, "minutes"),
    ],
)
def test_nonsense_is_named_with_what_is_usual(wrong: dict[str, float], words: str) -> None:
    (sentence,) = check_dose(replace(BRIDGE, **wrong))  # type: ignore[arg-type]
    assert words in sentence


def test_usual_doses_are_fine() -> None:
    for planned in usual_plan().exercises:
        assert check_dose(planned) == ()
    assert len(check_dose(PlannedExercise(sets=0, repetitions=0, hold_s=0.5))) == 3
