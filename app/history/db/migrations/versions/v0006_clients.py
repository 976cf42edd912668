"""Keeps of each person an ID, the year of birth, and the day planned for the next check.

What was kept before has none of them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("profiles", sa.Column("client_id", sa.Text, nullable=False, server_default=""))
    op.add_column("profiles", sa.Column("birth_year", sa.Integer))
    op.add_column("profiles", sa.Column("next_check_on", sa.Date))
