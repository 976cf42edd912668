"""One check as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. Lists are JSON text:

``reasons``
    ``[[code, severity, number or null], ...]``, the number being what the sentence about it
    tells; the words are today's, from :mod:`vision.reasons`.
``landmarks``
    ``{name: [x px, y px, visibility], ...}``
``outline_px``
    ``[[x, y], ...]``, simplified by :mod:`app.history.check_record__outline`.
``plumb_px``
    ``[[x1, y1, x2, y2], ...]``
``repeats``
    what :mod:`app.history.check_record__repeat_record` says
"""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.history import values__moments as moments
from app.history.check_record__outline import simplify_outline
from app.history.check_record__repeat_record import repeats_text
from app.history.values import clean_text, json_text
from vision.reasons import REFUSALS, WARNINGS
from vision.result import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from app.history.records import NewCheck
    from vision.result import BonyPoints, Reason, TiltEstimate

#: Decimals of pixels and of a landmark's visibility; finer than anything that is seen.
_PX_DECIMALS, _VISIBILITY_DECIMALS = 2, 4


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One check; degrees, pixels and signs are those of :mod:`vision.result`."""

    uuid: str
    taken_at: datetime
    saved_at: datetime
    method: str
    angle_deg: float
    low_deg: float
    high_deg: float
    garment: str
    arms: str | None
    note: str
    source: str
    facing: str
    width_px: int
    height_px: int
    contour_angle_deg: float | None
    contour_low_deg: float | None
    contour_high_deg: float | None
    marked_angle_deg: float | None
    marked_low_deg: float | None
    marked_high_deg: float | None
    stickers_angle_deg: float | None
    stickers_low_deg: float | None
    stickers_high_deg: float | None
    belt_angle_deg: float | None
    belt_low_deg: float | None
    belt_high_deg: float | None
    belt_front_x_px: float | None
    belt_front_y_px: float | None
    belt_back_x_px: float | None
    belt_back_y_px: float | None
    no_belt_line: str | None
    asis_x_px: float | None
    asis_y_px: float | None
    psis_x_px: float | None
    psis_y_px: float | None
    suggested_asis_x_px: float | None
    suggested_asis_y_px: float | None
    suggested_psis_x_px: float | None
    suggested_psis_y_px: float | None
    trunk_lean_deg: float | None
    hip_sway_percent: float | None
    knee_angle_deg: float | None
    head_forward_deg: float | None
    yaw_deg: float
    roll_deg: float
    vertical: str
    trunk_px: float
    people: int
    roll_sd_deg: float
    version: str
    pose_model_sha256: str
    contour_model_sha256: str
    reasons: str
    landmarks: str
    outline_px: str
    plumb_px: str
    repeats: str


def record_of(new: NewCheck) -> CheckRecord:
    """Return the plain values of a measurement, with a new identity, saved now.

    Raises
    ------
    ValueError
        If a time is without an offset, an angle is no finite number, or a repeat was
        measured by another method than the check.
    """
    result, conditions = new.result, new.conditions
    moments.utc_us(new.taken_at)
    if any(repeat.tilt.method is not result.tilt.method for repeat in new.repeats):
        raise ValueError("repeats by another method than their check")
    belt = result.belt_line
    outline = simplify_outline(result.outline_px, new.size_px)
    return CheckRecord(
        uuid=str(uuid.uuid4()),
        taken_at=new.taken_at,
        saved_at=moments.now(),
        method=result.tilt.method.value,
        **_estimate("", result.tilt),
        garment=clean_text(conditions.garment),
        arms=conditions.arms.value if conditions.arms else None,
        note=clean_text(conditions.note),
        source=clean_text(result.source),
        facing=result.facing.value,
        width_px=int(new.size_px[0]),
        height_px=int(new.size_px[1]),
        **_estimate("contour_", result.contour),
        **_estimate("marked_", result.marked),
        **_estimate("stickers_", result.stickers),
        **_estimate("belt_", belt.tilt if belt else None),
        **_point("belt_front", belt.front_px if belt else None),
        **_point("belt_back", belt.back_px if belt else None),
        no_belt_line=result.no_belt_line.value if result.no_belt_line else None,
        **_points("", result.points),
        **_points("suggested_", new.suggested_points),
        trunk_lean_deg=_finite(result.posture.trunk_lean_deg),
        hip_sway_percent=_finite(result.posture.hip_sway_percent),
        knee_angle_deg=_finite(result.posture.knee_angle_deg),
        head_forward_deg=_finite(result.posture.head_forward_deg),
        yaw_deg=_number(result.capture.yaw_deg),
        roll_deg=_number(result.capture.roll_deg),
        vertical=result.capture.vertical.value,
        trunk_px=_number(result.capture.trunk_px),
        people=int(result.capture.people),
        roll_sd_deg=_number(result.capture.roll_sd_deg),
        version=result.provenance.version,
        pose_model_sha256=result.provenance.pose_model_sha256,
        contour_model_sha256=result.provenance.contour_model_sha256,
        reasons=json_text([_reason(reason) for reason in result.reasons]),
        landmarks=_landmarks(result.landmarks),
        outline_px=json_text(_rounded(outline)),
        plumb_px=json_text(_rounded(result.plumb_px)),
        repeats=repeats_text(new.repeats),
    )


def _estimate(prefix: str, tilt: TiltEstimate | None) -> dict[str, Any]:
    values = (tilt.angle_deg, tilt.low_deg, tilt.high_deg) if tilt else (None, None, None)
    parts = ("angle", "low", "high")
    return {
        f"{prefix}{part}_deg": None if value is None else _number(value)
        for part, value in zip(parts, values, strict=True)
    }


def _points(prefix: str, points: BonyPoints | None) -> dict[str, Any]:
    return _point(f"{prefix}asis", points.asis_px if points else None) | _point(
        f"{prefix}psis", points.psis_px if points else None
    )


def _point(name: str, point: tuple[float, float] | None) -> dict[str, Any]:
    x, y = (None, None) if point is None else map(_number, point)
    return {f"{name}_x_px": x, f"{name}_y_px": y}


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(value)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _rounded(rows: NDArray[np.float32]) -> list[list[float]]:
    """Return rows with few decimals, and none where there is nothing behind the point."""
    kept = rows[np.isfinite(rows).all(axis=1)].astype(np.float64).round(_PX_DECIMALS)
    if (kept == kept.round()).all():
        kept = kept.astype(np.int64)
    found: list[list[float]] = kept.tolist()
    return found


def _landmarks(landmarks: Mapping[str, tuple[float, float, float]]) -> str:
    return json_text(
        {
            clean_text(name): [
                round(float(x), _PX_DECIMALS),
                round(float(y), _PX_DECIMALS),
                round(float(visibility), _VISIBILITY_DECIMALS),
            ]
            for name, (x, y, visibility) in landmarks.items()
            if all(map(math.isfinite, (x, y, visibility)))
        }
    )


def _reason(reason: Reason) -> list[str | int | None]:
    """Return a reason without its words, but with the number that they tell, if any."""
    words = WARNINGS if reason.severity is Severity.WARN else REFUSALS
    template = words.get(reason.code, ("", ""))[0]
    number = None
    if "{}" in template:
        found = re.search(r"-?\d+", reason.message)
        number = int(found.group()) if found else None
    return [reason.code.value, reason.severity.value, number]
