"""Checks with real measurements and real picture files, and what a PDF says."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from pypdf import PdfReader
from reportlab.platypus import Frame

from app.history.records import Check, CheckRow, Conditions, KeptPicture, Profile, Trend
from app.report.document import render
from tests import made_up_results
from vision.result import Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.report.contents import Contents

ZONE = timezone(timedelta(hours=1))
START = datetime(2026, 1, 3, 8, 5, tzinfo=ZONE)
PROFILE = Profile(1, "Anna Größe", START)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A sample image that was measured once."""

    result: Measured
    rgb: NDArray[np.uint8]

    @property
    def size_px(self) -> tuple[int, int]:
        tall, wide = self.rgb.shape[:2]
        return wide, tall


def tilt(angle_deg: float, method: Method = Method.CONTOUR) -> TiltEstimate:
    return made_up_results.tilt(angle_deg, 4.2, method)


def make_check(
    number: int,
    sample: Sample,
    *,
    days: float = 0.0,
    answer: TiltEstimate | None = None,
    conditions: Conditions | None = None,
    picture: Path | None = None,
) -> Check:
    """Return a check taken so many days after :data:`START`."""
    result = sample.result if answer is None else replace(sample.result, tilt=answer)
    at = START + timedelta(days=days)
    said = conditions or Conditions()
    row = CheckRow(number, PROFILE.id, at, result.tilt, said, picture is not None)
    kept = None if picture is None else KeptPicture(picture, picture)
    return Check(row, PROFILE, at, result, sample.size_px, None, kept)


def trend_of(checks: Sequence[Check], method: Method = Method.CONTOUR) -> Trend:
    rows = sorted(
        (check.row for check in checks if check.row.tilt.method is method),
        key=lambda row: row.taken_at,
    )
    return Trend(
        method,
        np.array([row.id for row in rows], np.int64),
        np.array([row.taken_at.timestamp() for row in rows], np.float64),
        np.array([row.tilt.angle_deg for row in rows], np.float64),
        np.array([row.tilt.low_deg for row in rows], np.float64),
        np.array([row.tilt.high_deg for row in rows], np.float64),
    )


def pages_of(data: bytes) -> list[str]:
    """Return the text of each page on one line, as copying it gives it."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def text_of(data: bytes) -> str:
    return " ".join(pages_of(data))


@dataclass(frozen=True, slots=True)
class Placed:
    """A part, its page (1 or 2), and where on it the part stands, from the content's top."""

    page: int
    top_pt: float
    bottom_pt: float


def placed(contents: Contents) -> list[Placed]:
    """Make a report, and return where its parts have been put."""
    parts: list[Placed] = []
    add = Frame.add

    def noting(frame: Any, part: Any, canvas: Any, **how: Any) -> Any:
        top = frame._y
        fits = add(frame, part, canvas, **how)
        if fits:
            place = frame._y2 - top, frame._y2 - frame._y
            parts.append(Placed(canvas.getPageNumber(), *place))
        return fits

    with patch.object(Frame, "add", noting):
        render(contents)
    return parts
