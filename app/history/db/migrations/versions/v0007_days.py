"""Keeps what the checks of each day come to, and lists by arms and by note in order.

The days themselves are worked out when the database is opened, as after any change of the rule
by which they are (:mod:`app.history.db.days`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ENDS = ("low_deg", "high_deg", "least_deg", "most_deg")


def _numbers(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double, nullable=False) for name in names]


def upgrade() -> None:
    """Add the table, its place in what the database says of itself, and the indexes."""
    op.add_column("about", sa.Column("renewals", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("about", sa.Column("days_rule", sa.Text, nullable=False, server_default=""))
    owner = sa.ForeignKey("profiles.id", ondelete="CASCADE")
    op.create_table(
        "days",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("profile_id", sa.Integer, owner, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("local_day", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("garment", sa.Text, nullable=False),
        sa.Column("arms", sa.Text),
        sa.Column("calibrated_us", sa.BigInteger),
        sa.Column("number", sa.Integer, nullable=False),
        *_numbers("into_day_s", "angle_deg", "within_deg2", "roll_deg2"),
        *_numbers(*_ENDS),
        sa.Column("renewal", sa.BigInteger, nullable=False),
    )
    outline = ["profile_id", "method", "day", "garment", "number", *_ENDS]
    op.create_index("days_outline", "days", outline)
    op.create_index("days_of", "days", ["profile_id", "day"])
    op.create_index("days_said", "days", ["profile_id", "method", "garment", "arms", "number"])
    op.create_index("days_renewed", "days", ["profile_id", "renewal"])
    shown = sa.text("hidden_by IS NULL")
    is_file = op.get_bind().dialect.name == "sqlite"
    # PostgreSQL refuses rows with a long text in an index, and notes may be long.
    for name in ("arms", "note") if is_file else ("arms",):
        columns = ["profile_id", name, "taken_us", "id"]
        op.create_index(
            f"checks_{name}", "checks", columns, sqlite_where=shown, postgresql_where=shown
        )
