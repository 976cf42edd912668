"""What differs between languages inside a sentence: days, numbers, letters in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.messages import spoken, translatable

if TYPE_CHECKING:
    from datetime import date, datetime

#: The sign before decimals and the one between thousands, as in Unicode's CLDR 46.
_SIGNS = {"de": (",", "."), "es": (",", "."), "fr": (",", "\N{NARROW NO-BREAK SPACE}")}
_NAMES_ARE_LARGE = frozenset({"de"})
#: Written out here, because Python's own follow the locale that Qt has set.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY, DAY_AND_TIME = "{day} {month} {year}", "{day}, {time}"


def day_text(at: date) -> str:
    """Return a date as ``3 Jan 2026``, in its own time zone."""
    return DAY.format(day=at.day, month=MONTHS[at.month - 1], year=at.year)


def time_text(at: datetime) -> str:
    """Return a date with its time, as ``3 Jan 2026, 14:05``."""
    return DAY_AND_TIME.format(day=day_text(at), time=f"{at.hour:02}:{at.minute:02}")


def number_text(value: float, decimals: int | None = None) -> str:
    """Return a number with its decimals, as many as it needs if none are given."""
    if decimals is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    else:
        text = f"{value:,.{decimals}f}"
    decimal, thousands = _SIGNS.get(spoken(), (".", ","))
    return text.translate({ord("."): decimal, ord(","): thousands})


def inside(text: str) -> str:
    """Return what begins with a capital as it stands in the middle of a sentence."""
    return text if spoken() in _NAMES_ARE_LARGE else text[:1].lower() + text[1:]


translatable(__name__)
