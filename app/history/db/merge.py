"""What exports hold, from and into the database."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from app.history.check_record import CheckRecord
from app.history.db.checks import insert_checks
from app.history.db.profiles import fill_in, insert_profile, read_profiles
from app.history.db.rows import insert_all
from app.history.db.schema import checks, diary, squeezes
from app.history.db.trash import bring_back
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.exchange.model import PEOPLE_MAX, Added, NotPortable, PortableProfile
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from app.history.exchange.model import Portable, PortableHistory

_BLOCK, _LETTERS = 500, 1 << 23
_Record = TypeVar("_Record", CheckRecord, SqueezeRecord, DiaryRecord)


def owners_of(connection: sa.Connection) -> dict[int, PortableProfile]:
    """Return all profiles as exports keep them, by their numbers."""
    return {profile.id: PortableProfile.of(profile) for profile in read_profiles(connection)}


def add_all(connection: sa.Connection, content: PortableHistory) -> Added:
    """Add profiles with all that belongs to them, unless it is there, in the caller's transaction.

    Profiles go by their names, all else by its identity. What lies in the bin comes back, with
    its picture: whoever imports it wants to see it. No more than a block is held at a time.
    """
    people = _People(connection)
    for owner in content.profiles:
        people.number_of(owner)
    given, added = _add(people, checks, content.checks, insert_checks)
    _, tests = _add(people, squeezes, content.squeezes, partial(insert_all, table=squeezes))
    _, entries = _add(people, diary, content.entries, partial(insert_all, table=diary))
    return Added(added, given - added, people.added, tests, entries)


class _People:
    """The numbers of people by what an export knows of them, who are added where need be."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        # By their letters alone: "Jürgen" and "jürgen" are one person.
        known = reversed(read_profiles(connection))
        self._ids = {profile.name.casefold(): profile.id for profile in known}
        self._seen: set[PortableProfile] = set()
        self.added = 0

    def number_of(self, owner: PortableProfile) -> int:
        name = owner.name.casefold()
        if owner not in self._seen:
            self._seen.add(owner)
            if len(self._seen) > PEOPLE_MAX:
                raise NotPortable(tr("more people than Beltline keeps"))
            if name not in self._ids:
                self._ids[name] = insert_profile(self.connection, owner.name, owner).id
                self.added += 1
            elif owner.client_id or owner.birth_year or owner.next_check_on:
                fill_in(self.connection, self._ids[name], owner)
        return self._ids[name]


def _add(
    people: _People,
    table: sa.Table,
    given: Iterable[Portable[_Record]],
    put: Callable[..., object],
) -> tuple[int, int]:
    """Add what is new, block by block; return how many were given, and how many added."""
    count = added = 0
    for block in _blocks(given):
        count += len(block)
        unlike: dict[str, Portable[_Record]] = {}
        for one in block:
            unlike.setdefault(one.record.uuid, one)
        owners = {key: people.number_of(one.profile) for key, one in unlike.items()}
        added += bring_back(people.connection, table, owners)
        known = _known(people.connection, table, unlike)
        new = [one for key, one in unlike.items() if key not in known]
        put(people.connection, [(owners[one.record.uuid], one.record) for one in new])
        added += len(new)
    return count, added


def _blocks(given: Iterable[Portable[_Record]]) -> Iterator[list[Portable[_Record]]]:
    """Give some hundred records at a time, or fewer where they hold long texts."""
    block: list[Portable[_Record]] = []
    letters = 0
    for one in given:
        block.append(one)
        texts = (getattr(one.record, field.name) for field in fields(one.record))
        letters += sum(len(text) for text in texts if isinstance(text, str))
        if len(block) == _BLOCK or letters > _LETTERS:
            yield block
            block, letters = [], 0
    if block:
        yield block


def _known(connection: sa.Connection, table: sa.Table, uuids: Iterable[str]) -> set[str]:
    wanted = table.c.uuid.in_(list(uuids))
    return set(connection.execute(sa.select(table.c.uuid).where(wanted)).scalars())
