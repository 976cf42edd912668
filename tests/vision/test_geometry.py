"""Signed angles: their signs, and what a mirror, a scale, a shift and a turn do to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vision.geometry import hinge_deg, lean_deg, level_points, roll_from_plumb_deg, slope_deg

#: Whole and half pixels: far enough apart for an angle to mean something.
COORDINATE = st.integers(-2000, 2000).map(lambda value: value / 2)
POINT = st.tuples(COORDINATE, COORDINATE)
SIGN = st.sampled_from([1, -1])
SCALE = st.floats(0.1, 10)

Xy = tuple[float, float]


def mirror(point: Xy) -> Xy:
    return 639 - point[0], point[1]


def placed(point: Xy, scale: float, shift: Xy) -> Xy:
    return point[0] * scale + shift[0], point[1] * scale + shift[1]


def apart_deg(first: float, second: float) -> float:
    """Return the difference of two angles, whichever turn they are written in."""
    return abs((first - second + 180) % 360 - 180)


@pytest.mark.parametrize(
    ("front", "front_sign", "expected_deg"),
    [
        ((110, 100), 1, 0.0),
        ((110, 110), 1, 45.0),
        ((110, 90), 1, -45.0),
        ((90, 110), -1, 45.0),
        ((90, 90), -1, -45.0),
        ((100, 110), 1, 90.0),
        ((90, 100), 1, 180.0),
    ],
)
def test_slope_is_positive_when_the_front_is_lower(
    front: Xy, front_sign: int, expected_deg: float
) -> None:
    assert slope_deg((100, 100), front, front_sign) == pytest.approx(expected_deg)


@pytest.mark.parametrize(
    ("upper", "front_sign", "expected_deg"),
    [
        ((100, 50), 1, 0.0),
        ((150, 50), 1, 45.0),
        ((150, 50), -1, -45.0),
        ((50, 50), -1, 45.0),
        ((100, 150), 1, 180.0),
    ],
)
def test_lean_is_positive_when_the_upper_end_is_ahead(
    upper: Xy, front_sign: int, expected_deg: float
) -> None:
    assert lean_deg((100, 100), upper, front_sign) == pytest.approx(expected_deg)


@pytest.mark.parametrize("front_sign", [1, -1])
def test_hinge_tells_a_bent_knee_from_one_bent_backwards(front_sign: int) -> None:
    hip, ankle = (100.0, 0.0), (100.0, 200.0)
    straight, ahead, behind = (
        hinge_deg(hip, (100 + front_sign * forward, 100), ankle, front_sign)
        for forward in (0, 20, -20)
    )
    assert straight == pytest.approx(180)
    assert ahead == pytest.approx(180 - 2 * np.degrees(np.arctan(0.2)))
    assert behind == pytest.approx(180 + 2 * np.degrees(np.arctan(0.2)))


@settings(deadline=None)
@given(POINT, POINT, POINT, SIGN)
def test_a_mirrored_picture_gives_the_same_angles(a: Xy, b: Xy, c: Xy, sign: int) -> None:
    assume(len({a, b, c}) == 3)
    for angle_deg in (slope_deg, lean_deg):
        assert apart_deg(angle_deg(a, b, sign), angle_deg(mirror(a), mirror(b), -sign)) < 1e-9
    ours, theirs = hinge_deg(a, b, c, sign), hinge_deg(mirror(a), mirror(b), mirror(c), -sign)
    assert apart_deg(ours, theirs) < 1e-9


@settings(deadline=None)
@given(POINT, POINT, POINT, SIGN, SCALE, POINT)
def test_scale_and_place_do_not_matter(
    a: Xy, b: Xy, c: Xy, sign: int, scale: float, shift: Xy
) -> None:
    assume(len({a, b, c}) == 3)
    moved_a, moved_b, moved_c = (placed(point, scale, shift) for point in (a, b, c))
    for angle_deg in (slope_deg, lean_deg):
        assert apart_deg(angle_deg(a, b, sign), angle_deg(moved_a, moved_b, sign)) < 1e-6
    ours, theirs = hinge_deg(a, b, c, sign), hinge_deg(moved_a, moved_b, moved_c, sign)
    assert apart_deg(ours, theirs) < 1e-6


@settings(deadline=None)
@given(POINT, POINT, SIGN)
def test_swapped_ends_turn_an_angle_by_half_a_circle(a: Xy, b: Xy, sign: int) -> None:
    assume(a != b)
    assert apart_deg(slope_deg(a, b, sign), slope_deg(b, a, sign)) == pytest.approx(180)


def test_roll_is_positive_when_the_camera_was_turned_clockwise() -> None:
    # The scene then appears turned counter-clockwise: the top of a door frame goes left.
    assert roll_from_plumb_deg((90, 0), (100, 100)) == pytest.approx(5.71, abs=0.01)
    assert roll_from_plumb_deg((110, 0), (100, 100)) == pytest.approx(-5.71, abs=0.01)


@settings(deadline=None)
@given(st.floats(-60, 60), POINT, st.floats(20, 900), st.booleans())
def test_a_plumb_line_gives_its_roll_back(
    roll_deg: float, foot: Xy, length_px: float, upside_down: bool
) -> None:
    turn = np.radians(roll_deg)
    top = (foot[0] - length_px * np.sin(turn), foot[1] - length_px * np.cos(turn))
    ends = (foot, top) if upside_down else (top, foot)
    assert roll_from_plumb_deg(*ends) == pytest.approx(roll_deg, abs=1e-6)


@settings(deadline=None)
@given(st.floats(-60, 60), POINT)
def test_levelling_stands_a_plumb_line_upright(roll_deg: float, foot: Xy) -> None:
    turn = np.radians(roll_deg)
    top = (foot[0] - 400 * np.sin(turn), foot[1] - 400 * np.cos(turn))
    line = level_points(np.array([top, foot]), roll_deg, (320, 240))
    assert line[0, 0] == pytest.approx(line[1, 0], abs=1e-2)
    assert line[1, 1] - line[0, 1] == pytest.approx(400, abs=1e-2)


@settings(deadline=None)
@given(st.lists(POINT, min_size=1, max_size=8), st.floats(-90, 90), POINT)
def test_levelling_there_and_back_changes_nothing(
    points: list[Xy], roll_deg: float, centre: Xy
) -> None:
    given_px = np.array(points)
    levelled_px = level_points(given_px, roll_deg, centre)
    assert levelled_px.dtype == np.float32
    assert levelled_px.shape == given_px.shape
    np.testing.assert_allclose(level_points(levelled_px, -roll_deg, centre), given_px, atol=0.01)


@settings(deadline=None)
@given(POINT, st.floats(-90, 90))
def test_levelling_keeps_its_centre(centre: Xy, roll_deg: float) -> None:
    np.testing.assert_allclose(
        level_points(np.array([centre]), roll_deg, centre), [centre], atol=1e-3
    )


@settings(deadline=None)
@given(st.floats(-30, 30), st.floats(-30, 30), SIGN)
def test_roll_adds_to_the_slope_one_to_one(tilt_deg: float, roll_deg: float, sign: int) -> None:
    tilt = np.radians(tilt_deg)
    back, front = (300.0, 400.0), (300 + sign * 100 * np.cos(tilt), 400 + 100 * np.sin(tilt))
    seen = level_points(np.array([back, front]), -roll_deg, (0, 0)).astype(float)
    assert slope_deg(seen[0], seen[1], sign) + sign * roll_deg == pytest.approx(tilt_deg, abs=1e-2)
