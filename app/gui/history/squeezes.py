"""Squeeze tests on the History page: a button, and all of them behind it."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence, QUndoCommand
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.records import Ability
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QLocale
    from PyQt6.QtGui import QUndoStack

    from app.gui.background.history import HistoryWriter
    from app.gui.background.jobs import Jobs
    from app.history.records import Squeeze, SqueezeAnswers
    from app.history.store import History


class EditAnswers(QUndoCommand):
    """What a person answered.

    Parameters
    ----------
    words
        What was done, for the bar that offers to take it back.
    show
        Called at once with the test and the answers.
    """

    def __init__(
        self,
        writer: HistoryWriter,
        squeeze_id: int,
        before: SqueezeAnswers,
        after: SqueezeAnswers,
        show: Callable[[int, SqueezeAnswers], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._id, self._show = writer, squeeze_id, show
        self._before, self._after = before, after

    def redo(self) -> None:
        """Write them."""
        self._put(self._after)

    def undo(self) -> None:
        """Write those that were there before."""
        self._put(self._before)

    def _put(self, answers: SqueezeAnswers) -> None:
        squeeze_id = self._id
        self._show(squeeze_id, answers)
        self._writer.write(
            lambda history: history.set_squeeze_answers(squeeze_id, answers), lambda: None
        )


class DeleteSqueezes(QUndoCommand):
    """Tests hidden, until they are shown again or become final when the program ends."""

    def __init__(
        self,
        writer: HistoryWriter,
        ids: Sequence[int],
        changed: Callable[[], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._ids, self._changed = writer, tuple(ids), changed

    def redo(self) -> None:
        """Hide them."""
        self._writer.write(lambda history: history.delete_squeezes(self._ids), self._changed)

    def undo(self) -> None:
        """Show them again."""
        self._writer.write(lambda history: history.restore_squeezes(self._ids), self._changed)


class SqueezeColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    TURN = 1
    NOISE = 2
    BOTH = 3
    LEFT = 4
    RIGHT = 5


class SqueezeModel(QAbstractTableModel):
    """Squeeze tests that were read.

    Parameters
    ----------
    locale
        For dates.
    """

    def __init__(self, locale: QLocale, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locale = locale
        self._newest_first: list[Squeeze] = []

    def show(self, squeezes: Sequence[Squeeze]) -> None:
        """Show these tests, which come oldest first."""
        self.beginResetModel()
        self._newest_first = list(reversed(squeezes))
        self.endResetModel()

    def squeeze(self, row: int) -> Squeeze | None:
        """Return the test in a row."""
        return self._newest_first[row] if 0 <= row < len(self._newest_first) else None

    def row_of(self, squeeze_id: int) -> int | None:
        """Return where a test stands."""
        rows = (row for row, one in enumerate(self._newest_first) if one.id == squeeze_id)
        return next(rows, None)

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        row = self.row_of(squeeze_id)
        if row is None:
            return
        self._newest_first[row] = replace(self._newest_first[row], answers=answers)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(SqueezeColumn) - 1))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many tests there are."""
        return 0 if parent is not None and parent.isValid() else len(self._newest_first)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(SqueezeColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            SqueezeColumn.DATE: self.tr("Date"),
            SqueezeColumn.TURN: self.tr("Turn (likely)"),
            SqueezeColumn.NOISE: self.tr(squeeze_words.MORE_COLUMN),
            SqueezeColumn.BOTH: self.tr(squeeze_words.BOTH),
            SqueezeColumn.LEFT: self.tr(squeeze_words.LEFT),
            SqueezeColumn.RIGHT: self.tr(squeeze_words.RIGHT),
        }[SqueezeColumn(section)]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        squeeze = self.squeeze(index.row()) if index.isValid() else None
        if squeeze is None:
            return None
        column, answers = SqueezeColumn(index.column()), squeeze.answers
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(squeeze, column)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column is SqueezeColumn.DATE:
            return date_and_time(self._locale, squeeze.taken_at)
        if column is SqueezeColumn.TURN:
            return self.tr(squeeze_words.turn_text(squeeze.result))
        if column is SqueezeColumn.NOISE:
            return self.tr(squeeze_words.noise_in_list(squeeze.result))
        answer = {
            SqueezeColumn.BOTH: answers.both,
            SqueezeColumn.LEFT: answers.left,
            SqueezeColumn.RIGHT: answers.right,
        }[column]
        return self.tr(squeeze_words.ability_name(answer))

    def _tip(self, squeeze: Squeeze, column: SqueezeColumn) -> str | None:
        if column is SqueezeColumn.TURN:
            return self.tr(squeeze_words.describe_turn(squeeze.result))
        if column is SqueezeColumn.NOISE:
            return self.tr(squeeze_words.describe_noise(squeeze.result))
        return None


_ROW_PADDING_PX = 12
_LIST_MIN_PX = 110
_COLUMN_MIN_PX = 70
#: The fields of :class:`~app.history.records.SqueezeAnswers`, with what is asked.
_ASKED = (
    ("both", squeeze_words.BOTH, squeeze_words.ASK_BOTH),
    ("left", squeeze_words.LEFT, squeeze_words.ASK_LEFT),
    ("right", squeeze_words.RIGHT, squeeze_words.ASK_RIGHT),
)


class SqueezeList(QWidget):
    """Shows tests in a table, and the chosen one below it with answers to choose."""

    closed = pyqtSignal()
    #: The test as it was, and the answers as somebody just chose them.
    edited = pyqtSignal(object, object)
    #: The ids of tests, a tuple.
    delete_wanted = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr(squeeze_words.TITLE_SEVERAL))
        self.model = SqueezeModel(self.locale(), self)
        self._build()

    @property
    def chosen(self) -> Squeeze | None:
        """The test shown below the table."""
        return self.model.squeeze(self.table.currentIndex().row())

    def show_squeezes(self, squeezes: Sequence[Squeeze]) -> None:
        """Show these tests, oldest first; the chosen one stays, or else the newest is."""
        before = self.chosen
        self.model.show(squeezes)
        row = None if before is None else self.model.row_of(before.id)
        if squeezes:
            self.table.selectRow(row or 0)
        self._show_chosen()

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        self.model.put_answers(squeeze_id, answers)
        self._show_chosen()

    def selected_ids(self) -> tuple[int, ...]:
        """Return the selected tests."""
        chosen = self.table.selectionModel()
        rows = [] if chosen is None else sorted(index.row() for index in chosen.selectedRows())
        found = (self.model.squeeze(row) for row in rows)
        return tuple(squeeze.id for squeeze in found if squeeze is not None)

    def _build(self) -> None:
        back = QPushButton(self.tr("Back to all checks"))
        back.setToolTip(self.tr("Back to all checks (Escape)"))
        back.clicked.connect(self.closed)
        heading = QLabel(self.tr(squeeze_words.TITLE_SEVERAL))
        set_kind(heading, Kind.HEADING)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setToolTip(self.tr("Delete the selected squeeze tests (Delete)"))
        self.delete.clicked.connect(self._delete)
        top = QHBoxLayout()
        top.addWidget(back)
        top.addWidget(heading, 1)
        top.addWidget(self.delete)
        about = QLabel(self.tr(squeeze_words.SELF_CHECK))
        about.setWordWrap(True)
        set_kind(about, Kind.MUTED)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(top)
        layout.addWidget(about)
        layout.addWidget(self._table(), 1)
        layout.addWidget(self._card())

    def _table(self) -> QTableView:
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr(squeeze_words.TITLE_SEVERAL))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setMinimumHeight(_LIST_MIN_PX)
        across, down = self.table.horizontalHeader(), self.table.verticalHeader()
        assert across is not None
        assert down is not None
        # Only what is in view is measured, however many tests there are.
        across.setResizeContentsPrecision(0)
        across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        across.setSectionResizeMode(SqueezeColumn.TURN, QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(_COLUMN_MIN_PX)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        down.hide()
        down.setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING_PX)
        delete = QAction(self.tr("Delete"), self.table)
        delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self._delete)
        self.table.addAction(delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        chosen = self.table.selectionModel()
        assert chosen is not None
        chosen.selectionChanged.connect(lambda *_: self._show_chosen())
        return self.table

    def _card(self) -> QFrame:
        self.card, self.when, self.said = QFrame(), QLabel(), QLabel()
        set_kind(self.card, Kind.CARD)
        for label, kind in ((self.when, Kind.MUTED), (self.said, Kind.BODY)):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_kind(label, kind)
        self.answers: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX * 2)
        grid.setVerticalSpacing(GAP_PX // 2)
        for place, (name, short, question) in enumerate(_ASKED):
            choice = QComboBox()
            choice.addItem(self.tr(squeeze_words.NOT_SAID), None)
            for ability in Ability:
                choice.addItem(self.tr(squeeze_words.ability_name(ability)), ability)
            choice.setAccessibleName(self.tr(question))
            choice.setToolTip(self.tr(question))
            choice.activated.connect(lambda _, name=name: self._edit(name))
            label = QLabel(self.tr(short))
            label.setBuddy(choice)
            grid.addWidget(label, 0, place)
            grid.addWidget(choice, 1, place)
            grid.setColumnStretch(place, 1)
            self.answers[name] = choice
        layout = QVBoxLayout(self.card)
        layout.setSpacing(GAP_PX)
        for part in (self.when, self.said):
            layout.addWidget(part)
        could = QLabel(self.tr(squeeze_words.COULD_TIGHTEN))
        layout.addWidget(could)
        layout.addLayout(grid)
        return self.card

    def _show_chosen(self) -> None:
        squeeze = self.chosen
        self.card.setVisible(squeeze is not None)
        self.delete.setEnabled(bool(self.selected_ids()))
        if squeeze is None:
            return
        self.when.setText(date_and_time(self.locale(), squeeze.taken_at))
        said = squeeze_words.describe_turn(squeeze.result) + "."
        lines = [f"{said} {squeeze_words.describe_noise(squeeze.result)}"]
        lines += [squeeze_words.describe_rounds(squeeze.result), squeeze.note]
        self.said.setText("\n".join(line for line in lines if line))
        for name, choice in self.answers.items():
            given = getattr(squeeze.answers, name)
            choice.setCurrentIndex(0 if given is None else 1 + list(Ability).index(given))

    def _edit(self, name: str) -> None:
        squeeze = self.chosen
        if squeeze is None:
            return
        chosen = self.answers[name].currentData()
        given = None if chosen is None else Ability(chosen)
        answers = replace(squeeze.answers, **{name: given})
        if answers != squeeze.answers:
            self.edited.emit(squeeze, answers)

    def _delete(self) -> None:
        ids = self.selected_ids()
        if ids:
            self.delete_wanted.emit(ids)


_KEY = "history squeezes"


class SqueezeButton(QPushButton):
    """Says how many tests there are, and pointed at the newest; hidden when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()

    def show_squeezes(self, squeezes: Sequence[Squeeze]) -> None:
        """Count these tests, which come oldest first."""
        if not squeezes:
            return
        newest = squeezes[-1]
        when = date_only(self.locale(), newest.taken_at)
        turned = self.tr(squeeze_words.turn_text(newest.result))
        said = self.tr(squeeze_words.NEWEST).format(when=when, turned=turned)
        self.setText(self.tr(squeeze_words.COUNTED).format(count=len(squeezes)))
        self.setToolTip(said)
        self.setAccessibleDescription(said)


class SqueezeShelf(QObject):
    """Reads one person's tests, and keeps what is changed about them.

    Parameters
    ----------
    jobs, open_history
        They are read with these.
    undo, writer
        Of the page: what is changed goes through them.
    """

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    #: Whether there are any, each time they were read.
    shown = pyqtSignal(bool)
    #: The list, when it was made, to be put where it is to be seen.
    list_made = pyqtSignal(QWidget)
    #: Somebody has seen enough of it.
    closed = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        undo: QUndoStack,
        writer: HistoryWriter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._undo, self._writer = undo, writer
        self._profile_id: int | None = None
        self._squeezes: Sequence[Squeeze] = ()
        self._list: SqueezeList | None = None
        self.button = SqueezeButton()

    @property
    def has_any(self) -> bool:
        """Whether there are any, as far as was read."""
        return bool(self._squeezes)

    @property
    def list(self) -> SqueezeList:
        """All of them; made when it is first needed."""
        if self._list is None:
            self._list = SqueezeList()
            self._list.show_squeezes(self._squeezes)
            self._list.closed.connect(self.closed)
            self._list.edited.connect(self._edit)
            self._list.delete_wanted.connect(self._delete)
            self.list_made.emit(self._list)
        return self._list

    def show_profile(self, profile_id: int) -> None:
        """Read this person's tests and show them."""
        self._profile_id = profile_id
        self._jobs.start(
            _KEY, lambda: self._open().squeezes(profile_id), self._show, self.failed.emit
        )

    def clear(self) -> None:
        """Show none, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._show(())

    def _show(self, squeezes: Sequence[Squeeze]) -> None:
        self._squeezes = squeezes
        self.button.show_squeezes(squeezes)
        if self._list is not None:
            self._list.show_squeezes(squeezes)
        self.shown.emit(self.has_any)

    def _refresh(self) -> None:
        if self._profile_id is not None:
            self.show_profile(self._profile_id)

    def _edit(self, before: Squeeze, answers: SqueezeAnswers) -> None:
        words = self.tr("Answer changed")
        self._undo.push(
            EditAnswers(
                self._writer, before.id, before.answers, answers, self.list.put_answers, words
            )
        )
        self.status.emit(f"{words}.")

    def _delete(self, ids: tuple[int, ...]) -> None:
        words = self.tr("Deleted {tests}").format(tests=squeeze_words.count_tests(len(ids)))
        self._undo.push(DeleteSqueezes(self._writer, ids, self._refresh, words))
        self.status.emit(f"{words}.")
