"""The trend: what is in view, dates, pointing, keys, mouse."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QLocale, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QWheelEvent
from PyQt6.QtWidgets import QApplication

from app.gui.history.scale import (
    DAY_S,
    DateUnit,
    Span,
    date_marks,
    envelope,
    in_view,
    nearest,
    whole_angles,
    whole_time,
)
from app.gui.history.trend import TrendPlot
from app.gui.style.theme import LIGHT, Scheme, apply_scheme
from app.history.change.trend_line import TrendBand, TrendLine
from app.history.records import CheckRow, Conditions, Trend
from tests import made_up_results
from tests.app.gui.kept_checks import TEST
from vision.result import BONES_SD_DEG, Method

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ZONES = ("UTC", "Asia/Kolkata", "Europe/London")
START_S = datetime(2026, 1, 5, tzinfo=UTC).timestamp()


def trend_of(angles_deg: list[float], method: Method = Method.CONTOUR) -> Trend:
    """Return checks a day apart, numbered from 100 on."""
    angles = np.array(angles_deg, np.float64)
    at_s = START_S + DAY_S * np.arange(len(angles), dtype=np.float64)
    ids = np.arange(100, 100 + len(angles), dtype=np.int64)
    parts = (np.full(len(angles), sd) for sd in (2.3, 1.0, BONES_SD_DEG))
    return Trend(method, ids, at_s, angles, *parts)


@given(st.lists(st.floats(-30, 40), min_size=1, max_size=300), st.integers(1, 200))
def test_an_outline_holds_every_check(angles: list[float], columns: int) -> None:
    trend = trend_of(angles)
    time = whole_time(trend)
    part = in_view(trend, time)
    assert part == slice(0, len(angles))
    found = envelope(trend, part, time, columns)
    assert len(found.at_s) <= columns
    assert found.low_deg.min() == (trend.angle_deg - trend.change_half_deg).min()
    assert found.high_deg.max() == (trend.angle_deg + trend.change_half_deg).max()
    assert found.angle_min_deg.min() == min(angles)
    assert found.angle_max_deg.max() == max(angles)
    assert (found.low_deg <= found.angle_min_deg).all()
    assert (np.diff(found.at_s) > 0).all()
    width_s = (time.last - time.first) / columns
    for at_s, angle in zip(trend.taken_at_s, angles, strict=True):
        column = int(np.argmin(np.abs(found.at_s - at_s)))
        assert abs(found.at_s[column] - at_s) <= width_s * 0.5001
        near = np.abs(found.at_s - at_s) <= width_s * 0.5001
        assert found.angle_min_deg[near].min() <= angle <= found.angle_max_deg[near].max()


@given(st.lists(st.floats(-30, 40), min_size=1, max_size=60), st.floats(-3, 63), st.floats(-40, 50))
def test_the_nearest_is_the_nearest_on_the_screen(
    angles: list[float], days: float, angle: float
) -> None:
    trend = trend_of(angles)
    at_s, per_s, per_deg = START_S + days * DAY_S, 10 / DAY_S, 4.0
    away = np.hypot((trend.taken_at_s - at_s) * per_s, (trend.angle_deg - angle) * per_deg)
    found = nearest(trend, at_s, angle, per_s, per_deg, 14.0)
    if away.min() > 14.001:
        assert found is None
    elif away.min() < 13.999:
        assert found is not None
        assert away[found] == pytest.approx(away.min())


@given(
    st.floats(0, 4e9),
    st.floats(3600, 3e9),
    st.integers(1, 20),
    st.sampled_from(ZONES),
)
def test_dates_are_round_few_and_in_view(first: float, length: float, most: int, zone: str) -> None:
    time = Span(first, first + length)
    marks = date_marks(time, most, ZoneInfo(zone))
    assert len(marks.at_s) <= most
    assert all(time.first <= at_s <= time.last for at_s in marks.at_s)
    assert list(marks.at_s) == sorted(set(marks.at_s))
    for at_s in marks.at_s:
        at = datetime.fromtimestamp(at_s, ZoneInfo(zone))
        assert (at.minute, at.second) == (0, 0)
        if marks.unit is DateUnit.DAY:
            assert at.hour == 0
        if marks.unit in (DateUnit.MONTH, DateUnit.YEAR):
            assert (at.day, at.hour) == (1, 0)


def test_a_year_is_marked_by_months() -> None:
    first = datetime(2025, 11, 20, tzinfo=UTC).timestamp()
    marks = date_marks(Span(first, first + 365 * DAY_S), 8, UTC)
    assert marks.unit is DateUnit.MONTH
    months = [datetime.fromtimestamp(at_s, UTC).month for at_s in marks.at_s]
    assert months == [1, 3, 5, 7, 9, 11]


def test_the_angle_axis_always_shows_level_and_the_usual_range() -> None:
    assert whole_angles(trend_of([10.0]), True) == Span(-2.0, 22.0)
    half_deg = float(trend_of([0.0]).change_half_deg[0])
    assert half_deg == pytest.approx(1.645 * math.sqrt(2.7**2 + 1.0**2 + 1.6**2), abs=0.01)
    around = Span(-22.0 - half_deg, 42.0 + half_deg)
    assert whole_angles(trend_of([-20.0, 40.0]), True) == around
    assert whole_angles(trend_of([5.0]), False).last < 20


@pytest.fixture
def plot(qtbot: QtBot) -> TrendPlot:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_scheme(app, Scheme.LIGHT)
    plot = TrendPlot()
    plot.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    qtbot.addWidget(plot)
    plot.resize(800, 300)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def place_of(plot: TrendPlot, index: int) -> QPoint:
    """Return where a check lies in the plot's viewport."""
    assert plot.trend is not None
    trend = plot.trend
    return screen_place(plot, float(trend.taken_at_s[index]), float(trend.angle_deg[index]))


def screen_place(plot: TrendPlot, at_s: float, angle_deg: float) -> QPoint:
    """Return where an angle at a time lies in the plot's viewport."""
    inner = plot._plot
    return QPoint(inner.mapFromScene(inner.getViewBox().mapViewToScene(QPointF(at_s, angle_deg))))


def test_a_click_opens_the_check(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([10.0, 14.0, 12.0]))
    qtbot.wait(20)
    with qtbot.waitSignal(plot.check_chosen) as chosen:
        TEST.mouseClick(plot._plot.viewport(), Qt.MouseButton.LeftButton, pos=place_of(plot, 1))
    assert chosen.args == [101]


def test_pointing_says_date_angle_interval_clothes_and_note(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([10.0, 14.0, 12.0]))
    qtbot.wait(20)
    with qtbot.waitSignal(plot.check_pointed) as pointed:
        TEST.mouseMove(plot._plot.viewport(), place_of(plot, 2))
    assert pointed.args == [102]
    assert "7 Jan 2026" in plot.words
    assert "12° forward (4 to 20)" in plot.words
    tilt = made_up_results.tilt(12.0, 4.0)
    at = datetime.fromtimestamp(START_S, UTC)
    plot.say_more(CheckRow(7, 1, at, tilt, Conditions("another's"), False))
    assert "another's" not in plot.words
    plot.say_more(CheckRow(102, 1, at, tilt, Conditions("grey shorts", None, "morning"), False))
    assert plot.words.endswith("grey shorts\nmorning")
    qtbot.wait(20)  # faster moves than a hundred a second are left out
    TEST.mouseMove(plot._plot.viewport(), QPoint(400, 2))
    qtbot.waitUntil(lambda: plot.pointed_id is None)
    assert plot.words == ""


def test_keys_go_from_check_to_check_and_open_one(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([10.0, 14.0, 12.0]))
    pointed = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        TEST.keyClick(plot, key)
        pointed.append(plot.pointed_id)
    assert pointed == [102, 101, 100, 100, 102]
    with qtbot.waitSignal(plot.check_chosen) as chosen:
        TEST.keyClick(plot, Qt.Key.Key_Return)
    assert chosen.args == [102]


def test_keys_zoom_move_and_show_all(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([float(n % 20) for n in range(100)]))
    whole = plot.time_in_view
    TEST.keyClick(plot, Qt.Key.Key_Plus)
    closer = plot.time_in_view
    assert closer.last - closer.first == pytest.approx(0.7 * (whole.last - whole.first))
    TEST.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plot.time_in_view.first < closer.first
    TEST.keyClick(plot, Qt.Key.Key_Minus)
    TEST.keyClick(plot, Qt.Key.Key_0)
    assert plot.time_in_view == whole
    for _ in range(60):
        TEST.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.time_in_view.last - plot.time_in_view.first >= 3599
    TEST.keyClick(plot, Qt.Key.Key_Home)
    seen = plot.time_in_view
    assert seen.first <= START_S <= seen.last


def test_the_wheel_zooms_time_and_not_the_angles(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([float(n % 20) for n in range(100)]))
    qtbot.wait(20)
    box = plot._plot.getViewBox()
    before, angles = plot.time_in_view, list(box.viewRange()[1])
    middle = QPointF(plot._plot.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        QPointF(plot._plot.viewport().mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot._plot.viewport(), wheel)
    assert plot.time_in_view.last - plot.time_in_view.first < before.last - before.first
    assert box.viewRange()[1] == pytest.approx(angles)


def test_the_view_stays_when_a_check_is_added(plot: TrendPlot) -> None:
    plot.show_trend(trend_of([10.0, 14.0, 12.0, 11.0, 13.0]))
    plot.zoom(0.5)
    before = plot.time_in_view
    plot.show_trend(trend_of([10.0, 14.0, 12.0, 11.0, 13.0, 9.0]))
    assert plot.time_in_view == before
    plot.show_trend(trend_of([1.0, 2.0], Method.MARKED))
    assert plot.time_in_view == whole_time(trend_of([1.0, 2.0]))


def colours_in(plot: TrendPlot) -> set[str]:
    image = plot.grab().toImage()
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }


def test_the_usual_range_is_shown_for_the_pelvis_but_not_for_the_belt(plot: TrendPlot) -> None:
    plot.show_trend(trend_of([10.0]))
    assert LIGHT.band in colours_in(plot)
    plot.show_trend(trend_of([10.0], Method.BELT))
    assert LIGHT.band not in colours_in(plot)


def test_crowds_are_painted_as_an_outline_and_colours_follow_the_scheme(
    plot: TrendPlot,
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    plot.show_trend(trend_of([float(n % 17) for n in range(5000)]))
    light = colours_in(plot)
    assert LIGHT.card in light
    apply_scheme(app, Scheme.DARK)
    try:
        dark = colours_in(plot)
        assert LIGHT.card not in dark
        assert LIGHT.band not in dark
    finally:
        apply_scheme(app, Scheme.LIGHT)


def light_inside(plot: TrendPlot) -> int:
    """Return how many pixels of the card show from 2 to 14 deg, down the middle of the trend."""
    time = plot.time_in_view
    high, low = (
        screen_place(plot, (time.first + time.last) / 2, angle_deg) for angle_deg in (14.0, 2.0)
    )
    image = plot._plot.viewport().grab().toImage()
    down = (QColor(image.pixel(high.x(), y)).name() for y in range(high.y(), low.y()))
    return sum(colour == LIGHT.card for colour in down)


@pytest.mark.parametrize("order", ["with the checks", "after them", "zoomed out"])
def test_crowds_do_not_hide_the_line(plot: TrendPlot, order: str) -> None:
    plot.resize(600, 400)
    trend = trend_of([float(n % 17) for n in range(5000)])
    plot.show_trend(trend)
    assert light_inside(plot) == 0
    at_s = np.linspace(trend.taken_at_s[0], trend.taken_at_s[-1], 25)
    band = TrendBand(at_s, np.full(25, 8.0), np.full(25, 0.5))
    line = TrendLine(float(at_s[0]), float(at_s[-1]), 0.0, 1.0, 2.0, 5000, (band,))
    if order == "after them":
        plot.show_line(line)
    else:
        plot.show_trend(trend, line)
    if order == "zoomed out":
        plot.zoom(0.01)
        plot.zoom(100.0)
    assert light_inside(plot) >= 2


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        (QLocale(QLocale.Language.English, QLocale.Country.UnitedStates), "Jan 6"),
        (QLocale(QLocale.Language.German), "6. Jan"),
    ],
)
def test_dates_follow_the_readers_locale(qtbot: QtBot, country: QLocale, expected: str) -> None:
    plot = TrendPlot()
    qtbot.addWidget(plot)
    plot.setLocale(country)
    plot.resize(700, 300)
    plot.show_trend(trend_of([10.0, 11.0, 12.0]))
    axis = plot._plot.getAxis("bottom")
    middle_s = datetime(2026, 1, 6).timestamp()
    time = Span(middle_s - 3 * DAY_S, middle_s + 3 * DAY_S)
    ((_, values),) = axis.tickValues(time.first, time.last, 700)
    said = axis.tickStrings(values, 1.0, 1.0)
    assert any(text.startswith(expected) for text in said), said


def test_clear_leaves_nothing_to_point_at(plot: TrendPlot, qtbot: QtBot) -> None:
    plot.show_trend(trend_of([10.0, 14.0]))
    plot.point_at(1)
    plot.clear()
    assert plot.pointed_id is None
    TEST.keyClick(plot, Qt.Key.Key_Left)
    assert plot.trend is None
