"""Clocks that are set, summer time, and journeys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.app.breaks.desk import BERLIN, NEW_YORK, Desk

if TYPE_CHECKING:
    from datetime import tzinfo

#: Eleven in the evening before clocks change, ahead and back.
_NIGHTS = [
    (datetime(2026, 3, 28, 23, tzinfo=BERLIN), 1),
    (datetime(2026, 10, 24, 23, tzinfo=BERLIN), -1),
    (datetime(2026, 3, 7, 23, tzinfo=NEW_YORK), 1),
    (datetime(2026, 10, 31, 23, tzinfo=NEW_YORK), -1),
]


@pytest.mark.parametrize("by", [timedelta(hours=-2), timedelta(hours=2), timedelta(days=-400)])
def test_a_clock_that_is_set_changes_no_reminder(by: timedelta) -> None:
    desk = Desk()
    desk.work(30)
    desk.set_wall(by)
    desk.work(45)
    assert desk.due_min == [60, 75]
    assert desk.breaks == []


@pytest.mark.parametrize(("evening", "hours"), _NIGHTS)
def test_a_night_of_changing_clocks_changes_no_reminder(evening: datetime, hours: int) -> None:
    desk = Desk(evening)
    desk.work(315)
    assert desk.now.local.utcoffset() == evening.utcoffset() + timedelta(hours=hours)  # type: ignore[operator]
    assert desk.due_min == [60, 75, 135, 195, 255, 315]


@pytest.mark.parametrize(("evening", "hours"), _NIGHTS)
def test_quiet_hours_end_by_the_clock_on_the_wall(evening: datetime, hours: int) -> None:
    desk = Desk(evening, quiet_from="22:00", quiet_to="06:00")
    desk.work(10 * 60)
    assert desk.due_min[0] == 60 * (7 - hours)


@pytest.mark.parametrize(("evening", "hours"), _NIGHTS)
def test_tomorrow_begins_at_four_by_the_clock_on_the_wall(evening: datetime, hours: int) -> None:
    desk = Desk(evening)
    desk.schedule.pause_until_tomorrow(desk.now)
    desk.work(7 * 60)
    assert desk.due_min[0] == 60 * (5 - hours)


def test_tomorrow_after_midnight_is_after_the_night() -> None:
    desk = Desk(datetime(2026, 6, 2, 0, 30, tzinfo=BERLIN))
    desk.schedule.pause_until_tomorrow(desk.now)
    until = desk.schedule.describe(desk.now).paused_until
    assert until == datetime(2026, 6, 2, 4, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("by", "ends_after_h"),
    [(timedelta(hours=-2), 15), (timedelta(hours=2), 11), (timedelta(days=-30), 24)],
)
def test_no_pause_outlives_a_day(by: timedelta, ends_after_h: float) -> None:
    desk = Desk(datetime(2026, 6, 1, 15, tzinfo=BERLIN))
    desk.schedule.pause_until_tomorrow(desk.now)
    desk.work(1)
    desk.set_wall(by)
    desk.work(24 * 60)
    assert desk.due_min[0] == pytest.approx(60 * ends_after_h, abs=0.3)


def test_an_hour_of_pause_is_an_hour_whatever_the_clock_shows() -> None:
    desk = Desk()
    desk.work(50)
    desk.schedule.pause(desk.now, 60)
    desk.set_wall(timedelta(hours=-5))
    desk.work(61)
    assert desk.due_min == [110]


@pytest.mark.parametrize("zone", [NEW_YORK, ZoneInfo("Asia/Kolkata")])
def test_a_journey_changes_quiet_hours_and_nothing_else(zone: tzinfo) -> None:
    desk = Desk(quiet_from="22:00", quiet_to="06:00")
    desk.work(30)
    desk.zone = zone
    desk.work(31)
    is_night = zone is NEW_YORK  # four in the morning there
    assert desk.schedule.describe(desk.now).is_quiet is is_night
    assert desk.due_min == ([] if is_night else [60])
    desk.work(120)
    assert desk.due_min[0] == (180 if is_night else 60)


def test_a_clock_that_falls_back_is_no_time() -> None:
    desk = Desk()
    desk.work(30)
    desk.elapsed_s -= 600
    desk.work(30)
    assert [one + 10 for one in desk.due_min] == [60]
