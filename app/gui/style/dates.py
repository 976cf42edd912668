"""Dates and times in the reader's own order and words."""

from __future__ import annotations

from datetime import date, datetime

from PyQt6.QtCore import QDate, QLocale, QTime


def day_and_month(locale: QLocale) -> str:
    """Return the format of a day without its year, day or month first as the reader has it."""
    short = locale.dateFormat(QLocale.FormatType.ShortFormat)
    if short.find("d") >= short.find("M"):
        return "MMM d"
    # German, for one, writes a dot after the day.
    has_dot = "d. MMMM" in locale.dateFormat(QLocale.FormatType.LongFormat)
    return "d. MMM" if has_dot else "d MMM"


def day_format(locale: QLocale) -> str:
    """Return the format of a day with its year."""
    first = day_and_month(locale)
    return f"{first} yyyy" if first.startswith("d") else "MMM d, yyyy"


def day_only(locale: QLocale, day: date) -> str:
    """Return a day, e.g. ``3 Mar 2026``."""
    return locale.toString(QDate(day.year, day.month, day.day), day_format(locale))


def date_only(locale: QLocale, at: datetime) -> str:
    """Return the day of a moment, by this computer's clock."""
    return day_only(locale, at.astimezone())


def on_day(at: datetime, day: date) -> datetime:
    """Return the same time of day on another day, by this computer's clock."""
    here = at.astimezone()
    if day == here.date():
        return at
    return here.replace(year=day.year, month=day.month, day=day.day, tzinfo=None).astimezone()


def date_and_time(locale: QLocale, at: datetime) -> str:
    """Return the day and minute of a moment, by this computer's clock."""
    here = at.astimezone()
    return f"{date_only(locale, at)}, {time_of_day(locale, here)}"


def time_of_day(locale: QLocale, at: datetime) -> str:
    """Return the hour and minute of a moment, by the clock that it was noted with."""
    return locale.toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)


def time_and_other_day(locale: QLocale, at: datetime) -> str:
    """Return a time of day by this computer's clock, with the weekday where it is not today."""
    here = at.astimezone()
    time = time_of_day(locale, here)
    if here.date() == datetime.now().astimezone().date():
        return time
    return f"{locale.dayName(here.isoweekday())}, {time}"
