"""What rounds of squeezing say together, and when it is called more than noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.live.events import SqueezeRound
from vision.live.squeeze import LEAST_CHANGE_DEG, assess_squeezes

TENTHS = st.integers(-300, 300).map(lambda tenths: tenths / 10)
ROUNDS = st.lists(st.builds(SqueezeRound, TENTHS, TENTHS, TENTHS), min_size=1, max_size=5)


def rounds_of(*changes_deg: float, rest_deg: float = 12.0) -> list[SqueezeRound]:
    return [SqueezeRound(rest_deg, rest_deg - change, rest_deg) for change in changes_deg]


def test_three_rounds_worked_by_hand() -> None:
    result = assess_squeezes(rounds_of(4.0, 6.0, 8.0))
    half = 2.920 * 2.0 / math.sqrt(3)
    assert result.backward_deg == pytest.approx(6)
    assert result.low_deg == pytest.approx(6 - half)
    assert result.high_deg == pytest.approx(6 + half)
    assert result.is_more_than_noise
    assert [one.backward_deg for one in result.rounds] == [4, 6, 8]


def test_rounds_that_agree_by_chance_are_no_surer_than_the_noise() -> None:
    result = assess_squeezes(rounds_of(3.0, 3.0, 3.0))
    half = 1.645 * 0.5 * math.sqrt(5.5) / 3
    assert result.high_deg - result.backward_deg == pytest.approx(half)
    assert result.is_more_than_noise


def test_times_of_rest_that_differ_widen_the_interval() -> None:
    wandering = [SqueezeRound(10, 8, 14), SqueezeRound(14, 10, 10), SqueezeRound(10, 8, 14)]
    result = assess_squeezes(wandering)
    assert result.backward_deg == pytest.approx((4 + 2 + 4) / 3)
    half = 1.645 * math.sqrt(16 / 2) * math.sqrt(5.5) / 3
    assert result.high_deg - result.backward_deg == pytest.approx(half)
    assert not result.is_more_than_noise


@pytest.mark.parametrize(
    ("changes_deg", "is_more"),
    [
        ((1.9, 1.9, 1.9), False),
        ((2.1, 2.0, 2.1), True),
        ((5.0, 0.0, 6.0), False),
        ((0.0, 0.0, 0.0), False),
        ((-3.0, -3.2, -3.1), True),
        ((4.0,), True),
        ((4.0, 9.0), False),
    ],
)
def test_more_than_noise(changes_deg: tuple[float, ...], is_more: bool) -> None:
    result = assess_squeezes(rounds_of(*changes_deg))
    assert result.is_more_than_noise is is_more


@given(ROUNDS)
def test_the_interval_lies_around_the_change(rounds: list[SqueezeRound]) -> None:
    result = assess_squeezes(rounds)
    assert result.low_deg < result.backward_deg < result.high_deg
    assert result.rounds == tuple(rounds)
    if result.is_more_than_noise:
        assert result.low_deg * result.high_deg >= 0
        assert abs(result.backward_deg) >= LEAST_CHANGE_DEG


@given(ROUNDS, TENTHS)
def test_only_changes_count_not_the_tilt_itself(rounds: list[SqueezeRound], by_deg: float) -> None:
    moved = [
        SqueezeRound(r.before_deg + by_deg, r.squeezed_deg + by_deg, r.after_deg + by_deg)
        for r in rounds
    ]
    one, other = assess_squeezes(rounds), assess_squeezes(moved)
    assert other.backward_deg == pytest.approx(one.backward_deg, abs=1e-6)
    assert other.high_deg == pytest.approx(one.high_deg, abs=1e-6)


@pytest.mark.parametrize("noise_deg", [0.3, 0.7, 1.5])
@pytest.mark.parametrize("change_deg", [0.0, 5.0])
def test_the_interval_holds_the_change_nine_times_in_ten(
    noise_deg: float, change_deg: float
) -> None:
    rng = np.random.default_rng(round(10 * noise_deg))
    held, called = [], []
    for _ in range(1500):
        rests = rng.normal(12, noise_deg, 4)
        squeezed = rng.normal(12 - change_deg, noise_deg, 3)
        result = assess_squeezes(
            [SqueezeRound(rests[n], squeezed[n], rests[n + 1]) for n in range(3)]
        )
        held.append(result.low_deg <= change_deg <= result.high_deg)
        called.append(result.is_more_than_noise)
    assert np.mean(held) > 0.89
    if change_deg == 0.0:
        assert np.mean(called) < 0.05
