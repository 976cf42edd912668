"""Every key that F1 lists does, on the page where it is said to, what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog, QWidget

from app import Page
from app.gui.background.history import HistoryHandle
from app.gui.check.page import CheckState
from app.gui.exercises.page import Screen
from app.gui.keys import KeysDialog
from app.gui.main_window import MainWindow
from app.gui.style.theme import Scheme, apply_scheme
from app.history.diary import Screening, ScreeningOutcome
from app.history.place import Place
from app.history.store import History
from app.history.values import now
from app.settings import SettingsFile
from tests.app.gui.outcomes import SAMPLE, SAMPLES
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000
#: Its functions are told to belong to an object, which they do not.
TEST: Any = QTest
#: Where these are tried: tests/app/gui/check/test_marking.py, test_people.py and several/,
#: live/test_page.py and exercises/test_player.py.
_ELSEWHERE = {
    *(("Check", keys) for keys in ("1", "Return")),
    *(("Marking points", keys) for keys in ("Tab", "Left", "Ctrl+Return", "Esc")),
    ("Live", "Esc"),
    ("Exercises", "Space"),
}


class Desk:
    """The window with two checks kept, and what keys do in it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        with History.open(Place(folder / "data")) as history:
            whose = history.default_profile().id
            history.note(whose, now(), Screening(ScreeningOutcome.CLEAR))
            for day in range(2):
                history.save(new_check(whose, day=day))
        handle = HistoryHandle(lambda: History.open(Place(folder / "data")))
        self.window = MainWindow(SettingsFile(folder / "settings.json"), handle, warm_up=False)
        qtbot.addWidget(self.window)
        with qtbot.waitSignal(self.window.service.profiles_changed, timeout=_TIMEOUT_MS):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def press(self, keys: str) -> None:
        if not self.window.isActiveWindow():
            self.window.activateWindow()  # a desktop does so where a dialog was closed
            self.until(self.window.isActiveWindow)
        TEST.keySequence(QApplication.focusWidget() or self.window, keys)

    def until(self, is_so: Any) -> None:
        self.qtbot.waitUntil(is_so, timeout=_TIMEOUT_MS)

    def settle(self) -> None:
        self.until(lambda: not self.window.jobs.awaited)

    def measure(self, photo: Path = SAMPLE) -> None:
        self.window.open_photo(str(photo))
        self.until(lambda: self.window.pages.check().state is CheckState.MEASURED)

    def history(self, *rows: int) -> Any:
        self.window.show_page(Page.HISTORY)
        page = self.window.pages.history()
        self.until(lambda: page.browser.model.rowCount() == 2)
        self.settle()
        page.browser.focus_list()
        page.browser.list.selectAll() if len(rows) > 1 else page.browser.list.select_row(*rows)
        self.settle()
        return page


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, instant: list[dict[str, object]]) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path)
    yield made
    made.window.close()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_scheme(app, Scheme.LIGHT, 100)
    del instant


def modal() -> QWidget | None:
    return QApplication.activeModalWidget()


def close_modal() -> None:
    dialog = modal()
    assert dialog is not None
    dialog.close()


def test_everywhere(desk: Desk) -> None:
    window, tried = desk.window, set[str]()

    def press(keys: str) -> None:
        tried.add(keys)
        desk.press(keys)

    window.show_page(Page.SETTINGS)
    press("Ctrl+1")
    desk.until(lambda: window.page == Page.CHECK)
    window.show_page(Page.SETTINGS)
    press("Ctrl+O")
    desk.until(lambda: isinstance(modal(), QFileDialog))
    close_modal()
    assert window.page == Page.CHECK
    window.show_page(Page.SETTINGS)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText("no picture")
    press("Ctrl+V")
    assert window.pages.check().notice.isVisible()
    window.show_page(Page.SETTINGS)
    stack = window.service.changes.stack
    window.service.changes.delete("Deleted", lambda history: history.delete([1]))
    press("Ctrl+Z")
    assert stack.index() == 0
    press("Ctrl+Shift+Z")
    assert stack.index() == 1
    press("Ctrl++")
    assert window._settings.values.text_percent == 110
    desk.press("Ctrl+-")
    desk.press("Ctrl+-")
    assert window._settings.values.text_percent == 90
    press("Ctrl+0")
    assert window._settings.values.text_percent == 100
    press("F11")
    assert window.isFullScreen()
    desk.press("F11")
    press("F1")
    assert isinstance(modal(), KeysDialog)
    close_modal()
    desk.settle()
    press("Ctrl+Q")
    assert not window.isVisible()
    assert tried == listed("Everywhere")


def test_check(desk: Desk) -> None:
    page, tried = desk.window.pages.check(), set[str]()

    def press(keys: str) -> None:
        tried.add(keys)
        desk.press(keys)

    desk.measure(SAMPLES / "woman_slim_left_tilt11.jpg")
    first = page.work.photo
    desk.measure()
    with desk.qtbot.waitSignal(desk.window.service.check_saved, timeout=_TIMEOUT_MS):
        press("Ctrl+S")
    desk.settle()
    with desk.qtbot.waitSignal(page.share.status, timeout=_TIMEOUT_MS):
        press("Ctrl+C")
    page.picture.setFocus()
    zooms: list[float] = []
    page.picture.zoom_changed.connect(zooms.append)
    press("Ctrl++")
    desk.press("Ctrl+-")
    desk.press("Ctrl++")
    assert len(zooms) == 3
    press("F")
    assert len(zooms) == 4
    press("O")
    assert page.tools.hidden_layers
    press("E")
    desk.until(lambda: page.state is CheckState.EDITING)
    desk.press("Esc")
    desk.until(lambda: page.state is CheckState.MEASURED)
    press("Alt+Left")
    assert page.work.photo is first
    assert tried == {keys for keys in listed("Check") if ("Check", keys) not in _ELSEWHERE}


def test_exercises(desk: Desk) -> None:
    desk.window.show_page(Page.EXERCISES)
    page = desk.window.pages.exercises()
    desk.until(lambda: page.shown is Screen.HOME)
    page.home.cards[0].open_button.click()
    desk.press("H")
    desk.until(lambda: page.shown is Screen.PAIN)
    desk.press("Esc")
    desk.until(lambda: page.shown is Screen.HOME)
    desk.settle()
    assert {"H", "Esc", "Space"} == listed("Exercises")


def test_history(desk: Desk) -> None:
    tried = set[str]()

    def press(keys: str) -> None:
        tried.add(keys)
        desk.press(keys)

    page = desk.history(0)
    press("Return")
    desk.until(page.detail.isVisible)
    desk.settle()
    with desk.qtbot.waitSignal(page.status, timeout=_TIMEOUT_MS):
        press("Ctrl+C")
    press("Esc")
    assert not page.detail.isVisible()
    press("Ctrl+F")
    assert page.filter.isAncestorOf(QApplication.focusWidget())
    page = desk.history(0, 1)
    press("Ctrl+K")
    desk.until(page.compare.isVisible)
    desk.press("Esc")
    press("F5")
    assert desk.window.jobs.awaited
    page = desk.history(0)
    press("Del")
    desk.until(lambda: page.browser.model.rowCount() == 1)
    desk.settle()
    assert tried == listed("History")


def test_no_page_is_left_out() -> None:
    everything = {(title, keys) for title, part in KeysDialog()._parts() for keys, _ in part}
    here = {"Everywhere", "Check", "Exercises", "History"}
    assert everything >= _ELSEWHERE
    assert {title for title, _ in everything - _ELSEWHERE} == here


def listed(title: str) -> set[str]:
    return {keys for name, part in KeysDialog()._parts() if name == title for keys, _ in part}
