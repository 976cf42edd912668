"""The window and the reminder's process: how soon they are there, and what they cost.

``python -m benchmarks window start|heartbeat|history-page|tray-idle|screenshots|sessions|held``

No screen is needed but for the screenshots; without one Qt's offscreen platform stands in.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from benchmarks import screenshots, sessions
from benchmarks.held import HELD_UP_TARGET_MS, Heart, press_everything, steps
from benchmarks.shared import (
    after,
    cost_of,
    fill,
    judged,
    measured_sample,
    new_app,
    new_window,
    print_table,
    sample_pictures,
    took_ms,
    verdict,
    wait,
    write_standing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PyQt6.QtWidgets import QApplication

    from app.gui.history.page import HistoryPage
    from app.gui.main_window import MainWindow
    from app.history.store import History

Reasons = Annotated[
    Path | None, typer.Option(help="write here what each thread was at in a long pause")
]
Soon = Annotated[bool, typer.Option("--soon", help="begin while the models are still loading")]

app = typer.Typer(no_args_is_help=True)
app.command("screenshots")(screenshots.screenshots)
app.command("sessions")(sessions.sessions)

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
REDRAW_TARGET_MS = 100.0
_REDRAWS = 30
#: What the History page reads when it opens.
BUSY_KEYS = tuple(
    f"history {part}" for part in ("table", "trend", "offers", "squeezes", "progress")
)
_ROUNDS = 3
#: What loads in the background after the start has loaded by then.
_LOADED_S = 9.0
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
    with tempfile.TemporaryDirectory() as folder:
        first, *warm = [start_s(folder) for _ in range(rounds + 1)]
    seconds = [taken_s for taken_s, _ in warm]
    is_loaded = "yes" if any(loaded for _, loaded in warm) else "no"
    judgement = judged(statistics.median(seconds), START_TARGET_S, 2)
    print_table(
        f"From start to window, {rounds} warm starts: seconds",
        ("first", "slowest", "mediapipe loaded", "median", "target", "of target", ""),
        [[f"{first[0]:.2f}", f"{max(seconds):.2f}", is_loaded, *judgement]],
    )


def start_s(folder: str) -> tuple[float, bool]:
    """Return the seconds until the window is painted, and whether mediapipe was loaded."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=environment_in(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    at, loaded = done.stdout.split()
    return float(at) - begun, loaded == "True"


def environment_in(folder: str) -> dict[str, str]:
    """Return the environment of a program that keeps all it has in a folder of its own."""
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    names = "BELTLINE_CONFIG_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"
    own = os.environ | dict.fromkeys(names, folder)
    return own if has_screen else own | {"QT_QPA_PLATFORM": "offscreen"}


@app.command("heartbeat")
def heartbeat(pictures: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Take the longest gap of the window while photographs are measured; status 1 when missed.

    A timer of 5 ms runs in the thread of the window; its largest gap is how long a click would
    have waited. With a screen (``QT_QPA_PLATFORM=xcb``) painting counts too.

    The first rows show the window, load the models beside it, and do nothing, which tells how
    busy the computer is with other things. Opening, measuring, and showing picture, drawing
    and number are all part of each photograph's row.
    """
    from app.gui.check.page import CheckState

    answered = CheckState.MEASURED, CheckState.REFUSED, CheckState.UNREADABLE
    title = f"Longest gap and shortest time of {_ROUNDS} rounds"
    with tempfile.TemporaryDirectory() as folder, beating(Path(folder), title) as (window, heart):
        heart.take("(nothing to do)", lambda: after(1.0))
        page = window.pages.check()
        for picture in pictures or sample_pictures():

            def measure(picture: Path = picture) -> Callable[[], bool]:
                window.open_photo(str(picture))
                return lambda: page.state in answered

            heart.take(picture.name[:40], measure, _ROUNDS)


@app.command("held")
def held(soon: Soon = False, reasons: Reasons = None) -> None:
    """Take the longest hold-up of the window, step by step; status 1 when one is over 33 ms.

    Each page is opened for the first time and once more; photographs are opened, saved, found in
    the history, deleted and brought back; the list is searched; looks and text size change.
    """
    title = "Longest hold-up of the window's thread"
    with (
        tempfile.TemporaryDirectory() as folder,
        beating(Path(folder), title, 0.0 if soon else _LOADED_S, reasons) as (window, heart),
    ):
        for name, act in steps(window):
            heart.take(name, act)


@app.command("buttons")
def buttons(reasons: Reasons = None) -> None:
    """Press every button of every page and dialog; status 1 when one holds the window up."""
    title = "Longest hold-up of the window's thread by each button"
    with (
        tempfile.TemporaryDirectory() as name,
        sessions.only_here(Path(name)),
        beating(Path(name), title, _LOADED_S, reasons) as (window, heart),
    ):
        steps_before = dict(steps(window))
        for step in ("photograph opened and measured", "check saved"):
            heart.take(step, steps_before[step])
        press_everything(window, heart)


def live_heartbeat(
    film: Annotated[Path | None, typer.Argument()] = None, reasons: Reasons = None
) -> None:
    """Take the longest gap of the window while the Live page opens, measures and is left.

    A film plays as a camera, at its own speed. The models are loaded first, as they are soon
    after the program's start.
    """
    from app.gui.live.page import PageState

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = film or write_standing(folder / "standing.mp4", 30.0)
        with beating(folder, "Longest gap", reasons=reasons) as (window, heart):
            arrived: list[object] = []

            def open_page() -> Callable[[], bool]:
                window.open_live(str(film))
                window.pages.live().feed.arrived.connect(arrived.append)
                return lambda: len(arrived) > 0

            def once_more() -> Callable[[], bool]:
                page.start_anew()
                return after(5.0)

            def leave() -> Callable[[], bool]:
                window.show_page("check")
                return after(1.0)

            heart.take("Live page opened, until the first picture", open_page)
            page = window.pages.live()
            heart.take("its first second", lambda: after(1.0))
            heart.take(
                "until measured, and the result shown",
                lambda: lambda: page.state is PageState.RESULT,
            )
            heart.take("the second after", lambda: after(1.0))
            heart.take("once more, five seconds", once_more)
            heart.take("page left", leave)


@contextmanager
def beating(
    folder: Path, title: str, loaded_s: float = _LOADED_S, reasons: Path | None = None
) -> Iterator[tuple[MainWindow, Heart]]:
    """Open the window as it is soon after a start; then print how it answered, and judge.

    Ends the program with status 1 when the target is missed.

    Parameters
    ----------
    loaded_s
        For how long the window is left alone with what it loads beside itself.
    reasons
        See :class:`benchmarks.held.Heart`.
    """
    application = new_app()
    from app.gui.app import spare_the_start

    spare_the_start()
    window, heart = new_window(folder), Heart(application, reasons)

    def show() -> Callable[[], bool]:
        window.show()
        return window.isVisible

    heart.take("(window shown)", show)
    heart.take("(models loaded beside it)", lambda: after(loaded_s))
    yield window, heart
    window.close()
    print_table(f"{title}; target {HELD_UP_TARGET_MS:.0f} ms", heart.header, heart.rows)
    if not heart.is_met:
        raise typer.Exit(1)


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
    from app.history.place import Place
    from app.history.store import History

    with tempfile.TemporaryDirectory() as scratch:
        place = Place(folder or Path(scratch))
        if not place.database.exists():
            frame, result = measured_sample()
            with History.open(place) as history:
                fill(history, frame, result, checks, marked_every=0)
        application = new_app()
        from PyQt6.QtWidgets import QLabel

        window = QLabel("Beltline")
        window.show()
        application.processEvents()
        if not cold:
            import_module("app.gui.history.page")
            import_module("app.gui.history.trend_items")
        with History.open(place) as history:
            print_page(application, history, checks)


def print_page(app: QApplication, history: History, count: int) -> None:
    """Measure and print."""
    page, first = open_page(app, history, count)
    again = [open_page(app, history, count)[1] for _ in range(5)]
    print_table(
        f"The History page with {count:,} checks: milliseconds",
        ["opening", "longest", "median", "target", "of target", ""],
        [
            row_of(f"{what}, {when}", [one[what] for one in openings], target_ms)
            for what, target_ms in (
                ("table", OPEN_TARGET_MS),
                ("trend", OPEN_TARGET_MS),
                ("held up", HELD_UP_TARGET_MS),
            )
            for when, openings in (("first time", [first]), ("again", again))
        ],
    )
    plot, model = page.trend.plot, page.browser.model
    rows = np.random.default_rng(2).integers(0, count, _REDRAWS).tolist()

    def redraw(change: Callable[[], None]) -> None:
        change()
        plot.grab()

    def read(row: int) -> None:
        model.data(model.index(row, 0))
        wait(app, lambda: model.record(row) is not None)

    acts: dict[str, list[Callable[[], None]]] = {
        "redraw, all checks": [partial(redraw, plot.show_all)] * _REDRAWS,
        "redraw, zooming in": [partial(redraw, lambda: plot.zoom(0.7))] * _REDRAWS,
        "rows anywhere in the table": [partial(read, row) for row in rows],
    }
    print_table(
        "Once it is open: milliseconds",
        ["what", "longest", "median", "target", "of target", ""],
        [row_of(name, [*map(took_ms, each)], REDRAW_TARGET_MS) for name, each in acts.items()],
    )


def open_page(
    app: QApplication, history: History, count: int
) -> tuple[HistoryPage, dict[str, float]]:
    """Open a new page in the size of a small window; painting it is part of it.

    Beside the page returns how long until table and trend were shown, and the longest hold-up
    meanwhile, ms.
    """
    start_s = time.perf_counter()
    from app.gui.background.history import HistoryChanges
    from app.gui.background.jobs import Jobs
    from app.gui.history.page import HistoryPage

    def since_ms() -> float:
        return (time.perf_counter() - start_s) * 1000

    jobs = Jobs(app)
    page = HistoryPage(jobs, lambda: history, HistoryChanges(jobs, lambda: history, print))
    page.resize(920, 640)
    page.show()
    page.refresh()
    held_up = [since_ms(), wait(app, lambda: page.browser.model.rowCount() == count)]
    page.browser.grab()
    table_ms = since_ms()
    held_up.append(wait(app, lambda: page.trend.plot.trend is not None))
    page.trend.grab()
    taken = {"table": table_ms, "trend": since_ms(), "held up": max(held_up)}
    wait(app, lambda: not any(map(jobs.is_busy, BUSY_KEYS)))
    return page, taken


def row_of(name: str, times_ms: list[float], target_ms: float) -> list[str]:
    """Return a row of the table."""
    return [name, f"{max(times_ms):.1f}", *judged(statistics.median(times_ms), target_ms)]


@app.command("tray-idle")
def tray_idle(seconds: float = 120.0) -> None:
    """Take memory and processor of the reminder's process while nothing happens.

    Starts it as the window does, with a folder of its own, lets it settle, and watches the
    process from outside: memory that is resident, and processor time per time that passes.
    Linux only, which tells both in ``/proc``.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "reminder.json").write_text('{"is_on": true}', encoding="utf-8")
        command = [sys.executable, "-m", "app.tray", "--quiet"]
        with subprocess.Popen(command, env=environment_in(folder)) as tray:
            time.sleep(_SETTLE_S)
            first_bytes, begun_s = cost_of(tray.pid)
            time.sleep(seconds)
            last_bytes, ended_s = cost_of(tray.pid)
            mapped = Path(f"/proc/{tray.pid}/maps").read_text("utf-8", "replace")
            tray.terminate()
    heavy = [name for name in _HEAVY if f"/{name}/" in mapped]
    percent = 100 * (ended_s - begun_s) / seconds
    print_table(
        f"The reminder at rest, {seconds:.0f} s",
        ("figure", "measured", "target", "of target", ""),
        [
            ["resident memory, MB", *judged(max(first_bytes, last_bytes) / 1e6, MEMORY_MB)],
            ["processor, % of one core", *judged(percent, CPU_PERCENT, 3)],
            ["heavy libraries", ", ".join(heavy) or "none", "none", "", verdict(len(heavy), 0)],
        ],
    )
