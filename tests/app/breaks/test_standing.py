"""Somebody who has a desk to stand at says when they stand and when they sit."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.breaks.schedule import Memory
from app.history.diary import BreakKind
from tests.app.breaks.desk import Desk, choose

_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


def stander(**chosen: Any) -> Desk:
    return Desk(can_stand=True, **chosen)


def stood_min(desk: Desk) -> list[float]:
    stood = desk.schedule.take_stood()
    assert all(one.how is BreakKind.STOOD for one in stood)
    return [round(one.minutes, 2) for one in stood]


def test_standing_does_not_count_as_sitting_which_goes_on_afterwards() -> None:
    desk = stander()
    desk.work(40)
    desk.schedule.stand(desk.now)
    desk.work(25)
    stands = desk.schedule.describe(desk.now)
    assert (stands.is_standing, stands.sitting_min, stands.standing_min) == (True, 40, 25)
    assert stands.next_in_min == pytest.approx(5)
    desk.schedule.sit(desk.now)
    assert stood_min(desk) == [25]
    desk.work(19)
    assert desk.due_min == []
    desk.work(1)
    assert desk.due_min == [pytest.approx(40 + 25 + 20, abs=0.3)]
    assert desk.breaks == []


@pytest.mark.parametrize("standing_min", [5, 23, 30])
def test_whoever_stands_for_long_is_reminded_of_that(standing_min: int) -> None:
    desk = stander(standing_min=standing_min)
    desk.work(10)
    desk.schedule.stand(desk.now)
    desk.work(standing_min + 15 + standing_min)
    first = 10 + standing_min
    assert desk.due_min == [first, first + 15, first + 15 + standing_min]
    assert desk.schedule.describe(desk.now).is_due
    desk.schedule.sit(desk.now)
    assert not desk.schedule.describe(desk.now).is_due


def test_sitting_down_again_gives_five_minutes() -> None:
    desk = stander()
    desk.work(60)
    desk.schedule.stand(desk.now)
    assert not desk.schedule.describe(desk.now).is_due
    desk.work(20)
    desk.schedule.sit(desk.now)
    assert desk.schedule.describe(desk.now).next_in_min == pytest.approx(5)
    desk.work(6)
    assert desk.due_min == [60, 85]
    assert desk.numbers == [1, 1]


def test_a_break_begins_both_anew_and_standing_before_it_is_noted() -> None:
    desk = stander()
    desk.work(40)
    desk.schedule.stand(desk.now)
    desk.work(20)
    left_at = desk.now.local
    desk.rest(10)
    desk.look()
    (stood,) = desk.schedule.take_stood()
    assert stood.minutes == pytest.approx(20, abs=0.3)
    assert stood.at == left_at
    assert [one.how for one in desk.breaks] == [BreakKind.AWAY]
    stands = desk.schedule.describe(desk.now)
    assert (stands.is_standing, stands.sitting_min, stands.standing_min) == (True, 0, 0)
    desk.work(12)
    assert desk.schedule.take_break(desk.now).how is BreakKind.TAKEN
    assert stood_min(desk) == [12]


def test_after_a_night_nobody_stands_still() -> None:
    desk = stander()
    desk.schedule.stand(desk.now)
    desk.work(20)
    desk.pass_s(9 * 3600)
    desk.look()
    assert stood_min(desk) == [20]
    assert not desk.schedule.describe(desk.now).is_standing
    desk.work(61)
    assert len(desk.due_min) == 1


def test_less_than_a_minute_is_not_noted() -> None:
    desk = stander()
    desk.look()
    for _ in range(5):
        desk.schedule.stand(desk.now)
        desk.work(0.5)
        desk.schedule.sit(desk.now)
    assert stood_min(desk) == []


@pytest.mark.parametrize("chosen", [{"can_stand": False}, {"can_stand": True, "is_on": False}])
def test_who_gives_up_standing_sits(chosen: dict[str, bool]) -> None:
    desk = stander()
    desk.look()
    desk.schedule.stand(desk.now)
    desk.work(7)
    desk.schedule.preferences = choose(**chosen)
    desk.look()
    assert stood_min(desk) == [7]
    desk.schedule.stand(desk.now)
    desk.look()
    assert desk.schedule.describe(desk.now).is_standing is False


@pytest.mark.parametrize(
    ("away_min", "goes_on", "noted"), [(1, True, []), (30, True, [20]), (600, False, [20])]
)
def test_a_restart_remembers(away_min: float, goes_on: bool, noted: list[float]) -> None:
    before = stander()
    before.work(15)
    before.schedule.stand(before.now)
    before.work(20)
    memory = _MEMORY.validate_json(_MEMORY.dump_json(before.schedule.memory(before.now)))
    after = Desk(before.now.local + timedelta(minutes=away_min), memory, can_stand=True)
    after.look()
    stands = after.schedule.describe(after.now)
    assert stands.is_standing is goes_on
    assert stands.standing_min == (21 if away_min == 1 else 0)
    assert stands.sitting_min == (15 if away_min == 1 else 0)
    assert stood_min(after) == noted


def test_a_memory_of_an_earlier_version_sits() -> None:
    earlier = {"left_at": "2026-06-01T10:00:00+02:00", "sitting_s": 60, "number": 0, "wait_s": 0}
    memory = _MEMORY.validate_python({**earlier, "paused_until": None})
    assert (memory.is_standing, memory.standing_s) == (False, 0)


@pytest.mark.parametrize("break_min", [2, 3, 7, 30])
def test_how_long_a_break_is_can_be_chosen(break_min: int) -> None:
    desk = Desk(break_min=break_min)
    desk.work(30)
    desk.rest(break_min - 0.5)
    desk.look()
    assert desk.breaks == []
    desk.rest(break_min)
    desk.look()
    assert [round(one.minutes, 1) for one in desk.breaks] == [break_min]


_ACTIONS = st.sampled_from(["work", "work", "stand", "sit", "rest", "sleep", "break", "snooze"])


@given(st.lists(st.tuples(_ACTIONS, st.integers(1, 90)), max_size=30))
def test_no_two_are_close_and_no_minute_is_stood_twice(actions: list[tuple[str, int]]) -> None:
    desk = stander(standing_min=5, interval_min=5)
    stood = standing = 0.0
    for action, minutes in actions:
        before_min, stands = desk.minutes, desk.schedule.describe(desk.now).is_standing
        match action:
            case "work":
                desk.work(minutes)
            case "rest":
                desk.rest(minutes / 10)
            case "sleep":
                desk.pass_s(60 * minutes)
            case "break":
                desk.schedule.take_break(desk.now)
            case "snooze":
                desk.schedule.snooze(desk.now, 5)
            case _:
                getattr(desk.schedule, action)(desk.now)
        standing += (desk.minutes - before_min) * stands
        stood += sum(stood_min(desk))
    desk.look()
    desk.schedule.sit(desk.now)
    stood += sum(stood_min(desk))
    assert stood <= standing + 0.1
    assert all(b - a >= 5 for a, b in pairwise(desk.due_min))
