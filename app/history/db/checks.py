"""Checks in the database: lists of them, whole ones, angles over time, adding and changing."""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from app.history import values
from app.history.check_record import (
    NO_REPEATS,
    CheckRecord,
    ends_of,
    repeat_list,
    repeats_of,
    spread_deg,
)
from app.history.db.damage.sound import (
    UNFIT,
    checked,
    hidden_checks,
    looking_again,
    readable_checks,
    unreadable_in,
)
from app.history.db.rows import (
    count_change,
    count_of_changes,
    moment_in,
    offset_s,
    record_from,
    values_of,
)
from app.history.db.schema import checks, details, pictures, repeats
from app.history.errors import CheckNotFound, UnreadableCheck
from app.history.records import (
    Arms,
    CheckRow,
    Conditions,
    DatedAngles,
    Repeat,
    RowKind,
    RowOrder,
    RowQuery,
    Trend,
)
from app.history.values import clean_text, json_text, search_text
from vision.result import Doubt, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from app.history.db.engine import Database
    from app.history.place import EncodedPicture

#: No number is larger; PostgreSQL will not even look for one that is.
ID_MAX = 2**31 - 1
SHOWN = checks.c.hidden_by.is_(None)
_NEWEST = (checks.c.taken_us.desc(), checks.c.id.desc())
_ORDER = {
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
# Also where the details are gone, so that such a check is told of and not passed over.
_RECORD: sa.Select[Any] = sa.select(checks, details).join_from(checks, details, isouter=True)
_BLOCK = 500
#: What a check can be without, and how it is then.
_NO_PARTS: dict[str, Any] = {
    **dict.fromkeys(("reasons", "outline_px", "plumb_px", "repeats"), NO_REPEATS),
    "landmarks": "{}",
}
#: More than one person looks at in one go; 100,000 checks take 4 MB.
_KEPT = 8
_COLUMNS = np.dtype(
    [
        *(("id", "i8"), ("taken_us", "i8")),
        *(("angle", "f8"), ("reading", "f8"), ("roll", "f8"), ("bones", "f8")),
    ]
)
_DAY_US = 86_400_000_000
_ANGLES = {
    **{"angle_deg": "f8", "reading_deg": "f8", "roll_deg": "f8"},
    **{"repeats": "i8", "repeat_spread_deg": "f8", "level": "i8", "has_clothes": "?"},
}


def count_rows(connection: sa.Connection, query: RowQuery) -> int:
    """Return how many checks a list has."""
    wanted = [*_conditions(query), *readable_checks(connection)]
    statement = sa.select(sa.func.count()).select_from(checks).where(*wanted)
    return connection.execute(statement).scalar_one()


def read_rows(connection: sa.Connection, query: RowQuery, first: int, count: int) -> list[CheckRow]:
    """Return a stretch of a list; what makes no sense is not in it."""
    return looking_again(connection, lambda: _read_rows(connection, query, first, count))


def _read_rows(
    connection: sa.Connection, query: RowQuery, first: int, count: int
) -> list[CheckRow]:
    order = _ORDER[query.order]
    kept = [*_conditions(query), *readable_checks(connection)]
    # Skipping over rows touches the index only; the rest is read for those that are shown.
    wanted = (
        sa.select(checks.c.id).where(*kept).order_by(*order).limit(count).offset(first).subquery()
    )
    statement = (
        sa.select(checks, pictures.c.check_id.isnot(None).label("has_picture"))
        .outerjoin(pictures, pictures.c.check_id == checks.c.id)
        .where(checks.c.id.in_(sa.select(wanted.c.id)))
        .order_by(*order)
    )
    return [_row_from(row) for row in connection.execute(statement)]


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
        _tilt_from(row._mapping, Method(row.method)),
        Conditions(row.garment, Arms(row.arms) if row.arms else None, row.note),
        bool(row.has_picture),
        row.repeat_count,
        row.repeat_spread_deg,
        moment_in(row._mapping, "calibrated"),
    )


def read_record(connection: sa.Connection, check_id: int) -> tuple[int, CheckRecord]:
    """Return the number of the profile and the plain values of one check.

    :class:`CheckNotFound` if it is not there, :class:`UnreadableCheck` if it makes no sense.
    """
    found = None
    if 0 < check_id <= ID_MAX:
        statement = _RECORD.where(checks.c.id == check_id, SHOWN)
        found = connection.execute(statement).one_or_none()
    if found is None:
        raise CheckNotFound(check_id)
    for record in _records(connection, [found]):
        return record
    raise UnreadableCheck(check_id)


def read_records(
    connection: sa.Connection, profile_id: int | None
) -> Generator[tuple[int, CheckRecord]]:
    """Give the number of the profile and the plain values of check after check, oldest first.

    What makes no sense is left out, and told by :func:`app.history.db.damage.sound.unreadable_in`.
    """
    statement = (
        _RECORD.where(SHOWN, *([] if profile_id is None else [checks.c.profile_id == profile_id]))
        .order_by(checks.c.taken_us, checks.c.id)
        .execution_options(yield_per=_BLOCK)
    )
    with connection.execute(statement) as found:
        for block in found.partitions():
            yield from _records(connection, block)


def picture_name(connection: sa.Connection, check_id: int) -> str | None:
    """Return the name of a check's picture, or None where only numbers were kept."""
    statement = sa.select(pictures.c.file_name).where(pictures.c.check_id == check_id)
    found = connection.execute(statement).scalar_one_or_none()
    return found if isinstance(found, str) else None


def most_used(
    connection: sa.Connection, profile_id: int, column: sa.ColumnElement[str]
) -> list[str]:
    """Return what a person's checks hold in a column, most used first; nothing empty."""
    statement = (
        sa.select(column)
        .where(SHOWN, checks.c.profile_id == profile_id, column != "")
        .group_by(column)
        .order_by(sa.func.count().desc(), column)
    )
    found: list[Any] = list(connection.execute(statement).scalars())
    return [one for one in found if isinstance(one, str)]


def _conditions(query: RowQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [SHOWN]
    if query.profile_id is not None:
        found.append(checks.c.profile_id == query.profile_id)
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


def _records(
    connection: sa.Connection, rows: Sequence[sa.Row[Any]]
) -> Generator[tuple[int, CheckRecord]]:
    """Give the records of rows, each with its profile's number, reading their repeats at once."""
    noted = unreadable_in(connection)
    bad_ids = hidden_checks(connection)
    ids = [row.id for row in rows if row.repeat_count]
    statement = (
        sa.select(repeats)
        .where(repeats.c.check_id.in_(ids))
        .order_by(repeats.c.check_id, repeats.c.number)
    )
    found = connection.execute(statement) if ids else ()
    taken = {
        check_id: [one._mapping for one in some]
        for check_id, some in groupby(found, key=lambda one: one.check_id)
    }
    for row in rows:
        try:
            if row.id in bad_ids:
                raise ValueError("of which the row itself makes no sense")
            record, is_whole = record_of_rows(row._mapping, taken.get(row.id, ()))
        except UNFIT:
            # What is wrong with it may hold what was kept of a person, so it is not told.
            noted.add(RowKind.CHECK, row.id)
        else:
            if not is_whole:
                noted.add(RowKind.PART, row.id)
            yield row.profile_id, record


def record_of_rows(
    row: Mapping[Any, Any], taken: Sequence[Mapping[Any, Any]]
) -> tuple[CheckRecord, bool]:
    """Return the record of a check that can be shown; one of ``UNFIT`` is raised for another.

    Parameters
    ----------
    row
        What the tables of checks and details have.
    taken
        Its repeats, in order.

    Returns
    -------
    record, is_whole
        Without those parts that make no sense and that a check can do without.
    """
    method, ends = Method(row["method"]), ends_of(row)

    def repeats_text() -> str:
        return json_text([repeat_list(_repeat_from(one, method)) for one in taken])

    try:
        text = repeats_text() if taken else NO_REPEATS
        return checked(record_from(CheckRecord, row, **ends, repeats=text)), True
    except UNFIT:
        record = checked(record_from(CheckRecord, {**row, **_NO_PARTS}, **ends, **_NO_PARTS))
    for name in _NO_PARTS:
        with suppress(*UNFIT):
            part: dict[str, Any] = {name: row[name] if name != "repeats" else repeats_text()}
            record = checked(replace(record, **part))
    return record, False


def _repeat_from(row: Mapping[Any, Any], method: Method) -> Repeat:
    taken_at = values.moment_of(row["taken_us"], row["taken_offset_s"])
    return Repeat(taken_at, _tilt_from(row, method), row["frames"], row["spread_deg"])


def _tilt_from(row: Mapping[Any, Any], method: Method) -> TiltEstimate:
    doubt = Doubt(row["sd_reading_deg"], row["sd_roll_deg"], row["sd_bones_deg"])
    return TiltEstimate(method, row["angle_deg"], doubt)


def insert_checks(
    connection: sa.Connection,
    owned: Sequence[tuple[int, CheckRecord]],
    beside: Mapping[str, Mapping[str, object]] | None = None,
) -> list[int]:
    """Add checks, each with the profile it belongs to, and return their numbers.

    Parameters
    ----------
    beside
        What else a row is to hold, by the identity of its check and the columns' names.
    """
    if not owned:
        return []
    more = beside or {}
    taken = [repeats_of(record.repeats, Method(record.method)) for _, record in owned]
    rows = [
        values_of(
            checks,
            record,
            profile_id=profile_id,
            search_text=search_text(record.garment, record.note),
            repeat_count=len(some),
            repeat_spread_deg=spread_deg(some),
            **more.get(record.uuid, {}),
        )
        for (profile_id, record), some in zip(owned, taken, strict=True)
    ]
    connection.execute(checks.insert(), rows)
    uuids = [record.uuid for _, record in owned]
    known = connection.execute(
        sa.select(checks.c.uuid, checks.c.id).where(checks.c.uuid.in_(uuids))
    )
    id_of = {row.uuid: row.id for row in known}
    ids = [id_of[uuid] for uuid in uuids]
    connection.execute(
        details.insert(),
        [
            values_of(details, record, check_id=check_id)
            for check_id, (_, record) in zip(ids, owned, strict=True)
        ],
    )
    numbered = [
        _repeat_values(check_id, number, repeat)
        for check_id, some in zip(ids, taken, strict=True)
        for number, repeat in enumerate(some, 1)
    ]
    if numbered:
        connection.execute(repeats.insert(), numbered)
    count_change(connection)
    return ids


def _repeat_values(check_id: int, number: int, repeat: Repeat) -> dict[str, Any]:
    tilt = repeat.tilt
    return values_of(
        repeats,
        repeat,
        check_id=check_id,
        number=number,
        angle_deg=tilt.angle_deg,
        sd_reading_deg=tilt.doubt.reading_deg,
        sd_roll_deg=tilt.doubt.roll_deg,
        sd_bones_deg=tilt.doubt.bones_deg,
    )


def insert_picture(
    connection: sa.Connection, check_id: int, file_name: str, encoded: EncodedPicture
) -> None:
    """Note that a check has a picture."""
    row = values_of(pictures, encoded, check_id=check_id, file_name=file_name)
    connection.execute(pictures.insert(), row)


def pictures_by_check(connection: sa.Connection) -> list[tuple[int, str, str]]:
    """Return number and identity of all checks that have a picture, and its file's name."""
    found = connection.execute(
        sa.select(checks.c.id, checks.c.uuid, pictures.c.file_name)
        .join(pictures, pictures.c.check_id == checks.c.id)
        .where(SHOWN, *readable_checks(connection))
        .order_by(checks.c.id)
    )
    return [(row.id, row.uuid, row.file_name) for row in found if isinstance(row.file_name, str)]


def id_without_picture(connection: sa.Connection, uuid: str) -> int | None:
    """Return the number of a check that has no picture, None where there is no such check."""
    has_picture = sa.exists().where(pictures.c.check_id == checks.c.id)
    found: int | None = connection.execute(
        sa.select(checks.c.id).where(SHOWN, checks.c.uuid == uuid, ~has_picture)
    ).scalar_one_or_none()
    return found


def update_conditions(connection: sa.Connection, check_id: int, conditions: Conditions) -> None:
    """Change what was said about a check; :class:`CheckNotFound` if it is not there."""
    garment, note = clean_text(conditions.garment), clean_text(conditions.note)
    done = connection.execute(
        checks.update()
        .where(checks.c.id == check_id, SHOWN)
        .values(
            garment=garment,
            arms=conditions.arms.value if conditions.arms else None,
            note=note,
            search_text=search_text(garment, note),
        )
    )
    if done.rowcount == 0:
        raise CheckNotFound(check_id)


def update_taken_at(connection: sa.Connection, check_id: int, taken_at: datetime) -> None:
    """Change when a check was taken; :class:`CheckNotFound` if it is not there."""
    done = connection.execute(
        checks.update()
        .where(checks.c.id == check_id, SHOWN)
        .values(taken_us=values.utc_us(taken_at), taken_offset_s=offset_s(taken_at))
    )
    if done.rowcount == 0:
        raise CheckNotFound(check_id)
    count_change(connection)


class Trends:
    """Reads the angles over time, and remembers the last few.

    100,000 checks take a tenth of a second to read, nearly all of it to make Python numbers,
    and none as long as no check has come or gone: the database counts those changes, in the
    same transactions.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[RowQuery, tuple[int, Trend]] = {}
        self._guard = threading.Lock()

    def trend(self, query: RowQuery) -> Trend:
        """Return the checks of a list of one method; the arrays are not to be written to."""
        key = replace(query, order=RowOrder.OLDEST)
        with self._database.reading() as connection:
            changes = count_of_changes(connection)
            with self._guard:
                known = self._known.get(key)
            if known is not None and known[0] == changes:
                return known[1]
            trend = looking_again(connection, lambda: _read_trend(connection, query))
        with self._guard:
            self._known.pop(key, None)
            # What was said of checks changes without being counted, so a list that depends on it
            # is read each time.
            if key == RowQuery(key.profile_id, key.method, order=key.order):
                self._known[key] = changes, trend
            while len(self._known) > _KEPT:
                self._known.pop(next(iter(self._known)))
        return trend


def _read_trend(connection: sa.Connection, query: RowQuery) -> Trend:
    names = "id", "taken_us", "angle_deg", "sd_reading_deg", "sd_roll_deg", "sd_bones_deg"
    rows = np.fromiter(_plain_rows(connection, query, names), _COLUMNS)
    if not all(np.isfinite(rows[name]).all() for name in ("angle", "reading", "roll", "bones")):
        raise ValueError("no number")
    return Trend(
        method=_method_of(query),
        ids=_read_only(rows["id"]),
        taken_at_s=_read_only(rows["taken_us"] / 1e6),
        angle_deg=_read_only(rows["angle"]),
        reading_deg=_read_only(rows["reading"]),
        roll_deg=_read_only(rows["roll"]),
        bones_deg=_read_only(rows["bones"]),
    )


def read_angles(connection: sa.Connection, query: RowQuery) -> DatedAngles:
    """Return the checks of a list of one method with what their comparison needs."""
    return looking_again(connection, lambda: _read_angles(connection, query))


def _read_angles(connection: sa.Connection, query: RowQuery) -> DatedAngles:
    names = (
        *("taken_us", "taken_offset_s", "angle_deg", "sd_reading_deg", "sd_roll_deg"),
        *("repeat_count", "repeat_spread_deg", "garment", "arms", "calibrated_us"),
    )
    known: dict[tuple[str, str | None, int | None], tuple[int, bool]] = {}
    levels: dict[tuple[str, str | None, int | None], int] = {}

    def numbered() -> Generator[tuple[object, ...]]:
        for *numbers, scatter_deg, garment, arms, calibrated_us in _plain_rows(
            connection, query, names
        ):
            said = garment, arms, calibrated_us
            if said not in known:
                worn = Conditions(garment).clothes
                level = levels.setdefault((worn, arms, calibrated_us), len(levels))
                known[said] = level, bool(worn)
            yield (*numbers, scatter_deg or 0.0, *known[said])

    rows = np.fromiter(numbered(), [("taken_us", "i8"), ("offset_s", "i8"), *_ANGLES.items()])
    columns = {name: np.array(rows[name]) for name in _ANGLES}
    if not all(np.isfinite(column).all() for column in columns.values()):
        raise ValueError("no number")
    day = (rows["taken_us"] + rows["offset_s"] * 1_000_000) // _DAY_US
    return DatedAngles(_method_of(query), rows["taken_us"] / 1e6, day, **columns)


def _method_of(query: RowQuery) -> Method:
    if query.method is None:
        raise ValueError("angles by different methods are never mixed")
    return query.method


def _plain_rows(
    connection: sa.Connection, query: RowQuery, names: Sequence[str]
) -> Generator[tuple[Any, ...]]:
    """Give columns of a list, oldest first."""
    statement = (
        sa.select(*(checks.c[name] for name in names))
        .where(*_conditions(query), *readable_checks(connection))
        .order_by(checks.c.taken_us, checks.c.id)
    )
    compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    order = compiled.positiontup
    values_by_name = compiled.params
    bound = values_by_name if order is None else [values_by_name[name] for name in order]
    # The driver's own cursor: SQLAlchemy's rows would double the time.
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(str(compiled), bound)
        yield from cursor
    finally:
        cursor.close()


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column that is not shared with the others, and that nobody can spoil."""
    found = np.array(column)
    found.flags.writeable = False
    return found
