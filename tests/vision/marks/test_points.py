"""Marked points give exactly their own angle; points that make no sense are told so."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.marks.lens import Lowering
from vision.marks.points import (
    LENS_HEIGHT_SD_DEG,
    MAX_ROLL_DEG,
    PLACING_SD_DEG,
    PointsError,
    check_points,
    measure_marked_deg,
    roll_of_vertical_deg,
)
from vision.result import BonyPoints, Facing

WIDTH_PX, HEIGHT_PX = 800, 1200
FACING = st.sampled_from(Facing)
Xy = tuple[float, float]


def points_at(tilt_deg: float, facing: Facing, span_px: float = 100.0) -> BonyPoints:
    """Return ASIS ahead of PSIS and, for a positive tilt, below it."""
    tilt = math.radians(tilt_deg)
    ahead, below = span_px * math.cos(tilt), span_px * math.sin(tilt)
    psis = (400.0, 600.0)
    return BonyPoints((psis[0] + facing.front_sign * ahead, psis[1] + below), psis)


def turned(point: Xy, roll_deg: float) -> Xy:
    """Turn counter-clockwise on the screen, as a camera turned clockwise shows it."""
    place = complex(point[0] - 400, 600 - point[1])
    place *= complex(math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg)))
    return place.real + 400, 600 - place.imag


@pytest.mark.parametrize(
    ("asis", "psis", "facing", "tilt_deg"),
    [
        ((500, 610), (400, 600), Facing.RIGHT, 5.7106),
        ((300, 610), (400, 600), Facing.LEFT, 5.7106),
        ((500, 590), (400, 600), Facing.RIGHT, -5.7106),
        ((243, 396), (346, 396), Facing.LEFT, 0.0),
    ],
)
def test_known_points(asis: Xy, psis: Xy, facing: Facing, tilt_deg: float) -> None:
    found_deg, _ = measure_marked_deg(BonyPoints(asis, psis), facing, 0.0, None)
    assert found_deg == pytest.approx(tilt_deg, abs=1e-3)


@settings(deadline=None)
@given(st.floats(-60, 60), FACING, st.floats(20, 300))
def test_the_tilt_is_that_of_the_points(tilt_deg: float, facing: Facing, span_px: float) -> None:
    found_deg, sd_deg = measure_marked_deg(points_at(tilt_deg, facing, span_px), facing, 0.0, None)
    assert found_deg == pytest.approx(tilt_deg, abs=1e-9)
    assert sd_deg > math.hypot(PLACING_SD_DEG, LENS_HEIGHT_SD_DEG)


@settings(deadline=None)
@given(st.floats(-40, 40), FACING, st.floats(-29, 29))
def test_a_vertical_takes_the_camera_roll_out(
    tilt_deg: float, facing: Facing, roll_deg: float
) -> None:
    level = points_at(tilt_deg, facing)
    seen = BonyPoints(turned(level.asis_px, roll_deg), turned(level.psis_px, roll_deg))
    ends = turned((400, 300), roll_deg), turned((400, 900), roll_deg)
    found_roll_deg = roll_of_vertical_deg(*ends, WIDTH_PX, HEIGHT_PX)
    assert found_roll_deg == pytest.approx(roll_deg, abs=1e-9)
    found_deg, _ = measure_marked_deg(seen, facing, found_roll_deg, None)
    assert found_deg == pytest.approx(tilt_deg, abs=1e-9)
    uncorrected_deg, _ = measure_marked_deg(seen, facing, 0.0, None)
    assert uncorrected_deg == pytest.approx(tilt_deg - facing.front_sign * roll_deg, abs=1e-9)


@settings(deadline=None)
@given(st.floats(-30, 40), FACING, st.floats(-25, 25), st.floats(-10, 10))
def test_what_a_lens_above_or_below_adds_is_taken_out(
    tilt_deg: float, facing: Facing, lower_px: float, roll_deg: float
) -> None:
    level = points_at(tilt_deg, facing)
    asis = level.asis_px[0], level.asis_px[1] + lower_px
    seen = BonyPoints(turned(asis, roll_deg), turned(level.psis_px, roll_deg))
    found_deg, _ = measure_marked_deg(seen, facing, roll_deg, Lowering(lower_px, 1.0))
    assert found_deg == pytest.approx(tilt_deg, abs=1e-6)


def test_the_better_the_lens_is_known_the_smaller_the_doubt() -> None:
    points = points_at(10, Facing.LEFT)
    sds = [measure_marked_deg(points, Facing.LEFT, 0.0, Lowering(3.0, sd_px))[1]
           for sd_px in (0.0, 1.0, 2.0)]  # fmt: skip
    assert sds == sorted(sds)
    unknown_sd_deg = measure_marked_deg(points, Facing.LEFT, 0.0, None)[1]
    assert PLACING_SD_DEG < sds[0] < sds[-1] < unknown_sd_deg


def test_points_close_together_are_less_sure() -> None:
    sds = [measure_marked_deg(points_at(10, Facing.RIGHT, span), Facing.RIGHT, 0, None)[1]
           for span in (300, 100, 30, 10)]  # fmt: skip
    assert sds == sorted(sds)
    assert sds[0] < math.hypot(PLACING_SD_DEG, LENS_HEIGHT_SD_DEG) + 0.1
    assert sds[-1] > 10


GOOD = (300.0, 500.0)
NAN = math.nan


def assert_told(error: PointsError, part: str) -> None:
    assert part in error.message
    assert str(error) == f"{error.message} {error.fix}"
    for sentence in (error.message, error.fix):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert ". " not in sentence


@pytest.mark.parametrize(
    ("asis", "psis", "part"),
    [
        ((-1, 5), GOOD, "ASIS point (-1, 5) is outside"),
        ((800, 5), GOOD, "ASIS"),
        ((5, 1200), GOOD, "ASIS"),
        (GOOD, (5, -0.1), "PSIS"),
        (GOOD, (1e9, 5), "PSIS"),
        (GOOD, (NAN, 5), "PSIS"),
        ((5, NAN), GOOD, "ASIS"),
        ((math.inf, 5), GOOD, "ASIS"),
        (GOOD, GOOD, "the same"),
        (GOOD, (300.4, 500.4), "the same"),
    ],
)
def test_unusable_points(asis: Xy, psis: Xy, part: str) -> None:
    with pytest.raises(PointsError) as caught:
        check_points(BonyPoints(asis, psis), WIDTH_PX, HEIGHT_PX)
    assert_told(caught.value, part)


@pytest.mark.parametrize(
    ("asis", "psis"), [((0, 0), GOOD), ((799.9, 1199.9), GOOD), (GOOD, (301, 500))]
)
def test_usable_points_up_to_the_edge(asis: Xy, psis: Xy) -> None:
    check_points(BonyPoints(asis, psis), WIDTH_PX, HEIGHT_PX)


@pytest.mark.parametrize(
    ("first", "second", "part"),
    [
        ((100, 100), (700, 100), "leans by 90 degrees"),
        ((100, 100), (700, 110), "leans by 89 degrees"),
        ((100, 100), (160, 200), "leans by 31 degrees"),
        ((100, 100), (100, 100), "the same point"),
        ((100, 100), (100.3, 100.3), "the same point"),
        ((100, -2), (100, 500), "outside"),
        ((100, 0), (100, 1200), "outside"),
        ((NAN, 0), (100, 500), "outside"),
        ((100, 0), (100, NAN), "outside"),
    ],
)
def test_unusable_verticals(first: Xy, second: Xy, part: str) -> None:
    with pytest.raises(PointsError) as caught:
        roll_of_vertical_deg(first, second, WIDTH_PX, HEIGHT_PX)
    assert_told(caught.value, part)


def test_a_vertical_may_lean_to_the_limit_either_way() -> None:
    for roll_deg in (MAX_ROLL_DEG - 0.1, 0.1 - MAX_ROLL_DEG):
        ends = turned((400, 300), roll_deg), turned((400, 900), roll_deg)
        assert roll_of_vertical_deg(*ends, WIDTH_PX, HEIGHT_PX) == pytest.approx(roll_deg)
