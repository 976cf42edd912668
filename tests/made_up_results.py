"""Measurements and refusals with made-up numbers, for tests of whatever comes after measuring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vision.result import (
    Z_90,
    Capture,
    Doubt,
    Facing,
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

NOWHERE = np.empty((0, 2), np.float32)
NO_LINES = np.empty((0, 4), np.float32)
MADE_BY = Provenance("0.1.0", "a" * 64, "b" * 64)
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


def rejected(*reasons: Reason, **changed: Any) -> Rejected:
    """Return what was refused for these reasons before anything was seen, but for these fields."""
    plain = Rejected("front.jpg", reasons, None, None, None, {}, NOWHERE, MADE_BY)
    return replace(plain, **changed)
