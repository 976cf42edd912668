"""A check box whose words go on in the next line where there is no room left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent, QResizeEvent


class TickBox(QCheckBox):
    """Is as high as its words need at the width that it has."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._is_laid_out = False

    def hasHeightForWidth(self) -> bool:
        """Need more lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        room = QRect(0, 0, max(1, width - self._before_px()), 1 << 15)
        lines = self.fontMetrics().boundingRect(room, self._flags(), self.text())
        return max(super().sizeHint().height(), lines.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest word."""
        metrics = self.fontMetrics()
        widest = max(map(metrics.horizontalAdvance, self.text().split()), default=0)
        # The height is right for the width that it has: many layouts ask for no other.
        height = self.heightForWidth(self.width()) if self._is_laid_out else 0
        width = self._before_px() + widest + 2
        return QSize(width, max(height, super().minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Ask for another height where the words need another."""
        super().resizeEvent(event)
        self._is_laid_out = True
        self.updateGeometry()

    def hitButton(self, pos: QPoint) -> bool:
        """Take a click on any of the lines."""
        return self.rect().contains(pos)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """Draw the box beside the first line, and the words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter, style = QStylePainter(self), self.style()
        if style is None:
            return
        box = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        line_px = self.fontMetrics().height()
        box.moveTop(max(0, (line_px - box.height()) // 2 + 1))
        words = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        words.setTop(0)
        words.setBottom(self.height())
        option.rect = box
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, option)
        painter.setFont(self.font())
        is_enabled, role = self.isEnabled(), self.foregroundRole()
        painter.drawItemText(words, self._flags(), self.palette(), is_enabled, self.text(), role)

    def _flags(self) -> int:
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
        style = self.style()
        side = style.visualAlignment(self.layoutDirection(), start) if style is not None else start
        return int(side.value) | int(Qt.TextFlag.TextWordWrap.value)

    def _before_px(self) -> int:
        """Return the width of the box and the gap beside it."""
        option, style = QStyleOptionButton(), self.style()
        if style is None:
            return 0
        self.initStyleOption(option)
        option.rect = QRect(0, 0, 1000, 100)
        words = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        return 1000 - words.width()
