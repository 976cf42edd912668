"""What the screens of the Exercises page are put together from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH_PX = 1040
#: Qt's own indent of lists is as wide as five letters.
_LIST_STYLE = "margin: 0 0 0 18px; -qt-list-indent: 0;"


class Column(QWidget):
    """A screen that scrolls, no wider than is good to read, with a foot that stays.

    Attributes
    ----------
    column
        What scrolls.
    foot
        What stays below it; empty for nothing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column, self.foot = QVBoxLayout(), QVBoxLayout()
        self.column.setSpacing(GROUP_GAP_PX)
        self.foot.setSpacing(GAP_PX)
        page = narrow(self.column)
        set_kind(page, Kind.PAGE)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self.area, 1)
        layout.addWidget(narrow(self.foot))

    def take_focus(self) -> None:
        """Hand the keys to what is most likely to be pressed, and begin at the top."""
        bar = self.area.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)


def narrow(column: QLayout, foot_px: int = PAGE_MARGIN_PX // 2) -> QWidget:
    """Return a widget with this in it, at the page's margins and no wider than a column."""
    inside = QWidget()
    inside.setMaximumWidth(_WIDTH_PX)
    inside.setLayout(column)
    column.setContentsMargins(0, 0, 0, 0)
    outside = QWidget()
    across = QHBoxLayout(outside)
    across.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, foot_px)
    across.addWidget(inside, 1)
    return outside


class Card(QFrame):
    """A raised part with a column of its own.

    Attributes
    ----------
    column
        Its parts, one below the other.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.CARD)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GROUP_GAP_PX, 12, GROUP_GAP_PX, 14)
        self.column.setSpacing(GAP_PX)
        if title:
            self.setAccessibleName(title)
            self.column.addWidget(words(title, Kind.HEADING))


def words(text: str = "", kind: Kind = Kind.BODY) -> QLabel:
    """Return plain words that wrap and can be copied; without any there is nothing to see."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_kind(label, kind)
    label.setText(text)
    if not text:
        label.hide()
    return label


def say_list(label: QLabel, items: Sequence[str], is_numbered: bool = False) -> None:
    """Show these one below the other, with a number or a dot before each."""
    tag = "ol" if is_numbered else "ul"
    inside = "".join(f"<li>{escape(item)}</li>" for item in items)
    label.setTextFormat(Qt.TextFormat.RichText)
    say(label, f'<{tag} style="{_LIST_STYLE}">{inside}</{tag}>' if items else "")


def say(label: QLabel, text: str) -> None:
    """Show this on a label; an empty text takes no room."""
    label.setText(text)
    if text and label.parentWidget() is None:
        return  # it would become a window; it is shown with whatever it is put into
    label.setVisible(bool(text))


def button_row(*buttons: QPushButton) -> QHBoxLayout:
    """Return buttons side by side, at their own width."""
    row = QHBoxLayout()
    row.setSpacing(GAP_PX)
    for button in buttons:
        button.setAutoDefault(True)
        row.addWidget(button)
    row.addStretch(1)
    return row


def clear(layout: QVBoxLayout) -> None:
    """Remove everything from a layout that holds widgets only."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
