"""Keeps where the camera's lens was, and on which calibration an answer rests.

What was kept before has neither. Calibrations themselves are entries of the diary, which needs
no other columns for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LENS = ("down_deg", "down_sd_deg", "pitch_deg", "focal_px", "above_hips_cm", "away_cm")


def upgrade() -> None:
    """Add the columns."""
    for name in _LENS:
        op.add_column("details", sa.Column(f"lens_{name}", sa.Double))
    op.add_column("details", sa.Column("lens_focal", sa.Text))
    op.add_column("checks", sa.Column("calibrated_us", sa.BigInteger))
    op.add_column("checks", sa.Column("calibrated_offset_s", sa.Integer))
