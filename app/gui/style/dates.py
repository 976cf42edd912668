"""Dates and times in the reader's own order and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QLocale, QTime

if TYPE_CHECKING:
    from datetime import datetime


def day_and_month(locale: QLocale) -> str:
    """Return the format of a day without its year, day or month first as the reader has it."""
    short = locale.dateFormat(QLocale.FormatType.ShortFormat)
    return "d MMM" if short.find("d") < short.find("M") else "MMM d"


def date_only(locale: QLocale, at: datetime) -> str:
    """Return the day of a moment, by this computer's clock, e.g. ``3 Mar 2026``."""
    here = at.astimezone()
    form = "d MMM yyyy" if day_and_month(locale).startswith("d") else "MMM d, yyyy"
    return locale.toString(QDate(here.year, here.month, here.day), form)


def date_and_time(locale: QLocale, at: datetime) -> str:
    """Return the day and minute of a moment, by this computer's clock."""
    here = at.astimezone()
    time = locale.toString(QTime(here.hour, here.minute), QLocale.FormatType.ShortFormat)
    return f"{date_only(locale, at)}, {time}"
