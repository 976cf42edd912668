"""What scripts rely on: measurements, live checks and the history as lines of JSON (schema 1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.cli.lines import as_line
from vision._version import __version__
from vision.live.events import Moment, RefusedSqueeze, SqueezeResult
from vision.marks.calibration import CalibrationPair
from vision.range_of_motion import RangeResult
from vision.result import INTERVAL_LEVEL, Z_90, Measured, Severity, Unreadable
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from app.history.change.trend_line import TrendLine
    from app.history.clients import Client
    from app.history.comparison import Change, Unlike
    from app.history.ranges import RangeChange, RangeTaken
    from app.history.records import Check, CheckRow, Deletion
    from vision.camera.capture import CameraProblem
    from vision.live.events import (
        AnyMoment,
        FinishedCheck,
        PhasedResult,
        StillCapture,
    )
    from vision.marks.calibration import Calibration
    from vision.range_of_motion import Likely, RefusedRange
    from vision.result import (
        BeltEstimate,
        Capture,
        Doubt,
        Lens,
        PhotoResult,
        Posture,
        Provenance,
        Reason,
        Shortfall,
        TiltEstimate,
    )

#: The number that changes when a key changes its name or meaning.
SCHEMA = 1
#: Finer than anything that can be measured, and short enough to read.
_DECIMALS = 2


def json_line(
    source: str,
    outcome: PhotoResult,
    check_id: int | None = None,
    shortfalls: Sequence[Shortfall] = (),
) -> bytes:
    """Return what ``measure --json`` prints of one photograph.

    Parameters
    ----------
    source
        The photograph's name as it was given.
    outcome
        A measurement, a refusal, or a file that gave no picture.
    check_id
        Its number in the history, where it was kept.
    shortfalls
        What was asked for beside the answer and could not be done: reasons of its own.
    """
    document = _measurement(source, outcome)
    reasons = _reasons_of(outcome)
    reasons += [
        {"code": one.code, "severity": "warn", "message": one.message, "fix": one.fix}
        for one in shortfalls
    ]
    return as_line(document | {"reasons": reasons, "check_id": check_id})


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


def range_line(result: RangeResult | RefusedRange, entry_id: int | None = None) -> bytes:
    """Return what ``range --json`` prints of the photographs together.

    Parameters
    ----------
    entry_id
        Its number in the history, where it was kept.
    """
    return as_line({"schema": SCHEMA} | whole_test(result) | {"range_id": entry_id})


def whole_test(result: PhasedResult) -> dict[str, object]:
    """Return what a test gave: ``squeeze``, or ``range`` with what it rests on, or why not."""
    if isinstance(result, SqueezeResult):
        return {"squeeze": _squeeze(result), "reasons": []}
    if isinstance(result, RangeResult):
        return {"range": range_object(result), "reasons": []}
    name = "squeeze" if isinstance(result, RefusedSqueeze) else "range"
    return {name: None, "reasons": [_reason(reason) for reason in result.reasons]}


def range_object(result: RangeResult) -> dict[str, object]:
    """Return a range test's numbers, each with its interval at 90 %."""
    document: dict[str, object] = {"method": result.method.value}
    for name, tilt in (
        ("tucked", result.tucked),
        ("relaxed", result.relaxed),
        ("arched", result.arched),
    ):
        document[f"{name}_deg"] = _rounded(tilt.angle_deg)
        document[f"{name}_interval_deg"] = _interval(tilt)
    return document | {
        "range_deg": _rounded(result.range_deg.value),
        "range_interval_deg": _ends(result.range_deg),
        "place_percent": _rounded(result.place_percent.value),
        "place_interval_percent": _ends(result.place_percent),
        "level": INTERVAL_LEVEL,
        "rounds": result.rounds,
    }


def moment_line(
    t_ms: int, moment: AnyMoment, problem: CameraProblem | None = None, *, is_new: bool = True
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
        "progress": _rounded(moment.progress),
    }
    document |= _how_far(moment)
    if problem is not None:
        error = problem.error()
        document["problem"] = {
            "code": problem.name.lower(),
            "message": error.message,
            "fix": error.fix,
        }
    if is_new:
        document |= _what_came(moment)
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
        "calibrated_at": _moment(row.calibrated_at),
        "garment": conditions.garment,
        "arms": conditions.arms.value if conditions.arms else None,
        "note": conditions.note,
        "has_picture": row.has_picture,
        "repeat_count": row.repeat_count,
        "repeat_spread_deg": _rounded(row.repeat_spread_deg),
    }


def client_object(client: Client, today: date) -> dict[str, object]:
    """Return what ``history profiles --json`` prints of a person."""
    profile, seen = client.profile, client.last_seen_at
    planned = profile.next_check_on
    return {
        "profile": profile.name,
        "client_id": profile.client_id,
        "birth_year": profile.birth_year,
        "last_seen_at": None if seen is None else seen.isoformat(),
        "next_check_on": None if planned is None else planned.isoformat(),
        "is_due": client.is_due(today),
    }


def deletion_object(deletion: Deletion) -> dict[str, object]:
    """Return what ``history bin --json`` prints of a deletion."""
    return {
        "name": deletion.name,
        "deleted_at": deletion.at.isoformat(),
        "people": list(deletion.people),
        "owners": list(deletion.owners),
        "checks": deletion.checks,
        "squeezes": deletion.tests,
        "entries": deletion.entries,
    }


def range_row_object(test: RangeTaken, profile_name: str) -> dict[str, object]:
    """Return what ``history list --json`` prints of a range test: no check, so ``id`` is null."""
    return {
        "id": None,
        "range_id": test.id,
        "taken_at": test.taken_at.isoformat(),
        "profile": profile_name,
        "tilt": None,
        "range": range_object(test.result),
        "source": test.kept.source.value,
        "note": test.kept.note,
    }


def range_trend_object(
    test: RangeTaken, profile_name: str, change: RangeChange | None
) -> dict[str, object]:
    """Return what ``history trend --json`` prints of a range test; changes are since the first."""
    found = None
    if change is not None:
        found = {
            "range_deg": _rounded(change.range_deg),
            "smallest_range_deg": _rounded(change.least_range_deg),
            "place_percent": _rounded(change.place_percent),
            "smallest_place_percent": _rounded(change.least_place_percent),
        }
    return range_row_object(test, profile_name) | {"change_since_first": found}


def trend_object(
    row: CheckRow, profile_name: str, change: Change | None, line: TrendLine | None
) -> dict[str, object]:
    """Return what ``history trend --json`` prints of a check; its change is since the first.

    With the last check comes what all of them say together, if they are enough.
    """
    found = row_object(row, profile_name) | {"change_since_first": _change(change)}
    if line is None:
        return found
    ends_deg = [_rounded(line.low_deg), _rounded(line.high_deg)]
    return found | {
        "all_together": {
            "change_deg": _rounded(line.change_deg),
            "interval_deg": ends_deg,
            "level": 0.95,
            "is_real": line.is_real,
            "checks": line.checks,
        }
    }


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


def calibration_picture(
    source: str, outcome: PhotoResult, told: CalibrationPair | Reason | Unreadable
) -> dict[str, object]:
    """Return what ``calibrate --json`` prints of a photograph: its measurement, and more.

    Parameters
    ----------
    told
        What it tells about the offset, or why it tells nothing.
    """
    found = _measurement(source, outcome) | {"difference_deg": None}
    if isinstance(told, CalibrationPair):
        found["difference_deg"] = _rounded(told.difference_deg)
    elif not isinstance(told, Unreadable):
        # What is good enough to be measured may still be no picture to calibrate by.
        found |= {"status": "rejected", "reasons": [_reason(told)]}
    return found


def calibration_object(
    profile_name: str, calibration: Calibration | None, reasons: Iterable[Reason] = ()
) -> dict[str, object]:
    """Return what ``calibrate --json`` prints at the end: the calibration that holds, if any.

    Parameters
    ----------
    reasons
        Why the photographs gave none.
    """
    found: dict[str, object] | None = None
    if calibration is not None:
        half_deg = Z_90 * calibration.sd_deg
        found = {
            "taken_at": calibration.taken_at.isoformat(),
            "offset_deg": _rounded(calibration.offset_deg),
            "interval_deg": _all_rounded(
                (calibration.offset_deg - half_deg, calibration.offset_deg + half_deg)
            ),
            "sd_deg": _rounded(calibration.sd_deg),
            "pictures": calibration.count,
            "contour_model_sha256": calibration.contour_model_sha256,
        }
    why = [_reason(reason) for reason in reasons]
    return {"schema": SCHEMA, "profile": profile_name, "calibration": found, "reasons": why}


def _measurement(source: str, outcome: PhotoResult) -> dict[str, object]:
    document: dict[str, object] = {
        "schema": SCHEMA,
        "source": source,
        "status": "error",
        "facing": None,
        "tilt": None,
        "calibrated_at": None,
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
    document["reasons"] = _reasons_of(outcome)
    if isinstance(outcome, Unreadable):
        return document
    document |= {
        "status": "rejected",
        "facing": outcome.facing.value if outcome.facing else None,
        "posture": _posture(outcome.posture) if outcome.posture else None,
        "capture": _capture(outcome.capture) if outcome.capture else None,
        "landmarks": {name: _all_rounded(point) for name, point in outcome.landmarks.items()},
        "provenance": _provenance(outcome.provenance),
    }
    if isinstance(outcome, Measured):
        document |= {
            "status": "measured",
            "tilt": _tilt(outcome.tilt),
            "calibrated_at": _moment(outcome.calibrated_at),
            "contour": _estimate(outcome.contour) if outcome.contour else None,
            "marked": _estimate(outcome.marked) if outcome.marked else None,
            "stickers": _estimate(outcome.stickers) if outcome.stickers else None,
            "belt_line": _belt_line(outcome.belt_line) if outcome.belt_line else None,
        }
    return document


def _reasons_of(outcome: PhotoResult) -> list[dict[str, object]]:
    if not isinstance(outcome, Unreadable):
        return [_reason(reason) for reason in outcome.reasons]
    refuse = Severity.REFUSE.value
    code, message, fix = outcome.code, outcome.message, outcome.fix
    return [{"code": code, "severity": refuse, "message": message, "fix": fix}]


def _belt_line(belt: BeltEstimate) -> dict[str, object]:
    return _estimate(belt.tilt) | {
        "front_px": _all_rounded(belt.front_px),
        "back_px": _all_rounded(belt.back_px),
    }


def _tilt(tilt: TiltEstimate) -> dict[str, object]:
    return {
        "method": tilt.method.value,
        "angle_deg": _rounded(tilt.angle_deg),
        "interval_deg": _interval(tilt),
        "level": INTERVAL_LEVEL,
        "sd_deg": _doubt(tilt.doubt),
    }


def _estimate(tilt: TiltEstimate) -> dict[str, object]:
    return {
        "angle_deg": _rounded(tilt.angle_deg),
        "interval_deg": _interval(tilt),
        "sd_deg": _doubt(tilt.doubt),
    }


def _doubt(doubt: Doubt) -> dict[str, object]:
    return {
        "reading": _rounded(doubt.reading_deg),
        "roll": _rounded(doubt.roll_deg),
        "bones": _rounded(doubt.bones_deg),
    }


def _ends(likely: Likely) -> list[float | None]:
    return _all_rounded((likely.low, likely.high))


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
        "lens": _lens(capture.lens) if capture.lens else None,
    }


def _lens(lens: Lens) -> dict[str, object]:
    return {
        "down_deg": _rounded(lens.down_deg),
        "down_sd_deg": _rounded(lens.down_sd_deg),
        "pitch_deg": _rounded(lens.pitch_deg),
        "focal_px": _rounded(lens.focal_px),
        "focal": lens.focal.value,
        "above_hips_cm": _rounded(lens.above_hips_cm),
        "away_cm": _rounded(lens.away_cm),
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


def _how_far(moment: AnyMoment) -> dict[str, object]:
    """Return how many repeats there are, or which phase of which round it is."""
    if isinstance(moment, Moment):
        return {"taken": moment.taken, "wanted": moment.wanted}
    return {
        "phase": moment.phase.value if moment.phase else None,
        "round": moment.round_number,
        "seconds_left": _rounded(moment.seconds_left),
    }


def _what_came(moment: AnyMoment) -> dict[str, object]:
    """Return a capture that has just ended, or all of it."""
    if not isinstance(moment, Moment):
        return {} if moment.finished is None else whole_test(moment.finished)
    document: dict[str, object] = {}
    if moment.capture is not None:
        document["capture"] = _still_capture(moment.capture)
    if moment.finished is not None:
        document["check"] = _finished_check(moment.finished)
    return document


def _squeeze(result: SqueezeResult) -> dict[str, object]:
    return {
        "backward_deg": _rounded(result.backward_deg),
        "interval_deg": _all_rounded((result.low_deg, result.high_deg)),
        "level": INTERVAL_LEVEL,
        "is_more_than_noise": result.is_more_than_noise,
        "rounds": [
            {
                "before_deg": _rounded(one.before_deg),
                "squeezed_deg": _rounded(one.squeezed_deg),
                "after_deg": _rounded(one.after_deg),
            }
            for one in result.rounds
        ],
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


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _all_rounded(values: Iterable[float | None]) -> list[float | None]:
    return [_rounded(value) for value in values]


def _rounded(value: float | None) -> float | None:
    """Return a plain rounded number; None for what is unknown, infinite or NaN."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS) + 0.0
