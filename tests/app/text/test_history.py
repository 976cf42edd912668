"""What the history says about checks and changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.comparison import Change, Limit
from app.history.records import Arms, CheckRow, Conditions, Repeat
from app.text import history as said
from tests import made_up_results
from vision.result import Method


def row(angle_deg: float, method: Method = Method.CONTOUR) -> CheckRow:
    tilt = made_up_results.tilt(angle_deg, 4, method)
    return CheckRow(1, 1, datetime(2026, 3, 3, tzinfo=UTC), tilt, Conditions(), False)


def test_a_small_difference_is_no_real_change() -> None:
    assert said.describe_since(row(10), "3 Mar 2026", Change(2.4, 8.0)) == (
        "Compared with 3 Mar 2026, 10° forward (6 to 14): no real change. The two are 2° apart. "
        "Between these two single pictures, less than 8° is no real change: so much can come "
        "from measuring twice and from standing on another day."
    )


@pytest.mark.parametrize(
    ("method", "difference", "expected"),
    [
        (Method.CONTOUR, 11.6, "12° further forward, a real change."),
        (Method.MARKED, -11.6, "12° further backward, a real change."),
        (Method.BELT, 10.0, "the front of the belt line is 10° lower, a real change."),
        (Method.BELT, -14.0, "the front of the belt line is 14° higher, a real change."),
    ],
)
def test_a_real_change_has_its_direction(method: Method, difference: float, expected: str) -> None:
    assert said.describe_change(method, Change(difference, 8.0)).startswith(expected)


@given(st.floats(-40, 40), st.sampled_from(Method))
def test_below_the_smallest_change_nothing_seems_to_reach_it(
    difference: float, method: Method
) -> None:
    text = said.describe_change(method, Change(difference, 8.0))
    if abs(difference) < 8.0:
        assert text.startswith(said.NO_REAL_CHANGE)
        assert "8° apart" not in text.replace("just under 8° apart", "")
    else:
        assert "a real change" in text


def test_equal_numbers_are_called_so() -> None:
    assert "the same in whole degrees" in said.describe_change(Method.CONTOUR, Change(0.3, 8.0))
    assert "just under 8° apart" in said.describe_change(Method.CONTOUR, Change(7.8, 8.0))


def test_the_limit_says_where_it_comes_from() -> None:
    repeats = said.describe_change(Method.CONTOUR, Change(5.6, 5.0, Limit.REPEATS))
    assert repeats.startswith("6° further forward, a real change. By their repeats, less than 5°")
    assert "if clothes, arms and camera were the same" in repeats
    mixed = said.describe_change(Method.CONTOUR, Change(5.6, 10.0, Limit.MIXED))
    assert mixed.startswith(said.NO_REAL_CHANGE)
    assert "single pictures" not in mixed
    assert "Five repeats taken alike" in mixed


def repeats(*angles_deg: float, method: Method = Method.CONTOUR) -> list[Repeat]:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    return [Repeat(at, made_up_results.tilt(a, 4, method), 80, 0.4) for a in angles_deg]


@pytest.mark.parametrize(
    ("taken", "spread_deg", "expected"),
    [
        ([], None, ()),
        (repeats(12), None, ("One stance, measured for some seconds.",)),
        (
            repeats(11.4, 12.2, 13),
            0.8,
            (
                "Middle (median) of 3 repeats, spread 1°.",
                "One by one: 11°, 12°, 13° forward.",
            ),
        ),
        (
            repeats(-0.2, 1.1, -1.2),
            1.2,
            (
                "Middle (median) of 3 repeats, spread 1°.",
                "One by one: 0°, 1° forward, 1° backward.",
            ),
        ),
        (
            repeats(9, 9, method=Method.BELT),
            0.0,
            (
                "Middle (median) of 2 repeats, spread less than 1°.",
                "One by one: 9°, 9° lower.",
            ),
        ),
        (
            repeats(0.1, -0.1),
            0.1,
            ("Middle (median) of 2 repeats, spread less than 1°.", "One by one: 0°, 0°."),
        ),
    ],
)
def test_repeats_are_told_briefly(
    taken: list[Repeat], spread_deg: float | None, expected: tuple[str, ...]
) -> None:
    assert said.describe_repeats(taken, spread_deg) == expected


def test_lists_name_repeats_only_where_there_are_several() -> None:
    assert said.method_briefly(row(10)) == "Body outline"
    assert said.method_briefly(replace(row(10), repeat_count=5)) == "Body outline, 5 repeats"
    assert said.repeats_briefly(1) == ""
    worn = replace(row(10), repeat_count=3, conditions=Conditions("shorts", None, "morning"))
    assert said.more_about(worn) == "middle of 3 repeats\nshorts\nmorning"


def test_conditions_that_differ_are_named() -> None:
    shorts, leggings = Conditions("Grey  shorts"), Conditions("leggings", Arms.HANGING)
    assert said.conditions_differ(shorts, Conditions("grey shorts ")) == ()
    clothes, arms = said.conditions_differ(shorts, leggings)
    assert "Grey  shorts; leggings" in clothes
    assert "not said; hanging" in arms
    assert said.conditions_differ_briefly(shorts, leggings) == said.BOTH_DIFFER_BRIEFLY
    assert said.conditions_differ_briefly(shorts, Conditions("Grey shorts")) == ""


def test_the_outline_says_how_far_it_was_checked() -> None:
    assert "computer-made bodies" in said.rests_on(Method.CONTOUR)
    assert "computer-made" not in said.rests_on(Method.MARKED)
    assert "same clothes" in said.rests_on(Method.BELT)


def test_every_method_and_arm_has_a_name_and_no_verdict_is_spoken() -> None:
    assert set(said.METHOD_NAMES) == set(Method)
    assert all(said.arms_name(arms) for arms in Arms)
    everything = " ".join(value for value in vars(said).values() if isinstance(value, str))
    everything += " ".join([*said.METHOD_NAMES.values(), *said.ARMS_NAMES.values()])
    everything += " ".join(said.SMALLEST.values())
    for text in (said.CONFIRM_FOR_GOOD, said.DELETED_FOR_GOOD, said.EMPTY_BIN):
        everything = everything.replace(text, "")  # "for good" is no verdict
    assert not re.search(
        r"diagnos|abnormal|weak|corrected|better|worse|\bgood|\bbad\b|ASIS|PSIS", everything
    )
