"""Planning weeks in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.diary import EntryKind
from tests.app.gui.kept_checks import keep, measured, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage
    from tests.app.gui.kept_checks import Opener


def test_weeks_are_planned_ended_and_taken_back(
    open_page: Callable[..., HistoryPage], opener: Opener, qtbot: QtBot
) -> None:
    keep(opener.history, 0, measured(10.0))
    page = open_page()
    page.experiment.button.click()
    view = page.experiment.view
    assert view.isVisible()
    assert not view.end.isVisible()
    assert not view.week.isVisible()
    view.weeks.setCurrentIndex(1)
    view.start.setFocus()
    view.start.click()
    settle(page, qtbot)
    assert view.end.hasFocus(), "the keys stay on the page"
    (entry,) = opener.history.entries(1, EntryKind.EXPERIMENT)
    assert view.week.text().startswith("Week 1 of 16")
    assert not view.start.isVisible()
    assert "nothing to compare yet" in view.result.text()
    view.end.click()
    settle(page, qtbot)
    assert len(opener.history.entries(1, EntryKind.EXPERIMENT)) == 2
    assert view.start.isVisible()
    page._changes.stack.undo()
    settle(page, qtbot)
    page.refresh()
    settle(page, qtbot)
    assert opener.history.entries(1, EntryKind.EXPERIMENT) == [entry]
    assert view.week.text().startswith("Week 1 of 16")
    page._go_back()
    assert not view.isVisible()
