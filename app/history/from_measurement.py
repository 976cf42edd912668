"""Keeping what the command line has measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.photo_time import taken_at
from app.history.profiles import find_or_add_profile
from app.history.records import Conditions, NewCheck
from app.history.values import clean_text

if TYPE_CHECKING:
    import os

    from app.history.records import Check
    from app.history.store import History
    from vision.image.frame import Frame
    from vision.result import Measured


def save_measured(
    history: History,
    photo: str | os.PathLike[str],
    frame: Frame,
    result: Measured,
    *,
    profile_name: str | None = None,
    note: str = "",
) -> Check:
    """Keep a photograph's measurement, with a copy of the picture.

    Parameters
    ----------
    photo
        The file, which tells when the picture was taken.
    frame, result
        What was read from it and measured in it.
    profile_name
        Whose check it is; a name that is not there yet makes a new profile, None takes the
        first one.
    note
        Kept beside it.

    Returns
    -------
    Check
        As it was kept, with its number.

    Raises
    ------
    HistoryError
        If it cannot be kept.
    """
    profile = find_or_add_profile(history, profile_name)
    return history.save(
        NewCheck(
            profile_id=profile.id,
            taken_at=taken_at(photo),
            result=result,
            size_px=(frame.width_px, frame.height_px),
            conditions=Conditions(note=clean_text(note)),
            rgb=frame.rgb,
        )
    )
