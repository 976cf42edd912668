"""Suggested points, and laying one picture of a person over another."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import made_up_results
from tests.vision.stick_figures import Figure, pose_of
from vision.marks.points import measure_marked_deg
from vision.overlay.landmarks import align, suggest_points
from vision.pipeline import measure_photo
from vision.pose.estimate import Joint
from vision.result import (
    BonyPoints,
    Capture,
    Facing,
    Measured,
    VerticalSource,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    tilt = made_up_results.tilt(angle_deg, 4)
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


# -- laying one picture over another

PARTS = (
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_hip",
    "right_hip",
    "left_ankle",
    "right_ankle",
)


def measured(figure: Figure) -> Measured:
    """Return what a faultless pipeline would say of a stick figure's landmarks."""
    pose = pose_of(figure)
    landmarks = {}
    for part in PARTS:
        x, y = pose.xy_px[Joint[part.upper()]].tolist()
        landmarks[part] = (x, y, 0.9)
    return made_up_results.measured(
        facing=figure.facing,
        capture=Capture(0.0, figure.roll_deg, VerticalSource.GIVEN, 240.0, 1, 0.1),
        landmarks=landmarks,
    )


def middle(result: Measured, part: str) -> NDArray[np.float64]:
    both = [result.landmarks[f"{side}_{part}"][:2] for side in ("left", "right")]
    return np.asarray(np.mean(np.array(both), axis=0), np.float64)


FIGURES = st.builds(
    Figure,
    facing=st.sampled_from(Facing),
    lean_deg=st.floats(-10, 10),
    hip_ahead_m=st.floats(-0.1, 0.1),
    trunk_px=st.floats(60, 600),
    roll_deg=st.floats(-8, 8),
    hip_px=st.tuples(st.floats(-200, 900), st.floats(-200, 900)),
)


@given(FIGURES, FIGURES)
def test_ankles_meet_and_heights_agree(first: Figure, second: Figure) -> None:
    one, other = measured(first), measured(second)
    found = align(one, other)
    assert found is not None
    moved = found.apply(np.array([middle(other, "ankle"), middle(other, "shoulder")]))
    assert moved[0] == pytest.approx(middle(one, "ankle"), abs=1e-3)
    height = np.hypot(*(middle(one, "shoulder") - middle(one, "ankle")))
    assert np.hypot(*(moved[1] - moved[0])) == pytest.approx(height, rel=1e-5)
    assert found.is_mirrored is (first.facing is not second.facing)


@given(FIGURES, st.floats(0.3, 3), st.floats(-500, 500), st.floats(-500, 500), st.floats(-8, 8))
def test_the_same_stance_comes_to_lie_on_itself(
    figure: Figure, scale: float, right_px: float, down_px: float, roll_deg: float
) -> None:
    """However the second picture is shifted, scaled, turned by its roll, or mirrored."""
    x, y = figure.hip_px
    for facing in Facing:
        second = replace(
            figure,
            facing=facing,
            trunk_px=figure.trunk_px * scale,
            roll_deg=roll_deg,
            hip_px=(x + right_px, y + down_px),
        )
        one, other = measured(figure), measured(second)
        found = align(one, other)
        assert found is not None
        assert found.scale == pytest.approx(1 / scale, rel=1e-4)
        for part in ("ankle", "hip", "shoulder", "ear"):
            moved = found.apply(middle(other, part)[None])
            assert moved[0] == pytest.approx(middle(one, part), abs=0.01 * figure.trunk_px)


@given(FIGURES, FIGURES)
def test_to_and_fro_ends_where_it_began(first: Figure, second: Figure) -> None:
    one, other = measured(first), measured(second)
    there, back = align(one, other), align(other, one)
    assert there is not None
    assert back is not None
    points = np.array([[0.0, 0.0], [640.0, 0.0], [320.0, 1000.0]])
    assert there.apply(back.apply(points)) == pytest.approx(points, abs=0.05)


def test_a_lean_that_differs_stays_to_be_seen() -> None:
    one, other = measured(Figure()), measured(Figure(lean_deg=15))
    found = align(one, other)
    assert found is not None
    assert found.m12 == pytest.approx(0)
    ahead = found.apply(middle(other, "shoulder")[None])[0] - middle(one, "shoulder")
    assert ahead[0] > 20


def without(result: Measured, *parts: str) -> Measured:
    hidden = {name: (x, y, 0.01) for name, (x, y, _) in result.landmarks.items()}
    return replace(
        result,
        landmarks={
            name: hidden[name] if name.split("_")[1] in parts else mark
            for name, mark in result.landmarks.items()
        },
    )


def test_ears_stand_in_for_shoulders() -> None:
    one, other = measured(Figure()), without(measured(Figure(trunk_px=120)), "shoulder")
    found = align(one, other)
    assert found is not None
    assert found.scale == pytest.approx(2)


@pytest.mark.parametrize("parts", [("ankle",), ("shoulder", "ear")])
def test_what_is_not_seen_cannot_be_aligned(parts: tuple[str, ...]) -> None:
    seen = measured(Figure())
    assert align(seen, without(seen, *parts)) is None
    assert align(without(seen, *parts), seen) is None


def test_a_mark_without_a_place_counts_as_unseen() -> None:
    seen = measured(Figure())
    nowhere = {name: (float("nan"), 1.0, 0.9) for name in seen.landmarks}
    assert align(seen, replace(seen, landmarks=nowhere)) is None
