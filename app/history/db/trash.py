"""The bin: what is deleted is hidden at once, can be had back for a month, and then goes.

Each deletion has a name of its own, which the rows carry that it hid; by that name it is
listed, taken back or made final.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values
from app.history.db import days
from app.history.db.damage.sound import US_LEAST, US_MOST
from app.history.db.profiles import profile_by_id, profile_by_name
from app.history.db.rows import count_change, plan_pictures
from app.history.db.schema import checks, diary, pictures, profiles, squeezes
from app.history.place import plan_picture_file
from app.history.records import Deletion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_BACK = {"hidden_by": None, "hidden_us": None}
#: What belongs to a profile and goes with it.
_OWNED = (checks, squeezes, diary)
#: SQLite takes some 32,000 values in one statement.
_BLOCK = 5000


def hide(connection: sa.Connection, wanted: Mapping[sa.Table, Sequence[int]]) -> str:
    """Hide rows of some tables together, and return the name of this deletion.

    Unknown numbers are passed over.
    """
    deletion = uuid.uuid4().hex
    for table, ids in wanted.items():
        for start in range(0, len(ids), _BLOCK):
            # SQLite would rather go through all that is shown than look up some hundred numbers.
            is_shown = sa.func.coalesce(table.c.hidden_by, "") == ""
            some = table.c.id.in_(ids[start : start + _BLOCK])
            _hide(connection, table, some & is_shown, deletion)
    count_change(connection)
    return deletion


def hide_profiles(connection: sa.Connection, profile_id: int | None = None) -> str:
    """Hide a profile, or all of them, with what belongs to it; return this deletion's name.

    :class:`ProfileNotFound` if it is not there.
    """
    if profile_id is not None:
        profile_by_id(connection, profile_id)
    deletion = uuid.uuid4().hex
    for table in (profiles, *_OWNED):
        whose = table.c.id if table is profiles else table.c.profile_id
        wanted = sa.true() if profile_id is None else whose == profile_id
        _hide(connection, table, wanted & table.c.hidden_by.is_(None), deletion)
    count_change(connection)
    return deletion


def deletions(connection: sa.Connection) -> list[Deletion]:
    """Return what lies in the bin, newest first."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    people: dict[str, list[str]] = defaultdict(list)
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    at_us: dict[str, int] = {}
    for table in (profiles, *_OWNED):
        for row in connection.execute(_of_bin(table)):
            if not (isinstance(row.hidden_by, str) and isinstance(row.name, str)):
                continue  # makes no sense, as after a fault of the disk
            is_time = isinstance(row.hidden_us, int) and US_LEAST < row.hidden_us < US_MOST
            at_us[row.hidden_by] = max(row.hidden_us if is_time else 0, at_us.get(row.hidden_by, 0))
            if table is profiles:
                people[row.hidden_by].append(row.name)
                continue
            counted[row.hidden_by][table.name] += row.number
            if row.owner_hidden_by != row.hidden_by:
                owners[row.hidden_by][row.name] = None
    found = [
        Deletion(
            name,
            values.moment_of(at_us[name], 0).astimezone(),
            tuple(people[name]),
            tuple(owners[name]),
            *(counted[name][table.name] for table in _OWNED),
        )
        for name in at_us
    ]
    return sorted(found, key=lambda one: at_us[one.name], reverse=True)


def _of_bin(table: sa.Table) -> sa.Select[Any]:
    """Ask for the hidden people, or for how many hidden rows of each person there are."""
    hidden = table.c.hidden_by, table.c.hidden_us
    if table is profiles:
        return (
            sa.select(*hidden, profiles.c.name)
            .where(table.c.hidden_by.isnot(None))
            .order_by(profiles.c.id)
        )
    return (
        sa.select(
            table.c.hidden_by,
            sa.func.max(table.c.hidden_us).label("hidden_us"),
            sa.func.count().label("number"),
            profiles.c.name,
            profiles.c.hidden_by.label("owner_hidden_by"),
        )
        .join(profiles, profiles.c.id == table.c.profile_id)
        .where(table.c.hidden_by.isnot(None))
        .group_by(table.c.hidden_by, profiles.c.id, profiles.c.name, profiles.c.hidden_by)
        .order_by(profiles.c.id)
    )


def show_deletion(connection: sa.Connection, deletion: str) -> None:
    """Bring back everything that one deletion hid; what is gone for good is passed over.

    A check comes back with its person, if that was deleted later.
    """
    whose = [sa.select(table.c.profile_id).where(table.c.hidden_by == deletion) for table in _OWNED]
    ids = connection.execute(
        sa.select(profiles.c.id)
        .where(
            profiles.c.hidden_by.isnot(None),
            sa.or_(profiles.c.hidden_by == deletion, *(profiles.c.id.in_(one) for one in whose)),
        )
        .order_by(profiles.c.id)
    ).scalars()
    for profile_id in ids.all():
        _show_profile(connection, profile_id)
    days.touch(connection, checks.c.hidden_by == deletion)
    for table in _OWNED:
        connection.execute(table.update().where(table.c.hidden_by == deletion).values(_BACK))
    count_change(connection)


def purge(connection: sa.Connection, names: Collection[str] | None) -> list[str]:
    """Remove what these deletions hid, None for all.

    Returns
    -------
    list of str
        The names of the pictures that have no row any more.
    """
    old_profiles = _purgeable(profiles, names)
    going = sa.select(profiles.c.id).where(old_profiles)
    old = {table: _purgeable(table, names) | table.c.profile_id.in_(going) for table in _OWNED}
    wanted = sa.select(checks.c.id).where(old[checks])
    found = connection.execute(
        sa.select(pictures.c.file_name).where(pictures.c.check_id.in_(wanted))
    ).scalars()
    gone = list(found)
    of_lists = plan_pictures(connection, old[diary])
    for table, condition in old.items():
        connection.execute(table.delete().where(condition))
    connection.execute(profiles.delete().where(old_profiles))
    # Another list may have the same picture.
    alone = of_lists - plan_pictures(connection) if of_lists else of_lists
    return gone + [plan_picture_file(name) for name in sorted(alone)]


def bring_back(connection: sa.Connection, table: sa.Table, owners: Mapping[str, int]) -> int:
    """Bring back what is hidden of some rows, by their identities; return how many.

    Parameters
    ----------
    owners
        To which profile each belongs from now on.
    """
    uuids = list(owners)
    count = 0
    for start in range(0, len(uuids), _BLOCK):
        found = connection.execute(
            sa.select(table.c.uuid).where(
                table.c.uuid.in_(uuids[start : start + _BLOCK]), table.c.hidden_by.isnot(None)
            )
        ).scalars()
        for key in found.all():
            connection.execute(
                table.update()
                .where(table.c.uuid == key)
                .values(_BACK | {"profile_id": owners[key]})
            )
            if table is checks:
                days.touch(connection, table.c.uuid == key)
            count += 1
    if count:
        count_change(connection)
    return count


def _hide(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool], deletion: str
) -> None:
    if table is checks:
        days.touch(connection, condition)
    connection.execute(
        table.update()
        .where(condition)
        .values(hidden_by=deletion, hidden_us=values.utc_us(values.now()))
    )


def _show_profile(connection: sa.Connection, profile_id: int) -> int:
    """Bring a profile back, or hand all of it to one that has taken its name meanwhile."""
    name = connection.execute(
        sa.select(profiles.c.name).where(profiles.c.id == profile_id)
    ).scalar_one()
    taken = profile_by_name(connection, name)
    if taken is None:
        connection.execute(profiles.update().where(profiles.c.id == profile_id).values(_BACK))
        return profile_id
    days.stale_in(connection).people.add(taken.id)
    for table in _OWNED:
        connection.execute(
            table.update().where(table.c.profile_id == profile_id).values(profile_id=taken.id)
        )
    connection.execute(profiles.delete().where(profiles.c.id == profile_id))
    return taken.id


def put_away_us(connection: sa.Connection) -> dict[str, int]:
    """Return what lies in the bin by its names, and since when, microseconds since 1970."""
    hidden = sa.union_all(
        *(
            sa.select(table.c.hidden_by, table.c.hidden_us).where(table.c.hidden_by.isnot(None))
            for table in (profiles, *_OWNED)
        )
    ).subquery()
    newest = sa.func.max(hidden.c.hidden_us)
    found = connection.execute(sa.select(hidden.c.hidden_by, newest).group_by(hidden.c.hidden_by))
    return dict(map(tuple, found))


def _purgeable(table: sa.Table, names: Collection[str] | None) -> sa.ColumnElement[Any]:
    return table.c.hidden_by.isnot(None) if names is None else table.c.hidden_by.in_(list(names))
