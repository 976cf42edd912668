"""The earlier check that a new one is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.comparison import change_between
from app.history.records__query import RowQuery

if TYPE_CHECKING:
    from app.history.comparison import Change
    from app.history.records import CheckRow
    from app.history.store import History

#: So many earlier checks are looked through for one that can be compared.
_LOOK_BACK = 50


def change_since_last(history: History, row: CheckRow) -> Change | None:
    """Return how a check differs from the newest earlier one like it; None without one.

    Parameters
    ----------
    row
        A check of the history, or one that is not kept yet.
    """
    query = RowQuery(row.profile_id, method=row.tilt.method, until=row.taken_at)
    for earlier in history.rows(query, 0, _LOOK_BACK):
        change = None if earlier.id == row.id else change_between(earlier, row)
        if change is not None:
            return change
    return None
