"""Finds words on the screen that are cut, and what cannot be scrolled to."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTableView,
    QToolButton,
    QWidget,
)

from app.gui.widgets.cards import PageView, PlainPage

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Tags, keys, names, addresses and days are no words.
_KEPT = re.compile(
    r"<[^<>]*>|&[a-z]+;|\b(Ctrl|Alt|Shift|Meta)\+\S+|\b(Me|Beltline|Esc|Del|Return|Tab|Left|Space|[A-Z][a-z]+day)\b|http://\S+"
    r"|\d+ [A-Z][a-z]{2} \d{4}|[\w /]+\.\w{3,4}\b|/\S+/\S+|English|Deutsch|Español|Français"
    # A made-up result's.
    r"|walk for 3 to 5 minutes\.|Loose clothes\.|Wear tight ones\.|Turned away\.|Turn to the side\."
    r"|Rather dark. More light\."
)
_ROWS = 3
_ENGLISH = re.compile(r"[A-Za-z]{2}")
#: A frame's line; less is not seen.
_SLACK_PX = 2


def cut_words(top: QWidget) -> list[str]:
    """Return what is wrong with each label and button that is shown, in words; nothing if fine."""
    found = []
    for part in top.findChildren(QWidget):
        if not part.isVisible() or _is_inside_list(part):
            continue
        if isinstance(part, QScrollArea):
            found += _too_wide(part)
        elif isinstance(part, QLabel | QPushButton | QToolButton | QCheckBox | QRadioButton):
            why = _cut(part) or _outside(part, top)
            if why:
                text = part.text() or part.accessibleName()
                found.append(f"{type(part).__name__} {text[:40]!r}: {why}")
    return found


def left_in_english(top: QWidget) -> list[str]:
    """Return every text of a window in the made-up language that has an English word in it.

    Hidden ones, too; the made-up language has no plain letters but in places that were filled in.
    """
    found = []
    for part in (top, *top.findChildren(QWidget)):
        if isinstance(part, QLineEdit) and isinstance(part.parent(), QAbstractSpinBox):
            continue
        for text in _texts(part):
            if _ENGLISH.search(_KEPT.sub("", text)):
                found.append(f"{type(part).__name__}: {text[:90]!r}")
    return found


def _texts(part: QWidget) -> Iterator[str]:
    yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription())
    if part.isWindow():
        yield part.windowTitle()
    if isinstance(part, QLabel | QAbstractButton):
        yield part.text()
    elif isinstance(part, QComboBox):
        yield from (part.itemText(row) for row in range(part.count()))
    elif isinstance(part, QLineEdit):
        yield part.placeholderText()
    elif isinstance(part, QMenu):
        yield from (action.text() for action in part.actions())
    elif isinstance(part, QTableView):
        model = part.model()
        if model is not None:
            wide = Qt.Orientation.Horizontal
            columns = range(model.columnCount())
            yield from (str(model.headerData(column, wide) or "") for column in columns)
            rows = range(min(model.rowCount(), _ROWS))
            yield from (str(model.index(*at).data() or "") for at in product(rows, columns))


def scrolled_sideways(top: QWidget) -> list[str]:
    """Return the pages that are wider than what shows them."""
    found = []
    for view in (*top.findChildren(PageView), *top.findChildren(PlainPage)):
        page, port = view.widget(), view.viewport()
        if page is None or port is None or not view.isVisible():
            continue
        if page.width() > port.width():
            found.append(f"{type(page).__name__}: {page.width()} px in {port.width()}")
    return found


def _cut(part: QLabel | QAbstractButton) -> str:
    if isinstance(part, QLabel):
        if not part.text() or part.pixmap().width():
            return ""
        if part.wordWrap():
            room, needed = part.height(), part.heightForWidth(part.width())
            words = max(part.text().split(), key=len, default="")
            widest = part.fontMetrics().horizontalAdvance(words)
            is_wide = "<" not in part.text() and widest > part.width() + _SLACK_PX
            return f"a word is {widest} wide in {part.width()}" if is_wide else _less(room, needed)
    if part.hasHeightForWidth():
        needed = part.heightForWidth(part.width())
        return _less(part.width(), part.minimumSizeHint().width()) or _less(part.height(), needed)
    return _less(part.width(), part.sizeHint().width()) or _less(
        part.height(), part.minimumSizeHint().height()
    )


def _less(room_px: int, needed_px: int) -> str:
    return "" if room_px + _SLACK_PX >= needed_px else f"{room_px} px where it needs {needed_px}"


def _too_wide(area: QScrollArea) -> list[str]:
    inside, view = area.widget(), area.viewport()
    if inside is None or view is None or inside.width() <= view.width() + _SLACK_PX:
        return []
    bar = area.horizontalScrollBar()
    if bar is not None and bar.isVisible():
        return []
    return [f"{area.accessibleName() or area}: {inside.width()} px in {view.width()}"]


def _outside(part: QWidget, top: QWidget) -> str:
    """Say how far a part reaches out of what shows it, unless that scrolls."""
    room = part
    while room is not top:
        above = room.parentWidget()
        if above is None:
            return ""
        if isinstance(above.parentWidget(), QScrollArea):
            return ""
        box = QRect(part.mapTo(above, QPoint(0, 0)), part.size())
        if not above.rect().adjusted(-_SLACK_PX, -_SLACK_PX, _SLACK_PX, _SLACK_PX).contains(box):
            return f"reaches out of {type(above).__name__}: {box} in {above.size()}"
        room = above
    return ""


def _is_inside_list(part: QWidget) -> bool:
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractItemView):
            return True
        above = above.parentWidget()
    return False
