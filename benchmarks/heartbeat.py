"""How long the window stops answering while it measures.

A timer of 5 ms runs in the thread of the window; its largest gap is how long a click would
have waited. No screen is needed; with one (``QT_QPA_PLATFORM=xcb``) painting counts too.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmarks.shared import print_table, sample_pictures, verdict, write_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.check.page import CheckPage
    from app.gui.main_window import MainWindow

TARGET_MS = 50.0
_BEAT_MS = 5
_ROUNDS = 3
_PATIENCE_S = 60.0
_IDLE_S = 1.0
#: What loads in the background after the start has loaded by then.
_SETTLE_S = 9.0
_WATCH_S = 5.0


def heartbeat(pictures: Annotated[list[Path] | None, typer.Argument()] = None) -> None:
    """Take the longest gap of the window while photographs are measured; status 1 when missed.

    The first rows show the page, load the models beside it, and do nothing, which tells how
    busy the computer is with other things. Opening, measuring, and showing picture, drawing
    and number are all part of each photograph's row.
    """
    _print(
        f"Longest gap and shortest time of {_ROUNDS} rounds",
        _photo_rows,
        pictures or sample_pictures(),
    )


def live_heartbeat(film: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Take the longest gap of the window while the Live page opens, measures and is left.

    A film plays as a camera, at its own speed. The models are loaded first, as they are soon
    after the program's start.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = film or write_standing(folder / "standing.mp4", 30.0)
        _print("Longest gap", _live_rows, film, folder)


def _print(title: str, rows_of: Callable[..., list[list[str]]], *arguments: object) -> None:
    """Measure and print the table; exit status 1 when the target is missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows = rows_of(_new_app(), Heart(), *arguments)
    print_table(
        f"{title}; target {TARGET_MS:.0f} ms", ["act", "time ms", "own ms", "gap ms", ""], rows
    )
    if any(float(cells[3]) > TARGET_MS for cells in rows):
        raise typer.Exit(1)


def _new_app() -> QApplication:
    from PyQt6.QtWidgets import QApplication

    from app.gui.style.theme import Scheme, apply_scheme

    app = QApplication(["beltline"])
    apply_scheme(app, Scheme.LIGHT)
    return app


class Heart:
    """Beats in the thread of the window and remembers its longest pause."""

    def __init__(self) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last_s = self._last_own_s = self.longest_s = self.own_s = 0.0

    def start(self) -> None:
        """Forget what was."""
        self._last_s, self._last_own_s = time.perf_counter(), time.thread_time()
        self.longest_s = self.own_s = 0.0
        self._timer.start(_BEAT_MS)

    def stop(self) -> None:
        """Beat no more."""
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now_s, own_s = time.perf_counter(), time.thread_time()
        self.longest_s = max(self.longest_s, now_s - self._last_s)
        self.own_s = max(self.own_s, own_s - self._last_own_s)
        self._last_s, self._last_own_s = now_s, own_s


@dataclass(frozen=True, slots=True)
class Timing:
    """One act: how long it took, and the window's longest pause in it.

    ``own_ms`` is the longest stretch of work of the window's thread itself; where it is much
    less than the gap, the rest of the gap belongs to whatever else kept the processor busy.
    """

    took_ms: float
    gap_ms: float
    own_ms: float


def timed(
    app: QApplication, heart: Heart, act: Callable[[], object], is_done: Callable[[], bool]
) -> Timing:
    """Act, and run the event loop until it is done."""
    from PyQt6.QtCore import QEventLoop

    begun_s = time.perf_counter()
    heart.start()
    act()
    while not is_done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() - begun_s > _PATIENCE_S:
            raise TimeoutError("no answer came")
    # What the answer leaves to do: layout, painting.
    app.processEvents()
    took_ms = (time.perf_counter() - begun_s) * 1000
    heart.stop()
    return Timing(took_ms, heart.longest_s * 1000, heart.own_s * 1000)


def measured(page: CheckPage) -> bool:
    """Tell whether an answer is shown."""
    from app.gui.check.page import CheckState

    return page.state in (CheckState.MEASURED, CheckState.REFUSED, CheckState.UNREADABLE)


def row(name: str, rounds: list[Timing]) -> list[str]:
    """Return a row of the table: the worst round, but the fastest one's time."""
    gap_ms = max(timing.gap_ms for timing in rounds)
    return [
        name[:40],
        f"{min(timing.took_ms for timing in rounds):.0f}",
        f"{max(timing.own_ms for timing in rounds):.1f}",
        f"{gap_ms:.1f}",
        verdict(gap_ms, TARGET_MS),
    ]


def _photo_rows(app: QApplication, heart: Heart, pictures: list[Path]) -> list[list[str]]:
    """Measure the pictures one after another and return the table's rows."""
    from app.gui.background.history import HistoryHandle, HistoryService
    from app.gui.background.jobs import Jobs
    from app.gui.check.page import CheckPage

    jobs = Jobs()
    page = CheckPage(jobs, HistoryService(jobs, HistoryHandle(), None), warm_up=True)
    page.resize(1080, 740)
    ended: list[str] = []
    jobs.busy_changed.connect(lambda key, busy: None if busy else ended.append(key))
    rows = [row("(page shown)", [timed(app, heart, page.show, page.isVisible)])]
    loaded = timed(app, heart, lambda: None, lambda: "warm" in ended)
    rows.append(row("(models loaded beside it)", [loaded]))
    until_s = time.perf_counter() + _IDLE_S
    idle = timed(app, heart, lambda: None, lambda: time.perf_counter() > until_s)
    rows.append(row("(nothing to do)", [idle]))
    for picture in pictures:
        open_it = partial(page.open_photo, picture)
        rounds = [timed(app, heart, open_it, lambda: measured(page)) for _ in range(_ROUNDS)]
        rows.append(row(picture.name, rounds))
    page.close()
    jobs.close()
    return rows


def _live_rows(app: QApplication, heart: Heart, film: Path, folder: Path) -> list[list[str]]:
    """Open the window, go to the Live page, be measured, leave; return the table's rows."""
    from app.gui.app import spare_the_start
    from app.gui.background.history import HistoryHandle
    from app.gui.main_window import MainWindow
    from app.history.place import Place
    from app.history.store import History
    from app.settings import SettingsFile

    spare_the_start()
    settings = SettingsFile(folder / "settings.json")
    settings.values.live_repeats = 1
    place = Place(folder / "data")
    window = MainWindow(settings, HistoryHandle(lambda: History.open(place)))
    rows = [row("(window shown)", [timed(app, heart, window.show, window.isVisible)])]
    rows.append(row("(models loaded beside it)", [timed(app, heart, _nothing, _after(_SETTLE_S))]))
    rows += _page_rows(app, heart, window, film)
    window.close()
    return rows


def _page_rows(app: QApplication, heart: Heart, window: MainWindow, film: Path) -> list[list[str]]:
    from app.gui.live.page import PageState

    arrived: list[object] = []

    def open_page() -> None:
        window.open_live(str(film))
        window.pages.live().feed.arrived.connect(arrived.append)

    opened = timed(app, heart, open_page, lambda: len(arrived) > 0)
    page = window.pages.live()
    first = timed(app, heart, _nothing, _after(1.0))
    measuring = timed(app, heart, _nothing, lambda: page.state is PageState.RESULT)
    after = timed(app, heart, _nothing, _after(1.0))
    again = timed(app, heart, page.start_anew, _after(_WATCH_S))
    left = timed(app, heart, lambda: window.show_page("check"), _after(1.0))
    named = {
        "Live page opened, until the first picture": opened,
        "its first second": first,
        "until measured, and the result shown": measuring,
        "the second after": after,
        "once more, five seconds": again,
        "page left": left,
    }
    return [row(name, [timing]) for name, timing in named.items()]


def _nothing() -> None:
    """Leave everything as it is."""


def _after(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so much time has gone by since it was first asked."""
    ends_s: list[float] = []

    def is_over() -> bool:
        if not ends_s:
            ends_s.append(time.perf_counter() + seconds)
        return time.perf_counter() > ends_s[0]

    return is_over
