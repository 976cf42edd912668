"""The diary in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values
from app.history.db.schema import diary
from app.history.diary_record import DiaryRecord, entry_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from app.history.diary import Entry, EntryKind

_SHOWN = diary.c.hidden_by.is_(None)
_ORDER = (diary.c.taken_us, diary.c.id)


def insert_entry(connection: sa.Connection, profile_id: int, record: DiaryRecord) -> int:
    """Add an entry and return its number."""
    statement = diary.insert().returning(diary.c.id)
    new_id: int = connection.execute(statement, _values(profile_id, record)).scalar_one()
    return new_id


def insert_entries(connection: sa.Connection, owned: Sequence[tuple[int, DiaryRecord]]) -> None:
    """Add many entries, each with the profile it belongs to."""
    if owned:
        connection.execute(
            diary.insert(), [_values(profile_id, record) for profile_id, record in owned]
        )


def read_entries(
    connection: sa.Connection,
    profile_id: int,
    kinds: Collection[EntryKind],
    since: datetime | None,
) -> list[Entry]:
    """Return a person's entries of some kinds (of all, for none), oldest first."""
    wanted = [diary.c.profile_id == profile_id]
    if kinds:
        wanted.append(diary.c.kind.in_([kind.value for kind in kinds]))
    if since is not None:
        wanted.append(diary.c.taken_us >= values.utc_us(since))
    rows = connection.execute(sa.select(diary).where(_SHOWN, *wanted).order_by(*_ORDER))
    return [_entry(row) for row in rows]


def read_newest(connection: sa.Connection, profile_id: int, kind: EntryKind) -> Entry | None:
    """Return the newest entry of a kind, or None."""
    row = connection.execute(
        sa.select(diary)
        .where(_SHOWN, diary.c.profile_id == profile_id, diary.c.kind == kind.value)
        .order_by(*(column.desc() for column in _ORDER))
        .limit(1)
    ).one_or_none()
    return None if row is None else _entry(row)


def read_entry_records(
    connection: sa.Connection, profile_id: int | None
) -> list[tuple[int, DiaryRecord]]:
    """Return the number of the profile and the plain values of entries, oldest first."""
    wanted = [] if profile_id is None else [diary.c.profile_id == profile_id]
    rows = connection.execute(sa.select(diary).where(_SHOWN, *wanted).order_by(*_ORDER))
    return [(row.profile_id, _record(row)) for row in rows]


def _values(profile_id: int, record: DiaryRecord) -> dict[str, Any]:
    return {
        "profile_id": profile_id,
        "uuid": record.uuid,
        "kind": record.kind,
        "taken_us": values.utc_us(record.taken_at),
        "taken_offset_s": values.offset_s(record.taken_at),
        "saved_us": values.utc_us(record.saved_at),
        "saved_offset_s": values.offset_s(record.saved_at),
        "content": record.content,
        "version": record.version,
    }


def _entry(row: sa.Row[Any]) -> Entry:
    return entry_of(_record(row), row.id, row.profile_id)


def _record(row: sa.Row[Any]) -> DiaryRecord:
    return DiaryRecord(
        uuid=row.uuid,
        kind=row.kind,
        taken_at=values.moment_of(row.taken_us, row.taken_offset_s),
        saved_at=values.moment_of(row.saved_us, row.saved_offset_s),
        content=row.content,
        version=row.version,
    )
