"""An outcome, or that of a series, as one line of JSON, as scripts rely on it (schema 1)."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from vision._version import __version__
from vision.result import INTERVAL_LEVEL, Measured, Rejected, Severity, Unreadable
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision.camera.errors import CameraProblem
    from vision.live.events import FinishedCheck, Moment, StillCapture
    from vision.result import (
        BeltEstimate,
        Capture,
        Outcome,
        Posture,
        Provenance,
        Reason,
        TiltEstimate,
    )


#: The number that changes when a key changes its name or meaning.
SCHEMA = 1
#: Finer than anything that can be measured, and short enough to read.
_DECIMALS = 2


def json_line(source: str, outcome: Outcome, check_id: int | None = None) -> bytes:
    r"""Return one JSON object, UTF-8, ended by a newline.

    Parameters
    ----------
    source
        The photograph's name as it was given. Bytes that are no UTF-8 (lone surrogates in
        a Python string) are written as JSON's own ``\udcxx`` escapes, so that the line
        stays valid UTF-8 and Python reads the same name back.
    outcome
        A measurement, a refusal, or a file that gave no picture.
    check_id
        Its number in the history, where it was kept.
    """
    return _line(_document(source, outcome) | {"check_id": check_id})


def series_line(series: Series | RefusedSeries) -> bytes:
    """Return one JSON object, UTF-8, ended by a newline, for the photographs together."""
    measured = series if isinstance(series, Series) else None
    together = {
        "status": "measured" if measured else "rejected",
        "tilt": _tilt(measured.tilt) if measured else None,
        "spread_deg": _finite(series.spread_deg),
        "count": series.count,
        "outliers": [outlier.source for outlier in series.outliers],
        "smallest_change_deg": _finite(measured.smallest_change_deg) if measured else None,
        "reasons": [_reason(reason) for reason in series.reasons],
    }
    return _line({"schema": SCHEMA, "series": together})


def _line(document: dict[str, object]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _document(source: str, outcome: Outcome) -> dict[str, object]:
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
        return document | {"reasons": [_unreadable_reason(outcome)]}
    document |= {
        "facing": outcome.facing.value if outcome.facing else None,
        "posture": _posture(outcome.posture),
        "capture": _capture(outcome.capture),
        "reasons": [_reason(reason) for reason in outcome.reasons],
        "landmarks": _landmarks(outcome.landmarks),
        "provenance": _provenance(outcome.provenance),
    }
    if isinstance(outcome, Rejected):
        return document | {"status": "rejected"}
    return document | _measured(outcome)


def _measured(result: Measured) -> dict[str, object]:
    return {
        "status": "measured",
        "tilt": _tilt(result.tilt),
        "contour": _estimate(result.contour) if result.contour else None,
        "marked": _estimate(result.marked) if result.marked else None,
        "stickers": _estimate(result.stickers) if result.stickers else None,
        "belt_line": _belt_line(result.belt_line) if result.belt_line else None,
    }


def _belt_line(belt: BeltEstimate) -> dict[str, object]:
    return _estimate(belt.tilt) | {
        "front_px": [_finite(value) for value in belt.front_px],
        "back_px": [_finite(value) for value in belt.back_px],
    }


def _tilt(tilt: TiltEstimate) -> dict[str, object]:
    return {"method": tilt.method.value} | _estimate(tilt) | {"level": INTERVAL_LEVEL}


def _estimate(tilt: TiltEstimate) -> dict[str, object]:
    return {
        "angle_deg": _finite(tilt.angle_deg),
        "interval_deg": [_finite(tilt.low_deg), _finite(tilt.high_deg)],
    }


def _posture(posture: Posture | None) -> dict[str, object] | None:
    if posture is None:
        return None
    return {
        "trunk_lean_deg": _finite(posture.trunk_lean_deg),
        "hip_sway_percent": _finite(posture.hip_sway_percent),
        "knee_angle_deg": _finite(posture.knee_angle_deg),
        "head_forward_deg": _finite(posture.head_forward_deg),
    }


def _capture(capture: Capture | None) -> dict[str, object] | None:
    if capture is None:
        return None
    return {
        "yaw_deg": _finite(capture.yaw_deg),
        "roll_deg": _finite(capture.roll_deg),
        "vertical": capture.vertical.value,
        "trunk_px": _finite(capture.trunk_px),
        "people": int(capture.people),
        "roll_sd_deg": _finite(capture.roll_sd_deg),
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "code": reason.code.value,
        "severity": reason.severity.value,
        "message": reason.message,
        "fix": reason.fix,
    }


def _unreadable_reason(outcome: Unreadable) -> dict[str, object]:
    return {
        "code": outcome.code,
        "severity": Severity.REFUSE.value,
        "message": outcome.message,
        "fix": outcome.fix,
    }


def _landmarks(
    landmarks: Mapping[str, tuple[float, float, float]],
) -> dict[str, object]:
    return {name: [_finite(value) for value in point] for name, point in landmarks.items()}


def _provenance(provenance: Provenance | None) -> dict[str, object]:
    if provenance is None:
        return {
            "version": __version__,
            "pose_model_sha256": None,
            "contour_model_sha256": None,
        }
    return {
        "version": provenance.version,
        "pose_model_sha256": provenance.pose_model_sha256,
        "contour_model_sha256": provenance.contour_model_sha256,
    }


def _finite(value: float | None) -> float | None:
    """Return a plain rounded number; None for what is unknown, infinite or NaN."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS) + 0.0


def moment_line(
    t_ms: int, moment: Moment, problem: CameraProblem | None = None, *, is_new: bool = True
) -> bytes:
    """Return one JSON object, UTF-8, ended by a newline.

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
        "tilt": _lines_tilt(moment.tilt) if moment.tilt and is_new else None,
        "taken": moment.taken,
        "wanted": moment.wanted,
        "progress": _rounded(moment.progress),
    }
    if problem is not None:
        document["problem"] = _problem(problem)
    if is_new and moment.capture is not None:
        document["capture"] = _lines_capture(moment.capture)
    if is_new and moment.finished is not None:
        document["check"] = _check(moment.finished)
    if is_new and moment.is_cancelled:
        document["cancelled"] = True
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _lines_capture(capture: StillCapture) -> dict[str, object]:
    tilt = capture.result.tilt
    return {
        "frames": capture.frames,
        "median_deg": _rounded(capture.median_deg),
        "interval_deg": [_rounded(tilt.low_deg), _rounded(tilt.high_deg)],
        "spread_deg": _rounded(capture.spread_deg),
        "method": tilt.method.value,
    }


def _check(check: FinishedCheck) -> dict[str, object]:
    """Return a whole check; its numbers are null when its repeats have none in common."""
    series = check.series
    if isinstance(series, RefusedSeries):
        status, tilt, spread_deg = "rejected", None, series.spread_deg
    elif series is None:
        status, tilt, spread_deg = "measured", check.best.result.tilt, check.best.spread_deg
    else:
        status, tilt, spread_deg = "measured", series.tilt, series.spread_deg
    return {
        "status": status,
        "median_deg": _rounded(tilt.angle_deg) if tilt else None,
        "interval_deg": [_rounded(tilt.low_deg), _rounded(tilt.high_deg)] if tilt else None,
        "spread_deg": _rounded(spread_deg),
        "method": tilt.method.value if tilt else None,
        "repeats": [_lines_capture(capture) for capture in check.captures],
        "reasons": _reasons(series),
    }


def _reasons(series: Series | RefusedSeries | None) -> list[dict[str, object]]:
    if series is None:
        return []
    return [
        {
            "code": reason.code.value,
            "severity": reason.severity.value,
            "message": reason.message,
            "fix": reason.fix,
        }
        for reason in series.reasons
    ]


def _problem(problem: CameraProblem) -> dict[str, object]:
    error = problem.error()
    return {"code": problem.name.lower(), "message": error.message, "fix": error.fix}


def _lines_tilt(tilt: TiltEstimate) -> dict[str, object]:
    return {
        "method": tilt.method.value,
        "angle_deg": _rounded(tilt.angle_deg),
        "interval_deg": [_rounded(tilt.low_deg), _rounded(tilt.high_deg)],
        "level": INTERVAL_LEVEL,
    }


def _rounded(value: float | None) -> float | None:
    """Return a plain rounded number; None for what is unknown, infinite or NaN."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS) + 0.0
