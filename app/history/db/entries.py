"""Squeeze tests and the diary in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.history import values
from app.history.db.rows import read_all, record_from
from app.history.db.schema import diary, squeezes
from app.history.diary_record import (
    DiaryRecord,
    SqueezeRecord,
    answer_values,
    entry_of,
    squeeze_of,
)
from app.history.errors import SqueezeNotFound

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from app.history.diary import Entry, EntryKind
    from app.history.records import Squeeze, SqueezeAnswers


def read_squeezes(connection: sa.Connection, profile_id: int) -> list[Squeeze]:
    """Return a person's squeeze tests, oldest first."""
    found = read_all(connection, squeezes, SqueezeRecord, profile_id)
    return [squeeze_of(record, squeeze_id, owner_id) for squeeze_id, owner_id, record in found]


def update_answers(connection: sa.Connection, squeeze_id: int, answers: SqueezeAnswers) -> None:
    """Change what a person said.

    Raises
    ------
    SqueezeNotFound
    """
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


def read_newest(connection: sa.Connection, profile_id: int, kind: EntryKind) -> Entry | None:
    """Return the newest entry of a kind, or None."""
    shown = diary.c.hidden_by.is_(None)
    statement = (
        sa.select(diary)
        .where(shown, diary.c.profile_id == profile_id, diary.c.kind == kind.value)
        .order_by(diary.c.taken_us.desc(), diary.c.id.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else entry_of(record_from(DiaryRecord, row), row["id"], profile_id)
