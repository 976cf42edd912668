"""Finds words on the screen that are cut, and what cannot be scrolled to."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.gui.widgets.cards import PageView, PlainPage

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
