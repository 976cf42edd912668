"""Records as rows of tables, and rows as records; so squeeze tests and the diary.

Each field has a column of its name, but for times: ``taken_at`` is kept in ``taken_us`` and
``taken_offset_s``.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from app.history import values
from app.history.db.damage.sound import UNFIT, checked, unreadable_in
from app.history.db.schema import about, diary, squeezes
from app.history.diary import EntryKind
from app.history.diary_record import DiaryRecord, answer_values, entry_of
from app.history.errors import SqueezeNotFound
from app.history.records import RowKind
from vision.result import Doubt, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from _typeshed import DataclassInstance

    from app.history.diary import Entry
    from app.history.diary_record import SqueezeRecord
    from app.history.records import SqueezeAnswers
    from vision.result import Method

    _Record = TypeVar("_Record", bound=DataclassInstance)
    _Owned = TypeVar("_Owned", SqueezeRecord, DiaryRecord)

#: What rows of a table are, to whoever is told that one makes no sense.
KINDS = {squeezes.name: RowKind.SQUEEZE, diary.name: RowKind.ENTRY}
#: A picture in a list of exercises, as JSON has it; marks in typed text are escaped.
_PLAN_PICTURE = re.compile(r'"picture":"([0-9a-f]{64})"')


def values_of(table: sa.Table, record: DataclassInstance, **more: object) -> dict[str, Any]:
    """Return what a table keeps of a record, and of what is given beside it."""
    found = dict(more)
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name.endswith("_at"):
            name = field.name.removesuffix("_at")
            found[f"{name}_us"] = None if value is None else values.utc_us(value)
            found[f"{name}_offset_s"] = None if value is None else offset_s(value)
        else:
            found[field.name] = value
    return {name: value for name, value in found.items() if name in table.c}


def record_from(kind: type[_Record], row: Mapping[Any, Any], **more: object) -> _Record:
    """Return the record that a row holds, with fields that are given beside it."""
    found = dict(more)
    for field in fields(kind):
        if field.name.endswith("_at"):
            name = field.name.removesuffix("_at")
            found[field.name] = moment_in(row, name)
        elif field.name not in found:
            found[field.name] = row[field.name]
    return kind(**found)


def moment_in(row: Mapping[Any, Any], name: str) -> datetime | None:
    """Return a time that a row holds, or None."""
    us, offset_s = row[f"{name}_us"], row[f"{name}_offset_s"]
    return None if us is None else values.moment_of(us, offset_s)


def tilt_from(row: Mapping[Any, Any], method: Method) -> TiltEstimate:
    """Return the answer of a check, or of one of its repeats."""
    doubt = Doubt(row["sd_reading_deg"], row["sd_roll_deg"], row["sd_bones_deg"])
    return TiltEstimate(method, row["angle_deg"], doubt)


def plain_rows(connection: sa.Connection, statement: sa.Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Give what a statement finds, by the driver's own cursor.

    SQLAlchemy's rows would double the time.
    """
    compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    order = compiled.positiontup
    values_by_name = compiled.params
    bound = values_by_name if order is None else [values_by_name[name] for name in order]
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(str(compiled), bound)
        yield from cursor
    finally:
        cursor.close()


def count_change(connection: sa.Connection) -> None:
    """Note that something has come or gone, so that what was read before is read anew."""
    connection.execute(about.update().values(changes=about.c.changes + 1))


def count_of_changes(connection: sa.Connection) -> int:
    """Return how often that was noted."""
    found = connection.execute(sa.select(about.c.changes)).scalar()
    return found if isinstance(found, int) else 0


def insert(
    connection: sa.Connection, table: sa.Table, profile_id: int, record: DataclassInstance
) -> int:
    """Add a record of a person and return its number."""
    statement = table.insert().returning(table.c.id)
    row = values_of(table, record, profile_id=profile_id)
    new_id: int = connection.execute(statement, row).scalar_one()
    count_change(connection)
    return new_id


def insert_all(
    connection: sa.Connection, owned: Sequence[tuple[int, DataclassInstance]], table: sa.Table
) -> None:
    """Add many records, each with the profile it belongs to."""
    if owned:
        rows = [values_of(table, record, profile_id=owner_id) for owner_id, record in owned]
        connection.execute(table.insert(), rows)
        count_change(connection)


def read_all(
    connection: sa.Connection,
    table: sa.Table,
    kind: type[_Owned],
    profile_id: int | None,
    *conditions: sa.ColumnElement[bool],
) -> list[tuple[int, int, _Owned]]:
    """Return the number, the profile's number and the values of a person's records.

    Parameters
    ----------
    profile_id
        Whose; None for everybody's.
    conditions
        What else must hold.

    Returns
    -------
    list
        Oldest first; hidden ones are left out, and those that make no sense.
    """
    wanted = [table.c.hidden_by.is_(None), *conditions]
    if profile_id is not None:
        wanted.append(table.c.profile_id == profile_id)
    statement = sa.select(table).where(*wanted).order_by(table.c.taken_us, table.c.id)
    found: list[tuple[int, int, _Owned]] = []
    for row in connection.execute(statement).mappings():
        try:
            found.append((row["id"], row["profile_id"], checked(record_from(kind, row))))
        except UNFIT:
            unreadable_in(connection).add(KINDS[table.name], row["id"])
    return found


def offset_s(moment: datetime) -> int:
    """Return the offset from UTC; parts of a second, which no zone has, are cut."""
    return int((moment.utcoffset() or timedelta()).total_seconds())


def update_answers(connection: sa.Connection, squeeze_id: int, answers: SqueezeAnswers) -> None:
    """Change what a person said; :class:`SqueezeNotFound` if the test is gone."""
    done = connection.execute(
        squeezes.update()
        .where(squeezes.c.id == squeeze_id, squeezes.c.hidden_by.is_(None))
        .values(**answer_values(answers))
    )
    if done.rowcount == 0:
        raise SqueezeNotFound


def read_entries(
    connection: sa.Connection,
    profile_id: int,
    kinds: Collection[EntryKind],
    since: datetime | None,
) -> list[Entry]:
    """Return a person's entries of some kinds (of all, for none), oldest first."""
    wanted: list[sa.ColumnElement[bool]] = []
    if kinds:
        wanted.append(diary.c.kind.in_([kind.value for kind in kinds]))
    if since is not None:
        wanted.append(diary.c.taken_us >= values.utc_us(since))
    found = read_all(connection, diary, DiaryRecord, profile_id, *wanted)
    return [entry_of(record, entry_id, owner_id) for entry_id, owner_id, record in found]


def plan_pictures(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> set[str]:
    """Return which pictures lists of exercises have, of everybody, in the bin as well.

    Parameters
    ----------
    conditions
        What must hold of the lists.
    """
    wanted = diary.c.kind == EntryKind.PLAN.value, *conditions
    found = connection.execute(sa.select(diary.c.content).where(*wanted)).scalars()
    return {name for text in found for name in _PLAN_PICTURE.findall(str(text))}
