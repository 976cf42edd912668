"""The checks as a table that reads its rows in blocks as they come into view."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal

from app.gui.history.table__check_columns import EDITABLE, ORDERS, Column, sort_value
from app.gui.style.dates import date_and_time
from app.history.records__query import RowOrder
from app.text.history import arms_name, method_briefly
from vision.format import tilt_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QLocale, QObject

    from app.gui.background.jobs import Jobs
    from app.history.records import CheckRow, Conditions
    from app.history.records__query import RowQuery
    from app.history.store import History

#: Raw values to sort by, and the whole :class:`~app.history.records.CheckRow`.
SORT_ROLE = Qt.ItemDataRole.UserRole
RECORD_ROLE = Qt.ItemDataRole.UserRole + 1

BLOCK_ROWS = 100
_BLOCKS_KEPT = 60
#: More blocks than these are not asked for at once: what was scrolled past is not wanted.
_BLOCKS_WANTED = 3
_READING = "…"


@dataclass(frozen=True, slots=True)
class _FirstRows:
    count: int
    rows: Sequence[CheckRow]


class CheckModel(QAbstractTableModel):
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
        self._jobs, self._open, self._locale = jobs, open_history, locale
        self._query: RowQuery | None = None
        self._order = RowOrder.NEWEST
        self._count = 0
        self._generation = 0
        self._blocks: OrderedDict[int, Sequence[CheckRow]] = OrderedDict()
        self._wanted: list[int] = []
        self._reading: set[int] = set()

    @property
    def query(self) -> RowQuery | None:
        """Which rows are shown, in which order; None before the first :meth:`show`."""
        return self._query

    def show(self, query: RowQuery) -> None:
        """Read these rows; the order is the one that was last sorted by."""
        self._query = query = replace(query, order=self._order)

        def work() -> _FirstRows:
            history = self._open()
            return _FirstRows(history.count(query), history.rows(query, 0, BLOCK_ROWS))

        self._jobs.start("history table", work, self._show_first, self.failed.emit)

    def clear(self) -> None:
        """Show no rows."""
        self._jobs.forget("history table")
        self._show_first(_FirstRows(0, ()))

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
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many rows there are, read or not."""
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.DATE: self.tr("Date"),
            Column.ANGLE: self.tr("Tilt (likely)"),
            Column.METHOD: self.tr("Measured from"),
            Column.GARMENT: self.tr("Clothes"),
            Column.ARMS: self.tr("Arms"),
            Column.NOTE: self.tr("Note"),
            Column.PICTURE: self.tr("Picture"),
        }[Column(section)]

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Return that clothes and note may be edited in place."""
        flags = super().flags(index)
        if index.isValid() and Column(index.column()) in EDITABLE and self.record(index.row()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell; a row that is not there yet is asked for."""
        if not index.isValid():
            return None
        record, column = self.record(index.row()), Column(index.column())
        if record is None:
            self._want(index.row() // BLOCK_ROWS)
            is_first = role == Qt.ItemDataRole.DisplayRole and column is Column.DATE
            return _READING if is_first else None
        if role == RECORD_ROLE:
            return record
        if role == SORT_ROLE:
            return sort_value(record, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(record, column)
        if role in (Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole) and column in EDITABLE:
            said = record.conditions
            return said.garment if column is Column.GARMENT else said.note
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what somebody wrote; the row changes with :meth:`put_conditions`."""
        record = self.record(index.row()) if index.isValid() else None
        if record is None or role != Qt.ItemDataRole.EditRole:
            return False
        said, text = record.conditions, _one_line(str(value))
        is_garment = Column(index.column()) is Column.GARMENT
        if text != _one_line(said.garment if is_garment else said.note):
            changed = replace(said, garment=text) if is_garment else replace(said, note=text)
            self.edited.emit(record, changed)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Let the history sort, and read the first rows anew."""
        if column not in ORDERS:
            return
        rising, falling = ORDERS[Column(column)]
        self._order = rising if order is Qt.SortOrder.AscendingOrder else falling
        if self._query is not None and self._query.order is not self._order:
            self.show(self._query)

    def _show_first(self, found: _FirstRows) -> None:
        self.beginResetModel()
        self._generation += 1
        self._wanted.clear()
        self._reading.clear()
        self._count = found.count
        self._blocks.clear()
        self._blocks[0] = found.rows
        self.endResetModel()
        self.loaded.emit(found.count)

    def _want(self, block: int) -> None:
        """Ask for a block; those asked for longest ago give way."""
        if block in self._reading or block in self._wanted:
            return
        self._wanted.append(block)
        del self._wanted[:-_BLOCKS_WANTED]
        self._read_next()

    def _read_next(self) -> None:
        query = self._query
        if self._reading or not self._wanted or query is None:
            return
        block, generation = self._wanted.pop(), self._generation
        self._reading.add(block)

        def show(rows: Sequence[CheckRow]) -> None:
            if generation == self._generation:
                self._put_block(block, rows)

        def fail(error: Exception) -> None:
            if generation == self._generation:
                self._reading.discard(block)
                self.failed.emit(error)

        self._jobs.start(
            "history rows",
            lambda: self._open().rows(query, block * BLOCK_ROWS, BLOCK_ROWS),
            show,
            fail,
        )

    def _put_block(self, block: int, rows: Sequence[CheckRow]) -> None:
        self._reading.discard(block)
        self._blocks[block] = rows
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        first = block * BLOCK_ROWS
        last = min(first + BLOCK_ROWS, self._count) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))
        self._read_next()

    def _text(self, record: CheckRow, column: Column) -> str:
        said = record.conditions
        if column is Column.DATE:
            return date_and_time(self._locale, record.taken_at)
        if column is Column.ANGLE:
            return tilt_text(record.tilt)
        if column is Column.METHOD:
            return self.tr(method_briefly(record))
        if column is Column.PICTURE:
            return self.tr("kept") if record.has_picture else self.tr("numbers only")
        return {
            Column.GARMENT: said.garment,
            Column.ARMS: self.tr(arms_name(said.arms)),
            Column.NOTE: said.note,
        }[column]


def _one_line(text: str) -> str:
    return " ".join(text.split())
