"""What the trend's panel tells of a list, as it is read beside the window's own thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from app.history.change.trend_line import read_line
from app.history.comparison import LOOK_BACK, last_like
from app.history.records import RowOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.change.trend_line import TrendLine
    from app.history.records import CheckRow, RowQuery, Trend, TrendOutline
    from app.history.store import History
    from vision.result import Method

#: Of more checks than these the trend is painted before the line through them is known.
QUICK_CHECKS = 3000


@dataclass(frozen=True, slots=True, eq=False)
class TrendNews:
    """What the panel shows.

    Attributes
    ----------
    methods
        Those this person has, most used first; empty where there is no check at all.
    trend
        By one of them, or None where no check is as asked for, or they are so many that their
        outline is shown first.
    outline
        That one.
    count
        How many checks there are.
    line
        What all its checks say together, or None where they are too few, or so many that this
        is read afterwards.
    newest, earlier
        The newest check of it and the one it is compared with, or None.
    """

    methods: Sequence[Method]
    trend: Trend | None = None
    outline: TrendOutline | None = None
    count: int = 0
    line: TrendLine | None = None
    newest: CheckRow | None = None
    earlier: CheckRow | None = None

    @property
    def method(self) -> Method | None:
        """By which method the checks are that are shown; None where none are."""
        shown = self.trend or self.outline
        return None if shown is None else shown.method


def read_news(history: History, query: RowQuery, method: Method | None) -> TrendNews:
    """Read the trend of a list.

    Parameters
    ----------
    query
        Whose checks, and which of them.
    method
        The one to show where the list is of all; the one used most where it has no check.
    """
    import_module("pyqtgraph")  # which takes long, so here, beside the GUI thread
    assert query.profile_id is not None
    methods = history.methods(query.profile_id)
    if not methods:
        return TrendNews(())
    chosen = query.method or (method if method in methods else methods[0])
    query = replace(query, method=chosen, order=RowOrder.NEWEST)
    rows, outline = history.rows(query, 0, LOOK_BACK), history.outline(query)
    trend = history.trend(query) if outline is None else None
    count = history.count(query) if trend is None else len(trend.ids)
    if not rows or not count:
        return TrendNews(methods)
    line = read_line(history, query) if count <= QUICK_CHECKS else None
    last = last_like(rows[0], rows[1:])
    return TrendNews(methods, trend, outline, count, line, rows[0], last)
