"""The people whose checks are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values__moments as moments
from app.history.db.schema import profiles
from app.history.errors import ProfileNameError, ProfileNotFound
from app.history.profiles import tidy_name
from app.history.records import Profile

if TYPE_CHECKING:
    from datetime import datetime

#: What the first profile is called.
FIRST_NAME = "Me"
_SHOWN = profiles.c.hidden_by.is_(None)


def all_profiles(connection: sa.Connection) -> list[Profile]:
    """Return all profiles, in the order in which they were made."""
    rows = connection.execute(sa.select(profiles).where(_SHOWN).order_by(profiles.c.id))
    return [_profile(row) for row in rows]


def profile_by_id(connection: sa.Connection, profile_id: int) -> Profile:
    """Return one profile.

    Raises
    ------
    ProfileNotFound
    """
    found = connection.execute(
        sa.select(profiles).where(_SHOWN, profiles.c.id == profile_id)
    ).one_or_none()
    if found is None:
        raise ProfileNotFound
    return _profile(found)


def profile_by_name(connection: sa.Connection, name: str) -> Profile | None:
    """Return the profile of just this name, or None."""
    found = connection.execute(
        sa.select(profiles).where(_SHOWN, profiles.c.name == name)
    ).one_or_none()
    return None if found is None else _profile(found)


def insert_profile(
    connection: sa.Connection, name: str, created_at: datetime | None = None
) -> Profile:
    """Add a profile.

    Raises
    ------
    ProfileNameError
        If the name is empty, too long, or taken.
    """
    name = _free_name(connection, name)
    created_at = created_at or moments.now()
    new_id = connection.execute(
        profiles.insert()
        .values(
            name=name,
            created_us=moments.utc_us(created_at),
            created_offset_s=moments.offset_s(created_at),
        )
        .returning(profiles.c.id)
    ).scalar_one()
    return Profile(new_id, name, created_at)


def rename(connection: sa.Connection, profile_id: int, name: str) -> Profile:
    """Give a profile another name.

    Raises
    ------
    ProfileNotFound, ProfileNameError
    """
    profile_by_id(connection, profile_id)
    name = _free_name(connection, name, but_for_id=profile_id)
    connection.execute(profiles.update().where(profiles.c.id == profile_id).values(name=name))
    return profile_by_id(connection, profile_id)


def _free_name(connection: sa.Connection, name: str, but_for_id: int | None = None) -> str:
    name = tidy_name(name)
    taken = profile_by_name(connection, name)
    if taken is not None and taken.id != but_for_id:
        raise ProfileNameError(
            f"There is a profile named '{name}' already.", "Choose another name."
        )
    return name


def _profile(row: sa.Row[Any]) -> Profile:
    created_at = moments.moment_of(row.created_us, row.created_offset_s)
    return Profile(row.id, row.name, created_at)
