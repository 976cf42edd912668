"""Made-up answers whose offset, slope and noise are known: sweeps, days and calibrations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("anny")

from synthetic.evaluate import report
from synthetic.evaluate.change import (
    SweptBody,
    calibrated_answers,
    change_figures,
    seen_bodies,
    sweep_figures,
    swept_bodies,
)
from synthetic.training.dataset import CHANGES_DEG, SHOTS_A_DAY
from tests.made_up_results import MADE_BY, measured, rejected, tilt
from tests.synthetic.training import made_up_samples
from vision.reasons import refusal
from vision.result import BONES_SD_DEG, Doubt, Measured, Method, ReasonCode
from vision.series import MARKS_REPEAT_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from synthetic.training.dataset import Sample
    from vision.result import Rejected

TRUTH_DEG = np.arange(-5.0, 26.0, 5.0)


def body(*errors_deg: float, slope: float = 1.0, offset_deg: float = 0.0) -> SweptBody:
    """Answers around the middle of the truth, each with an error of its own."""
    own = np.array(errors_deg) if errors_deg else np.zeros(len(TRUTH_DEG))
    middle = TRUTH_DEG.mean()
    return SweptBody(TRUTH_DEG, middle + slope * (TRUTH_DEG - middle) + offset_deg + own)


def noisy(count: int, offset_sd_deg: float, noise_sd_deg: float) -> list[SweptBody]:
    rng = np.random.default_rng(8)
    return [
        body(*rng.normal(0, noise_sd_deg, len(TRUTH_DEG)), offset_deg=rng.normal(0, offset_sd_deg))
        for _ in range(count)
    ]


def test_answers_that_are_the_truth_leave_nothing() -> None:
    figures = sweep_figures([body(), body()])
    assert figures.bodies == 2
    assert (figures.mae_deg, figures.offset_sd_deg, figures.within_sd_deg) == (0, 0, 0)
    assert figures.calibrated_mae_deg == 0
    assert figures.within_slope == pytest.approx(1)
    assert (figures.steps_rising, figures.bodies_rising) == (1, 1)


def test_half_of_the_answers_lie_so_near_a_body_s_own_mean() -> None:
    # Off by -3, -1, 0, 1 and 3, and by the body's own 5.
    truth_deg = np.arange(5.0)
    swept = SweptBody(truth_deg, truth_deg + np.array([2.0, 6.0, 5.0, 4.0, 8.0]))
    assert sweep_figures([swept]).within_median_deg == pytest.approx(1.0)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=6))
def test_what_is_a_body_s_own_is_calibrated_away(offsets_deg: list[float]) -> None:
    figures = sweep_figures([body(offset_deg=offset) for offset in offsets_deg])
    assert figures.mae_deg == pytest.approx(np.abs(offsets_deg).mean(), abs=1e-9)
    assert figures.offset_sd_deg == pytest.approx(np.std(offsets_deg), abs=1e-9)
    assert figures.within_sd_deg == pytest.approx(0, abs=1e-9)
    assert figures.within_slope == pytest.approx(1)
    assert figures.calibrated_mae_deg == pytest.approx(0, abs=1e-9)


@given(st.floats(-2, 2), st.floats(-9, 9))
def test_the_slope_is_that_of_each_body_whatever_its_offset(
    slope: float, offset_deg: float
) -> None:
    figures = sweep_figures([body(slope=slope), body(slope=slope, offset_deg=offset_deg)])
    assert figures.within_slope == pytest.approx(slope, abs=1e-9)


def test_noise_and_offsets_are_told_apart() -> None:
    figures = sweep_figures(noisy(400, offset_sd_deg=4.0, noise_sd_deg=2.0))
    assert figures.within_sd_deg == pytest.approx(2.0, rel=0.05)
    # The mean of seven answers still has some noise in it.
    assert figures.offset_sd_deg == pytest.approx(np.hypot(4.0, 2.0 / np.sqrt(7)), rel=0.1)
    normal_mae = np.sqrt(2 / np.pi)
    assert figures.mae_deg == pytest.approx(normal_mae * np.hypot(4.0, 2.0), rel=0.1)
    # A calibration has noise of its own.
    assert figures.calibrated_mae_deg == pytest.approx(normal_mae * 2.0 * np.sqrt(2), rel=0.05)
    assert figures.within_slope == pytest.approx(1, abs=0.03)


def test_steps_that_fall_are_counted_one_by_one() -> None:
    # 15 deg is answered lower than 10 deg.
    dented = body(0.0, 0.0, 0.0, 0.0, -6.0, 0.0, 0.0)
    figures = sweep_figures([dented, body()])
    assert figures.steps_rising == pytest.approx(11 / 12)
    assert figures.bodies_rising == 0.5


def test_the_same_answer_twice_is_no_rise() -> None:
    figures = sweep_figures([body(slope=0.0)])
    assert (figures.steps_rising, figures.bodies_rising) == (0, 0)
    assert figures.within_slope == pytest.approx(0)


def test_calibrating_by_two_pictures_leaves_what_they_are_apart() -> None:
    pair = SweptBody(np.array([0.0, 10.0]), np.array([1.0, 14.0]))
    assert sweep_figures([pair]).calibrated_mae_deg == pytest.approx(3.0)


def test_refused_pictures_are_passed_over() -> None:
    refused = np.isin(TRUTH_DEG, [0.0, 15.0])
    whole = body(1.0, -0.5, 0.3, 2.0, -1.0, 0.6, 0.1)
    holes = replace(whole, answer_deg=np.where(refused, np.nan, whole.answer_deg))
    left = SweptBody(whole.truth_deg[~refused], whole.answer_deg[~refused])
    np.testing.assert_array_equal(holes.seen.truth_deg, left.truth_deg)
    assert sweep_figures([holes]) == sweep_figures([left])


def test_a_body_measured_once_tells_nothing_of_change() -> None:
    once = body(*([np.nan] * 6), 3.0)
    assert sweep_figures([once, body()]) == sweep_figures([body()])


# -- answers about pictures


def pictured(truth_deg: float, shape_deg: float = 0.0, shot: int = 0, seed: int = 1) -> Sample:
    """A picture of a body whose bones have a shape of their own."""
    sample = made_up_samples.sample(1)
    told = {"tilt_deg": truth_deg + shape_deg, "shape_deg": shape_deg, "shot": shot, "seed": seed}
    return replace(sample, truth=sample.truth | told)


def said(angle_deg: float) -> Measured:
    """What the outline says."""
    estimate = tilt(angle_deg)
    return measured(replace(estimate, doubt=Doubt(3.0, 1.0, BONES_SD_DEG)), provenance=MADE_BY)


def test_outlines_are_judged_without_the_bones_shape_and_refusals_left_open() -> None:
    seen = {shot: (pictured(5.0 * shot, 7.0, shot), said(5.0 * shot + 1)) for shot in (0, 1, 3)}
    (swept,) = swept_bodies([seen], 4)
    np.testing.assert_allclose(swept.truth_deg[[0, 1, 3]], [0, 5, 15])
    np.testing.assert_allclose(swept.answer_deg, [1, 6, np.nan, 16])
    np.testing.assert_allclose(swept.seen.truth_deg, [0, 5, 15])


def test_pictures_of_one_body_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [pictured(10.0, shot=shot, seed=seed) for seed in (4, 9) for shot in range(3)]

    def answered(known: Iterable[Sample]) -> Iterator[tuple[Sample, Measured | Rejected]]:
        for number, one in enumerate(known):
            is_refused = number == 1
            yield one, rejected(refusal(ReasonCode.NO_PERSON)) if is_refused else said(number)

    monkeypatch.setattr(report, "replay", answered)
    bodies, refused = seen_bodies(samples, "made up")
    assert refused == 1
    told = [{shot: one.tilt.angle_deg for shot, (_, one) in seen.items()} for seen in bodies]
    assert told == [{0: 0.0, 2: 2.0}, {0: 3.0, 1: 4.0, 2: 5.0}]


# -- days


def three_days(*added_deg: float, spread_deg: float = 0.3) -> dict[int, tuple[Sample, Measured]]:
    """A body whose answers are off by so much on each of the days, and scatter a little."""
    seen = {}
    scatter = spread_deg * np.linspace(-1, 1, SHOTS_A_DAY)
    for day, (change_deg, more_deg) in enumerate(zip(CHANGES_DEG, added_deg, strict=True)):
        truth_deg = 8.0 + change_deg
        for number in range(SHOTS_A_DAY):
            shot = day * SHOTS_A_DAY + number
            answer = said(truth_deg + more_deg + float(scatter[number]))
            seen[shot] = pictured(truth_deg, 5.0, shot), answer
    return seen


def test_answers_that_follow_are_no_claims_and_have_no_error() -> None:
    figures = change_figures([three_days(4.0, 4.0, 4.0)] * 2, SHOTS_A_DAY)
    assert (figures.compared, figures.claimed, figures.turned) == (2, 0, 4)
    assert figures.found == (4 if figures.smallest_deg <= 6 else 0)
    assert figures.error_sd_deg == pytest.approx(0, abs=1e-9)
    assert figures.smallest_deg == int(figures.smallest_deg)


@pytest.mark.parametrize("more_deg", [-15.0, 15.0])
def test_a_change_told_where_there_is_none_is_a_claim(more_deg: float) -> None:
    figures = change_figures([three_days(0.0, more_deg, 0.0)], SHOTS_A_DAY)
    assert (figures.compared, figures.claimed) == (1, 1)
    # Between the days by twos it is off by this, by nothing and by its opposite.
    assert figures.error_sd_deg == pytest.approx(np.std([more_deg, 0, -more_deg]))


def test_a_turn_told_too_small_or_the_wrong_way_is_not_found() -> None:
    for off_deg in (-4.5, -30.0):
        missed = change_figures([three_days(0.0, 0.0, off_deg)], SHOTS_A_DAY)
        assert (missed.turned, missed.found) == (2, 0)
    told = change_figures([three_days(0.0, 0.0, 10.0)], SHOTS_A_DAY)
    assert (told.turned, told.found) == (2, 2)


def test_fewer_pictures_a_day_are_those_taken_first() -> None:
    seen = three_days(0.0, 0.0, 0.0)
    last = 2 * SHOTS_A_DAY - 1
    wrong = seen | {last: (seen[last][0], said(60.0))}
    few = change_figures([wrong], 3)
    assert few == change_figures([seen], 3)
    assert few.compared == 1


def test_a_day_of_which_a_picture_was_refused_is_not_compared() -> None:
    seen = three_days(0.0, 0.0, 0.0)
    del seen[SHOTS_A_DAY]
    figures = change_figures([seen, three_days(0.0, 0.0, 0.0)], SHOTS_A_DAY)
    assert (figures.compared, figures.turned) == (1, 3)


# -- calibrating


def offs_deg(pictures: int, bodies: int = 400) -> tuple[float, float]:
    """Mean and spread of calibrated answers around the tilt of bones of drawn shape."""
    rng = np.random.default_rng(2)
    offs = []
    for _ in range(bodies):
        shape_deg = float(rng.normal(0, BONES_SD_DEG))
        by = [(pictured(9.0 + n, shape_deg, n), said(9.0 + n)) for n in range(pictures)]
        (answer,) = calibrated_answers([(pictured(14.0, shape_deg), said(14.0))], by, rng)
        assert answer.tilt.method is Method.CALIBRATED
        offs.append(answer.tilt.angle_deg - (14.0 + shape_deg))
    return float(np.mean(offs)), float(np.std(offs))


def test_marks_tell_the_bones_shape_as_well_as_they_are_placed() -> None:
    one_mean, one_sd = offs_deg(1)
    many_mean, many_sd = offs_deg(SHOTS_A_DAY)
    for mean in (one_mean, many_mean):
        assert mean == pytest.approx(0, abs=0.6)
    assert BONES_SD_DEG > one_sd > many_sd
    # What all marks by one hand have in common stays, however many there are.
    assert many_sd > 2.0 * np.sqrt(1 - MARKS_REPEAT_SHARE) * 0.75


def test_nobody_seen_again_has_no_answers() -> None:
    by = [(pictured(9.0), said(9.0))]
    assert calibrated_answers([], by, np.random.default_rng(1)) == []
