"""The long tidy table of a study: a row for each rating, and for each automatic measurement."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.study.design import Study
    from app.study.worklist import Rating

#: Stands in the column of raters for what Beltline measured by itself.
AUTOMATIC = "beltline"


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One answer of one rater to one picture, or one automatic measurement.

    Attributes
    ----------
    subject, rater, repeat
        Whose picture, by whom, the how manieth time (from 1).
    item
        As the worklist calls it; empty for what was measured automatically.
    method
        ``marked`` for raters; ``contour``, ``stickers`` or ``belt`` for automatic ones.
    status
        ``rated``, ``unmarkable`` (the rater could not tell the points), ``open`` (not yet
        rated), ``measured``, ``rejected`` or ``error``.
    tilt_deg, low_deg, high_deg
        Forward is positive; the interval (90 %) is there for automatic measurements alone.
    asis_x_px, asis_y_px, psis_x_px, psis_y_px
        Pixels of the upright picture, x right, y down.
    belt
        0 not seen, 1 partly, 2 clearly; automatic ones have 0 or 2.
    seconds, rated_at
        As in :class:`app.study.worklist.Rating`.
    photo_sha256, version
        Of the photograph and of Beltline.
    """

    subject: str
    rater: str
    repeat: int
    item: str = ""
    method: str = "marked"
    status: str = "open"
    tilt_deg: float | None = None
    low_deg: float | None = None
    high_deg: float | None = None
    asis_x_px: float | None = None
    asis_y_px: float | None = None
    psis_x_px: float | None = None
    psis_y_px: float | None = None
    belt: int | None = None
    seconds: float | None = None
    rated_at: str = ""
    reasons: str = ""
    photo_sha256: str = ""
    version: str = ""


COLUMNS = tuple(field.name for field in fields(StudyRow))


def rated_rows(study: Study) -> list[StudyRow]:
    """Return a row for each item of each rater, in the order of subject, rater and repeat."""
    checksums = {photo.subject: photo.sha256 for photo in study.key.photos}
    ratings: dict[str, Rating] = {}
    for rater in study.raters:
        ratings |= study.worklist(rater).ratings
    items = sorted(study.key.items, key=lambda item: (item.subject, item.rater, item.repeat))
    return [
        _row(item.subject, item.rater, item.repeat, item.id, ratings.get(item.id), checksums)
        for item in items
    ]


def _row(
    subject: str,
    rater: str,
    repeat: int,
    item: str,
    rating: Rating | None,
    checksums: dict[str, str],
) -> StudyRow:
    sha256 = checksums.get(subject, "")
    if rating is None:
        return StudyRow(subject, rater, repeat, item, photo_sha256=sha256)
    tilt_deg = rating.tilt_deg()
    asis, psis = rating.asis_px or (None, None), rating.psis_px or (None, None)
    return StudyRow(
        *(subject, rater, repeat, item),
        status="unmarkable" if tilt_deg is None else "rated",
        tilt_deg=tilt_deg,
        asis_x_px=asis[0],
        asis_y_px=asis[1],
        psis_x_px=psis[0],
        psis_y_px=psis[1],
        belt=None if rating.belt is None else int(rating.belt),
        seconds=rating.seconds,
        rated_at=rating.rated_at,
        photo_sha256=sha256,
    )
