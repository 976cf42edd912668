"""Checks of the history as JSON, and as text for a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.cli.json_output import json_line
from app.history.comparison import Unlike, change_between, why_unlike
from app.history.files import exists
from app.text import history__history_command_words as said
from app.text import measurement
from app.text.history import (
    arms_name,
    as_sentence,
    describe_change,
    describe_repeats,
    methods_differ,
    repeats_briefly,
)
from app.text.measurement import describe, headline
from vision.result import INTERVAL_LEVEL, Method

if TYPE_CHECKING:
    from datetime import datetime

    from app.history.comparison import Change
    from app.history.records import Check, CheckRow, Repeat
    from vision.result import TiltEstimate

#: As in the JSON of ``beltline measure``.
_DECIMALS = 2


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
        "repeat_spread_deg": _rounded_or_none(row.repeat_spread_deg),
    }


def trend_object(row: CheckRow, profile_name: str, first: CheckRow) -> dict[str, object]:
    """Return what ``history trend --json`` prints of a check."""
    change = None if row.id == first.id else change_between(first, row)
    return row_object(row, profile_name) | {"change_since_first": _change(change)}


def check_object(check: Check) -> dict[str, object]:
    """Return what ``history show --json`` prints: the list's values and the measurement's."""
    measured: dict[str, object] = json.loads(json_line(check.result.source, check.result))
    measured.pop("check_id", None)  # of a fresh measurement; here it is "id"
    picture = check.picture
    return (
        measured
        | row_object(check.row, check.profile.name)
        | {
            "saved_at": check.saved_at.isoformat(),
            "size_px": list(check.size_px),
            "picture": str(picture.picture) if picture and exists(picture) else None,
            "repeats": [_repeat_object(repeat) for repeat in check.repeats],
        }
    )


def compare_object(first: Check, second: Check) -> dict[str, object]:
    """Return what ``history compare --json`` prints."""
    why = why_unlike(first.row, second.row)
    return {
        "first": row_object(first.row, first.profile.name),
        "second": row_object(second.row, second.profile.name),
        "change": _change(change_between(first.row, second.row)),
        "not_compared": why.value if why else None,
    }


def row_line(row: CheckRow, profile_name: str = "") -> str:
    """Return one line about a check for a list."""
    parts = [f"{row.id:>5}", when(row.taken_at)]
    if profile_name:
        parts.append(profile_name)
    parts.append(f"{headline(row.tilt)}, {measurement.METHOD_WORDS[row.tilt.method]}")
    parts.append(repeats_briefly(row.repeat_count))
    conditions = row.conditions
    worn = [conditions.garment, arms_name(conditions.arms), conditions.note]
    parts.append("; ".join(" ".join(text.split()) for text in worn if text.strip()))
    return "  ".join(part for part in parts if part)


def trend_title(profile_name: str, method: Method, count: int) -> str:
    """Return the line above the checks of one person by one method."""
    return said.TREND_TITLE.format(
        profile=profile_name,
        method=measurement.METHOD_WORDS[method],
        count=said.count_checks(count),
    )


def trend_end(first: CheckRow, latest: CheckRow) -> str:
    """Return the line below them: what changed from the first to the latest."""
    if first.id == latest.id:
        return said.SINGLE
    return said.FROM_FIRST_TO_LATEST.format(change=describe_difference(first, latest))


def describe_difference(first: CheckRow, second: CheckRow) -> str:
    """Say how the second check differs from the first, or why that is not said."""
    change = change_between(first, second)
    if change is not None:
        return describe_change(first.tilt.method, change)
    if why_unlike(first, second) is Unlike.METHODS:
        return methods_differ(first.tilt.method, second.tilt.method)
    if why_unlike(first, second) is Unlike.PROFILES:
        return said.PEOPLE_DIFFER
    return said.BELT_CLOTHES


def check_lines(check: Check) -> list[str]:
    """Return everything about one check."""
    conditions, picture = check.row.conditions, check.picture
    lines = [check_title(check)]
    lines += [" " * line.indent + line.text for line in describe("", check.result)[1:]]
    lines += ["  " + text for text in describe_repeats(check.repeats, check.row.repeat_spread_deg)]
    lines.append("")
    if conditions.garment:
        lines.append("  " + said.GARMENT.format(garment=conditions.garment))
    if conditions.arms:
        lines.append("  " + said.ARMS.format(arms=arms_name(conditions.arms)))
    if conditions.note:
        lines.append("  " + said.NOTE.format(note=conditions.note))
    if picture is None:
        lines.append("  " + said.NUMBERS_ONLY)
    else:
        template = said.PICTURE if exists(picture) else said.PICTURE_GONE
        lines.append("  " + template.format(path=picture.picture))
    return [line.rstrip() for line in lines]


def compare_lines(first: Check, second: Check) -> list[str]:
    """Return both checks, and the difference."""
    lines = []
    for check in (first, second):
        lines += [check_title(check), "  " + headline(check.row.tilt)]
        lines.append(f"  Measured {measurement.METHOD_WORDS[check.row.tilt.method]}.")
        lines += [
            f"  {said}" for said in describe_repeats(check.repeats, check.row.repeat_spread_deg)
        ]
    return [*lines, as_sentence(describe_difference(first.row, second.row))]


def check_title(check: Check) -> str:
    """Return which check it is, whose, and when it was taken."""
    return said.CHECK_TITLE.format(
        id=check.row.id, profile=check.profile.name, when=when(check.row.taken_at)
    )


def when(moment: datetime) -> str:
    """Return a time as it was where the picture was taken."""
    return moment.strftime("%Y-%m-%d %H:%M")


def _tilt(tilt: TiltEstimate) -> dict[str, object]:
    return {
        "method": tilt.method.value,
        "angle_deg": _rounded(tilt.angle_deg),
        "interval_deg": [_rounded(tilt.low_deg), _rounded(tilt.high_deg)],
        "level": INTERVAL_LEVEL,
    }


def _repeat_object(repeat: Repeat) -> dict[str, object]:
    return {
        "taken_at": repeat.taken_at.isoformat(),
        "tilt": _tilt(repeat.tilt),
        "frames": repeat.frames,
        "spread_deg": _rounded(repeat.spread_deg),
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


def _rounded(value: float) -> float:
    return round(value, _DECIMALS) + 0.0


def _rounded_or_none(value: float | None) -> float | None:
    return None if value is None else _rounded(value)
