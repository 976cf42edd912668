"""Range tests as a table for spreadsheets; exports into JSON are what can be read back."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from app.history.exchange.csv_format import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from app.history.ranges import RangeTaken

COLUMNS = (
    *("profile", "taken_at", "source", "method", "tucked_deg", "relaxed_deg", "arched_deg"),
    *("range_deg", "range_low_deg", "range_high_deg"),
    *("place_percent", "place_low_percent", "place_high_percent", "rounds", "note"),
)


def write_ranges(stream: TextIO, tests: Sequence[tuple[str, RangeTaken]]) -> int:
    """Write tests, each with its owner's name, to a stream opened with ``newline=""``.

    Returns
    -------
    int
        How many there are.
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for name, test in tests:
        result = test.result
        angles = (one.angle_deg for one in (result.tucked, result.relaxed, result.arched))
        likely = (
            end
            for one in (result.range_deg, result.place_percent)
            for end in (one.value, one.low, one.high)
        )
        writer.writerow(
            [
                guarded(name),
                test.taken_at.isoformat(),
                test.kept.source.value,
                result.method.value,
                *(round(number, 2) for number in (*angles, *likely)),
                result.rounds,
                guarded(test.kept.note),
            ]
        )
    return len(tests)
