"""Takes what the reminder noticed into the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.breaks import journal
from app.history.diary import Break

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.history.store import History


def take_into(history: History, profile_id: int, path: Path | None = None) -> int:
    """Keep all breaks of the journal, and return how many there were.

    Parameters
    ----------
    profile_id
        Whose they are where the journal names nobody who is known.
    path
        The journal; None takes the user's.

    Raises
    ------
    HistoryError, OSError
        If they cannot be kept; the journal then still has those that are not.
    """
    with journal.taken(path if path is not None else journal.default_path()) as noted:
        known = {profile.id for profile in history.profiles()} if noted else set()
        for owner in {one.profile_id for one in noted}:
            own: list[tuple[datetime, Break]] = [
                (one.at, Break(one.how, one.minutes)) for one in noted if one.profile_id == owner
            ]
            history.note_all(owner if owner is not None and owner in known else profile_id, own)
    return len(noted)
