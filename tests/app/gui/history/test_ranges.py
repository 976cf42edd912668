"""Range tests on the History page, as a person uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt

from app.gui.history.ranges import RangeColumn
from app.history.ranges import read_ranges
from tests.app.gui.kept_checks import TEST, Opener, keep, keep_range, keep_squeeze, settle
from tests.made_up_results import range_result
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage


def cells(page: HistoryPage, row: int) -> list[str]:
    model = page.ranges.list.model
    return [model.data(model.index(row, column)) for column in list(RangeColumn)[1:]]


def test_without_tests_nothing_speaks_of_them(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    assert not open_page(800, 560).ranges.button.isVisible()


def test_range_and_place_are_listed_over_time_and_the_change_is_told(
    open_page: Callable[..., HistoryPage], opener: Opener
) -> None:
    keep(opener.history)
    keep_squeeze(opener.history)
    keep_range(opener.history, 0)
    keep_range(opener.history, 3, range_result(method=Method.STICKERS))
    keep_range(opener.history, 7, range_result(32.0, 95.0), note="after a walk")
    page = open_page(900, 640)
    assert page.ranges.button.text() == "Range tests (3)"
    assert page.ranges.button.toolTip().endswith("32° (29 to 35), relaxed at 95 % (85 to 105 %)")
    page.ranges.button.click()
    shown = page.ranges.list
    assert shown.isVisible()
    assert not page.squeezes.button.isVisible()
    expected = ["32° (29 to 35)", "95 % (85 to 105 %)", "Body outline", "in front of a camera"]
    assert cells(page, 0) == expected
    said = shown.said.text()
    assert "The range is 12° wider." in said
    assert "Relaxed standing moved 45 % towards arched." in said
    assert "after a walk" in said
    TEST.keyClick(shown.table, Qt.Key.Key_Down)
    assert "Since the first one" not in shown.said.text()  # the only one by stickers
    TEST.keyClick(shown.table, Qt.Key.Key_Escape)
    assert page.browser.list.isVisible()


def test_deleting_is_offered_back(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history)
    keep_range(opener.history)
    page = open_page(900, 640)
    page.ranges.button.click()
    page.ranges.list.delete.click()
    settle(page, qtbot)
    assert not page.ranges.list.isVisible()
    assert page._changes.stack.undoText() == "Deleted 1 range test"
    page._changes.stack.undo()
    settle(page, qtbot)
    whose = opener.history.default_profile().id
    assert len(read_ranges(opener.history, whose)) == 1
    assert page.ranges.button.isVisible()
