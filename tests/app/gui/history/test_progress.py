"""The band of what was done, alone and below the trend, and its place on the History page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication, QLabel

from app.gui.history.progress import ProgressBand, marks_of, start_s, unit_for, whole_time
from app.gui.history.scale import DAY_S
from app.gui.style.theme import colours
from app.history.diary import Break, BreakKind, Content, Entry, ExerciseSet, SelfCheck
from app.history.errors import LockedHistory
from app.history.progress import Progress, Unit, progress_of
from app.history.records import Ability, SqueezeAnswers
from app.text.change import progress
from tests.app.gui.kept_checks import FIRST_DAY, TEST, Opener, keep, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage

YES = SqueezeAnswers(Ability.YES, Ability.YES, Ability.YES)
SET, TAKEN, AWAY = (
    ExerciseSet("glute_bridge", 10),
    Break(BreakKind.TAKEN),
    Break(BreakKind.AWAY, 6.0),
)
NOON = datetime(2026, 3, 2, 12).astimezone()


def done(*kept: tuple[float, Content]) -> Progress:
    """Return what was done, so many days after Monday 2 March 2026 at noon."""
    return progress_of(Entry(1, 1, NOON + timedelta(days=day), what) for day, what in kept)


@pytest.fixture
def band(qtbot: QtBot) -> ProgressBand:
    made = ProgressBand()
    qtbot.addWidget(made)
    made.resize(616, 60)  # 600 px of time
    made.show()
    return made


def note(opener: Opener, *kept: tuple[float, Content]) -> None:
    """Keep something, so many days after the first check."""
    history = opener.history
    history.note_all(
        history.default_profile().id,
        [(FIRST_DAY + timedelta(days=day), content) for day, content in kept],
    )


def test_a_mark_covers_its_days_of_this_computer_s_clock() -> None:
    marks = marks_of(done((0, SET), (1, SET), (1.01, SET), (8, TAKEN)))
    days, weeks = marks.by_unit[Unit.DAY], marks.by_unit[Unit.WEEK]
    assert [mark.time.first for mark in days] == [start_s(date(2026, 3, d)) for d in (2, 3, 10)]
    assert all(DAY_S - 3601 < mark.time.last - mark.time.first < DAY_S + 3601 for mark in days)
    assert weeks[0].time.first == days[0].time.first
    assert weeks[0].time.last == start_s(date(2026, 3, 9))
    assert 0 < days[0].exercise < days[1].exercise <= 1
    assert days[2].exercise == 0
    assert days[2].taken > 0
    assert marks.time is not None
    assert (marks.time.first, marks.time.last) == (days[0].time.first, days[-1].time.last)


def test_more_breaks_than_usual_do_not_leave_their_row() -> None:
    marks = marks_of(done(*[(0, TAKEN)] * 20, *[(0, AWAY)] * 20))
    for group in marks.by_unit.values():
        assert 0 < group[0].taken + group[0].away <= 1


def test_days_so_far_off_that_no_clock_knows_them_have_a_place() -> None:
    assert start_s(date.min) < start_s(date(1800, 1, 1)) < 0 < start_s(date.max)


@pytest.mark.parametrize(
    ("days", "unit"), [(28, Unit.DAY), (119, Unit.DAY), (365, Unit.WEEK), (1100, Unit.MONTH)]
)
def test_more_time_in_view_makes_fewer_and_longer_marks(days: float, unit: Unit) -> None:
    assert unit_for(600 / (days * DAY_S)) is unit


def test_alone_it_shows_four_weeks_at_least() -> None:
    time = whole_time(marks_of(done((0, SET))))
    assert time.last - time.first == 28 * DAY_S


def test_keys_go_from_day_to_day_and_say_each(band: ProgressBand, qtbot: QtBot) -> None:
    band.show_marks(marks_of(done((0, SET), (2, TAKEN), (9, AWAY))))
    assert band.unit is Unit.DAY
    seen = []
    band.pointed.connect(lambda mark: seen.append(mark and mark.period.first.day))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        TEST.keyClick(band, key)
    assert seen == [11, 4, 2, 11]
    band.show_marks(marks_of(Progress()))
    assert seen[-1] is None
    assert band.mark is None
    TEST.keyClick(band, Qt.Key.Key_Left)
    assert band.mark is None


def test_the_mouse_points_at_the_day_below_it(band: ProgressBand) -> None:
    band.show_marks(marks_of(done((0, SET), (9, AWAY))))
    last = band.width() - 8 - 10  # the last day of four weeks in 600 px
    TEST.mouseMove(band, QPoint(last, 10))
    assert band.mark is not None
    assert band.mark.period.first == date(2026, 3, 11)
    TEST.mouseMove(band, QPoint(last - 100, 10))
    assert band.mark is None


def test_rows_are_there_only_where_something_was_done(band: ProgressBand) -> None:
    heights = []
    for kept in ([(0, SET)], [(0, SET), (1, TAKEN)], [(0, SET), (1, TAKEN), (2, SelfCheck(YES))]):
        band.show_marks(marks_of(done(*kept)))
        heights.append(band.sizeHint().height())
    assert heights == sorted(set(heights))


def test_what_was_done_is_painted_in_its_place(band: ProgressBand) -> None:
    band.show_marks(marks_of(done(*[(0, SET)] * 6)))
    band.clearFocus()  # its frame is of the same colour
    image = band.grab().toImage()
    ratio = image.devicePixelRatio()
    mark = QColor(colours().mark).rgb()
    painted = [
        x
        for x in range(image.width())
        if any(image.pixel(x, y) == mark for y in range(image.height()))
    ]
    assert painted
    assert abs(sum(painted) / len(painted) / ratio - (608 - 600 / 56)) < 2


def test_without_entries_the_page_says_nothing_of_them(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    page = open_page(height=700)
    assert not page.progress.beside.isVisible()
    assert page.trend.minimumHeight() == 0


def test_below_the_trend_it_shares_the_time(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0)
    keep(opener.history, 10)
    note(opener, (4, SET), (4, TAKEN), (60, SelfCheck(YES)))
    page = open_page(height=700)
    card, plot = page.progress.beside, page.trend.plot
    assert card.isVisible()
    time = plot.time_in_view
    newest = (FIRST_DAY + timedelta(days=60)).timestamp()
    assert time.first < FIRST_DAY.timestamp() < newest < time.last
    assert [mark.period.first.day for mark in card.band.in_view()] == [9, 6]
    edges = plot.time_px
    assert 20 < edges.first < edges.last <= plot.width()
    plot.point_at(0)
    settle(page, qtbot)
    for _ in range(12):
        plot.zoom(0.7)
    assert card.band.in_view() == ()
    plot.show_all()
    assert len(card.band.in_view()) == 2


def test_pointing_says_what_was_done(open_page: Callable[..., HistoryPage], opener: Opener) -> None:
    keep(opener.history)
    note(opener, (4, SET), (4, AWAY))
    page = open_page(height=700)
    card = page.progress.beside
    assert progress.HABIT in card.foot.text()
    assert progress.HABIT in card.band.accessibleDescription()
    TEST.keyClick(card.band, Qt.Key.Key_Left)
    said = "1 set, 1 break (1 noticed while you were away)."
    assert card.foot.text().endswith(said)
    assert card.band.accessibleDescription().endswith(said)
    card.band.leaveEvent(None)
    assert progress.HABIT in card.foot.text()


def test_in_the_smallest_window_words_give_way_but_nothing_is_lost(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    keep(opener.history, 30)
    note(opener, (4, SET), (4, AWAY), (5, SelfCheck(YES)))
    page = open_page(800, 560)
    card = page.progress.beside
    assert page.height() == 560
    assert card.isVisible()
    assert card.band.height() == card.band.sizeHint().height()
    TEST.keyClick(card.band, Qt.Key.Key_End)
    words = card.foot if card.foot.isVisible() else card.summary
    assert "1 self-check" in words.text()
    page.resize(800, 900)
    QApplication.processEvents()
    assert card.foot.isVisible()
    # All labels of the panel have the height that their words need.
    for label in page.trend.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())


def test_before_any_check_progress_is_there(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    note(opener, (0, SET), (1, TAKEN))
    page = open_page(height=700)
    assert page._pages.currentIndex() == 1
    assert page.progress.alone.isVisible()
    assert page.progress.alone.summary.text().startswith("This week")
    assert page.export.isEnabled()
    assert not page.report.isEnabled()
    assert [mark.period.sets for mark in page.progress.alone.band.in_view()] == [1, 0]
    other = opener.history.add_profile("Anna")
    page.set_profile(other.id)
    settle(page, qtbot)
    assert not page.progress.alone.isVisible()
    assert not page.export.isEnabled()


def test_a_history_that_cannot_be_read_is_said_once(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    note(opener, (0, SET))
    page = open_page(height=700)
    opener.error = LockedHistory()
    page.refresh()
    settle(page, qtbot)
    assert page.error.isVisible()
    assert page.progress.alone.isVisible()
