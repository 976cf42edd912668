"""A person's own offset: its size and doubt, what is refused, what is put right by it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import made_up_results
from vision.marks.calibration import (
    Calibration,
    CalibrationPair,
    RefusedCalibration,
    calibrate,
    calibrated,
    pair_of,
)
from vision.reasons import refusal, warning
from vision.result import (
    BONES_SD_DEG,
    Doubt,
    Measured,
    Method,
    Reason,
    ReasonCode,
    TiltEstimate,
)
from vision.series import (
    DAY_SHARE,
    MARKS_REPEAT_SHARE,
    REPEAT_SHARE,
    WITHIN_BODY_SD_DEG,
    Series,
    assess_series,
)

if TYPE_CHECKING:
    from random import Random

MAY = datetime(2026, 5, 3, 10, tzinfo=UTC)
NETWORK = made_up_results.MADE_BY.contour_model_sha256
#: The least that the contour's is taken for, whose part that differs between days was measured.
READING_DEG = WITHIN_BODY_SD_DEG / math.sqrt(DAY_SHARE)
#: Of stickers beside a level lens.
MARKS_DEG, ROLL_DEG = 3.0, 1.0
#: How far bodies lie from their outlines, a standard deviation.
BODY_DEG = math.sqrt(BONES_SD_DEG**2 + (1 - DAY_SHARE) * READING_DEG**2)
#: How far all pictures of one day are off by their outlines, and one anew.
DAY_DEG = math.sqrt(DAY_SHARE - REPEAT_SHARE) * READING_DEG
ANEW_DEG = math.sqrt(REPEAT_SHARE) * READING_DEG
#: The same of marks that one person places.
PLACED_DEG = math.sqrt(1 - MARKS_REPEAT_SHARE) * MARKS_DEG
PLACED_ANEW_DEG = math.sqrt(MARKS_REPEAT_SHARE) * MARKS_DEG
OFFSETS = st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=9)


def contour(angle_deg: float, reading_deg: float = READING_DEG) -> TiltEstimate:
    return TiltEstimate(Method.CONTOUR, angle_deg, Doubt(reading_deg, ROLL_DEG, BONES_SD_DEG))


def stickers(angle_deg: float) -> TiltEstimate:
    return TiltEstimate(Method.STICKERS, angle_deg, Doubt(MARKS_DEG, ROLL_DEG, 0.0))


def pair(difference_deg: float, number: int = 0) -> CalibrationPair:
    """Return a picture of its own, in which the bones lie so much further forward."""
    at, outline_deg = MAY + timedelta(minutes=number), 10.0 + number / 7
    marks = stickers(outline_deg + difference_deg)
    return CalibrationPair(at, marks, contour(outline_deg), NETWORK)


def found(*differences_deg: float) -> Calibration:
    numbered = enumerate(differences_deg)
    calibration = calibrate([pair(one, number) for number, one in numbered])
    assert isinstance(calibration, Calibration)
    return calibration


def refused(pairs: list[CalibrationPair], code: ReasonCode) -> Reason:
    outcome = calibrate(pairs)
    assert isinstance(outcome, RefusedCalibration)
    assert [reason.code for reason in outcome.reasons] == [code]
    return outcome.reasons[0]


def measured(angle_deg: float = 12.0, **changed: object) -> Measured:
    return made_up_results.measured(contour(angle_deg), **({"reasons": ()} | changed))


def test_one_picture_worked_by_hand() -> None:
    calibration = found(6.0)
    # The contour's variance is 2.7 ** 2 / 0.45.
    between = 4.5**2 + 0.55 * 16.2
    noise = 0.15 * 16.2 + 0.25 * 3.0**2 + 0.30 * 16.2 + 0.75 * 3.0**2
    assert calibration.offset_deg == pytest.approx(6 * between / (between + noise))
    assert calibration.sd_deg == pytest.approx(math.sqrt(between * noise / (between + noise)))
    assert (calibration.count, calibration.taken_at) == (1, MAY)


def test_two_pictures_unlike_in_doubt_worked_by_hand() -> None:
    sure, loose = pair(6.0), replace(pair(5.0, 1), contour=contour(10 + 1 / 7, 6.0))
    calibration = calibrate([sure, loose])
    assert isinstance(calibration, Calibration)
    weights = [1 / (0.15 * 16.2 + 0.25 * 9), 1 / (0.15 * 36 + 0.25 * 9)]
    share = weights[0] / sum(weights)
    outlines_deg = share * math.sqrt(16.2) + (1 - share) * 6.0
    noise = 1 / sum(weights) + 0.30 * outlines_deg**2 + 0.75 * 9
    between = 4.5**2 + 0.55 * (16.2 + 36) / 2
    offset_deg = (5 + share) * between / (between + noise)
    assert calibration.offset_deg == pytest.approx(offset_deg)
    assert calibration.sd_deg == pytest.approx(math.sqrt(between * noise / (between + noise)))


def test_five_pictures_are_surer_than_one_and_no_surer_than_their_day() -> None:
    one, five = found(5.0), found(5.0, 4.0, 6.0, 5.5, 4.5)
    assert five.sd_deg < one.sd_deg
    shared, between = DAY_DEG**2 + PLACED_DEG**2, BODY_DEG**2
    assert five.sd_deg > math.sqrt(between * shared / (between + shared))
    assert abs(five.offset_deg - 5) < abs(one.offset_deg - 5)


@given(OFFSETS, st.randoms(use_true_random=False))
def test_the_order_of_pictures_does_not_matter(offsets: list[float], chance: Random) -> None:
    pairs = [pair(5 + one, number) for number, one in enumerate(offsets)]
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert calibrate(pairs) == calibrate(shuffled)


@given(OFFSETS, st.floats(-1.5, 1.5))
def test_one_more_picture_never_widens_when_they_agree(offsets: list[float], more: float) -> None:
    fewer = [5 + one for one in offsets]
    assert found(*fewer, 5 + more).sd_deg <= found(*fewer).sd_deg + 1e-9


@given(st.lists(st.floats(-15, 15), min_size=1, max_size=6))
def test_the_offset_is_shrunk_and_mirrors(differences_deg: list[float]) -> None:
    numbered = list(enumerate(differences_deg))
    one = calibrate([pair(value, number) for number, value in numbered])
    assume(isinstance(one, Calibration))
    assert isinstance(one, Calibration)
    assert abs(one.offset_deg) <= max(map(abs, differences_deg)) + 1e-9
    assert 0 < one.sd_deg < math.hypot(BONES_SD_DEG, READING_DEG)
    other = calibrate([pair(-value, number) for number, value in numbered])
    assert isinstance(other, Calibration)
    assert other.offset_deg == pytest.approx(-one.offset_deg, abs=1e-6)
    assert other.sd_deg == pytest.approx(one.sd_deg, abs=1e-6)


@given(OFFSETS, st.data())
def test_a_copy_counts_once(offsets: list[float], data: st.DataObject) -> None:
    pairs = [pair(one, number) for number, one in enumerate(offsets)]
    again = data.draw(st.lists(st.sampled_from(pairs), max_size=4))
    assert calibrate(pairs + again) == calibrate(pairs)


def test_pictures_that_scatter_are_less_sure() -> None:
    assert found(2.0, 8.0, 2.5, 7.5).sd_deg > found(5.0, 5.1, 4.9, 5.2).sd_deg


def test_pictures_of_two_people_do_not_agree() -> None:
    reason = refused([pair(-6.0), pair(-5.0, 1), pair(7.0, 2)], ReasonCode.PICTURES_DISAGREE)
    assert "13 degrees" in reason.message


def test_marks_on_the_wrong_bones_are_told() -> None:
    reason = refused([pair(26.0), pair(25.0, 1)], ReasonCode.OFFSET_TOO_LARGE)
    assert "more than in any body" in reason.message


def test_pictures_of_different_years_are_told() -> None:
    late = replace(pair(5.0, 1), taken_at=MAY + timedelta(days=800))
    reason = refused([late, pair(5.0)], ReasonCode.TAKEN_FAR_APART)
    assert "800 days" in reason.message


def test_pairs_of_one_network_are_needed() -> None:
    other = replace(pair(5.0, 1), contour_model_sha256="c" * 64)
    for pairs in ([], [pair(5.0), other]):
        with pytest.raises(ValueError, match="one network"):
            calibrate(pairs)


def test_a_picture_with_marks_is_a_pair() -> None:
    both = measured(12.0, stickers=stickers(15.0))
    got = pair_of(both, MAY)
    assert isinstance(got, CalibrationPair)
    assert got.difference_deg == 3.0
    points = replace(stickers(17.0), method=Method.MARKED)
    marked = pair_of(replace(both, marked=points), MAY)
    assert isinstance(marked, CalibrationPair)
    assert marked.marks == points


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (measured(), ReasonCode.NO_MARKS),
        (
            measured(reasons=(warning(ReasonCode.STICKERS_UNCLEAR),)),
            ReasonCode.STICKERS_UNCLEAR,
        ),
        (
            measured(stickers=stickers(15), reasons=(warning(ReasonCode.LOOSE_CLOTHING),)),
            ReasonCode.LOOSE_CLOTHING,
        ),
        (
            made_up_results.rejected(
                warning(ReasonCode.TOO_DARK), refusal(ReasonCode.NOT_SIDE_ON, 40)
            ),
            ReasonCode.NOT_SIDE_ON,
        ),
    ],
)
def test_what_is_no_pair_says_why(result: Measured, code: ReasonCode) -> None:
    why = pair_of(result, MAY)
    assert isinstance(why, Reason)
    assert why.code is code


def test_an_outline_is_put_right() -> None:
    calibration = found(5.0, 4.0, 6.0)
    plain = measured(12.0)
    result = calibrated(plain, calibration, MAY)
    assert result.tilt.method is Method.CALIBRATED
    assert result.tilt.angle_deg == pytest.approx(12 + calibration.offset_deg)
    assert result.tilt.doubt.bones_deg == calibration.sd_deg
    assert result.tilt.doubt.reading_deg == pytest.approx(WITHIN_BODY_SD_DEG)
    assert result.tilt.doubt.roll_deg == ROLL_DEG
    assert result.tilt.half_width_deg < plain.tilt.half_width_deg
    assert result.calibrated_at == calibration.taken_at
    assert (result.contour, result.reasons) == (plain.contour, ())


@pytest.mark.parametrize("method", [Method.MARKED, Method.STICKERS, Method.BELT])
def test_other_answers_stay(method: Method) -> None:
    answer = replace(stickers(15.0), method=method)
    result = measured(tilt=answer)
    assert calibrated(result, found(5.0), MAY) == result


def test_without_a_calibration_nothing_changes() -> None:
    assert calibrated(measured(), None, MAY) == measured()


def test_a_calibration_of_another_network_is_not_used() -> None:
    stale = replace(found(5.0), contour_model_sha256="c" * 64)
    result = calibrated(measured(), stale, MAY)
    assert result.tilt == measured().tilt
    assert result.calibrated_at is None
    assert [reason.code for reason in result.reasons] == [ReasonCode.CALIBRATION_OUTDATED]


def test_an_old_calibration_is_used_with_a_word() -> None:
    result = calibrated(measured(), found(5.0), MAY + timedelta(days=400))
    assert result.tilt.method is Method.CALIBRATED
    assert [reason.code for reason in result.reasons] == [ReasonCode.CALIBRATION_OLD]


def test_a_network_that_is_too_sure_of_itself_is_not_believed() -> None:
    numbered = list(enumerate((5.0, 4.0, 6.0)))
    sure = [replace(pair(one, i), contour=contour(10 + i / 7, 1.5)) for i, one in numbered]
    calibration = calibrate(sure)
    assert calibration == found(*(one for _, one in numbered))
    assert isinstance(calibration, Calibration)
    one, other = (
        calibrated(made_up_results.measured(contour(12.0, deg), reasons=()), calibration)
        for deg in (1.5, READING_DEG)
    )
    assert one.tilt == other.tilt


def test_looser_clothes_than_then_are_less_sure() -> None:
    calibration = found(5.0)
    tight = calibrated(measured(), calibration)
    loose = calibrated(made_up_results.measured(contour(12.0, 5.0)), calibration)
    assert loose.tilt.doubt.reading_deg > tight.tilt.doubt.reading_deg
    added = 0.55 * (5.0**2 - READING_DEG**2)
    assert loose.tilt.doubt.reading_deg == pytest.approx(math.sqrt(0.45 * 5.0**2 + added))
    assert loose.tilt.doubt.reading_deg < 5.0


@dataclass(frozen=True)
class Outcome:
    """Mean error of many bodies, deg, and how often the interval held the truth."""

    error_deg: float
    coverage: float


def outcome_of(tilts: list[TiltEstimate]) -> Outcome:
    """Return how far tilts lie from the truth, which is 0 for all of them."""
    held = fmean(tilt.low_deg <= 0 <= tilt.high_deg for tilt in tilts)
    return Outcome(fmean(abs(tilt.angle_deg) for tilt in tilts), held)


def drawn_bodies(pictures: int, shots: int, bodies: int = 3000) -> tuple[Outcome, Outcome]:
    """Return what checks without and with a calibration come to.

    A body has a bone shape and an outline's offset of its own (a skin band, a build); the one
    who places the marks on it errs in one way. On each day its outline is off by something
    else, and each picture is read and marked anew. It is calibrated on one day and checked on
    another, once or by the median of several shots.
    """
    chance = np.random.default_rng(14)
    plain, right = [], []
    for _ in range(bodies):
        body_deg = chance.normal(0, BODY_DEG)
        marks_deg = chance.normal(0, PLACED_DEG) + chance.normal(0, PLACED_ANEW_DEG, pictures)
        outlines_deg = body_deg + chance.normal(0, DAY_DEG) + chance.normal(0, ANEW_DEG, pictures)
        differences_deg = marks_deg - outlines_deg
        calibration = calibrate([pair(*value[::-1]) for value in enumerate(differences_deg)])
        # The camera is tilted alike in all shots; in a calibration's pictures that cancels.
        seen_deg = body_deg + chance.normal(0, DAY_DEG) + chance.normal(0, ROLL_DEG)
        before = [measured(seen_deg + one) for one in chance.normal(0, ANEW_DEG, shots)]
        if isinstance(calibration, Calibration):
            plain.append(together(before))
            right.append(together([calibrated(one, calibration) for one in before]))
    # Few calibrations, and few sets of shots, are refused.
    assert len(right) > 0.98 * bodies
    return outcome_of([one for one in plain if one]), outcome_of([one for one in right if one])


def together(shots: list[Measured]) -> TiltEstimate | None:
    if len(shots) == 1:
        return shots[0].tilt
    series = assess_series(shots)
    return series.tilt if isinstance(series, Series) else None


def expected_deg(pictures: int, shots: int) -> tuple[float, float]:
    """Return the mean errors, without and with a calibration, that the parts add up to."""
    median_of = {1: 1.0, 5: 0.2868}
    check = ROLL_DEG**2 + DAY_DEG**2 + median_of[shots] * ANEW_DEG**2
    between = BODY_DEG**2
    seen = (ANEW_DEG**2 + PLACED_ANEW_DEG**2) / pictures + DAY_DEG**2 + PLACED_DEG**2
    left = between * seen / (between + seen)
    # The mean of what a normal error of such a variance leaves, whichever its sign.
    plain_deg, right_deg = (math.sqrt(2 / math.pi * (one + check)) for one in (between, left))
    return plain_deg, right_deg


@pytest.mark.parametrize(
    ("pictures", "shots", "plain_deg", "right_deg"),
    [(1, 1, 4.9, 3.5), (5, 1, 4.9, 3.3), (5, 5, 4.8, 3.1)],
)
def test_drawn_bodies_are_read_better_and_no_surer_than_they_are(
    pictures: int, shots: int, plain_deg: float, right_deg: float
) -> None:
    expected = expected_deg(pictures, shots)
    assert list(expected) == pytest.approx([plain_deg, right_deg], abs=0.05)
    outcomes = drawn_bodies(pictures, shots)
    # The mean of 3,000 is known to 1.4 % of it, a standard deviation.
    for outcome, error_deg in zip(outcomes, expected, strict=True):
        assert outcome.error_deg == pytest.approx(error_deg, rel=0.04)
        assert 0.87 <= outcome.coverage <= 0.95


def test_slopes_and_tails_unlike_the_model_cost_little_coverage() -> None:
    """Outlines that shrink every angle, skin with heavy tails, marks that err wholly anew.

    Of these last, some are asked to be taken again, because they look like several people's.
    """
    chance = np.random.default_rng(5)
    holds = []
    for _ in range(1500):
        # Such a t has a standard deviation of 1.29: 3.0 deg, as the model's.
        body_deg = chance.normal(0, BONES_SD_DEG) + 2.3 * chance.standard_t(5)
        then_day_deg, now_day_deg = chance.normal(0, DAY_DEG, 2)
        then_deg, now_deg = 12 + chance.normal(0, 5), 12 + chance.normal(0, 5)

        def outline(true_deg: float, own_deg: float) -> float:
            return 12 + 0.85 * (true_deg - 12) + own_deg + chance.normal(0, ANEW_DEG)

        pairs = [
            replace(
                pair(0.0, number),
                marks=stickers(then_deg + chance.normal(0, MARKS_DEG)),
                contour=contour(outline(then_deg, body_deg + then_day_deg)),
            )
            for number in range(3)
        ]
        calibration = calibrate(pairs)
        if isinstance(calibration, Calibration):
            seen = measured(outline(now_deg, body_deg + now_day_deg))
            after = calibrated(seen, calibration)
            holds.append(after.tilt.low_deg <= now_deg <= after.tilt.high_deg)
    assert len(holds) > 0.94 * 1500
    assert fmean(holds) >= 0.87
