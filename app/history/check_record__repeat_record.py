"""The repeats of one check as plain values, as the database and the exports keep them.

In exports they are JSON: ``[[taken at, angle deg, low deg, high deg, pictures, spread deg],
...]``, the time ISO 8601 with its offset; an empty list for a single picture.
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from statistics import stdev
from typing import TYPE_CHECKING, Any

from app.history import values__moments as moments
from app.history.records import Repeat
from app.history.values import json_text
from vision.result import TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from vision.result import Method

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
    if _finite(spread) < 0:
        raise ValueError("a spread below 0")
    taken_at = _with_offset(datetime.fromisoformat(at))
    if (taken_at.utcoffset() or timedelta()).microseconds:
        raise ValueError(f"a time with an odd offset from UTC: {at!r}")
    return Repeat(taken_at, TiltEstimate(method, *map(_finite, angles)), frames, _finite(spread))


def _with_offset(moment: datetime) -> datetime:
    moments.utc_us(moment)
    return moment


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)
