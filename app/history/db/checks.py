"""Checks in the database: whole ones, adding and changing them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

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
from app.history.db import days
from app.history.db.damage.sound import (
    UNFIT,
    checked,
    hidden_checks,
    readable_checks,
    unreadable_in,
)
from app.history.db.rows import (
    count_change,
    offset_s,
    record_from,
    tilt_from,
    values_of,
)
from app.history.db.schema import checks, details, pictures, repeats
from app.history.errors import CheckNotFound, UnreadableCheck
from app.history.records import (
    Conditions,
    Repeat,
    RowKind,
)
from app.history.values import clean_text, json_text, search_text
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime

    from app.history.place import EncodedPicture

#: No number is larger; PostgreSQL will not even look for one that is.
ID_MAX = 2**31 - 1
SHOWN = checks.c.hidden_by.is_(None)
# Also where the details are gone, so that such a check is told of and not passed over.
_RECORD: sa.Select[Any] = sa.select(checks, details).join_from(checks, details, isouter=True)
_BLOCK = 500
#: What a check can be without, and how it is then.
_NO_PARTS: dict[str, Any] = {
    **dict.fromkeys(("reasons", "outline_px", "plumb_px", "repeats"), NO_REPEATS),
    "landmarks": "{}",
}


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
    return Repeat(taken_at, tilt_from(row, method), row["frames"], row["spread_deg"])


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
    stale = days.stale_in(connection)
    for row in rows:
        stale.add(row["profile_id"], row["taken_us"])
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
    days.touch(connection, checks.c.id == check_id)
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
    days.touch(connection, checks.c.id == check_id)
    done = connection.execute(
        checks.update()
        .where(checks.c.id == check_id, SHOWN)
        .values(taken_us=values.utc_us(taken_at), taken_offset_s=offset_s(taken_at))
    )
    if done.rowcount == 0:
        raise CheckNotFound(check_id)
    days.touch(connection, checks.c.id == check_id)
    count_change(connection)
