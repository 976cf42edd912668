"""What a live check says from moment to moment, as lines of JSON, as scripts rely on it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from app.cli.json_output import SCHEMA
from vision.result import INTERVAL_LEVEL
from vision.series import RefusedSeries

if TYPE_CHECKING:
    from vision.camera.errors import CameraProblem
    from vision.live.events import FinishedCheck, Moment, StillCapture
    from vision.result import TiltEstimate
    from vision.series import Series

#: As in the JSON of ``beltline measure``.
_DECIMALS = 2


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
        "tilt": _tilt(moment.tilt) if moment.tilt and is_new else None,
        "taken": moment.taken,
        "wanted": moment.wanted,
        "progress": _rounded(moment.progress),
    }
    if problem is not None:
        document["problem"] = _problem(problem)
    if is_new and moment.capture is not None:
        document["capture"] = _capture(moment.capture)
    if is_new and moment.finished is not None:
        document["check"] = _check(moment.finished)
    if is_new and moment.is_cancelled:
        document["cancelled"] = True
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _capture(capture: StillCapture) -> dict[str, object]:
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
        "repeats": [_capture(capture) for capture in check.captures],
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


def _tilt(tilt: TiltEstimate) -> dict[str, object]:
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
