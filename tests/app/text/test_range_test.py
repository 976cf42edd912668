"""What is said of a range test: plain, whole numbers, and never a verdict."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.text import range_test
from tests.made_up_results import range_result
from vision.range_of_motion import Likely, RefusedRange
from vision.reasons import refusal
from vision.result import ReasonCode

FORBIDDEN = re.compile(r"diagnos|abnormal|normal|weak|corrected|better posture", re.I)


def test_range_and_place_come_with_their_intervals_in_whole_numbers() -> None:
    result = replace(
        range_result(),
        range_deg=Likely(20.6, 17.7, 23.2),
        place_percent=Likely(64.6, 55.2, 73.9),
    )
    turned = range_test.describe_range(result)
    assert turned == "Your pelvis can turn by 21° (likely 18 to 23°)"
    place = range_test.describe_place(result)
    assert "65 % of the way from tucked to arched (likely 55 to 74 %)" in place
    assert range_test.brief(result) == "21° (18 to 23), relaxed at 65 % (55 to 74 %)"


@pytest.mark.parametrize(
    ("percent", "words"),
    [(-12.0, "even further back than when you tucked"), (108.0, "than when you arched")],
)
def test_a_place_beyond_the_ends_is_said_plainly(percent: float, words: str) -> None:
    said = range_test.describe_place(range_result(place_percent=percent))
    assert words in said
    assert "-" not in said  # a minus sign, no hyphen


def test_each_position_has_the_interval_of_one_angle() -> None:
    said = range_test.describe_positions(range_result())
    assert said == (
        "Tucked: 2° forward (6 backward to 10 forward). Relaxed: 12° forward (4 to 20). "
        "Arched: 22° forward (14 to 30)."
    )


def test_a_refusal_is_said_and_spoken_with_its_remedy() -> None:
    refused = RefusedRange((refusal(ReasonCode.NO_MOVEMENT),))
    assert "No clear movement" in range_test.describe_refusal(refused)
    assert "as far as is comfortable" in range_test.spoken(refused)
    assert range_test.spoken(range_result()).startswith("Done. Your pelvis can turn by 20 degrees.")


def test_nothing_is_a_verdict() -> None:
    said = [value for value in vars(range_test).values() if isinstance(value, str)]
    assert not any(FORBIDDEN.search(text) for text in said if not text.startswith("What is"))
