"""The History page as a person uses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)

from app.gui.history.table import CheckColumn
from app.history.comparison import last_like
from app.history.errors import LockedHistory
from app.history.records import Arms, Conditions, RowQuery
from app.text import history as history_words
from tests.app.gui.kept_checks import TEST, Opener, by_belt, keep, measured, settle
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage

SHORTS = Conditions("grey shorts", Arms.COLLAR_BONES)


def angles(page: HistoryPage) -> list[int]:
    model = page.browser.model
    records = [model.record(row) for row in range(model.rowCount())]
    return [round(record.tilt.angle_deg) for record in records if record is not None]


def select(page: HistoryPage, *rows: int) -> None:
    chosen, flags = page.browser.list.selectionModel(), QItemSelectionModel.SelectionFlag
    assert chosen is not None
    chosen.clearSelection()
    for row in rows:
        chosen.select(page.browser.model.index(row, 0), flags.Select | flags.Rows)


def test_without_checks_it_says_what_to_do(open_page: Callable[..., HistoryPage]) -> None:
    page = open_page()
    empty = page._pages.currentWidget()
    assert empty is not None
    said = " ".join(label.text() for label in empty.findChildren(QLabel))
    assert history_words.NO_CHECKS_FIX in said
    assert not page.report.isEnabled()
    assert not page.export.isEnabled()
    assert page.import_.isEnabled()


def test_one_check_says_what_comes_next(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    page = open_page()
    assert history_words.ONLY_ONE in page.trend.sentence.text()
    assert page.browser.count.text() == "1 check"
    assert page.report.isEnabled()


def test_the_sentence_compares_with_the_last_check_made_alike(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history, 0, measured(5.0), SHORTS)
    keep(opener.history, 1, measured(12.0), Conditions("leggings"))
    keep(opener.history, 2, measured(14.0, Method.MARKED), SHORTS)
    keep(opener.history, 3, measured(8.0), SHORTS)
    page = open_page()
    said = page.trend.sentence.text()
    assert "8° forward (4 to 12)" in said
    assert "5° forward" in said
    assert "no real change" in said
    assert history_words.SAME_CLOTHES_AND_ARMS in said
    assert "were not" not in said
    assert "computer-made bodies" in page.trend.basis.text()


def test_without_a_like_check_the_sentence_says_so(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history, 0, measured(5.0), Conditions("leggings"))
    keep(opener.history, 3, measured(18.0), SHORTS)
    page = open_page()
    said = page.trend.sentence.text()
    assert "13° further forward, a real change" in said
    assert history_words.BOTH_DIFFER_BRIEFLY in said


def test_many_checks_are_judged_together_with_a_line(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    for week in range(20):
        keep(opener.history, 7 * week, measured(20.0 - 0.6 * week), SHORTS)
    page = open_page()
    said = page.trend.sentence.text()
    assert said.startswith("The forward tilt fell by about 11°")
    assert "All 20 checks say this together." in said
    assert "Newest, " in said


def test_of_very_many_the_line_comes_after_the_trend(
    open_page: Callable[..., HistoryPage], opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("news", "trend"):
        monkeypatch.setattr(f"app.gui.history.{module}.QUICK_CHECKS", 3)
    for week in range(6):
        keep(opener.history, 7 * week, measured(20.0 - 2 * week), SHORTS)
    page = open_page()
    assert page.trend.sentence.text().startswith("The forward tilt fell by about 10°")


def test_what_is_chosen_holds_for_trend_and_table_alike(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    for day in range(3):
        keep(opener.history, day, measured(8.0), SHORTS)
        keep(opener.history, 40 + day, measured(15.0), Conditions("jeans", note="tired"))
    keep(opener.history, 50, measured(9.0, Method.MARKED), SHORTS)
    page = open_page()
    plot = page.trend.plot

    def shown() -> tuple[int, int]:
        settle(page, qtbot)
        return (0 if plot.trend is None else len(plot.trend.ids)), page.browser.model.rowCount()

    assert shown() == (6, 7)
    search = page.filter.findChild(QLineEdit)
    assert search is not None
    search.setText("tired")
    search.returnPressed.emit()
    assert shown() == (3, 3)
    search.setText("nothing like this")
    search.returnPressed.emit()
    assert shown() == (0, 0)
    assert page.trend.sentence.text() == history_words.NO_MATCH
    page.filter.clear()
    assert shown() == (6, 7)
    assert page.trend.choice.isVisible()
    (method,) = [
        (box, place)
        for box in page.filter.findChildren(QComboBox)
        for place in range(box.count())
        if box.itemData(place) is Method.MARKED
    ]
    method[0].setCurrentIndex(method[1])
    assert shown() == (1, 1)
    assert plot.trend is not None
    assert plot.trend.method is Method.MARKED
    assert not page.trend.choice.isVisible()


def test_belt_lines_are_compared_in_the_same_clothes_only(opener: Opener) -> None:
    for day, garment in enumerate(("jeans", "shorts", "jeans")):
        keep(opener.history, day, by_belt(5.0 + day), Conditions(garment))
    rows = opener.history.rows(RowQuery(None), 0, 9)
    found = last_like(rows[0], rows[1:])
    assert found is not None
    assert found.id == rows[2].id
    assert last_like(rows[1], rows[2:]) is None
    assert last_like(rows[0], []) is None


def test_the_trend_shows_one_method_at_a_time_most_used_first(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    for day in range(3):
        keep(opener.history, day)
    keep(opener.history, 4, measured(9.0, Method.MARKED))
    page = open_page()
    choice = page.trend.choice
    names = [choice.itemText(n) for n in range(choice.count())]
    assert names == ["Body outline", "Two marked points"]
    assert page.trend.plot.trend is not None
    assert len(page.trend.plot.trend.ids) == 3
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    settle(page, qtbot)
    assert page.trend.plot.trend.method is Method.MARKED
    assert history_words.NOTHING_LIKE_IT not in page.trend.sentence.text()
    page.refresh()
    settle(page, qtbot)
    assert page.trend.plot.trend.method is Method.MARKED


def test_selecting_one_shows_it_and_a_point_of_the_trend_opens_it(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    checks = [keep(opener.history, day, measured(10.0 + day)) for day in range(3)]
    page = open_page()
    assert not page.detail.isVisible()
    with qtbot.waitSignal(page.check_opened) as opened:
        select(page, 0)
    assert opened.args == [checks[2].row.id]
    assert page.detail.isVisible()
    with qtbot.waitSignal(page.check_opened) as opened:
        page.trend.plot.check_chosen.emit(checks[0].row.id)
    assert opened.args == [checks[0].row.id]
    assert [row.id for row in page.browser.list.selected()] == [checks[0].row.id]
    TEST.keyClick(page.browser.list, Qt.Key.Key_Escape)
    assert not page.detail.isVisible()


def test_pointing_at_the_trend_fetches_clothes_and_note(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, conditions=Conditions("grey shorts", None, "in the morning"))
    page = open_page()
    page.trend.plot.point_at(0)
    qtbot.waitUntil(lambda: "in the morning" in page.trend.plot.words)
    assert "grey shorts" in page.trend.plot.words


def test_pointing_at_the_trend_says_how_many_repeats_there_were(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, conditions=SHORTS, repeats_deg=(11.0, 12.0, 13.0))
    page = open_page()
    page.trend.plot.point_at(0)
    qtbot.waitUntil(lambda: "middle of 3 repeats" in page.trend.plot.words)
    model = page.browser.model
    assert model.data(model.index(0, CheckColumn.METHOD)) == "Body outline, 3 repeats"


def test_repeats_make_smaller_changes_count(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    for day, angle_deg in enumerate((12.0, 18.0)):
        five = tuple(angle_deg + off for off in (-0.4, -0.2, 0.0, 0.2, 0.4))
        keep(opener.history, day, measured(angle_deg), SHORTS, repeats_deg=five)
    page = open_page()
    assert "6° further forward, a real change" in page.trend.sentence.text()
    assert "5° or more" in page.trend.sentence.text()
    select(page, 0, 1)
    page.browser.compare.click()
    settle(page, qtbot)
    assert "6° further forward, a real change" in page.compare.verdict.text()


def test_notes_are_saved_at_once_and_undone(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    check = keep(opener.history, 0, conditions=SHORTS)
    page = open_page()

    def kept() -> str:
        return opener.history.check(check.row.id).row.conditions.note

    select(page, 0)
    settle(page, qtbot)
    model = page.browser.model
    assert model.setData(model.index(0, CheckColumn.NOTE), "after a walk")
    assert page.detail.note.text() == "after a walk"
    settle(page, qtbot)
    assert kept() == "after a walk"
    assert page._changes.stack.undoText() == "Note changed"
    page._changes.stack.undo()
    settle(page, qtbot)
    assert kept() == ""
    assert page.detail.note.text() == ""
    assert not page._changes.stack.canUndo()
    page._changes.stack.redo()
    settle(page, qtbot)
    assert kept() == "after a walk"


CTRL = Qt.KeyboardModifier.ControlModifier


def test_quick_edits_and_undos_are_written_in_order(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    check = keep(opener.history, 0, conditions=SHORTS)
    page = open_page()
    model = page.browser.model
    for number in range(12):
        model.setData(model.index(0, CheckColumn.NOTE), f"note {number}")
    for _ in range(5):
        page._changes.stack.undo()
    settle(page, qtbot)
    assert opener.history.check(check.row.id).row.conditions.note == "note 6"


def test_delete_is_offered_back_and_waits_for_nobody(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    for day in range(4):
        keep(opener.history, day, measured(10.0 + day))
    page = open_page()
    select(page, 1, 2)
    TEST.keyClick(page.browser.list, Qt.Key.Key_Delete)
    settle(page, qtbot)
    assert angles(page) == [13, 10]
    assert page._changes.stack.undoText() == "Deleted 2 checks"
    assert QApplication.activeModalWidget() is None
    assert page.trend.plot.trend is not None
    assert len(page.trend.plot.trend.ids) == 2
    assert [round(row.tilt.angle_deg) for row in page.browser.list.selected()] == [10]
    page._changes.stack.undo()
    settle(page, qtbot)
    assert angles(page) == [13, 12, 11, 10]


def test_rows_never_read_are_deleted_too(
    open_page: Callable[..., HistoryPage],
    opener: Opener,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.gui.history.table.BLOCK_ROWS", 2)
    for day in range(6):
        keep(opener.history, day)
    page = open_page()
    page.browser.list.selectAll()
    page.browser.delete.click()
    settle(page, qtbot)
    assert opener.history.count(RowQuery(None)) == 0
    assert page._pages.currentIndex() == 1
    page._changes.stack.undo()
    settle(page, qtbot)
    assert page.browser.model.rowCount() == 6
    assert page._pages.currentIndex() == 0


def test_two_selected_can_be_compared_and_left_again(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    for day in range(3):
        keep(opener.history, day, measured(10.0 + day), with_picture=True)
    page = open_page()
    assert not page.browser.compare.isEnabled()
    select(page, 0, 2)
    assert page.browser.compare.isEnabled()
    page.browser.compare.click()
    settle(page, qtbot)
    assert page.compare.isVisible()
    assert "No real change." in page.compare.verdict.text()
    TEST.keyClick(page.compare, Qt.Key.Key_Escape)
    assert not page.compare.isVisible()
    assert page.browser.list.isVisible()


def test_filters_narrow_the_table_and_an_empty_answer_offers_the_way_back(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, measured(10.0), Conditions("leggings", None, "after a walk"))
    keep(opener.history, 1, measured(11.0), SHORTS)
    page = open_page()
    TEST.keyClick(page.browser.list, Qt.Key.Key_F, CTRL)
    search = QApplication.focusWidget()
    assert isinstance(search, QLineEdit)
    TEST.keyClicks(search, "WALK")
    qtbot.waitUntil(lambda: angles(page) == [10])
    search.setText("nothing like it")
    qtbot.waitUntil(page.browser.show_all.isVisible)
    assert not page.browser.list.isVisible()
    page.browser.show_all.click()
    qtbot.waitUntil(lambda: angles(page) == [11, 10])
    assert page.browser.list.isVisible()


def test_an_error_is_told_with_its_remedy_and_the_rest_works(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history)
    page = open_page()
    opener.error = LockedHistory()
    select(page, 0)
    qtbot.waitUntil(page.error.words.isVisible)
    assert page.error.words.text() == f"{opener.error.message} {opener.error.fix}"
    assert angles(page) == [12]
    opener.error = None
    page.error.retry.click()
    settle(page, qtbot)
    assert not page.error.words.isVisible()


def test_a_failed_edit_is_told_and_shown_as_it_is(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, conditions=SHORTS)
    page = open_page()
    model = page.browser.model
    opener.error = LockedHistory()
    model.setData(model.index(0, CheckColumn.NOTE), "lost")
    qtbot.waitUntil(page.error.words.isVisible)
    opener.error = None
    page.error.retry.click()
    settle(page, qtbot)
    assert model.data(model.index(0, CheckColumn.NOTE)) == ""


def test_a_bug_is_logged_and_the_page_stays(
    open_page: Callable[..., HistoryPage],
    opener: Opener,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    keep(opener.history)
    page = open_page()
    opener.error = ZeroDivisionError("bug")
    page.refresh()
    qtbot.waitUntil(page.error.words.isVisible)
    settle(page, qtbot)
    assert "Beltline itself failed" in page.error.words.text()
    assert "ZeroDivisionError" in caplog.text
    assert angles(page) == [12]


def test_another_person_shows_another_history(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history)
    page = open_page()
    select(page, 0)
    settle(page, qtbot)
    other = opener.history.add_profile("Ada")
    page.set_profile(other.id)
    settle(page, qtbot)
    assert not page.detail.isVisible()
    assert page._pages.currentIndex() == 1
    page.set_profile(opener.history.default_profile().id)
    settle(page, qtbot)
    assert angles(page) == [12]


def test_a_vanished_check_stays_selected_no_longer(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    check = keep(opener.history)
    keep(opener.history, 1)
    page = open_page()
    opener.history.delete([check.row.id])
    select(page, 1)
    qtbot.waitUntil(page.error.words.isVisible)
    page.error.retry.click()
    settle(page, qtbot)
    assert len(angles(page)) == 1


@pytest.mark.parametrize("name", ["export", "import_", "report"])
def test_the_window_is_asked_for_files(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot, name: str
) -> None:
    keep(opener.history)
    page = open_page()
    signal = getattr(page, f"{name.rstrip('_')}_requested")
    with qtbot.waitSignal(signal):
        getattr(page, name).click()


def test_every_control_is_reached_by_tab_and_named(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, with_picture=True)
    page = open_page()
    select(page, 0)
    settle(page, qtbot)
    controls = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider)
        for widget in page.findChildren(kind)
        if widget.isVisible() and widget.objectName() != "qt_spinbox_lineedit"
    ]
    assert len(controls) > 12
    for widget in controls:
        inner = isinstance(widget.parent(), QLineEdit | QComboBox)
        assert inner or widget.accessibleName() or getattr(widget, "text", str)(), widget
    reached: set[QWidget | None] = set()
    page.browser.list.setFocus()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        TEST.keyClick(focused, Qt.Key.Key_Tab)
    parts = page.trend, page.browser, page.detail
    wanted = [parts[0].plot, parts[0].choice, parts[1].list, parts[1].delete, page.report]
    wanted += [parts[2].garment, parts[2].arms, parts[2].note]
    assert [widget for widget in wanted if widget not in reached] == []


def test_a_wrong_date_is_put_right_and_taken_back(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, measured(10.0))
    keep(opener.history, 5, measured(12.0))
    page = open_page()
    before = opener.history.check(1).row.taken_at
    page.detail.show_check(1)
    settle(page, qtbot)
    page.detail.taken.setDate(page.detail.taken.date().addDays(-30))
    page.detail.taken.editingFinished.emit()
    settle(page, qtbot)
    after = opener.history.check(1).row.taken_at
    assert (before - after).days == 30
    assert after.astimezone().timetz() == before.astimezone().timetz()
    page._changes.stack.undo()
    settle(page, qtbot)
    assert opener.history.check(1).row.taken_at == before


@pytest.mark.parametrize("width_px", [900, 1180, 1600])
def test_the_columns_share_the_room_and_the_note_is_in_sight(
    open_page: Callable[..., HistoryPage], opener: Opener, width_px: int
) -> None:
    keep(opener.history, 0, measured(10.0), Conditions("black leggings", note="tired"))
    page = open_page(width_px, 700)
    columns, room_px = page.browser.list.columns, page.browser.list.width()
    assert columns.sectionViewportPosition(CheckColumn.NOTE + 1) <= room_px
    if width_px >= 1080:
        assert columns.length() <= room_px


def test_the_next_check_is_told_where_one_is_planned(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    page = open_page()
    assert page.next_check.isHidden()
    (client,) = opener.history.clients()
    for day, said in ((date(2099, 5, 4), "Next check: "), (date(2026, 1, 2), "due since ")):
        planned = replace(client.profile, next_check_on=day)
        page.show_next_check(replace(client, profile=planned, last_seen_at=None))
        assert said in page.next_check.text()
        assert str(day.year) in page.next_check.text()
        assert page.next_check.isVisible()
    page.show_next_check(client)
    assert page.next_check.isHidden()
