"""The tables as they are now; the migrations bring older databases to this.

Times are whole microseconds since 1970 in UTC with the offset in seconds beside them: exact,
in order, and the same on SQLite and PostgreSQL. What lists and trends need lies in ``checks``
and its indexes; the lengthy rest has a table of its own, so that lists read little.

A check, squeeze test, entry of the diary or profile that was deleted, and may still come back,
carries in ``hidden_by`` which deletion that was.

What the checks of a day come to lies in ``days`` once more, so that a million need not be read to
count them, to paint their outline or to lay a line through them (:mod:`app.history.db.days`).
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

#: A table whose rows belong to a profile each: :data:`checks`, :data:`squeezes`, :data:`diary`.
OwnedTable: TypeAlias = Table


def _numbers(*names: str, nullable: bool = False) -> list[Column[float]]:
    return [Column(name, Double, nullable=nullable) for name in names]


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _tilt(prefix: str = "", *, nullable: bool = False) -> list[Column[float]]:
    # An older database got the parts of the doubt later, so that these need a value to begin with.
    usual = None if nullable else "0"
    return [
        *_numbers(f"{prefix}angle_deg", nullable=nullable),
        *(
            Column(f"{prefix}sd_{part}_deg", Double, nullable=nullable, server_default=usual)
            for part in ("reading", "roll", "bones")
        ),
    ]


def _point(name: str) -> list[Column[float]]:
    return _numbers(f"{name}_x_px", f"{name}_y_px", nullable=True)


def _time(name: str, *, nullable: bool = False) -> list[Column[int]]:
    return [
        Column(f"{name}_us", BigInteger, nullable=nullable),
        Column(f"{name}_offset_s", Integer, nullable=nullable),
    ]


def _hidden() -> list[Column[str] | Column[int]]:
    return [Column("hidden_by", Text), Column("hidden_us", BigInteger)]


def _owned() -> list[Column[str] | Column[int]]:
    return [
        # Numbers are never given twice: a script's old number must not name another row.
        Column("id", Integer, primary_key=True),
        Column("uuid", Text, nullable=False, unique=True),
        Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
        *_time("taken"),
        *_time("saved"),
        *_hidden(),
    ]


def _of_check() -> Column[int]:
    reference = ForeignKey("checks.id", ondelete="CASCADE")
    return Column("check_id", reference, primary_key=True, autoincrement=False)


def _index_shown(
    name: str,
    table: Table,
    *columns: str,
    unique: bool = False,
    on: tuple[str, ...] = ("sqlite", "postgresql"),
) -> None:
    """Make an index of the rows that are not hidden, on some kinds of databases."""
    shown = table.c.hidden_by.is_(None)
    found = (table.c[column] for column in columns)
    index = Index(name, *found, unique=unique, sqlite_where=shown, postgresql_where=shown)
    if len(on) == 1:
        index.ddl_if(dialect=on[0])


class _DayOrNone(TypeDecorator[date]):
    """A day; what makes none, as after a fault of the disk, is not known."""

    impl = Date
    cache_ok = True

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """Return what makes a day of the driver's value."""
        process = super().result_processor(dialect, coltype)

        def day_of(value: Any) -> date | None:
            try:
                return value if process is None else process(value)
            except (ValueError, TypeError, AttributeError):
                return None

        return day_of


metadata = MetaData()

#: One row: which database this is, how often its checks have changed, and of ``days`` how often
#: and by which rule they were worked out.
about = Table(
    "about",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uuid", Text, nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("renewals", BigInteger, nullable=False, server_default="0"),
    Column("days_rule", Text, nullable=False, server_default=""),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    *_time("created"),
    *_hidden(),
    Column("client_id", Text, nullable=False, server_default=""),
    Column("birth_year", Integer),
    Column("next_check_on", _DayOrNone),
    sqlite_autoincrement=True,
)
_index_shown("profiles_name", profiles, "name", unique=True)

checks = Table(
    "checks",
    metadata,
    *_owned(),
    Column("method", Text, nullable=False),
    *_tilt(),
    Column("garment", Text, nullable=False),
    Column("arms", Text),
    Column("note", Text, nullable=False),
    # Garment and note without their case, to search in.
    Column("search_text", Text, nullable=False),
    # What lists need of its repeats, so that they need not look at each.
    Column("repeat_count", Integer, nullable=False, server_default="0"),
    Column("repeat_spread_deg", Double),
    # Of the calibration on which the answer rests.
    *_time("calibrated", nullable=True),
    sqlite_autoincrement=True,
)
# PostgreSQL refuses rows with a long text in an index, and notes may be long.
# The trend is read from the index alone.
_DOUBT = ("sd_reading_deg", "sd_roll_deg", "sd_bones_deg")
_TREND = ("profile_id", "method", "taken_us", "id", "angle_deg", *_DOUBT)
_index_shown("checks_trend", checks, *_TREND)
_index_shown("checks_taken", checks, "profile_id", "taken_us", "id")
_index_shown("checks_angle", checks, "profile_id", "angle_deg", "taken_us", "id")
_index_shown("checks_garment", checks, "profile_id", "garment", "taken_us", "id")
_index_shown("checks_arms", checks, "profile_id", "arms", "taken_us", "id")
_index_shown("checks_note", checks, "profile_id", "note", "taken_us", "id", on=("sqlite",))
Index("checks_hidden", checks.c.hidden_by)

_ENDS = ("low_deg", "high_deg", "least_deg", "most_deg")
days = Table(
    "days",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("profile_id", ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
    # Since 1970: by UTC, and by the clock of where the pictures were taken.
    Column("day", Integer, nullable=False),
    Column("local_day", Integer, nullable=False),
    # What its checks have in common; all empty where a day has lost them.
    *_texts("method", "garment"),
    Column("arms", Text),
    Column("calibrated_us", BigInteger),
    # How many they are, and sums over them: of the time since UTC's midnight, and of squares.
    Column("number", Integer, nullable=False),
    *_numbers("into_day_s", "angle_deg", "within_deg2", "roll_deg2"),
    # The outline: where the angles end, with what a change is judged by and without.
    *_numbers(*_ENDS),
    # Which renewal that was, of those counted in ``about``.
    Column("renewal", BigInteger, nullable=False),
)
# Outline and counts are read from their indexes alone.
Index(
    "days_outline",
    *(days.c[name] for name in ("profile_id", "method", "day", "garment", "number", *_ENDS)),
)
Index("days_of", days.c.profile_id, days.c.day)
Index("days_said", days.c.profile_id, days.c.method, days.c.garment, days.c.arms, days.c.number)
Index("days_renewed", days.c.profile_id, days.c.renewal)

details = Table(
    "details",
    metadata,
    _of_check(),
    *_texts("source", "facing"),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    *_tilt("contour_", nullable=True),
    *_tilt("marked_", nullable=True),
    *_tilt("stickers_", nullable=True),
    *_tilt("belt_", nullable=True),
    *_point("belt_front"),
    *_point("belt_back"),
    Column("no_belt_line", Text),
    *_point("asis"),
    *_point("psis"),
    *_point("suggested_asis"),
    *_point("suggested_psis"),
    *_numbers(
        "trunk_lean_deg", "hip_sway_percent", "knee_angle_deg", "head_forward_deg", nullable=True
    ),
    *_numbers("yaw_deg", "roll_deg"),
    Column("vertical", Text, nullable=False),
    Column("trunk_px", Double, nullable=False),
    Column("people", Integer, nullable=False),
    Column("roll_sd_deg", Double, nullable=False),
    *_texts("version", "pose_model_sha256", "contour_model_sha256"),
    # JSON, as app.history.check_record describes it.
    *_texts("reasons", "landmarks", "outline_px", "plumb_px"),
    *_numbers("lens_down_deg", "lens_down_sd_deg", "lens_pitch_deg", nullable=True),
    *_numbers("lens_focal_px", "lens_above_hips_cm", "lens_away_cm", nullable=True),
    Column("lens_focal", Text),
)

pictures = Table(
    "pictures",
    metadata,
    _of_check(),
    Column("file_name", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
)

repeats = Table(
    "repeats",
    metadata,
    _of_check(),
    # From 1 on.
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_time("taken"),
    *_tilt(),
    Column("frames", Integer, nullable=False),
    Column("spread_deg", Double, nullable=False),
)

squeezes = Table(
    "squeezes",
    metadata,
    *_owned(),
    *_numbers("backward_deg", "low_deg", "high_deg"),
    Column("is_more_than_noise", Boolean, nullable=False),
    # JSON, as app.history.diary_record describes it.
    Column("rounds", Text, nullable=False),
    Column("answer_both", Text),
    Column("answer_left", Text),
    Column("answer_right", Text),
    *_texts("note", "version"),
    sqlite_autoincrement=True,
)
_index_shown("squeezes_taken", squeezes, "profile_id", "taken_us", "id")
Index("squeezes_hidden", squeezes.c.hidden_by)

diary = Table(
    "diary",
    metadata,
    *_owned(),
    Column("kind", Text, nullable=False),
    # JSON, as app.history.diary_record describes it.
    *_texts("content", "version"),
    sqlite_autoincrement=True,
)
_index_shown("diary_taken", diary, "profile_id", "kind", "taken_us", "id")
Index("diary_hidden", diary.c.hidden_by)
