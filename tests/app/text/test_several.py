"""What is said of several pictures."""

from __future__ import annotations

import pytest

from app.text import several
from tests import made_up_results
from vision.reasons import refusal
from vision.result import ReasonCode, Unreadable
from vision.series import Outlier, RefusedSeries, Series


def series(range_deg: float = 2.4, outliers: tuple[Outlier, ...] = ()) -> Series:
    tilt = made_up_results.tilt(12.0)
    return Series(tilt, 1.0, range_deg, 5, outliers, 5.2, ())


def test_a_line_says_the_angle_or_what_is_wrong() -> None:
    assert several.describe_outcome(made_up_results.measured()) == "12° forward (8 to 17)"
    crowd = made_up_results.rejected(refusal(ReasonCode.SEVERAL_PEOPLE, 2))
    said = "There are 2 people of similar size in the picture."
    assert several.describe_outcome(crowd) == said
    assert several.describe_outcome(crowd, is_crowd=True) == f"{said} Open it to choose one."
    bad = Unreadable("unreadable", "It is empty.", "Copy it again.")
    assert several.describe_outcome(bad) == "It is empty."


def test_a_remedy_is_there_where_there_is_no_number() -> None:
    assert several.describe_remedy(made_up_results.measured()) == ""
    bad = Unreadable("unreadable", "It is empty.", "Copy it again.")
    assert several.describe_remedy(bad) == "It is empty. Copy it again."
    dark = made_up_results.rejected(refusal(ReasonCode.TOO_DARK))
    assert several.describe_remedy(dark).startswith("The picture is too dark. Turn on more light")


def test_how_repeats_go_together() -> None:
    assert several.describe_repeats(series(), 5) == (
        "The middle of 5 pictures, which lie up to 2° apart. A change of 6° or more counts."
    )
    assert "lie less than 1° apart" in several.describe_repeats(series(0.4), 5)
    odd = series(outliers=(Outlier("c.jpg", -5.6),))
    assert "c.jpg is 6° off the middle: look at it" in several.describe_repeats(odd, 7)
    assert "2 did not count." in several.describe_repeats(odd, 7)


def test_why_repeats_give_no_number() -> None:
    few = RefusedSeries((refusal(ReasonCode.TOO_FEW_PHOTOGRAPHS),), 1, None, ())
    said = several.describe_repeats(few, 3)
    assert said.startswith("No number for these photographs together. Fewer than two")
    assert said.endswith("2 did not count.")
    assert "A change" not in said


@pytest.mark.parametrize(("count", "said"), [(1, "Saved 1 check"), (12, "Saved 12 checks")])
def test_how_many_were_saved(count: int, said: str) -> None:
    assert several.saved_words(count) == said
