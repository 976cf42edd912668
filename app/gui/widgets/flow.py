"""Buttons side by side, which go on in the next line where there is no room left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout

if TYPE_CHECKING:
    from collections.abc import Collection

    from PyQt6.QtWidgets import QLayoutItem, QWidget


class FlowRow(QLayout):
    """Lays out widgets at their own width, line after line.

    Parameters
    ----------
    gap_px
        Between them, and between lines.
    at_the_end
        Those of them that are pushed to the end of their line.
    """

    def __init__(
        self, *widgets: QWidget, gap_px: int, at_the_end: Collection[QWidget] = ()
    ) -> None:
        super().__init__()
        self._at_the_end = at_the_end
        self._items: list[QLayoutItem] = []
        self._heights_px: dict[int, int] = {}
        self._gap_px = gap_px
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem | None) -> None:
        """Take one more."""
        if item is not None:
            self._items.append(item)
            self.invalidate()

    def insert(self, index: int, widget: QWidget) -> None:
        """Put one more in front of another."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one of them, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give one of them away."""
        if not 0 <= index < len(self._items):
            return None
        taken = self._items.pop(index)
        self.invalidate()
        return taken

    def invalidate(self) -> None:
        """Forget what was worked out; Qt calls this whenever something here changes."""
        self._heights_px.clear()
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        """Want no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Need more lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        if width not in self._heights_px:  # Qt asks for the same again and again
            self._heights_px[width] = self._lay_out(QRect(0, 0, width, 0), places=False)
        return self._heights_px[width]

    def setGeometry(self, room: QRect) -> None:
        """Put everything into its place."""
        super().setGeometry(room)
        self._lay_out(room, places=True)

    def sizeHint(self) -> QSize:
        """Return the room that one line takes."""
        shown = self._shown()
        gaps_px = self._gap_px * max(0, len(shown) - 1)
        heights = [item.sizeHint().height() for item in shown]
        width = sum(item.sizeHint().width() for item in shown) + gaps_px
        return QSize(width, max(heights, default=0))

    def minimumSize(self) -> QSize:
        """Return the room that the largest of them takes."""
        size = QSize(0, 0)
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay_out(self, room: QRect, *, places: bool) -> int:
        """Go through all lines, and return how high they are together."""
        top = room.y()
        for line in self._lines(room.width()):
            line_px = max(self._height_of(item, room.width()) for item in line)
            sizes = [self._size_of(item, room.width()) for item in line]
            left = room.x()
            free_px = room.width() - sum(size.width() + self._gap_px for size in sizes)
            for item, size in zip(line, sizes, strict=True):
                if item.widget() in self._at_the_end:
                    left += max(0, free_px + self._gap_px)
                    free_px = -self._gap_px
                if places:
                    down_px = (line_px - size.height()) // 2
                    self._put(item, QRect(QPoint(left, top + down_px), size), room)
                left += size.width() + self._gap_px
            top += line_px + self._gap_px
        return max(0, top - room.y() - self._gap_px)

    def _lines(self, width_px: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left_px = 0
        for item in self._shown():
            needed_px = self._size_of(item, width_px).width()
            if not lines or left_px + self._gap_px + needed_px > width_px:
                lines.append([item])
                left_px = needed_px
            else:
                lines[-1].append(item)
                left_px += self._gap_px + needed_px
        return lines

    def _put(self, item: QLayoutItem, place: QRect, room: QRect) -> None:
        """Put something into its place; on the other side where one reads from the right."""
        above = self.parentWidget()
        if above is not None and above.isRightToLeft():
            place.moveLeft(room.x() + room.right() - place.right())
        item.setGeometry(place)

    @classmethod
    def _size_of(cls, item: QLayoutItem, room_px: int) -> QSize:
        size = item.sizeHint()
        size.setWidth(min(size.width(), max(room_px, item.minimumSize().width())))
        size.setHeight(cls._height_of(item, room_px))
        return size

    @staticmethod
    def _height_of(item: QLayoutItem, room_px: int) -> int:
        hint = item.sizeHint()
        if hint.width() > room_px and item.hasHeightForWidth():
            return item.heightForWidth(room_px)
        return hint.height()
