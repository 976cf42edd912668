"""The checks as a table that reads its rows in blocks as they come into view."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QAction, QContextMenuEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.gui.style.dates import date_and_time
from app.gui.widgets.plain import cut_short, plain_tip
from app.history.records import RowOrder
from app.text.history import arms_name, method_briefly
from vision.result import tilt_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QLocale, QObject
    from PyQt6.QtGui import QKeyEvent, QResizeEvent

    from app.gui.background.jobs import Jobs
    from app.history.records import CheckRow, Conditions, RowQuery
    from app.history.store import History

#: Raw values to sort by, and the whole :class:`~app.history.records.CheckRow`.
SORT_ROLE = Qt.ItemDataRole.UserRole
RECORD_ROLE = Qt.ItemDataRole.UserRole + 1
_KEY, _KEY_BLOCK = "history table", "history rows"
BLOCK_ROWS = 100
_BLOCKS_KEPT = 60
#: More blocks than these are not asked for at once: what was scrolled past is not wanted.
_BLOCKS_WANTED = 3
_READING = "…"
#: No column is as wide.
_SHOWN_LETTERS = 500
_CELL_PADDING_PX = 12
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

    def __init__(self, model: FixedColumnsModel) -> None:
        super().__init__()
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


class CheckColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    ANGLE = 1
    METHOD = 2
    GARMENT = 3
    NOTE = 4
    ARMS = 5
    PICTURE = 6


EDITABLE = (CheckColumn.GARMENT, CheckColumn.NOTE)
#: The least width of each column in letters, its share of what room is left, and its orders,
#: rising and falling. What does not fit ends in dots and shows whole as a tooltip.
_COLUMNS = {
    CheckColumn.DATE: (24, 0, (RowOrder.OLDEST, RowOrder.NEWEST)),
    # "4° forward (5 backward to 13 forward)" is told whole.
    CheckColumn.ANGLE: (41, 0, (RowOrder.LEAST_FORWARD, RowOrder.MOST_FORWARD)),
    CheckColumn.METHOD: (12, 10, (RowOrder.METHOD, RowOrder.METHOD_REVERSED)),
    CheckColumn.GARMENT: (12, 10, (RowOrder.GARMENT, RowOrder.GARMENT_REVERSED)),
    CheckColumn.NOTE: (12, 18, (RowOrder.NOTE, RowOrder.NOTE_REVERSED)),
    CheckColumn.ARMS: (12, 14, (RowOrder.ARMS, RowOrder.ARMS_REVERSED)),
    CheckColumn.PICTURE: (11, 0, None),
}


def sort_value(record: CheckRow, column: CheckColumn) -> float | str | bool:
    """Return what a column sorts a check by."""
    said = record.conditions
    return {
        CheckColumn.DATE: record.taken_at.timestamp(),
        CheckColumn.ANGLE: record.tilt.angle_deg,
        CheckColumn.METHOD: record.tilt.method.value,
        CheckColumn.GARMENT: said.garment.casefold(),
        CheckColumn.ARMS: said.arms.value if said.arms is not None else "",
        CheckColumn.NOTE: said.note.casefold(),
        CheckColumn.PICTURE: record.has_picture,
    }[column]


class CheckModel(FixedColumnsModel):
    """The rows of a query. Nothing is read on the GUI thread.

    Parameters
    ----------
    jobs, open_history
        Rows are read with these.
    locale
        For dates.
    """

    #: How many rows there are, after each :meth:`show`.
    loaded = pyqtSignal(int)
    failed = pyqtSignal(Exception)
    #: The row as it was, and its conditions as somebody just wrote them.
    edited = pyqtSignal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        locale: QLocale,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.headers = [
            self.tr("Date"),
            self.tr("Tilt (likely)"),
            self.tr("Method"),
            self.tr("Clothes"),
            self.tr("Note"),
            self.tr("Arms"),
            self.tr("Picture"),
        ]
        self._jobs, self._open, self._locale = jobs, open_history, locale
        self._query: RowQuery | None = None
        self._order = RowOrder.NEWEST
        self._blocks: OrderedDict[int, Sequence[CheckRow]] = OrderedDict()
        self._wanted: list[int] = []
        self._reading: int | None = None

    @property
    def query(self) -> RowQuery | None:
        """Which rows are shown, in which order; None before the first :meth:`show`."""
        return self._query

    def show(self, query: RowQuery) -> None:
        """Read these rows; the order is the one that was last sorted by."""
        self._query = query = replace(query, order=self._order)

        def work() -> tuple[int, Sequence[CheckRow]]:
            history = self._open()
            return history.count(query), history.rows(query, 0, BLOCK_ROWS)

        self._jobs.start(_KEY, work, lambda found: self._show_first(*found), self.failed.emit)

    def clear(self) -> None:
        """Show no rows."""
        self._jobs.forget(_KEY)
        self._show_first(0, ())

    def record(self, row: int) -> CheckRow | None:
        """Return a row's record, or None while it has not been read."""
        block = self._blocks.get(row // BLOCK_ROWS)
        place = row % BLOCK_ROWS
        return block[place] if block is not None and place < len(block) else None

    def row_of(self, check_id: int) -> int | None:
        """Return where a check stands among the rows read so far."""
        for number, block in self._blocks.items():
            for place, record in enumerate(block):
                if record.id == check_id:
                    return number * BLOCK_ROWS + place
        return None

    def put_conditions(self, check_id: int, conditions: Conditions) -> None:
        """Show what was written about a check, without reading it again."""
        row = self.row_of(check_id)
        record = None if row is None else self.record(row)
        if row is None or record is None:
            return
        block = list(self._blocks[row // BLOCK_ROWS])
        block[row % BLOCK_ROWS] = replace(record, conditions=conditions)
        self._blocks[row // BLOCK_ROWS] = block
        self.rows_changed(row, row)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Return that clothes and note may be edited in place."""
        flags = super().flags(index)
        if index.isValid() and CheckColumn(index.column()) in EDITABLE and self.record(index.row()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell; a row that is not there yet is asked for."""
        if not index.isValid():
            return None
        record, column = self.record(index.row()), CheckColumn(index.column())
        if record is None:
            self._want(index.row() // BLOCK_ROWS)
            is_first = role == Qt.ItemDataRole.DisplayRole and column is CheckColumn.DATE
            return _READING if is_first else None
        if role == RECORD_ROLE:
            return record
        if role == SORT_ROLE:
            return sort_value(record, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return cut_short(self._text(record, column), _SHOWN_LETTERS)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(record, column))
        if role == Qt.ItemDataRole.EditRole and column in EDITABLE:
            said = record.conditions
            return said.garment if column is CheckColumn.GARMENT else said.note
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what somebody wrote; the row changes with :meth:`put_conditions`."""
        record = self.record(index.row()) if index.isValid() else None
        if record is None or role != Qt.ItemDataRole.EditRole:
            return False
        said, text = record.conditions, _one_line(str(value))
        is_garment = CheckColumn(index.column()) is CheckColumn.GARMENT
        if text != _one_line(said.garment if is_garment else said.note):
            changed = replace(said, garment=text) if is_garment else replace(said, note=text)
            self.edited.emit(record, changed)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Let the history sort, and read the first rows anew."""
        orders = _COLUMNS[CheckColumn(column)][2] if column >= 0 else None
        if orders is None:
            return
        rising, falling = orders
        self._order = rising if order is Qt.SortOrder.AscendingOrder else falling
        if self._query is not None and self._query.order is not self._order:
            self.show(self._query)

    def _show_first(self, count: int, rows: Sequence[CheckRow]) -> None:
        self._jobs.forget(_KEY_BLOCK)
        self.beginResetModel()
        self._wanted.clear()
        self._reading = None
        self._count = count
        self._blocks.clear()
        self._blocks[0] = rows
        self.endResetModel()
        self.loaded.emit(count)

    def _want(self, block: int) -> None:
        """Ask for a block; those asked for longest ago give way."""
        if block == self._reading or block in self._wanted:
            return
        self._wanted.append(block)
        del self._wanted[:-_BLOCKS_WANTED]
        self._read_next()

    def _read_next(self) -> None:
        query = self._query
        if self._reading is not None or not self._wanted or query is None:
            return
        self._reading = block = self._wanted.pop()

        def fail(error: Exception) -> None:
            self._reading = None
            self.failed.emit(error)

        self._jobs.start(
            _KEY_BLOCK,
            lambda: self._open().rows(query, block * BLOCK_ROWS, BLOCK_ROWS),
            lambda rows: self._put_block(block, rows),
            fail,
        )

    def _put_block(self, block: int, rows: Sequence[CheckRow]) -> None:
        self._reading = None
        self._blocks[block] = rows
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        first = block * BLOCK_ROWS
        last = min(first + BLOCK_ROWS, self._count) - 1
        if last >= first:
            self.rows_changed(first, last)
        self._read_next()

    def _text(self, record: CheckRow, column: CheckColumn) -> str:
        said = record.conditions
        if column is CheckColumn.DATE:
            return date_and_time(self._locale, record.taken_at)
        if column is CheckColumn.ANGLE:
            return tilt_text(record.tilt)
        if column is CheckColumn.METHOD:
            return method_briefly(record)
        if column is CheckColumn.PICTURE:
            return self.tr("kept") if record.has_picture else self.tr("none")
        return {
            CheckColumn.GARMENT: said.garment,
            CheckColumn.ARMS: arms_name(said.arms),
            CheckColumn.NOTE: said.note,
        }[column]


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows that follow one another."""

    first: int
    count: int


class CheckList(RowTable):
    """Shows a :class:`~app.gui.history.table.CheckModel`.

    Enter opens a check, F2 writes clothes or note, Delete deletes what is selected.
    """

    selection_changed = pyqtSignal()
    opened = pyqtSignal(int)
    delete_wanted = pyqtSignal()
    compare_wanted = pyqtSignal()

    def __init__(self, model: CheckModel) -> None:
        super().__init__(model)
        self.setAccessibleName(self.tr("Checks"))
        self._model = model
        self.setAccessibleDescription(
            self.tr("Enter opens a check, F2 edits clothes or note, Delete deletes.")
        )
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.open_action = self.add_action(
            self.tr("Show"), QKeySequence(Qt.Key.Key_Return), self._open_current
        )
        self.compare_action = self.add_action(
            self.tr("Compare the two"), QKeySequence("Ctrl+K"), self.compare_wanted.emit
        )
        self.delete_action = self.add_action(
            self.tr("Delete"),
            QKeySequence(QKeySequence.StandardKey.Delete),
            self.delete_wanted.emit,
        )
        self.doubleClicked.connect(self._on_double_click)
        self.columns.setSectionsMovable(False)
        self._is_as_made, self._is_sharing = True, False
        self.columns.sectionResized.connect(lambda *_: self._keep_widths())
        self.columns.setSortIndicator(CheckColumn.DATE, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.selection.selectionChanged.connect(lambda *_: self._follow_selection())
        model.modelReset.connect(self._follow_selection)
        self._follow_selection()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Share the room among the columns, unless somebody has drawn them as they like them."""
        super().resizeEvent(event)
        viewport = self.viewport()
        if not self._is_as_made or viewport is None:
            return
        letter = self.fontMetrics().averageCharWidth()
        least = {one: _COLUMNS[one][0] * letter + _CELL_PADDING_PX for one in CheckColumn}
        left_px = max(0, viewport.width() - sum(least.values()))
        shares = sum(share for _, share, _ in _COLUMNS.values())
        self._is_sharing = True
        for column, (_, share, _) in _COLUMNS.items():
            self.columns.resizeSection(column, least[column] + left_px * share // shares)
        self._is_sharing = False

    def _keep_widths(self) -> None:
        self._is_as_made = self._is_as_made and self._is_sharing

    def ranges(self) -> list[RowRange]:
        """Return the selected rows, also those that were not read yet."""
        parts = self.selection.selection()
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
            (CheckColumn.GARMENT, self.tr("Edit clothes")),
            (CheckColumn.NOTE, self.tr("Edit note")),
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


def _one_line(text: str) -> str:
    return " ".join(text.split())
