"""Deleting with a way back: hidden at once, gone at the purge.

Each deletion has a name of its own, which the rows carry that it hid. A history purges the
deletions that were made through it, and such as a program that was killed has left behind
for a day; another desk's, whose "undo" may still be on the screen, it leaves alone.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values
from app.history.db.checks import count_change
from app.history.db.profiles import profile_by_id, profile_by_name
from app.history.db.schema import checks, diary, pictures, profiles, squeezes
from app.history.errors import ProfileNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.history.records import Profile

_LEFT_BEHIND_US = 24 * 3600 * 1_000_000
_BACK = {"hidden_by": None, "hidden_us": None}
#: What belongs to a profile and goes with it.
_OWNED = (checks, squeezes, diary)
#: SQLite takes some 32,000 values in one statement.
_BLOCK = 5000


def hide(connection: sa.Connection, table: sa.Table, ids: Sequence[int]) -> str:
    """Hide rows, and return the name of this deletion; unknown numbers are passed over."""
    deletion = uuid.uuid4().hex
    for start in range(0, len(ids), _BLOCK):
        _hide(connection, table, table.c.id.in_(ids[start : start + _BLOCK]), deletion)
    if table is checks:
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
        _hide(connection, table, sa.true() if profile_id is None else whose == profile_id, deletion)
    count_change(connection)
    return deletion


def show(connection: sa.Connection, table: sa.Table, ids: Sequence[int]) -> None:
    """Bring hidden rows back, but for those of a profile that is hidden itself."""
    shown = sa.select(profiles.c.id).where(profiles.c.hidden_by.is_(None))
    for start in range(0, len(ids), _BLOCK):
        block = ids[start : start + _BLOCK]
        connection.execute(
            table.update().where(table.c.id.in_(block), table.c.profile_id.in_(shown)).values(_BACK)
        )
    if table is checks:
        count_change(connection)


def show_profile(connection: sa.Connection, profile_id: int) -> Profile:
    """Bring a hidden profile back with all of it; :class:`ProfileNotFound` if gone for good."""
    row = connection.execute(
        sa.select(profiles.c.hidden_by).where(profiles.c.id == profile_id)
    ).one_or_none()
    if row is None:
        raise ProfileNotFound
    kept_id = profile_id
    if row.hidden_by is not None:
        kept_id = _show_profile(connection, profile_id)
        _show_owned(connection, row.hidden_by)
        count_change(connection)
    return profile_by_id(connection, kept_id)


def show_deletion(connection: sa.Connection, deletion: str) -> None:
    """Bring back everything that one deletion hid."""
    ids = connection.execute(
        sa.select(profiles.c.id).where(profiles.c.hidden_by == deletion).order_by(profiles.c.id)
    ).scalars()
    for profile_id in ids.all():
        _show_profile(connection, profile_id)
    _show_owned(connection, deletion)
    count_change(connection)


def purge(connection: sa.Connection, deletions: Collection[str]) -> list[str]:
    """Remove what those deletions hid, and what was left behind.

    Returns
    -------
    list of str
        The names of the pictures that have no row any more.
    """
    before_us = values.utc_us(values.now()) - _LEFT_BEHIND_US
    old_profiles = _purgeable(profiles, deletions, before_us)
    going = sa.select(profiles.c.id).where(old_profiles)
    old = {
        table: _purgeable(table, deletions, before_us) | table.c.profile_id.in_(going)
        for table in _OWNED
    }
    wanted = sa.select(checks.c.id).where(old[checks])
    names = connection.execute(
        sa.select(pictures.c.file_name).where(pictures.c.check_id.in_(wanted))
    ).scalars()
    gone = list(names)
    for table, condition in old.items():
        connection.execute(table.delete().where(condition))
    connection.execute(profiles.delete().where(old_profiles))
    return gone


def drop_hidden(connection: sa.Connection, table: sa.Table, uuids: Sequence[str]) -> None:
    """Remove hidden rows that are about to be added once more."""
    connection.execute(table.delete().where(table.c.uuid.in_(uuids), table.c.hidden_by.isnot(None)))


def _hide(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool], deletion: str
) -> None:
    connection.execute(
        table.update()
        .where(condition, table.c.hidden_by.is_(None))
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
    for table in _OWNED:
        connection.execute(
            table.update().where(table.c.profile_id == profile_id).values(profile_id=taken.id)
        )
    connection.execute(profiles.delete().where(profiles.c.id == profile_id))
    return taken.id


def _show_owned(connection: sa.Connection, deletion: str) -> None:
    for table in _OWNED:
        connection.execute(table.update().where(table.c.hidden_by == deletion).values(_BACK))


def _purgeable(
    table: sa.Table, deletions: Collection[str], before_us: int
) -> sa.ColumnElement[Any]:
    return table.c.hidden_by.in_(list(deletions)) | (
        table.c.hidden_by.isnot(None) & (table.c.hidden_us < before_us)
    )
