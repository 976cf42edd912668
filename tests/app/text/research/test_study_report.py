"""Figures as they are printed."""

from __future__ import annotations

import math

import pytest

from app.study.agreement import Estimate
from app.text.research import study_report as text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.25, "1.2°"), (-0.04, "0.0°"), (-3.06, "\N{MINUS SIGN}3.1°"), (math.nan, "\N{EN DASH}")],
)
def test_an_angle_has_one_decimal_and_a_true_minus(value: float, shown: str) -> None:
    assert text.angle(value) == shown


def test_what_cannot_be_worked_out_is_told_in_words() -> None:
    nan = math.nan
    assert text.degrees(Estimate(nan, nan, nan)) == "cannot be worked out"
    assert text.share(Estimate(1.0, nan, nan)) == "1.00 (no interval)"
    assert text.share(Estimate(0.5, 0.25, 0.75)) == "0.50 (0.25 to 0.75)"
    assert text.slope(Estimate(nan, nan, nan), nan) == "\N{EN DASH}"
    assert text.percent(nan) == "\N{EN DASH}"


def test_photographs_that_were_left_out_are_told() -> None:
    assert text.left_out(0) == ""
    assert text.left_out(1).startswith("Before any rating, 1 photograph was drawn and left out")


def test_chance_is_never_nothing() -> None:
    assert text.p_value(1e-9) == "p < 0.001"
    assert text.p_value(0.0449) == "p = 0.045"


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ((), "\N{EN DASH}"),
        ((0.1, 0.5, 1.0), "30 (6 to 60) minutes"),
        ((1.0, 24.0, 30.0), "24 (1 to 30) hours"),
        ((24.0, 168.0, 336.0), "7 (1 to 14) days"),
    ],
)
def test_times_between_repeats_have_a_unit_that_suits(hours: tuple[float, ...], shown: str) -> None:
    assert text.apart(hours) == shown


def test_every_item_of_the_guidelines_has_an_answer() -> None:
    names = (
        *("version", "pose", "contour", "raters", "repeats", "subjects", "seed", "asked"),
        *("answered", "unmarkable", "open"),
    )
    items = text.grras(**dict.fromkeys(names, "X"))
    assert [item for item, _, _ in items] == [str(number) for number in range(1, 16)]
    assert all(answer for _, _, answer in items)


def test_many_raters_who_lack_something_are_told_in_short() -> None:
    from app.study.analysis import Counted

    lacking = [Counted(f"r{number}", 9, 0, 0, 9) for number in range(7)]
    assert text.missing(lacking).endswith("r4 lacks 9 of 9, 2 more raters")
