"""A tilt in whole degrees and plain words, the same on screen, in text and on pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vision.result import Method

if TYPE_CHECKING:
    from vision.result import TiltEstimate


def whole_deg(angle_deg: float) -> int:
    """Round with halves away from zero, so that forward and backward are treated alike."""
    return int(math.copysign(math.floor(abs(angle_deg) + 0.5), angle_deg))


def direction(angle_deg: int, method: Method | None = None) -> str:
    """Return the word for the direction of an angle that is not 0.

    A belt line is no pelvis: its front end is lower or higher than its back end.
    """
    words = ("lower", "higher") if method is Method.BELT else ("forward", "backward")
    return words[0] if angle_deg > 0 else words[1]


def tilt_text(tilt: TiltEstimate) -> str:
    """Say a tilt with its interval in whole degrees, e.g. ``12° forward (8 to 16)``.

    Ends of the interval on the other side of level, or an exactly level answer, have
    their direction spelt out: ``2° forward (3 backward to 7 forward)``. A belt line is said
    as ``9° lower in front (7 to 11)``.
    """
    angle, interval = whole_deg(tilt.angle_deg), interval_text(tilt)
    if angle == 0:
        return f"0° level ({interval})"
    where = " in front" if tilt.method is Method.BELT else ""
    return f"{abs(angle)}° {direction(angle, tilt.method)}{where} ({interval})"


def interval_text(tilt: TiltEstimate) -> str:
    """Return both ends of the interval, e.g. ``8 to 16`` or ``3 backward to 7 forward``.

    Directions are spelt out only where they are not the angle's own.
    """
    angle, low, high = map(whole_deg, (tilt.angle_deg, tilt.low_deg, tilt.high_deg))
    if angle != 0 and min(low * angle, high * angle) >= 0:
        first, last = sorted((abs(low), abs(high)))
        return f"{first} to {last}"
    ends = (f"{abs(end)} {direction(end, tilt.method)}" if end else "0" for end in (low, high))
    return " to ".join(ends)
