"""The JSON line, key by key."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from app.cli.json_output import json_line
from tests import made_up_results
from vision.result import (
    BONES_SD_DEG,
    BeltEstimate,
    Doubt,
    Facing,
    Measured,
    Method,
    PhotoResult,
    Posture,
    Rejected,
    TiltEstimate,
    Unreadable,
)

KEYS = [
    *("schema", "source", "status", "facing", "tilt", "contour", "marked", "stickers", "belt_line"),
    *("posture", "capture", "reasons", "landmarks", "provenance", "check_id"),
]
UNREADABLE = Unreadable("unreadable", "There is no such file.", "Check the name.")


def document(source: str, outcome: PhotoResult) -> dict[str, Any]:
    line = json_line(source, outcome)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    found: dict[str, Any] = json.loads(line.decode("utf-8"), parse_constant=pytest.fail)
    return found


def test_a_kept_photograph_has_its_number(measured: Measured) -> None:
    assert json.loads(json_line("side.jpg", measured, check_id=7))["check_id"] == 7


def test_a_measured_photograph(measured: Measured) -> None:
    found = document("pictures/side.jpg", measured)
    assert list(found) == KEYS
    assert found == {
        "schema": 1,
        "source": "pictures/side.jpg",
        "status": "measured",
        "facing": "left",
        "tilt": {
            "method": "contour",
            "angle_deg": 12.3,
            "interval_deg": [8.1, 16.5],
            "sd_deg": {"reading": 2.55, "roll": 0.0, "bones": 0.0},
            "level": 0.9,
        },
        "contour": {
            "angle_deg": 12.3,
            "interval_deg": [8.1, 16.5],
            "sd_deg": {"reading": 2.55, "roll": 0.0, "bones": 0.0},
        },
        "marked": None,
        "stickers": None,
        "belt_line": None,
        "posture": {
            "trunk_lean_deg": 3.2,
            "hip_sway_percent": 2.0,
            "knee_angle_deg": 178.0,
            "head_forward_deg": 14.0,
        },
        "capture": {
            "yaw_deg": 4.0,
            "roll_deg": 0.0,
            "vertical": "assumed",
            "trunk_px": 260.4,
            "people": 1,
            "roll_sd_deg": 1.0,
        },
        "reasons": [
            {
                "code": "loose_clothing",
                "severity": "warn",
                "message": "Loose clothes.",
                "fix": "Wear tight ones.",
            }
        ],
        "landmarks": {"left_hip": [302.14, 441.8, 0.99]},
        "provenance": {
            "version": "0.1.0",
            "pose_model_sha256": "a" * 64,
            "contour_model_sha256": "b" * 64,
        },
        "check_id": None,
    }


def test_marked_points_keep_the_contour_beside_them(marked: Measured) -> None:
    found = document("side.jpg", marked)
    assert found["tilt"]["method"] == "marked"
    assert found["marked"]["interval_deg"] == [-7.4, -1.8]
    assert found["contour"]["angle_deg"] == 12.3


def test_the_belt_line_comes_with_its_ends(measured: Measured) -> None:
    belt = BeltEstimate(made_up_results.tilt(9.0, 2.0, Method.BELT), (243.0, 396.5), (346.0, 417.0))
    assert document("side.jpg", replace(measured, belt_line=belt))["belt_line"] == {
        "angle_deg": 9.0,
        "interval_deg": [7.0, 11.0],
        "sd_deg": {"reading": 1.22, "roll": 0.0, "bones": 0.0},
        "front_px": [243.0, 396.5],
        "back_px": [346.0, 417.0],
    }


def test_stickers_have_a_key_of_their_own(measured: Measured) -> None:
    stickers = made_up_results.tilt(8.0, 6.0, Method.STICKERS)
    found = document("side.jpg", replace(measured, tilt=stickers, stickers=stickers))
    assert found["tilt"]["method"] == "stickers"
    assert found["stickers"]["interval_deg"] == [2.0, 14.0]


def test_every_tilt_says_what_its_doubt_is_made_of(measured: Measured) -> None:
    tilt = TiltEstimate(Method.CONTOUR, 12.3, Doubt(2.3, 1.0, BONES_SD_DEG))
    found = document("side.jpg", replace(measured, tilt=tilt, contour=tilt))
    for one in (found["tilt"], found["contour"]):
        assert one["sd_deg"] == {"reading": 2.3, "roll": 1.0, "bones": 4.5}
        assert one["interval_deg"] == [3.83, 20.77]


def test_a_refused_photograph_has_no_number(rejected: Rejected, measured: Measured) -> None:
    seen = replace(
        rejected, facing=Facing.RIGHT, posture=measured.posture, capture=measured.capture
    )
    for outcome in (rejected, seen):
        found = document("front.jpg", outcome)
        assert list(found) == KEYS
        assert found["status"] == "rejected"
        assert [found[key] for key in ("tilt", "contour", "marked", "belt_line")] == [None] * 4
        assert found["reasons"][0]["code"] == "not_side_on"
        assert found["reasons"][0]["severity"] == "refuse"
    assert document("front.jpg", rejected)["capture"] is None
    assert document("front.jpg", seen)["capture"]["people"] == 1


def test_a_file_without_a_picture() -> None:
    found = document("gone.jpg", UNREADABLE)
    assert list(found) == KEYS
    assert found["status"] == "error"
    assert found["landmarks"] == {}
    assert found["reasons"] == [
        {
            "code": "unreadable",
            "severity": "refuse",
            "message": "There is no such file.",
            "fix": "Check the name.",
        }
    ]
    nulls = ("facing", "tilt", "contour", "marked", "belt_line", "posture", "capture")
    assert [found[key] for key in nulls] == [None] * len(nulls)
    assert found["provenance"]["version"]


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_null(measured: Measured, odd: float) -> None:
    outcome = replace(
        measured,
        posture=Posture(odd, None, 178.0, -0.001),
        landmarks={"left_hip": (odd, 1.0, 0.5)},
    )
    found = document("side.jpg", outcome)
    assert found["posture"]["trunk_lean_deg"] is None
    assert found["posture"]["hip_sway_percent"] is None
    assert math.copysign(1, found["posture"]["head_forward_deg"]) == 1
    assert found["landmarks"]["left_hip"] == [None, 1.0, 0.5]


@pytest.mark.parametrize(
    "name", ["Größe mit Leer.jpg", "写真.jpg", 'quo"te\\.jpg', "new\nline.jpg", "bad\udcff.jpg"]
)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    assert document(name, UNREADABLE)["source"] == name


def test_readable_names_are_not_escaped() -> None:
    assert "Größe.jpg".encode() in json_line("Größe.jpg", UNREADABLE)
