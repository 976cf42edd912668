"""A history, and the page that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QApplication

from app.gui.background.history import HistoryChanges
from app.gui.background.jobs import Jobs
from app.gui.history.page import HistoryPage
from app.gui.style.theme import Scheme, apply_scheme
from app.history.place import Place
from app.history.store import History
from tests.app.gui.kept_checks import Opener, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close(5000)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(Place(tmp_path / "history")) as opened:
        yield opened


@pytest.fixture
def opener(history: History) -> Opener:
    return Opener(history)


@pytest.fixture
def open_page(opener: Opener, jobs: Jobs, qtbot: QtBot) -> Callable[..., HistoryPage]:
    """Show the page as the window does, in light colours, and wait until all was read."""

    def show(width: int = 920, height: int = 640) -> HistoryPage:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_scheme(app, Scheme.LIGHT)
        changes = HistoryChanges(jobs, opener, lambda error: page.error.show_error(error), app)
        page = HistoryPage(jobs, opener, changes)
        changes.written.connect(page.refresh)
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        page.refresh()
        settle(page, qtbot)
        page.setFocus()
        return page

    return show
