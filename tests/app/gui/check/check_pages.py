"""What is done to a Check page in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PyQt6.QtTest import QTest

from app.gui.check.page import CheckPage, CheckState

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ANSWERED = (CheckState.MEASURED, CheckState.REFUSED, CheckState.UNREADABLE)


def wait_for_answer(qtbot: QtBot, page: CheckPage) -> None:
    qtbot.waitUntil(lambda: page.state in ANSWERED, timeout=20_000)


def drop(page: CheckPage, mime: QMimeData) -> None:
    place, copy = QPointF(100, 100), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), copy, mime, buttons, keys)
    page.dragEnterEvent(entering)
    assert entering.isAccepted()
    page.dropEvent(QDropEvent(place, copy, mime, buttons, keys))


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def press(page: CheckPage, keys: QKeySequence.StandardKey | str) -> None:
    page.setFocus()
    # Its published types take a self that is not there.
    QTest.keySequence(page, QKeySequence(keys))  # type: ignore[call-overload]


def said(page: CheckPage) -> str:
    return page.result.text()
