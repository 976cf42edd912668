"""Repeats of checks, and squeeze tests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the live check keeps."""
    # Added as they are: building the table of checks anew would take long where it is large.
    op.add_column(
        "checks", sa.Column("repeat_count", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("checks", sa.Column("repeat_spread_deg", sa.Double))
    op.create_table(
        "repeats",
        sa.Column(
            "check_id",
            sa.Integer,
            sa.ForeignKey("checks.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("taken_us", sa.BigInteger, nullable=False),
        sa.Column("taken_offset_s", sa.Integer, nullable=False),
        sa.Column("angle_deg", sa.Double, nullable=False),
        sa.Column("low_deg", sa.Double, nullable=False),
        sa.Column("high_deg", sa.Double, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("spread_deg", sa.Double, nullable=False),
    )
    _make_squeezes()


def _make_squeezes() -> None:
    op.create_table(
        "squeezes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column(
            "profile_id",
            sa.Integer,
            sa.ForeignKey("profiles.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("taken_us", sa.BigInteger, nullable=False),
        sa.Column("taken_offset_s", sa.Integer, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
        sa.Column("saved_offset_s", sa.Integer, nullable=False),
        sa.Column("hidden_by", sa.Text),
        sa.Column("hidden_us", sa.BigInteger),
        sa.Column("backward_deg", sa.Double, nullable=False),
        sa.Column("low_deg", sa.Double, nullable=False),
        sa.Column("high_deg", sa.Double, nullable=False),
        sa.Column("is_more_than_noise", sa.Boolean, nullable=False),
        sa.Column("rounds", sa.Text, nullable=False),
        sa.Column("answer_both", sa.Text),
        sa.Column("answer_left", sa.Text),
        sa.Column("answer_right", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    shown = sa.text("hidden_by IS NULL")
    op.create_index(
        "squeezes_taken",
        "squeezes",
        ["profile_id", "taken_us", "id"],
        sqlite_where=shown,
        postgresql_where=shown,
    )
    op.create_index("squeezes_hidden", "squeezes", ["hidden_by"])
