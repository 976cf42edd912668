"""The comparison of whole weeks sees a reminder that does something else."""

from __future__ import annotations

import pytest

from app.breaks import courtesy, schedule
from app.breaks.courtesy import Courtesy
from app.breaks.schedule import Schedule
from benchmarks.reminder import judge, random_week


@pytest.mark.parametrize(
    ("name", "value"),
    [("AGAIN_S", 1800.0), ("ASLEEP_S", 1e9), ("PRESENT_S", 0.0), ("APART_S", 900.0)],
)
def test_another_length_of_time_is_seen(
    name: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, name, value)
    found = [judge(random_week(seed), seed) for seed in range(12)]
    assert sum(len(one.lost) + len(one.extra) for one in found) > 5


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("_break_s", property(lambda _: 3600.0)),
        ("_counted_s", property(lambda schedule: schedule._sitting_s)),
        ("stand", lambda _, now: None),
        ("sit", lambda _, now: None),
    ],
)
def test_another_way_to_count_is_seen(
    name: str, put: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Schedule, name, put)
    found = [judge(random_week(seed), seed) for seed in range(12)]
    assert sum(len(one.lost) + len(one.extra) for one in found) > 5


def test_a_reminder_that_disturbs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Courtesy, "holds", property(lambda _: False))
    found = [judge(random_week(seed), seed) for seed in range(12)]
    assert sum(one.in_calls for one in found) > 5


def test_a_reminder_that_waits_too_long_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "ASK_AGAIN_S", 3600.0)
    found = [judge(random_week(seed), seed) for seed in range(12)]
    assert sum(len(one.lost) for one in found) > 5
    assert sum(one.in_calls for one in found) == 0
