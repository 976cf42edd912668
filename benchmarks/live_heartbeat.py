"""How long the window stops answering while the Live page opens, measures and ends.

From a clone::

    python -m benchmarks.live_heartbeat [FILM]

As :mod:`benchmarks.gui_heartbeat`: the largest gap of a timer of 5 ms in the window's thread.
A film plays as a camera, at its own speed. The models are loaded first, as they are soon after
the program's start. No screen is needed; with one (``QT_QPA_PLATFORM=xcb``) painting counts too.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.gui_heartbeat import TARGET_MS, Heart, row, timed
from benchmarks.live_film import write_standing
from benchmarks.table import print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.main_window import MainWindow

#: What loads in the background after the start has loaded by then.
_SETTLE_S = 9.0
_WATCH_S = 5.0


def run(film: Path, folder: Path) -> list[list[str]]:
    """Open the window, go to the Live page, be measured, leave; return the table's rows."""
    from PyQt6.QtWidgets import QApplication

    from app.gui.app import spare_the_start
    from app.gui.background.history import HistoryDoor
    from app.gui.main_window import MainWindow
    from app.gui.style.theme import Scheme, apply_scheme
    from app.history.place import Place
    from app.history.store import History
    from app.settings import SettingsFile

    app = QApplication.instance() or QApplication(["beltline"])
    assert isinstance(app, QApplication)
    apply_scheme(app, Scheme.LIGHT)
    spare_the_start()
    settings = SettingsFile(folder / "settings.json")
    settings.values.live_repeats = 1
    place = Place(folder / "data")
    window = MainWindow(settings, HistoryDoor(lambda: History.open(place)))
    heart = Heart()
    rows = [row("(window shown)", [timed(app, heart, window.show, window.isVisible)])]
    rows.append(row("(models loaded beside it)", [timed(app, heart, _nothing, _after(_SETTLE_S))]))
    rows += _live_rows(app, heart, window, film)
    window.close()
    return rows


def _live_rows(app: QApplication, heart: Heart, window: MainWindow, film: Path) -> list[list[str]]:
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


def main() -> None:
    """Print the table; exit status 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("film", nargs="?", type=Path)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = arguments.film or write_standing(folder / "standing.mp4", 30.0)
        rows = run(film, folder)
    title = f"Longest gap; target {TARGET_MS:.0f} ms"
    print_table(title, ["act", "time ms", "own ms", "gap ms", ""], rows)
    sys.exit(any(float(cells[3]) > TARGET_MS for cells in rows))


if __name__ == "__main__":
    main()
