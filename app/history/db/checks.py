"""Adding checks, and changing what was said about them."""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values as moments
from app.history.check_record import (
    NO_REPEATS,
    CheckRecord,
    repeat_values,
    repeats_of,
    spread_deg,
    text_of_rows,
)
from app.history.db.schema import about, checks, details, pictures, repeats
from app.history.errors import CheckNotFound
from app.history.records import Arms, CheckRow, Conditions, RowOrder
from app.history.values import clean_text, search_text
from vision.result import Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from app.history.files import EncodedPicture
    from app.history.records import Repeat, RowQuery


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
_ROW_COLUMNS = (
    checks.c.id,
    checks.c.profile_id,
    checks.c.taken_us,
    checks.c.taken_offset_s,
    checks.c.method,
    checks.c.angle_deg,
    checks.c.low_deg,
    checks.c.high_deg,
    checks.c.garment,
    checks.c.arms,
    checks.c.note,
    checks.c.repeat_count,
    checks.c.repeat_spread_deg,
)
#: Read by themselves, or put together from several columns.
_APART = frozenset({"taken_at", "saved_at", "repeats"})
_RECORD_NAMES = [field.name for field in fields(CheckRecord) if field.name not in _APART]
_RECORD_COLUMNS = [
    *(checks.c[name] if name in checks.c else details.c[name] for name in _RECORD_NAMES),
    checks.c.taken_us,
    checks.c.taken_offset_s,
    checks.c.saved_us,
    checks.c.saved_offset_s,
]
_RECORD: sa.Select[Any] = sa.select(
    *_RECORD_COLUMNS, checks.c.id, checks.c.profile_id, checks.c.repeat_count
).join(details)
_BLOCK = 500


def count_rows(connection: sa.Connection, query: RowQuery) -> int:
    """Return how many checks a list has."""
    statement = sa.select(sa.func.count()).select_from(checks).where(*_conditions(query))
    return connection.execute(statement).scalar_one()


def read_rows(connection: sa.Connection, query: RowQuery, first: int, count: int) -> list[CheckRow]:
    """Return a stretch of a list."""
    order = _ORDER[query.order]
    # Skipping over rows touches the index only; the rest is read for those that are shown.
    wanted = (
        sa.select(checks.c.id)
        .where(*_conditions(query))
        .order_by(*order)
        .limit(count)
        .offset(first)
        .subquery()
    )
    statement = (
        sa.select(*_ROW_COLUMNS, pictures.c.check_id.isnot(None).label("has_picture"))
        .outerjoin(pictures, pictures.c.check_id == checks.c.id)
        .where(checks.c.id.in_(sa.select(wanted.c.id)))
        .order_by(*order)
    )
    return [
        CheckRow(
            row.id,
            row.profile_id,
            moments.moment_of(row.taken_us, row.taken_offset_s),
            TiltEstimate(Method(row.method), row.angle_deg, row.low_deg, row.high_deg),
            Conditions(row.garment, Arms(row.arms) if row.arms else None, row.note),
            bool(row.has_picture),
            row.repeat_count,
            row.repeat_spread_deg,
        )
        for row in connection.execute(statement)
    ]


def read_record(connection: sa.Connection, check_id: int) -> tuple[int, CheckRecord]:
    """Return the number of the profile and the plain values of one check.

    Raises
    ------
    CheckNotFound
    """
    found = None
    if 0 < check_id <= ID_MAX:
        statement = _RECORD.where(checks.c.id == check_id, SHOWN)
        found = connection.execute(statement).one_or_none()
    if found is None:
        raise CheckNotFound(check_id)
    return found.profile_id, _record(found, _reading_repeats(connection, [found]))


def read_records(
    connection: sa.Connection, profile_id: int | None
) -> Generator[tuple[int, CheckRecord]]:
    """Give the number of the profile and the plain values of check after check, oldest first."""
    statement = (
        _RECORD.where(SHOWN, *([] if profile_id is None else [checks.c.profile_id == profile_id]))
        .order_by(checks.c.taken_us, checks.c.id)
        .execution_options(yield_per=_BLOCK)
    )
    with connection.execute(statement) as found:
        for block in found.partitions():
            taken = _reading_repeats(connection, block)
            for row in block:
                yield row.profile_id, _record(row, taken)


def picture_name(connection: sa.Connection, check_id: int) -> str | None:
    """Return the name of a check's picture, or None where only numbers were kept."""
    statement = sa.select(pictures.c.file_name).where(pictures.c.check_id == check_id)
    return connection.execute(statement).scalar_one_or_none()


def read_methods(connection: sa.Connection, profile_id: int) -> list[Method]:
    """Return by which methods a person was measured, most used first."""
    used = sa.func.count()
    statement = (
        sa.select(checks.c.method)
        .where(SHOWN, checks.c.profile_id == profile_id)
        .group_by(checks.c.method)
        .order_by(used.desc(), checks.c.method)
    )
    return [Method(name) for name in connection.execute(statement).scalars()]


def read_garments(connection: sa.Connection, profile_id: int) -> list[str]:
    """Return what a person wore, most worn first."""
    used = sa.func.count()
    statement = (
        sa.select(checks.c.garment)
        .where(SHOWN, checks.c.profile_id == profile_id, checks.c.garment != "")
        .group_by(checks.c.garment)
        .order_by(used.desc(), checks.c.garment)
    )
    return list(connection.execute(statement).scalars())


def _conditions(query: RowQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [SHOWN]
    if query.profile_id is not None:
        found.append(checks.c.profile_id == query.profile_id)
    if query.method is not None:
        found.append(checks.c.method == query.method.value)
    if query.garment is not None:
        found.append(checks.c.garment == query.garment)
    if query.since is not None:
        found.append(checks.c.taken_us >= moments.utc_us(query.since))
    if query.until is not None:
        found.append(checks.c.taken_us < moments.utc_us(query.until))
    wanted = search_text("", query.text).strip()
    if wanted:
        found.append(checks.c.search_text.contains(wanted, autoescape=True))
    return found


def _reading_repeats(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> dict[int, str]:
    """Return the repeats of those checks that have any, by the checks' numbers."""
    ids = [row.id for row in rows if row.repeat_count]
    if not ids:
        return {}
    statement = (
        sa.select(repeats)
        .where(repeats.c.check_id.in_(ids))
        .order_by(repeats.c.check_id, repeats.c.number)
    )
    found = groupby(connection.execute(statement), key=lambda row: row.check_id)
    return {check_id: text_of_rows(list(some)) for check_id, some in found}


def _record(row: sa.Row[Any], repeats_by_id: Mapping[int, str]) -> CheckRecord:
    values = dict(row._mapping)
    return CheckRecord(
        taken_at=moments.moment_of(row.taken_us, row.taken_offset_s),
        saved_at=moments.moment_of(row.saved_us, row.saved_offset_s),
        repeats=repeats_by_id.get(row.id, NO_REPEATS),
        **{name: values[name] for name in _RECORD_NAMES},
    )


_DETAIL_NAMES = frozenset(details.c.keys()) - {"check_id"}
#: Made once: SQLAlchemy takes as long to build a statement as SQLite to run it.
_INSERT = checks.insert().returning(checks.c.id)
_COUNT = about.update().values(changes=about.c.changes + 1)


def insert_check(connection: sa.Connection, profile_id: int, record: CheckRecord) -> int:
    """Add a check and return its number."""
    new_id: int = connection.execute(_INSERT, _check_values(profile_id, record)).scalar_one()
    connection.execute(details.insert(), _detail_values(new_id, record))
    _insert_repeats(connection, _repeat_values(new_id, record))
    count_change(connection)
    return new_id


def insert_checks(connection: sa.Connection, owned: Sequence[tuple[int, CheckRecord]]) -> None:
    """Add many checks, each with the profile it belongs to."""
    if not owned:
        return
    connection.execute(
        checks.insert(), [_check_values(profile_id, record) for profile_id, record in owned]
    )
    uuids = [record.uuid for _, record in owned]
    found = connection.execute(
        sa.select(checks.c.uuid, checks.c.id).where(checks.c.uuid.in_(uuids))
    )
    ids = {row.uuid: row.id for row in found}
    connection.execute(
        details.insert(), [_detail_values(ids[record.uuid], record) for _, record in owned]
    )
    taken = (_repeat_values(ids[record.uuid], record) for _, record in owned)
    _insert_repeats(connection, [values for some in taken for values in some])
    count_change(connection)


def insert_picture(
    connection: sa.Connection, check_id: int, file_name: str, encoded: EncodedPicture
) -> None:
    """Note that a check has a picture."""
    connection.execute(
        pictures.insert().values(
            check_id=check_id,
            file_name=file_name,
            width_px=encoded.width_px,
            height_px=encoded.height_px,
        )
    )


def update_conditions(connection: sa.Connection, check_id: int, conditions: Conditions) -> None:
    """Change what was said about a check.

    Raises
    ------
    CheckNotFound
    """
    garment, note = clean_text(conditions.garment), clean_text(conditions.note)
    done = connection.execute(
        checks.update()
        .where(checks.c.id == check_id, checks.c.hidden_by.is_(None))
        .values(
            garment=garment,
            arms=conditions.arms.value if conditions.arms else None,
            note=note,
            search_text=search_text(garment, note),
        )
    )
    if done.rowcount == 0:
        raise CheckNotFound(check_id)


def count_change(connection: sa.Connection) -> None:
    """Note that checks have come or gone, so that what was read before is read anew."""
    connection.execute(_COUNT)


def _insert_repeats(connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
    if values:
        connection.execute(repeats.insert(), values)


def _check_values(profile_id: int, record: CheckRecord) -> dict[str, Any]:
    taken = () if record.repeats == NO_REPEATS else _repeats(record)
    return {
        "uuid": record.uuid,
        "profile_id": profile_id,
        "taken_us": moments.utc_us(record.taken_at),
        "taken_offset_s": moments.offset_s(record.taken_at),
        "saved_us": moments.utc_us(record.saved_at),
        "saved_offset_s": moments.offset_s(record.saved_at),
        "method": record.method,
        "angle_deg": record.angle_deg,
        "low_deg": record.low_deg,
        "high_deg": record.high_deg,
        "garment": record.garment,
        "arms": record.arms,
        "note": record.note,
        "search_text": search_text(record.garment, record.note),
        "repeat_count": len(taken),
        "repeat_spread_deg": spread_deg(taken),
    }


def _detail_values(check_id: int, record: CheckRecord) -> dict[str, Any]:
    return {"check_id": check_id} | {name: getattr(record, name) for name in _DETAIL_NAMES}


def _repeats(record: CheckRecord) -> tuple[Repeat, ...]:
    return repeats_of(record.repeats, Method(record.method))


def _repeat_values(check_id: int, record: CheckRecord) -> list[dict[str, Any]]:
    if record.repeats == NO_REPEATS:
        return []
    return repeat_values(check_id, _repeats(record))
