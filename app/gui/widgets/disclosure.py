"""What is told only to whoever asks for more."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import button_row, in_column, make_button


class Disclosure(QWidget):
    """A button, and below it a column that it shows and hides.

    Parameters
    ----------
    about
        What there is more of, for those who do not see where the button stands.
    is_open
        As it was left.

    Attributes
    ----------
    column
        What is shown and hidden.
    """

    toggled = pyqtSignal(bool)

    def __init__(self, about: str, is_open: bool) -> None:
        super().__init__()
        self._about = about
        self.button = make_button("")
        set_kind(self.button, Kind.QUIET)
        self.button.setCheckable(True)
        self._content = QWidget()
        self.column: QVBoxLayout = in_column(on=self._content, gap_px=GAP_PX)
        in_column(button_row(self.button), self._content, on=self)
        self.button.setChecked(is_open)
        self._follow(is_open)
        self.button.toggled.connect(self._follow)
        self.button.toggled.connect(self.toggled)

    def add(self, *parts: QWidget) -> None:
        """Put these below what is shown and hidden so far."""
        for part in parts:
            self.column.addWidget(part)

    def has_keys(self) -> bool:
        """Tell whether keys go to the button."""
        return self.button.hasFocus()

    def take_keys(self) -> None:
        """Have keys go to the button."""
        self.button.setFocus()

    def _follow(self, is_open: bool) -> None:
        # The name changes with it, and a change of name is read out by screen readers.
        said = self.tr("{what}, shown") if is_open else self.tr("{what}, hidden")
        self.button.setText(self.tr("▾ Less") if is_open else self.tr("▸ More"))
        self.button.setAccessibleName(said.format(what=self._about))
        self._content.setVisible(is_open)
