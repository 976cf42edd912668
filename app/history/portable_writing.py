"""Adding what an export holds."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.history.check_writing import insert_checks
from app.history.deletion import drop_hidden
from app.history.portable import Added
from app.history.profile_table import insert_profile, profile_by_name
from app.history.schema import checks

if TYPE_CHECKING:
    from app.history.portable import PortableHistory, PortableProfile

_BLOCK = 500


def add_all(connection: sa.Connection, content: PortableHistory) -> Added:
    """Add profiles and checks that are not there yet, in the caller's transaction.

    Profiles go by their names, checks by their identity. A check that was deleted and could
    still come back is replaced: whoever imports it wants to see it.
    """
    ids: dict[str, int] = {}
    new_profiles = 0
    for owner in (*content.profiles, *(check.profile for check in content.checks)):
        if owner.name not in ids:
            ids[owner.name], is_new = _profile_id(connection, owner)
            new_profiles += is_new
    unlike = {check.record.uuid: check for check in content.checks}
    added = 0
    waiting = iter(unlike.values())
    while block := list(islice(waiting, _BLOCK)):
        uuids = [check.record.uuid for check in block]
        drop_hidden(connection, uuids)
        known = set(
            connection.execute(sa.select(checks.c.uuid).where(checks.c.uuid.in_(uuids))).scalars()
        )
        new = [check for check in block if check.record.uuid not in known]
        insert_checks(connection, [(ids[check.profile.name], check.record) for check in new])
        added += len(new)
    return Added(added, len(content.checks) - added, new_profiles)


def _profile_id(connection: sa.Connection, owner: PortableProfile) -> tuple[int, bool]:
    known = profile_by_name(connection, owner.name)
    if known is not None:
        return known.id, False
    return insert_profile(connection, owner.name, owner.created_at).id, True
