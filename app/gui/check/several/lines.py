"""Several pictures as a table: small picture, name, what came of it, whose it is."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QTableView,
)

from app.gui.check.measurement import is_crowd
from app.gui.check.several.pictures import SeveralKind
from app.gui.style.theme import colours
from app.gui.widgets.plain import plain_tip
from app.text import several
from vision.result import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtWidgets import QStyleOptionViewItem, QWidget

    from app.gui.check.several.pictures import PictureLine, SeveralPictures
    from app.history.records import Profile

_ROW_PX, _LINES_A_ROW, _PADDING_PX = 64, 3, 8
_TICK_PX, _NAME_LETTERS, _PERSON_LETTERS = 34, 24, 16
_HEIGHT_MIN_PX, _NAME_SHARE = 140, 0.42


class LineColumn(IntEnum):
    """The columns, from left to right."""

    TICK = 0
    PICTURE = 1
    OUTCOME = 2
    PERSON = 3


class LinesModel(QAbstractTableModel):
    """The lines of several pictures.

    Parameters
    ----------
    people
        Everyone whose a picture may be.
    """

    def __init__(self, people: Callable[[], Sequence[Profile]]) -> None:
        super().__init__()
        self.people = people
        self._pictures: SeveralPictures | None = None
        self._headers = ("", self.tr("Picture"), self.tr("Result"), self.tr("Person"))

    def show(self, pictures: SeveralPictures | None) -> None:
        """Show these from now on."""
        before = self._pictures
        self.beginResetModel()
        if before is not None:
            before.line_changed.disconnect(self._repaint)
        self._pictures = pictures
        if pictures is not None:
            pictures.line_changed.connect(self._repaint)
        self.endResetModel()

    def line(self, row: int) -> PictureLine | None:
        """Return what a row shows."""
        lines = [] if self._pictures is None else self._pictures.lines
        return lines[row] if 0 <= row < len(lines) else None

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many pictures there are."""
        is_inside = parent is not None and parent.isValid()
        return 0 if self._pictures is None or is_inside else len(self._pictures.lines)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        is_inside = parent is not None and parent.isValid()
        return 0 if is_inside else len(LineColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's name."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._headers[section]
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Return that measured pictures can be left out, and given to somebody, until kept."""
        flags, line = super().flags(index), self.line(index.row())
        if line is None or line.is_kept:
            return flags
        if index.column() == LineColumn.TICK and line.measured is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == LineColumn.PERSON:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        line, column = self.line(index.row()), LineColumn(index.column())
        if line is None:
            return None
        match role, column:
            case Qt.ItemDataRole.CheckStateRole, LineColumn.TICK if line.measured is not None:
                is_ticked = line.is_wanted or line.is_kept
                return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole, LineColumn.TICK:
                return self.tr("Taken in") if line.is_wanted else self.tr("Left out")
            case Qt.ItemDataRole.DecorationRole, LineColumn.PICTURE:
                return line.thumbnail
            case Qt.ItemDataRole.ToolTipRole, LineColumn.PICTURE:
                return plain_tip(str(line.path))
            case Qt.ItemDataRole.ToolTipRole, LineColumn.OUTCOME if line.outcome is not None:
                return plain_tip(several.describe_remedy(line.outcome)) or None
            case Qt.ItemDataRole.ForegroundRole, LineColumn.OUTCOME:
                is_without = line.outcome is not None and line.measured is None
                return QColor(colours().refusal) if is_without else None
            case Qt.ItemDataRole.ToolTipRole, LineColumn.PERSON if not line.is_kept:
                return self.tr("Whose check it is; click to choose")
            case Qt.ItemDataRole.EditRole, LineColumn.PERSON:
                return line.profile_id
            case Qt.ItemDataRole.DisplayRole, _:
                return self._text(line, column)
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Leave a picture out or take it in, or say whose it is."""
        pictures = self._pictures
        if pictures is None or self.line(index.row()) is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            pictures.set_wanted(index.row(), Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole and isinstance(value, int):
            pictures.set_person(value, index.row())
            return True
        return False

    def _text(self, line: PictureLine, column: LineColumn) -> str | None:
        if column is LineColumn.PICTURE:
            return line.path.name
        if column is LineColumn.PERSON:
            people = self.people()
            name = next((one.name for one in people if one.id == line.profile_id), "")
            # As a choice looks that can be opened.
            return f"{name} ▾" if len(people) > 1 and not line.is_kept else name
        if column is LineColumn.TICK:
            return None
        outcome = line.outcome
        if outcome is None:
            return several.MEASURING if self._is_next(line) else several.WAITING
        crowd = isinstance(outcome, Rejected) and is_crowd(outcome)
        said = several.describe_outcome(outcome, is_crowd=crowd)
        return several.KEPT.format(said=said) if line.is_kept else said

    def _is_next(self, line: PictureLine) -> bool:
        pictures = self._pictures
        if pictures is None or not pictures.is_running:
            return False
        return next((one for one in pictures.lines if one.outcome is None), None) is line

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(LineColumn) - 1))


class PersonDelegate(QStyledItemDelegate):
    """Lets a person be chosen in place."""

    def createEditor(
        self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget | None:
        """Return a choice of everyone."""
        del option
        choice = QComboBox(parent)
        choice.setAccessibleName(self.tr("Person"))
        model = index.model()
        for profile in model.people() if isinstance(model, LinesModel) else ():
            choice.addItem(profile.name, profile.id)
        choice.activated.connect(lambda _: self._take(choice))
        return choice

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Begin with whose it is, and show everyone at once."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
            editor.showPopup()

    def setModelData(
        self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        """Say whose it is."""
        if isinstance(editor, QComboBox) and model is not None:
            model.setData(index, editor.currentData())

    def _take(self, choice: QComboBox) -> None:
        self.commitData.emit(choice)
        self.closeEditor.emit(choice)


class LinesTable(QTableView):
    """Only rows that show cost anything, however many there are."""

    #: A row that was clicked, or chosen by Return.
    opened = pyqtSignal(int)

    def __init__(self, model: LinesModel) -> None:
        super().__init__()
        self._lines = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Pictures"))
        self.setItemDelegateForColumn(LineColumn.PERSON, PersonDelegate(self))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMinimumHeight(_HEIGHT_MIN_PX)
        self.setIconSize(QSize(_ROW_PX, _ROW_PX))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAcceptDrops(False)  # a photograph that is dropped is the page's business
        self._set_sizes()
        self.clicked.connect(self._click)

    def show_columns(self, kind: SeveralKind | None) -> None:
        """Show whose each is, or not where all are the same person's."""
        self.setColumnHidden(LineColumn.PERSON, kind is not SeveralKind.BATCH)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Open the current row by Return."""
        keys = Qt.Key.Key_Return, Qt.Key.Key_Enter
        row = self.currentIndex().row()
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if event is not None and event.key() in keys and row >= 0 and not is_editing:
            self.opened.emit(row)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave names less room where there is little, as what came of them matters more."""
        super().resizeEvent(event)
        viewport, columns = self.viewport(), self.horizontalHeader()
        if viewport is not None and columns is not None:
            wanted_px = _ROW_PX + _NAME_LETTERS * self.fontMetrics().averageCharWidth()
            most_px = round(_NAME_SHARE * viewport.width())
            columns.resizeSection(LineColumn.PICTURE, min(wanted_px, most_px))

    def _click(self, index: QModelIndex) -> None:
        if index.column() == LineColumn.PERSON:
            self.edit(index)
        elif index.column() != LineColumn.TICK:
            self.opened.emit(index.row())

    def _set_sizes(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        self.ensurePolished()
        letters = self.fontMetrics()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        needed_px = _LINES_A_ROW * letters.height() + _PADDING_PX
        rows.setDefaultSectionSize(max(_ROW_PX, needed_px))
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setMinimumSectionSize(_TICK_PX)
        columns.resizeSection(LineColumn.TICK, _TICK_PX)
        letter_px = letters.averageCharWidth()
        columns.resizeSection(LineColumn.PERSON, _PERSON_LETTERS * letter_px)
        columns.setSectionResizeMode(LineColumn.TICK, QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(LineColumn.OUTCOME, QHeaderView.ResizeMode.Stretch)
