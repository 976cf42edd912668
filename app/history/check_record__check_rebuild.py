"""A check, rebuilt from its plain values."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from app.history.check_record__repeat_record import repeats_of, spread_deg
from app.history.records import Arms, Check, CheckRow, Conditions
from vision.reasons import REFUSALS, WARNINGS, refusal, warning
from vision.result import (
    BeltEstimate,
    BonyPoints,
    Capture,
    Facing,
    Measured,
    Method,
    NoBeltReason,
    Posture,
    Provenance,
    Reason,
    ReasonCode,
    Severity,
    TiltEstimate,
    VerticalSource,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.history.check_record import CheckRecord
    from app.history.records import KeptPicture, Profile


def measured_of(record: CheckRecord) -> Measured:
    """Return the measurement as it was.

    Raises
    ------
    ValueError, TypeError
        If the values are not those of a measurement, as in a file that was tampered with.
    """
    method = Method(record.method)
    return Measured(
        source=record.source,
        facing=Facing(record.facing),
        tilt=TiltEstimate(method, record.angle_deg, record.low_deg, record.high_deg),
        contour=_estimate(record, Method.CONTOUR),
        marked=_estimate(record, Method.MARKED),
        stickers=_estimate(record, Method.STICKERS),
        belt_line=_belt_line(record),
        no_belt_line=None if record.no_belt_line is None else NoBeltReason(record.no_belt_line),
        points=_points(record, ""),
        posture=Posture(
            record.trunk_lean_deg,
            record.hip_sway_percent,
            record.knee_angle_deg,
            record.head_forward_deg,
        ),
        capture=Capture(
            record.yaw_deg,
            record.roll_deg,
            VerticalSource(record.vertical),
            record.trunk_px,
            record.people,
            record.roll_sd_deg,
        ),
        reasons=_reasons(record.reasons),
        landmarks=_landmarks(record.landmarks),
        outline_px=_array(record.outline_px, 2),
        plumb_px=_array(record.plumb_px, 4),
        provenance=Provenance(
            record.version, record.pose_model_sha256, record.contour_model_sha256
        ),
    )


def row_of(record: CheckRecord, check_id: int, profile_id: int, has_picture: bool) -> CheckRow:
    """Return what lists say of a check.

    Raises
    ------
    ValueError
        As :func:`measured_of`.
    """
    arms = None if record.arms is None else Arms(record.arms)
    repeats = repeats_of(record.repeats, Method(record.method))
    return CheckRow(
        check_id,
        profile_id,
        record.taken_at,
        TiltEstimate(Method(record.method), record.angle_deg, record.low_deg, record.high_deg),
        Conditions(record.garment, arms, record.note),
        has_picture,
        len(repeats),
        spread_deg(repeats),
    )


def check_of(
    record: CheckRecord, check_id: int, profile: Profile, picture: KeptPicture | None
) -> Check:
    """Return a check with everything that was kept about it.

    Raises
    ------
    ValueError, TypeError
        As :func:`measured_of`.
    """
    return Check(
        row=row_of(record, check_id, profile.id, picture is not None),
        profile=profile,
        saved_at=record.saved_at,
        result=measured_of(record),
        size_px=(record.width_px, record.height_px),
        suggested_points=_points(record, "suggested_"),
        picture=picture,
        repeats=repeats_of(record.repeats, Method(record.method)),
    )


def _estimate(record: CheckRecord, method: Method) -> TiltEstimate | None:
    parts = [getattr(record, f"{method.value}_{part}_deg") for part in ("angle", "low", "high")]
    given = _all_or_none(parts)
    return None if given is None else TiltEstimate(method, *given)


def _belt_line(record: CheckRecord) -> BeltEstimate | None:
    tilt = _estimate(record, Method.BELT)
    ends = _all_or_none(
        [
            record.belt_front_x_px,
            record.belt_front_y_px,
            record.belt_back_x_px,
            record.belt_back_y_px,
        ]
    )
    if tilt is None or ends is None:
        return None
    return BeltEstimate(tilt, (ends[0], ends[1]), (ends[2], ends[3]))


def _points(record: CheckRecord, prefix: str) -> BonyPoints | None:
    names = ("asis_x", "asis_y", "psis_x", "psis_y")
    given = _all_or_none([getattr(record, f"{prefix}{name}_px") for name in names])
    return None if given is None else BonyPoints((given[0], given[1]), (given[2], given[3]))


def _all_or_none(values: list[float | None]) -> list[float] | None:
    given = [value for value in values if value is not None]
    if given and len(given) < len(values):
        raise ValueError("some numbers of a group are missing")
    return given or None


def _reasons(text: str) -> tuple[Reason, ...]:
    """Return reasons in today's words; codes that have none any more are left out."""
    reasons = []
    for code, severity, number in _list(text):
        if not isinstance(code, str) or not isinstance(number, int | float | None):
            raise TypeError("a reason is a code, a severity and a number")
        warns = Severity(severity) is Severity.WARN
        words = WARNINGS if warns else REFUSALS
        if code in words:
            make = warning if warns else refusal
            reasons.append(make(ReasonCode(code), _finite(number or 0)))
    return tuple(reasons)


def _landmarks(text: str) -> dict[str, tuple[float, float, float]]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("landmarks are a mapping")
    landmarks = {}
    for name, (x, y, visibility) in found.items():
        landmarks[name] = (_finite(x), _finite(y), _finite(visibility))
    return landmarks


def _array(text: str, columns: int) -> NDArray[np.float32]:
    rows = _list(text)
    if not rows:
        return np.empty((0, columns), np.float32)
    found = np.array(rows, np.float32)
    if found.shape != (len(rows), columns) or not np.isfinite(found).all():
        raise ValueError(f"not a list of {columns} numbers each")
    return found


def _list(text: str) -> list[Any]:
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError("a list was expected")
    return found


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)
