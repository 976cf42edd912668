"""Which exercises there are today, and which sets are left: values, no widgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.exercises.routine import usual_plan
from app.exercises.today import DiaryNews, Training, day_of, own_plan, turns
from app.history.diary import (
    Content,
    Entry,
    EntryKind,
    ExerciseSet,
    Experiment,
    Pain,
    Plan,
    PlannedExercise,
    Screening,
    ScreeningOutcome,
)

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=timezone(timedelta(hours=1)))
BRIDGE = ExerciseSet("glute_bridge", 10, 2.0)


def news(*noted: tuple[timedelta, Content]) -> DiaryNews:
    """Return a diary of what was so long ago."""
    entries = [Entry(n, 1, NOON - ago, content) for n, (ago, content) in enumerate(noted)]
    return DiaryNews(tuple(sorted(entries, key=lambda entry: entry.at)))


def days(count: float) -> timedelta:
    return timedelta(days=count)


@given(
    st.integers(1, 6),
    st.booleans(),
    st.lists(st.sampled_from(["", "left", "right"]), max_size=15),
)
def test_sets_done_and_left_make_up_the_plan(sets: int, each_side: bool, sides: list[str]) -> None:
    planned = PlannedExercise("leg_lift", sets=sets, each_side=each_side)
    done = [ExerciseSet("leg_lift", 10, side=side) for side in sides]
    left = turns(planned, done)
    wanted = sets * (2 if each_side else 1)
    assert max(0, wanted - len(done)) <= len(left) <= wanted
    assert [turn.sets_left for turn in left] == list(range(len(left), 0, -1))
    if each_side:
        counts = {side: [t.side for t in left].count(side) for side in ("left", "right")}
        for side in ("left", "right"):
            assert counts[side] <= sets
        assert counts["right"] == max(0, sets - sides.count("right"))
    else:
        assert {turn.side for turn in left} <= {""}
        assert len(left) == max(0, sets - len(done))


@given(st.integers(1, 5), st.booleans())
def test_a_training_ends_after_all_its_turns(sets: int, each_side: bool) -> None:
    plan = Plan((PlannedExercise(name="Clam", sets=sets, each_side=each_side),))
    (task,) = day_of(news((days(1), plan)), NOON).tasks
    training = Training(task, 1)
    seen = []
    while training.next is not None:
        seen.append(training.next.side)
        assert training.rest_s > 0
        training.take(ExerciseSet("Clam", 10, side=training.next.side))
    assert len(seen) == task.wanted == len(training.done)
    if each_side:
        assert seen == ["left", "right"] * sets


def test_done_exercises_begin_anew() -> None:
    task = day_of(news((timedelta(), BRIDGE), (timedelta(), BRIDGE)), NOON).tasks[1]
    assert task.is_done
    assert Training(task, 1).left == 2


def test_todays_sets_do_not_change_todays_dose_and_tomorrow_they_do() -> None:
    diary = news((days(1), BRIDGE), (days(1), BRIDGE), (timedelta(), BRIDGE), (timedelta(), BRIDGE))
    today, tomorrow = (day_of(diary, NOON + days(n)).tasks[1] for n in (0, 1))
    assert today.planned.repetitions == 10
    assert today.is_done
    assert tomorrow.planned.repetitions == 11
    assert tomorrow.why
    assert tomorrow.done == ()


def test_a_day_is_that_of_the_clock_then() -> None:
    late = Entry(1, 1, datetime(2026, 3, 4, 0, 30, tzinfo=NOON.tzinfo), BRIDGE)
    assert len(day_of(DiaryNews((late,)), NOON).tasks[1].done) == 1


def test_pain_is_shown_until_the_exercise_was_done_on_a_later_day() -> None:
    pain = Pain("glute_bridge")
    hurt = day_of(news((days(1), BRIDGE), (days(1), pain)), NOON).tasks[1]
    assert hurt.hurt_at == NOON - days(1)
    assert hurt.planned.repetitions < 10
    assert hurt.why
    assert day_of(news((days(3), pain), (days(1), BRIDGE)), NOON).tasks[1].hurt_at is None
    assert day_of(news((days(1), Pain(""))), NOON).tasks[1].hurt_at is None


def test_an_own_list_does_not_grow_by_itself_and_shrinks_after_pain() -> None:
    own = Plan((PlannedExercise("glute_bridge", sets=2, hold_s=2.0),))
    done = [(days(n), BRIDGE) for n in (1, 1, 2, 2, 3, 3)]
    (task,) = day_of(news((days(9), own), *done), NOON).tasks
    assert task.planned == own.exercises[0]
    (task,) = day_of(
        news((days(9), own), *done, (timedelta(hours=1), Pain("glute_bridge"))), NOON
    ).tasks
    assert task.planned.repetitions < 10


def test_the_newest_list_counts_and_an_empty_one_is_the_usual() -> None:
    first, second = (Plan((PlannedExercise(name=name),)) for name in ("Clam", "Crab walk"))
    assert own_plan(news((days(2), first), (days(1), second)), NOON) == second
    assert own_plan(news((days(2), first), (days(1), Plan())), NOON) is None
    assert own_plan(news(), NOON) is None
    shown = [task.planned for task in day_of(news((days(1), Plan())), NOON).tasks]
    assert shown == list(usual_plan().exercises)


def test_an_entry_from_the_future_counts_only_when_there_is_no_other() -> None:
    clear, ask = (
        Screening(outcome) for outcome in (ScreeningOutcome.CLEAR, ScreeningOutcome.ASK_FIRST)
    )
    diary = news((days(-5), ask), (days(1), clear))
    newest = diary.newest(EntryKind.SCREENING, NOON)
    assert newest is not None
    assert newest.content == clear
    only = news((days(-5), ask)).newest(EntryKind.SCREENING, NOON)
    assert only is not None
    assert only.at > NOON


def test_a_day_tells_of_the_habit_and_never_of_tilt() -> None:
    day = day_of(news((days(1), BRIDGE), (timedelta(), BRIDGE)), NOON)
    assert "2 days" in day.habit
    assert "tilt" not in day.habit
    assert day.minutes < 12
    assert day_of(DiaryNews(), datetime(2026, 3, 4, tzinfo=UTC)).habit == ""


def test_a_day_stays_below_ten_minutes_however_far_the_doses_grow() -> None:
    noted: list[tuple[timedelta, Content]] = []
    waited = {planned.exercise: 0 for planned in usual_plan().exercises}
    for number in range(70):
        now = NOON + days(2 * number)
        diary = DiaryNews(tuple(Entry(n, 1, NOON + at, one) for n, (at, one) in enumerate(noted)))
        day = day_of(diary, now)
        assert 0 < day.minutes < 10
        today = {task.planned.exercise for task in day.tasks}
        assert today | {task.planned.exercise for task in day.later} == set(waited)
        waited = {name: 0 if name in today else so_far + 1 for name, so_far in waited.items()}
        assert max(waited.values()) <= 2
        for task in day.tasks:
            planned = task.planned
            for side in ("left", "right") if planned.each_side else ("",):
                done = ExerciseSet(planned.exercise, planned.repetitions, planned.hold_s, side=side)
                noted += [(days(2 * number), done)] * planned.sets
    assert day.later
    # What is begun stays for the day.
    first = day.tasks[0].planned
    begun = Entry(0, 1, now, ExerciseSet(first.exercise, first.repetitions, first.hold_s))
    assert day_of(DiaryNews((*diary.entries, begun)), now).tasks[0].planned == first


def test_a_planned_week_says_whether_to_exercise() -> None:
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    planned = Entry(1, 1, start, Experiment((False, True)))
    diary = DiaryNews((planned,))
    assert day_of(diary, start).planned == "Week 1 of 2: no exercises, but make a check."
    second = day_of(diary, start + timedelta(days=7))
    assert second.planned == "Week 2 of 2: do your exercises, and make a check."
    assert day_of(diary, start + timedelta(days=14)).planned == ""
    assert day_of(DiaryNews(()), start).planned == ""
