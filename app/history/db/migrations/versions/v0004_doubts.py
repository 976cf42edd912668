"""Keeps of each tilt what its doubt is made of, and no longer the ends of its interval.

The versions before left out of the doubt what nobody can see of the bones. What they kept
becomes what it would be today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.history.check_record import earlier_doubt
from vision.result import Method

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PARTS = ("reading", "roll", "bones")
#: Each table's key, and what the names of its tilts begin with.
_TILTS = {
    "checks": (("id",), ("",)),
    "details": (("check_id",), ("contour_", "marked_", "stickers_", "belt_")),
    "repeats": (("check_id", "number"), ("",)),
}


def upgrade() -> None:
    """Add the parts, fill them in, and drop the ends."""
    op.drop_index("checks_trend", "checks")
    for table, (keys, prefixes) in _TILTS.items():
        for prefix in prefixes:
            _change(table, keys, prefix)
    op.create_index(
        "checks_trend",
        "checks",
        ["profile_id", "method", "taken_us", "id", "angle_deg", *_names("")],
        sqlite_where=sa.text("hidden_by IS NULL"),
        postgresql_where=sa.text("hidden_by IS NULL"),
    )


def _names(prefix: str) -> list[str]:
    return [f"{prefix}sd_{part}_deg" for part in _PARTS]


def _change(table: str, keys: tuple[str, ...], prefix: str) -> None:
    """Change one tilt of a table; columns of SQLite come and go without its table anew."""
    is_sure = not prefix
    for name in _names(prefix):
        usual = "0" if is_sure else None
        op.add_column(table, sa.Column(name, sa.Double, nullable=not is_sure, server_default=usual))
    _fill(table, keys, prefix)
    for end in ("low", "high"):
        op.drop_column(table, f"{prefix}{end}_deg")


def _fill(table: str, keys: tuple[str, ...], prefix: str) -> None:
    connection = op.get_bind()
    low, high = f"{prefix}low_deg", f"{prefix}high_deg"
    tilts = sa.table(table, *map(sa.column, (*keys, low, high, *_names(prefix))))
    known = _methods_and_rolls(connection)
    rows = []
    for row in connection.execute(sa.select(tilts).where(tilts.c[low].isnot(None))).mappings():
        method, roll_sd_deg = known[row[keys[0]]]
        own = Method(prefix.removesuffix("_") or method)
        doubt = earlier_doubt(own, row[low], row[high], roll_sd_deg)
        parts = doubt.reading_deg, doubt.roll_deg, doubt.bones_deg
        given = dict(zip(_PARTS, parts, strict=True))
        rows.append(given | {f"key_{key}": row[key] for key in keys})
    if rows:
        change = tilts.update().where(*(tilts.c[key] == sa.bindparam(f"key_{key}") for key in keys))
        new = zip(_names(prefix), _PARTS, strict=True)
        values: dict[str, sa.BindParameter[float]] = {
            name: sa.bindparam(part) for name, part in new
        }
        connection.execute(change.values(values), rows)


def _methods_and_rolls(connection: sa.Connection) -> dict[int, tuple[str, float]]:
    """Return by which method each check is, and what was not known of its camera's roll."""
    checks = sa.table("checks", sa.column("id"), sa.column("method"))
    details = sa.table("details", sa.column("check_id"), sa.column("roll_sd_deg"))
    statement = sa.select(checks.c.id, checks.c.method, details.c.roll_sd_deg).where(
        details.c.check_id == checks.c.id
    )
    return {row.id: (row.method, row.roll_sd_deg) for row in connection.execute(statement)}
