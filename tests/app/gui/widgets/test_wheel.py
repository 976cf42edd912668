"""The wheel scrolls a page and changes no field that lies on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QSpinBox, QWidget

from app.gui.widgets.cards import in_column, make_choice, named

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def turn_wheel(field: QWidget) -> bool:
    """Turn the wheel over a field; tell whether the field took it."""
    place = QPointF(field.rect().center())
    none = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    there = field.mapToGlobal(place)
    event = QWheelEvent(place, there, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, *none)
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def test_the_wheel_goes_past_fields(qtbot: QtBot) -> None:
    choice = make_choice("Person", items=[("Me", 1), ("Anna", 2)])
    number = named(QSpinBox(), "Sets", "")
    page = QWidget()
    in_column(choice, number, on=page)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    for field in (choice, number):
        assert not turn_wheel(field), "whatever scrolls gets it"
    assert (choice.currentIndex(), number.value()) == (0, 0)
    choice.setFocus()
    assert not turn_wheel(choice)
    assert choice.currentIndex() == 0, "who has chosen scrolls on"
    number.setValue(5)
    number.setFocus()
    qtbot.waitUntil(number.hasFocus)
    turn_wheel(number)
    assert number.value() == 4, "who is at a number may turn it"
