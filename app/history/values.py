"""Times and texts as databases, files and searches can take them."""

from __future__ import annotations

import json
import math
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

from app.history.errors import ProfileNameError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
#: No profile's name has more letters.
NAME_MAX = 100


def now() -> datetime:
    """Return the time with this computer's offset from UTC."""
    return datetime.now().astimezone()


def utc_us(moment: datetime) -> int:
    """Return whole microseconds since 1970, UTC.

    Raises
    ------
    ValueError
        If the time is without an offset.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"a time without its offset from UTC: {moment!r}")
    return (moment - _EPOCH) // _US


def offset_s(moment: datetime) -> int:
    """Return the offset from UTC in seconds; parts of a second, which no zone has, are cut."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"a time without its offset from UTC: {moment!r}")
    return int(offset.total_seconds())


def moment_of(us: int, offset_seconds: int) -> datetime:
    """Return the time of whole microseconds since 1970 and an offset in seconds."""
    offset = timedelta(seconds=offset_seconds)
    # Added without a zone, so that no step leaves the years 1 to 9999.
    local = _EPOCH.replace(tzinfo=None) + (timedelta(microseconds=us) + offset)
    return local.replace(tzinfo=timezone(offset))


def finite(value: float) -> float:
    """Return a number that is neither infinite nor missing; ValueError if it is."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(value)


def clean_text(text: str) -> str:
    """Return text that every database and file can hold: no NUL, nothing but characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def tidy_name(name: str) -> str:
    """Return a name without needless spaces, in one way of writing its letters.

    Raises
    ------
    ProfileNameError
        If nothing is left, or too much.
    """
    tidy = " ".join(unicodedata.normalize("NFC", clean_text(name)).split())
    if not tidy:
        raise ProfileNameError("The name is empty.", "Type a name.")
    if len(tidy) > NAME_MAX:
        raise ProfileNameError(
            f"The name is longer than {NAME_MAX} letters.", "Choose a shorter one."
        )
    return tidy


def search_text(garment: str, note: str) -> str:
    """Return what a search looks through; what is searched for goes through it too."""
    return unicodedata.normalize("NFKC", f"{garment}\n{note}").casefold()


def json_text(value: object) -> str:
    """Return the shortest JSON of a list or mapping."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
