"""Agreement, held to what the papers print and to formulas of other books."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate, stats

from app.study.agreement import (
    Estimate,
    IccForm,
    TooFewRatings,
    intraclass_correlations,
    limits_of_agreement,
    measurement_error,
    repeat_error,
    subjects_for_icc,
    subjects_for_limits,
    weighted_kappa,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.xdist_group("statistics")

#: Shrout and Fleiss (1979), table 2: six targets, four judges.
JUDGES = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    np.float64,
)
#: Bland and Altman (1986), table 1: peak flow of 17 people in l/min, each meter twice.
WRIGHT = np.array(
    [
        [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
        [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421],
    ],
    np.float64,
)
MINI = np.array(
    [
        [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
        [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443],
    ],
    np.float64,
)
Z = 1.959963984540054


def ends(estimate: Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def test_icc_are_the_printed_digits_of_shrout_and_fleiss() -> None:
    found = {one.form: round(one.icc.value, 2) for one in intraclass_correlations(JUDGES)}
    assert found == {
        IccForm.ONE: 0.17,
        IccForm.AGREEMENT: 0.29,
        IccForm.CONSISTENCY: 0.71,
        IccForm.ONE_MEAN: 0.44,
        IccForm.AGREEMENT_MEAN: 0.62,
        IccForm.CONSISTENCY_MEAN: 0.91,
    }


def mean_squares(ratings: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return between targets, within targets, between judges, and the rest."""
    n, k = ratings.shape
    rows, columns = ratings.mean(axis=1), ratings.mean(axis=0)
    between = k * rows.var(ddof=1)
    judges = n * columns.var(ddof=1)
    total = ((ratings - ratings.mean()) ** 2).sum()
    within = (total - (n - 1) * between) / (n * (k - 1))
    rest = (total - (n - 1) * between - (k - 1) * judges) / ((n - 1) * (k - 1))
    return float(between), float(within), float(judges), float(rest)


def test_the_intervals_of_the_icc_are_those_of_the_appendix_of_shrout_and_fleiss() -> None:
    n, k = JUDGES.shape
    between, within, judges, rest = mean_squares(JUDGES)
    # The paper's own analysis of variance, table 3.
    assert [round(one, 2) for one in (between, within, judges, rest)] == [11.24, 6.26, 32.49, 1.02]
    found = {one.form: one.icc for one in intraclass_correlations(JUDGES)}

    def of_ratio(ratio: float, freedom: int) -> tuple[float, float]:
        low = ratio / stats.f.ppf(0.975, n - 1, freedom)
        high = ratio * stats.f.ppf(0.975, freedom, n - 1)
        return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)

    assert ends(found[IccForm.ONE]) == pytest.approx(of_ratio(between / within, n * (k - 1)))
    assert ends(found[IccForm.CONSISTENCY]) == pytest.approx(
        of_ratio(between / rest, (n - 1) * (k - 1))
    )
    icc, ratio = found[IccForm.AGREEMENT].value, judges / rest
    freedom = ((k - 1) * (n - 1) * (k * icc * ratio + n * (1 + (k - 1) * icc) - k * icc) ** 2) / (
        (n - 1) * k**2 * icc**2 * ratio**2 + (n * (1 + (k - 1) * icc) - k * icc) ** 2
    )
    far, near = stats.f.ppf(0.975, n - 1, freedom), stats.f.ppf(0.975, freedom, n - 1)
    own = k * judges + (k * n - k - n) * rest
    low = n * (between - far * rest) / (far * own + n * between)
    high = n * (near * between - rest) / (own + n * near * between)
    assert ends(found[IccForm.AGREEMENT]) == pytest.approx((low, high))


def test_the_error_of_measurement_is_made_of_the_mean_squares() -> None:
    found = measurement_error(JUDGES)
    _, _, judges, rest = mean_squares(JUDGES)
    assert found.sem.value == pytest.approx(math.sqrt((judges - rest) / 6 + rest))
    assert found.sem_consistency.value == pytest.approx(math.sqrt(rest))
    assert found.mdc95.value == pytest.approx(Z * math.sqrt(2) * found.sem.value)
    exact = np.sqrt(15 * rest / stats.chi2.ppf([0.975, 0.025], 15))
    assert ends(found.sem_consistency) == pytest.approx(tuple(exact))
    assert found.sem.low < found.sem.value < found.sem.high


def test_limits_are_the_printed_digits_of_bland_and_altman() -> None:
    found = limits_of_agreement(WRIGHT[0], MINI[0], as_published=True)
    assert round(found.bias.value, 1) == -2.1
    assert round(found.sd, 1) == 38.8
    # The paper goes on with the rounded figures.
    bias, sd = -2.1, round(found.sd, 1)
    assert (round(bias - 2 * sd, 1), round(bias + 2 * sd, 1)) == (-79.7, 75.5)
    assert (found.lower.value, found.upper.value) == pytest.approx((-79.7, 75.5), abs=0.1)
    assert round(sd / math.sqrt(17), 1) == 9.4
    assert round(found.sd * math.sqrt(3 / 17), 1) == 16.3
    assert [round(end, 1) for end in ends(found.bias)] == [-22.0, 17.8]
    assert ends(found.lower) == pytest.approx((-114.3, -45.1), abs=0.2)
    assert ends(found.upper) == pytest.approx((40.9, 110.1), abs=0.2)


def test_repeatability_is_that_of_bland_and_altman() -> None:
    wright, mini = repeat_error(WRIGHT.T), repeat_error(MINI.T)
    spreads = [math.sqrt(2) * one.sem.value for one in (wright, mini)]
    assert [round(one, 1) for one in spreads] == [21.6, 28.2]
    assert [2 * round(one, 1) for one in spreads] == [43.2, 56.4]
    assert wright.mdc95.value == pytest.approx(Z * spreads[0])
    assert wright.repeated == 17


def test_repeated_pairs_come_to_what_bland_and_altman_correct_the_spread_to() -> None:
    subjects = list(range(17)) * 2
    found = limits_of_agreement(WRIGHT.ravel(), MINI.ravel(), subjects)
    assert round(found.bias.value, 1) == -6.0
    # Printed: 37.7, from spreads rounded before (33.2, 21.6 and 28.2).
    assert found.sd == pytest.approx(37.7, abs=0.1)
    assert (found.pairs, found.subjects) == (34, 17)


def test_an_end_of_a_limit_is_passed_by_the_truth_as_rarely_as_it_says() -> None:
    """By integrating over what spread may be found, not by the noncentral t distribution."""
    found = limits_of_agreement(WRIGHT[0], MINI[0])
    assert found.upper.value == pytest.approx(found.bias.value + Z * found.sd)
    n = 17

    def share_above(factor: float) -> float:
        def of_spread(spread: float) -> float:
            density = stats.chi.pdf(spread * math.sqrt(n - 1), n - 1) * math.sqrt(n - 1)
            return float(stats.norm.cdf(math.sqrt(n) * (factor * spread - Z)) * density)

        return float(integrate.quad(of_spread, 0, 4)[0])

    low, high = ((end - found.bias.value) / found.sd for end in ends(found.upper))
    assert share_above(high) == pytest.approx(0.975, abs=1e-6)
    assert share_above(low) == pytest.approx(0.025, abs=1e-6)


def test_the_slope_tells_of_bias_that_grows() -> None:
    truth = np.linspace(0, 20, 40)
    noise = np.random.default_rng(3).normal(0, 0.5, (2, 40))
    grows = limits_of_agreement(1.2 * truth + noise[0], truth + noise[1])
    assert grows.slope_p < 0.001
    assert grows.slope.low < 0.2 / 1.1 < grows.slope.high
    level = limits_of_agreement(truth + noise[0] + 3, truth + noise[1])
    assert level.slope_p > 0.05
    reference = stats.linregress(
        (2.2 * truth + noise.sum(axis=0)) / 2, 0.2 * truth + noise[0] - noise[1]
    )
    assert grows.slope.value == pytest.approx(reference.slope)
    assert grows.slope_p == pytest.approx(reference.pvalue)


def test_kappa_is_that_of_fleiss() -> None:
    # Fleiss (1981), table 13.1, psychotic or not: 75, 5, 5 and 15 of 100; kappa 0.69.
    first, second = [0] * 80 + [1] * 20, [0] * 75 + [1] * 5 + [0] * 5 + [1] * 15
    found = weighted_kappa(first, second, 2)
    assert found.value == pytest.approx((0.9 - 0.68) / (1 - 0.68))
    # His error of it, worked by hand for two kinds.
    shares = np.array([[0.75, 0.05], [0.05, 0.15]])
    kappa, by_chance, margin = found.value, 0.68, np.array([0.8, 0.2])
    same = sum(shares[i, i] * (1 - 2 * margin[i] * (1 - kappa)) ** 2 for i in range(2))
    other = (1 - kappa) ** 2 * 2 * 0.05 * 1.0
    error = math.sqrt(same + other - (kappa - by_chance * (1 - kappa)) ** 2) / (0.32 * 10)
    assert ends(found) == pytest.approx((kappa - Z * error, kappa + Z * error))


def test_kappa_of_three_steps_counts_one_step_apart_as_half() -> None:
    first, second = [0, 0, 1, 1, 2, 2, 2, 0, 1, 2], [0, 1, 1, 2, 2, 2, 0, 0, 1, 1]
    table = np.zeros((3, 3))
    np.add.at(table, (first, second), 0.1)
    weights = 1 - np.abs(np.subtract.outer(range(3), range(3))) / 2
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    expected = ((weights * table).sum() - (weights * by_chance).sum()) / (
        1 - (weights * by_chance).sum()
    )
    assert weighted_kappa(first, second, 3).value == pytest.approx(expected)


def test_subjects_for_limits_are_those_of_blands_rule() -> None:
    # Of 100 subjects the limits are sure to 0.34 standard deviations, of 200 to 0.24.
    assert subjects_for_limits(1.0, 0.34) == 100
    assert subjects_for_limits(1.0, 0.24) == pytest.approx(200, abs=1)


@pytest.mark.parametrize("raters", [2, 3, 5])
@pytest.mark.parametrize("icc", [0.5, 0.8, 0.9])
def test_subjects_for_an_icc_make_its_interval_as_wide_as_wanted(raters: int, icc: float) -> None:
    n = subjects_for_icc(icc, raters, 0.1)
    ratio, freedom = (1 + (raters - 1) * icc) / (1 - icc), n * (raters - 1)
    low = ratio / stats.f.ppf(0.975, n - 1, freedom)
    high = ratio * stats.f.ppf(0.975, freedom, n - 1)
    width = (high - 1) / (high + raters - 1) - (low - 1) / (low + raters - 1)
    assert width == pytest.approx(0.1, rel=0.08)


def test_an_icc_that_leaves_nothing_to_find_out_needs_few() -> None:
    assert subjects_for_icc(1.0, 3, 0.2) <= 4
    assert subjects_for_icc(-0.4, 3, 0.2) == subjects_for_icc(0.0, 3, 0.2)


@pytest.mark.parametrize(
    "ratings",
    [
        np.ones((5, 3)),
        np.tile(np.arange(3.0), (5, 1)),
    ],
    ids=["all alike", "subjects alike"],
)
def test_without_a_difference_between_subjects_there_is_no_icc(
    ratings: NDArray[np.float64],
) -> None:
    for one in intraclass_correlations(ratings):
        assert math.isnan(one.icc.value)
    assert measurement_error(ratings).sem_consistency.value == pytest.approx(0)


def test_raters_who_never_differ_have_an_icc_of_one_and_no_interval() -> None:
    for one in intraclass_correlations(np.repeat(np.arange(6.0)[:, None], 3, axis=1)):
        assert one.icc.value == 1
        assert math.isnan(one.icc.low)


def test_differences_that_are_all_alike_have_no_slope() -> None:
    found = limits_of_agreement(np.arange(6.0) + 1, np.arange(6.0))
    assert (found.bias.value, found.sd) == (1, 0)
    assert math.isnan(found.slope.value)
    assert math.isnan(found.slope_p)


@pytest.mark.parametrize("ratings", [np.ones((2, 3)), np.ones((5, 1)), np.full((9, 3), np.nan)])
def test_too_little_is_told(ratings: NDArray[np.float64]) -> None:
    with pytest.raises(TooFewRatings, match=r"Rate more photographs\."):
        intraclass_correlations(ratings)
    with pytest.raises(TooFewRatings):
        measurement_error(ratings)


def test_too_few_pairs_are_told() -> None:
    lacking = np.array([1.0, 2.0, np.nan, 4.0])
    with pytest.raises(TooFewRatings, match="there are 2"):
        limits_of_agreement(lacking, np.array([1.0, np.nan, 3.0, 5.0]))
    with pytest.raises(TooFewRatings, match="rated twice"):
        repeat_error(np.array([[1.0, np.nan], [2.0, np.nan], [3.0, 4.0]]))
    with pytest.raises(TooFewRatings, match="Kappa needs"):
        weighted_kappa([0, 1], [0, 1], 2)


def test_a_subject_that_lacks_a_rating_is_left_out_whole() -> None:
    lacking = np.vstack([JUDGES, [5, np.nan, 3, 2]])
    assert [one.icc for one in intraclass_correlations(lacking)] == [
        one.icc for one in intraclass_correlations(JUDGES)
    ]


def test_kappa_without_chance_or_without_error() -> None:
    assert math.isnan(weighted_kappa([1, 1, 1], [1, 1, 1], 3).value)
    agreed = weighted_kappa([0, 1, 2, 1], [0, 1, 2, 1], 3)
    assert agreed.value == 1
    assert math.isnan(agreed.low)
    one_sided = weighted_kappa([1, 1, 1, 1], [0, 1, 2, 1], 3)
    assert one_sided.value == pytest.approx(0)


SOME = arrays(
    np.float64,
    st.tuples(st.integers(3, 8), st.integers(2, 4)),
    elements=st.integers(-300, 300).map(lambda tenth: tenth / 10),
)


@settings(max_examples=12)
@given(SOME, st.integers(-50, 50))
def test_where_angles_count_from_changes_no_agreement(
    ratings: NDArray[np.float64], shift: int
) -> None:

    first, moved = intraclass_correlations(ratings), intraclass_correlations(ratings + shift)
    for one, other in zip(first, moved, strict=True):
        assert not one.icc.value > 1 + 1e-9
        assert not one.icc.low > one.icc.high
        if one.icc.value >= -1:  # below, rounding decides
            assert one.icc.value == pytest.approx(other.icc.value, abs=1e-6)
    sems = measurement_error(ratings).sem, measurement_error(ratings + shift).sem
    assert sems[0].value == pytest.approx(sems[1].value, abs=1e-6)


@settings(max_examples=50)
@given(SOME)
def test_the_other_way_round_the_limits_change_their_sign(ratings: NDArray[np.float64]) -> None:
    first, second = ratings[:, 0], ratings[:, 1]
    one, other = limits_of_agreement(first, second), limits_of_agreement(second, first)
    assert one.bias.value == pytest.approx(-other.bias.value)
    assert ends(one.upper) == pytest.approx((-other.lower.high, -other.lower.low))
    assert one.lower.low <= one.lower.value <= one.lower.high
    assert one.slope_p == pytest.approx(other.slope_p, nan_ok=True)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=30))
def test_kappa_is_the_same_for_both_and_no_more_than_one(answers: list[tuple[int, int]]) -> None:
    first, second = zip(*answers, strict=True)
    one, other = weighted_kappa(first, second, 3), weighted_kappa(second, first, 3)
    assert one.value == pytest.approx(other.value, nan_ok=True)
    assert not one.value > 1 + 1e-12
    assert not one.low < -1
