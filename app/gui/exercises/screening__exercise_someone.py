"""How to prepare for a physiotherapist: a page to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal

from app.exercises import text as said
from app.gui.widgets.cards import Card, Column, button_row, say_list, words
from app.gui.widgets.cards__live_card import make_button
from app.text.language import texts

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


class SomeonePage(Column):
    """Says what to bring, tell and ask, and makes the report."""

    report_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = make_button(said.MAKE_REPORT, said.MAKE_REPORT_TIP, is_main=True)
        self.report.clicked.connect(self.report_wanted)
        self.column.addLayout(button_row(self.report))
        for section in texts().someone.sections:
            card = Card(section.title)
            lines = words()
            card.column.addWidget(lines)
            say_list(lines, section.lines)
            self.column.addWidget(card)
        self.column.addStretch(1)

    def take_focus(self) -> None:
        """Hand the keys to the button."""
        super().take_focus()
        self.report.setFocus()
