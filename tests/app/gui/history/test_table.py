"""The table: rows in blocks, roles, sorting, filters, editing, keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QDate, QLocale, QModelIndex, QPoint, Qt

from app.gui.history.browser import CheckFilter, DateChoice
from app.gui.history.table import (
    BLOCK_ROWS,
    RECORD_ROLE,
    SORT_ROLE,
    CheckColumn,
    CheckList,
    CheckModel,
    RowRange,
)
from app.history.comparison import change_between
from app.history.errors import LockedHistory
from app.history.records import Arms, CheckRow, Conditions, RowOrder, RowQuery
from tests import made_up_results
from tests.app.gui.kept_checks import FIRST_DAY, TEST, Opener, by_belt, keep, measured
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.history.store import History

BRITISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)


class ManyChecks:
    """A history of so many rows, one a minute, that remembers which were asked for."""

    def __init__(self, count: int) -> None:
        self.rows_count = count
        self.asked: list[int] = []

    def count(self, query: RowQuery) -> int:
        return self.rows_count

    def rows(self, query: RowQuery, first: int, count: int) -> Sequence[CheckRow]:
        self.asked.append(first)
        tilt = made_up_results.tilt(12.0, 4.0)
        return [
            CheckRow(n, 1, FIRST_DAY + timedelta(minutes=n), tilt, Conditions(), False)
            for n in range(first, min(first + count, self.rows_count))
        ]


@pytest.fixture
def model(history: History, jobs: Jobs, qtbot: QtBot) -> CheckModel:
    keep(history, 0, measured(10.4), Conditions("grey shorts", Arms.COLLAR_BONES, "morning"))
    keep(history, 1, measured(21.0), Conditions("leggings"), with_picture=True)
    keep(history, 2, measured(-3.0, Method.MARKED), Conditions("", Arms.HANGING, "Évening"))
    model = CheckModel(jobs, Opener(history), BRITISH)
    with qtbot.waitSignal(model.loaded):
        model.show(RowQuery(history.default_profile().id))
    return model


def cell(model: CheckModel, row: int, column: CheckColumn, role: int = 0) -> object:
    return model.data(model.index(row, column), role)


def column_of(model: CheckModel, column: CheckColumn) -> list[object]:
    return [cell(model, row, column) for row in range(model.rowCount())]


def test_rows_say_everything_in_plain_words(model: CheckModel) -> None:
    said = [[cell(model, row, column) for column in CheckColumn] for row in range(3)]
    assert str(said[0][1]).startswith("3° backward")
    assert said[0][2:] == ["Two marked points", "", "Évening", "hanging", "none"]
    assert said[1][1:] == ["21° forward (17 to 25)", "Body outline", "leggings", "", "", "kept"]
    day = FIRST_DAY.astimezone()
    assert said[2][0] == f"5 Jan 2026, {day:%H:%M}"
    headers = [model.headerData(c, Qt.Orientation.Horizontal) for c in CheckColumn]
    assert headers[:3] == ["Date", "Tilt (likely)", "Method"]


def test_display_sort_and_record_are_three_roles(model: CheckModel) -> None:
    record = cell(model, 1, CheckColumn.ANGLE, RECORD_ROLE)
    assert isinstance(record, CheckRow)
    assert cell(model, 1, CheckColumn.ANGLE, SORT_ROLE) == pytest.approx(21.0)
    assert cell(model, 1, CheckColumn.DATE, SORT_ROLE) == record.taken_at.timestamp()
    assert cell(model, 0, CheckColumn.NOTE, SORT_ROLE) == "évening"
    assert cell(model, 1, CheckColumn.PICTURE, SORT_ROLE) is True
    assert model.data(QModelIndex(), RECORD_ROLE) is None


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (CheckColumn.ANGLE, Qt.SortOrder.AscendingOrder, [-3, 10, 21]),
        (CheckColumn.ANGLE, Qt.SortOrder.DescendingOrder, [21, 10, -3]),
        (CheckColumn.DATE, Qt.SortOrder.AscendingOrder, [10, 21, -3]),
        (CheckColumn.GARMENT, Qt.SortOrder.DescendingOrder, [21, 10, -3]),
    ],
)
def test_the_history_sorts(
    model: CheckModel, qtbot: QtBot, column: CheckColumn, order: Qt.SortOrder, expected: list[int]
) -> None:
    with qtbot.waitSignal(model.loaded):
        model.sort(column, order)
    angles = [record.tilt.angle_deg for row in range(3) if (record := model.record(row))]
    assert [round(angle) for angle in angles] == expected


def test_a_column_without_an_order_leaves_the_rows(model: CheckModel) -> None:
    model.sort(CheckColumn.PICTURE)
    assert model.query is not None
    assert model.query.order is RowOrder.NEWEST


def test_far_rows_are_read_when_they_come_into_view(jobs: Jobs, qtbot: QtBot) -> None:
    many = ManyChecks(100_000)
    model = CheckModel(jobs, lambda: many, BRITISH)  # type: ignore[arg-type, return-value]
    with qtbot.waitSignal(model.loaded) as loaded:
        model.show(RowQuery(1))
    assert loaded.args == [100_000]
    assert many.asked == [0]
    assert cell(model, 54_321, CheckColumn.DATE) == "…"
    assert cell(model, 54_321, CheckColumn.ANGLE) is None
    qtbot.waitUntil(lambda: model.record(54_321) is not None)
    record = model.record(54_321)
    assert record is not None
    assert record.id == 54_321
    assert many.asked == [0, 54_321 // BLOCK_ROWS * BLOCK_ROWS]


def test_what_was_scrolled_past_is_not_read(jobs: Jobs, qtbot: QtBot) -> None:
    many = ManyChecks(100_000)
    model = CheckModel(jobs, lambda: many, BRITISH)  # type: ignore[arg-type, return-value]
    with qtbot.waitSignal(model.loaded):
        model.show(RowQuery(1))
    for row in range(0, 100_000, BLOCK_ROWS):
        cell(model, row, CheckColumn.DATE)
    qtbot.waitUntil(lambda: model.record(99_999) is not None)
    qtbot.wait(50)
    assert len(many.asked) <= 6
    assert model.row_of(99_999) == 99_999
    assert model.row_of(50_000) is None


def test_a_failure_is_told_and_the_next_try_works(
    history: History, jobs: Jobs, qtbot: QtBot
) -> None:
    opener = Opener(history)
    keep(history)
    model = CheckModel(jobs, opener, BRITISH)
    opener.error = LockedHistory()
    with qtbot.waitSignal(model.failed) as failed:
        model.show(RowQuery(None))
    assert failed.args == [opener.error]
    opener.error = None
    with qtbot.waitSignal(model.loaded) as loaded:
        model.show(RowQuery(None))
    assert loaded.args == [1]


def test_clothes_and_notes_are_edited_in_place(model: CheckModel, qtbot: QtBot) -> None:
    note, date = model.index(0, CheckColumn.NOTE), model.index(0, CheckColumn.DATE)
    assert model.flags(note) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(date) & Qt.ItemFlag.ItemIsEditable
    with qtbot.waitSignal(model.edited) as edited:
        assert model.setData(note, "  after\na walk ")
    before, conditions = edited.args
    assert before.conditions.note == "Évening"
    assert conditions == Conditions("", Arms.HANGING, "after a walk")
    with qtbot.assertNotEmitted(model.edited):
        assert model.setData(note, "Évening")
    model.put_conditions(before.id, conditions)
    assert cell(model, 0, CheckColumn.NOTE) == "after a walk"


# The list


@pytest.fixture
def table(model: CheckModel, qtbot: QtBot) -> CheckList:
    table = CheckList(model)
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    qtbot.waitExposed(table)
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    return table


def test_actions_follow_the_selection(table: CheckList) -> None:
    def enabled() -> list[bool]:
        actions = table.open_action, table.compare_action, table.delete_action
        return [action.isEnabled() for action in actions]

    assert enabled() == [False, False, False]
    table.select_row(1)
    assert enabled() == [True, False, True]
    TEST.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert enabled() == [False, True, True]
    assert [round(row.tilt.angle_deg) for row in table.selected()] == [21, 10]
    table.selectAll()
    assert enabled() == [False, False, True]
    assert table.selected_count() == 3
    assert table.ranges() == [RowRange(0, 3)]
    assert table.selected() == []


def test_an_angle_on_both_sides_of_level_is_shown_whole(table: CheckList) -> None:
    room_px = table.columnWidth(CheckColumn.ANGLE) - 10
    for text in ("4° forward (5 backward to 13 forward)", "28° forward (21 to 35)"):
        assert table.fontMetrics().horizontalAdvance(text) <= room_px


def test_keys_open_edit_and_delete(table: CheckList, model: CheckModel, qtbot: QtBot) -> None:
    first = model.record(0)
    assert first is not None
    assert table.select(first.id)
    with qtbot.waitSignal(table.opened) as opened:
        TEST.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [first.id]
    with qtbot.waitSignal(table.delete_wanted):
        TEST.keyClick(table, Qt.Key.Key_Delete)
    table.setCurrentIndex(model.index(0, CheckColumn.NOTE))
    TEST.keyClick(table, Qt.Key.Key_F2)
    editor = table.indexWidget(model.index(0, CheckColumn.NOTE)) or table.focusWidget()
    assert editor is not None
    TEST.keyClicks(editor, "new")
    with qtbot.waitSignal(model.edited) as edited:
        TEST.keyClick(editor, Qt.Key.Key_Return)
    assert edited.args[1].note == "new"
    assert not table.select(987_654)


def test_the_menu_offers_the_same(table: CheckList, qtbot: QtBot) -> None:
    table.select_row(0)
    menu = table.menu_at(table.mapToGlobal(QPoint(40, 60)))
    said = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert said == ["Show", "Compare the two", "Edit clothes", "Edit note", "Delete"]
    with qtbot.waitSignal(table.delete_wanted):
        menu.actions()[-1].trigger()
    menu.close()


# The filter


@pytest.fixture
def chooser(qtbot: QtBot) -> CheckFilter:
    chooser = CheckFilter()
    qtbot.addWidget(chooser)
    chooser.offer([Method.CONTOUR, Method.MARKED], ["grey shorts", "leggings"])
    chooser.show()
    return chooser


def test_nothing_chosen_asks_for_all(chooser: CheckFilter) -> None:
    assert chooser.query(3) == RowQuery(3)
    assert not chooser.is_active


def test_choices_narrow_the_query(chooser: CheckFilter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chooser.changed):
        chooser._method.setCurrentIndex(2)
    with qtbot.waitSignal(chooser.changed):
        chooser._garment.setCurrentIndex(1)
    TEST.keyClicks(chooser._text, " walk")
    with qtbot.waitSignal(chooser.changed):
        pass
    query = chooser.query(3)
    assert query.method is Method.MARKED
    assert (query.garment, query.text) == ("grey shorts", "walk")
    assert chooser.is_active
    with qtbot.waitSignal(chooser.changed):
        chooser.clear()
    assert chooser.query(3) == RowQuery(3)
    with qtbot.assertNotEmitted(chooser.changed):
        chooser.clear()


def test_clothes_nobody_named_can_be_asked_for(chooser: CheckFilter) -> None:
    chooser._garment.setCurrentIndex(chooser._garment.count() - 1)
    assert chooser.query(1).garment == ""


def test_dates_are_whole_days_here(chooser: CheckFilter) -> None:
    chooser._period.setCurrentIndex(list(DateChoice).index(DateChoice.BETWEEN))
    assert chooser._since.isVisible()
    chooser._since.setDate(QDate(2026, 3, 10))
    chooser._until.setDate(QDate(2026, 3, 1))
    query = chooser.query(1)
    assert query.since == datetime(2026, 3, 1).astimezone()
    assert query.until == datetime(2026, 3, 11).astimezone()
    chooser._period.setCurrentIndex(list(DateChoice).index(DateChoice.YEAR))
    since = chooser.query(1).since
    assert since is not None
    assert timedelta(364) < datetime.now().astimezone() - since < timedelta(368)
    assert not chooser._since.isVisible()


def test_a_choice_that_is_gone_is_given_up(chooser: CheckFilter, qtbot: QtBot) -> None:
    chooser._garment.setCurrentIndex(2)
    with qtbot.assertNotEmitted(chooser.changed):
        chooser.offer([Method.CONTOUR], ["leggings"])
    assert chooser.query(1).garment == "leggings"
    with qtbot.waitSignal(chooser.changed):
        chooser.offer([Method.CONTOUR], [])
    assert chooser.query(1).garment is None


def test_every_choice_is_named_for_a_screen_reader(chooser: CheckFilter) -> None:
    parts = chooser._text, chooser._period, chooser._method, chooser._garment
    assert all(part.accessibleName() for part in parts)


def test_a_belt_line_in_other_clothes_is_no_comparison(history: History) -> None:
    one = keep(history, 0, by_belt(5.0), Conditions("jeans")).row
    other = keep(history, 1, by_belt(15.0), Conditions("shorts")).row
    assert change_between(one, other) is None
