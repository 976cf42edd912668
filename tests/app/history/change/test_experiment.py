"""Planned weeks with and without exercises."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.change.experiment import (
    CHANCE_MOST,
    PAIRS_LEAST,
    WEEKS,
    Compared,
    Planned,
    difference_of,
    draw_weeks,
    read_experiment,
)
from app.history.diary import ExerciseSet, Experiment
from tests.app.history.made_up import WHEN, measured, new_check

if TYPE_CHECKING:
    from app.history.store import History


@given(st.sampled_from(WEEKS), st.integers(0, 1000))
def test_each_pair_of_weeks_has_one_with_and_one_without(count: int, seed: int) -> None:
    weeks = draw_weeks(count, random.Random(seed))
    assert len(weeks) == count
    assert all(weeks[n] is not weeks[n + 1] for n in range(0, count, 2))


def test_the_order_is_drawn_by_lot() -> None:
    assert len({draw_weeks(12) for _ in range(50)}) > 20


def test_a_difference_in_all_pairs_is_more_than_chance() -> None:
    weeks = draw_weeks(12, random.Random(1))
    by_week = [10.0 + 0.1 * n - 3.0 * one for n, one in enumerate(weeks)]
    found = difference_of(Compared.TILT, by_week, weeks)
    assert found.pairs == 6
    assert found.mean_deg == pytest.approx(-3, abs=0.1)
    assert found.chance == pytest.approx(2 / 64)
    assert found.is_real


def test_too_few_pairs_tell_nothing_of_chance() -> None:
    weeks = draw_weeks(12, random.Random(1))
    by_week: list[float | None] = [10.0 - 5.0 * one for one in weeks]
    by_week[3] = None
    found = difference_of(Compared.TILT, by_week, weeks)
    assert (found.pairs, found.chance, found.is_real) == (5, None, False)
    assert found.mean_deg == pytest.approx(-5)
    assert difference_of(Compared.TILT, [None] * 12, weeks).mean_deg is None


def test_where_nothing_differs_a_difference_is_seldom_told() -> None:
    rng, told = np.random.default_rng(3), 0
    for seed in range(200):
        weeks = draw_weeks(16, random.Random(seed))
        # Whatever drifts over months falls on both alike.
        by_week = list(12 + 0.4 * np.arange(16) + rng.normal(0, 3, 16))
        told += difference_of(Compared.TILT, by_week, weeks).is_real
    assert told <= 2 * CHANCE_MOST * 200


def test_a_plan_is_read_with_what_came_of_it(history: History) -> None:
    me = history.default_profile()
    assert read_experiment(history, me.id) is None
    weeks = draw_weeks(12, random.Random(5))
    history.note(me.id, WHEN, Experiment(weeks))
    for week, is_with in enumerate(weeks):
        for day in (1, 4):
            taken = measured(12.0 - 4.0 * is_with + 0.05 * week)
            history.save(new_check(me.id, taken, day=7 * week + day))
        if is_with:
            at = WHEN + timedelta(days=7 * week + 2)
            history.note(me.id, at, ExerciseSet("glute_bridge", 10))
    plan = read_experiment(history, me.id)
    assert plan is not None
    assert (plan.first, plan.weeks) == (WHEN.date(), weeks)
    assert (plan.days_with, plan.days_without) == (6, 0)
    (tilt,) = plan.differences
    assert tilt.what is Compared.TILT
    assert tilt.pairs == PAIRS_LEAST
    assert tilt.mean_deg == pytest.approx(-4, abs=0.1)
    assert tilt.is_real
    history.note(me.id, WHEN + timedelta(days=200), Experiment())
    assert read_experiment(history, me.id) is None


def test_which_week_a_day_is_in() -> None:
    plan = Planned(1, date(2026, 3, 2), (True, False), 0, 0, ())
    days = {date(2026, 3, 1): None, date(2026, 3, 2): 0, date(2026, 3, 8): 0, date(2026, 3, 9): 1}
    assert {day: plan.week_of(day) for day in days} == days
    assert plan.week_of(date(2026, 3, 16)) is None
