"""Profiles in the database; their names are unique."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values
from app.history.db.damage.sound import UNFIT, US_LEAST, US_MOST, unreadable_in
from app.history.db.rows import count_change, moment_in, record_from, values_of
from app.history.db.schema import checks, diary, profiles, squeezes
from app.history.diary import EntryKind
from app.history.errors import ProfileDetailError, ProfileNameError, ProfileNotFound
from app.history.records import Profile, RowKind
from app.history.values import tidy_name
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.exchange.model import PortableProfile

#: How a person is called whose name cannot be read any more.
LOST_NAME = "Person {}"


def read_profiles(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Profile]:
    """Return all profiles that meet conditions, in the order in which they were made."""
    statement = sa.select(profiles).where(profiles.c.hidden_by.is_(None), *conditions)
    rows = connection.execute(statement.order_by(profiles.c.id)).mappings()
    return [_profile_from(connection, row) for row in rows]


def _profile_from(connection: sa.Connection, row: Mapping[Any, Any]) -> Profile:
    found = mended_profile(row)
    if found != dict(row):
        unreadable_in(connection).add(RowKind.PERSON, row["id"])
    return record_from(Profile, found)


def mended_profile(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a person's row; what makes no sense of it is not known, so that the checks stay."""
    found = dict(row)
    for make, stand_in in (
        (lambda: tidy_name(row["name"]), {"name": LOST_NAME.format(row["id"])}),
        (lambda: _real_moment(row), {"created_us": 0, "created_offset_s": 0}),
        (lambda: values.tidy_client_id(row["client_id"]), {"client_id": ""}),
        (lambda: values.real_birth_year(row["birth_year"]), {"birth_year": None}),
    ):
        try:
            make()
        except (ProfileNameError, ProfileDetailError, *UNFIT):
            found |= stand_in
    return found


def _real_moment(row: Mapping[Any, Any]) -> None:
    if moment_in(row, "created") is None:
        raise ValueError("no time")


def profile_by_id(connection: sa.Connection, profile_id: int) -> Profile:
    """Return one profile; :class:`ProfileNotFound` if it is not there."""
    for found in read_profiles(connection, profiles.c.id == profile_id):
        return found
    raise ProfileNotFound


def profile_by_name(connection: sa.Connection, name: str) -> Profile | None:
    """Return the profile of this name, whatever the case of its letters, or None."""
    wanted = name.casefold()
    # Names alone are read of all: a practice has thousands.
    statement = sa.select(profiles.c.id, profiles.c.name).where(profiles.c.hidden_by.is_(None))
    ids = [
        number
        for number, known in connection.execute(statement)
        if wanted in (str(known).casefold(), LOST_NAME.format(number).casefold())
    ]
    found = read_profiles(connection, profiles.c.id.in_(ids)) if ids else []
    same = (one for one in found if one.name.casefold() == wanted)
    # Earlier versions told names apart by their case.
    return min(same, key=lambda one: one.name != name, default=None)


def insert_profile(
    connection: sa.Connection, name: str, like: PortableProfile | None = None
) -> Profile:
    """Add a profile; :class:`ProfileNameError` if its name is empty, too long, or taken.

    Parameters
    ----------
    like
        What else is known of it, by somebody who has looked whether the name is free: that
        takes long where there are many.
    """
    new = Profile(0, name if like else _free_name(connection, name), values.now())
    if like is not None:
        new = replace(new, created_at=like.created_at, **_details(like))
    row = values_of(profiles, new)
    del row["id"]
    statement = profiles.insert().returning(profiles.c.id)
    count_change(connection)
    return replace(new, id=connection.execute(statement, row).scalar_one())


def change(connection: sa.Connection, wanted: Profile) -> Profile:
    """Give the profile of this number another name, ID, birth year and planned day.

    :class:`ProfileDetailError` for an ID or a year that nobody can have; other errors as those
    of the ones above.
    """
    known = profile_by_id(connection, wanted.id)
    name = _free_name(connection, wanted.name, but_for_id=wanted.id)
    details = _details(wanted)
    statement = profiles.update().where(profiles.c.id == wanted.id)
    connection.execute(statement.values(name=name, **details))
    count_change(connection)
    return replace(known, name=name, **details)


def fill_in(connection: sa.Connection, profile_id: int, known: PortableProfile) -> None:
    """Take over what is known of a person elsewhere and not here."""
    here = profile_by_id(connection, profile_id)
    found = {name: getattr(here, name) or value for name, value in _details(known).items()}
    change(connection, replace(here, **found))


def last_seen_us(connection: sa.Connection) -> dict[int, int]:
    """Return when each person was last measured, by their numbers: microseconds since 1970."""
    found: dict[int, int] = {}
    # Of each person apart: the newest is the end of an index, and no other row is read.
    for table, *which in ((checks,), (squeezes,), (diary, diary.c.kind == EntryKind.RANGE.value)):
        possible = table.c.taken_us.between(US_LEAST, US_MOST)
        shown = table.c.hidden_by.is_(None)
        newest = (
            sa.select(sa.func.max(table.c.taken_us))
            .where(table.c.profile_id == profiles.c.id, shown, possible, *which)
            .scalar_subquery()
        )
        statement = sa.select(profiles.c.id, newest).where(profiles.c.hidden_by.is_(None))
        for owner_id, at_us in connection.execute(statement):
            if at_us is not None:
                found[owner_id] = max(at_us, found.get(owner_id, at_us))
    return found


def _details(of: Profile | PortableProfile) -> dict[str, Any]:
    return {
        "client_id": values.tidy_client_id(of.client_id),
        "birth_year": values.real_birth_year(of.birth_year),
        "next_check_on": of.next_check_on,
    }


def _free_name(connection: sa.Connection, name: str, but_for_id: int | None = None) -> str:
    name = tidy_name(name)
    taken = profile_by_name(connection, name)
    if taken is not None and taken.id != but_for_id:
        raise ProfileNameError(
            tr("There is a person named '{name}' already.").format(name=taken.name),
            tr("Choose another name."),
        )
    return name
