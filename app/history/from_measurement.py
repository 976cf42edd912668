"""What is kept of a measurement: of a photograph, and of a live check's repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.photo_time import taken_at
from app.history.records import Conditions, NewCheck, Repeat
from app.history.values import clean_text
from vision.live.check import with_tilt
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from datetime import datetime

    from app.history.records import Check
    from app.history.store import History
    from vision.image.frame import Frame
    from vision.live.events import FinishedCheck
    from vision.result import Measured, TiltEstimate


def tilt_of(finished: FinishedCheck) -> TiltEstimate | None:
    """Return the answer of all repeats together; None when they give no common one."""
    if isinstance(finished.series, RefusedSeries):
        return None
    if isinstance(finished.series, Series):
        return finished.series.tilt
    return finished.best.result.tilt


def result_of(finished: FinishedCheck, measured: Measured | None = None) -> Measured | None:
    """Return the best picture's measurement with the answer of all repeats in it.

    Parameters
    ----------
    measured
        The best picture's measurement with its belt line, if somebody looked for it.
    """
    tilt = tilt_of(finished)
    if tilt is None:
        return None
    return with_tilt(measured if measured is not None else finished.best.result, tilt)


def look_for_belt(finished: FinishedCheck) -> Measured:
    """Return the best picture's measurement with its belt line; takes about a second."""
    from vision.live.view import with_belt_line

    return with_belt_line(finished.best)


def new_check(
    finished: FinishedCheck,
    taken_at: Sequence[datetime],
    profile_id: int,
    keep_picture: bool,
    measured: Measured | None = None,
) -> NewCheck | None:
    """Return what is to be kept; None when the repeats give no common number.

    Parameters
    ----------
    taken_at
        When each of the captures ended, in their order.
    measured
        See :func:`result_of`.
    """
    result = result_of(finished, measured)
    if result is None:
        return None
    frame = finished.best.frame
    repeats = tuple(
        Repeat(moment, capture.result.tilt, capture.frames, capture.spread_deg)
        for moment, capture in zip(taken_at, finished.captures, strict=True)
    )
    return NewCheck(
        profile_id=profile_id,
        taken_at=taken_at[-1],
        result=result,
        size_px=(frame.width_px, frame.height_px),
        rgb=frame.rgb if keep_picture else None,
        repeats=repeats,
    )


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
    profile = history.find_or_add_profile(profile_name)
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
