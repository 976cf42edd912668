"""Profiles by their names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values
from app.history.db.schema import profiles
from app.history.errors import ProfileNameError, ProfileNotFound
from app.history.records import Profile
from app.history.values import clean_text

if TYPE_CHECKING:
    from datetime import datetime

    from app.history.store import History


NAME_MAX = 100


def tidy_name(name: str) -> str:
    """Return a name without needless spaces, in one way of writing its letters.

    Raises
    ------
    ProfileNameError
        If nothing is left, or too much.
    """
    tidy = " ".join(unicodedata.normalize("NFC", clean_text(name)).split())
    if not tidy:
        raise ProfileNameError("The name is empty.", "Type a name.")
    if len(tidy) > NAME_MAX:
        raise ProfileNameError(
            f"The name is longer than {NAME_MAX} letters.", "Choose a shorter one."
        )
    return tidy


def find_profile(history: History, name: str) -> Profile:
    """Return the profile of this name, or the only one that differs by case alone.

    Raises
    ------
    ProfileNotFound
        The text names the profiles that there are.
    """
    known = history.profiles()
    wanted = tidy_name(name)
    same = [profile for profile in known if profile.name == wanted]
    if not same:
        same = [p for p in known if p.name.casefold() == wanted.casefold()]
    if len(same) != 1:
        raise ProfileNotFound(wanted, [profile.name for profile in known])
    return same[0]


def find_or_add_profile(history: History, name: str | None) -> Profile:
    """Return the profile of this name, a new one where there is none; None: the first one.

    Raises
    ------
    ProfileNameError
        If no profile can have this name.
    """
    if name is None:
        return history.default_profile()
    try:
        return find_profile(history, name)
    except ProfileNotFound:
        return history.add_profile(name)


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
    created_at = created_at or values.now()
    new_id = connection.execute(
        profiles.insert()
        .values(
            name=name,
            created_us=values.utc_us(created_at),
            created_offset_s=values.offset_s(created_at),
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
    created_at = values.moment_of(row.created_us, row.created_offset_s)
    return Profile(row.id, row.name, created_at)
