"""The diary: exercises, breaks, self-checks, questions before exercising."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the diary."""
    op.create_table(
        "diary",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column(
            "profile_id",
            sa.Integer,
            sa.ForeignKey("profiles.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("taken_us", sa.BigInteger, nullable=False),
        sa.Column("taken_offset_s", sa.Integer, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
        sa.Column("saved_offset_s", sa.Integer, nullable=False),
        sa.Column("hidden_by", sa.Text),
        sa.Column("hidden_us", sa.BigInteger),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    shown = sa.text("hidden_by IS NULL")
    op.create_index(
        "diary_taken",
        "diary",
        ["profile_id", "kind", "taken_us", "id"],
        sqlite_where=shown,
        postgresql_where=shown,
    )
    op.create_index("diary_hidden", "diary", ["hidden_by"])
