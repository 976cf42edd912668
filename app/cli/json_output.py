"""What scripts rely on: measurements, live checks and the history as lines of JSON (schema 1)."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from vision._version import __version__
from vision.result import INTERVAL_LEVEL, Measured, Severity, Unreadable
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.history.comparison import Change, Unlike
    from app.history.records import Check, CheckRow
    from vision.camera.capture import CameraProblem
    from vision.live.events import FinishedCheck, Moment, StillCapture
    from vision.result import (
        BeltEstimate,
        Capture,
        PhotoResult,
        Posture,
        Provenance,
        Reason,
        TiltEstimate,
    )

#: The number that changes when a key changes its name or meaning.
SCHEMA = 1
#: Finer than anything that can be measured, and short enough to read.
_DECIMALS = 2


def json_line(source: str, outcome: PhotoResult, check_id: int | None = None) -> bytes:
    """Return what ``measure --json`` prints of one photograph.

    Parameters
    ----------
    source
        The photograph's name as it was given.
    outcome
        A measurement, a refusal, or a file that gave no picture.
    check_id
        Its number in the history, where it was kept.
    """
    return as_line(_measurement(source, outcome) | {"check_id": check_id})


def series_line(series: Series | RefusedSeries) -> bytes:
    """Return what ``measure --series --json`` prints of the photographs together."""
    measured = series if isinstance(series, Series) else None
    together = {
        "status": "measured" if measured else "rejected",
        "tilt": _tilt(measured.tilt) if measured else None,
        "spread_deg": _rounded(series.spread_deg),
        "count": series.count,
        "outliers": [outlier.source for outlier in series.outliers],
        "smallest_change_deg": _rounded(measured.smallest_change_deg) if measured else None,
        "reasons": [_reason(reason) for reason in series.reasons],
    }
    return as_line({"schema": SCHEMA, "series": together})


def moment_line(
    t_ms: int, moment: Moment, problem: CameraProblem | None = None, *, is_new: bool = True
) -> bytes:
    """Return what ``live --json`` prints of a moment.

    Parameters
    ----------
    t_ms
        The time to print.
    moment
        What there is to say.
    problem
        What is wrong with the camera.
    is_new
        Whether the moment comes of a new picture. An older one says what is being done, but
        its number is not repeated, nor its capture.
    """
    document: dict[str, object] = {
        "schema": SCHEMA,
        "t_ms": t_ms,
        "state": moment.state.value,
        "instruction": moment.instruction.value if moment.instruction else None,
        "tilt": _tilt(moment.tilt) if moment.tilt and is_new else None,
        "taken": moment.taken,
        "wanted": moment.wanted,
        "progress": _rounded(moment.progress),
    }
    if problem is not None:
        error = problem.error()
        document["problem"] = {
            "code": problem.name.lower(),
            "message": error.message,
            "fix": error.fix,
        }
    if is_new and moment.capture is not None:
        document["capture"] = _still_capture(moment.capture)
    if is_new and moment.finished is not None:
        document["check"] = _finished_check(moment.finished)
    if is_new and moment.is_cancelled:
        document["cancelled"] = True
    return as_line(document)


def row_object(row: CheckRow, profile_name: str) -> dict[str, object]:
    """Return what ``history list --json`` prints of a check."""
    conditions = row.conditions
    return {
        "id": row.id,
        "taken_at": row.taken_at.isoformat(),
        "profile": profile_name,
        "tilt": _tilt(row.tilt),
        "garment": conditions.garment,
        "arms": conditions.arms.value if conditions.arms else None,
        "note": conditions.note,
        "has_picture": row.has_picture,
        "repeat_count": row.repeat_count,
        "repeat_spread_deg": _rounded(row.repeat_spread_deg),
    }


def trend_object(row: CheckRow, profile_name: str, change: Change | None) -> dict[str, object]:
    """Return what ``history trend --json`` prints of a check; its change is since the first."""
    return row_object(row, profile_name) | {"change_since_first": _change(change)}


def check_object(check: Check, *, is_picture_there: bool) -> dict[str, object]:
    """Return what ``history show --json`` prints: the list's values and the measurement's.

    Parameters
    ----------
    is_picture_there
        Whether there is a picture where one was put.
    """
    picture = check.picture if is_picture_there else None
    return (
        _measurement(check.result.source, check.result)
        | row_object(check.row, check.profile.name)
        | {
            "saved_at": check.saved_at.isoformat(),
            "size_px": list(check.size_px),
            "picture": str(picture.picture) if picture else None,
            "repeats": [
                {
                    "taken_at": repeat.taken_at.isoformat(),
                    "tilt": _tilt(repeat.tilt),
                    "frames": repeat.frames,
                    "spread_deg": _rounded(repeat.spread_deg),
                }
                for repeat in check.repeats
            ],
        }
    )


def compare_object(
    first: Check, second: Check, change: Change | None, why_not: Unlike | None
) -> dict[str, object]:
    """Return what ``history compare --json`` prints."""
    return {
        "first": row_object(first.row, first.profile.name),
        "second": row_object(second.row, second.profile.name),
        "change": _change(change),
        "not_compared": why_not.value if why_not else None,
    }


def as_line(document: dict[str, object]) -> bytes:
    r"""Return one JSON object, UTF-8 whatever the locale says, ended by a newline.

    Bytes of a name that are no UTF-8 (lone surrogates in a Python string) are written as JSON's
    own ``\udcxx`` escapes, so that the line stays valid UTF-8 and Python reads the same name
    back.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _measurement(source: str, outcome: PhotoResult) -> dict[str, object]:
    document: dict[str, object] = {
        "schema": SCHEMA,
        "source": source,
        "status": "error",
        "facing": None,
        "tilt": None,
        "contour": None,
        "marked": None,
        "stickers": None,
        "belt_line": None,
        "posture": None,
        "capture": None,
        "reasons": [],
        "landmarks": {},
        "provenance": _provenance(None),
    }
    if isinstance(outcome, Unreadable):
        reason = {
            "code": outcome.code,
            "severity": Severity.REFUSE.value,
            "message": outcome.message,
            "fix": outcome.fix,
        }
        return document | {"reasons": [reason]}
    document |= {
        "status": "rejected",
        "facing": outcome.facing.value if outcome.facing else None,
        "posture": _posture(outcome.posture) if outcome.posture else None,
        "capture": _capture(outcome.capture) if outcome.capture else None,
        "reasons": [_reason(reason) for reason in outcome.reasons],
        "landmarks": {name: _all_rounded(point) for name, point in outcome.landmarks.items()},
        "provenance": _provenance(outcome.provenance),
    }
    if isinstance(outcome, Measured):
        document |= {
            "status": "measured",
            "tilt": _tilt(outcome.tilt),
            "contour": _estimate(outcome.contour) if outcome.contour else None,
            "marked": _estimate(outcome.marked) if outcome.marked else None,
            "stickers": _estimate(outcome.stickers) if outcome.stickers else None,
            "belt_line": _belt_line(outcome.belt_line) if outcome.belt_line else None,
        }
    return document


def _belt_line(belt: BeltEstimate) -> dict[str, object]:
    return _estimate(belt.tilt) | {
        "front_px": _all_rounded(belt.front_px),
        "back_px": _all_rounded(belt.back_px),
    }


def _tilt(tilt: TiltEstimate) -> dict[str, object]:
    return {"method": tilt.method.value} | _estimate(tilt) | {"level": INTERVAL_LEVEL}


def _estimate(tilt: TiltEstimate) -> dict[str, object]:
    doubt = tilt.doubt
    return {
        "angle_deg": _rounded(tilt.angle_deg),
        "interval_deg": _interval(tilt),
        "sd_deg": {
            "reading": _rounded(doubt.reading_deg),
            "roll": _rounded(doubt.roll_deg),
            "bones": _rounded(doubt.bones_deg),
        },
    }


def _interval(tilt: TiltEstimate) -> list[float | None]:
    return _all_rounded((tilt.low_deg, tilt.high_deg))


def _posture(posture: Posture) -> dict[str, object]:
    return {
        "trunk_lean_deg": _rounded(posture.trunk_lean_deg),
        "hip_sway_percent": _rounded(posture.hip_sway_percent),
        "knee_angle_deg": _rounded(posture.knee_angle_deg),
        "head_forward_deg": _rounded(posture.head_forward_deg),
    }


def _capture(capture: Capture) -> dict[str, object]:
    return {
        "yaw_deg": _rounded(capture.yaw_deg),
        "roll_deg": _rounded(capture.roll_deg),
        "vertical": capture.vertical.value,
        "trunk_px": _rounded(capture.trunk_px),
        "people": int(capture.people),
        "roll_sd_deg": _rounded(capture.roll_sd_deg),
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "code": reason.code.value,
        "severity": reason.severity.value,
        "message": reason.message,
        "fix": reason.fix,
    }


def _provenance(provenance: Provenance | None) -> dict[str, object]:
    return {
        "version": provenance.version if provenance else __version__,
        "pose_model_sha256": provenance.pose_model_sha256 if provenance else None,
        "contour_model_sha256": provenance.contour_model_sha256 if provenance else None,
    }


def _still_capture(capture: StillCapture) -> dict[str, object]:
    tilt = capture.result.tilt
    return {
        "frames": capture.frames,
        "median_deg": _rounded(capture.median_deg),
        "interval_deg": _interval(tilt),
        "spread_deg": _rounded(capture.spread_deg),
        "method": tilt.method.value,
    }


def _finished_check(check: FinishedCheck) -> dict[str, object]:
    """Return a whole check; its numbers are null when its repeats have none in common."""
    series, tilt = check.series, None
    if series is None:
        tilt = check.best.result.tilt
    elif isinstance(series, Series):
        tilt = series.tilt
    return {
        "status": "measured" if tilt else "rejected",
        "median_deg": _rounded(tilt.angle_deg) if tilt else None,
        "interval_deg": _interval(tilt) if tilt else None,
        "spread_deg": _rounded(series.spread_deg if series else check.best.spread_deg),
        "method": tilt.method.value if tilt else None,
        "repeats": [_still_capture(capture) for capture in check.captures],
        "reasons": [_reason(reason) for reason in series.reasons] if series else [],
    }


def _change(change: Change | None) -> dict[str, object] | None:
    if change is None:
        return None
    return {
        "difference_deg": _rounded(change.difference_deg),
        "smallest_deg": _rounded(change.smallest_deg),
        "smallest_from": change.limit.value,
        "is_real": change.is_real,
    }


def _all_rounded(values: Iterable[float | None]) -> list[float | None]:
    return [_rounded(value) for value in values]


def _rounded(value: float | None) -> float | None:
    """Return a plain rounded number; None for what is unknown, infinite or NaN."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS) + 0.0
