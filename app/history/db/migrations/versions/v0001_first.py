"""Profiles, checks, their details and pictures."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBERS = (
    *(
        f"{name}_{part}_deg"
        for name in ("contour", "marked", "stickers", "belt")
        for part in ("angle", "low", "high")
    ),
    "belt_front_x_px",
    "belt_front_y_px",
    "belt_back_x_px",
    "belt_back_y_px",
)
_POINTS = tuple(
    f"{name}_{axis}_px"
    for name in ("asis", "psis", "suggested_asis", "suggested_psis")
    for axis in ("x", "y")
)
_POSTURE = ("trunk_lean_deg", "hip_sway_percent", "knee_angle_deg", "head_forward_deg")


def upgrade() -> None:
    """Make all tables."""
    about = op.create_table(
        "about",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("uuid", sa.Text, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(about, [{"id": 1, "uuid": str(uuid.uuid4()), "changes": 0}])
    _make_profiles()
    _make_checks()
    _make_details()
    op.create_table(
        "pictures",
        _check_id(),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
    )


def _make_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("created_offset_s", sa.Integer, nullable=False),
        sa.Column("hidden_by", sa.Text),
        sa.Column("hidden_us", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    _index("profiles_name", "profiles", "name", unique=True)


def _make_checks() -> None:
    op.create_table(
        "checks",
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
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("angle_deg", sa.Double, nullable=False),
        sa.Column("low_deg", sa.Double, nullable=False),
        sa.Column("high_deg", sa.Double, nullable=False),
        sa.Column("garment", sa.Text, nullable=False),
        sa.Column("arms", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    angles = ("angle_deg", "low_deg", "high_deg")
    _index("checks_trend", "checks", "profile_id", "method", "taken_us", "id", *angles)
    _index("checks_taken", "checks", "profile_id", "taken_us", "id")
    _index("checks_angle", "checks", "profile_id", "angle_deg", "taken_us", "id")
    _index("checks_garment", "checks", "profile_id", "garment", "taken_us", "id")
    op.create_index("checks_hidden", "checks", ["hidden_by"])


def _make_details() -> None:
    op.create_table(
        "details",
        _check_id(),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("facing", sa.Text, nullable=False),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double) for name in _NUMBERS),
        sa.Column("no_belt_line", sa.Text),
        *(sa.Column(name, sa.Double) for name in (*_POINTS, *_POSTURE)),
        sa.Column("yaw_deg", sa.Double, nullable=False),
        sa.Column("roll_deg", sa.Double, nullable=False),
        sa.Column("vertical", sa.Text, nullable=False),
        sa.Column("trunk_px", sa.Double, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("roll_sd_deg", sa.Double, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("pose_model_sha256", sa.Text, nullable=False),
        sa.Column("contour_model_sha256", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("landmarks", sa.Text, nullable=False),
        sa.Column("outline_px", sa.Text, nullable=False),
        sa.Column("plumb_px", sa.Text, nullable=False),
    )


def _check_id() -> sa.Column[int]:
    return sa.Column(
        "check_id",
        sa.Integer,
        sa.ForeignKey("checks.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


def _index(name: str, table: str, *columns: str, unique: bool = False) -> None:
    """Make an index of the rows that are not hidden."""
    shown = sa.text("hidden_by IS NULL")
    op.create_index(
        name, table, list(columns), unique=unique, sqlite_where=shown, postgresql_where=shown
    )
