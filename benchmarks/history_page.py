"""How soon the History page shows many checks, and how fast its trend follows the hand.

From a clone::

    python -m benchmarks.history_page [--checks 100000] [--cold]

A database is filled first, in a temporary folder. "First time" is a program whose window
stands, whose database is open, and which has loaded the page's modules beside it; with
``--cold`` loading them, pyqtgraph above all, is part of it. Table and
trend count as shown when they have been painted; "held up" is the longest time for which the
window did not answer meanwhile. A redraw paints all of the
trend after it was moved or zoomed. No screen is needed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.table import print_table, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.history.page import HistoryPage
    from app.gui.history.table import CheckModel
    from app.history.check_record import CheckRecord
    from app.history.store import History

ROOT = Path(__file__).parents[1]
OPEN_TARGET_MS = 300.0
#: For how long nothing a person does may go unanswered.
HELD_UP_TARGET_MS = 50.0
REDRAW_TARGET_MS = 100.0
_SAMPLE = "woman_slim_left_tilt11.jpg"
_CHUNK = 2000
_REDRAWS = 30
_PATIENCE_S = 60.0
#: What the page reads when it opens.
BUSY_KEYS = tuple(
    f"history {part}" for part in ("table", "trend", "offers", "squeezes", "progress")
)


@dataclass(frozen=True, slots=True)
class Opening:
    """How long until table and trend were shown, and the longest hold-up meanwhile, ms."""

    table_ms: float
    trend_ms: float
    held_up_ms: float


def fill(folder: Path, count: int) -> None:
    """Make a history with so many checks, one every hour."""
    from app.history.db.checks import insert_checks
    from app.history.db.open import open_database
    from app.history.place import Place
    from app.history.store import History

    with History.open(Place(folder)) as history:
        profile_id = history.default_profile().id
    record, angles = _record(profile_id), np.random.default_rng(1).normal(12, 4, count)
    first = datetime(2014, 1, 1, tzinfo=UTC)
    database = open_database(Place(folder))
    for start in range(0, count, _CHUNK):
        chunk = [
            _one(record, first + timedelta(hours=number), float(angles[number]), number)
            for number in range(start, min(start + _CHUNK, count))
        ]
        with database.writing() as connection:
            insert_checks(connection, [(profile_id, one) for one in chunk])
    database.close()


def _record(profile_id: int) -> CheckRecord:
    from app.history.check_record import record_of
    from app.history.records import NewCheck
    from vision.pipeline import measure_photo
    from vision.result import Measured

    result = measure_photo(ROOT / "sample_images" / _SAMPLE)
    assert isinstance(result, Measured)
    return record_of(NewCheck(profile_id, datetime.now(UTC), result, (900, 1200)))


def _one(record: CheckRecord, at: datetime, angle_deg: float, number: int) -> CheckRecord:
    return replace(
        record,
        uuid=str(uuid.uuid4()),
        taken_at=at,
        angle_deg=angle_deg,
        low_deg=angle_deg - 4,
        high_deg=angle_deg + 4,
        garment=("grey shorts", "leggings", "")[number % 3],
        note="after a long day" if number % 5 == 0 else "",
    )


def wait(app: QApplication, is_done: Callable[[], bool]) -> float:
    """Let the window live until it is done; return its longest hold-up, ms."""
    start, longest_s = time.perf_counter(), 0.0
    while not is_done():
        beat = time.perf_counter()
        app.processEvents()
        longest_s = max(longest_s, time.perf_counter() - beat)
        if beat - start > _PATIENCE_S:
            raise TimeoutError("The page did not open")
        time.sleep(0.0005)
    return longest_s * 1000


def open_page(app: QApplication, history: History, count: int) -> tuple[HistoryPage, Opening]:
    """Open a new page in the size of a small window; painting it is part of it."""
    start = time.perf_counter()
    from app.gui.background.jobs import Jobs
    from app.gui.history.page import HistoryPage

    def since_ms() -> float:
        return (time.perf_counter() - start) * 1000

    jobs = Jobs(app)
    page = HistoryPage(jobs, lambda: history)
    page.resize(920, 640)
    page.show()
    page.refresh()
    held_up = [since_ms(), wait(app, lambda: page.browser.model.rowCount() == count)]
    page.browser.grab()
    table_ms = since_ms()
    held_up.append(wait(app, lambda: page.trend.plot.trend is not None))
    page.trend.grab()
    opening = Opening(table_ms, since_ms(), max(held_up))
    wait(app, lambda: not any(map(jobs.is_busy, BUSY_KEYS)))
    return page, opening


def redraw_ms(page: HistoryPage, change: Callable[[], None]) -> list[float]:
    """Return how long the trend takes to be painted after each of many changes."""
    times = []
    for _ in range(_REDRAWS):
        start = time.perf_counter()
        change()
        page.trend.plot.grab()
        times.append((time.perf_counter() - start) * 1000)
    return times


def rows_ms(app: QApplication, page: HistoryPage, count: int) -> list[float]:
    """Return how long rows anywhere in the table take to be there."""
    model, times = page.browser.model, []
    for row in np.random.default_rng(2).integers(0, count, _REDRAWS).tolist():
        start = time.perf_counter()
        model.data(model.index(row, 0))
        wait(app, partial(_is_there, model, row))
        times.append((time.perf_counter() - start) * 1000)
    return times


def _is_there(model: CheckModel, row: int) -> bool:
    return model.record(row) is not None


def row_of(name: str, times: list[float], target_ms: float) -> list[str]:
    """Return a row of the table."""
    middle = statistics.median(times)
    return [
        name,
        f"{middle:.1f}",
        f"{max(times):.1f}",
        f"{target_ms:.0f}",
        verdict(middle, target_ms),
    ]


def report(app: QApplication, history: History, count: int) -> None:
    """Measure and print."""
    page, first = open_page(app, history, count)
    again = [open_page(app, history, count)[1] for _ in range(5)]
    print_table(
        f"The History page with {count:,} checks: milliseconds",
        ["opening", "median", "longest", "target", ""],
        [
            row_of("table, first time", [first.table_ms], OPEN_TARGET_MS),
            row_of("trend, first time", [first.trend_ms], OPEN_TARGET_MS),
            row_of("table, again", [one.table_ms for one in again], OPEN_TARGET_MS),
            row_of("trend, again", [one.trend_ms for one in again], OPEN_TARGET_MS),
            row_of("held up, first time", [first.held_up_ms], HELD_UP_TARGET_MS),
            row_of("held up, again", [one.held_up_ms for one in again], HELD_UP_TARGET_MS),
        ],
    )
    plot = page.trend.plot
    print_table(
        "Once it is open: milliseconds",
        ["what", "median", "longest", "target", ""],
        [
            row_of("redraw, all checks", redraw_ms(page, plot.show_all), REDRAW_TARGET_MS),
            row_of("redraw, zooming in", redraw_ms(page, lambda: plot.zoom(0.7)), REDRAW_TARGET_MS),
            row_of("rows anywhere in the table", rows_ms(app, page, count), REDRAW_TARGET_MS),
        ],
    )


def main() -> None:
    """Fill a database, measure, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--checks", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="keep the database here, and use it again")
    parser.add_argument("--cold", action="store_true", help="load nothing beforehand")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        if not (folder / "history.sqlite3").exists():
            fill(folder, arguments.checks)
        from PyQt6.QtWidgets import QApplication, QLabel

        from app.gui.style.theme import Scheme, apply_scheme
        from app.history.place import Place
        from app.history.store import History

        app = QApplication([])
        apply_scheme(app, Scheme.LIGHT)
        window = QLabel("Beltline")
        window.show()
        app.processEvents()
        if not arguments.cold:
            import_module("app.gui.history.page")
            import_module("app.gui.history.trend_items")
        with History.open(Place(folder)) as history:
            report(app, history, arguments.checks)


if __name__ == "__main__":
    main()
