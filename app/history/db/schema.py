"""The tables as they are now; the migrations bring older databases to this.

Times are whole microseconds since 1970 in UTC with the offset in seconds beside them: exact,
in order, and the same on SQLite and PostgreSQL. What lists and trends need lies in ``checks``
and its indexes; the lengthy rest has a table of its own, so that lists read little.

A check, squeeze test or profile that was deleted, and may still come back, carries in
``hidden_by`` which deletion that was.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

#: One row: which database this is, and how often its checks have changed.
about = Table(
    "about",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uuid", Text, nullable=False),
    Column("changes", BigInteger, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("created_offset_s", Integer, nullable=False),
    Column("hidden_by", Text),
    Column("hidden_us", BigInteger),
    sqlite_autoincrement=True,
)
Index(
    "profiles_name",
    profiles.c.name,
    unique=True,
    sqlite_where=profiles.c.hidden_by.is_(None),
    postgresql_where=profiles.c.hidden_by.is_(None),
)

checks = Table(
    "checks",
    metadata,
    # Numbers are never given twice: a script's old number must not name another check.
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
    Column("taken_us", BigInteger, nullable=False),
    Column("taken_offset_s", Integer, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
    Column("saved_offset_s", Integer, nullable=False),
    Column("hidden_by", Text),
    Column("hidden_us", BigInteger),
    Column("method", Text, nullable=False),
    Column("angle_deg", Double, nullable=False),
    Column("low_deg", Double, nullable=False),
    Column("high_deg", Double, nullable=False),
    Column("garment", Text, nullable=False),
    Column("arms", Text),
    Column("note", Text, nullable=False),
    # Garment and note without their case, to search in.
    Column("search_text", Text, nullable=False),
    # What lists need of its repeats, so that they need not look at each.
    Column("repeat_count", Integer, nullable=False, server_default="0"),
    Column("repeat_spread_deg", Double),
    sqlite_autoincrement=True,
)
_shown = checks.c.hidden_by.is_(None)
Index(
    "checks_trend",
    checks.c.profile_id,
    checks.c.method,
    checks.c.taken_us,
    checks.c.id,
    # The trend is read from the index alone.
    checks.c.angle_deg,
    checks.c.low_deg,
    checks.c.high_deg,
    sqlite_where=_shown,
    postgresql_where=_shown,
)
Index(
    "checks_taken",
    checks.c.profile_id,
    checks.c.taken_us,
    checks.c.id,
    sqlite_where=_shown,
    postgresql_where=_shown,
)
Index(
    "checks_angle",
    checks.c.profile_id,
    checks.c.angle_deg,
    checks.c.taken_us,
    checks.c.id,
    sqlite_where=_shown,
    postgresql_where=_shown,
)
Index(
    "checks_garment",
    checks.c.profile_id,
    checks.c.garment,
    checks.c.taken_us,
    checks.c.id,
    sqlite_where=_shown,
    postgresql_where=_shown,
)
Index("checks_hidden", checks.c.hidden_by)


def _check_id() -> Column[int]:
    return Column(
        "check_id",
        ForeignKey("checks.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


def _estimate(name: str) -> list[Column[float | None]]:
    return [Column(f"{name}_{part}_deg", Double) for part in ("angle", "low", "high")]


def _point(name: str) -> list[Column[float | None]]:
    return [Column(f"{name}_{axis}_px", Double) for axis in ("x", "y")]


details = Table(
    "details",
    metadata,
    _check_id(),
    Column("source", Text, nullable=False),
    Column("facing", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    *_estimate("contour"),
    *_estimate("marked"),
    *_estimate("stickers"),
    *_estimate("belt"),
    *_point("belt_front"),
    *_point("belt_back"),
    Column("no_belt_line", Text),
    *_point("asis"),
    *_point("psis"),
    *_point("suggested_asis"),
    *_point("suggested_psis"),
    Column("trunk_lean_deg", Double),
    Column("hip_sway_percent", Double),
    Column("knee_angle_deg", Double),
    Column("head_forward_deg", Double),
    Column("yaw_deg", Double, nullable=False),
    Column("roll_deg", Double, nullable=False),
    Column("vertical", Text, nullable=False),
    Column("trunk_px", Double, nullable=False),
    Column("people", Integer, nullable=False),
    Column("roll_sd_deg", Double, nullable=False),
    Column("version", Text, nullable=False),
    Column("pose_model_sha256", Text, nullable=False),
    Column("contour_model_sha256", Text, nullable=False),
    # JSON, as app.history.check_record describes it.
    Column("reasons", Text, nullable=False),
    Column("landmarks", Text, nullable=False),
    Column("outline_px", Text, nullable=False),
    Column("plumb_px", Text, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    _check_id(),
    Column("file_name", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
)

repeats = Table(
    "repeats",
    metadata,
    _check_id(),
    # From 1 on.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_us", BigInteger, nullable=False),
    Column("taken_offset_s", Integer, nullable=False),
    Column("angle_deg", Double, nullable=False),
    Column("low_deg", Double, nullable=False),
    Column("high_deg", Double, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("spread_deg", Double, nullable=False),
)

squeezes = Table(
    "squeezes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
    Column("taken_us", BigInteger, nullable=False),
    Column("taken_offset_s", Integer, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
    Column("saved_offset_s", Integer, nullable=False),
    Column("hidden_by", Text),
    Column("hidden_us", BigInteger),
    Column("backward_deg", Double, nullable=False),
    Column("low_deg", Double, nullable=False),
    Column("high_deg", Double, nullable=False),
    Column("is_more_than_noise", Boolean, nullable=False),
    # JSON, as app.history.diary_record describes it.
    Column("rounds", Text, nullable=False),
    Column("answer_both", Text),
    Column("answer_left", Text),
    Column("answer_right", Text),
    Column("note", Text, nullable=False),
    Column("version", Text, nullable=False),
    sqlite_autoincrement=True,
)
_squeeze_shown = squeezes.c.hidden_by.is_(None)
Index(
    "squeezes_taken",
    squeezes.c.profile_id,
    squeezes.c.taken_us,
    squeezes.c.id,
    sqlite_where=_squeeze_shown,
    postgresql_where=_squeeze_shown,
)
Index("squeezes_hidden", squeezes.c.hidden_by)

diary = Table(
    "diary",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("taken_us", BigInteger, nullable=False),
    Column("taken_offset_s", Integer, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
    Column("saved_offset_s", Integer, nullable=False),
    Column("hidden_by", Text),
    Column("hidden_us", BigInteger),
    # JSON, as app.history.diary_record describes it.
    Column("content", Text, nullable=False),
    Column("version", Text, nullable=False),
    sqlite_autoincrement=True,
)
_entry_shown = diary.c.hidden_by.is_(None)
Index(
    "diary_taken",
    diary.c.profile_id,
    diary.c.kind,
    diary.c.taken_us,
    diary.c.id,
    sqlite_where=_entry_shown,
    postgresql_where=_entry_shown,
)
Index("diary_hidden", diary.c.hidden_by)
