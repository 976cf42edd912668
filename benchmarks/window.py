"""The window and the reminder's process: how soon they are there, and what they cost.

``python -m benchmarks window start|heartbeat|history-page|tray-idle|screenshots``

No screen is needed but for the screenshots; without one Qt's offscreen platform stands in.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from benchmarks import heartbeat, screenshots
from benchmarks.shared import (
    fill,
    judged,
    measured_sample,
    print_table,
    use_some_screen,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.history.page import HistoryPage
    from app.gui.history.table import CheckModel
    from app.history.store import History

app = typer.Typer(no_args_is_help=True)
app.command("heartbeat")(heartbeat.heartbeat)
app.command("screenshots")(screenshots.screenshots)

START_TARGET_S = 1.0
_PROGRAM = """
import sys, time
from app.gui.app import open_window
from app.system.qt import check_screen, create_app, keep_own_qt
keep_own_qt()
check_screen()
app = create_app()
window = open_window(app)
while not window.windowHandle().isExposed():
    app.processEvents()
window.repaint()
print(time.time(), "mediapipe" in sys.modules, flush=True)
window.close()
"""
OPEN_TARGET_MS = 300.0
#: For how long nothing a person does may go unanswered.
HELD_UP_TARGET_MS = 50.0
REDRAW_TARGET_MS = 100.0
_REDRAWS = 30
_PATIENCE_S = 60.0
#: What the History page reads when it opens.
BUSY_KEYS = tuple(
    f"history {part}" for part in ("table", "trend", "offers", "squeezes", "progress")
)
MEMORY_MB, CPU_PERCENT = 80.0, 0.1
_SETTLE_S = 5.0
#: Measuring, a picture library and a database are what the reminder must do without.
_HEAVY = ("mediapipe", "cv2", "numpy", "sqlalchemy")


@app.command("start")
def start(rounds: int = 9) -> None:
    """Time how soon the window is on the screen.

    Each round starts a program of its own, as a person does, and times it from outside, from
    the start of the process to the first painted window. The first round, which reads files
    from the disk, is told apart.
    """
    use_some_screen()
    with tempfile.TemporaryDirectory() as folder:
        first, *warm = [start_s(Path(folder)) for _ in range(rounds + 1)]
    seconds = [taken for taken, _ in warm]
    middle = statistics.median(seconds)
    is_loaded = "yes" if any(loaded for _, loaded in warm) else "no"
    print_table(
        f"From start to window, {rounds} warm starts: seconds",
        ("first", "slowest", "mediapipe loaded", "median", "target", "of target", ""),
        [[f"{first[0]:.2f}", f"{max(seconds):.2f}", is_loaded, *judged(middle, START_TARGET_S, 2)]],
    )


def start_s(folder: Path) -> tuple[float, bool]:
    """Return the seconds until the window is painted, and whether mediapipe was loaded."""
    environment = os.environ | {
        "BELTLINE_CONFIG_DIR": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    at, loaded = done.stdout.split()
    return float(at) - begun, loaded == "True"


@app.command("history-page")
def history_page(
    checks: int = 100_000,
    folder: Annotated[
        Path | None, typer.Option(help="keep the database here, and use it again")
    ] = None,
    cold: Annotated[bool, typer.Option("--cold", help="load nothing beforehand")] = False,
) -> None:
    """Time the History page with many checks, and how fast its trend follows the hand.

    A database is filled first, in a temporary folder. "First time" is a program whose window
    stands, whose database is open, and which has loaded the page's modules beside it; with
    ``--cold`` loading them, pyqtgraph above all, is part of it. Table and trend count as shown
    when they have been painted; "held up" is the longest time for which the window did not
    answer meanwhile. A redraw paints all of the trend after it was moved or zoomed.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.history.place import Place
    from app.history.store import History

    with tempfile.TemporaryDirectory() as scratch:
        place = Place(folder or Path(scratch))
        if not place.database.exists():
            frame, result = measured_sample()
            with History.open(place) as history:
                fill(history, frame, result, checks, marked_every=0)
        from PyQt6.QtWidgets import QApplication, QLabel

        from app.gui.style.theme import Scheme, apply_scheme

        application = QApplication([])
        apply_scheme(application, Scheme.LIGHT)
        window = QLabel("Beltline")
        window.show()
        application.processEvents()
        if not cold:
            import_module("app.gui.history.page")
            import_module("app.gui.history.trend_items")
        with History.open(place) as history:
            print_page(application, history, checks)


@dataclass(frozen=True, slots=True)
class Opening:
    """How long until table and trend were shown, and the longest hold-up meanwhile, ms."""

    table_ms: float
    trend_ms: float
    held_up_ms: float


def print_page(app: QApplication, history: History, count: int) -> None:
    """Measure and print."""
    page, first = open_page(app, history, count)
    again = [open_page(app, history, count)[1] for _ in range(5)]
    print_table(
        f"The History page with {count:,} checks: milliseconds",
        ["opening", "longest", "median", "target", "of target", ""],
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
        ["what", "longest", "median", "target", "of target", ""],
        [
            row_of("redraw, all checks", redraw_ms(page, plot.show_all), REDRAW_TARGET_MS),
            row_of("redraw, zooming in", redraw_ms(page, lambda: plot.zoom(0.7)), REDRAW_TARGET_MS),
            row_of("rows anywhere in the table", rows_ms(app, page, count), REDRAW_TARGET_MS),
        ],
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
    return [name, f"{max(times):.1f}", *judged(middle, target_ms)]


@app.command("tray-idle")
def tray_idle(seconds: float = 120.0) -> None:
    """Take memory and processor of the reminder's process while nothing happens.

    Starts it as the window does, with a folder of its own, lets it settle, and watches the
    process from outside: memory that is resident, and processor time per time that passes.
    Linux only, which tells both in ``/proc``.
    """
    use_some_screen()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "BELTLINE_CONFIG_DIR": folder,
            "XDG_DATA_HOME": folder,
            "XDG_STATE_HOME": folder,
        }
        Path(folder, "reminder.json").write_text('{"is_on": true}', encoding="utf-8")
        command = [sys.executable, "-m", "app.tray", "--quiet"]
        with subprocess.Popen(command, env=environment) as tray:
            time.sleep(_SETTLE_S)
            before = cost_of(tray.pid)
            time.sleep(seconds)
            after = cost_of(tray.pid)
            heavy = loaded(tray.pid)
            tray.terminate()
    percent = 100 * (after.cpu_s - before.cpu_s) / seconds
    memory_mb = max(before.resident_mb, after.resident_mb)
    print_table(
        f"The reminder at rest, {seconds:.0f} s",
        ("figure", "measured", "target", "of target", ""),
        [
            ["resident memory, MB", *judged(memory_mb, MEMORY_MB)],
            ["processor, % of one core", *judged(percent, CPU_PERCENT, 3)],
            ["heavy libraries", ", ".join(heavy) or "none", "none", "", verdict(len(heavy), 0)],
        ],
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process holds and has used."""

    resident_mb: float
    cpu_s: float


def cost_of(process: int) -> Cost:
    """Return what a process costs by now."""
    # The name of the program, in brackets, may hold anything; what counts comes after it.
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return Cost(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, ticks / os.sysconf("SC_CLK_TCK"))


def loaded(process: int) -> list[str]:
    """Return which heavy libraries lie in a process's memory."""
    mapped = Path(f"/proc/{process}/maps").read_text("utf-8", "replace")
    return [name for name in _HEAVY if f"/{name}/" in mapped]
