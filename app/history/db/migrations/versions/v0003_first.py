"""The version that all upgrades begin with: the earliest that anybody may have.

A new database is made from :mod:`app.history.db.schema`, whatever the version; a later step
brings one of an earlier version to the same. There is no way to this version but that.
"""

from __future__ import annotations

revision = "0003"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing; no database is older."""
