"""What half an hour of live check costs in memory, how idle a pause is, how quickly it ends.

From a clone::

    python -m benchmarks.live_memory [--minutes 30] [FILM]

A film is played over and over, as fast as it can be looked at, through camera thread, live
view and live check. Memory is read after the first two minutes of film and at the end. Then
the page's own run is started and stopped at random moments, and the processor's time is taken
while it is paused. Linux only.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication

from app.gui.background.camera import LiveFeed
from benchmarks.live_film import write_standing
from benchmarks.table import print_table, verdict
from vision.camera.stream import NewestFrame
from vision.live.check import LiveCheck
from vision.live.session import LiveKind, LiveSession
from vision.live.view import LiveView

if TYPE_CHECKING:
    from concurrent.futures import Future

    from vision.live.events import Sighting

GROWTH_TARGET_MB = 20.0
CLOSE_TARGET_S = 1.0
IDLE_TARGET_PERCENT = 1.0
_WARM_UP_MINUTES = 2.0
_CLOSINGS = 20
_PAUSE_S = 10.0


def resident_mb() -> float:
    """Return what the process holds of the computer's memory, in units of 2**20 bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def play(view: LiveView, film: Path, epoch: int) -> float:
    """Play a film once, every picture of it; return the film's length in minutes."""
    feed, check = NewestFrame(film, keep_all=True), LiveCheck(5)
    last: Future[Sighting] | None = None
    t_ms = 0.0
    feed.start()
    while (event := feed.take(10.0)) is not None and event.problem is None:
        if event.frame is not None:
            t_ms = event.t_ms
            last = view.begin(event.frame, epoch)
            last.add_done_callback(lambda done: check.add(done.result()))
    if last is not None:
        last.result()
    feed.close()
    return t_ms / 60_000


def growth_row(film: Path, minutes: float) -> list[str]:
    """Play for so many minutes of film and return the row of the table."""
    view, played, turns = LiveView(), 0.0, 0
    started_s, warm_mb = time.monotonic(), 0.0
    while played < minutes:
        played += play(view, film, turns)
        turns += 1
        if not warm_mb and played >= min(_WARM_UP_MINUTES, minutes / 2):
            warm_mb = resident_mb()
    end_mb = resident_mb()
    view.close()
    return [
        f"{played:.0f} min of film in {(time.monotonic() - started_s) / 60:.1f} min",
        f"{warm_mb:.0f}",
        f"{end_mb:.0f}",
        f"{end_mb - warm_mb:+.1f}",
        verdict(end_mb - warm_mb, GROWTH_TARGET_MB),
    ]


def closing_times_s(film: Path) -> list[float]:
    """Start and stop the page's run at random moments; return how long each end took."""
    app = QCoreApplication.instance() or QCoreApplication([])
    chance, took_s = random.Random(0), []
    for _ in range(_CLOSINGS):
        feed = LiveFeed()
        feed.start(film, LiveSession(LiveKind.CHECK, 3), (1280, 720))
        _run_for(app, chance.uniform(0.0, 3.0))
        started_s = time.monotonic()
        feed.close()
        took_s.append(time.monotonic() - started_s)
        _run_for(app, 0.05)
    return took_s


def idle_percent(film: Path) -> float:
    """Run, pause, and return how busy one processor is meanwhile."""
    app = QCoreApplication.instance() or QCoreApplication([])
    feed = LiveFeed()
    feed.start(film, LiveSession(LiveKind.CHECK, 3), (1280, 720))
    _run_for(app, 3.0)
    feed.stop()
    _run_for(app, 2.0)
    before_s = time.process_time()
    _run_for(app, _PAUSE_S)
    busy_s = time.process_time() - before_s
    feed.close()
    return 100 * busy_s / _PAUSE_S


def _run_for(app: QCoreApplication, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        app.processEvents()
        time.sleep(0.02)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("film", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        film = arguments.film or write_standing(Path(folder) / "standing.mp4", 20.0)
        row = growth_row(film, arguments.minutes)
        closing_s = closing_times_s(film)
        idle = idle_percent(film)
    print_table("Memory, MB", ("", "warm", "at the end", "grown", f"{GROWTH_TARGET_MB:.0f}"), [row])
    print_table(
        "Ending and pausing",
        ("", "measured", "at most", ""),
        [
            [
                f"{_CLOSINGS} ends at random moments, longest, s",
                f"{max(closing_s):.2f}",
                f"{CLOSE_TARGET_S:.0f}",
                verdict(max(closing_s), CLOSE_TARGET_S),
            ],
            [
                "processor while paused, %",
                f"{idle:.1f}",
                f"{IDLE_TARGET_PERCENT:.0f}",
                verdict(idle, IDLE_TARGET_PERCENT),
            ],
        ],
    )


if __name__ == "__main__":
    main()
