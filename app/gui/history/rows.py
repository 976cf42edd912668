"""What the tables of the History page have in common: fixed columns, rows selected whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QKeySequence

_ROW_PADDING_PX, _HEIGHT_MIN_PX = 12, 110


class FixedColumnsModel(QAbstractTableModel):
    """So many rows under headers that stay."""

    #: The columns' names, from left to right.
    headers: Sequence[str] = ()
    _count = 0

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many rows there are, read or not."""
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' names."""
        is_name = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.headers[section] if is_name else None

    def rows_changed(self, first: int, last: int) -> None:
        """Have these rows painted anew."""
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.headers) - 1))


class RowTable(QTableView):
    """A table whose rows are selected whole, several if wanted."""

    def __init__(self, model: FixedColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(_HEIGHT_MIN_PX)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        selection = self.selectionModel()
        assert rows is not None
        assert columns is not None
        assert selection is not None
        self.columns, self.selection = columns, selection
        self.ensurePolished()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING_PX)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def select_row(self, row: int) -> None:
        """Select a row and show it, whatever keys are held down meanwhile."""
        model = self.model()
        assert model is not None
        index = model.index(row, max(0, self.currentIndex().column()))
        flags = QItemSelectionModel.SelectionFlag
        self.selection.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def add_action(self, text: str, keys: QKeySequence, do: Callable[[], object]) -> QAction:
        """Return an action that these keys start while the table has them."""
        action = QAction(text, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _: do())
        self.addAction(action)
        return action
