"""Posture numbers in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import measurement

if TYPE_CHECKING:
    from vision.result import Posture

#: Knees between these angles are called straight: clinically, more than 5 deg beyond 180 is
#: hyperextension, and landmarks of a straight leg scatter by several degrees below it.
KNEE_BENT_BELOW_DEG = 170.0
KNEE_BEYOND_ABOVE_DEG = 185.0
#: Sway-back is named only when both parts of it stand clear of the landmarks' scatter. In
#: plain standing the hip already lies a little ahead of the ankle.
SWAY_HIPS_AHEAD_PERCENT = 6.0
SWAY_TRUNK_BACK_DEG = -3.0


@dataclass(frozen=True, slots=True)
class BodyLine:
    """What one part of the body does.

    Attributes
    ----------
    part
        Trunk, hips, knees or head.
    text
        Plain words with a whole number.
    """

    part: str
    text: str


def describe_posture(posture: Posture) -> tuple[BodyLine, ...]:
    """Say in words how trunk, hips, knees and head stand.

    Parameters
    ----------
    posture
        Numbers with the signs of :class:`vision.result.Posture`; None is "not visible".
    """
    trunk = _sided(
        posture.trunk_lean_deg,
        measurement.TRUNK_FORWARD,
        measurement.TRUNK_BACK,
        measurement.TRUNK_UPRIGHT,
    )
    hips = _sided(
        posture.hip_sway_percent,
        measurement.HIPS_AHEAD,
        measurement.HIPS_BEHIND,
        measurement.HIPS_ABOVE,
    )
    head = _sided(
        posture.head_forward_deg,
        measurement.HEAD_AHEAD,
        measurement.HEAD_BEHIND,
        measurement.HEAD_ABOVE,
    )
    return (
        BodyLine("Trunk", trunk),
        BodyLine("Hips", hips),
        BodyLine("Knees", _knees(posture.knee_angle_deg)),
        BodyLine("Head", head),
    )


def is_sway_back(posture: Posture) -> bool:
    """Tell whether the hips are clearly ahead of the ankles and the trunk leans back."""
    sway, lean = posture.hip_sway_percent, posture.trunk_lean_deg
    if sway is None or lean is None:
        return False
    return sway >= SWAY_HIPS_AHEAD_PERCENT and lean <= SWAY_TRUNK_BACK_DEG


def _sided(value: float | None, ahead: str, behind: str, level: str) -> str:
    if value is None or not math.isfinite(value):
        return measurement.NOT_VISIBLE
    rounded = round(value)
    if rounded == 0:
        return level
    return (ahead if rounded > 0 else behind).format(value=abs(rounded))


def _knees(angle_deg: float | None) -> str:
    if angle_deg is None or not math.isfinite(angle_deg):
        return measurement.NOT_VISIBLE
    if angle_deg < KNEE_BENT_BELOW_DEG:
        template = measurement.KNEES_BENT
    elif angle_deg > KNEE_BEYOND_ABOVE_DEG:
        template = measurement.KNEES_BEYOND
    else:
        template = measurement.KNEES_STRAIGHT
    return template.format(value=round(angle_deg))
