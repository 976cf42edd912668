"""The list of keys tells of keys that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QKeySequence, QShortcut
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.gui.keys import KeysDialog, KeysThrough

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

#: Its functions are told to belong to an object, which they do not.
QTEST: Any = QTest


def test_a_field_lets_keys_through_that_it_has_no_use_for(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, label = QLineEdit(), QLabel("some words")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column = QVBoxLayout(window)
    heard: list[str] = []
    for part in (field, label):
        column.addWidget(part)
    for keys in ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+V", "Ctrl+C"):
        QShortcut(keys, window).activated.connect(lambda keys=keys: heard.append(keys))
    through = KeysThrough(qapp)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    clipboard = qapp.clipboard()
    assert clipboard is not None
    clipboard.setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    field.setFocus()
    for keys in ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+V", "Ctrl+C"):
        QTEST.keySequence(field, keys)
    assert heard == ["Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+V", "Ctrl+C"]
    label.setFocus()
    QTEST.keySequence(label, "Ctrl+C")
    assert heard[4:] == ["Ctrl+C"]
    heard.clear()
    label.setSelection(0, 4)
    QTEST.keySequence(label, "Ctrl+C")
    clipboard.setText("pasted")
    field.setFocus()
    QTEST.keySequence(field, "Ctrl+V")
    QTEST.keySequence(field, "Ctrl+Z")
    assert heard == []
    assert field.text() == ""
    del through


def test_every_key_is_one_and_every_line_says_something(qtbot: QtBot) -> None:
    dialog = KeysDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    for _, keys in dialog._parts():
        for key, what in keys:
            assert QKeySequence(key).toString(), key
            assert what
    labels = dialog.findChildren(QLabel)
    assert "Ctrl+S" in [label.text() for label in labels]
    assert all(label.width() >= label.minimumSizeHint().width() for label in labels)
