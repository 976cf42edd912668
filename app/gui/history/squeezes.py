"""Squeeze tests on the History page: a button, and all of them behind it."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QWidget,
)

from app.gui.history.table import FixedColumnsModel, RowTable
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import in_column, in_row, make_button, named, say, words
from app.history.records import Ability
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QLocale

    from app.gui.background.history import HistoryChanges
    from app.gui.background.jobs import Jobs
    from app.history.records import Squeeze, SqueezeAnswers
    from app.history.store import History

_KEY = "history squeezes"
_COLUMN_MIN_PX = 70
#: The fields of :class:`~app.history.records.SqueezeAnswers`, with what is asked.
_ASKED = (
    ("both", squeeze_words.BOTH, squeeze_words.ASK_BOTH),
    ("left", squeeze_words.LEFT, squeeze_words.ASK_LEFT),
    ("right", squeeze_words.RIGHT, squeeze_words.ASK_RIGHT),
)


class SqueezeSection(QObject):
    """Reads one person's tests, and keeps what is changed about them.

    Parameters
    ----------
    jobs, open_history
        They are read with these.
    changes
        Those of the page: what is changed goes through them.
    """

    failed = pyqtSignal(Exception)
    #: Whether there are any, each time they were read.
    shown = pyqtSignal(bool)
    #: The list, when it was made, to be put where it is to be seen.
    list_made = pyqtSignal(QWidget)
    #: Somebody wants to see all of them, or has seen enough.
    opened = pyqtSignal()
    closed = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        changes: HistoryChanges,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open, self._changes = jobs, open_history, changes
        self._profile_id: int | None = None
        self._squeezes: Sequence[Squeeze] = ()
        self._list: SqueezeList | None = None
        #: Says how many tests there are, and pointed at the newest; hidden when there is none.
        self.button = QPushButton()
        self.button.hide()
        self.button.clicked.connect(self.opened)

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

    def focus_list(self) -> None:
        """Hand the keys to the table of all of them."""
        self.list.focus_table()

    def offer(self, is_wanted: bool) -> None:
        """Show the button if there is anything behind it."""
        self.button.setVisible(is_wanted and self.has_any)

    def _show(self, squeezes: Sequence[Squeeze]) -> None:
        self._squeezes = squeezes
        if squeezes:
            newest = squeezes[-1]
            said = squeeze_words.NEWEST.format(
                when=date_only(self.button.locale(), newest.taken_at),
                turned=squeeze_words.turn_text(newest.result),
            )
            self.button.setText(squeeze_words.COUNTED.format(count=len(squeezes)))
            self.button.setToolTip(said)
            self.button.setAccessibleDescription(said)
        if self._list is not None:
            self._list.show_squeezes(squeezes)
        self.shown.emit(self.has_any)

    def _edit(self, before: Squeeze, answers: SqueezeAnswers) -> None:
        self._changes.edit(
            self.tr("Answer changed"),
            before.answers,
            answers,
            lambda given: self.list.put_answers(before.id, given),
            lambda history, given: history.set_squeeze_answers(before.id, given),
        )

    def _delete(self, ids: tuple[int, ...]) -> None:
        self._changes.delete(
            self.tr("Deleted {tests}").format(tests=squeeze_words.count_tests(len(ids))),
            lambda history: history.delete(ids, "squeezes"),
            lambda history: history.restore(ids, "squeezes"),
            self._refresh,
        )

    def _refresh(self) -> None:
        if self._profile_id is not None:
            self.show_profile(self._profile_id)


class SqueezeList(QWidget):
    """Shows tests in a table, and the chosen one below it with answers to choose."""

    closed = pyqtSignal()
    #: The test as it was, and the answers as somebody just chose them.
    edited = pyqtSignal(object, object)
    #: The ids of tests, a tuple.
    delete_wanted = pyqtSignal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(squeeze_words.TITLE_SEVERAL)
        self.model = SqueezeModel(self.locale(), self)
        back = make_button(
            self.tr("Back to all checks"), self.tr("Back to all checks (Escape)"), act=self.closed
        )
        heading = words(squeeze_words.TITLE_SEVERAL, Kind.HEADING, can_copy=False)
        self.delete = make_button(
            self.tr("Delete"),
            self.tr("Delete the selected squeeze tests (Delete)"),
            act=self._delete,
        )
        top = in_row(back, (heading, 1), self.delete)
        parts = words(squeeze_words.SELF_CHECK, Kind.MUTED), (self._make_table(), 1)
        margins_px = PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0
        in_column(top, *parts, self._make_card(), on=self, margins_px=margins_px)

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
            self.table.select_row(row or 0)
        self._show_chosen()

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        self.model.put_answers(squeeze_id, answers)
        self._show_chosen()

    def selected_ids(self) -> tuple[int, ...]:
        """Return the selected tests."""
        rows = sorted(index.row() for index in self.table.selection.selectedRows())
        found = (self.model.squeeze(row) for row in rows)
        return tuple(squeeze.id for squeeze in found if squeeze is not None)

    def focus_table(self) -> None:
        """Hand the keys to the table."""
        self.table.setFocus()

    def _make_table(self) -> RowTable:
        self.table = RowTable(self.model)
        self.table.setAccessibleName(squeeze_words.TITLE_SEVERAL)
        columns = self.table.columns
        # Only what is in view is measured, however many tests there are.
        columns.setResizeContentsPrecision(0)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(SqueezeColumn.TURN, QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(_COLUMN_MIN_PX)
        keys = QKeySequence(QKeySequence.StandardKey.Delete)
        self.table.add_action(self.tr("Delete"), keys, self._delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.selection.selectionChanged.connect(lambda *_: self._show_chosen())
        return self.table

    def _make_card(self) -> QFrame:
        self.card, self.when, self.said = QFrame(), words(kind=Kind.MUTED), words()
        set_kind(self.card, Kind.CARD)
        self.answers: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX * 2)
        grid.setVerticalSpacing(GAP_PX // 2)
        for place, (name, short, question) in enumerate(_ASKED):
            choice = named(QComboBox(), question)
            choice.addItem(squeeze_words.NOT_SAID, None)
            for ability in Ability:
                choice.addItem(squeeze_words.ability_name(ability), ability)
            choice.activated.connect(lambda _, name=name: self._edit(name))
            label = QLabel(short)
            label.setBuddy(choice)
            grid.addWidget(label, 0, place)
            grid.addWidget(choice, 1, place)
            grid.setColumnStretch(place, 1)
            self.answers[name] = choice
        parts = self.when, self.said, QLabel(squeeze_words.COULD_TIGHTEN), grid
        in_column(*parts, on=self.card, margins_px=GAP_PX + 2)
        return self.card

    def _show_chosen(self) -> None:
        squeeze = self.chosen
        self.card.setVisible(squeeze is not None)
        self.delete.setEnabled(bool(self.selected_ids()))
        if squeeze is None:
            return
        say(self.when, date_and_time(self.locale(), squeeze.taken_at))
        turned = squeeze_words.describe_turn(squeeze.result)
        lines = [f"{turned}. {squeeze_words.describe_noise(squeeze.result)}"]
        lines += [squeeze_words.describe_rounds(squeeze.result), squeeze.note]
        say(self.said, "\n".join(line for line in lines if line))
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


class SqueezeColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    TURN = 1
    NOISE = 2
    BOTH = 3
    LEFT = 4
    RIGHT = 5


class SqueezeModel(FixedColumnsModel):
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
        self.headers = [self.tr("Date"), self.tr("Turn (likely)"), squeeze_words.MORE_COLUMN]
        self.headers += [short for _, short, _ in _ASKED]

    def show(self, squeezes: Sequence[Squeeze]) -> None:
        """Show these tests, which come oldest first."""
        self.beginResetModel()
        self._newest_first = list(reversed(squeezes))
        self._count = len(squeezes)
        self.endResetModel()

    def squeeze(self, row: int) -> Squeeze | None:
        """Return the test in a row."""
        return self._newest_first[row] if 0 <= row < self._count else None

    def row_of(self, squeeze_id: int) -> int | None:
        """Return where a test stands."""
        rows = (row for row, one in enumerate(self._newest_first) if one.id == squeeze_id)
        return next(rows, None)

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        row = self.row_of(squeeze_id)
        if row is not None:
            self._newest_first[row] = replace(self._newest_first[row], answers=answers)
            self.rows_changed(row, row)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        squeeze = self.squeeze(index.row()) if index.isValid() else None
        if squeeze is None:
            return None
        column, answers = SqueezeColumn(index.column()), squeeze.answers
        if role == Qt.ItemDataRole.ToolTipRole:
            if column is SqueezeColumn.TURN:
                return squeeze_words.describe_turn(squeeze.result)
            is_noise = column is SqueezeColumn.NOISE
            return squeeze_words.describe_noise(squeeze.result) if is_noise else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column is SqueezeColumn.DATE:
            return date_and_time(self._locale, squeeze.taken_at)
        if column is SqueezeColumn.TURN:
            return squeeze_words.turn_text(squeeze.result)
        if column is SqueezeColumn.NOISE:
            is_real = squeeze.result.is_more_than_noise
            return squeeze_words.MORE_YES if is_real else squeeze_words.MORE_NO
        given = {
            SqueezeColumn.BOTH: answers.both,
            SqueezeColumn.LEFT: answers.left,
            SqueezeColumn.RIGHT: answers.right,
        }
        return squeeze_words.ability_name(given[column])
