"""Which checks are shown, and their table with its buttons below."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QEvent, QSignalBlocker, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from app.gui.history.table import CheckList, CheckModel
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import in_column, in_row, make_button, make_choice, named, words
from app.history.records import RowQuery
from app.text import history as history_words
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.gui.background.jobs import Jobs
    from app.history.records import Conditions
    from app.history.store import History

_TYPING_MS = 200
_TABLE, _NO_MATCH = 0, 1
#: With larger letters the choices take a line of their own.
_ONE_LINE_FACTOR = 1.3


class DateChoice(StrEnum):
    """Choices of dates."""

    ALL = "all"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    BETWEEN = "between"


_MONTHS = {DateChoice.MONTH: 1, DateChoice.QUARTER: 3, DateChoice.YEAR: 12}


class CheckBrowser(QWidget):
    """One person's checks: sort, edit, select; which of them is chosen above."""

    failed = pyqtSignal(Exception)
    #: The only check that is selected.
    chosen = pyqtSignal(int)
    #: A check that was double-clicked or entered by key.
    opened = pyqtSignal(int)
    #: The row as it was, and its conditions as somebody just wrote them.
    edited = pyqtSignal(object, object)
    #: Two checks to be compared.
    compare_wanted = pyqtSignal(int, int)
    #: Ids, as a tuple.
    delete_wanted = pyqtSignal(object)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], chosen: CheckFilter
    ) -> None:
        super().__init__()
        self._jobs, self._open, self._filter = jobs, open_history, chosen
        self._row_wanted: int | None = None
        self._profile_id: int | None = None
        self._id_wanted: int | None = None
        self.model = CheckModel(jobs, open_history, self.locale(), self)
        self.list = CheckList(self.model)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._make_no_match())
        in_column((self._pages, 1), self._make_foot(), on=self)
        self._connect()

    def show_profile(self, profile_id: int, keep_id: int | None = None) -> None:
        """Read this person's checks; ``keep_id`` stays selected if it is among them."""
        self._profile_id, self._id_wanted = profile_id, keep_id
        self._read()
        self._jobs.start(
            "history offers",
            lambda: (self._open().methods(profile_id), self._open().garments(profile_id)),
            lambda found: self._filter.offer(*found),
            self.failed.emit,
        )

    def clear(self) -> None:
        """Show no checks."""
        self.model.clear()

    def select(self, check_id: int) -> None:
        """Select a check if it is among the rows read so far."""
        self.list.select(check_id)

    def put_conditions(self, check_id: int, conditions: Conditions) -> None:
        """Show what was written about a check, without reading it again."""
        self.model.put_conditions(check_id, conditions)

    def focus_list(self) -> None:
        """Hand the keys to the table."""
        self.list.setFocus()

    def go_on_after_deleting(self) -> None:
        """Select what comes after the deleted rows once the table was read again."""
        self._row_wanted = min((part.first for part in self.list.ranges()), default=None)

    def forget_chosen(self) -> None:
        """Let the same check be chosen again: its details were closed."""
        self._id_wanted = None

    def _make_foot(self) -> QHBoxLayout:
        self.count = QLabel()
        set_kind(self.count, Kind.MUTED)
        compare = self.tr("Select two checks to compare them (Ctrl+K)")
        self.compare = named(QPushButton(self.tr("Compare")), compare)
        delete = self.tr("Delete the selected checks (Delete)")
        self.delete = named(QPushButton(self.tr("Delete")), delete)
        return in_row((self.count, 1), self.compare, self.delete)

    def _make_no_match(self) -> QWidget:
        page = QWidget()
        said = words(f"{history_words.NO_MATCH} {history_words.NO_MATCH_FIX}", can_copy=False)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_all = make_button(self.tr("Show all checks"), act=self._filter.clear)
        in_column(1, said, in_row(1, self.show_all, 1), 1, on=page, margins_px=PAGE_MARGIN_PX)
        return page

    def _connect(self) -> None:
        self._filter.changed.connect(self._read)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self.failed)
        self.model.edited.connect(self.edited)
        self.model.dataChanged.connect(lambda *_: self._follow_selection())
        self.list.opened.connect(self.opened)
        self.list.selection_changed.connect(self._follow_selection)
        for wish in (self.list.compare_wanted, self.compare.clicked):
            wish.connect(self._compare)
        for wish in (self.list.delete_wanted, self.delete.clicked):
            wish.connect(self._delete)
        self._follow_selection()

    def _read(self) -> None:
        if self._profile_id is not None:
            self.model.show(self._filter.query(self._profile_id))

    def _loaded(self, count: int) -> None:
        nothing = count == 0 and self._filter.is_active
        self._pages.setCurrentIndex(_NO_MATCH if nothing else _TABLE)
        shown = self.locale().toString(count)
        self.count.setText(history_words.CHECKS.of(count, count=shown))
        row, self._row_wanted = self._row_wanted, None
        if row is not None and count:
            self.list.select_row(min(row, count - 1))
        elif self._id_wanted is not None:
            self.list.select(self._id_wanted)
        self._follow_selection()

    def _follow_selection(self) -> None:
        chosen = self.list.selected_count()
        self.compare.setEnabled(chosen == 2)
        self.delete.setEnabled(chosen > 0)
        records = self.list.selected()
        if chosen == 1 and len(records) == 1 and records[0].id != self._id_wanted:
            self._id_wanted = records[0].id
            self.chosen.emit(records[0].id)

    def _compare(self) -> None:
        records = self.list.selected()
        if len(records) == 2:
            self.compare_wanted.emit(records[0].id, records[1].id)

    def _delete(self) -> None:
        """Find out which checks are meant, some of which may not have been read yet."""
        parts, query = self.list.ranges(), self.model.query
        if not parts or query is None:
            return

        def work() -> tuple[int, ...]:
            history = self._open()
            found = (row for part in parts for row in history.rows(query, part.first, part.count))
            return tuple(row.id for row in found)

        self._jobs.start("history to delete", work, self.delete_wanted.emit, self.failed.emit)


class CheckFilter(QWidget):
    """Which checks are to be seen: in the trend and in the table."""

    #: Another :meth:`query` is wanted.
    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._text = QLineEdit()
        self._text.setPlaceholderText(self.tr("Search clothes and notes"))
        self._text.setClearButtonEnabled(True)
        self._text.setMinimumWidth(110)
        periods = (
            (self.tr("All dates"), DateChoice.ALL),
            (self.tr("Last month"), DateChoice.MONTH),
            (self.tr("Last 3 months"), DateChoice.QUARTER),
            (self.tr("Last year"), DateChoice.YEAR),
            (self.tr("From … to …"), DateChoice.BETWEEN),
        )
        self._period = _choice(self.tr("Dates to show"), *periods)
        self._method = _choice(self.tr("Way of measuring to show"), (self.tr("All methods"), None))
        self._garment = _choice(self.tr("Clothes to show"), (self.tr("All clothes"), None))
        self._choices = (self._period, self._method, self._garment)
        self._clear = QPushButton(self.tr("Clear"))
        set_kind(self._clear, Kind.QUIET)
        self._dates_row = self._make_dates()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        self._lay_out()
        self._name()
        self._connect()
        self._follow_period()

    def changeEvent(self, event: QEvent | None) -> None:
        """Take two lines where letters are large."""
        super().changeEvent(event)
        # Nothing is there yet when it gets its first style.
        if event is not None and event.type() == QEvent.Type.StyleChange and self.layout():
            self._lay_out()

    def _lay_out(self) -> None:
        grid, is_high = self._grid, text_factor() > _ONE_LINE_FACTOR
        columns, shares = (2, (1, 1, 0, 0)) if is_high else (4, (3, 2, 3, 2))
        for number, part in enumerate((self._text, *self._choices)):
            grid.addWidget(part, *divmod(number, columns))
            grid.setColumnStretch(number, shares[number])
        grid.addWidget(self._clear, *((2, 1) if is_high else (0, columns)))
        grid.addWidget(self._dates_row, 3, 0, 1, 5)

    @property
    def is_active(self) -> bool:
        """Whether anything but all checks is asked for."""
        return self.query(0) != RowQuery(0)

    def query(self, profile_id: int) -> RowQuery:
        """Return what is asked for, of one person."""
        since, until = self._dates()
        # Qt hands an enumeration of texts back as plain text.
        method = self._method.currentData()
        return RowQuery(
            profile_id,
            method=None if method is None else Method(method),
            garment=self._garment.currentData(),
            text=self._text.text().strip(),
            since=since,
            until=until,
        )

    def offer(self, methods: Sequence[Method], garments: Sequence[str]) -> None:
        """Offer what this person has; a choice that is still there stays."""
        _offer(self._method, [(history_words.METHOD_NAMES[one], one) for one in methods])
        worn = [(garment, garment) for garment in garments if garment.strip()]
        _offer(self._garment, [*worn, (self.tr("Nothing said"), "")] if worn else [])

    def clear(self) -> None:
        """Ask for all checks."""
        was_active = self.is_active
        quiet = [QSignalBlocker(widget) for widget in (self._text, *self._choices)]
        self._text.clear()
        for choice in self._choices:
            choice.setCurrentIndex(0)
        for blocker in quiet:
            blocker.unblock()
        self._typing.stop()
        self._follow_period()
        if was_active:
            self._tell()

    def focus_search(self) -> None:
        """Let somebody type words to look for."""
        self._text.setFocus()
        self._text.selectAll()

    def _make_dates(self) -> QWidget:
        self._since, self._until = QDateEdit(), QDateEdit()
        row = QWidget()
        in_row(self._since, words(self.tr("to"), Kind.MUTED), self._until, 1, on=row)
        today = QDate.currentDate()
        for field, day in ((self._since, today.addMonths(-1)), (self._until, today)):
            field.setCalendarPopup(True)
            field.setDate(day)
        return row

    def _name(self) -> None:
        for widget, name in (
            (self._text, self.tr("Search clothes and notes (Ctrl+F)")),
            (self._since, self.tr("First day to show")),
            (self._until, self.tr("Last day to show")),
            (self._clear, self.tr("Show all checks again")),
        ):
            named(widget, name)

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self._text.textChanged.connect(lambda _: self._typing.start())
        self._text.returnPressed.connect(self._tell)
        for choice in self._choices:
            choice.currentIndexChanged.connect(lambda _: self._tell())
        for field in (self._since, self._until):
            field.dateChanged.connect(lambda _: self._tell())
        self._clear.clicked.connect(self.clear)

    def _tell(self) -> None:
        self._typing.stop()
        self._follow_period()
        self.changed.emit()

    def _follow_period(self) -> None:
        self._dates_row.setVisible(self._period.currentData() == DateChoice.BETWEEN)
        self._clear.setEnabled(self.is_active)

    def _dates(self) -> tuple[datetime | None, datetime | None]:
        """Return from when to before when, by this computer's midnights."""
        period = DateChoice(self._period.currentData())
        if period is DateChoice.ALL:
            return None, None
        if period is DateChoice.BETWEEN:
            first, last = sorted((self._since.date(), self._until.date()), key=QDate.toJulianDay)
            return _midnight(first), _midnight(last.addDays(1))
        return _midnight(QDate.currentDate().addMonths(-_MONTHS[period])), None


def _midnight(day: QDate) -> datetime:
    return datetime(day.year(), day.month(), day.day()).astimezone()


def _choice(name: str, *items: tuple[str, object]) -> QComboBox:
    choice = make_choice(name, name, items, letters=7)
    choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return choice


def _offer(choice: QComboBox, offers: Sequence[tuple[str, Method | str]]) -> None:
    """Put these below the first entry, "all", without telling of a change that is none."""
    before = choice.currentData()
    quiet = QSignalBlocker(choice)
    while choice.count() > 1:
        choice.removeItem(1)
    for text, value in offers:
        choice.addItem(text, value)
    found = [n for n in range(choice.count()) if choice.itemData(n) == before]
    choice.setCurrentIndex(found[0] if found else 0)
    quiet.unblock()
    if not found:
        choice.currentIndexChanged.emit(0)
