"""Keeps with a check when the calibration was made on which its answer rests.

Calibrations themselves are entries of the diary, which needs no other columns for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no check rests on a calibration yet."""
    op.add_column("checks", sa.Column("calibrated_us", sa.BigInteger))
    op.add_column("checks", sa.Column("calibrated_offset_s", sa.Integer))
