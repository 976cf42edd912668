"""Range and place: what the bones do drops out, and the intervals hold what they should."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision.range_of_motion import (
    LEAST_RANGE_DEG,
    PositionTilts,
    RangeResult,
    RefusedRange,
    assess_range,
    judge_round,
)
from vision.result import BONES_SD_DEG, Doubt, Method, ReasonCode, TiltEstimate

#: Tenths of a degree, from tucked to relaxed and from there to arched.
PARTS = st.integers(5, 200).map(lambda tenths: tenths / 10)
SHIFTS = st.integers(-300, 300).map(lambda tenths: tenths / 10)
NOISE = st.lists(st.integers(-10, 10).map(lambda tenths: tenths / 10), min_size=3, max_size=3)


def tilt(
    angle_deg: float, reading_deg: float = 2.5, method: Method = Method.CONTOUR
) -> TiltEstimate:
    bones_deg = BONES_SD_DEG if method is Method.CONTOUR else 0.0
    return TiltEstimate(method, angle_deg, Doubt(reading_deg, 1.0, bones_deg))


def positions(
    *rounds: tuple[float, float, float], reading_deg: float = 2.5, method: Method = Method.CONTOUR
) -> PositionTilts:
    """Return rounds of tucked, relaxed and arched angles."""
    tucked, relaxed, arched = (
        tuple(tilt(angle, reading_deg, method) for angle in angles)
        for angles in zip(*rounds, strict=True)
    )
    return PositionTilts(tucked, relaxed, arched)


def measured(tilts: PositionTilts, *, is_one_camera: bool = True) -> RangeResult:
    found = assess_range(tilts, is_one_camera=is_one_camera)
    assert isinstance(found, RangeResult), found
    return found


def refused_for(tilts: PositionTilts, *, is_one_camera: bool = True) -> ReasonCode:
    found = assess_range(tilts, is_one_camera=is_one_camera)
    assert isinstance(found, RefusedRange), found
    (reason,) = found.reasons
    return reason.code


def test_three_rounds_worked_by_hand() -> None:
    found = measured(positions((2, 12, 22), (2, 12, 22), (2, 12, 22)))
    assert found.range_deg.value == 20
    assert found.place_percent.value == pytest.approx(50)
    assert (found.tucked.angle_deg, found.relaxed.angle_deg, found.arched.angle_deg) == (2, 12, 22)
    noise = math.sqrt(math.pi / 2) * 0.5 / math.sqrt(3)
    sd = math.hypot(math.sqrt(0.16) * 2.5, noise)
    half = 1.645 * math.hypot(sd, sd, 0.12 * 20)
    assert found.range_deg.high - 20 == pytest.approx(half)
    assert 20 - found.range_deg.low == pytest.approx(half)
    # Each angle alone holds the bones, and is far less sure than the range.
    assert found.relaxed.half_width_deg > 1.645 * BONES_SD_DEG
    assert found.rounds == 3


@given(PARTS, PARTS, SHIFTS, NOISE, st.booleans())
def test_bones_cancel(
    below: float, above: float, by_deg: float, noise: list[float], is_one_camera: bool
) -> None:
    rounds = [(n, below + n, below + above + n) for n in noise]
    found = assess_range(positions(*rounds), is_one_camera=is_one_camera)
    shifted = [(t + by_deg, r + by_deg, a + by_deg) for t, r, a in rounds]
    moved = assess_range(positions(*shifted), is_one_camera=is_one_camera)
    assert type(found) is type(moved)
    if isinstance(found, RangeResult) and isinstance(moved, RangeResult):
        for one, other in (
            (found.range_deg, moved.range_deg),
            (found.place_percent, moved.place_percent),
        ):
            assert other.value == pytest.approx(one.value, abs=1e-6)
            assert other.low == pytest.approx(one.low, abs=1e-6)
            assert other.high == pytest.approx(one.high, abs=1e-6)


@given(PARTS, PARTS, NOISE, st.permutations([0, 1, 2]))
def test_the_order_of_the_rounds_says_nothing(
    below: float, above: float, noise: list[float], order: list[int]
) -> None:
    rounds = [(n, below - n, below + above + n) for n in noise]
    one = assess_range(positions(*rounds), is_one_camera=True)
    other = assess_range(positions(*(rounds[k] for k in order)), is_one_camera=True)
    assert type(one) is type(other)
    if isinstance(one, RangeResult) and isinstance(other, RangeResult):
        assert other.range_deg.value == one.range_deg.value
        assert other.place_percent.low == pytest.approx(one.place_percent.low)


@given(PARTS, PARTS, st.floats(0.5, 3.0), st.floats(1.05, 3.0))
def test_more_doubt_widens_both_intervals(
    below: float, above: float, reading_deg: float, factor: float
) -> None:
    rounds = 3 * [(0.0, below, below + above)]
    sure = assess_range(positions(*rounds, reading_deg=reading_deg), is_one_camera=True)
    wide = assess_range(positions(*rounds, reading_deg=factor * reading_deg), is_one_camera=True)
    assume(isinstance(wide, RangeResult))
    assert isinstance(sure, RangeResult)
    assert isinstance(wide, RangeResult)
    for one, other in (
        (sure.range_deg, wide.range_deg),
        (sure.place_percent, wide.place_percent),
    ):
        assert other.low < one.low < one.value < one.high < other.high


@given(PARTS, PARTS)
def test_another_camera_each_time_is_less_sure(below: float, above: float) -> None:
    tilts = positions((0.0, below, below + above))
    other = assess_range(tilts, is_one_camera=False)
    assume(isinstance(other, RangeResult))
    one = measured(tilts)
    assert isinstance(other, RangeResult)
    assert one.range_deg.low > other.range_deg.low
    assert one.place_percent.high < other.place_percent.high


def test_the_place_does_not_care_how_much_a_change_is_stretched() -> None:
    plain = measured(positions((0, 8, 20)))
    flat = measured(positions((0, 6.8, 17)))
    assert flat.place_percent.value == pytest.approx(plain.place_percent.value)


@pytest.mark.parametrize(("relaxed", "percent"), [(-2, -10), (22, 110)])
def test_a_place_beyond_the_ends_is_told_as_it_is(relaxed: float, percent: float) -> None:
    found = measured(positions(*(3 * [(0.0, relaxed, 20.0)])))
    assert found.place_percent.value == pytest.approx(percent)


def test_points_show_a_change_as_it_is_and_are_all_their_own() -> None:
    found = measured(positions((2, 12, 22), method=Method.MARKED, reading_deg=2.0))
    sd = math.hypot(2.0, math.sqrt(math.pi / 2) * 0.5)
    assert found.range_deg.high - 20 == pytest.approx(1.645 * math.hypot(sd, sd))


def test_rounds_that_differ_widen_both() -> None:
    alike = measured(positions(*(3 * [(2, 12, 22)])))
    unlike = measured(positions((2, 12, 22), (4, 14, 19), (0, 10, 25)))
    assert unlike.range_deg.high > alike.range_deg.high
    assert unlike.place_percent.low < alike.place_percent.low


@pytest.mark.parametrize(
    ("tilts", "is_one_camera", "code"),
    [
        (positions(*(3 * [(12.0, 12.1, 12.3)])), True, ReasonCode.NO_MOVEMENT),
        # Too little for three photographs by other cameras, enough for one that stands still.
        (positions((8.0, 11.0, 15.0)), False, ReasonCode.NO_MOVEMENT),
        (positions(*(3 * [(22.0, 12.0, 2.0)])), True, ReasonCode.WRONG_WAY),
        (PositionTilts((), (tilt(12),), (tilt(22),)), True, ReasonCode.POSITION_MISSING),
        (
            PositionTilts((tilt(2),), (tilt(12, method=Method.MARKED),), (tilt(22),)),
            True,
            ReasonCode.MIXED_METHODS,
        ),
    ],
)
def test_what_gives_no_range(tilts: PositionTilts, is_one_camera: bool, code: ReasonCode) -> None:
    assert refused_for(tilts, is_one_camera=is_one_camera) is code


def test_a_small_movement_is_seen_by_a_camera_that_stands_still() -> None:
    assert measured(positions(*(3 * [(8.0, 11.0, 15.0)]))).range_deg.value == 7.0


@pytest.mark.parametrize(
    ("tucked", "arched", "code"),
    [
        (2.0, 22.0, None),
        (2.0, 2.0 + LEAST_RANGE_DEG, None),
        (12.0, 13.0, ReasonCode.NO_MOVEMENT),
        (13.0, 12.0, ReasonCode.NO_MOVEMENT),
        (22.0, 2.0, ReasonCode.WRONG_WAY),
    ],
)
def test_one_round_alone(tucked: float, arched: float, code: ReasonCode | None) -> None:
    assert judge_round(tucked, arched) is code


@pytest.mark.parametrize("true_range_deg", [16.0, 25.0])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_the_intervals_hold_the_truth_nine_times_in_ten(
    true_range_deg: float, place: float
) -> None:
    """Angles are drawn by the model that the intervals rest on, for three photographs."""
    rng = np.random.default_rng(round(100 * place + true_range_deg))
    own_sd = math.hypot(math.sqrt(0.43) * 1.5, 1.0, math.sqrt(math.pi / 2) * 0.5)
    range_held, place_held = [], []
    for _ in range(800):
        slope = 1 + rng.normal(0, 0.12)
        angles = slope * true_range_deg * np.array([0.0, place, 1.0]) + rng.normal(0, own_sd, 3)
        t, r, a = angles.tolist()
        found = assess_range(positions((t, r, a), reading_deg=1.5), is_one_camera=False)
        if isinstance(found, RangeResult):
            range_held.append(found.range_deg.low <= true_range_deg <= found.range_deg.high)
            place_held.append(found.place_percent.low <= 100 * place <= found.place_percent.high)
    assert len(range_held) > 700
    assert 0.86 < np.mean(range_held) < 0.95
    assert 0.86 < np.mean(place_held) < 0.95


@pytest.mark.parametrize("is_one_camera", [True, False])
def test_somebody_who_stands_still_is_rarely_given_a_range(is_one_camera: bool) -> None:
    rng = np.random.default_rng(5)
    share = 0.12 if is_one_camera else 0.43
    sd = math.hypot(math.sqrt(share) * 2.5, 0.0 if is_one_camera else 1.0)
    given_one = 0
    for _ in range(1000):
        t, r, a = (12 + rng.normal(0, sd, 3)).tolist()
        found = assess_range(positions((t, r, a)), is_one_camera=is_one_camera)
        given_one += isinstance(found, RangeResult)
    assert given_one <= 50
