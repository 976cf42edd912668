"""Repeats of one stance: median, interval, outliers, refusals, smallest change."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median, stdev
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import made_up_results
from vision.result import (
    BONES_SD_DEG,
    Doubt,
    Facing,
    Measured,
    Method,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
)
from vision.series import (
    DAY_SHARE,
    DAY_TO_DAY_SD_DEG,
    MARKS_REPEAT_SHARE,
    MAX_SPREAD_DEG,
    OUTLIER_FLOOR_DEG,
    REPEAT_SHARE,
    WITHIN_BODY_SD_DEG,
    RefusedSeries,
    Series,
    assess_series,
    change_sd_deg,
    change_sds_deg,
    repeats_sd_deg,
    smallest_change_deg,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

#: Half the width of a single photograph's interval.
HALF_DEG = 6.5
SDS = st.floats(0, 20)
#: How much of a reading's variance differs between repeats before one camera. A calibrated
#: one has lost what is the same on all days, and no more.
AVERAGED = {
    Method.CONTOUR: REPEAT_SHARE,
    Method.CALIBRATED: REPEAT_SHARE / DAY_SHARE,
    Method.MARKED: MARKS_REPEAT_SHARE,
    Method.STICKERS: MARKS_REPEAT_SHARE,
    Method.BELT: MARKS_REPEAT_SHARE,
}
#: Tenths of a degree, so that sums and medians can be compared closely.
ANGLE = st.integers(-300, 300).map(lambda tenths: tenths / 10)
STEADY = st.lists(st.integers(-25, 25).map(lambda tenths: 12 + tenths / 10), min_size=2, max_size=9)


def shot(angle_deg: float, number: int = 0, method: Method = Method.CONTOUR) -> Measured:
    tilt = made_up_results.tilt(angle_deg, HALF_DEG, method)
    return made_up_results.measured(
        tilt,
        source=f"side{number}.jpg",
        facing=Facing.LEFT if number % 2 else Facing.RIGHT,
        contour=tilt,
        reasons=(),
        landmarks={"left_hip": (300.0 + number, 440.0, 0.99)},
    )


def shots(angles_deg: Iterable[float], method: Method = Method.CONTOUR) -> list[Measured]:
    return [shot(float(angle), number, method) for number, angle in enumerate(angles_deg)]


def rejected(number: int) -> Rejected:
    return made_up_results.rejected(source=f"front{number}.jpg")


def series_of(angles_deg: Sequence[float], method: Method = Method.CONTOUR) -> Series:
    found = assess_series(shots(angles_deg, method))
    assert isinstance(found, Series)
    return found


def refused(results: Sequence[Measured | Rejected], code: ReasonCode) -> RefusedSeries:
    found = assess_series(results)
    assert isinstance(found, RefusedSeries)
    assert (found.reasons[0].code, found.reasons[0].severity) == (code, Severity.REFUSE)
    return found


def test_five_repeats_worked_by_hand() -> None:
    found = series_of([10.0, 14.0, 11.0, 13.0, 12.0])
    spread = math.sqrt(2.5)
    own = 2.132 * math.sqrt(math.pi / 2) * spread / math.sqrt(5)
    # The spread's 2.6 deg is more than the root of 15 % of a single photograph's 6.5, 2.5.
    half = math.hypot(own, math.sqrt(0.85) * HALF_DEG)
    assert found.tilt.method is Method.CONTOUR
    assert found.tilt.angle_deg == 12.0
    assert found.tilt.low_deg == pytest.approx(12 - half)
    assert found.tilt.high_deg == pytest.approx(12 + half)
    assert found.spread_deg == pytest.approx(spread)
    assert found.range_deg == 4.0
    assert found.count == 5
    assert found.outliers == ()
    assert found.reasons == ()
    assert found.smallest_change_deg == pytest.approx(5.07, abs=0.01)
    # Of marked points it is less than half: they differ by a quarter of the variance.
    marked = series_of([10.0, 14.0, 11.0, 13.0, 12.0], Method.MARKED).tilt
    half = math.hypot(own, math.sqrt(HALF_DEG**2 - (1.645 * spread) ** 2))
    assert marked.half_width_deg == pytest.approx(half)


@given(STEADY, st.randoms(use_true_random=False))
def test_order_does_not_matter(angles_deg: list[float], chance: Random) -> None:
    given_shots = shots(angles_deg)
    shuffled = list(given_shots)
    chance.shuffle(shuffled)
    one, other = assess_series(given_shots), assess_series(shuffled)
    assert {o.source for o in one.outliers} == {o.source for o in other.outliers}
    assert replace(one, outliers=()) == replace(other, outliers=())


@given(STEADY, ANGLE)
def test_a_shift_of_all_angles_shifts_the_median_alone(
    angles_deg: list[float], shift_deg: float
) -> None:
    assume(stdev(angles_deg) < MAX_SPREAD_DEG - 0.01)
    one, other = series_of(angles_deg), series_of([a + shift_deg for a in angles_deg])
    for end in ("angle_deg", "low_deg", "high_deg"):
        moved = getattr(other.tilt, end) - getattr(one.tilt, end)
        assert moved == pytest.approx(shift_deg, abs=1e-9)
    assert other.spread_deg == pytest.approx(one.spread_deg, abs=1e-9)
    assert other.smallest_change_deg == pytest.approx(one.smallest_change_deg, abs=1e-9)


@given(st.lists(ANGLE, min_size=2, max_size=9), st.data())
def test_a_picture_counts_once(angles_deg: list[float], data: st.DataObject) -> None:
    given_shots = shots(angles_deg)
    again = data.draw(st.lists(st.sampled_from(given_shots), min_size=1, max_size=4))
    copies = [replace(copy, source="copy.jpg") for copy in again]
    one, other = assess_series(given_shots), assess_series([*given_shots, *copies])
    assert other.reasons[-1].code is ReasonCode.SAME_PHOTOGRAPH
    assert other.reasons[-1].severity is Severity.WARN
    assert replace(other, reasons=one.reasons) == one


@given(STEADY, st.integers(1, 4))
def test_rejected_photographs_are_left_out(angles_deg: list[float], count: int) -> None:
    given_shots = shots(angles_deg)
    mixed: list[Measured | Rejected] = [*given_shots, *map(rejected, range(count))]
    assert assess_series(mixed[::-1]) == assess_series(given_shots[::-1])


@given(STEADY, st.sampled_from(Method))
def test_the_interval_keeps_what_repeats_cannot_average_away(
    angles_deg: list[float], method: Method
) -> None:
    assume(stdev(angles_deg) <= MAX_SPREAD_DEG)
    tilt = series_of(angles_deg, method).tilt
    assert tilt.angle_deg == median(angles_deg)
    assert tilt.half_width_deg >= math.sqrt(1 - AVERAGED[method]) * HALF_DEG - 1e-9


@pytest.mark.parametrize(
    ("method", "least"),
    [
        (Method.CONTOUR, 0.922),
        (Method.CALIBRATED, 0.816),
        (Method.MARKED, 0.866),
        (Method.STICKERS, 0.866),
        (Method.BELT, 0.866),
    ],
)
def test_no_more_than_the_repeats_share_averages_away(method: Method, least: float) -> None:
    # A standard deviation of 2.5 deg, which is more than the share of any method.
    off_deg, count = 2.5 * math.sqrt(999 / 1000), 1000
    tilt = series_of([12 - off_deg, 12 + off_deg] * (count // 2), method).tilt
    error_deg = math.sqrt(math.pi / 2 / count) * 1.833 * 2.5
    shared_deg = math.sqrt(tilt.half_width_deg**2 - error_deg**2)
    assert shared_deg / HALF_DEG == pytest.approx(least, abs=0.0005)


@given(ANGLE, st.integers(2, 30))
def test_repeats_that_agree_are_no_surer_than_one(angle_deg: float, count: int) -> None:
    found = series_of([angle_deg] * count)
    assert found.spread_deg == found.range_deg == 0
    one = shot(angle_deg).tilt
    assert found.tilt.angle_deg == angle_deg
    assert found.tilt.low_deg == pytest.approx(one.low_deg)
    assert found.tilt.high_deg == pytest.approx(one.high_deg)


def test_more_repeats_with_the_same_spread_are_surer() -> None:
    widths = []
    for pairs in range(1, 16):
        # Such pairs keep a standard deviation of 2 deg whatever their number.
        off = 2 * math.sqrt((2 * pairs - 1) / (2 * pairs))
        tilt = series_of([12 - off, 12 + off] * pairs).tilt
        widths.append(tilt.half_width_deg)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 1.05 * HALF_DEG
    assert widths[-1] < 0.95 * HALF_DEG


@pytest.mark.parametrize("count", [2, 3, 5, 10])
@pytest.mark.parametrize(("sway_deg", "noise_deg"), [(0.8, 0.7), (1.5, 1.5)])
def test_the_interval_holds_the_stance_nine_times_in_ten(
    count: int, sway_deg: float, noise_deg: float
) -> None:
    """A body's own error stays, its sway and the noise of measuring change each time.

    The noise is 3 and 14 % of the 4 deg by which single photographs are off.
    """
    rng = np.random.default_rng([count, round(10 * sway_deg)])
    body_sd_deg = math.sqrt((HALF_DEG / 1.645) ** 2 - noise_deg**2)
    held = []
    for _ in range(600):
        body_deg = rng.normal(12, body_sd_deg)
        found = assess_series(shots(rng.normal(body_deg, math.hypot(sway_deg, noise_deg), count)))
        if isinstance(found, Series):
            held.append(found.tilt.low_deg <= 12 <= found.tilt.high_deg)
    assert len(held) > 300
    assert 0.88 <= np.mean(held) <= 0.96


@pytest.mark.parametrize(
    ("angles_deg", "apart"),
    [
        ([10, 10.4, 20], {2: 9.6}),
        ([11, 12, 11.5, 17, 11.2], {3: 5.5}),
        ([11, 12, 11.5, 5.5, 11.2, 11.4, 17.6, 11, 12, 11], {3: -5.8, 6: 6.3}),
        ([10, 11, 12, 13, 14], {}),
        ([11, 11, 11, 11, 11 + OUTLIER_FLOOR_DEG], {}),
        ([8, 20], {}),
        ([8, 11, 16.5], {}),
        ([4, 4.1, 20, 20.1], {}),
    ],
)
def test_outliers_are_named(angles_deg: list[float], apart: dict[int, float]) -> None:
    found = assess_series(shots(angles_deg)).outliers
    assert {o.source: pytest.approx(o.deviation_deg) for o in found} == {
        f"side{number}.jpg": off for number, off in apart.items()
    }


@pytest.mark.parametrize("count", [3, 4, 5, 7, 10])
def test_ordinary_repeats_have_no_outliers_and_a_blunder_is_one(count: int) -> None:
    rng = np.random.default_rng(count)
    ordinary = rng.normal(12, 1.6, (300, count))
    blamed = [bool(assess_series(shots(angles)).outliers) for angles in ordinary]
    assert np.mean(blamed) < 0.04
    ordinary[:, -1] = 27
    found = [assess_series(shots(angles)).outliers for angles in ordinary]
    caught = [f"side{count - 1}.jpg" in {o.source for o in outliers} for outliers in found]
    # Among three, two ordinary ones far apart can hide a third.
    assert np.mean(caught) > (0.7 if count == 3 else 0.93)


def test_an_outlier_stays_in_the_spread_and_hardly_moves_the_median() -> None:
    steady = [11.0, 11.5, 12.0, 12.5, 13.0]
    one, other = series_of(steady), series_of([*steady, 17.5])
    assert other.outliers[0].source == "side5.jpg"
    assert other.count == 6
    assert abs(other.tilt.angle_deg - one.tilt.angle_deg) < 0.5
    assert other.spread_deg > 2 * one.spread_deg
    assert other.smallest_change_deg > one.smallest_change_deg


def test_one_far_outlier_refuses_the_series_and_is_named() -> None:
    found = refused(shots([11, 11.5, 12, 12.5, 23]), ReasonCode.SPREAD_TOO_LARGE)
    assert [o.source for o in found.outliers] == ["side4.jpg"]
    assert found.spread_deg == pytest.approx(5.06, abs=0.01)
    assert found.count == 5
    assert "12 degrees apart" in found.reasons[0].message
    assert "march five steps" in found.reasons[0].fix


def test_the_spread_is_refused_only_above_its_limit() -> None:
    half_deg = MAX_SPREAD_DEG / math.sqrt(2)
    within = series_of([12 - 0.999 * half_deg, 12 + 0.999 * half_deg])
    assert within.spread_deg == pytest.approx(MAX_SPREAD_DEG, abs=0.01)
    refused(shots([12 - 1.001 * half_deg, 12 + 1.001 * half_deg]), ReasonCode.SPREAD_TOO_LARGE)


def test_methods_are_never_mixed() -> None:
    mixed = [shot(12.0, 0), shot(12.0, 1, Method.MARKED), shot(12.0, 2)]
    found = refused(mixed, ReasonCode.MIXED_METHODS)
    assert (found.count, found.spread_deg, found.outliers) == (3, None, ())
    for method in Method:
        alone = assess_series([shot(12.0, number, method) for number in range(3)])
        assert isinstance(alone, Series)
        assert alone.tilt.method is method


@pytest.mark.parametrize(
    ("results", "count"),
    [
        ([], 0),
        ([rejected(0), rejected(1)], 0),
        ([shot(12.0)], 1),
        ([shot(12.0), rejected(0)], 1),
        ([shot(12.0), shot(12.0)], 1),
    ],
)
def test_one_photograph_is_no_series(results: list[Measured | Rejected], count: int) -> None:
    found = refused(results, ReasonCode.TOO_FEW_PHOTOGRAPHS)
    assert (found.count, found.spread_deg, found.outliers) == (count, None, ())


def test_a_change_between_single_pictures_worked_by_hand() -> None:
    tilt = TiltEstimate(Method.CONTOUR, 12.0, Doubt(4.2, 1.0, BONES_SD_DEG))
    within, sway = 0.45 * 4.2**2, 1.0**2 + 1.6**2
    sd_deg = change_sd_deg(tilt)
    assert sd_deg == pytest.approx(math.sqrt(within + sway))
    assert smallest_change_deg(sd_deg, sd_deg) == pytest.approx(9.40, abs=0.01)
    # The middle of three shrinks the 1.63 deg that differ between repeats.
    share = 0.15 * 4.2**2
    shrunk = within - share + (math.pi / 2) * share / 3
    assert change_sd_deg(tilt, 3, 1.0) == pytest.approx(math.sqrt(shrunk + sway))
    # They scatter by more.
    scattered = within - share + (math.pi / 2) * 2.0**2 / 3
    assert change_sd_deg(tilt, 3, 2.0) == pytest.approx(math.sqrt(scattered + sway))


@pytest.mark.parametrize(
    ("method", "reading_deg", "within_deg"),
    [
        (Method.CONTOUR, 2.3, 2.7),
        (Method.CONTOUR, 4.0, 2.7),
        (Method.CONTOUR, 6.0, math.sqrt(0.45) * 6.0),
        (Method.CALIBRATED, 2.3, 2.7),
        (Method.CALIBRATED, 3.5, 3.5),
        (Method.MARKED, 2.0, 1.0),
        (Method.STICKERS, 3.0, 1.5),
        (Method.BELT, 2.0, 2.0),
    ],
)
def test_single_pictures_of_one_body_differ_by(
    method: Method, reading_deg: float, within_deg: float
) -> None:
    tilt = TiltEstimate(method, 12.0, Doubt(reading_deg, 0.7, BONES_SD_DEG))
    expected = pytest.approx(math.sqrt(within_deg**2 + 0.7**2 + 1.6**2))
    assert change_sd_deg(tilt) == expected


@given(SDS, SDS, SDS, SDS, st.sampled_from(Method))
def test_the_doubt_of_a_change_is_free_of_the_bones(
    reading_deg: float, roll_deg: float, bones_deg: float, other_deg: float, method: Method
) -> None:
    one, other = (
        TiltEstimate(method, 12.0, Doubt(reading_deg, roll_deg, sd))
        for sd in (bones_deg, other_deg)
    )
    for count in (0, 1, 3, 9):
        assert change_sd_deg(one, count, 0.7) == change_sd_deg(other, count, 0.7)
    assert change_sd_deg(one) >= math.hypot(roll_deg, DAY_TO_DAY_SD_DEG) - 1e-9


@given(st.lists(st.tuples(SDS, SDS), min_size=1, max_size=9), st.sampled_from(Method))
def test_many_pictures_have_the_doubt_of_each(
    parts: list[tuple[float, float]], method: Method
) -> None:
    reading_deg, roll_deg = np.array(parts).T
    each = [change_sd_deg(TiltEstimate(method, 3.0, Doubt(*both, 4.5))) for both in parts]
    np.testing.assert_allclose(change_sds_deg(method, reading_deg, roll_deg), each)


@given(SDS, SDS, st.integers(2, 60), st.sampled_from(Method))
def test_repeats_that_agree_shrink_the_doubt_of_a_change_and_more_do_more(
    reading_deg: float, roll_deg: float, count: int, method: Method
) -> None:
    tilt = TiltEstimate(method, 12.0, Doubt(reading_deg, roll_deg, 0.0))
    sds_deg = [change_sd_deg(tilt, n) for n in (1, count, count + 1)]
    assert sds_deg == sorted(sds_deg, reverse=True)
    assert change_sd_deg(tilt, count, reading_deg) >= sds_deg[1]


def test_until_five_repeats_tell_the_smallest_change_is_that_of_one_body() -> None:
    limits_deg = [series_of([12.0] * count).smallest_change_deg for count in (2, 3, 4)]
    assert limits_deg == sorted(limits_deg, reverse=True)
    one = change_sd_deg(shot(12.0).tilt)
    assert limits_deg[0] < smallest_change_deg(one, one)
    own_deg = series_of([12.0] * 5).smallest_change_deg
    assert own_deg == pytest.approx(1.96 * math.sqrt(2) * DAY_TO_DAY_SD_DEG)


@pytest.mark.parametrize("reading_deg", [2.3, 4.2])
@pytest.mark.parametrize("count", [1, 3])
def test_a_change_is_claimed_where_there_is_none_in_one_case_of_twenty(
    count: int, reading_deg: float
) -> None:
    """What two checks do not share is drawn as it is described."""
    rng = np.random.default_rng(count)
    tilt = TiltEstimate(Method.CONTOUR, 12.0, Doubt(reading_deg, 1.0, BONES_SD_DEG))
    within_deg = max(WITHIN_BODY_SD_DEG, math.sqrt(DAY_SHARE) * reading_deg)
    share_deg = math.sqrt(REPEAT_SHARE) * tilt.doubt.reading_deg
    shape = (20_000, 2)
    noise = rng.normal(0, share_deg, (*shape, count))
    lasting_deg = math.sqrt(within_deg**2 - share_deg**2 + 1.0**2 + DAY_TO_DAY_SD_DEG**2)
    checks = np.median(noise, axis=2) + rng.normal(0, lasting_deg, shape)
    sd_deg = change_sd_deg(tilt, count)
    claimed = np.abs(np.diff(checks, axis=1)) >= smallest_change_deg(sd_deg, sd_deg)
    assert 0.03 < claimed.mean() < 0.055


@given(st.floats(0, MAX_SPREAD_DEG), st.floats(0, MAX_SPREAD_DEG), st.integers(5, 60))
def test_own_repeats_follow_the_spread_but_not_below_a_days(
    one_deg: float, other_deg: float, count: int
) -> None:
    sds_deg = [repeats_sd_deg(s, count) for s in sorted((one_deg, other_deg))]
    low, high = (smallest_change_deg(sd, sd) for sd in sds_deg)
    assert 4.43 < low <= high < 6.5
    assert repeats_sd_deg(one_deg, count + 1) <= repeats_sd_deg(one_deg, count)


def test_students_t_is_right() -> None:
    from vision.series import STUDENT_T_95

    # Half of the mass lies below 0; the rest is a sum over narrow strips.
    for freedom, t in enumerate(STUDENT_T_95, start=1):
        x = (np.arange(200_000) + 0.5) * t / 200_000
        density = (1 + x**2 / freedom) ** (-(freedom + 1) / 2)
        scale = math.gamma((freedom + 1) / 2) / (
            math.sqrt(freedom * math.pi) * math.gamma(freedom / 2)
        )
        assert 0.5 + scale * density.sum() * t / 200_000 == pytest.approx(0.95, abs=1e-4)


@given(
    st.floats(WITHIN_BODY_SD_DEG / math.sqrt(DAY_SHARE), 20),
    st.floats(0, MAX_SPREAD_DEG),
    st.integers(1, 9),
)
def test_a_calibrated_reading_changes_as_its_contour_does(
    reading_deg: float, spread_deg: float, count: int
) -> None:
    """A calibration takes out what is the same on all days, which no change contains."""
    plain = TiltEstimate(Method.CONTOUR, 12.0, Doubt(reading_deg, 1.0, BONES_SD_DEG))
    left = Doubt(math.sqrt(DAY_SHARE) * reading_deg, 1.0, 2.0)
    right = TiltEstimate(Method.CALIBRATED, 14.0, left)
    plain_deg = change_sd_deg(plain, count, spread_deg)
    assert change_sd_deg(right, count, spread_deg) == pytest.approx(plain_deg)


@given(STEADY, st.floats(0.5, 8))
def test_repeats_cure_as_much_of_a_calibrated_reading_as_of_its_contour(
    angles_deg: list[float], reading_deg: float
) -> None:
    assume(stdev(angles_deg) <= MAX_SPREAD_DEG)
    cured = []
    for method, single_deg in (
        (Method.CONTOUR, reading_deg),
        (Method.CALIBRATED, math.sqrt(DAY_SHARE) * reading_deg),
    ):
        doubt = Doubt(single_deg, 1.0, BONES_SD_DEG)
        found = assess_series(
            [
                replace(one, tilt=TiltEstimate(method, one.tilt.angle_deg, doubt))
                for one in shots(angles_deg)
            ]
        )
        assert isinstance(found, Series)
        cured.append(single_deg**2 - found.tilt.doubt.reading_deg**2)
    assert cured[1] == pytest.approx(cured[0], abs=1e-9)
