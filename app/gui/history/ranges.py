"""Range tests on the History page: range and place over time, and what changed."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from PyQt6.QtCore import QLocale, QModelIndex, QObject, Qt

from app.gui.history.self_tests import SelfTestList, SelfTestModel, SelfTestSection
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import GAP_PX
from app.gui.widgets.cards import in_column
from app.gui.widgets.range_scale import RangeScale
from app.history.ranges import RangeTaken, range_change, read_ranges
from app.text import history as history_words
from app.text import range_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.store import History, OwnedName


class RangeSection(SelfTestSection[RangeTaken]):
    """Range tests, in front of a camera and from photographs."""

    key: ClassVar[str] = "history ranges"
    table: ClassVar[OwnedName] = "diary"

    def _read(self, history: History, profile_id: int) -> Sequence[RangeTaken]:
        return read_ranges(history, profile_id)

    def _make_list(self) -> RangeList:
        return RangeList()

    def _newest(self, test: RangeTaken, when: str) -> str:
        return range_test.NEWEST.format(when=when, brief=range_test.brief(test.result))

    def _counted(self, count: int) -> str:
        return range_test.COUNTED.format(count=count)

    def _in_words(self, count: int) -> str:
        return range_test.count_tests(count)


class RangeColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    RANGE = 1
    PLACE = 2
    METHOD = 3
    SOURCE = 4


class RangeList(SelfTestList[RangeTaken]):
    """Shows range tests in a table, and the chosen one below it with what has changed."""

    def __init__(self) -> None:
        self.scale = RangeScale()
        title, about = range_test.TITLE_SEVERAL, range_test.ABOUT
        super().__init__(RangeModel(QLocale()), title, about, RangeColumn.PLACE)

    def _fill_card(self) -> None:
        in_column(self.when, self.scale, self.said, on=self.card, margins_px=GAP_PX + 2)

    def _lines(self, test: RangeTaken) -> Sequence[str]:
        result = test.result
        self.scale.show_place(result.place_percent)
        found = f"{range_test.describe_range(result)}. {range_test.describe_place(result)}."
        positions = range_test.describe_positions(result)
        return found, positions, self._change(test), test.kept.note

    def _change(self, test: RangeTaken) -> str:
        """Say what has changed since the first test by the same method; empty for that one."""
        method = test.result.method
        first = next(one for one in reversed(self.model.tests) if one.result.method is method)
        change = None if first is test else range_change(first.result, test.result)
        if change is None:
            return ""
        return range_test.describe_change(change, date_only(self.locale(), first.taken_at))


class RangeModel(SelfTestModel[RangeTaken]):
    """Range tests that were read."""

    def __init__(self, locale: QLocale, parent: QObject | None = None) -> None:
        super().__init__(locale, parent)
        self.headers = [
            self.tr("Date"),
            self.tr("Range (likely)"),
            self.tr("Relaxed, from tucked to arched (likely)"),
            self.tr("Measured by"),
            self.tr("Where"),
        ]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        test = self.test(index.row()) if index.isValid() else None
        if test is None:
            return None
        result, column = test.result, RangeColumn(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            told = {
                RangeColumn.RANGE: range_test.describe_range,
                RangeColumn.PLACE: range_test.describe_place,
            }.get(column)
            return None if told is None else told(result)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match column:
            case RangeColumn.DATE:
                return date_and_time(self._locale, test.taken_at)
            case RangeColumn.RANGE:
                return range_test.brief_range(result)
            case RangeColumn.PLACE:
                return range_test.brief_place(result)
            case RangeColumn.METHOD:
                return history_words.METHOD_NAMES[result.method]
            case RangeColumn.SOURCE:
                return range_test.SOURCES[test.kept.source]
