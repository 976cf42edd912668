"""What counts as a change, and what is not compared at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.comparison import (
    Limit,
    Unlike,
    change_between,
    smallest_between_single,
    why_unlike,
)
from app.history.records import Arms, CheckRow, Conditions
from tests.app.history.made_up import WHEN
from vision.result import BONES_SD_DEG, Doubt, Method, TiltEstimate

DOUBTS = st.builds(Doubt, st.floats(0, 20), st.floats(0, 20), st.floats(0, 20))


def row(angle_deg: float, method: Method = Method.CONTOUR, garment: str = "") -> CheckRow:
    tilt = TiltEstimate(method, angle_deg, Doubt(2.3, 1.0, BONES_SD_DEG))
    return CheckRow(1, 1, WHEN, tilt, Conditions(garment), False)


def with_doubt(given_row: CheckRow, doubt: Doubt) -> CheckRow:
    return replace(given_row, tilt=replace(given_row.tilt, doubt=doubt))


@pytest.mark.parametrize(
    ("first_deg", "second_deg", "is_real"),
    [(12.0, 2.0, True), (12.0, 2.01, False), (12.0, 22.0, True), (-5.0, 4.9, False), (3, 3, False)],
)
def test_ten_degrees_between_single_pictures(
    first_deg: float, second_deg: float, is_real: bool
) -> None:
    change = change_between(row(first_deg), row(second_deg))
    assert change is not None
    assert change.difference_deg == second_deg - first_deg
    # 1.96 * sqrt(2 * (2.7 ** 2 + 1 + 1.6 ** 2)) = 9.1, in whole degrees.
    assert (change.smallest_deg, change.limit) == (10.0, Limit.SINGLE_PICTURES)
    assert change.is_real is is_real
    back = change_between(row(second_deg), row(first_deg))
    assert back is not None
    assert back.difference_deg == -change.difference_deg


@given(DOUBTS, DOUBTS, st.floats(0, 20), st.sampled_from(["", "jeans"]))
def test_a_change_is_judged_without_the_bones(
    one: Doubt, other: Doubt, bones_deg: float, garment: str
) -> None:
    found = []
    for doubts in ((one, other), (replace(one, bones_deg=bones_deg), other)):
        rows = [with_doubt(row(12.0), doubt) for doubt in doubts]
        rows[1] = replace(rows[1], conditions=Conditions(garment))
        found.append(change_between(*rows))
    assert found[0] == found[1]


@given(DOUBTS, DOUBTS)
def test_other_clothes_make_no_change_easier_to_claim(one: Doubt, other: Doubt) -> None:
    first, second = with_doubt(row(12.0), one), with_doubt(row(20.0), other)
    dressed = replace(second, conditions=Conditions("jeans"))
    alike, unlike = change_between(first, second), change_between(first, dressed)
    assert alike is not None
    assert unlike is not None
    assert unlike.smallest_deg >= alike.smallest_deg >= 5


def test_two_pictures_as_sure_as_one_have_a_limit_before_there_is_a_second() -> None:
    change = change_between(row(12.0), row(12.0))
    assert change is not None
    assert smallest_between_single(row(12.0).tilt) == change.smallest_deg


def test_different_methods_are_not_compared() -> None:
    assert change_between(row(1), row(20, Method.MARKED)) is None
    assert why_unlike(row(1), row(20, Method.MARKED)) is Unlike.METHODS


def test_different_people_are_not_compared() -> None:
    assert change_between(row(1), replace(row(20), profile_id=2)) is None
    assert why_unlike(row(1), replace(row(20), profile_id=2)) is Unlike.PROFILES


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("Jeans", " jeans ", None),
        ("jeans", "skirt", Unlike.GARMENTS),
        ("", "", Unlike.GARMENTS),
        ("jeans", "", Unlike.GARMENTS),
    ],
)
def test_belt_lines_are_compared_in_the_same_garment(
    first: str, second: str, why: Unlike | None
) -> None:
    belts = row(1, Method.BELT, first), row(2, Method.BELT, second)
    assert why_unlike(*belts) is why
    assert (change_between(*belts) is None) is (why is not None)
    assert why_unlike(row(1, garment=first), row(2, garment=second)) is None


def repeated(angle_deg: float, count: int, spread_deg: float | None) -> CheckRow:
    return replace(row(angle_deg), repeat_count=count, repeat_spread_deg=spread_deg)


@pytest.mark.parametrize(
    ("first", "second", "smallest_deg", "limit"),
    [
        # The median's own standard error and the day-to-day change: 1.96 * sqrt(2) * 1.6 = 4.4.
        ((5, 0.0), (5, 0.0), 5.0, Limit.REPEATS),
        ((5, 1.5), (5, 0.2), 6.0, Limit.REPEATS),
        ((5, 0.2), (5, 1.5), 6.0, Limit.REPEATS),
        ((9, 2.9), (5, 2.9), 7.0, Limit.REPEATS),
        # Of 2.7 ** 2, 15 % of 2.3 ** 2 shrink: to sqrt(6.8 + 1 + 2.6) = 3.2 deg each.
        ((4, 0.2), (5, 0.2), 9.0, Limit.MIXED),
        # 1.96 * sqrt(3.2 ** 2 + 3.3 ** 2) = 9.02.
        ((5, 0.2), (0, None), 10.0, Limit.MIXED),
        ((0, None), (5, 0.2), 10.0, Limit.MIXED),
        # Repeats that scatter so much do worse than one: 1.96 * sqrt(3.8 ** 2 + 3.3 ** 2) = 9.9.
        ((3, 2.9), (0, None), 10.0, Limit.MIXED),
        ((0, None), (1, None), 10.0, Limit.SINGLE_PICTURES),
    ],
)
def test_five_repeats_on_both_sides_give_their_own_limit(
    first: tuple[int, float | None],
    second: tuple[int, float | None],
    smallest_deg: float,
    limit: Limit,
) -> None:
    change = change_between(repeated(12.0, *first), repeated(21.0, *second))
    assert change is not None
    assert (change.smallest_deg, change.limit) == (smallest_deg, limit)
    assert change.is_real is (smallest_deg <= 9)


@pytest.mark.parametrize(
    "conditions", [Conditions("jeans"), Conditions(" grey  SHORTS", Arms.HANGING)]
)
def test_repeats_in_other_clothes_or_with_other_arms_give_no_limit(conditions: Conditions) -> None:
    first = replace(repeated(12.0, 5, 0.2), conditions=Conditions("Grey shorts"))
    alike = replace(repeated(12.0, 5, 0.2), conditions=Conditions(" grey  SHORTS"))
    for second, limit in (
        (alike, Limit.REPEATS),
        (replace(alike, conditions=conditions), Limit.MIXED),
    ):
        change = change_between(first, second)
        assert change is not None
        assert change.limit is limit
