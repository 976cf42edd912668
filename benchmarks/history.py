"""How fast the history is with very many checks.

From a clone::

    python -m benchmarks.history [--checks 100000] [--folder FOLDER]

All checks are one person's, and all but one in ten by one method, which is the hardest case
for the list and the trend. What was just opened is read once without its time being taken,
so that Python's own loading does not count; each figure is a median over the rounds. Targets
are by the clock; where other programs keep the machine busy, the time of the own CPU shows
what is left of it without them.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.history.check_record import CheckRecord, record_of
from app.history.exchange.model import Portable, PortableHistory, PortableProfile
from app.history.place import Place
from app.history.records import Arms, Conditions, NewCheck, RowOrder, RowQuery
from app.history.store import History
from benchmarks.table import print_table, verdict
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.result import Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vision.image.frame import Frame

ROOT = Path(__file__).parents[1]
OPEN_TARGET_MS, TREND_TARGET_MS, SAVE_TARGET_MS = 300.0, 100.0, 20.0
ROWS = 200
ROUNDS = 15
_BLOCK = 5000
_GARMENTS = ("black leggings", "jeans", "shorts", "")


def measured_sample() -> tuple[Frame, Measured]:
    """Return a sample picture and what was measured in it."""
    for path in sorted((ROOT / "sample_images").glob("*.jpg")):
        frame = load_frame(path)
        result = measure_photo(frame)
        if isinstance(result, Measured):
            return frame, result
    raise SystemExit("There are no sample images that can be measured.")


def fill(history: History, frame: Frame, result: Measured, count: int) -> None:
    """Add so many checks, a quarter of an hour apart, in no order."""
    random = np.random.default_rng(7)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    owner = PortableProfile("Me", start)
    size_px = frame.width_px, frame.height_px
    template = record_of(NewCheck(1, start, result, size_px, Conditions("jeans", Arms.HANGING)))
    order = random.permutation(count)

    def checks(numbers: np.ndarray) -> Iterator[Portable[CheckRecord]]:
        for number in numbers.tolist():
            angle_deg = 12 + 4 * math.sin(number / 900) + float(random.normal(0, 2))
            record = replace(
                template,
                uuid=f"{number:032x}",
                taken_at=start + timedelta(minutes=15 * number),
                method=Method.MARKED if number % 10 == 0 else Method.CONTOUR,
                angle_deg=angle_deg,
                low_deg=angle_deg - 4,
                high_deg=angle_deg + 4,
                garment=_GARMENTS[number % len(_GARMENTS)],
                note=f"note number {number}" if number % 3 == 0 else "",
            )
            yield Portable(owner, record)

    for first in range(0, count, _BLOCK):
        block = tuple(checks(order[first : first + _BLOCK]))
        history.add_portable(PortableHistory((owner,), block))


@dataclass(frozen=True, slots=True)
class Took:
    """Medians over the rounds: by the clock, and of this process's own work."""

    wall_ms: float
    cpu_ms: float


def took(part: Callable[[], object], rounds: int = ROUNDS) -> Took:
    """Return how long a call takes."""
    wall_ms, cpu_ms = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        part()
        wall_ms.append(1000 * (time.perf_counter() - wall))
        cpu_ms.append(1000 * (time.process_time() - cpu))
    return Took(statistics.median(wall_ms), statistics.median(cpu_ms))


def row(name: str, found: Took, target_ms: float | None = None) -> list[str]:
    """Return one line of the table."""
    cells = [name, f"{found.wall_ms:.1f}", f"{found.cpu_ms:.1f}"]
    if target_ms is None:
        return [*cells, "", "", ""]
    ratio = f"{found.wall_ms / target_ms:.2f}"
    return [*cells, f"{target_ms:.0f}", ratio, verdict(found.wall_ms, target_ms)]


def open_page(place: Place) -> None:
    """Do what the history page does when it opens: count, first rows, trend, choices."""
    with History.open(place) as history:
        me = history.default_profile().id
        query = RowQuery(me)
        history.count(query)
        history.rows(query, 0, ROWS)
        history.methods(me)
        history.garments(me)
        history.trend(me, Method.CONTOUR)


def reading_rows(history: History, profile_id: int, count: int) -> list[list[str]]:
    """Time what only reads."""
    newest = RowQuery(profile_id)

    def first_look() -> None:
        history._trends._known.clear()
        history.count(newest)
        history.rows(newest, 0, ROWS)
        history.trend(profile_id, Method.CONTOUR)

    def trend_anew() -> None:
        history._trends._known.clear()
        history.trend(profile_id, Method.CONTOUR)

    def sorted_rows(query: RowQuery) -> Took:
        return took(lambda: history.rows(query, 0, ROWS), 5)

    first_look()
    found = [
        row(f"count, first {ROWS} rows and trend", took(first_look), OPEN_TARGET_MS),
        row("trend, read anew", took(trend_anew), TREND_TARGET_MS),
        row(
            "trend, nothing changed since",
            took(lambda: history.trend(profile_id, Method.CONTOUR)),
            TREND_TARGET_MS,
        ),
        row("count", took(lambda: history.count(newest))),
        row(f"last {ROWS} rows", took(lambda: history.rows(newest, count - ROWS, ROWS))),
    ]
    for name, query in {
        "rows by angle": replace(newest, order=RowOrder.MOST_FORWARD),
        "rows by garment": replace(newest, order=RowOrder.GARMENT),
        "rows by note": replace(newest, order=RowOrder.NOTE),
        "rows that hold a text": replace(newest, text="number 99"),
    }.items():
        found.append(row(name, sorted_rows(query)))
    return found


def saving_rows(
    history: History, profile_id: int, frame: Frame, result: Measured
) -> list[list[str]]:
    """Time what writes."""
    size_px = frame.width_px, frame.height_px
    now = datetime.now(UTC)
    tilt = TiltEstimate(Method.CONTOUR, 12.0, 8.0, 16.0)
    numbers = NewCheck(profile_id, now, replace(result, tilt=tilt), size_px)
    pictured = replace(numbers, rgb=frame.rgb)
    return [
        row("save, numbers only", took(lambda: history.save(numbers), 100), SAVE_TARGET_MS),
        row("save, with picture", took(lambda: history.save(pictured), 25)),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--checks", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where to build it; removed afterwards")
    arguments = parser.parse_args()
    frame, result = measured_sample()
    folder = Path(tempfile.mkdtemp(prefix="beltline-history-", dir=arguments.folder))
    place = Place(folder)
    try:
        with History.open(place) as history:
            start = time.perf_counter()
            fill(history, frame, result, arguments.checks)
            built_s = time.perf_counter() - start
            me = history.default_profile().id
            rows = reading_rows(history, me, arguments.checks)
            rows += saving_rows(history, me, frame, result)
        rows.insert(
            0, row("open, and fill the page", took(lambda: open_page(place)), OPEN_TARGET_MS)
        )
        size_mb = place.database.stat().st_size / 2**20
    finally:
        shutil.rmtree(folder)
    print_table(
        f"{arguments.checks} checks ({size_mb:.0f} MB, added in {built_s:.0f} s): milliseconds",
        ["what", "by the clock", "own CPU", "target", "of target", ""],
        rows,
    )


if __name__ == "__main__":
    main()
