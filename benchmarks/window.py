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

from app.history.records import NewCheck, RowQuery
from app.history.values import now
from benchmarks import screenshots, sessions
from benchmarks.held import steps
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

app = typer.Typer(no_args_is_help=True)
app.command("screenshots")(screenshots.screenshots)
app.command("sessions")(sessions.sessions)

START_TARGET_S = 1.0
_PROGRAM = """
import sys, time
from app.gui.app import ShownWindow
from app.system.qt import check_screen, create_app, keep_own_qt
keep_own_qt()
check_screen()
app = create_app()
window = ShownWindow(app).open()
while not window.windowHandle().isExposed():
    app.processEvents()
window.repaint()
print(time.time(), "mediapipe" in sys.modules, flush=True)
window.close()
"""
OPEN_TARGET_MS = 300.0
#: For how long nothing a person does may go unanswered.
HELD_UP_TARGET_MS = 33.0
#: The History page's own, with a million checks.
FILTER_TARGET_MS, SAVE_TARGET_MS, STILL_TARGET_MS = 200.0, 20.0, 33.0
REDRAW_TARGET_MS = 100.0
_REDRAWS = 30
#: What the History page reads when it opens.
BUSY_KEYS = tuple(
    f"history {part}"
    for part in ("table", "trend", "offers", "squeezes", "progress", "line", "whole trend")
)
_BEAT_MS = 5
_ROUNDS = 3
_PATIENCE_S = 60.0
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
def held() -> None:
    """Take the longest hold-up of the window, step by step; status 1 when one is over 33 ms.

    Each page is opened for the first time and once more; a photograph is opened, saved, found
    in the history, deleted and brought back; the list is searched; looks and text size change.
    The third column is the work of the window's own thread, which other programs do not blur.
    """
    title = "Longest hold-up of the window's thread"
    with tempfile.TemporaryDirectory() as folder, beating(Path(folder), title) as (window, heart):
        for name, act in steps(window):
            heart.take(name, act)


def live_heartbeat(film: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Take the longest gap of the window while the Live page opens, measures and is left.

    A film plays as a camera, at its own speed. The models are loaded first, as they are soon
    after the program's start.
    """
    from app.gui.live.page import PageState

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = film or write_standing(folder / "standing.mp4", 30.0)
        with beating(folder, "Longest gap") as (window, heart):
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
def beating(folder: Path, title: str) -> Iterator[tuple[MainWindow, Heart]]:
    """Open the window as it is soon after a start; then print how it answered, and judge.

    Ends the program with status 1 when the target is missed.
    """
    application = new_app()
    from app.gui.app import spare_the_start

    spare_the_start()
    window, heart = new_window(folder), Heart(application)

    def show() -> Callable[[], bool]:
        window.show()
        return window.isVisible

    heart.take("(window shown)", show)
    heart.take("(models loaded beside it)", lambda: after(_LOADED_S))
    yield window, heart
    window.close()
    header = ("act", "time ms", "own ms", "gap ms", "")
    print_table(f"{title}; target {HELD_UP_TARGET_MS:.0f} ms", header, heart.rows)
    if any(row[-1] != "met" for row in heart.rows):
        raise typer.Exit(1)


class Heart:
    """Beats in the thread of the window and remembers its longest pauses.

    The longest stretch of work of that thread itself stands beside each; where it is much less
    than the gap, the rest of the gap belongs to whatever else kept the processor busy.
    """

    def __init__(self, application: QApplication) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self.rows: list[list[str]] = []
        self._app, self._timer = application, QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._beats: list[tuple[float, float]] = []

    def take(self, name: str, begin: Callable[[], Callable[[], bool]], rounds: int = 1) -> None:
        """Begin something, wait until it is done, and add a row: the worst gap, the best time.

        Parameters
        ----------
        begin
            Returns what tells whether it is done.
        """
        taken = [self._once(begin) for _ in range(rounds)]
        times_ms, own_ms, gaps_ms = zip(*taken, strict=True)
        self.rows.append(
            [
                name,
                f"{min(times_ms):.0f}",
                f"{max(own_ms):.1f}",
                f"{max(gaps_ms):.1f}",
                verdict(max(gaps_ms), HELD_UP_TARGET_MS),
            ]
        )

    def _once(self, begin: Callable[[], Callable[[], bool]]) -> tuple[float, float, float]:
        """Return time, longest own work and longest gap, ms."""
        from PyQt6.QtCore import QEventLoop

        self._beats.clear()
        self._beat()
        self._timer.start(_BEAT_MS)
        is_done = begin()
        while not is_done():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() - self._beats[0][0] > _PATIENCE_S:
                raise TimeoutError("no answer came")
        # What the answer leaves to do: layout, painting.
        self._app.processEvents()
        self._beat()
        self._timer.stop()
        beats_ms = 1000 * np.array(self._beats)
        gap_ms, own_ms = np.diff(beats_ms, axis=0).max(axis=0)
        return float(beats_ms[-1, 0] - beats_ms[0, 0]), float(own_ms), float(gap_ms)

    def _beat(self) -> None:
        self._beats.append((time.perf_counter(), time.thread_time()))


@app.command("history-page")
def history_page(
    count: Annotated[int, typer.Option("--count", "--checks")] = 100_000,
    people: Annotated[int, typer.Option(help="among whom they are shared out")] = 1,
    folder: Annotated[
        Path | None, typer.Option(help="keep the database here, and use it again")
    ] = None,
    cold: Annotated[bool, typer.Option("--cold", help="load nothing beforehand")] = False,
) -> None:
    """Time the History page with many checks, and how fast its trend follows the hand.

    A database is filled first, in a temporary folder: a million checks take 7 GB and a few
    minutes. "First time" is a program whose window stands, whose database is open, and which has
    loaded the page's modules beside it; with ``--cold`` loading them, pyqtgraph above all, is part
    of it. Table and trend count as shown when they have been painted; "held up" is the longest
    time for which the window did not answer until all was read. A redraw paints all of the trend
    after it was moved or zoomed.
    """
    from app.history.place import Place
    from app.history.store import History

    with tempfile.TemporaryDirectory() as scratch:
        place = Place(folder or Path(scratch))
        if not place.database.exists():
            frame, result = measured_sample()
            fill(place, frame, result, count, people=people)
        application = new_app()
        from PyQt6.QtWidgets import QLabel

        window = QLabel("Beltline")
        window.show()
        application.processEvents()
        if not cold:
            import_module("app.gui.history.page")
            import_module("app.gui.history.trend_items")
        with History.open(place) as history:
            print_page(application, history)


def print_page(app: QApplication, history: History) -> None:
    """Measure and print."""
    count = history.count(RowQuery(history.default_profile().id))
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
                ("held up", STILL_TARGET_MS),
            )
            for when, openings in (("first time", [first]), ("again", again))
        ],
    )
    plot = page.trend.plot

    def redraw(change: Callable[[], None]) -> None:
        change()
        plot.grab()

    acts: dict[str, list[Callable[[], None]]] = {
        "redraw, all checks": [partial(redraw, plot.show_all)] * _REDRAWS,
        "redraw, zooming in": [partial(redraw, lambda: plot.zoom(0.7))] * _REDRAWS,
    }
    rows = [row_of(name, [*map(took_ms, each)], REDRAW_TARGET_MS) for name, each in acts.items()]
    plot.show_all()
    held_up: list[float] = []
    rows += act_rows(app, page, history, held_up)
    rows.append(row_of("the longest hold-up of each of these", held_up, STILL_TARGET_MS))
    print_table(
        "Once it is open: milliseconds",
        ["what", "longest", "median", "target", "of target", ""],
        rows,
    )


def act_rows(
    app: QApplication, page: HistoryPage, history: History, held_up: list[float]
) -> list[list[str]]:
    """Filter, scroll and save; return the lines of the table.

    Parameters
    ----------
    held_up
        Gets the longest hold-up of each.
    """
    model, chosen, bar = page.browser.model, page.filter, page.browser.list.verticalScrollBar()
    assert bar is not None
    shown: set[str] = set()
    model.loaded.connect(lambda _: shown.add("table"))
    page.trend.shown.connect(lambda _: shown.add("trend"))
    places = np.random.default_rng(2).random(_REDRAWS).tolist()

    def show(change: Callable[[], object]) -> float:
        """Return how long until table and trend show what is asked for, painted."""
        shown.clear()
        start_s = time.perf_counter()
        held_up.append(took_ms(change))
        held_up[-1] = max(held_up[-1], wait(app, lambda: len(shown) == 2))
        page.grab()
        time_ms = (time.perf_counter() - start_s) * 1000
        held_up[-1] = max(held_up[-1], settle(app, page))
        return time_ms

    def search(text: str) -> None:
        chosen._text.setText(text)
        chosen._text.returnPressed.emit()

    def scroll(share: float) -> None:
        bar.setValue(round(share * bar.maximum()))
        row = page.browser.list.rowAt(5)
        held_up.append(wait(app, lambda: model.record(row) is not None))
        page.browser.grab()

    def save() -> None:
        newest = history.check(history.rows(RowQuery(me), 0, 1)[0].id)
        new = NewCheck(me, now(), newest.result, newest.size_px, newest.row.conditions)
        saves.append(took_ms(lambda: history.save(new)))

    me, saves = history.default_profile().id, list[float]()
    texts = [f"number {90_001 + 3 * number}" for number in range(4)] + [f"number {29}", "nothing"]
    filters: dict[str, list[Callable[[], object]]] = {
        "filter: method": [partial(chosen._method.setCurrentIndex, n) for n in (1, 2, 1, 2, 0)],
        "filter: clothes": [partial(chosen._garment.setCurrentIndex, n) for n in (1, 2, 3, 1, 0)],
        "filter: dates": [partial(chosen._period.setCurrentIndex, n) for n in (3, 1, 2, 3, 0)],
        "filter: text in notes": [partial(search, text) for text in (*texts, "")],
    }
    rows = [
        row_of(name, [show(change) for change in changes], FILTER_TARGET_MS)
        for name, changes in filters.items()
    ]
    rows.append(
        row_of(
            "scrolled to anywhere, until its rows are there",
            [took_ms(partial(scroll, share)) for share in places],
            REDRAW_TARGET_MS,
        )
    )
    afterwards = []
    for _ in range(5):
        save()
        afterwards.append(show(page.refresh))
    rows.append(row_of("one more check saved", saves, SAVE_TARGET_MS))
    rows.append(row_of("table and trend with it", afterwards, OPEN_TARGET_MS))
    return rows


def settle(app: QApplication, page: HistoryPage) -> float:
    """Wait until nothing is read any more; return the longest hold-up meanwhile, ms."""
    return wait(app, lambda: not any(map(page._jobs.is_busy, BUSY_KEYS)))


def open_page(
    app: QApplication, history: History, count: int
) -> tuple[HistoryPage, dict[str, float]]:
    """Open a new page in the size of a small window; painting it is part of it.

    Beside the page returns how long until table and trend were shown, and the longest hold-up
    until each check of the trend was, ms.
    """
    start_s = time.perf_counter()
    from app.gui.background.history import HistoryChanges
    from app.gui.background.jobs import Jobs
    from app.gui.history.page import HistoryPage

    def since_ms() -> float:
        return (time.perf_counter() - start_s) * 1000

    history._trends._known.clear()  # as in a program that has just been started
    jobs = Jobs(app)
    page = HistoryPage(jobs, lambda: history, HistoryChanges(jobs, lambda: history, print))
    page.resize(920, 640)
    page.show()
    page.refresh()
    held_up = [since_ms(), wait(app, lambda: page.browser.model.rowCount() == count)]
    page.browser.grab()
    table_ms = since_ms()
    held_up.append(wait(app, lambda: page.trend.plot.is_shown))
    page.trend.grab()
    trend_ms = since_ms()
    held_up.append(settle(app, page))
    return page, {"table": table_ms, "trend": trend_ms, "held up": max(held_up)}


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
