"""Measurements and refusals with made-up numbers, for tests of whatever comes after measuring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vision.model_files import CONTOUR_MODEL, expected_sha256
from vision.range_of_motion import Likely, RangeResult
from vision.result import (
    BONES_SD_DEG,
    Z_90,
    Capture,
    Doubt,
    Facing,
    FocalSource,
    Lens,
    Measured,
    Method,
    NoBeltReason,
    Posture,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
    VerticalSource,
)

#: Held by hand at the height of the hips; the file tells nothing.
LENS = Lens(0.0, 4.0, 0.0, 900.0, FocalSource.ASSUMED, 0.0, 260.0)
NOWHERE = np.empty((0, 2), np.float32)
NO_LINES = np.empty((0, 4), np.float32)
MADE_BY = Provenance("0.1.0", "a" * 64, "b" * 64)
#: What the outline says where there are marks as well.
OUTLINE_DEG = 8.0
LOOSE = Reason(ReasonCode.LOOSE_CLOTHING, Severity.WARN, "Loose clothes.", "Wear tight ones.")


def tilt(
    angle_deg: float = 12.3,
    half_deg: float = 4.2,
    method: Method = Method.CONTOUR,
) -> TiltEstimate:
    """Return a tilt whose interval is so wide on either side, all of it from reading."""
    return TiltEstimate(method, angle_deg, Doubt(half_deg / Z_90, 0.0, 0.0))


def measured(estimate: TiltEstimate | None = None, **changed: Any) -> Measured:
    """Return what was measured by the method of the estimate alone, but for these fields."""
    estimate = tilt() if estimate is None else estimate
    method = estimate.method
    plain = Measured(
        source="side.jpg",
        facing=Facing.LEFT,
        tilt=estimate,
        contour=estimate if method is Method.CONTOUR else None,
        marked=estimate if method is Method.MARKED else None,
        stickers=estimate if method is Method.STICKERS else None,
        belt_line=None,
        no_belt_line=NoBeltReason.LONG_TOP,
        points=None,
        posture=Posture(3.2, 2.0, 178.0, 14.0),
        capture=Capture(4.0, 0.0, VerticalSource.ASSUMED, 260.4, 1, 1.0),
        reasons=(LOOSE,),
        landmarks={"left_hip": (302.14, 441.8, 0.99)},
        outline_px=np.array([[300.0, 400.0], [340.0, 400.0], [320.0, 500.0]], np.float32),
        plumb_px=NO_LINES,
        provenance=MADE_BY,
    )
    return replace(plain, **changed)


def with_marks(more_deg: float | None, method: Method = Method.STICKERS) -> Measured:
    """Return what today's network reads, with marks that say so much more; None: without any."""
    today = replace(MADE_BY, contour_model_sha256=expected_sha256(CONTOUR_MODEL))
    contour = TiltEstimate(Method.CONTOUR, OUTLINE_DEG, Doubt(3.5, 1.0, BONES_SD_DEG))
    plain = measured(contour, reasons=(), provenance=today)
    if more_deg is None:
        return plain
    marks = TiltEstimate(method, OUTLINE_DEG + more_deg, Doubt(3.0, 1.0, 0.0))
    if method is Method.MARKED:
        return replace(plain, tilt=marks, marked=marks)
    return replace(plain, tilt=marks, stickers=marks)


def rejected(*reasons: Reason, **changed: Any) -> Rejected:
    """Return what was refused for these reasons before anything was seen, but for these fields."""
    plain = Rejected("front.jpg", reasons, None, None, None, {}, NOWHERE, MADE_BY)
    return replace(plain, **changed)


def range_result(
    range_deg: float = 20.0,
    place_percent: float = 50.0,
    method: Method = Method.CONTOUR,
    tucked_deg: float = 2.0,
) -> RangeResult:
    """Return a range test of three rounds, its range sure to 3 deg and its place to 10 %."""
    relaxed_deg = tucked_deg + place_percent * range_deg / 100
    return RangeResult(
        tucked=tilt(tucked_deg, 8.0, method),
        relaxed=tilt(relaxed_deg, 8.0, method),
        arched=tilt(tucked_deg + range_deg, 8.0, method),
        range_deg=Likely(range_deg, range_deg - 3, range_deg + 3),
        place_percent=Likely(place_percent, place_percent - 10, place_percent + 10),
        rounds=3,
    )
