"""A tilt in whole degrees and plain words, the same on screen, in text and on pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision.result import TiltEstimate


def whole_deg(angle_deg: float) -> int:
    """Round with halves away from zero, so that forward and backward are treated alike."""
    return int(math.copysign(math.floor(abs(angle_deg) + 0.5), angle_deg))


def direction(angle_deg: int) -> str:
    """Return the word for the direction of an angle that is not 0."""
    return "forward" if angle_deg > 0 else "backward"


def interval_text(tilt: TiltEstimate) -> str:
    """Return both ends of the interval, e.g. ``8 to 16`` or ``3 backward to 7 forward``.

    Directions are spelt out only where they are not the angle's own.
    """
    angle, low, high = map(whole_deg, (tilt.angle_deg, tilt.low_deg, tilt.high_deg))
    if angle != 0 and min(low * angle, high * angle) >= 0:
        first, last = sorted((abs(low), abs(high)))
        return f"{first} to {last}"
    return f"{_directed(low)} to {_directed(high)}"


def _directed(angle_deg: int) -> str:
    return f"{abs(angle_deg)} {direction(angle_deg)}" if angle_deg else "0"
