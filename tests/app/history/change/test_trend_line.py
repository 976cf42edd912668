"""The line through a person's checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.history.change.trend_line import fit_trend
from app.history.records import Arms, Conditions, DatedAngles, RowQuery
from benchmarks.trend_line import MadeUp, made_up, seen, some_person
from tests.app.history.made_up import WHEN, measured, new_check
from vision.result import Doubt, Method, TiltEstimate
from vision.series import DAY_TO_DAY_SD_DEG, change_sd_deg, within_body_sds_deg

if TYPE_CHECKING:
    from app.history.store import History

_DAY_S = 86_400.0


def steady(angles_deg: list[float], every_days: float = 10.0) -> DatedAngles:
    """Return single pictures in the same clothes, one every some days."""
    count = len(angles_deg)
    none = np.zeros(count)
    taken_at_s = np.asarray(np.arange(count) * every_days * _DAY_S, np.float64)
    return DatedAngles(
        method=Method.CONTOUR,
        taken_at_s=taken_at_s,
        day=(taken_at_s // _DAY_S).astype(np.int64),
        angle_deg=np.array(angles_deg, float),
        reading_deg=none + 2.5,
        roll_deg=none + 0.5,
        repeats=none.astype(np.int64),
        repeat_spread_deg=none,
        level=none.astype(np.int64),
        has_clothes=none == 0,
    )


def test_forty_one_checks_that_fall_from_17_to_10_are_a_change() -> None:
    rng = np.random.default_rng(4)
    line = fit_trend(steady(list(np.linspace(17, 10, 41) + rng.normal(0, 1.8, 41))))
    assert line is not None
    assert line.is_real
    assert line.change_deg == pytest.approx(-7, abs=2)
    assert 1.5 < line.half_deg < 3
    assert line.low_deg < -7 < line.high_deg < 0
    assert line.checks == 41
    assert line.checks_to_see(3.0) < 40
    (band,) = line.bands
    assert band.angle_deg[0] == pytest.approx(17, abs=1.5)
    assert band.angle_deg[-1] == pytest.approx(10, abs=1.5)


def test_too_few_checks_or_days_have_no_line() -> None:
    assert fit_trend(steady([])) is None
    assert fit_trend(steady([12, 11, 10])) is None
    assert fit_trend(steady([12, 11, 10, 9], every_days=0.01)) is None
    assert fit_trend(steady([12, 11, 10, 9])) is not None


def test_one_that_stands_apart_pulls_little() -> None:
    rng = np.random.default_rng(1)
    angles_deg = list(12 + rng.normal(0, 1.5, 30))
    clean = fit_trend(steady(angles_deg))
    angles_deg[-1] = 60.0
    line = fit_trend(steady(angles_deg))
    assert line is not None
    assert clean is not None
    assert not line.is_real
    assert abs(line.change_deg - clean.change_deg) < 1.5
    assert line.half_deg < 1.5 * clean.half_deg


def test_other_clothes_are_no_change() -> None:
    angles = steady([10.0 + (n >= 10) * 6 for n in range(20)])
    changed = replace(angles, level=(np.arange(20) >= 10).astype(np.int64))
    line, blind = fit_trend(changed), fit_trend(angles)
    assert line is not None
    assert blind is not None
    assert blind.is_real
    assert not line.is_real
    assert abs(line.change_deg) < 0.5
    assert len(line.bands) == 2


def test_clothes_worn_once_say_nothing() -> None:
    angles = steady([10, 11, 10, 11, 10, 30])
    line = fit_trend(replace(angles, level=np.array([0, 0, 0, 0, 0, 1])))
    assert line is not None
    assert line.checks == 5
    assert fit_trend(replace(angles, level=np.arange(6))) is None


def test_belt_lines_count_where_the_clothes_are_known() -> None:
    belts = replace(steady([10, 11, 10, 11, 10]), method=Method.BELT)
    assert fit_trend(belts) is not None
    assert fit_trend(replace(belts, has_clothes=np.zeros(5, bool))) is None


@settings(max_examples=30)
@given(
    st.lists(st.floats(-10, 30), min_size=4, max_size=30),
    st.floats(-20, 20),
    st.floats(1, 50),
)
# Many lines fit these equally well.
@example([0, 0, 10, 10, 10, 6, 11, 0, 0, 0, 12], 0.0004, 1.0)
def test_shifts_mirrors_and_other_paces_change_nothing_else(
    angles_deg: list[float], shift_deg: float, pace: float
) -> None:
    line = fit_trend(steady(angles_deg))
    shifted = fit_trend(steady([angle + shift_deg for angle in angles_deg], 10 * pace))
    turned = fit_trend(steady([-angle for angle in angles_deg]))
    assert line is not None
    assert shifted is not None
    assert turned is not None
    assert shifted.change_deg == pytest.approx(line.change_deg, abs=0.02)
    assert turned.change_deg == pytest.approx(-line.change_deg, abs=0.02)
    assert shifted.half_deg == pytest.approx(line.half_deg, rel=0.01)
    # Standing differs from day to day, however well the pictures agree.
    assert line.sd_deg >= DAY_TO_DAY_SD_DEG


@pytest.mark.parametrize("method", [Method.CONTOUR, Method.MARKED, Method.CALIBRATED])
@pytest.mark.parametrize(("count", "spread_deg"), [(0, 0.0), (3, 0.4), (5, 2.5)])
def test_a_checks_doubt_is_the_one_of_comparisons(
    method: Method, count: int, spread_deg: float
) -> None:
    tilt = TiltEstimate(method, 12.0, Doubt(2.5, 0.0, 4.5))
    one = np.array
    within_deg = within_body_sds_deg(method, one([2.5]), one([count]), one([spread_deg]))
    expected_deg = change_sd_deg(tilt, count, spread_deg)
    assert np.hypot(within_deg[0], DAY_TO_DAY_SD_DEG) == pytest.approx(expected_deg)


def test_few_changes_are_told_where_there_is_none_and_real_ones_are() -> None:
    rng = np.random.default_rng(7)
    false_alarms = told = 0
    for _ in range(1000):
        checks = int(rng.choice((6, 10, 20, 41)))
        false_alarms += seen(fit_trend(made_up(some_person(checks, rng), rng)), 0.0)
    for _ in range(200):
        told += seen(fit_trend(made_up(MadeUp(41, change_deg=7.0), rng)), 7.0)
    assert false_alarms <= 0.05 * 1000
    assert told >= 0.9 * 200


def test_it_is_read_from_the_history(history: History) -> None:
    me = history.default_profile()

    def save(angle_deg: float, day: int, worn: Conditions) -> None:
        check = new_check(me.id, measured(angle_deg))
        taken_at = WHEN + timedelta(days=day)
        history.save(replace(check, taken_at=taken_at, conditions=worn))

    for number in range(6):
        garment = "Grey  Leggings" if number % 2 else "grey leggings"
        save(10.0 + number, number, Conditions(garment, Arms.HANGING))
    save(4.0, 1, Conditions("jeans"))
    angles = history.angles(RowQuery(me.id, Method.CONTOUR))
    assert len(set(angles.level.tolist())) == 2
    assert np.bincount(angles.level).max() == 6
    assert angles.has_clothes.all()
    assert np.diff(np.unique(angles.day)).tolist() == [1] * 5
    line = fit_trend(angles)
    assert line is not None
    assert line.checks == 6
    jeans = history.angles(RowQuery(me.id, Method.CONTOUR, garment="jeans"))
    assert jeans.angle_deg.tolist() == [4.0]
    assert history.trend(RowQuery(me.id, Method.CONTOUR, text="LEGG")).ids.tolist() == list(
        range(1, 7)
    )
