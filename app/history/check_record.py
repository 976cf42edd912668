"""One check as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. Lists are JSON text:

``reasons``
    ``[[code, severity, number or null], ...]``, the number being what the sentence about it
    tells; the words are today's, from :mod:`vision.reasons`.
``landmarks``
    ``{name: [x px, y px, visibility], ...}``
``outline_px``
    ``[[x, y], ...]``, simplified by :mod:`app.history.check_record`.
``plumb_px``
    ``[[x1, y1, x2, y2], ...]``
``repeats``
    what :mod:`app.history.check_record` says
"""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import stdev
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from app.history import values as moments
from app.history.records import Arms, Check, CheckRow, Conditions, Repeat
from app.history.values import clean_text, json_text
from vision.image.frame import WORKING_SIDE_PX
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
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from app.history.records import KeptPicture, NewCheck, Profile


#: How far the simpler outline may lie from the full one, in pixels of the picture's copy;
#: rounding adds less than a tenth, and together they stay below one.
TOLERANCE_PX = 0.75
#: OpenCV then drops corners that lie nearly on a straight line, off it by up to the square
#: root of a half of what it was told: where that matters, it is told less.
_CLEANED_UP = 1 + math.sqrt(0.5)


def simplify_outline(
    outline_px: NDArray[np.float32], size_px: tuple[int, int]
) -> NDArray[np.float32]:
    """Leave out the corners without which the outline looks the same.

    By the way of Douglas and Peucker 1973, Cartographica 10:112.

    Parameters
    ----------
    outline_px
        Shape (n, 2), pixels of the full picture.
    size_px
        Width and height of the full picture.

    Returns
    -------
    ndarray
        Shape (m, 2), float32, m <= n: corners of the given outline in their order. No
        point of the given outline is farther from it than :data:`TOLERANCE_PX` of a
        picture of at most 1600 px.
    """
    if len(outline_px) <= 3:
        return outline_px.astype(np.float32)
    tolerance_px = TOLERANCE_PX * max(1.0, max(size_px) / WORKING_SIDE_PX)
    corners = np.ascontiguousarray(outline_px, np.float32)
    simpler = cv2.approxPolyDP(corners, tolerance_px, closed=True)
    if any(abs(cv2.pointPolygonTest(simpler, c, True)) > tolerance_px for c in corners.tolist()):
        simpler = cv2.approxPolyDP(corners, tolerance_px / _CLEANED_UP, closed=True)
    return np.asarray(simpler, np.float32).reshape(-1, 2)


#: As the database has whole numbers.
_FRAMES_MAX = 2**31 - 1
NO_REPEATS = "[]"


def repeats_text(repeats: Sequence[Repeat]) -> str:
    """Return repeats as JSON.

    Raises
    ------
    ValueError
        If a time is without an offset, or a number is not finite.
    """
    return json_text(
        [
            [
                _with_offset(repeat.taken_at).isoformat(),
                float(repeat.tilt.angle_deg),
                float(repeat.tilt.low_deg),
                float(repeat.tilt.high_deg),
                int(repeat.frames),
                float(repeat.spread_deg),
            ]
            for repeat in repeats
        ]
    )


def repeats_of(text: str, method: Method) -> tuple[Repeat, ...]:
    """Return the repeats that JSON holds, all by one method.

    Raises
    ------
    ValueError, TypeError
        If they are not those of a check, as in a file that was tampered with.
    """
    found = json.loads(text)
    if not isinstance(found, list):
        raise TypeError("repeats are a list")
    return tuple(_repeat(values, method) for values in found)


def repeat_values(check_id: int, repeats: Sequence[Repeat]) -> list[dict[str, Any]]:
    """Return what the database keeps of repeats."""
    return [
        {
            "check_id": check_id,
            "number": number,
            "taken_us": moments.utc_us(repeat.taken_at),
            "taken_offset_s": moments.offset_s(repeat.taken_at),
            "angle_deg": repeat.tilt.angle_deg,
            "low_deg": repeat.tilt.low_deg,
            "high_deg": repeat.tilt.high_deg,
            "frames": repeat.frames,
            "spread_deg": repeat.spread_deg,
        }
        for number, repeat in enumerate(repeats, 1)
    ]


def text_of_rows(rows: Sequence[sa.Row[Any]]) -> str:
    """Return what :func:`repeats_text` gives, from the database's rows in their order."""
    return json_text(
        [
            [
                moments.moment_of(row.taken_us, row.taken_offset_s).isoformat(),
                row.angle_deg,
                row.low_deg,
                row.high_deg,
                row.frames,
                row.spread_deg,
            ]
            for row in rows
        ]
    )


def spread_deg(repeats: Sequence[Repeat]) -> float | None:
    """Return the sample standard deviation of the repeats' angles; None for fewer than two."""
    return stdev(repeat.tilt.angle_deg for repeat in repeats) if len(repeats) > 1 else None


def _repeat(values: object, method: Method) -> Repeat:
    if not isinstance(values, list) or len(values) != 6:
        raise TypeError("a repeat is a time and five numbers")
    at, *angles, frames, spread = values
    if not isinstance(at, str):
        raise TypeError("a repeat begins with its time")
    if isinstance(frames, bool) or not isinstance(frames, int) or not 0 < frames <= _FRAMES_MAX:
        raise ValueError(f"not a number of pictures: {frames!r}")
    if _repeat_finite(spread) < 0:
        raise ValueError("a spread below 0")
    taken_at = _with_offset(datetime.fromisoformat(at))
    if (taken_at.utcoffset() or timedelta()).microseconds:
        raise ValueError(f"a time with an odd offset from UTC: {at!r}")
    return Repeat(
        taken_at, TiltEstimate(method, *map(_repeat_finite, angles)), frames, _repeat_finite(spread)
    )


def _with_offset(moment: datetime) -> datetime:
    moments.utc_us(moment)
    return moment


def _repeat_finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


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
        contour=_rebuild_estimate(record, Method.CONTOUR),
        marked=_rebuild_estimate(record, Method.MARKED),
        stickers=_rebuild_estimate(record, Method.STICKERS),
        belt_line=_belt_line(record),
        no_belt_line=None if record.no_belt_line is None else NoBeltReason(record.no_belt_line),
        points=_rebuild_points(record, ""),
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
        landmarks=_rebuild_landmarks(record.landmarks),
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
        suggested_points=_rebuild_points(record, "suggested_"),
        picture=picture,
        repeats=repeats_of(record.repeats, Method(record.method)),
    )


def _rebuild_estimate(record: CheckRecord, method: Method) -> TiltEstimate | None:
    parts = [getattr(record, f"{method.value}_{part}_deg") for part in ("angle", "low", "high")]
    given = _all_or_none(parts)
    return None if given is None else TiltEstimate(method, *given)


def _belt_line(record: CheckRecord) -> BeltEstimate | None:
    tilt = _rebuild_estimate(record, Method.BELT)
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


def _rebuild_points(record: CheckRecord, prefix: str) -> BonyPoints | None:
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
            reasons.append(make(ReasonCode(code), _rebuild_finite(number or 0)))
    return tuple(reasons)


def _rebuild_landmarks(text: str) -> dict[str, tuple[float, float, float]]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("landmarks are a mapping")
    landmarks = {}
    for name, (x, y, visibility) in found.items():
        landmarks[name] = (_rebuild_finite(x), _rebuild_finite(y), _rebuild_finite(visibility))
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


def _rebuild_finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


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
    return [reason.code.value, reason.severity.value, reason.number]
