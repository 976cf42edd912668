"""Squeeze tests on the History page, as a person uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from app.gui.history.squeezes import SqueezeColumn
from app.history.errors import LockedHistory
from app.history.records import Ability, SqueezeAnswers
from app.text import squeeze
from tests.app.gui.kept_checks import TEST, Opener, keep, keep_squeeze, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage

CTRL = Qt.KeyboardModifier.ControlModifier


def turns(page: HistoryPage) -> list[str]:
    model = page.squeezes.list.model
    return [model.data(model.index(row, SqueezeColumn.TURN)) for row in range(model.rowCount())]


def select(page: HistoryPage, *rows: int) -> None:
    chosen, flags = page.squeezes.list.table.selectionModel(), QItemSelectionModel.SelectionFlag
    assert chosen is not None
    chosen.clearSelection()
    for row in rows:
        chosen.select(page.squeezes.list.model.index(row, 0), flags.Select | flags.Rows)


def test_without_tests_nothing_speaks_of_them(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    page = open_page(800, 560)
    assert not page.squeezes.button.isVisible()
    assert page._pages.count() == 2


def test_a_button_counts_them_tells_the_newest_and_opens_them_all(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    keep_squeeze(opener.history, 1, 6.0, SqueezeAnswers(Ability.YES, Ability.PARTLY))
    keep_squeeze(opener.history, 3, 1.0)
    page = open_page(800, 560)
    assert page.squeezes.button.text() == "Squeeze tests (2)"
    said = page.squeezes.button.toolTip()
    assert said.startswith("Newest, ")
    assert said.endswith("1° back (1 forward to 3 back) on squeezing")
    page.squeezes.button.click()
    assert page.squeezes.list.isVisible()
    assert not page.squeezes.button.isVisible()
    assert turns(page) == ["1° back (1 forward to 3 back)", "6° back (4 to 8)"]
    model = page.squeezes.list.model
    cells = [model.data(model.index(1, column)) for column in list(SqueezeColumn)[2:]]
    assert cells == ["yes", "yes", "partly", "not said"]
    assert "may be chance" in page.squeezes.list.said.text()
    TEST.keyClick(page.squeezes.list.table, Qt.Key.Key_Down)
    assert "Turned back 6° on squeezing (likely 4 to 8)." in page.squeezes.list.said.text()
    assert "One by one: 7° back, 6° back, 5° back." in page.squeezes.list.said.text()
    assert page.squeezes.list.answers["both"].currentText() == "yes"
    TEST.keyClick(page.squeezes.list.table, Qt.Key.Key_Escape)
    assert not page.squeezes.list.isVisible()
    assert page.browser.list.isVisible()
    assert page.squeezes.button.isVisible()


def test_answers_are_saved_at_once_and_undone(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep_squeeze(opener.history, answers=SqueezeAnswers(Ability.YES))
    page = open_page(800, 560)
    page.squeezes.button.click()

    def kept() -> SqueezeAnswers:
        return opener.history.squeezes(opener.history.default_profile().id)[0].answers

    right = page.squeezes.list.answers["right"]
    right.setCurrentIndex(3)
    right.activated.emit(3)
    assert page._changes.stack.undoText() == "Answer changed"
    settle(page, qtbot)
    assert kept() == SqueezeAnswers(Ability.YES, None, Ability.NO)
    model = page.squeezes.list.model
    assert model.data(model.index(0, SqueezeColumn.RIGHT)) == "no"
    page._changes.stack.undo()
    settle(page, qtbot)
    assert kept() == SqueezeAnswers(Ability.YES)
    assert right.currentText() == squeeze.NOT_SAID
    right.activated.emit(0)
    assert not page._changes.stack.canUndo()


def test_deleting_is_offered_back(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history)
    for day in range(3):
        keep_squeeze(opener.history, day, 6.0 + day)
    page = open_page(800, 560)
    page.squeezes.button.click()
    select(page, 0, 2)
    TEST.keyClick(page.squeezes.list.table, Qt.Key.Key_Delete)
    settle(page, qtbot)
    assert turns(page) == ["7° back (5 to 9)"]
    assert page._changes.stack.undoText() == "Deleted 2 squeeze tests"
    assert page.squeezes.list.selected_ids() == (2,)
    page.squeezes.list.delete.click()
    settle(page, qtbot)
    assert not page.squeezes.list.isVisible()  # there is nothing left to look at
    assert page.browser.list.isVisible()
    assert not page.squeezes.button.isVisible()
    for _ in range(2):
        page._changes.stack.undo()
    settle(page, qtbot)
    assert page.squeezes.button.isVisible()
    assert len(turns(page)) == 3


def test_the_newest_is_selected_whatever_keys_are_held(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    for day in range(3):
        keep_squeeze(opener.history, day)
    page = open_page(800, 560)
    page.squeezes.button.click()
    table = page.squeezes.list.table
    table.select_row(2)
    TEST.keyPress(table, Qt.Key.Key_Control, CTRL)
    table.select_row(1)
    TEST.keyRelease(table, Qt.Key.Key_Control)
    assert page.squeezes.list.selected_ids() == (2,)


def test_somebody_with_tests_and_no_checks_can_look_and_export(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep_squeeze(opener.history)
    page = open_page(800, 560)
    assert page.squeezes.button.isVisible()
    assert page.export.isEnabled()
    assert not page.report.isEnabled()
    page.squeezes.button.click()
    page.refresh()
    settle(page, qtbot)
    assert page.squeezes.list.isVisible()
    page.squeezes.list.closed.emit()
    assert not page.squeezes.list.isVisible()
    assert page._pages.currentIndex() == 1


def test_another_person_has_other_tests(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep_squeeze(opener.history)
    page = open_page(800, 560)
    page.squeezes.button.click()
    page.set_profile(opener.history.add_profile("Ada").id)
    assert turns(page) == []
    settle(page, qtbot)
    assert not page.squeezes.list.isVisible()
    assert not page.squeezes.button.isVisible()


def test_an_error_is_told_and_what_was_shown_stays(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep_squeeze(opener.history)
    page = open_page(800, 560)
    opener.error = LockedHistory()
    page.squeezes.show_profile(opener.history.default_profile().id)
    qtbot.waitUntil(page.error.words.isVisible)
    assert len(turns(page)) == 1
    opener.error = None
    page.error.retry.click()
    settle(page, qtbot)
    assert not page.error.words.isVisible()


def test_every_control_is_reached_by_tab_and_named(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep_squeeze(opener.history)
    page = open_page(800, 560)
    page.squeezes.button.click()
    shown = page.squeezes.list
    controls = [*shown.findChildren(QAbstractButton), *shown.findChildren(QComboBox)]
    for widget in controls:
        inside = isinstance(widget.parent(), QComboBox)
        assert (
            inside
            or widget.accessibleName()
            or getattr(widget, "text", str)()
            or not (widget.isVisible())
        )
    reached: set[QWidget | None] = set()
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        TEST.keyClick(focused, Qt.Key.Key_Tab)
    wanted = [shown.table, shown.delete, *shown.answers.values(), page.export]
    assert [widget for widget in wanted if widget not in reached] == []
