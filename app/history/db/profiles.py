"""Profiles in the database; their names are unique."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.history import values
from app.history.db.rows import count_change, record_from, values_of
from app.history.db.schema import profiles
from app.history.errors import ProfileNameError, ProfileNotFound
from app.history.records import Profile
from app.history.values import tidy_name

if TYPE_CHECKING:
    from datetime import datetime


def read_profiles(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Profile]:
    """Return all profiles that meet conditions, in the order in which they were made."""
    statement = sa.select(profiles).where(profiles.c.hidden_by.is_(None), *conditions)
    rows = connection.execute(statement.order_by(profiles.c.id)).mappings()
    return [record_from(Profile, row) for row in rows]


def profile_by_id(connection: sa.Connection, profile_id: int) -> Profile:
    """Return one profile; :class:`ProfileNotFound` if it is not there."""
    for found in read_profiles(connection, profiles.c.id == profile_id):
        return found
    raise ProfileNotFound


def profile_by_name(connection: sa.Connection, name: str) -> Profile | None:
    """Return the profile of this name, whatever the case of its letters, or None."""
    wanted = name.casefold()
    same = (one for one in read_profiles(connection) if one.name.casefold() == wanted)
    # Earlier versions told names apart by their case.
    return min(same, key=lambda one: one.name != name, default=None)


def insert_profile(
    connection: sa.Connection, name: str, created_at: datetime | None = None
) -> Profile:
    """Add a profile; :class:`ProfileNameError` if its name is empty, too long, or taken."""
    new = Profile(0, _free_name(connection, name), created_at or values.now())
    row = values_of(profiles, new)
    del row["id"]
    statement = profiles.insert().returning(profiles.c.id)
    count_change(connection)
    return replace(new, id=connection.execute(statement, row).scalar_one())


def rename(connection: sa.Connection, profile_id: int, name: str) -> Profile:
    """Give a profile another name; errors as those of the two above."""
    known = profile_by_id(connection, profile_id)
    name = _free_name(connection, name, but_for_id=profile_id)
    connection.execute(profiles.update().where(profiles.c.id == profile_id).values(name=name))
    count_change(connection)
    return replace(known, name=name)


def _free_name(connection: sa.Connection, name: str, but_for_id: int | None = None) -> str:
    name = tidy_name(name)
    taken = profile_by_name(connection, name)
    if taken is not None and taken.id != but_for_id:
        raise ProfileNameError(
            f"There is a person named '{taken.name}' already.", "Choose another name."
        )
    return name
