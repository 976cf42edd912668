"""Keeps where the camera's lens was; what was kept before that was told has none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBERS = ("down_deg", "down_sd_deg", "pitch_deg", "focal_px", "above_hips_cm", "away_cm")


def upgrade() -> None:
    """Add the columns."""
    for name in _NUMBERS:
        op.add_column("details", sa.Column(f"lens_{name}", sa.Double))
    op.add_column("details", sa.Column("lens_focal", sa.Text))
