"""Adding checks, and changing what was said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.history import values__moments as moments
from app.history.check_record__repeat_record import (
    NO_REPEATS,
    repeat_values,
    repeats_of,
    spread_deg,
)
from app.history.db.schema import about, checks, details, pictures, repeats
from app.history.errors import CheckNotFound
from app.history.values import clean_text, search_text
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.check_record import CheckRecord
    from app.history.files import EncodedPicture
    from app.history.records import Conditions, Repeat

_DETAIL_NAMES = frozenset(details.c.keys()) - {"check_id"}
#: Made once: SQLAlchemy takes as long to build a statement as SQLite to run it.
_INSERT = checks.insert().returning(checks.c.id)
_COUNT = about.update().values(changes=about.c.changes + 1)


def insert_check(connection: sa.Connection, profile_id: int, record: CheckRecord) -> int:
    """Add a check and return its number."""
    new_id: int = connection.execute(_INSERT, _check_values(profile_id, record)).scalar_one()
    connection.execute(details.insert(), _detail_values(new_id, record))
    _insert_repeats(connection, _repeat_values(new_id, record))
    count_change(connection)
    return new_id


def insert_checks(connection: sa.Connection, owned: Sequence[tuple[int, CheckRecord]]) -> None:
    """Add many checks, each with the profile it belongs to."""
    if not owned:
        return
    connection.execute(
        checks.insert(), [_check_values(profile_id, record) for profile_id, record in owned]
    )
    uuids = [record.uuid for _, record in owned]
    found = connection.execute(
        sa.select(checks.c.uuid, checks.c.id).where(checks.c.uuid.in_(uuids))
    )
    ids = {row.uuid: row.id for row in found}
    connection.execute(
        details.insert(), [_detail_values(ids[record.uuid], record) for _, record in owned]
    )
    taken = (_repeat_values(ids[record.uuid], record) for _, record in owned)
    _insert_repeats(connection, [values for some in taken for values in some])
    count_change(connection)


def insert_picture(
    connection: sa.Connection, check_id: int, file_name: str, encoded: EncodedPicture
) -> None:
    """Note that a check has a picture."""
    connection.execute(
        pictures.insert().values(
            check_id=check_id,
            file_name=file_name,
            width_px=encoded.width_px,
            height_px=encoded.height_px,
        )
    )


def update_conditions(connection: sa.Connection, check_id: int, conditions: Conditions) -> None:
    """Change what was said about a check.

    Raises
    ------
    CheckNotFound
    """
    garment, note = clean_text(conditions.garment), clean_text(conditions.note)
    done = connection.execute(
        checks.update()
        .where(checks.c.id == check_id, checks.c.hidden_by.is_(None))
        .values(
            garment=garment,
            arms=conditions.arms.value if conditions.arms else None,
            note=note,
            search_text=search_text(garment, note),
        )
    )
    if done.rowcount == 0:
        raise CheckNotFound(check_id)


def count_change(connection: sa.Connection) -> None:
    """Note that checks have come or gone, so that what was read before is read anew."""
    connection.execute(_COUNT)


def _insert_repeats(connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
    if values:
        connection.execute(repeats.insert(), values)


def _check_values(profile_id: int, record: CheckRecord) -> dict[str, Any]:
    taken = () if record.repeats == NO_REPEATS else _repeats(record)
    return {
        "uuid": record.uuid,
        "profile_id": profile_id,
        "taken_us": moments.utc_us(record.taken_at),
        "taken_offset_s": moments.offset_s(record.taken_at),
        "saved_us": moments.utc_us(record.saved_at),
        "saved_offset_s": moments.offset_s(record.saved_at),
        "method": record.method,
        "angle_deg": record.angle_deg,
        "low_deg": record.low_deg,
        "high_deg": record.high_deg,
        "garment": record.garment,
        "arms": record.arms,
        "note": record.note,
        "search_text": search_text(record.garment, record.note),
        "repeat_count": len(taken),
        "repeat_spread_deg": spread_deg(taken),
    }


def _detail_values(check_id: int, record: CheckRecord) -> dict[str, Any]:
    return {"check_id": check_id} | {name: getattr(record, name) for name in _DETAIL_NAMES}


def _repeats(record: CheckRecord) -> tuple[Repeat, ...]:
    return repeats_of(record.repeats, Method(record.method))


def _repeat_values(check_id: int, record: CheckRecord) -> list[dict[str, Any]]:
    if record.repeats == NO_REPEATS:
        return []
    return repeat_values(check_id, _repeats(record))
