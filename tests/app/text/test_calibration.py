"""What is said of a calibration, in whole degrees and plain sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.text import calibration as text
from vision.marks.calibration import Calibration
from vision.result import Method

MAY = datetime(2026, 5, 3, 10, tzinfo=UTC)
NETWORK = "a" * 64


def calibration(offset_deg: float, sd_deg: float = 2.0, count: int = 5) -> Calibration:
    return Calibration(MAY, offset_deg, sd_deg, 3.5, count, NETWORK)


@pytest.mark.parametrize(
    ("offset_deg", "said", "effect"),
    [
        (5.2, "5° further forward than your outline shows (likely 2 to 8)", "5° are added"),
        (-5.2, "5° further backward than your outline shows (likely 2 to 8)", "5° are taken away"),
        (
            2.0,
            "2° further forward than your outline shows (likely from 1° further backward to 5° "
            "further forward)",
            "2° are added",
        ),
        (0.3, "just as your outline shows (likely from 3°", "known to show your tilt as it is"),
    ],
)
def test_an_offset_has_a_direction_and_an_interval(
    offset_deg: float, said: str, effect: str
) -> None:
    assert said in text.describe_offset(calibration(offset_deg))
    assert effect in text.describe_effect(calibration(offset_deg))


def test_it_says_what_it_rests_on_and_until_when() -> None:
    said = "\n".join(text.describe(calibration(4.0), MAY, NETWORK))
    assert "It rests on 5 pictures, the last of 3 May 2026." in said
    assert "Calibrate again after a year, or when your weight has changed much." in said
    one = text.describe_origin(calibration(4.0, count=1))
    assert one == "It rests on 1 picture, of 3 May 2026. Five pictures are surer."
    late = "\n".join(text.describe(calibration(4.0), MAY + timedelta(days=400), NETWORK))
    assert "It is more than a year old. Please calibrate again." in late
    other = "\n".join(text.describe(calibration(4.0), MAY, "b" * 64))
    assert "is not used any more" in other
    assert "are added" not in other


def test_only_a_calibrated_number_rests_on_one() -> None:
    assert text.since(Method.CALIBRATED, MAY) == "It rests on the calibration of 3 May 2026."
    assert text.since(Method.CONTOUR, None) == ""
