"""The number on the screen is steady, and does not lag."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.live.smoothing import OneEuro, SteadyWhole

ANGLE = st.floats(-60, 60)
#: (step in ms, value) one after the other.
COURSE = st.lists(st.tuples(st.floats(1, 900), ANGLE), min_size=1, max_size=40)


def filtered(course: list[tuple[float, float]], start_ms: float = 0.0) -> list[float]:
    even, t_ms, found = OneEuro(), start_ms, []
    for step_ms, value in course:
        t_ms += step_ms
        found.append(even.add(value, t_ms))
    return found


@given(ANGLE, st.lists(st.floats(0, 3000), max_size=30))
def test_a_constant_stays_what_it_is(value: float, steps_ms: list[float]) -> None:
    assert filtered([(step, value) for step in steps_ms]) == pytest.approx([value] * len(steps_ms))


@given(COURSE, st.integers(0, 10**7))
def test_it_does_not_matter_when_it_begins(
    course: list[tuple[float, float]], start_ms: int
) -> None:
    assert filtered(course, start_ms) == pytest.approx(filtered(course), abs=1e-3)


@given(COURSE)
def test_it_never_leaves_the_range_of_what_it_was_given(course: list[tuple[float, float]]) -> None:
    values = [value for _, value in course]
    found = filtered(course)
    assert min(values) - 1e-9 <= min(found)
    assert max(found) <= max(values) + 1e-9


@given(COURSE, st.floats(-30, 30))
def test_a_shifted_angle_is_shown_shifted(
    course: list[tuple[float, float]], shift_deg: float
) -> None:
    moved = filtered([(step, value + shift_deg) for step, value in course])
    assert moved == pytest.approx([value + shift_deg for value in filtered(course)], abs=1e-6)


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_somebody_who_stands_still_has_a_number_that_does(fps: int) -> None:
    noise = np.random.default_rng(fps).normal(12, 1, 3000)
    found = filtered([(1000 / fps, value) for value in noise])
    assert np.std(found[fps:]) < 0.35


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_real_change_shows_within_half_a_second(fps: int) -> None:
    late_ms = []
    for seed in range(20):
        values = np.random.default_rng(seed).normal(0, 1, 4 * fps)
        values[2 * fps :] += 10
        found = filtered([(1000 / fps, value) for value in values])[2 * fps :]
        late_ms.append(next(n for n, value in enumerate(found) if value > 9) * 1000 / fps)
    assert np.median(late_ms) < 400
    assert max(late_ms) < 700


def test_uneven_steps_are_allowed_for() -> None:
    rng = np.random.default_rng(5)
    found = filtered([(step, value) for step, value in rng.normal((40, 12), (10, 1), (2000, 2))])
    assert np.std(found[50:]) < 0.4
    assert np.mean(found[50:]) == pytest.approx(12, abs=0.1)


def test_a_time_that_stands_or_falls_changes_nothing() -> None:
    even = OneEuro()
    even.add(10, 1000)
    assert even.add(20, 1000) == even.add(20, 500) == 10
    assert 10 < even.add(20, 1033) < 20


def test_a_reset_takes_the_next_value_as_it_is() -> None:
    even = OneEuro()
    even.add(10, 0)
    even.reset()
    assert even.add(30, 10) == 30


@given(st.lists(ANGLE, min_size=1, max_size=50))
def test_the_whole_number_is_always_close(values: list[float]) -> None:
    whole = SteadyWhole()
    assert all(abs(whole.show(value) - value) <= 0.9 for value in values)


def test_a_number_half_way_between_two_does_not_flicker() -> None:
    noise = np.random.default_rng(1).normal(12.5, 0.1, 3000)
    whole = SteadyWhole()
    shown = [whole.show(value) for value in noise]
    assert len(set(shown)) == 1


def test_a_noisy_person_at_thirty_pictures_a_second_is_shown_few_numbers() -> None:
    noise = np.random.default_rng(2).normal(12.5, 1, 3000)
    whole = SteadyWhole()
    shown = [whole.show(value) for value in filtered([(33.3, value) for value in noise])]
    changes = sum(one != other for one, other in pairwise(shown))
    assert changes / 100 < 0.5
    assert np.std(shown) <= 0.5


def test_whole_numbers_treat_forward_and_backward_alike() -> None:
    for value in (0.4, 0.5, 1.5, 7.0):
        assert SteadyWhole().show(-value) == -SteadyWhole().show(value)


def test_after_a_reset_the_whole_number_is_the_nearest() -> None:
    whole = SteadyWhole()
    assert (whole.show(12.0), whole.show(12.8)) == (12, 12)
    whole.reset()
    assert whole.show(12.8) == 13
