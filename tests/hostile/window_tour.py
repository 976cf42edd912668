"""Opens the program's window, goes through pages as a person would, and closes it.

``python -m tests.hostile.window_tour PHOTO FILM PAGE...``: whatever page is named is shown for a
while; on Check the photograph is measured, on Live somebody in the film is. The last line says
where the tour went, and how that ended.
"""

from __future__ import annotations

import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING

from app import Page
from app.gui.app import run
from app.settings import SettingsFile
from app.system.qt import create_app, keep_own_qt

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from app.gui.check.page import CheckPage
    from app.gui.live.page import LivePage
    from app.gui.main_window import MainWindow

_NAP_MS = 50
_SHOWN_MS = 800
_PATIENCE_MS = 60_000


class Tour:
    """Goes on by one step whenever what it waits for has come."""

    def __init__(self, photo: str, film: str, pages: list[str]) -> None:
        self._photo, self._film, self._pages = photo, film, pages
        self._waited_ms = 0
        self._is_done: Callable[[], bool] = lambda: True
        self._steps = self._walk()
        self.went: list[str] = []

    def go_on(self) -> None:
        """Take the next step, if it is time; whatever goes wrong ends the program."""
        from PyQt6.QtCore import QTimer

        self._waited_ms += _NAP_MS
        try:
            self._take_step()
        except Exception:
            traceback.print_exc()
            self._window().close()
        else:
            QTimer.singleShot(_NAP_MS, self.go_on)

    def _take_step(self) -> None:
        if self._waited_ms > _PATIENCE_MS:
            raise TimeoutError(f"{self.went}: what comes next did not come")
        if not self._is_done():
            return
        self._waited_ms = 0
        following = next(self._steps, None)
        if following is None:
            self._window().close()
        else:
            self._is_done = following

    def _walk(self) -> Generator[Callable[[], bool]]:
        window = self._window()
        for name in self._pages:
            window.show_page(name)
            yield self._after(_SHOWN_MS)
            how_it_ended = ""
            if name == Page.CHECK:
                window.open_photo(self._photo)
                check = window.pages.check()
                yield partial(_is_in, check, "MEASURED", "REFUSED")
                how_it_ended = f":{check.state.name.lower()}"
            elif name == Page.LIVE:
                window.open_live(self._film)
                yield partial(_is_in, window.pages.live(), "RESULT")
                how_it_ended = ":result"
            self.went.append(name + how_it_ended)

    def _after(self, wait_ms: int) -> Callable[[], bool]:
        return lambda: self._waited_ms >= wait_ms

    @staticmethod
    def _window() -> MainWindow:
        from PyQt6.QtWidgets import QApplication

        from app.gui.main_window import MainWindow

        tops = QApplication.topLevelWidgets()
        return next(widget for widget in tops if isinstance(widget, MainWindow))


def _is_in(page: CheckPage | LivePage, *states: str) -> bool:
    return page.state.name in states


def main() -> int:
    """Open the window as ``beltline`` does; return the exit status."""
    from PyQt6.QtCore import QTimer

    settings = SettingsFile()
    # One capture makes a check, which the film is long enough for.
    settings.values.live_repeats = 1
    settings.save()
    keep_own_qt()
    app = create_app()
    tour = Tour(sys.argv[1], sys.argv[2], sys.argv[3:])
    # Begins with the window's own loop, once there is a window.
    QTimer.singleShot(0, tour.go_on)
    status = run()
    del app
    print("went:", *tour.went)
    return status


if __name__ == "__main__":
    sys.exit(main())
