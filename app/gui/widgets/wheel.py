"""Fields leave the wheel to the page: who scrolls past one must not change what it says."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QAbstractSpinBox, QComboBox


class WheelGuard(QObject):
    """Hands the wheel on to whatever scrolls; a number or day that has the focus takes it."""

    def __init__(self, field: QComboBox | QAbstractSpinBox) -> None:
        super().__init__(field)
        self._field = field
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let everything through but the wheel."""
        if event is None or event.type() != QEvent.Type.Wheel:
            return super().eventFilter(watched, event)
        # After choosing from a list the focus stays, and scrolling on is what comes next.
        if self._field.hasFocus() and not isinstance(self._field, QComboBox):
            return False
        event.ignore()
        return True
