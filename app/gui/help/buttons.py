"""The buttons that lead to all that helps: among the settings, and below the list of keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from app import Help
from app.gui.widgets.cards import button_row, make_button
from app.text.help import sheet, tour

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QPushButton


class HelpButtons(QWidget):
    """A button for each kind of help, in as many lines as they need.

    Attributes
    ----------
    buttons
        By what they lead to.
    """

    #: A :class:`Help`.
    wanted = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[Help, QPushButton] = {}
        for which, text, tip in self._kinds():
            self.buttons[which] = make_button(text, tip, act=partial(self.wanted.emit, which.value))
        self.setLayout(button_row(*self.buttons.values()))

    def _kinds(self) -> tuple[tuple[Help, str, str], ...]:
        """Return what each button leads to, with its words and its tip."""
        return (
            (
                Help.FIRST_STEPS,
                self.tr("First steps…"),
                self.tr("The three questions of the first start, once more"),
            ),
            (Help.TOUR, tour.BUTTON, tour.BUTTON_TIP),
            (
                Help.DOCTOR,
                self.tr("What works here…"),
                self.tr("Looks at camera, voice, letters and all else, and helps to mend it"),
            ),
            (Help.SHEET, sheet.BUTTON, sheet.BUTTON_TIP),
        )
