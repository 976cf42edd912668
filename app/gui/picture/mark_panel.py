"""What stands beside the picture while the bony points are being marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.check.start__check_tools import tip
from app.gui.picture.mark_panel__points_help import PointsHelp
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.text import check

if TYPE_CHECKING:
    from PyQt6.QtCore import pyqtBoundSignal


class EditPanel(QWidget):
    """Done and Cancel, undo and redo, the plumb line, and help."""

    done_wanted = pyqtSignal()
    cancel_wanted = pyqtSignal()
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    plumb_wanted = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_plumb = False
        self.done_button = self._button(self.tr("Done"), self.done_wanted, "Ctrl+Return")
        self.cancel_button = self._button(self.tr("Cancel"), self.cancel_wanted, "Esc")
        self.undo_button = self._button(self.tr("Undo"), self.undo_wanted, "Ctrl+Z")
        self.redo_button = self._button(self.tr("Redo"), self.redo_wanted, "Ctrl+Shift+Z")
        set_kind(self.done_button, Kind.PRIMARY)
        self.plumb_button = QPushButton()
        self.plumb_button.clicked.connect(lambda _: self.plumb_wanted.emit(not self._has_plumb))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        self.heading, self.steps = _wrapped("", Kind.HEADING), _wrapped("", Kind.BODY)
        column.addWidget(self.heading)
        column.addWidget(self.steps)
        column.addLayout(self._buttons())
        self.problem = _wrapped("", Kind.REFUSAL)
        self.problem.hide()
        column.addWidget(self.problem)
        self.help = QScrollArea()
        self.help.setWidgetResizable(True)
        self.help.setFrameShape(QFrame.Shape.NoFrame)
        self.help.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.help.setAccessibleName(self.tr("Help on finding the points"))
        self.help.setWidget(PointsHelp())
        column.addWidget(self.help, 1)
        column.addStretch()
        self.ask_for(points=True)

    def ask_for(self, *, points: bool) -> None:
        """Say what is to be marked: the two points, or a plumb line alone."""
        if points:
            self.heading.setText(self.tr("Mark the two bony points"))
            self.steps.setText(check.EDIT_STEPS)
        else:
            self.heading.setText(self.tr("Mark something upright"))
            self.steps.setText(check.UPRIGHT_STEPS)
        self.help.setVisible(points)

    def show_marks(self, can_undo: bool, can_redo: bool, has_plumb: bool) -> None:
        """Follow what was marked."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)
        self.plumb_button.setText(
            self.tr("Remove the plumb line") if has_plumb else self.tr("Add a plumb line")
        )
        self.plumb_button.setToolTip(
            self.tr("Trust the camera to be level")
            if has_plumb
            else self.tr("To be laid on a door frame or the edge of a wall")
        )
        self._has_plumb = has_plumb

    def show_problem(self, text: str) -> None:
        """Say why the marks cannot be used; an empty text says nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _buttons(self) -> QGridLayout:
        self.done_button.setToolTip(tip(self.tr("Measure with these marks"), "Ctrl+Return"))
        self.cancel_button.setToolTip(tip(self.tr("Forget these marks"), "Esc"))
        self.undo_button.setToolTip(tip(self.tr("Take the last step back"), "Ctrl+Z"))
        self.redo_button.setToolTip(tip(self.tr("Take it once more"), "Ctrl+Shift+Z"))
        grid = QGridLayout()
        grid.setSpacing(GAP_PX)
        grid.addWidget(self.done_button, 0, 0)
        grid.addWidget(self.cancel_button, 0, 1)
        grid.addWidget(self.undo_button, 1, 0)
        grid.addWidget(self.redo_button, 1, 1)
        grid.addWidget(self.plumb_button, 2, 0, 1, 2)
        self.show_marks(can_undo=False, can_redo=False, has_plumb=False)
        return grid

    def _button(self, text: str, wanted: pyqtBoundSignal, keys: str) -> QPushButton:
        button = QPushButton(text)
        button.setShortcut(keys)
        button.clicked.connect(lambda _: wanted.emit())
        return button


def _wrapped(text: str, kind: Kind) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_kind(label, kind)
    return label
