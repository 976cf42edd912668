"""What exports hold, from and into the database."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from app.history.check_record import CheckRecord
from app.history.db.checks import insert_checks
from app.history.db.profiles import fill_in, insert_profile, read_profiles
from app.history.db.rows import insert_all
from app.history.db.schema import checks, diary, squeezes
from app.history.db.trash import bring_back
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.exchange.model import Added, PortableProfile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.history.exchange.model import Portable, PortableHistory

_BLOCK = 500
_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)


def owners_of(connection: sa.Connection) -> dict[int, PortableProfile]:
    """Return all profiles as exports keep them, by their numbers."""
    return {profile.id: PortableProfile.of(profile) for profile in read_profiles(connection)}


def add_all(connection: sa.Connection, content: PortableHistory) -> Added:
    """Add profiles with all that belongs to them, unless it is there, in the caller's transaction.

    Profiles go by their names, all else by its identity. What lies in the bin comes back, with
    its picture: whoever imports it wants to see it.
    """
    # By their letters alone: "Jürgen" and "jürgen" are one person.
    known = {profile.name.casefold(): profile.id for profile in reversed(read_profiles(connection))}
    ids = dict(known)
    owners = [*content.profiles, *(check.profile for check in content.checks)]
    owners += [squeeze.profile for squeeze in content.squeezes]
    owners += [entry.profile for entry in content.entries]
    for owner in dict.fromkeys(owners):
        name = owner.name.casefold()
        if name not in ids:
            ids[name] = insert_profile(connection, owner.name, owner).id
        elif owner.client_id or owner.birth_year or owner.next_check_on:
            fill_in(connection, ids[name], owner)

    def add(table: sa.Table, given: Sequence[Portable[_Record]], put: Callable[..., object]) -> int:
        unlike = {one.record.uuid: one for one in given}
        owners = {key: ids[one.profile.name.casefold()] for key, one in unlike.items()}
        count = bring_back(connection, table, owners)
        for new in _new(connection, table, unlike):
            put(connection, [(owners[one.record.uuid], one.record) for one in new])
            count += len(new)
        return count

    added = add(checks, content.checks, insert_checks)
    tests = add(squeezes, content.squeezes, partial(insert_all, table=squeezes))
    entries = add(diary, content.entries, partial(insert_all, table=diary))
    return Added(added, len(content.checks) - added, len(ids) - len(known), tests, entries)


def _new(
    connection: sa.Connection, table: sa.Table, unlike: Mapping[str, Portable[_Record]]
) -> Iterator[list[Portable[_Record]]]:
    """Give, block by block, what is not in a table yet."""
    waiting = iter(unlike.values())
    while block := list(islice(waiting, _BLOCK)):
        uuids = [one.record.uuid for one in block]
        known = set(
            connection.execute(sa.select(table.c.uuid).where(table.c.uuid.in_(uuids))).scalars()
        )
        yield [one for one in block if one.record.uuid not in known]
