"""What a person reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.text import measurement
from app.text.measurement import (
    describe,
    describe_context,
    describe_posture,
    headline,
    is_sway_back,
)
from tests import made_up_results
from vision.result import (
    BeltEstimate,
    Measured,
    Method,
    NoBeltReason,
    PhotoResult,
    Posture,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    Unreadable,
    VerticalSource,
)


def text_of(outcome: PhotoResult) -> str:
    lines = [*describe("side.jpg", outcome), *describe_context([outcome])]
    return "\n".join(line.text for line in lines)


@pytest.mark.parametrize(
    ("angle", "half", "expected"),
    [
        (12.3, 4.15, "Estimated forward tilt 12° (likely 8 to 16)"),
        (12.6, 4.0, "Estimated forward tilt 13° (likely 9 to 17)"),
        (2.2, 4.6, "Estimated forward tilt 2° (likely 2 backward to 7 forward)"),
        (4.0, 4.4, "Estimated forward tilt 4° (likely 0 to 8)"),
        (-5.0, 4.0, "Estimated backward tilt 5° (likely 1 to 9)"),
        (-2.0, 4.0, "Estimated backward tilt 2° (likely 6 backward to 2 forward)"),
        (0.3, 4.1, "Estimated tilt 0°, level (likely 4 backward to 4 forward)"),
        (-0.2, 0.4, "Estimated tilt 0°, level (likely 1 backward to 0)"),
    ],
)
def test_the_headline_has_whole_degrees_and_directions(
    angle: float, half: float, expected: str
) -> None:
    assert headline(made_up_results.tilt(angle, half)) == expected


def test_a_measured_photograph_says_everything_once(measured: Measured) -> None:
    text = text_of(measured)
    assert text.startswith("side.jpg\nEstimated forward tilt 12° (likely 8 to 17)\n")
    for part in (
        "from the outline of the body",
        "leaning forward 3°",
        "ahead of the ankles by 2 % of the length of the legs",
        "178° (straight)",
        "14° ahead of the shoulders",
        "Loose clothes. Wear tight ones.",
        "Most people without pain stand tilted forward",
        "your own earlier pictures",
        "--vertical",
    ):
        assert text.count(part) == 1, part


def test_no_verdict_is_spoken(measured: Measured, rejected: Rejected) -> None:
    everything = " ".join(value for value in vars(measurement).values() if isinstance(value, str))
    said = everything.replace(measurement.INTENDED_USE, "")
    for text in (said, text_of(measured), text_of(rejected)):
        assert not re.search(r"diagnos|abnormal|weak|corrected|ASIS|PSIS|healthy", text)


def test_an_assumed_vertical_is_a_tip_and_no_warning(measured: Measured) -> None:
    assumed = Reason(ReasonCode.VERTICAL_ASSUMED, Severity.WARN, "Camera taken as level.", "Mark.")
    assert "Camera taken as level." not in text_of(replace(measured, reasons=(assumed,)))
    capture = replace(measured.capture, vertical=VerticalSource.GIVEN)
    assert "--vertical" not in text_of(replace(measured, capture=capture))


def test_marked_points_name_the_contour_apart(marked: Measured) -> None:
    text = text_of(marked)
    assert "Estimated backward tilt 5° (likely 2 to 7)" in text
    assert "from the two bony points that were marked" in text
    assert "from the outline of the body: estimated forward tilt 12°" in text
    assert measurement.OTHER_METHOD in text
    assert text.count(measurement.CONTOUR_EVIDENCE) == 1


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (9.0, "Belt line lower in front by 9° (likely 7 to 11)"),
        (-9.0, "Belt line higher in front by 9° (likely 7 to 11)"),
        (0.2, "Belt line level (likely 2 higher to 2 lower)"),
    ],
)
def test_the_belt_line_is_told_beside_the_tilt(
    measured: Measured, angle: float, expected: str
) -> None:
    tilt = made_up_results.tilt(angle, 2, Method.BELT)
    belt = BeltEstimate(tilt, (200.0, 300.0), (260.0, 290.0))
    text = text_of(replace(measured, belt_line=belt, no_belt_line=None))
    assert expected in text
    assert measurement.BELT_LINE_NOT_PELVIS in text
    asked = text_of(replace(measured, tilt=tilt, belt_line=belt, no_belt_line=None))
    assert asked.startswith(f"side.jpg\n{expected}\n")
    assert asked.count("Belt line") == 1


@pytest.mark.parametrize("reason", NoBeltReason)
def test_no_belt_line_says_why(measured: Measured, reason: NoBeltReason) -> None:
    text = text_of(replace(measured, no_belt_line=reason))
    assert f"{measurement.NO_BELT_LINE_TO_SEE} {measurement.NO_BELT_LINE[reason]}" in text


def test_a_turned_camera_that_the_room_shows_is_told(measured: Measured) -> None:
    capture = replace(measured.capture, vertical=VerticalSource.FOUND, roll_deg=-2.2)
    text = text_of(replace(measured, capture=capture))
    assert "the camera was turned by 2°" in text
    assert "--vertical" not in text
    level = text_of(replace(measured, capture=replace(capture, roll_deg=0.3)))
    assert "camera was turned" not in level


def test_a_refusal_has_reason_and_fix_and_no_degree(rejected: Rejected) -> None:
    text = text_of(rejected)
    assert text == f"side.jpg\n{measurement.REFUSED_HEADLINE}\n- Turned by 80 degrees. Turn."


def test_a_refusal_names_its_causes_before_what_could_be_better(rejected: Rejected) -> None:
    dim = Reason(ReasonCode.TOO_DARK, Severity.WARN, "Rather dark.", "Turn on a light.")
    level = Reason(ReasonCode.VERTICAL_ASSUMED, Severity.WARN, "Taken as level.", "Mark.")
    text = text_of(replace(rejected, reasons=(level, dim, *rejected.reasons)))
    assert text.endswith("- Turned by 80 degrees. Turn.\n- Rather dark. Turn on a light.")
    assert "Taken as level." not in text


def test_a_file_without_a_picture_says_why() -> None:
    text = text_of(Unreadable("unreadable", "It is empty.", "Copy it again."))
    assert text == f"side.jpg\n{measurement.UNREADABLE_HEADLINE}\nIt is empty. Copy it again."


def test_posture_in_words() -> None:
    def said(*numbers: float | None) -> list[str]:
        return list(describe_posture(Posture(*numbers)).values())

    assert said(None, None, None, None) == ["not visible"] * 4
    assert said(-2.6, -4.0, 166.0, -3.0) == [
        "leaning back 3°",
        "behind the ankles by 4 % of the length of the legs",
        "166° (bent)",
        "3° behind the shoulders",
    ]
    assert said(0.4, -0.4, 188.0, 0.0) == [
        "upright",
        "right above the ankles",
        "188° (pushed back beyond straight)",
        "right above the shoulders",
    ]
    assert said(float("nan"), 1.0, 180.0, 1.0)[0] == "not visible"


@pytest.mark.parametrize(
    ("lean", "sway", "named"),
    [(-5.0, 8.0, True), (-5.0, 2.0, False), (2.0, 8.0, False), (None, 8.0, False)],
)
def test_sway_back_needs_both_signs(
    measured: Measured, lean: float | None, sway: float, named: bool
) -> None:
    posture = Posture(lean, sway, 178.0, 5.0)
    assert is_sway_back(posture) is named
    assert ("sway-back" in text_of(replace(measured, posture=posture))) is named
