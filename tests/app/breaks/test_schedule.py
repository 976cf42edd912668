"""When it reminds, and what counts as a break."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.breaks.schedule import Memory
from app.history.diary import BreakKind
from tests.app.breaks.desk import BERLIN, Desk, choose

_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


@pytest.mark.parametrize("interval_min", [30, 47, 60, 120, 240])
def test_it_reminds_after_the_interval_once_more_and_then_each_interval(interval_min: int) -> None:
    desk = Desk(interval_min=interval_min)
    desk.work(interval_min + 15 + 2 * interval_min)
    first = interval_min
    assert desk.due_min == [first, first + 15, first + 15 + interval_min, 3 * first + 15]
    assert desk.numbers == [1, 2, 3, 4]
    assert desk.breaks == []


def test_nobody_is_reminded_who_did_not_ask_for_it() -> None:
    desk = Desk(is_on=False)
    desk.work(200)
    assert desk.due_min == []
    assert not desk.schedule.describe(desk.now).is_due


def test_three_minutes_away_begin_anew_and_are_noted() -> None:
    desk = Desk()
    desk.work(50)
    desk.rest(3)
    desk.work(61)
    assert [round(one.minutes, 2) for one in desk.breaks] == [3.0]
    assert desk.breaks[0].how is BreakKind.AWAY
    assert desk.due_min == [pytest.approx(50 + 3 + 60, abs=0.5)]


def test_less_than_three_minutes_at_rest_are_sitting() -> None:
    desk = Desk()
    for _ in range(12):
        desk.work(3)
        desk.rest(2)
    desk.work(1)
    assert desk.breaks == []
    assert desk.due_min == [pytest.approx(60, abs=0.5)]


@pytest.mark.parametrize("knows_idle", [True, False])
def test_a_computer_that_slept_had_nobody_in_front_of_it(knows_idle: bool) -> None:
    desk = Desk()
    desk.work(59, knows_idle=knows_idle)
    desk.pass_s(20 * 60)
    desk.work(59, knows_idle=knows_idle)
    assert desk.due_min == []
    assert [one.minutes for one in desk.breaks] == [pytest.approx(20, abs=0.5)]


def test_a_locked_screen_had_nobody_in_front_of_it() -> None:
    desk = Desk()
    desk.work(59, knows_idle=False)
    desk.lock(10)
    desk.work(59, knows_idle=False)
    assert desk.due_min == []
    assert [one.minutes for one in desk.breaks] == [pytest.approx(10, abs=0.5)]


def test_a_screen_that_was_locked_for_a_moment_is_no_break() -> None:
    desk = Desk()
    desk.work(59, knows_idle=False)
    desk.lock(2)
    desk.work(1, knows_idle=False)
    assert desk.breaks == []
    assert desk.due_min == [pytest.approx(61, abs=0.3)]


def test_where_nobody_knows_of_resting_keys_sitting_goes_on() -> None:
    desk = Desk()
    desk.work(60, knows_idle=False)
    assert desk.due_min == [60]


def test_somebody_who_says_that_they_take_a_break_begins_anew() -> None:
    desk = Desk()
    desk.work(65)
    assert desk.schedule.describe(desk.now).is_due
    said = desk.schedule.take_break(desk.now)
    assert (said.how, said.minutes, said.at) == (BreakKind.TAKEN, 0.0, desk.now.local)
    assert not desk.schedule.describe(desk.now).is_due
    desk.work(60)
    assert desk.due_min == [60, 125]
    assert desk.numbers == [1, 1]


@pytest.mark.parametrize("minutes", [5, 10])
def test_a_reminder_that_was_put_off_comes_again(minutes: int) -> None:
    desk = Desk()
    desk.work(61)
    desk.schedule.snooze(desk.now, minutes)
    stands = desk.schedule.describe(desk.now)
    assert not stands.is_due
    assert stands.next_in_min == pytest.approx(minutes)
    desk.work(minutes + 1)
    assert desk.due_min == [60, 61 + minutes]


def test_putting_off_brings_nothing_forward() -> None:
    desk = Desk()
    desk.work(10)
    desk.schedule.snooze(desk.now, 10)
    assert desk.schedule.describe(desk.now).next_in_min == pytest.approx(50)
    desk.work(50)
    assert desk.due_min == [60]


def test_what_falls_into_a_pause_comes_afterwards() -> None:
    desk = Desk()
    desk.work(50)
    desk.schedule.pause(desk.now, 60)
    stands = desk.schedule.describe(desk.now)
    assert stands.paused_until == desk.now.local + timedelta(hours=1)
    desk.work(70)
    assert desk.due_min == [110]
    assert desk.schedule.describe(desk.now).paused_until is None


def test_a_pause_can_be_ended_early() -> None:
    desk = Desk()
    desk.work(50)
    desk.schedule.pause(desk.now, 120)
    desk.work(20)
    assert desk.due_min == []
    desk.schedule.resume()
    desk.work(1)
    assert desk.due_min == [70]


def test_after_a_pause_nobody_is_reminded_who_got_up_meanwhile() -> None:
    desk = Desk()
    desk.work(50)
    desk.schedule.pause(desk.now, 60)
    desk.work(40)
    desk.rest(5)
    desk.work(55)
    assert desk.due_min == []


def test_what_falls_into_quiet_hours_comes_afterwards() -> None:
    desk = Desk(quiet_from="09:30", quiet_to="11:15")
    desk.work(31)
    assert desk.schedule.describe(desk.now).is_quiet
    desk.work(110)
    assert desk.due_min == [135]


def test_quiet_hours_may_run_over_midnight() -> None:
    desk = Desk(datetime(2026, 6, 1, 21, 30, tzinfo=BERLIN), quiet_from="22:00", quiet_to="00:45")
    desk.work(200)
    assert desk.due_min == [195]


def test_a_quiet_day_ends_at_midnight() -> None:
    desk = Desk(datetime(2026, 6, 7, 22, tzinfo=BERLIN), quiet_days=[6])
    desk.work(121)
    assert desk.due_min == [120]


def test_a_reminder_waits_for_somebody_who_reads_it() -> None:
    desk = Desk()
    desk.work(58)
    desk.rest(2.5)
    assert desk.due_min == []
    desk.work(0)
    assert desk.due_min == [60.5]


def test_the_state_tells_what_comes_next() -> None:
    desk = Desk()
    desk.work(20)
    stands = desk.schedule.describe(desk.now)
    assert (stands.sitting_min, stands.next_in_min, stands.is_due) == (20, 40, False)
    desk.rest(4)
    stands = desk.schedule.describe(desk.now)
    assert (stands.sitting_min, stands.next_in_min) == (0, None)


def test_looking_at_the_state_changes_nothing() -> None:
    watched, alone = Desk(), Desk()
    for _ in range(70):
        watched.work(1)
        watched.schedule.describe(watched.now)
        watched.schedule.memory(watched.now)
        alone.work(1)
    assert watched.due_min == alone.due_min == [60]


def test_another_interval_counts_from_the_last_break() -> None:
    desk = Desk(interval_min=120)
    desk.work(40)
    desk.schedule.preferences = choose(interval_min=30)
    desk.work(1)
    assert desk.due_min == [40]


def test_a_shorter_interval_ends_the_wait_of_the_longer() -> None:
    desk = Desk(interval_min=120)
    desk.work(136)
    desk.schedule.preferences = choose(interval_min=30)
    desk.work(30)
    assert desk.due_min == [120, 135, 165]


def test_after_a_break_a_shorter_interval_counts_at_once() -> None:
    desk = Desk(interval_min=120)
    desk.work(135)
    desk.rest(5)
    desk.schedule.preferences = choose(interval_min=30)
    desk.work(31)
    assert desk.due_min == [120, 135, pytest.approx(170, abs=0.5)]


def test_a_break_that_was_said_and_then_noticed_is_one() -> None:
    desk = Desk()
    desk.work(61)
    desk.schedule.take_break(desk.now)
    desk.work(1)
    desk.rest(6)
    desk.work(59)
    assert desk.breaks == []
    assert desk.due_min == [60]


def test_a_night_is_no_break() -> None:
    desk = Desk()
    desk.work(30)
    desk.pass_s(10 * 3600)
    desk.work(59)
    assert (desk.breaks, desk.due_min) == ([], [])


def test_who_switches_reminders_on_begins_then() -> None:
    desk = Desk(is_on=False)
    desk.work(100)
    desk.rest(10)
    desk.work(20)
    desk.schedule.preferences = choose()
    desk.work(61)
    assert desk.breaks == []
    assert desk.due_min == [190]


def test_a_restart_within_three_minutes_goes_on() -> None:
    before = Desk()
    before.work(50)
    after = Desk(before.now.local, before.schedule.memory(before.now))
    after.pass_s(100)
    after.work(15)
    assert after.due_min == [pytest.approx(10, abs=0.3)]


@pytest.mark.parametrize("pause_s", [200, 3 * 24 * 3600, -7200])
def test_a_later_restart_begins_anew(pause_s: float) -> None:
    before = Desk()
    before.work(50)
    after = Desk(before.now.local, before.schedule.memory(before.now))
    after.set_wall(timedelta(seconds=pause_s))
    after.work(59)
    assert after.due_min == []


def test_a_restart_does_not_remind_twice_within_five_minutes() -> None:
    before = Desk()
    before.work(60)
    after = Desk(before.now.local, before.schedule.memory(before.now))
    after.work(4.75)
    assert (before.due_min, after.due_min) == ([60], [])


def test_a_pause_outlives_a_restart() -> None:
    before = Desk()
    before.work(50)
    before.schedule.pause(before.now, 120)
    after = Desk(before.now.local, before.schedule.memory(before.now))
    after.pass_s(60)
    after.work(118.5)
    assert after.due_min == []
    after.work(1)
    assert len(after.due_min) == 1


def test_a_memory_is_the_same_after_it_was_written() -> None:
    desk = Desk()
    desk.work(76)
    desk.schedule.pause_until_tomorrow(desk.now)
    memory = desk.schedule.memory(desk.now)
    assert (memory.number, memory.sitting_s) == (2, 76 * 60)
    assert _MEMORY.validate_json(_MEMORY.dump_json(memory)) == memory


@pytest.mark.parametrize(
    "wrong",
    [
        {"left_at": "2026-06-01T10:00:00"},
        {"sitting_s": -1},
        {"sitting_s": "NaN"},
        {"number": -2},
        {"wait_s": 1e9},
        {"paused_until": "2026-06-01T10:00:00"},
    ],
)
def test_a_memory_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    right = {"left_at": "2026-06-01T10:00:00+02:00", "sitting_s": 60, "number": 0, "wait_s": 0}
    right |= {"paused_until": None}
    assert _MEMORY.validate_python(right).sitting_s == 60
    with pytest.raises(ValidationError):
        _MEMORY.validate_python(right | wrong)


_ACTIONS = st.sampled_from(
    [
        *("work", "work", "work", "rest", "sleep", "break", "snooze"),
        *("pause", "tomorrow", "resume", "back", "ahead", "60", "30", "off", "on"),
    ]
)


@given(st.lists(st.tuples(_ACTIONS, st.integers(1, 100)), max_size=40))
def test_reminders_are_never_close_together_and_never_in_a_pause(
    actions: list[tuple[str, int]],
) -> None:
    desk = Desk(interval_min=30)
    for action, minutes in actions:
        stands = desk.schedule.describe(desk.now)
        count = len(desk.due_min)
        _act(desk, action, minutes)
        if action == "work" and stands.paused_until is not None:
            left_min = (stands.paused_until - desk.now.local) / timedelta(minutes=1)
            assert left_min <= 0 or len(desk.due_min) == count
    assert all(b - a >= 5 for a, b in pairwise(desk.due_min))
    assert all(one.how is BreakKind.TAKEN or one.minutes >= 3 for one in desk.breaks)


def _act(desk: Desk, action: str, minutes: int) -> None:
    schedule = desk.schedule
    match action:
        case "work":
            desk.work(minutes)
        case "rest":
            desk.rest(minutes / 10)
        case "sleep":
            desk.pass_s(60 * minutes)
        case "break":
            schedule.take_break(desk.now)
        case "snooze":
            schedule.snooze(desk.now, 5)
        case "pause":
            schedule.pause(desk.now, minutes)
        case "tomorrow":
            schedule.pause_until_tomorrow(desk.now)
        case "resume":
            schedule.resume()
        case "back" | "ahead":
            desk.set_wall(timedelta(minutes=minutes if action == "ahead" else -minutes))
        case "60" | "30":
            schedule.preferences = choose(interval_min=int(action))
        case _:
            schedule.preferences = choose(interval_min=30, is_on=action == "on")


def test_a_process_that_ends_just_as_the_computer_wakes_does_not_forget_the_night() -> None:
    before = Desk()
    before.work(50)
    before.pass_s(9 * 3600)
    after = Desk(before.now.local, before.schedule.memory(before.now))
    after.work(59)
    assert after.due_min == []
    after.work(2)
    assert len(after.due_min) == 1
