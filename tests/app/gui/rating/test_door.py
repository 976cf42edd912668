"""From Settings to the photographs of a study, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QApplication, QFileDialog, QPushButton

from app import Page
from app.gui.background.history import HistoryHandle
from app.gui.main_window import MainWindow
from app.history.place import Place
from app.history.store import History
from app.settings import SettingsFile
from app.text.research import rating
from tests.app.gui.rating.worklists import make_worklist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    made.show_page(Page.SETTINGS)
    yield made
    made.close()


def test_settings_lead_to_a_window_that_closes_with_the_main_one(
    qtbot: QtBot, tmp_path: Path, window: MainWindow
) -> None:
    buttons = window.findChildren(QPushButton)
    [button] = [one for one in buttons if one.text() == rating.RATE_BUTTON]
    button.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(make_worklist(tmp_path / "rater-1")))
    dialog.close()
    door = window.pages.rating_door()
    qtbot.waitUntil(lambda: door.window is not None, timeout=_TIMEOUT_MS)
    assert door.window is not None
    assert door.window.start.isVisible()
    button.click()
    assert QApplication.activeModalWidget() is None, "one at a time"
    window.close()
    qtbot.waitUntil(lambda: door.window is None, timeout=_TIMEOUT_MS)


def test_a_folder_that_is_no_worklist_is_told_in_a_sentence(
    qtbot: QtBot, tmp_path: Path, window: MainWindow
) -> None:
    window.pages.rating_door().open(tmp_path)
    qtbot.waitUntil(window.status.isVisible, timeout=_TIMEOUT_MS)
    assert "is no worklist of a study. Choose a folder" in window.status.words.text()
    assert window.pages.rating_door().window is None
