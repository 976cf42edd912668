"""The copies of the database file, one of each day that changed it, as they lie in their folder.

They are made and put in place by :mod:`app.history.db.damage.copies`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.history.errors import CopyNotFound

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place

#: So many days with changes are kept.
KEPT_DAYS = 7
_FLAWED = ".flawed"
_NAME = re.compile(r"daily-(\d{4}-\d{2}-\d{2})(\.flawed)?\.sqlite3")


@dataclass(frozen=True, slots=True)
class DailyCopy:
    """A copy of the database file.

    Attributes
    ----------
    path
        Where it lies.
    day
        Before whose first change it was made.
    is_flawed
        Whether some of its rows make no sense.
    size_bytes
        How much room it takes.
    """

    path: Path
    day: date
    is_flawed: bool
    size_bytes: int


def daily_copies(place: Place) -> list[DailyCopy]:
    """Return the copies that there are, newest first."""
    found = []
    for path in place.backups.glob("daily-*.sqlite3"):
        match = _NAME.fullmatch(path.name)
        with suppress(ValueError, OSError):
            if match is not None:
                day, is_flawed = date.fromisoformat(match[1]), bool(match[2])
                found.append(DailyCopy(path, day, is_flawed, path.stat().st_size))
    return sorted(found, key=lambda copy: copy.day, reverse=True)


def find_copy(place: Place, day: str) -> DailyCopy:
    """Return the copy of a day like 2026-05-31; :class:`CopyNotFound` where there is none."""
    for copy in daily_copies(place):
        if copy.day.isoformat() == day.strip():
            return copy
    raise CopyNotFound(day)


def copy_path(place: Place, day: date, *, is_flawed: bool) -> Path:
    """Return where the copy of a day lies, some of whose rows may make no sense."""
    return place.backups / f"daily-{day.isoformat()}{_FLAWED if is_flawed else ''}.sqlite3"
