"""What each column of a study's table means, and how a value is written for other programs.

All exports take their words from here: the data dictionary, REDCap's labels, and FHIR's codes.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.history.exchange.csv_format import guarded
from app.study.table import AUTOMATIC
from app.text.research import forms as words
from vision.result import ReasonCode

if TYPE_CHECKING:
    from app.study.table import StudyRow

#: What stands for a value that is not there, in every table.
MISSING = ""
#: Of a photograph that gave no picture there are more than the reasons of one that was refused.
_KNOWN_REASONS = {*ReasonCode, "changed", "internal_error", "points_outside"}
_OFFSET_MAX = timedelta(hours=14)
_KEPT_CONTROLS = "\t\n\r"


class ColumnType(StrEnum):
    """What a column holds, in the words of Frictionless' Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class AllowedValue:
    """One of the values that a column may hold, and what it means."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class StudyColumn:
    """What a column is called, holds, and means.

    Attributes
    ----------
    unit
        ``deg``, ``px``, ``s``, or nothing.
    allowed
        All values that there are; empty where any will do.
    """

    name: str
    kind: ColumnType
    unit: str
    meaning: str
    allowed: tuple[AllowedValue, ...] = ()

    @property
    def label(self) -> str:
        """Return the first part of the meaning, as a form or a record shows it."""
        text = self.meaning.partition(";")[0]
        return f"{text[:1].upper()}{text[1:]}"


def _allowed(pairs: dict[str, str]) -> tuple[AllowedValue, ...]:
    return tuple(AllowedValue(value, meaning) for value, meaning in pairs.items())


_BELT = _allowed({str(value): meaning for value, meaning in words.BELT_SEEN.items()})
_STRING, _NUMBER = ColumnType.STRING, ColumnType.NUMBER
_INTEGER, _DATETIME = ColumnType.INTEGER, ColumnType.DATETIME
_PIXELS = "pixels of the upright picture"
DICTIONARY: tuple[StudyColumn, ...] = (
    StudyColumn("subject", _STRING, "", "whose picture it is, as the study calls the person"),
    StudyColumn("rater", _STRING, "", f"who answered; {AUTOMATIC} for automatic measurements"),
    StudyColumn("repeat", _INTEGER, "", "which time this rater saw this picture, from 1"),
    StudyColumn("item", _STRING, "", "the picture's name in the rater's worklist; raters only"),
    StudyColumn("method", _STRING, "", "what the tilt rests on", _allowed(words.methods())),
    StudyColumn("status", _STRING, "", "what came of it", _allowed(dict(words.STATUS))),
    StudyColumn("tilt_deg", _NUMBER, "deg", "tilt of the pelvis, front lower is positive"),
    StudyColumn("low_deg", _NUMBER, "deg", "lower end of the tilt's 90 % interval; automatic only"),
    StudyColumn("high_deg", _NUMBER, "deg", "upper end of that interval; automatic only"),
    StudyColumn("asis_x_px", _NUMBER, "px", f"ASIS (front of the pelvis), {_PIXELS}, to the right"),
    StudyColumn("asis_y_px", _NUMBER, "px", f"ASIS (front of the pelvis), {_PIXELS}, downwards"),
    StudyColumn("psis_x_px", _NUMBER, "px", f"PSIS (back of the pelvis), {_PIXELS}, to the right"),
    StudyColumn("psis_y_px", _NUMBER, "px", f"PSIS (back of the pelvis), {_PIXELS}, downwards"),
    StudyColumn("belt", _INTEGER, "", "whether the belt line can be seen", _BELT),
    StudyColumn("seconds", _NUMBER, "s", "how long the picture was looked at, pauses left out"),
    StudyColumn("rated_at", _DATETIME, "", "when it was rated; ISO 8601, with the offset to UTC"),
    StudyColumn("reasons", _STRING, "", "codes of what is wrong with the picture, blanks between"),
    StudyColumn("photo_sha256", _STRING, "", "SHA-256 checksum of the photograph's file"),
    StudyColumn("version", _STRING, "", "which Beltline measured it; missing for raters"),
)


def clean_text(text: str) -> str:
    """Return text that every file format takes: what UTF-8 or XML cannot hold becomes U+FFFD."""
    return "".join(
        "\ufffd"
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in _KEPT_CONTROLS
        else letter
        for letter in text
    )


def value_of(row: StudyRow, column: StudyColumn) -> str | int | float | datetime | None:
    """Return what a row has in a column; None for what is missing, no number or not allowed.

    Of the reasons only known codes leave the study: an error's own words may name a file.
    """
    if column.name == "reasons":
        return " ".join(reason_codes(row)) or None
    if column.kind is ColumnType.DATETIME:
        return moment_of(row)
    value = getattr(row, column.name)
    if value is None or value == MISSING:
        return None
    if column.kind is ColumnType.NUMBER:  # numpy's, too
        return float(value) if math.isfinite(value) else None
    value = int(value) if column.kind is ColumnType.INTEGER else clean_text(value)
    is_known = not column.allowed or str(value) in {one.value for one in column.allowed}
    return value if is_known else None


def reason_codes(row: StudyRow) -> list[str]:
    """Return the known codes among a row's reasons."""
    return [word for word in row.reasons.replace(",", " ").split() if word in _KNOWN_REASONS]


def moment_of(row: StudyRow) -> datetime | None:
    """Return when a row was rated, with its offset if it told one; None where it is no time.

    An offset that FHIR does not have, with seconds or beyond 14 hours, becomes UTC.
    """
    try:
        moment = datetime.fromisoformat(row.rated_at)
        offset = moment.utcoffset() or timedelta()
        is_usual = abs(offset) <= _OFFSET_MAX and not offset % timedelta(minutes=1)
        return moment if is_usual else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def number_text(value: float, digits: int) -> str:
    """Return a number with a decimal point, without exponent, ``digits`` after it at most."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def cell_text(row: StudyRow, column: StudyColumn) -> str:
    """Return a row's value in the tidy table.

    Numbers are as exact as they were. Texts are guarded as the history's own are
    (:func:`app.history.exchange.csv_format.guarded`), so that a spreadsheet runs none.
    """
    value = value_of(row, column)
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else repr(value)
