"""Suggested points give the angle they were suggested from."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.marked_tilt import measure_marked_deg
from vision.overlay.landmark_suggestion import suggest_points
from vision.pipeline import measure_photo
from vision.result import BonyPoints, Facing, Measured, Method, TiltEstimate

_SAMPLES = Path(__file__).parents[3] / "sample_images"


@pytest.fixture(scope="module")
def sample() -> Measured:
    result = measure_photo(_SAMPLES / "woman_slim_left_tilt11.jpg")
    assert isinstance(result, Measured)
    return result


@pytest.mark.parametrize("name", ["woman_slim_left_tilt11.jpg", "man_muscular_right_tilt14.jpg"])
def test_the_points_lie_on_the_body_front_ahead_of_back(name: str) -> None:
    result = measure_photo(_SAMPLES / name)
    assert isinstance(result, Measured)
    points = suggest_points(result)
    assert points is not None
    (ax, ay), (px, py) = points.asis_px, points.psis_px
    assert (ax - px) * result.facing.front_sign > 0.25 * result.capture.trunk_px
    hip_y = result.landmarks[f"{result.facing.value}_hip"][1]
    for y in (ay, py):
        assert hip_y - 0.5 * result.capture.trunk_px < y < hip_y + 0.1 * result.capture.trunk_px


@given(angle_deg=st.floats(-30, 50), roll_deg=st.floats(-9, 9), facing=st.sampled_from(Facing))
def test_the_points_give_the_angle_back(
    sample: Measured, angle_deg: float, roll_deg: float, facing: Facing
) -> None:
    tilt = TiltEstimate(Method.CONTOUR, angle_deg, angle_deg - 4, angle_deg + 4)
    capture = replace(sample.capture, roll_deg=roll_deg)
    result = replace(sample, tilt=tilt, contour=tilt, capture=capture, facing=facing)
    points = suggest_points(result)
    assert points is not None
    assert measure_marked_deg(points, facing, roll_deg)[0] == pytest.approx(angle_deg, abs=0.01)


def test_the_points_lie_where_they_are_on_rendered_people() -> None:
    lines = (_SAMPLES / "truth.csv").read_text().splitlines()
    known = {row["file"]: row for row in csv.DictReader(lines)}
    for name in ("woman_average_right_tilt17.jpg", "man_heavy_left_tilt5.jpg"):
        result, row = measure_photo(_SAMPLES / name), known[name]
        assert isinstance(result, Measured)
        points = suggest_points(result)
        assert points is not None
        for point, part in ((points.asis_px, "asis"), (points.psis_px, "psis")):
            true = float(row[f"{part}_x_px"]), float(row[f"{part}_y_px"])
            # 0.1 of hip to shoulder is some 5 cm.
            assert math.dist(point, true) < 0.1 * result.capture.trunk_px


def test_the_points_lie_inside_the_outline(sample: Measured) -> None:
    points = suggest_points(sample)
    assert points is not None
    outline = sample.outline_px.reshape(-1, 1, 2)
    for point in (points.asis_px, points.psis_px):
        assert cv2.pointPolygonTest(outline, point, False) > 0


def test_points_that_are_known_are_suggested_as_they_are(sample: Measured) -> None:
    points = BonyPoints((200.0, 300.0), (280.0, 290.0))
    assert suggest_points(replace(sample, points=points)) == points


def test_without_a_hip_nothing_is_suggested(sample: Measured) -> None:
    assert suggest_points(replace(sample, landmarks={})) is None
