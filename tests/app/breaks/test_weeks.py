"""Whole weeks of somebody's life: no reminder lost, none too close to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.breaks.preferences import ReminderPreferences
from benchmarks.reminder import Doing, Stretch, Week, judge, random_week, run

_HOUR_S = 3600.0


def at_the_desk(begin: datetime, hours: float, **chosen: object) -> Week:
    """Return somebody who works without a break from a moment on."""
    chosen = {"is_on": True, "interval_min": 30, **chosen}
    return Week(
        [Stretch(Doing.WORK, 0.0, hours * _HOUR_S)],
        lambda true_s: (begin.astimezone(UTC) + timedelta(seconds=true_s)).astimezone(begin.tzinfo),
        ReminderPreferences.model_validate(chosen),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_week_with_all_that_can_happen_to_a_clock(seed: int) -> None:
    verdict = judge(random_week(seed), seed)
    assert len(verdict.given) >= 5
    assert verdict.lost == ()
    assert verdict.extra == ()
    assert verdict.in_calls == 0
    assert verdict.too_close == 0
    # Some sat just five minutes, or were away just three hours, give or take a look.
    assert abs(verdict.breaks[0] - verdict.breaks[1]) <= 2
    # Each time somebody stands up, sits down or leaves, a look may be late.
    noted_s, true_s = verdict.stood_s
    assert noted_s == pytest.approx(true_s, rel=0.05, abs=60)


# In quarters, which several cores can have at once.
@pytest.mark.parametrize("quarter", range(4))
@settings(max_examples=25)
@given(data=st.data())
def test_any_week(quarter: int, data: st.DataObject) -> None:
    seed = data.draw(st.integers(100 + 2500 * quarter, 2599 + 2500 * quarter), "seed")
    verdict = judge(random_week(seed), seed)
    assert (verdict.lost, verdict.extra, verdict.in_calls, verdict.too_close) == ((), (), 0, 0)


@pytest.mark.parametrize(
    ("begin", "zone"),
    [
        (datetime(2026, 3, 28, 22, 0), "Europe/Berlin"),
        (datetime(2026, 10, 24, 22, 0), "Europe/Berlin"),
        (datetime(2026, 3, 7, 22, 0), "America/New_York"),
        (datetime(2026, 10, 31, 22, 0), "America/New_York"),
    ],
)
def test_a_night_at_the_desk_while_the_clocks_change(begin: datetime, zone: str) -> None:
    week = at_the_desk(begin.replace(tzinfo=ZoneInfo(zone)), 8.0)
    given_s = run(week).given
    # After half an hour, a quarter later, and then each half hour by true time.
    wanted_h = [0.5, 0.75, *(0.75 + 0.5 * number for number in range(1, 15))]
    assert len(given_s) == pytest.approx(len(wanted_h), abs=1)
    steps = [b - a for a, b in pairwise(given_s[1:])]
    assert all(1800 <= step_s <= 1800 + 120 for step_s in steps)


def test_quiet_hours_end_by_the_wall_when_the_clocks_change() -> None:
    begin = datetime(2026, 10, 25, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    week = at_the_desk(begin, 9.0, quiet_from="23:00", quiet_to="06:00")
    given_s = run(week).given
    # That night has an hour more, so six o'clock is seven hours away.
    assert 7 * _HOUR_S <= given_s[0] <= 7 * _HOUR_S + 120
