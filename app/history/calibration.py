"""A person's calibration in the history: kept, read, forgotten.

It is an entry of the diary, so that deleting, restoring and exports treat it like the others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.history.diary import CalibrationPicture, EntryKind, KeptCalibration
from app.history.records import RowQuery
from vision.marks.calibration import Calibration, CalibrationPair, calibrate
from vision.reasons import PhotoError
from vision.result import Doubt, Measured, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.history.diary import Entry
    from app.history.records import Check
    from app.history.store import History
    from vision.result import Method

#: Two pictures are further apart.
_MOMENT = timedelta(microseconds=1)


def calibration_of(history: History, profile_id: int) -> Calibration | None:
    """Return the calibration that holds for a person: the one that was kept last, if any."""
    entries = history.entries(profile_id, EntryKind.CALIBRATION)
    return _calibration(max(entries, key=lambda entry: entry.id)) if entries else None


def keep_calibration(
    history: History,
    profile_id: int,
    calibration: Calibration,
    pairs: Sequence[CalibrationPair],
) -> int:
    """Keep a calibration, which holds from now on, and return its number in the diary.

    Parameters
    ----------
    pairs
        What it was worked out from.
    """
    content = KeptCalibration(
        calibration.offset_deg,
        calibration.sd_deg,
        calibration.reading_deg,
        calibration.contour_model_sha256,
        tuple(map(_picture, pairs)),
    )
    return history.note(profile_id, calibration.taken_at, content).id


def forget_calibrations(history: History, profile_id: int) -> str | None:
    """Put all of a person's calibrations into the bin, so that none holds.

    Returns
    -------
    str or None
        The deletion's name, for ``history.restore``; None where there was none.
    """
    entries = history.entries(profile_id, EntryKind.CALIBRATION)
    return history.delete([entry.id for entry in entries], "diary") if entries else None


def recalibrate(history: History, profile_id: int) -> Calibration | None:
    """Work a person's calibration out anew with today's network, and keep it.

    The outlines are read again in the pictures that were kept of it; what the marks said stays.

    Returns
    -------
    Calibration or None
        None where there is none, no picture is left, or the pictures give none.
    """
    entries = history.entries(profile_id, EntryKind.CALIBRATION)
    kept = max(entries, key=lambda entry: entry.id).content if entries else None
    if not isinstance(kept, KeptCalibration):
        return None
    pairs = [pair for one in kept.pictures if (pair := _read_again(history, profile_id, one))]
    found = calibrate(pairs) if pairs else None
    if not isinstance(found, Calibration):
        return None
    keep_calibration(history, profile_id, found, pairs)
    return found


def check_of_picture(
    history: History, profile_id: int, taken_at: datetime, method: Method
) -> Check | None:
    """Return the check that was kept of a calibration's picture, or None."""
    query = RowQuery(profile_id, method, since=taken_at, until=taken_at + _MOMENT)
    rows = history.rows(query, 0, 1)
    return history.check(rows[0].id) if rows else None


def _read_again(
    history: History, profile_id: int, picture: CalibrationPicture
) -> CalibrationPair | None:
    from vision.pipeline import measure_photo  # loads OpenCV and the models' libraries

    check = check_of_picture(history, profile_id, picture.taken_at, picture.method)
    if check is None or check.picture is None:
        return None
    try:
        result = measure_photo(check.picture.picture)
    except PhotoError:
        return None
    if not isinstance(result, Measured) or result.contour is None:
        return None
    marks = TiltEstimate(picture.method, picture.marks_deg, Doubt(picture.marks_sd_deg, 0.0, 0.0))
    network = result.provenance.contour_model_sha256
    return CalibrationPair(picture.taken_at, marks, result.contour, network)


def _calibration(entry: Entry) -> Calibration:
    kept = entry.content
    if not isinstance(kept, KeptCalibration):
        raise TypeError(f"an entry about {entry.kind}")
    return Calibration(
        taken_at=entry.at,
        offset_deg=kept.offset_deg,
        sd_deg=kept.sd_deg,
        reading_deg=kept.reading_deg,
        count=len(kept.pictures),
        contour_model_sha256=kept.contour_model_sha256,
    )


def _picture(pair: CalibrationPair) -> CalibrationPicture:
    return CalibrationPicture(
        taken_at=pair.taken_at,
        method=pair.marks.method,
        marks_deg=pair.marks.angle_deg,
        marks_sd_deg=pair.marks.doubt.reading_deg,
        contour_deg=pair.contour.angle_deg,
        contour_sd_deg=pair.contour.doubt.reading_deg,
    )
