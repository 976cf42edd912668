"""What stands beside the picture while the bony points are being marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QPushButton, QWidget

from app.gui.picture.points_help import PointsHelp
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Scroll, in_column, make_button, say, tip, words
from app.text import check

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal

#: The window has these keys, for whatever can be taken back at the moment.
_OF_THE_WINDOW = ("Ctrl+Z", "Ctrl+Shift+Z")


class EditPanel(QWidget):
    """Done and Cancel, undo and redo, the plumb line, and help."""

    done_wanted = pyqtSignal()
    cancel_wanted = pyqtSignal()
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    plumb_wanted = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._has_plumb = False
        self.done_button = self._button(
            self.tr("Done"), self.tr("Measure with these marks"), "Ctrl+Return", self.done_wanted
        )
        set_kind(self.done_button, Kind.PRIMARY)
        self.cancel_button = self._button(
            self.tr("Cancel"), self.tr("Forget these marks"), "Esc", self.cancel_wanted
        )
        self.undo_button = self._button(
            self.tr("Undo"), self.tr("Take the last step back"), "Ctrl+Z", self.undo_wanted
        )
        self.redo_button = self._button(
            self.tr("Redo"), self.tr("Do it again"), "Ctrl+Shift+Z", self.redo_wanted
        )
        self.plumb_button = QPushButton()
        self.plumb_button.clicked.connect(lambda _: self.plumb_wanted.emit(not self._has_plumb))
        self.heading, self.steps = words("", Kind.HEADING), words()
        self.problem = words("", Kind.REFUSAL)
        self.help = Scroll(PointsHelp())
        self.help.setAccessibleName(self.tr("Help on finding the points"))
        self._lay_out()
        self.show_marks(can_undo=False, can_redo=False, has_plumb=False)
        self.ask_for(points=True)

    def ask_for(self, *, points: bool) -> None:
        """Say what is to be marked: the two points, or a plumb line alone."""
        if points:
            say(self.heading, self.tr("Mark the two bony points"))
            say(self.steps, check.EDIT_STEPS)
        else:
            say(self.heading, self.tr("Mark something upright"))
            say(self.steps, check.UPRIGHT_STEPS)
        self.help.setVisible(points)

    def show_marks(self, can_undo: bool, can_redo: bool, has_plumb: bool) -> None:
        """Follow what was marked."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)
        self.plumb_button.setText(
            self.tr("Remove the plumb line") if has_plumb else self.tr("Add a plumb line")
        )
        self.plumb_button.setToolTip(
            self.tr("Assume again that the camera was level")
            if has_plumb
            else self.tr("To be laid on a door frame or the edge of a wall")
        )
        self._has_plumb = has_plumb

    def show_problem(self, text: str) -> None:
        """Say why the marks cannot be used; an empty text says nothing."""
        say(self.problem, text)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GAP_PX)
        grid.addWidget(self.done_button, 0, 0)
        grid.addWidget(self.cancel_button, 0, 1)
        grid.addWidget(self.undo_button, 1, 0)
        grid.addWidget(self.redo_button, 1, 1)
        grid.addWidget(self.plumb_button, 2, 0, 1, 2)
        in_column(self.heading, self.steps, grid, self.problem, (self.help, 1), 0, on=self)

    def _button(self, text: str, what: str, keys: str, wanted: pyqtBoundSignal) -> QPushButton:
        button = make_button(text, tip(what, keys), act=wanted)
        if keys not in _OF_THE_WINDOW:
            button.setShortcut(keys)
        return button
