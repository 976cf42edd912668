"""The card beside the check of a trend that is pointed at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import QLabel, QWidget

from app.gui.style.dates import date_and_time
from app.gui.style.theme import colours
from vision.result import tilt_text

if TYPE_CHECKING:
    from app.history.records import Trend

_CARD_WIDTH_PX, _CARD_GAP_PX, _CARD_PADDING_PX = 260, 14, 6


class TrendCard(QLabel):
    """A small card inside the plot that never catches the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def recolour(self) -> None:
        """Take on the colours in use."""
        now = colours()
        self.setStyleSheet(
            f"background: {now.card}; color: {now.text}; border: 1px solid {now.line};"
            f"border-radius: 6px; padding: {_CARD_PADDING_PX}px;"
        )

    def say(self, trend: Trend, index: int, more: str) -> None:
        """Say date and angle of one of the trend's checks, and ``more`` below."""
        when = date_and_time(self.locale(), datetime.fromtimestamp(trend.taken_at_s[index]))
        self.setText("\n".join(part for part in (when, tilt_text(trend.tilt(index)), more) if part))

    def place_beside(self, point: QPoint) -> None:
        """Lie beside a point of the parent, inside it, off the point itself."""
        room = self.parentWidget()
        if room is None:
            return
        self.ensurePolished()
        lines = self.fontMetrics().boundingRect(
            QRect(0, 0, _CARD_WIDTH_PX, _CARD_WIDTH_PX), Qt.TextFlag.TextWordWrap, self.text()
        )
        self.setFixedWidth(min(lines.width() + 2 * _CARD_PADDING_PX + 8, room.width() // 2))
        self.setFixedHeight(self.heightForWidth(self.width()))
        x = point.x() + _CARD_GAP_PX
        if x + self.width() > room.width():
            x = point.x() - _CARD_GAP_PX - self.width()
        y = min(max(point.y() - self.height() // 2, 0), room.height() - self.height())
        self.move(max(x, 0), max(y, 0))
        self.raise_()
