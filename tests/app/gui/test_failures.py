"""The program itself fails: it says so once, quietly, and goes on."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLabel, QWidget

from app.gui.failures import CrashWindow, Failures, LogDialog
from app.system import log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(log, "log_folder", lambda: tmp_path / "log")
    return tmp_path


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def failures(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> Iterator[Failures]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    made = Failures(window)
    made.watch()
    yield made
    if made.shown is not None:
        made.shown.accept()


def fail(failures: Failures, error: BaseException) -> None:
    try:
        raise error
    except type(error):
        failures.take(*sys.exc_info())


def crash_windows(window: QWidget) -> list[CrashWindow]:
    return [one for one in window.findChildren(CrashWindow) if one.isVisible()]


def test_a_failure_is_told_once_in_one_window(failures: Failures, window: QWidget) -> None:
    fail(failures, ValueError("one"))
    (shown,) = crash_windows(window)
    said = " ".join(label.text() for label in shown.findChildren(QLabel))
    assert "Nothing was sent anywhere." in said
    fail(failures, KeyError("two"))
    assert crash_windows(window) == [shown]
    shown.go_on.click()
    assert not crash_windows(window)
    fail(failures, ValueError("one"))  # the same place: told already
    assert not crash_windows(window)
    assert window.isVisible()


def test_a_failure_on_a_thread_is_told_too(
    failures: Failures, window: QWidget, qtbot: QtBot
) -> None:
    def work() -> None:
        raise LookupError

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(crash_windows(window)) == 1)
    assert failures.shown is not None


def test_the_window_closes_only_if_wanted(failures: Failures, window: QWidget) -> None:
    fail(failures, ValueError("one"))
    assert failures.shown is not None
    failures.shown.close_wanted.emit()
    assert not window.isVisible()


def test_ctrl_c_closes_the_window(failures: Failures, window: QWidget) -> None:
    fail(failures, KeyboardInterrupt())
    assert not window.isVisible()
    assert failures.shown is None


def test_the_log_is_read_copied_and_saved(qtbot: QtBot, folder: Path) -> None:
    (folder / "log").mkdir()
    (folder / "log" / "beltline.log").write_text("second\n")
    (folder / "log" / "beltline.log.1").write_text("first\n")
    dialog = LogDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.shown.toPlainText() == "first\nsecond\n"
    dialog._copy()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "first\nsecond\n"
    dialog.saving.save_to(folder / "mine.txt")
    assert (folder / "mine.txt").read_text() == "first\nsecond\n"
    dialog.saving.save_to(folder / "gone" / "mine.txt")
    assert "not saved" in dialog.saving.outcome.text()
