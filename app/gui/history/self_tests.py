"""Tests of one kind on the History page: a button, and all of them behind it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QFrame, QHeaderView, QPushButton, QWidget

from app.gui.history.table import FixedColumnsModel, RowTable
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import in_column, in_row, make_button, say, words
from app.gui.widgets.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PyQt6.QtCore import QLocale

    from app.gui.background.history import HistoryChanges
    from app.gui.background.jobs import Jobs
    from app.history.store import History, OwnedName

_COLUMN_MIN_PX = 70


class KeptTest(Protocol):
    """A test as it is kept."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def taken_at(self) -> datetime:
        """When it ended."""


TestT = TypeVar("TestT", bound=KeptTest)


class SelfTestSection(QObject, Generic[TestT]):
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

    #: What reading them is called among the jobs, and the table that they are in.
    key: ClassVar[str]
    table: ClassVar[OwnedName]

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
        self._tests: Sequence[TestT] = ()
        self._list: SelfTestList[TestT] | None = None
        #: Says how many tests there are, and pointed at the newest; hidden when there is none.
        self.button = QPushButton()
        self.button.hide()
        self.button.clicked.connect(self.opened)

    @property
    def has_any(self) -> bool:
        """Whether there are any, as far as was read."""
        return bool(self._tests)

    @property
    def list(self) -> Any:
        """All of them, in the list of their kind; made when it is first needed."""
        if self._list is None:
            self._list = self._make_list()
            self._list.show_tests(self._tests)
            self._list.closed.connect(self.closed)
            self._list.delete_wanted.connect(self._delete)
            self.list_made.emit(self._list)
        return self._list

    def show_profile(self, profile_id: int) -> None:
        """Read this person's tests and show them."""
        self._profile_id = profile_id
        self._jobs.start(
            self.key, lambda: self._read(self._open(), profile_id), self._show, self.failed.emit
        )

    def clear(self) -> None:
        """Show none, and drop what is being read."""
        self._jobs.forget(self.key)
        self._show(())

    def is_list(self, widget: QWidget | None) -> bool:
        """Tell whether this is the list of them."""
        return widget is not None and widget is self._list

    def focus_list(self) -> None:
        """Hand the keys to the table of all of them."""
        self.list.focus_table()

    def offer(self, is_wanted: bool) -> None:
        """Show the button if there is anything behind it."""
        self.button.setVisible(is_wanted and self.has_any)

    @abstractmethod
    def _read(self, history: History, profile_id: int) -> Sequence[TestT]:
        """Return a person's tests, oldest first."""

    @abstractmethod
    def _make_list(self) -> SelfTestList[TestT]:
        """Return an empty list of this kind."""

    @abstractmethod
    def _newest(self, test: TestT, when: str) -> str:
        """Say what the newest of them gave."""

    @abstractmethod
    def _counted(self, count: int) -> str:
        """Return the button's words."""

    @abstractmethod
    def _in_words(self, count: int) -> str:
        """Return a number of tests in words."""

    def _show(self, tests: Sequence[TestT]) -> None:
        self._tests = tests
        if tests:
            newest = tests[-1]
            said = self._newest(newest, date_only(self.button.locale(), newest.taken_at))
            self.button.setText(self._counted(len(tests)))
            self.button.setToolTip(plain_tip(said))
            self.button.setAccessibleDescription(said)
        if self._list is not None:
            self._list.show_tests(tests)
        self.shown.emit(self.has_any)

    def _delete(self, ids: tuple[int, ...]) -> None:
        self._changes.delete(
            self.tr("Deleted {tests}").format(tests=self._in_words(len(ids))),
            lambda history: history.delete(ids, self.table),
        )


class SelfTestModel(FixedColumnsModel, Generic[TestT]):
    """Tests that were read, newest first.

    Parameters
    ----------
    locale
        For dates.
    """

    def __init__(self, locale: QLocale, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locale = locale
        self.tests: list[TestT] = []

    def show(self, tests: Sequence[TestT]) -> None:
        """Show these tests, which come oldest first."""
        self.beginResetModel()
        self.tests = list(reversed(tests))
        self._count = len(tests)
        self.endResetModel()

    def test(self, row: int) -> TestT | None:
        """Return the test in a row."""
        return self.tests[row] if 0 <= row < self._count else None

    def row_of(self, test_id: int) -> int | None:
        """Return where a test stands."""
        rows = (row for row, one in enumerate(self.tests) if one.id == test_id)
        return next(rows, None)


class SelfTestList(QWidget, Generic[TestT]):
    """Shows tests in a table, and the chosen one below it.

    Parameters
    ----------
    model
        The tests.
    title, about
        What they are called, and what they are.
    wide
        The column that takes the room to spare.
    """

    closed = pyqtSignal()
    #: The ids of tests, a tuple.
    delete_wanted = pyqtSignal(tuple)

    def __init__(self, model: SelfTestModel[TestT], title: str, about: str, wide: int) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.model = model
        model.setParent(self)
        back = make_button(
            self.tr("Back to all checks"), self.tr("Back to all checks (Escape)"), act=self.closed
        )
        heading = words(title, Kind.HEADING, can_copy=False)
        self.delete = make_button(
            self.tr("Delete"), self.tr("Delete the selected tests (Delete)"), act=self._delete
        )
        self.card, self.when, self.said = QFrame(), words(kind=Kind.MUTED), words()
        set_kind(self.card, Kind.CARD)
        top = in_row(back, (heading, 1), self.delete)
        parts = words(about, Kind.MUTED), (self._make_table(title, wide), 1)
        margins_px = PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0
        self._fill_card()
        in_column(top, *parts, self.card, on=self, margins_px=margins_px)

    @property
    def chosen(self) -> TestT | None:
        """The test shown below the table."""
        return self.model.test(self.table.currentIndex().row())

    def show_tests(self, tests: Sequence[TestT]) -> None:
        """Show these tests, oldest first; the chosen one stays, or else the newest is."""
        before = self.chosen
        self.model.show(tests)
        row = None if before is None else self.model.row_of(before.id)
        if tests:
            self.table.select_row(row or 0)
        self.show_chosen()

    def selected_ids(self) -> tuple[int, ...]:
        """Return the selected tests."""
        rows = sorted(index.row() for index in self.table.selection.selectedRows())
        found = (self.model.test(row) for row in rows)
        return tuple(test.id for test in found if test is not None)

    def focus_table(self) -> None:
        """Hand the keys to the table."""
        self.table.setFocus()

    def show_chosen(self) -> None:
        """Show the chosen test below the table."""
        test = self.chosen
        self.card.setVisible(test is not None)
        self.delete.setEnabled(bool(self.selected_ids()))
        if test is not None:
            say(self.when, date_and_time(self.locale(), test.taken_at))
            say(self.said, "\n".join(line for line in self._lines(test) if line))

    @abstractmethod
    def _fill_card(self) -> None:
        """Put what is shown of the chosen test onto the card."""

    @abstractmethod
    def _lines(self, test: TestT) -> Sequence[str]:
        """Return all that is said of a test, and show what else there is of it."""

    def _make_table(self, title: str, wide: int) -> RowTable:
        self.table = RowTable(self.model)
        self.table.setAccessibleName(title)
        columns = self.table.columns
        # Only what is in view is measured, however many tests there are.
        columns.setResizeContentsPrecision(0)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(_COLUMN_MIN_PX)
        keys = QKeySequence(QKeySequence.StandardKey.Delete)
        self.table.add_action(self.tr("Delete"), keys, self._delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.selection.selectionChanged.connect(lambda *_: self.show_chosen())
        return self.table

    def _delete(self) -> None:
        ids = self.selected_ids()
        if ids:
            self.delete_wanted.emit(ids)
