"""One check as plain values, as the database and the exports keep it.

The names of the fields are those of the exports and do not change. Lists are JSON text:

``reasons``
    ``[[code, severity, number or null], ...]``, the number being what the sentence about it
    tells; the words are today's, from :mod:`vision.reasons`.
``landmarks``
    ``{name: [x px, y px, visibility], ...}``
``outline_px``
    ``[[x, y], ...]``, with few corners.
``plumb_px``
    ``[[x1, y1, x2, y2], ...]``
``repeats``
    ``[[taken at, angle deg, low deg, high deg, frames, spread deg, reading, roll, bones], ...]``,
    all by the check's own method; the last three are the parts of the doubt.

Each tilt has its doubt's parts in ``sd_reading_deg``, ``sd_roll_deg`` and ``sd_bones_deg``; its
interval's ends follow from these. Exports of earlier versions have the ends alone, and repeats
without the last three: see :func:`completed`.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace
from statistics import stdev
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter

from app.history import values
from app.history.records import Arms, Check, CheckRow, Conditions, Repeat
from app.history.values import (
    AsJson,
    Degrees,
    Identity,
    Number,
    OneOf,
    Pixels,
    Text,
    Time,
    Whole,
    clean_text,
    finite,
    json_text,
)
from vision import reasons as today
from vision.image.frame import WORKING_SIDE_PX
from vision.reasons import refusal, warning
from vision.result import (
    BONES_SD_DEG,
    Z_90,
    BeltEstimate,
    BonyPoints,
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
    Severity,
    TiltEstimate,
    VerticalSource,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from app.history.records import KeptPicture, NewCheck, Profile

_Reasons = list[tuple[str, Severity, Number | None]]
_Landmarks = dict[str, tuple[Pixels, Pixels, Number]]
_Points = list[tuple[Pixels, Pixels]]
_Lines = list[tuple[Pixels, Pixels, Pixels, Pixels]]
_Frames = Annotated[Whole, Field(ge=1)]
_Sd = Annotated[Number, Field(ge=0)]
_EarlierRepeat = tuple[Time, Degrees, Degrees, Degrees, _Frames, _Sd]
_Repeat = tuple[Time, Degrees, Degrees, Degrees, _Frames, _Sd, _Sd, _Sd, _Sd]
_Repeats = list[_Repeat | _EarlierRepeat]

_REASONS = TypeAdapter(_Reasons)
_LANDMARKS = TypeAdapter(_Landmarks)
_POINTS = TypeAdapter(_Points)
_LINES = TypeAdapter(_Lines)
_REPEATS = TypeAdapter(_Repeats)

NO_REPEATS = "[]"
#: What the names of a tilt's fields begin with, and its method; the answer's is the check's own.
_PREFIXES: dict[str, Method | None] = {
    "": None,
    "contour_": Method.CONTOUR,
    "marked_": Method.MARKED,
    "stickers_": Method.STICKERS,
    "belt_": Method.BELT,
}
#: The numbers of :class:`vision.result.Lens`.
_LENS_NUMBERS = (
    "down_deg", "down_sd_deg", "pitch_deg", "focal_px", "above_hips_cm", "away_cm"
)  # fmt: skip
#: Decimals of pixels and of a landmark's visibility; finer than anything that is seen.
_PX_DECIMALS, _VISIBILITY_DECIMALS = 2, 4
#: How far the outline that is kept may lie from the full one, in pixels of the picture's
#: copy; rounding adds less than a tenth, and together they stay below one.
TOLERANCE_PX = 0.75
#: OpenCV then drops corners that lie nearly on a straight line, off it by up to the square
#: root of a half of what it was told: where that matters, it is told less.
_CLEANED_UP = 1 + math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One check; degrees, pixels and signs are those of :mod:`vision.result`."""

    uuid: Identity
    taken_at: Time
    saved_at: Time
    method: Annotated[str, OneOf(Method)]
    angle_deg: Degrees
    low_deg: Degrees
    high_deg: Degrees
    garment: Text
    arms: Annotated[str, OneOf(Arms)] | None
    note: Text
    source: Text
    facing: Annotated[str, OneOf(Facing)]
    width_px: Whole
    height_px: Whole
    contour_angle_deg: Number | None
    contour_low_deg: Number | None
    contour_high_deg: Number | None
    marked_angle_deg: Number | None
    marked_low_deg: Number | None
    marked_high_deg: Number | None
    stickers_angle_deg: Number | None
    stickers_low_deg: Number | None
    stickers_high_deg: Number | None
    belt_angle_deg: Number | None
    belt_low_deg: Number | None
    belt_high_deg: Number | None
    belt_front_x_px: Pixels | None
    belt_front_y_px: Pixels | None
    belt_back_x_px: Pixels | None
    belt_back_y_px: Pixels | None
    no_belt_line: Annotated[str, OneOf(NoBeltReason)] | None
    asis_x_px: Pixels | None
    asis_y_px: Pixels | None
    psis_x_px: Pixels | None
    psis_y_px: Pixels | None
    suggested_asis_x_px: Pixels | None
    suggested_asis_y_px: Pixels | None
    suggested_psis_x_px: Pixels | None
    suggested_psis_y_px: Pixels | None
    trunk_lean_deg: Number | None
    hip_sway_percent: Number | None
    knee_angle_deg: Number | None
    head_forward_deg: Number | None
    yaw_deg: Number
    roll_deg: Number
    vertical: Annotated[str, OneOf(VerticalSource)]
    trunk_px: Number
    people: Whole
    roll_sd_deg: Number
    version: Text
    pose_model_sha256: Text
    contour_model_sha256: Text
    reasons: Annotated[str, AsJson(_Reasons)]
    landmarks: Annotated[str, AsJson(_Landmarks)]
    outline_px: Annotated[str, AsJson(_Points)]
    plumb_px: Annotated[str, AsJson(_Lines)]
    repeats: Annotated[str, AsJson(_Repeats)]
    sd_reading_deg: _Sd | None = None
    sd_roll_deg: _Sd | None = None
    sd_bones_deg: _Sd | None = None
    contour_sd_reading_deg: _Sd | None = None
    contour_sd_roll_deg: _Sd | None = None
    contour_sd_bones_deg: _Sd | None = None
    marked_sd_reading_deg: _Sd | None = None
    marked_sd_roll_deg: _Sd | None = None
    marked_sd_bones_deg: _Sd | None = None
    stickers_sd_reading_deg: _Sd | None = None
    stickers_sd_roll_deg: _Sd | None = None
    stickers_sd_bones_deg: _Sd | None = None
    belt_sd_reading_deg: _Sd | None = None
    belt_sd_roll_deg: _Sd | None = None
    belt_sd_bones_deg: _Sd | None = None
    calibrated_at: Time | None = None
    lens_down_deg: Degrees | None = None
    lens_down_sd_deg: Number | None = None
    lens_pitch_deg: Degrees | None = None
    lens_focal_px: Pixels | None = None
    lens_focal: Annotated[str, OneOf(FocalSource)] | None = None
    lens_above_hips_cm: Number | None = None
    lens_away_cm: Number | None = None


def record_of(new: NewCheck) -> CheckRecord:
    """Return the plain values of a measurement, with a new identity, saved now.

    Raises
    ------
    ValueError
        If a time is without an offset, an angle is no finite number, or a repeat was
        measured by another method than the check.
    """
    result, conditions, posture = new.result, new.conditions, new.result.posture
    values.utc_us(new.taken_at)
    if any(repeat.tilt.method is not result.tilt.method for repeat in new.repeats):
        raise ValueError("repeats by another method than their check")
    return CheckRecord(
        uuid=str(uuid.uuid4()),
        taken_at=new.taken_at,
        saved_at=values.now(),
        method=result.tilt.method.value,
        garment=clean_text(conditions.garment),
        arms=conditions.arms.value if conditions.arms else None,
        note=clean_text(conditions.note),
        source=clean_text(result.source),
        facing=result.facing.value,
        width_px=int(new.size_px[0]),
        height_px=int(new.size_px[1]),
        **_estimates(result),
        no_belt_line=result.no_belt_line.value if result.no_belt_line else None,
        **_bony_points("", result.points),
        **_bony_points("suggested_", new.suggested_points),
        trunk_lean_deg=_if_finite(posture.trunk_lean_deg),
        hip_sway_percent=_if_finite(posture.hip_sway_percent),
        knee_angle_deg=_if_finite(posture.knee_angle_deg),
        head_forward_deg=_if_finite(posture.head_forward_deg),
        yaw_deg=finite(result.capture.yaw_deg),
        roll_deg=finite(result.capture.roll_deg),
        vertical=result.capture.vertical.value,
        trunk_px=finite(result.capture.trunk_px),
        people=int(result.capture.people),
        roll_sd_deg=finite(result.capture.roll_sd_deg),
        version=result.provenance.version,
        pose_model_sha256=result.provenance.pose_model_sha256,
        contour_model_sha256=result.provenance.contour_model_sha256,
        reasons=json_text([[one.code, one.severity, one.number] for one in result.reasons]),
        landmarks=_landmarks_text(result.landmarks),
        outline_px=json_text(_rounded(simplify_outline(result.outline_px, new.size_px))),
        plumb_px=json_text(_rounded(result.plumb_px)),
        repeats=_repeats_text(new.repeats),
        calibrated_at=result.calibrated_at,
        **_lens(result.capture.lens),
    )


def check_of(
    record: CheckRecord, check_id: int, profile: Profile, picture: KeptPicture | None
) -> Check:
    """Return a check with everything that was kept about it.

    Raises
    ------
    ValueError
        As :func:`measured_of`.
    """
    result = measured_of(record)
    repeats = repeats_of(record.repeats, result.tilt.method)
    row = CheckRow(
        id=check_id,
        profile_id=profile.id,
        taken_at=record.taken_at,
        tilt=result.tilt,
        conditions=Conditions(
            record.garment, None if record.arms is None else Arms(record.arms), record.note
        ),
        has_picture=picture is not None,
        repeat_count=len(repeats),
        repeat_spread_deg=spread_deg(repeats),
        calibrated_at=record.calibrated_at,
    )
    return Check(
        row=row,
        profile=profile,
        saved_at=record.saved_at,
        result=result,
        size_px=(record.width_px, record.height_px),
        suggested_points=_bony_points_of(record, "suggested_"),
        picture=picture,
        repeats=repeats,
    )


def measured_of(record: CheckRecord) -> Measured:
    """Return the measurement as it was.

    Raises
    ------
    ValueError
        If the values are not those of a measurement, as in a file that was tampered with.
    """
    landmarks: Mapping[str, tuple[float, float, float]] = _LANDMARKS.validate_json(record.landmarks)
    return Measured(
        source=record.source,
        facing=Facing(record.facing),
        tilt=_answer_of(record),
        contour=_tilt_of(record, Method.CONTOUR),
        marked=_tilt_of(record, Method.MARKED),
        stickers=_tilt_of(record, Method.STICKERS),
        belt_line=_belt_line_of(record),
        no_belt_line=None if record.no_belt_line is None else NoBeltReason(record.no_belt_line),
        points=_bony_points_of(record, ""),
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
            _lens_of(record),
        ),
        reasons=_reasons_of(record.reasons),
        landmarks=landmarks,
        outline_px=np.array(_POINTS.validate_json(record.outline_px), np.float32).reshape(-1, 2),
        plumb_px=np.array(_LINES.validate_json(record.plumb_px), np.float32).reshape(-1, 4),
        provenance=Provenance(
            record.version, record.pose_model_sha256, record.contour_model_sha256
        ),
        calibrated_at=record.calibrated_at,
    )


def repeats_of(text: str, method: Method) -> tuple[Repeat, ...]:
    """Return the repeats that JSON holds, all by one method.

    Raises
    ------
    ValueError
        If they are not those of a check, as in a file that was tampered with.
    """
    return tuple(
        Repeat(taken_at, TiltEstimate(method, angle, Doubt(*parts)), frames, spread)
        for taken_at, angle, _, _, frames, spread, *parts in _REPEATS.validate_json(text)
    )


def completed(record: CheckRecord) -> CheckRecord:
    """Return a record with all parts of each doubt, and with the ends that follow from them.

    Earlier versions kept the ends alone: see :func:`earlier_doubt`.
    """
    answered_by, roll_sd_deg = Method(record.method), record.roll_sd_deg
    found: dict[str, Any] = {}
    for prefix, method in _PREFIXES.items():
        ends = _all_or_none(record, prefix + "{}_deg", "angle", "low", "high")
        parts = _all_or_none(record, prefix + "sd_{}_deg", "reading", "roll", "bones")
        if ends is not None:
            one = method or answered_by
            doubt = Doubt(*parts) if parts else earlier_doubt(one, ends[1], ends[2], roll_sd_deg)
            found |= _tilt_values(prefix, TiltEstimate(one, ends[0], doubt))
    repeats = []
    for at, angle, low, high, frames, spread, *parts in _REPEATS.validate_json(record.repeats):
        doubt = Doubt(*parts) if parts else earlier_doubt(answered_by, low, high, roll_sd_deg)
        repeats.append(Repeat(at, TiltEstimate(answered_by, angle, doubt), frames, spread))
    return replace(record, **found, repeats=_repeats_text(repeats))


def earlier_doubt(method: Method, low_deg: float, high_deg: float, roll_sd_deg: float) -> Doubt:
    """Return the doubt of a tilt of which an earlier version kept the interval's ends.

    They came from reading and roll; what one could not see of the bones was left out.

    Parameters
    ----------
    roll_sd_deg
        What was not known of the camera in that picture.
    """
    own_deg = abs(high_deg - low_deg) / 2 / Z_90
    roll_deg = min(roll_sd_deg, own_deg)
    reading_deg = math.sqrt(own_deg**2 - roll_deg**2)
    return Doubt(reading_deg, roll_deg, BONES_SD_DEG if method is Method.CONTOUR else 0.0)


def spread_deg(repeats: Sequence[Repeat]) -> float | None:
    """Return the sample standard deviation of the repeats' angles; None for fewer than two."""
    return stdev(repeat.tilt.angle_deg for repeat in repeats) if len(repeats) > 1 else None


def _estimates(result: Measured) -> dict[str, Any]:
    """Return the answer and what each method found, by the names of their fields."""
    belt = result.belt_line
    tilts = {
        "": result.tilt,
        "contour_": result.contour,
        "marked_": result.marked,
        "stickers_": result.stickers,
        "belt_": belt.tilt if belt else None,
    }
    found = _point("belt_front", belt.front_px if belt else None)
    found |= _point("belt_back", belt.back_px if belt else None)
    for prefix, tilt in tilts.items():
        found |= _tilt_values(prefix, tilt)
    return found


def _tilt_values(prefix: str, tilt: TiltEstimate | None) -> dict[str, Any]:
    """Return a tilt's values, all None where there is none, by the names of their fields."""
    names = ("angle", "low", "high", "sd_reading", "sd_roll", "sd_bones")
    numbers = [None] * len(names) if tilt is None else map(finite, _numbers(tilt))
    return {f"{prefix}{name}_deg": number for name, number in zip(names, numbers, strict=True)}


def _numbers(tilt: TiltEstimate) -> tuple[float, ...]:
    doubt = tilt.doubt
    ends = tilt.low_deg, tilt.high_deg
    return (tilt.angle_deg, *ends, doubt.reading_deg, doubt.roll_deg, doubt.bones_deg)


def ends_of(row: Mapping[Any, Any]) -> dict[str, float | None]:
    """Return the ends of the intervals that a row of the database leaves out, by field."""
    found: dict[str, float | None] = {}
    for prefix in _PREFIXES:
        angle_deg = row[f"{prefix}angle_deg"]
        low_deg = high_deg = None
        if angle_deg is not None:
            parts = (row[f"{prefix}sd_{part}_deg"] for part in ("reading", "roll", "bones"))
            half_deg = Z_90 * Doubt(*parts).total_deg
            low_deg, high_deg = angle_deg - half_deg, angle_deg + half_deg
        found[f"{prefix}low_deg"], found[f"{prefix}high_deg"] = low_deg, high_deg
    return found


def _lens(lens: Lens | None) -> dict[str, Any]:
    """Return where the lens was, by the names of its fields; nothing where that is not known."""
    if lens is None:
        return {}
    numbers = {f"lens_{name}": finite(getattr(lens, name)) for name in _LENS_NUMBERS}
    return numbers | {"lens_focal": lens.focal.value}


def _bony_points(prefix: str, points: BonyPoints | None) -> dict[str, Any]:
    return _point(f"{prefix}asis", points.asis_px if points else None) | _point(
        f"{prefix}psis", points.psis_px if points else None
    )


def _point(name: str, point: tuple[float, float] | None) -> dict[str, Any]:
    x, y = (None, None) if point is None else map(finite, point)
    return {f"{name}_x_px": x, f"{name}_y_px": y}


def _if_finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _landmarks_text(landmarks: Mapping[str, tuple[float, float, float]]) -> str:
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


def _rounded(rows: NDArray[np.float32]) -> list[list[float]]:
    """Return rows with few decimals, and none where there is nothing behind the point."""
    kept = rows[np.isfinite(rows).all(axis=1)].astype(np.float64).round(_PX_DECIMALS)
    if (kept == kept.round()).all():
        kept = kept.astype(np.int64)
    found: list[list[float]] = kept.tolist()
    return found


def _repeats_text(repeats: Sequence[Repeat]) -> str:
    found = []
    for repeat in repeats:
        values.utc_us(repeat.taken_at)
        found.append(repeat_list(repeat))
    return json_text(found)


def repeat_list(repeat: Repeat) -> list[str | float]:
    """Return a repeat as :class:`CheckRecord` has it."""
    angle_and_ends, parts = np.split(list(map(finite, _numbers(repeat.tilt))), [3])
    spread = finite(repeat.spread_deg)
    return [
        repeat.taken_at.isoformat(),
        *angle_and_ends.tolist(),
        int(repeat.frames),
        spread,
        *parts.tolist(),
    ]


def _answer_of(record: CheckRecord) -> TiltEstimate:
    tilt = _tilt_at(record, "", Method(record.method))
    if tilt is None:
        raise ValueError("the angle is missing")
    return tilt


def _tilt_of(record: CheckRecord, method: Method) -> TiltEstimate | None:
    return _tilt_at(record, f"{method.value}_", method)


def _tilt_at(record: CheckRecord, prefix: str, method: Method) -> TiltEstimate | None:
    parts = ("angle", "sd_reading", "sd_roll", "sd_bones")
    given = _all_or_none(record, prefix + "{}_deg", *parts)
    return None if given is None else TiltEstimate(method, given[0], Doubt(*given[1:]))


def _belt_line_of(record: CheckRecord) -> BeltEstimate | None:
    tilt = _tilt_of(record, Method.BELT)
    ends = _all_or_none(record, "belt_{}_px", "front_x", "front_y", "back_x", "back_y")
    if tilt is None or ends is None:
        return None
    return BeltEstimate(tilt, (ends[0], ends[1]), (ends[2], ends[3]))


def _bony_points_of(record: CheckRecord, prefix: str) -> BonyPoints | None:
    given = _all_or_none(record, prefix + "{}_px", "asis_x", "asis_y", "psis_x", "psis_y")
    return None if given is None else BonyPoints((given[0], given[1]), (given[2], given[3]))


def _lens_of(record: CheckRecord) -> Lens | None:
    given = _all_or_none(record, "lens_{}", *_LENS_NUMBERS)
    if given is None or record.lens_focal is None:
        return None
    known = dict(zip(_LENS_NUMBERS, given, strict=True))
    return Lens(focal=FocalSource(record.lens_focal), **known)


def _all_or_none(record: CheckRecord, template: str, *parts: str) -> list[float] | None:
    numbers = [getattr(record, template.format(part)) for part in parts]
    given = [value for value in numbers if value is not None]
    if given and len(given) < len(numbers):
        raise ValueError("some numbers of a group are missing")
    return given or None


def _reasons_of(text: str) -> tuple[Reason, ...]:
    """Return reasons in today's words; codes that have none any more are left out."""
    reasons = []
    for code, severity, number in _REASONS.validate_json(text):
        warns = severity is Severity.WARN
        if code in (today.WARNINGS if warns else today.REFUSALS):
            reasons.append((warning if warns else refusal)(ReasonCode(code), number or 0))
    return tuple(reasons)


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
    import cv2  # records are read without it

    if len(outline_px) <= 3:
        return outline_px.astype(np.float32)
    tolerance_px = TOLERANCE_PX * max(1.0, max(size_px) / WORKING_SIDE_PX)
    corners = np.ascontiguousarray(outline_px, np.float32)
    simpler = cv2.approxPolyDP(corners, tolerance_px, closed=True)
    if any(abs(cv2.pointPolygonTest(simpler, c, True)) > tolerance_px for c in corners.tolist()):
        simpler = cv2.approxPolyDP(corners, tolerance_px / _CLEANED_UP, closed=True)
    return np.asarray(simpler, np.float32).reshape(-1, 2)
