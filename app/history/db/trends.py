"""Angles over time: of some checks all of them, of very many their outline at once and all later.

A million checks take a second to read, nearly all of it to make Python numbers. So they are
remembered; where checks have come or gone since, only the days that have changed are read anew
(:mod:`app.history.db.days`).
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import sqlalchemy as sa

from app.history.db import days
from app.history.db.damage.sound import UNFIT, looking_again, readable_checks
from app.history.db.lists import conditions
from app.history.db.rows import count_of_changes, plain_rows
from app.history.db.schema import checks
from app.history.records import DatedAngles, RowOrder, RowQuery, Trend

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from numpy.typing import NDArray

    from app.history.db.engine import Database
    from app.history.db.lists import Found, Searches
    from app.history.records import DaySums, TrendOutline
    from vision.result import Method

_Answer = TypeVar("_Answer")
#: More than one person looks at in one go; a million checks take 60 MB, and all together no more
#: than twice as many are remembered.
_KEPT, _CHECKS_KEPT = 8, 2_000_000
#: With more days changed than these, all of it is read anew.
_DAYS_ANEW = 200
#: So many checks are read in less time than anybody notices.
_AT_ONCE = 20_000
_COLUMNS = np.dtype(
    [
        *(("id", "i8"), ("taken_us", "i8")),
        *(("angle", "f8"), ("reading", "f8"), ("roll", "f8"), ("bones", "f8")),
    ]
)
_NAMES = "id", "taken_us", "angle_deg", "sd_reading_deg", "sd_roll_deg", "sd_bones_deg"
#: SQLite takes some 32,000 values in one statement.
_BLOCK = 5000
_ANGLES = {
    **{"angle_deg": "f8", "reading_deg": "f8", "roll_deg": "f8"},
    **{"repeats": "i8", "repeat_spread_deg": "f8", "level": "i8", "has_clothes": "?"},
}


class Trends:
    """Reads the angles over time, and remembers the last few."""

    def __init__(self, database: Database, searches: Searches) -> None:
        self._database, self._searches = database, searches
        self._known: dict[RowQuery, tuple[int, int, Trend]] = {}
        self._guard = threading.Lock()

    def trend(self, query: RowQuery) -> Trend:
        """Return the checks of a list of one method; the arrays are not to be written to."""
        key = replace(query, order=RowOrder.OLDEST)
        with self._database.reading() as connection:
            changes, renewal = count_of_changes(connection), days.renewals(connection)
            with self._guard:
                known = self._known.get(key)
            if known is not None and known[0] == changes:
                return known[2]
            trend = self._anew(connection, key, known)
        with self._guard:
            self._known.pop(key, None)
            # What was said of checks changes without being counted, so a list that depends on it
            # is read each time.
            if key == RowQuery(key.profile_id, key.method, order=key.order):
                self._known[key] = changes, renewal, trend
            while len(self._known) > 1 and self._is_too_much():
                self._known.pop(next(iter(self._known)))
        return trend

    def outline(self, query: RowQuery) -> TrendOutline | None:
        """Return the outline of a list of one method, where reading all of it takes long."""
        key = replace(query, order=RowOrder.OLDEST)
        if query.text.strip():  # which must be looked for anyway
            return None
        with self._database.reading() as connection:
            if not days.are_used(connection):
                return None
            with self._guard:
                known = self._known.get(key)
            if known is not None and self._touched(connection, key, known) is not None:
                return None
            whole = replace(query, since=None, until=None)
            if days.count(connection, whole) <= _AT_ONCE:
                return None
            return _fit_or_none(lambda: days.outline(connection, query))

    def sums(self, query: RowQuery) -> DaySums | None:
        """Return what each day's checks come to; None where the checks themselves must be read."""
        if not days.answer(query):
            return None
        with self._database.reading() as connection:
            if not days.are_used(connection):
                return None
            return _fit_or_none(lambda: days.sums(connection, query))

    def _anew(
        self, connection: sa.Connection, key: RowQuery, known: tuple[int, int, Trend] | None
    ) -> Trend:
        found = self._searches.found(connection, key)
        if found is not None:
            return _trend_of(_method_of(key), found.rows)
        touched = None if known is None else self._touched(connection, key, known)
        if known is None or touched is None:
            return looking_again(connection, lambda: _read_trend(connection, key))
        return looking_again(connection, lambda: _renewed(connection, key, known[2], touched))

    def _touched(
        self, connection: sa.Connection, key: RowQuery, known: tuple[int, int, Trend]
    ) -> list[int] | None:
        """Return which days to read anew of what is known; None where that is all of it."""
        if known[0] == count_of_changes(connection):
            return []
        if key.profile_id is None or not days.are_used(connection):
            return None
        touched = days.touched_since(connection, key.profile_id, known[1])
        return None if touched is None or len(touched) > _DAYS_ANEW else touched

    def _is_too_much(self) -> bool:
        checks_kept = sum(len(trend.ids) for _, _, trend in self._known.values())
        return len(self._known) > _KEPT or checks_kept > _CHECKS_KEPT


def _fit_or_none(read: Callable[[], _Answer]) -> _Answer | None:
    """Return what days say; None where a fault of the disk makes no sense of them.

    Then the checks themselves are read. The daily look makes the days anew.
    """
    try:
        return read()
    except UNFIT:
        return None


def _read_trend(connection: sa.Connection, query: RowQuery) -> Trend:
    return _trend_of(_method_of(query), _read_columns(connection, query))


def _read_columns(
    connection: sa.Connection, query: RowQuery, *more: sa.ColumnElement[bool]
) -> NDArray[Any]:
    rows = np.fromiter(_in_order(connection, query, _NAMES, *more), _COLUMNS)
    if not all(np.isfinite(rows[name]).all() for name in ("angle", "reading", "roll", "bones")):
        raise ValueError("no number")
    return rows


def _renewed(
    connection: sa.Connection, query: RowQuery, known: Trend, touched: Sequence[int]
) -> Trend:
    """Return a trend in which some days are read anew."""
    parts: list[NDArray[Any]] = []
    before = 0
    old = _columns_of(known)
    for day in touched:
        first_us, next_us = days.span_us(day)
        # As exact as the times were when they were read: microseconds.
        first, last = np.searchsorted(old["taken_us"], (first_us, next_us))
        between = checks.c.taken_us >= first_us, checks.c.taken_us < next_us
        parts += [old[before:first], _read_columns(connection, query, *between)]
        before = int(last)
    return _trend_of(_method_of(query), np.concatenate([*parts, old[before:]]))


def _columns_of(trend: Trend) -> NDArray[Any]:
    rows = np.empty(len(trend.ids), _COLUMNS)
    rows["id"], rows["taken_us"] = trend.ids, np.rint(trend.taken_at_s * 1e6)
    rows["angle"], rows["reading"] = trend.angle_deg, trend.reading_deg
    rows["roll"], rows["bones"] = trend.roll_deg, trend.bones_deg
    return rows


def _trend_of(method: Method, rows: NDArray[Any]) -> Trend:
    return Trend(
        method=method,
        ids=_read_only(rows["id"]),
        taken_at_s=_read_only(rows["taken_us"] / 1e6),
        angle_deg=_read_only(rows["angle"]),
        reading_deg=_read_only(rows["reading"]),
        roll_deg=_read_only(rows["roll"]),
        bones_deg=_read_only(rows["bones"]),
    )


def read_angles(connection: sa.Connection, query: RowQuery, searches: Searches) -> DatedAngles:
    """Return the checks of a list of one method with what their comparison needs."""
    found = searches.found(connection, query)
    return looking_again(connection, lambda: _read_angles(connection, query, found))


def _read_angles(
    connection: sa.Connection, query: RowQuery, found: Found | None = None
) -> DatedAngles:
    names = (
        *("taken_us", "taken_offset_s", "angle_deg", "sd_reading_deg", "sd_roll_deg"),
        *("repeat_count", "repeat_spread_deg", "garment", "arms", "calibrated_us"),
    )
    given = _in_order(connection, query, names)
    if found is not None:
        given = _by_number(connection, found.rows["id"].tolist(), names)
    levels = days.Levels()

    def numbered() -> Generator[tuple[object, ...]]:
        for *numbers, scatter_deg, garment, arms, calibrated_us in given:
            said = garment, arms, calibrated_us
            yield (*numbers, scatter_deg or 0.0, *levels.of(said))

    rows = np.fromiter(numbered(), [("taken_us", "i8"), ("offset_s", "i8"), *_ANGLES.items()])
    columns = {name: np.array(rows[name]) for name in _ANGLES}
    if not all(np.isfinite(column).all() for column in columns.values()):
        raise ValueError("no number")
    day = (rows["taken_us"] + rows["offset_s"] * 1_000_000) // days.DAY_US
    return DatedAngles(_method_of(query), rows["taken_us"] / 1e6, day, **columns)


def _method_of(query: RowQuery) -> Method:
    if query.method is None:
        raise ValueError("angles by different methods are never mixed")
    return query.method


def _in_order(
    connection: sa.Connection,
    query: RowQuery,
    names: Sequence[str],
    *more: sa.ColumnElement[bool],
) -> Generator[tuple[Any, ...]]:
    """Give columns of a list, oldest first."""
    statement = (
        sa.select(*(checks.c[name] for name in names))
        .where(*conditions(query), *readable_checks(connection), *more)
        .order_by(checks.c.taken_us, checks.c.id)
    )
    yield from plain_rows(connection, statement)


def _by_number(
    connection: sa.Connection, ids: Sequence[int], names: Sequence[str]
) -> Generator[tuple[Any, ...]]:
    """Give columns of checks whose numbers are known, in the order of these."""
    columns = [checks.c[name] for name in names]
    for start in range(0, len(ids), _BLOCK):
        some = ids[start : start + _BLOCK]
        statement = sa.select(checks.c.id, *columns).where(checks.c.id.in_(some))
        rows = {number: tuple(row) for number, *row in plain_rows(connection, statement)}
        yield from (rows[number] for number in some if number in rows)


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column that is not shared with the others, and that nobody can spoil."""
    found = np.array(column)
    found.flags.writeable = False
    return found
