"""Squeeze tests in the database."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values as moments
from app.history.db.schema import squeezes
from app.history.diary_record import SqueezeRecord, answer_values, squeeze_of
from app.history.errors import SqueezeNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.records import Squeeze, SqueezeAnswers

_TIMES = frozenset({"taken_at", "saved_at"})
_NAMES = [field.name for field in fields(SqueezeRecord) if field.name not in _TIMES]
_SHOWN = squeezes.c.hidden_by.is_(None)


def insert_squeeze(connection: sa.Connection, profile_id: int, record: SqueezeRecord) -> int:
    """Add a squeeze test and return its number."""
    statement = squeezes.insert().returning(squeezes.c.id)
    new_id: int = connection.execute(statement, _values(profile_id, record)).scalar_one()
    return new_id


def insert_squeezes(connection: sa.Connection, owned: Sequence[tuple[int, SqueezeRecord]]) -> None:
    """Add many squeeze tests, each with the profile it belongs to."""
    if owned:
        connection.execute(
            squeezes.insert(), [_values(profile_id, record) for profile_id, record in owned]
        )


def read_squeezes(connection: sa.Connection, profile_id: int) -> list[Squeeze]:
    """Return a person's squeeze tests, oldest first."""
    return [
        squeeze_of(_record(row), row.id, row.profile_id) for row in _rows(connection, profile_id)
    ]


def read_squeeze_records(
    connection: sa.Connection, profile_id: int | None
) -> list[tuple[int, SqueezeRecord]]:
    """Return the number of the profile and the plain values of squeeze tests, oldest first."""
    return [(row.profile_id, _record(row)) for row in _rows(connection, profile_id)]


def update_answers(connection: sa.Connection, squeeze_id: int, answers: SqueezeAnswers) -> None:
    """Change what a person said.

    Raises
    ------
    SqueezeNotFound
    """
    done = connection.execute(
        squeezes.update()
        .where(squeezes.c.id == squeeze_id, _SHOWN)
        .values(**answer_values(answers))
    )
    if done.rowcount == 0:
        raise SqueezeNotFound


def _rows(connection: sa.Connection, profile_id: int | None) -> sa.CursorResult[Any]:
    wanted = [] if profile_id is None else [squeezes.c.profile_id == profile_id]
    return connection.execute(
        sa.select(squeezes).where(_SHOWN, *wanted).order_by(squeezes.c.taken_us, squeezes.c.id)
    )


def _values(profile_id: int, record: SqueezeRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _NAMES} | {
        "profile_id": profile_id,
        "taken_us": moments.utc_us(record.taken_at),
        "taken_offset_s": moments.offset_s(record.taken_at),
        "saved_us": moments.utc_us(record.saved_at),
        "saved_offset_s": moments.offset_s(record.saved_at),
    }


def _record(row: sa.Row[Any]) -> SqueezeRecord:
    values = row._mapping
    return SqueezeRecord(
        taken_at=moments.moment_of(row.taken_us, row.taken_offset_s),
        saved_at=moments.moment_of(row.saved_us, row.saved_offset_s),
        **{name: values[name] for name in _NAMES},
    )
