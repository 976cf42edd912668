"""The table's view: keys, context menu, and which rows are selected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QContextMenuEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.gui.history.table__check_columns import EDITABLE, Column

if TYPE_CHECKING:
    from PyQt6.QtGui import QKeyEvent

    from app.gui.history.table import CheckModel
    from app.history.records import CheckRow

_ROW_PADDING_PX = 12
#: In letters of average width; what does not fit ends in dots and shows whole as a tooltip.
_WIDTHS = {
    Column.DATE: 22,
    Column.ANGLE: 24,
    Column.METHOD: 27,
    Column.GARMENT: 21,
    Column.ARMS: 27,
    Column.NOTE: 26,
    Column.PICTURE: 13,
}


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows that follow one another."""

    first: int
    count: int


class CheckList(QTableView):
    """Shows a :class:`~app.gui.history.table.CheckModel`.

    Enter opens a check, F2 writes clothes or note, Delete deletes what is selected.
    """

    selection_changed = pyqtSignal()
    opened = pyqtSignal(int)
    delete_wanted = pyqtSignal()
    compare_wanted = pyqtSignal()

    def __init__(self, model: CheckModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Checks"))
        self.setAccessibleDescription(
            self.tr("Enter opens a check, F2 edits clothes or note, Delete deletes.")
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(110)
        self.open_action = self._action(self.tr("Show"), QKeySequence(Qt.Key.Key_Return))
        self.compare_action = self._action(self.tr("Compare the two"), QKeySequence("Ctrl+K"))
        self.delete_action = self._action(
            self.tr("Delete"), QKeySequence(QKeySequence.StandardKey.Delete)
        )
        self.open_action.triggered.connect(self._open_current)
        self.compare_action.triggered.connect(self.compare_wanted)
        self.delete_action.triggered.connect(self.delete_wanted)
        self.doubleClicked.connect(self._on_double_click)
        self._set_up_headers()
        chosen = self.selectionModel()
        assert chosen is not None
        chosen.selectionChanged.connect(lambda *_: self._follow_selection())
        model.modelReset.connect(self._follow_selection)
        self._follow_selection()

    def ranges(self) -> list[RowRange]:
        """Return the selected rows, also those that were not read yet."""
        chosen = self.selectionModel()
        if chosen is None:
            return []
        parts = chosen.selection()
        found = (parts[n] for n in range(len(parts)))
        return [RowRange(part.top(), part.bottom() - part.top() + 1) for part in found]

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        return sum(part.count for part in self.ranges())

    def selected(self) -> list[CheckRow]:
        """Return the selected rows if they are at most two and were read, else none."""
        if self.selected_count() > 2:
            return []
        rows = [part.first + n for part in self.ranges() for n in range(part.count)]
        records = [self._model.record(row) for row in sorted(rows)]
        return [record for record in records if record is not None]

    def select(self, check_id: int) -> bool:
        """Select a check and show its row; tell whether it is among the rows read so far."""
        row = self._model.row_of(check_id)
        if row is None:
            return False
        self.select_row(row)
        return True

    def select_row(self, row: int) -> None:
        """Select a row and show it, whatever keys are held down meanwhile."""
        index = self._model.index(row, max(0, self.currentIndex().column()))
        flags = QItemSelectionModel.SelectionFlag
        chosen = self.selectionModel()
        if chosen is not None:
            chosen.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def _follow_selection(self) -> None:
        """Keep the actions in step with the selection."""
        count = self.selected_count()
        self.open_action.setEnabled(count == 1)
        self.compare_action.setEnabled(count == 2)
        self.delete_action.setEnabled(count > 0)
        self.selection_changed.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Open with either Enter, and delete where the shortcut did not take the key."""
        if event is not None and self.state() is not QAbstractItemView.State.EditingState:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open_current()
                return
            if event.matches(QKeySequence.StandardKey.Delete):
                self.delete_action.trigger()
                return
        super().keyPressEvent(event)

    def _set_up_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        self.ensurePolished()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING_PX)
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        columns.setSectionsMovable(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        letter = self.fontMetrics().averageCharWidth()
        for column, letters in _WIDTHS.items():
            columns.resizeSection(column, letters * letter + _ROW_PADDING_PX)
        columns.setSortIndicator(Column.DATE, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)

    def _action(self, text: str, keys: QKeySequence) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action

    def _on_double_click(self, index: QModelIndex) -> None:
        if index.column() not in EDITABLE:
            self._open_current()

    def _open_current(self) -> None:
        record = self._model.record(self.currentIndex().row())
        if record is not None:
            self.opened.emit(record.id)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer what can be done with the selected rows."""
        viewport = self.viewport()
        if event is None or viewport is None:
            return
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).center()
            self.menu_at(viewport.mapToGlobal(place))
        else:
            self.menu_at(event.globalPos())

    def menu_at(self, position: QPoint) -> QMenu:
        """Show the menu there and return it; it goes by itself."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.open_action, self.compare_action])
        for column, words in (
            (Column.GARMENT, self.tr("Edit clothes")),
            (Column.NOTE, self.tr("Edit note")),
        ):
            edit = menu.addAction(words)
            assert edit is not None
            edit.setEnabled(self.selected_count() == 1)
            index = self._model.index(self.currentIndex().row(), column)
            edit.triggered.connect(lambda _, index=index: self.edit(index))
        menu.addSeparator()
        menu.addAction(self.delete_action)
        menu.popup(position)
        return menu
