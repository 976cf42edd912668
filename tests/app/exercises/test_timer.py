"""A set by the clock: every phase in its time, whenever somebody looks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exercises.timer import (
    GAP_S,
    EventKind,
    SetPhase,
    SetPlan,
    SetTimer,
    TimerEvent,
    hold_of,
    plan_of,
)
from app.history.diary import ExerciseId, PlannedExercise
from app.system.clock import elapsed_s


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def total_s(plan: SetPlan) -> float:
    return math.fsum(step.length_s for step in plan.steps)


def timer(planned: PlannedExercise, already: int = 0) -> tuple[SetTimer, Clock]:
    clock = Clock()
    made = SetTimer(plan_of(planned, already), clock)
    made.go_on()
    return made, clock


def run(made: SetTimer, clock: Clock, tick_s: float = 0.25) -> list[tuple[float, TimerEvent]]:
    """Return all events with the time at which they were told, from the start on."""
    begun_s, told = clock.now_s, []
    for _ in range(100_000):
        told += [(clock.now_s - begun_s, event) for event in made.advance()]
        if made.is_done:
            return told
        clock.now_s += tick_s
    raise AssertionError("it never ended")


def phases(planned: PlannedExercise) -> list[tuple[SetPhase, float]]:
    return [(step.phase, step.length_s) for step in plan_of(planned).steps]


BRIDGE = PlannedExercise(ExerciseId.GLUTE_BRIDGE, repetitions=2, hold_s=3.0)
OWN = PlannedExercise(name="Clam", repetitions=1)


def test_a_bridge_is_lifted_held_and_lowered() -> None:
    repetition = [(SetPhase.LIFT, 2.0), (SetPhase.HOLD, 3.0), (SetPhase.LOWER, 2.0)]
    assert phases(BRIDGE) == [(SetPhase.GET_READY, 5.0), *repetition, *repetition]
    assert total_s(plan_of(BRIDGE)) == pytest.approx(19.0)


def test_without_a_hold_there_is_none() -> None:
    assert phases(OWN) == [(SetPhase.GET_READY, 5.0), (SetPhase.LIFT, 2.0), (SetPhase.LOWER, 2.0)]


def test_a_squeeze_is_squeezed_and_relaxed() -> None:
    planned = PlannedExercise(ExerciseId.GLUTE_SQUEEZE, repetitions=1)
    assert phases(planned) == [
        (SetPhase.GET_READY, 5.0),
        (SetPhase.SQUEEZE, 5.0),
        (SetPhase.RELAX, 3.0),
    ]


@pytest.mark.parametrize(("hold_s", "wanted_s"), [(0.0, 30.0), (12.0, 12.0), (float("inf"), 30.0)])
def test_a_single_leg_bridge_is_held_for_half_a_minute_unless_said(
    hold_s: float, wanted_s: float
) -> None:
    assert hold_of(PlannedExercise(ExerciseId.SINGLE_LEG_BRIDGE, hold_s=hold_s)) == wanted_s


def test_events_come_at_their_times() -> None:
    made, clock = timer(PlannedExercise(ExerciseId.GLUTE_BRIDGE, repetitions=1, hold_s=5.0))
    told = [(at_s, event.kind, event.step.phase) for at_s, event in run(made, clock)]
    phase, tick = EventKind.PHASE, EventKind.TICK
    assert told == [
        (0.0, phase, SetPhase.GET_READY),
        *((at_s, tick, SetPhase.GET_READY) for at_s in (2.0, 3.0, 4.0)),
        (5.0, phase, SetPhase.LIFT),
        (7.0, phase, SetPhase.HOLD),
        *((at_s, tick, SetPhase.HOLD) for at_s in (9.0, 10.0, 11.0)),
        (12.0, phase, SetPhase.LOWER),
        (14.0, EventKind.REPETITION, SetPhase.LOWER),
        (14.0, EventKind.DONE, SetPhase.LOWER),
    ]
    assert (made.repetitions, made.hold_s) == (1, 5.0)
    assert not made.is_running


def test_the_rest_of_a_set_goes_on_where_the_camera_stopped() -> None:
    made, clock = timer(PlannedExercise(ExerciseId.LEG_LIFT, repetitions=10), already=7)
    counts = [e.repetitions for _, e in run(made, clock) if e.kind is EventKind.REPETITION]
    assert counts == [8, 9, 10]


def test_a_computer_that_slept_finds_the_set_paused_where_it_was() -> None:
    made, clock = timer(BRIDGE)
    made.advance()
    clock.now_s += 1.0
    made.advance()
    clock.now_s += GAP_S + 600
    assert made.advance() == ()
    assert made.is_interrupted
    assert not made.is_running
    assert made.left_s == pytest.approx(4.0)
    made.go_on()
    assert not made.is_interrupted
    assert made.is_running


def test_a_clock_that_is_set_back_loses_nothing() -> None:
    made, clock = timer(BRIDGE)
    made.advance()
    clock.now_s -= 5000
    assert made.advance() == ()
    assert made.left_s == pytest.approx(5.0)


def test_a_skipped_hold_counts_for_the_time_it_was_held() -> None:
    made, clock = timer(PlannedExercise(ExerciseId.GLUTE_BRIDGE, repetitions=1, hold_s=5.0))
    made.advance()
    assert [e.step.phase for e in made.skip()] == [SetPhase.LIFT]
    assert [e.step.phase for e in made.skip()] == [SetPhase.HOLD]
    clock.now_s += 1.5
    made.advance()
    made.skip()
    kinds = [event.kind for event in made.skip()]
    assert kinds == [EventKind.REPETITION, EventKind.DONE]
    assert made.hold_s == pytest.approx(1.5)
    assert made.skip() == ()


def test_nothing_is_skipped_before_it_began() -> None:
    made, _ = timer(BRIDGE)
    assert made.skip() == ()
    assert made.step.phase is SetPhase.GET_READY


def test_the_clock_of_the_computer_never_falls() -> None:
    first = elapsed_s()
    assert elapsed_s() >= first


planned_sets = st.builds(
    PlannedExercise,
    exercise=st.sampled_from([*ExerciseId, ""]),
    name=st.just("Own"),
    repetitions=st.integers(1, 12),
    hold_s=st.floats(0, 20).map(lambda value: round(value, 2)),
)


# A clock that adds up whole gaps is sometimes a rounding over one, which counts as a pause.
@given(planned_sets, st.lists(st.floats(0.001, GAP_S - 1e-6), min_size=1, max_size=8))
def test_however_rarely_somebody_looks_the_same_happens_in_the_same_order(
    planned: PlannedExercise, ticks_s: list[float]
) -> None:
    often, rare = timer(planned), timer(planned)
    wanted = [event for _, event in run(*often, tick_s=0.5)]
    made, clock = rare
    told: list[TimerEvent] = []
    index = 0
    while not made.is_done:
        told += made.advance()
        clock.now_s += max(0.05, ticks_s[index % len(ticks_s)])
        index += 1
    assert told == wanted
    assert made.repetitions == max(1, planned.repetitions)


@given(planned_sets, st.lists(st.floats(0.01, 0.09), min_size=3, max_size=10))
def test_pauses_take_nothing_from_a_set(planned: PlannedExercise, shares: list[float]) -> None:
    made, clock = timer(planned)
    spent_s = 0.0
    for share in shares:
        # Pauses of more than a moment are told apart, so nobody is away for so long.
        part_s = min(share * total_s(made.plan), 2.0)
        made.advance()
        clock.now_s += part_s
        made.advance()
        spent_s += part_s
        made.pause()
        clock.now_s += 100.0
        assert made.advance() == ()
        made.go_on()
    begun_s = clock.now_s
    run(made, clock, tick_s=0.05)
    assert clock.now_s - begun_s + spent_s == pytest.approx(total_s(made.plan), abs=0.06)


@given(planned_sets, st.floats(0.05, GAP_S - 1e-6))
def test_the_share_of_a_phase_stays_between_none_and_all(
    planned: PlannedExercise, tick_s: float
) -> None:
    made, clock = timer(planned)
    while not made.is_done:
        made.advance()
        assert 0.0 <= made.share <= 1.0
        assert 0.0 <= made.left_s <= made.step.length_s
        clock.now_s += tick_s
