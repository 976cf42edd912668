"""The trend with its choice of methods and the sentence that says what changed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.gui.history.plot import TrendPlot
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import say, words
from app.history.comparison import change_between
from app.history.records import RowQuery
from app.text import history as history_words
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.gui.background.jobs import Jobs
    from app.gui.history.scale import Span
    from app.history.records import CheckRow, Trend
    from app.history.store import History

_KEY, _KEY_POINTED = "history trend", "history pointed"
#: So far back somebody's clothes and arms are looked up for a check taken the same way.
_LOOK_BACK = 60


@dataclass(frozen=True, slots=True, eq=False)
class TrendNews:
    """What the panel shows.

    Attributes
    ----------
    methods
        Those this person has, most used first.
    trend
        By one of them, or None where there is no check.
    newest, earlier
        The newest check by it and the one it is compared with, or None.
    """

    methods: Sequence[Method]
    trend: Trend | None
    newest: CheckRow | None
    earlier: CheckRow | None


def read_news(history: History, profile_id: int, method: Method | None) -> TrendNews:
    """Read a person's trend; by the method they use most where ``method`` has no check."""
    import_module("pyqtgraph")  # which takes long, so here, beside the GUI thread
    methods = history.methods(profile_id)
    if not methods:
        return TrendNews((), None, None, None)
    chosen = method if method in methods else methods[0]
    rows = history.rows(RowQuery(profile_id, method=chosen), 0, _LOOK_BACK)
    trend = history.trend(profile_id, chosen)
    newest = rows[0] if rows else None
    return TrendNews(methods, trend if len(trend.ids) else None, newest, comparable(rows))


def comparable(rows: Sequence[CheckRow]) -> CheckRow | None:
    """Return the check that the first of ``rows`` is best compared with.

    Parameters
    ----------
    rows
        Newest first, of one method.

    Returns
    -------
    CheckRow or None
        The newest earlier one in the same clothes and with the arms in the same place;
        where there is none, the newest that can be compared at all.
    """
    if not rows:
        return None
    newest = rows[0]
    can = [row for row in rows[1:] if change_between(row, newest) is not None]
    worn = newest.conditions
    differ = history_words.conditions_differ_briefly
    alike = (row for row in can if not differ(row.conditions, worn))
    return next(alike, can[0] if can else None)


class TrendPanel(QFrame):
    """One person's trend, one method at a time."""

    check_chosen = pyqtSignal(int)
    failed = pyqtSignal(Exception)
    #: After each :meth:`show_profile`.
    shown = pyqtSignal(object)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._profile_id: int | None = None
        self._method: Method | None = None
        set_kind(self, Kind.CARD)
        self.sentence, self.basis, self.axis = (
            words(),
            words(kind=Kind.MUTED),
            words(kind=Kind.MUTED),
        )
        self.choice = self._make_choice()
        self.plot = TrendPlot()
        self.plot.check_chosen.connect(self.check_chosen)
        self.plot.check_pointed.connect(self._read_pointed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_PX + 2, GAP_PX, GAP_PX + 2, GAP_PX // 2)
        self._column.setSpacing(GAP_PX // 2)
        self._column.addWidget(self.sentence)
        self._column.addWidget(self.basis)
        self._column.addLayout(self._make_row())
        self._column.addWidget(self.plot, 1)

    def show_profile(self, profile_id: int) -> None:
        """Read this person's trend and show it."""
        self._profile_id = profile_id
        method = self._method
        self._jobs.start(
            _KEY, lambda: read_news(self._open(), profile_id, method), self._show, self.failed.emit
        )

    def clear(self) -> None:
        """Show nothing."""
        self.plot.clear()

    def mark_opened(self, check_id: int | None) -> None:
        """Put a ring round the check whose details are open."""
        self.plot.mark_opened(check_id)

    def make_room_for(self, time: Span | None) -> None:
        """Have room for this time beside the checks, in sight if all of them are."""
        self.plot.make_room_for(time)

    def add_below(self, widget: QWidget) -> None:
        """Put something below the plot."""
        self._column.addWidget(widget)

    def _make_choice(self) -> QComboBox:
        choice = QComboBox()
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        choice.setAccessibleName(self.tr("Way of measuring that the trend shows"))
        choice.setToolTip(
            self.tr("Different ways of measuring are never mixed: choose the one to see")
        )
        choice.activated.connect(self._choose)
        return choice

    def _make_row(self) -> QHBoxLayout:
        """Return the choice of methods, what the axis says, and buttons to zoom."""
        row = QHBoxLayout()
        row.addWidget(self.choice)
        row.addWidget(self.axis, 1)
        for text, name, do in (
            ("+", self.tr("Show less time (+)"), lambda: self.plot.zoom(0.7)),
            ("-", self.tr("Show more time (-)"), lambda: self.plot.zoom(1 / 0.7)),
            (self.tr("Show all"), self.tr("Show all checks in the trend (0)"), self.plot.show_all),
        ):
            button = QPushButton(text)
            button.setAccessibleName(name)
            button.setToolTip(name)
            set_kind(button, Kind.QUIET)
            button.clicked.connect(do)
            row.addWidget(button)
        return row

    def _choose(self, index: int) -> None:
        self._method = Method(self.choice.itemData(index))
        if self._profile_id is not None:
            self.show_profile(self._profile_id)

    def _show(self, news: TrendNews) -> None:
        self.choice.clear()
        for method in news.methods:
            self.choice.addItem(history_words.method_name(method), method)
        if news.trend is None:
            self.plot.clear()
        else:
            self._show_trend(news, news.trend)
        self.shown.emit(news)

    def _show_trend(self, news: TrendNews, trend: Trend) -> None:
        self._method = trend.method
        self.choice.setCurrentIndex(list(news.methods).index(trend.method))
        is_belt = trend.method is Method.BELT
        say(self.axis, history_words.BELT_AXIS if is_belt else history_words.TILT_AXIS)
        say(self.basis, history_words.rests_on(trend.method))
        say(self.sentence, self._what_changed(news, len(trend.ids)))
        self.plot.show_trend(trend)

    def _what_changed(self, news: TrendNews, count: int) -> str:
        newest, earlier = news.newest, news.earlier
        if newest is None:
            return ""
        said = [history_words.describe_newest(newest, self._when(newest, earlier))]
        change = None if earlier is None else change_between(earlier, newest)
        if earlier is None or change is None:
            said.append(history_words.ONLY_ONE if count == 1 else history_words.NOTHING_LIKE_IT)
            return " ".join(said)
        when = self._when(earlier, newest)
        said.append(history_words.describe_since(earlier, when, change))
        said.append(history_words.conditions_differ_briefly(earlier.conditions, newest.conditions))
        return " ".join(said).strip()

    def _when(self, row: CheckRow, other: CheckRow | None) -> str:
        """Return the day of a check, with the time where the other was taken on the same."""
        day = date_only(self.locale(), row.taken_at)
        if other is None or day != date_only(self.locale(), other.taken_at):
            return day
        return date_and_time(self.locale(), row.taken_at)

    def _read_pointed(self, check_id: int) -> None:
        """Look up what was worn and noted, for the card beside the check pointed at."""
        self._jobs.start(
            _KEY_POINTED,
            lambda: self._open().check(check_id).row,
            self.plot.say_more,
            self.failed.emit,
        )
