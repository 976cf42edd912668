"""Which checks the table shows: dates, method, clothes, words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.history.records__query import RowQuery
from app.text.history import method_name
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPING_MS = 200


class Period(StrEnum):
    """Choices of dates."""

    ALL = "all"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    BETWEEN = "between"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


class CheckFilter(QWidget):
    """Choices above the table."""

    #: Another :meth:`query` is wanted.
    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLineEdit()
        self._text.setPlaceholderText(self.tr("Search clothes and notes"))
        self._text.setClearButtonEnabled(True)
        self._text.setMinimumWidth(110)
        self._period, self._method, self._garment = QComboBox(), QComboBox(), QComboBox()
        self._since, self._until = QDateEdit(), QDateEdit()
        self._clear = QPushButton(self.tr("Clear"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._fill()
        self._name()
        self._lay_out()
        self._connect()
        self._follow_period()

    @property
    def is_active(self) -> bool:
        """Whether anything but all checks is asked for."""
        everything = RowQuery(0)
        return self.query(0) != everything

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
        _offer(self._method, [(self.tr(method_name(one)), one) for one in methods])
        worn = [(garment, garment) for garment in garments if garment.strip()]
        _offer(self._garment, [*worn, (self.tr("Nothing said"), "")] if worn else [])

    def clear(self) -> None:
        """Ask for all checks."""
        was_active = self.is_active
        for widget in (self._text, self._period, self._method, self._garment):
            widget.blockSignals(True)
        self._text.clear()
        for choice in (self._period, self._method, self._garment):
            choice.setCurrentIndex(0)
        for widget in (self._text, self._period, self._method, self._garment):
            widget.blockSignals(False)
        self._typing.stop()
        self._follow_period()
        if was_active:
            self._tell()

    def focus_search(self) -> None:
        """Let somebody type words to look for."""
        self._text.setFocus()
        self._text.selectAll()

    def _fill(self) -> None:
        for words, period in (
            (self.tr("All dates"), Period.ALL),
            (self.tr("Last month"), Period.MONTH),
            (self.tr("Last 3 months"), Period.QUARTER),
            (self.tr("Last year"), Period.YEAR),
            (self.tr("From … to …"), Period.BETWEEN),
        ):
            self._period.addItem(words, period)
        self._method.addItem(self.tr("All methods"), None)
        self._garment.addItem(self.tr("All clothes"), None)
        today = QDate.currentDate()
        for field, day in ((self._since, today.addMonths(-1)), (self._until, today)):
            field.setCalendarPopup(True)
            field.setDate(day)

    def _name(self) -> None:
        for widget, name in (
            (self._text, self.tr("Search clothes and notes (Ctrl+F)")),
            (self._period, self.tr("Dates to show")),
            (self._since, self.tr("First day to show")),
            (self._until, self.tr("Last day to show")),
            (self._method, self.tr("Way of measuring to show")),
            (self._garment, self.tr("Clothes to show")),
            (self._clear, self.tr("Show all checks again")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        for choice in (self._period, self._method, self._garment):
            choice.setMinimumContentsLength(7)
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )

    def _lay_out(self) -> None:
        self._dates_row = QWidget()
        dates = QHBoxLayout(self._dates_row)
        dates.setContentsMargins(0, 0, 0, 0)
        to = QLabel(self.tr("to"))
        set_kind(to, Kind.MUTED)
        dates.addWidget(self._since)
        dates.addWidget(to)
        dates.addWidget(self._until)
        dates.addStretch(1)
        set_kind(self._clear, Kind.QUIET)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        shown = (self._text, self._period, self._method, self._garment, self._clear)
        for column, widget in enumerate(shown):
            layout.addWidget(widget, 0, column)
        for column, share in enumerate((3, 2, 3, 2)):
            layout.setColumnStretch(column, share)
        layout.addWidget(self._dates_row, 1, 0, 1, len(shown))

    def _connect(self) -> None:
        self._text.textChanged.connect(lambda _: self._typing.start())
        self._text.returnPressed.connect(self._tell)
        self._typing.timeout.connect(self._tell)
        self._period.currentIndexChanged.connect(lambda _: self._tell())
        self._method.currentIndexChanged.connect(lambda _: self._tell())
        self._garment.currentIndexChanged.connect(lambda _: self._tell())
        self._since.dateChanged.connect(lambda _: self._tell())
        self._until.dateChanged.connect(lambda _: self._tell())
        self._clear.clicked.connect(self.clear)

    def _tell(self) -> None:
        self._typing.stop()
        self._follow_period()
        self.changed.emit()

    def _follow_period(self) -> None:
        self._dates_row.setVisible(self._period.currentData() == Period.BETWEEN)
        self._clear.setEnabled(self.is_active)

    def _dates(self) -> tuple[datetime | None, datetime | None]:
        """Return from when to before when, by this computer's midnights."""
        period = Period(self._period.currentData())
        if period is Period.ALL:
            return None, None
        if period is Period.BETWEEN:
            first, last = sorted((self._since.date(), self._until.date()), key=QDate.toJulianDay)
            return _midnight(first), _midnight(last.addDays(1))
        return _midnight(QDate.currentDate().addMonths(-_MONTHS[period])), None


def _midnight(day: QDate) -> datetime:
    return datetime(day.year(), day.month(), day.day()).astimezone()


def _offer(choice: QComboBox, offers: Sequence[tuple[str, Method | str]]) -> None:
    """Put these below the first entry, "all", without telling of a change that is none."""
    before = choice.currentData()
    choice.blockSignals(True)
    while choice.count() > 1:
        choice.removeItem(1)
    for words, value in offers:
        choice.addItem(words, value)
    found = [n for n in range(choice.count()) if choice.itemData(n) == before]
    choice.setCurrentIndex(found[0] if found else 0)
    choice.blockSignals(False)
    if not found:
        choice.currentIndexChanged.emit(0)
