"""The angles over time, and a memory of them.

100,000 checks take a tenth of a second to read, nearly all of it to make Python numbers, and
none as long as no check has come or gone: the database counts those changes, in the same
transactions.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from app.history.db.checks import SHOWN
from app.history.db.schema import about, checks
from app.history.records import Trend

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.history.db.engine import Database
    from vision.result import Method

#: More than one person looks at in one go; 100,000 checks take 4 MB.
_KEPT = 8
_COLUMNS = np.dtype(
    [("id", "i8"), ("taken_us", "i8"), ("angle", "f8"), ("low", "f8"), ("high", "f8")]
)


class Trends:
    """Reads trends, and remembers the last few."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[int, Method], tuple[int, Trend]] = {}
        self._guard = threading.Lock()

    def trend(self, profile_id: int, method: Method) -> Trend:
        """Return one person's checks by one method; the arrays are not to be written to."""
        key = profile_id, method
        with self._database.reading() as connection:
            changes: int = connection.execute(sa.select(about.c.changes)).scalar_one()
            with self._guard:
                known = self._known.get(key)
            if known is not None and known[0] == changes:
                return known[1]
            trend = _read(connection, profile_id, method)
        with self._guard:
            self._known.pop(key, None)
            self._known[key] = changes, trend
            while len(self._known) > _KEPT:
                self._known.pop(next(iter(self._known)))
        return trend


def _read(connection: sa.Connection, profile_id: int, method: Method) -> Trend:
    statement = (
        sa.select(
            checks.c.id,
            checks.c.taken_us,
            checks.c.angle_deg,
            checks.c.low_deg,
            checks.c.high_deg,
        )
        .where(SHOWN, checks.c.profile_id == profile_id, checks.c.method == method.value)
        .order_by(checks.c.taken_us, checks.c.id)
    )
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    # The driver's own cursor: SQLAlchemy's rows would double the time.
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(str(compiled))
        rows = np.fromiter(cursor, _COLUMNS)
    finally:
        cursor.close()
    return Trend(
        method=method,
        ids=_read_only(rows["id"]),
        taken_at_s=_read_only(rows["taken_us"] / 1e6),
        angle_deg=_read_only(rows["angle"]),
        low_deg=_read_only(rows["low"]),
        high_deg=_read_only(rows["high"]),
    )


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column that is not shared with the others, and that nobody can spoil."""
    found = np.array(column)
    found.flags.writeable = False
    return found
