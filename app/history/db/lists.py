"""Lists of checks: how many there are, stretches of them in any order, and what a search finds.

Of very many checks no list is read to its end. How many there are is known day by day
(:mod:`app.history.db.days`); a stretch in the order of something that many have in common, such
as a method, is taken from the index of those alone that have it; and what a search has found is
remembered, so that table and trend look for it once.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import sqlalchemy as sa

from app.history import values
from app.history.db import days
from app.history.db.damage.sound import looking_again, readable_checks
from app.history.db.rows import moment_in, plain_rows, tilt_from
from app.history.db.schema import checks, pictures
from app.history.records import Arms, CheckRow, Conditions, RowOrder, RowQuery
from app.history.values import search_text
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_SHOWN = checks.c.hidden_by.is_(None)
#: The same; SQLite takes no index for what has a sign before it (sqlite.org/optoverview.html).
_AS_THEY_LIE = sa.literal_column("+checks.hidden_by").is_(None)
_NEWEST = (checks.c.taken_us.desc(), checks.c.id.desc())
_ORDER: dict[RowOrder, tuple[sa.ColumnElement[Any], ...]] = {
    RowOrder.NEWEST: _NEWEST,
    RowOrder.OLDEST: (checks.c.taken_us, checks.c.id),
    RowOrder.MOST_FORWARD: (checks.c.angle_deg.desc(), *_NEWEST),
    RowOrder.LEAST_FORWARD: (checks.c.angle_deg, *_NEWEST),
    RowOrder.METHOD: (checks.c.method, *_NEWEST),
    RowOrder.METHOD_REVERSED: (checks.c.method.desc(), *_NEWEST),
    RowOrder.GARMENT: (checks.c.garment, *_NEWEST),
    RowOrder.GARMENT_REVERSED: (checks.c.garment.desc(), *_NEWEST),
    # Where nobody said, on both databases after everything else; then the other way round.
    RowOrder.ARMS: (checks.c.arms.is_(None), checks.c.arms, *_NEWEST),
    RowOrder.ARMS_REVERSED: (checks.c.arms.isnot(None), checks.c.arms.desc(), *_NEWEST),
    RowOrder.NOTE: (checks.c.note, *_NEWEST),
    RowOrder.NOTE_REVERSED: (checks.c.note.desc(), *_NEWEST),
}
#: What orders that many checks may have in common are by.
_COMMON = {
    **{RowOrder.METHOD: "method", RowOrder.METHOD_REVERSED: "method"},
    **{RowOrder.GARMENT: "garment", RowOrder.GARMENT_REVERSED: "garment"},
    **{RowOrder.ARMS: "arms", RowOrder.ARMS_REVERSED: "arms"},
}
_BY_NOTE = (RowOrder.NOTE, RowOrder.NOTE_REVERSED)
_BY_TIME = (RowOrder.NEWEST, RowOrder.OLDEST)
#: Reading all texts as they lie in the file takes as long as looking up one check in so many.
_LOOKED_UP = 12
_FOUND = np.dtype(
    [
        *(("id", "i8"), ("taken_us", "i8"), ("method", "i8")),
        *(("angle", "f8"), ("reading", "f8"), ("roll", "f8"), ("bones", "f8")),
    ]
)
_METHODS = tuple(Method)
#: How many checks have something in common, what that is, and how they are sorted.
_Group: TypeAlias = "tuple[int, list[sa.ColumnElement[bool]], tuple[sa.ColumnElement[Any], ...]]"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a search has found: oldest first, columns as :data:`_FOUND` has them."""

    rows: NDArray[Any]

    def by(self, method: Method) -> Found:
        """Return those by one method."""
        return Found(self.rows[self.rows["method"] == _METHODS.index(method)])


class Searches:
    """Looks for words in very many checks, and remembers what the last search has found."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last: tuple[RowQuery, int, Found] | None = None

    def found(self, connection: sa.Connection, query: RowQuery) -> Found | None:
        """Return which checks hold the words, whatever the order; None where all may be read."""
        if not query.text.strip() or not days.are_used(connection):
            return None
        # By all methods: the trend shows one of them, and the table all.
        key = replace(query, order=RowOrder.OLDEST, method=None)
        with self._guard:  # who asks the same meanwhile waits for the answer
            renewal = days.renewals(connection)
            if self._last is None or self._last[:2] != (key, renewal):
                found = looking_again(connection, lambda: _look_for(connection, key))
                self._last = key, renewal, found
            found = self._last[2]
        return found if query.method is None else found.by(query.method)


def count_rows(connection: sa.Connection, query: RowQuery, searches: Searches) -> int:
    """Return how many checks a list has."""
    found = searches.found(connection, query)
    if found is not None:
        return len(found.rows)
    if days.answer(query) and days.are_used(connection):
        return days.count(connection, query)
    wanted = [*conditions(query), *readable_checks(connection)]
    statement = sa.select(sa.func.count()).select_from(checks).where(*wanted)
    return connection.execute(statement).scalar_one()


def read_rows(
    connection: sa.Connection, query: RowQuery, first: int, count: int, searches: Searches
) -> list[CheckRow]:
    """Return a stretch of a list; what makes no sense is not in it."""

    def read() -> list[CheckRow]:
        ids = _numbers_of(connection, query, first, count, searches)
        wanted = ids if ids is not None else _stretch(connection, query, first, count)
        statement = (
            sa.select(checks, pictures.c.check_id.isnot(None).label("has_picture"))
            .outerjoin(pictures, pictures.c.check_id == checks.c.id)
            .where(checks.c.id.in_(wanted))
            .order_by(*_ORDER[query.order])
        )
        return [_row_from(row) for row in connection.execute(statement)]

    return looking_again(connection, read)


def most_used(connection: sa.Connection, profile_id: int, name: str) -> list[str]:
    """Return what a person's checks hold in a column, most used first; nothing empty."""
    if days.are_used(connection):
        known = days.most_used(connection, profile_id, name)
        return [value for value, _ in known if isinstance(value, str) and value]
    column = checks.c[name]
    statement = (
        sa.select(column)
        .where(_SHOWN, checks.c.profile_id == profile_id, column != "")
        .group_by(column)
        .order_by(sa.func.count().desc(), column)
    )
    found: list[Any] = list(connection.execute(statement).scalars())
    return [one for one in found if isinstance(one, str)]


def conditions(query: RowQuery, *, by_index: bool = True) -> list[sa.ColumnElement[bool]]:
    """Return what holds for the checks of a list.

    Parameters
    ----------
    by_index
        Whether an index may be used; without, SQLite reads the table from one end to the other.
    """
    found: list[sa.ColumnElement[bool]] = [_SHOWN if by_index else _AS_THEY_LIE]
    if query.profile_id is not None:
        whose = checks.c.profile_id if by_index else sa.literal_column("+checks.profile_id")
        found.append(whose == query.profile_id)
    if query.method is not None:
        found.append(checks.c.method == query.method.value)
    if query.garment is not None:
        found.append(checks.c.garment == query.garment)
    if query.since is not None:
        found.append(checks.c.taken_us >= values.utc_us(query.since))
    if query.until is not None:
        found.append(checks.c.taken_us < values.utc_us(query.until))
    wanted = search_text("", query.text).strip()
    if wanted:
        found.append(checks.c.search_text.contains(wanted, autoescape=True))
    return found


def _row_from(row: sa.Row[Any]) -> CheckRow:
    if not all(isinstance(text, str) for text in (row.garment, row.note)):
        raise TypeError("no text")
    numbers = row.angle_deg, row.sd_reading_deg, row.sd_roll_deg, row.sd_bones_deg
    if not all(map(math.isfinite, numbers)):
        raise ValueError("no number")
    return CheckRow(
        row.id,
        row.profile_id,
        values.moment_of(row.taken_us, row.taken_offset_s),
        tilt_from(row._mapping, Method(row.method)),
        Conditions(row.garment, Arms(row.arms) if row.arms else None, row.note),
        bool(row.has_picture),
        row.repeat_count,
        row.repeat_spread_deg,
        moment_in(row._mapping, "calibrated"),
    )


def _stretch(
    connection: sa.Connection, query: RowQuery, first: int, count: int
) -> sa.Select[tuple[int]]:
    """Ask for the numbers of a stretch of any list."""
    kept = [*conditions(query), *readable_checks(connection)]
    # Skipping over rows touches the index only; the rest is read for those that are shown.
    wanted = (
        sa.select(checks.c.id)
        .where(*kept)
        .order_by(*_ORDER[query.order])
        .limit(count)
        .offset(first)
        .subquery()
    )
    return sa.select(wanted.c.id)


def _numbers_of(
    connection: sa.Connection, query: RowQuery, first: int, count: int, searches: Searches
) -> Sequence[int] | None:
    """Return the same without going through all checks; None where that is the way."""
    if query.order in _BY_TIME:
        found = searches.found(connection, query)
        if found is None:
            return None
        ids = found.rows["id"] if query.order is RowOrder.OLDEST else found.rows["id"][::-1]
        stretch: list[int] = ids[first : first + count].tolist()
        return stretch
    by_note = query.order in _BY_NOTE and connection.dialect.name == "sqlite"
    is_common = query.order in _COMMON or by_note
    if query.profile_id is None or not is_common or not days.answer(query):
        return None
    if not days.are_used(connection):
        return None
    groups = _groups_by_note(connection, query) if by_note else _groups(connection, query)
    return _from_groups(connection, groups, first, count)


def _groups(connection: sa.Connection, query: RowQuery) -> Iterator[_Group]:
    """Give the checks of a list by what its order is by, in that order."""
    name = _COMMON[query.order]
    column = checks.c[name]
    for value, number in days.in_order(connection, query, name, query.order is _first_of(name)):
        has_it = column.is_(None) if value is None else column == value
        yield number, [*conditions(query), has_it], _NEWEST


def _first_of(name: str) -> RowOrder:
    return next(order for order, by in _COMMON.items() if by == name)


def _groups_by_note(connection: sa.Connection, query: RowQuery) -> Iterator[_Group]:
    """Give the checks without a note, which most are, apart from those that have one."""
    none = [*conditions(query), checks.c.note == ""]
    some = [*conditions(query), checks.c.note > ""]
    number = connection.execute(
        sa.select(sa.func.count()).select_from(checks).where(*none)
    ).scalar_one()
    groups: list[_Group] = [
        (number, none, _NEWEST),
        (days.count(connection, query) - number, some, _ORDER[query.order]),
    ]
    yield from groups if query.order is RowOrder.NOTE else reversed(groups)


def _from_groups(
    connection: sa.Connection, groups: Iterator[_Group], first: int, count: int
) -> list[int]:
    ids: list[int] = []
    for number, has_it, order in groups:
        if first < number:
            left = count - len(ids)
            statement = sa.select(checks.c.id).where(*has_it).order_by(*order)
            ids += connection.execute(statement.limit(left).offset(first)).scalars()
        first = max(0, first - number)
        if len(ids) >= count:
            break
    return ids


def _look_for(connection: sa.Connection, query: RowQuery) -> Found:
    names = "id", "taken_us", "method", "angle_deg", "sd_reading_deg", "sd_roll_deg", "sd_bones_deg"
    newest = connection.execute(sa.select(sa.func.max(checks.c.id))).scalar() or 0
    candidates = days.count(connection, replace(query, text=""))
    # All of them as they lie in the file: by an index each would be looked up somewhere else.
    by_index = candidates * _LOOKED_UP < newest or connection.dialect.name != "sqlite"
    columns = (checks.c[name] for name in names)
    statement = sa.select(*columns).where(*conditions(query, by_index=by_index))
    places = {method.value: number for number, method in enumerate(_METHODS)}
    rows = (
        (number, taken_us, places[method], *numbers)
        for number, taken_us, method, *numbers in plain_rows(connection, statement)
    )
    found = np.fromiter(rows, _FOUND)
    if not all(np.isfinite(found[name]).all() for name in ("angle", "reading", "roll", "bones")):
        raise ValueError("no number")
    return Found(found[np.lexsort((found["id"], found["taken_us"]))])
