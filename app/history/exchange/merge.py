"""Adding what an export holds."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from app.history.db.checks import insert_checks
from app.history.db.diary import insert_entries
from app.history.db.schema import checks, diary, squeezes
from app.history.db.squeezes import insert_squeezes
from app.history.db.trash import drop_hidden
from app.history.exchange.model import Added, PortableProfile
from app.history.profiles import all_profiles, insert_profile, profile_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.history.exchange.model import (
        PortableCheck,
        PortableEntry,
        PortableHistory,
        PortableSqueeze,
    )


def portable_profiles(connection: sa.Connection) -> dict[int, PortableProfile]:
    """Return all profiles as exports keep them, by their numbers."""
    return {
        profile.id: PortableProfile(profile.name, profile.created_at)
        for profile in all_profiles(connection)
    }


_BLOCK = 500
_One = TypeVar("_One", "PortableCheck", "PortableSqueeze", "PortableEntry")


def add_all(connection: sa.Connection, content: PortableHistory) -> Added:
    """Add profiles with all that belongs to them, unless it is there, in the caller's transaction.

    Profiles go by their names, all else by its identity. What was deleted and could still
    come back is replaced: whoever imports it wants to see it.
    """
    ids: dict[str, int] = {}
    new_profiles = 0
    owners = [*content.profiles, *(check.profile for check in content.checks)]
    owners += [squeeze.profile for squeeze in content.squeezes]
    owners += [entry.profile for entry in content.entries]
    for owner in owners:
        if owner.name not in ids:
            ids[owner.name], is_new = _profile_id(connection, owner)
            new_profiles += is_new
    added = 0
    for new_checks in _new(connection, checks, content.checks):
        insert_checks(connection, [(ids[one.profile.name], one.record) for one in new_checks])
        added += len(new_checks)
    tests = 0
    for new_tests in _new(connection, squeezes, content.squeezes):
        insert_squeezes(connection, [(ids[one.profile.name], one.record) for one in new_tests])
        tests += len(new_tests)
    entries = 0
    for new_entries in _new(connection, diary, content.entries):
        insert_entries(connection, [(ids[one.profile.name], one.record) for one in new_entries])
        entries += len(new_entries)
    return Added(added, len(content.checks) - added, new_profiles, tests, entries)


def _new(connection: sa.Connection, table: sa.Table, given: Iterable[_One]) -> Iterator[list[_One]]:
    """Give, block by block, what is not in a table yet, each identity once."""
    unlike = {one.record.uuid: one for one in given}
    waiting = iter(unlike.values())
    while block := list(islice(waiting, _BLOCK)):
        uuids = [one.record.uuid for one in block]
        drop_hidden(connection, table, uuids)
        known = set(
            connection.execute(sa.select(table.c.uuid).where(table.c.uuid.in_(uuids))).scalars()
        )
        yield [one for one in block if one.record.uuid not in known]


def _profile_id(connection: sa.Connection, owner: PortableProfile) -> tuple[int, bool]:
    known = profile_by_name(connection, owner.name)
    if known is not None:
        return known.id, False
    return insert_profile(connection, owner.name, owner.created_at).id, True
