"""The list of keys tells of keys that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QLabel

from app.gui.keys import KeysDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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
