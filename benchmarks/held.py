"""What a person does in the window, one thing after the other, and what times each."""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.shared import SAMPLES, after, sample_pictures, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from PyQt6.QtWidgets import QAbstractButton, QApplication, QWidget

    from app.gui.main_window import MainWindow

#: For how long nothing a person does may go unanswered: two pictures of a screen.
HELD_UP_TARGET_MS = 33.0
_BEAT_MS = 5
_PATIENCE_S = 60.0
_PHOTO = "woman_slim_left_tilt11.jpg"
#: After which nothing is left to do of what a person has just done.
_QUIET_S = 0.4
_MENU_MS = 60
#: What would leave the window, or wait for a program outside of it.
_NOT_PRESSED = ("folder", "quit", "close beltline")
#: More buttons than any page has; a page that makes new ones for ever ends here.
_BUTTONS_MAX = 120


class Heart:
    """Beats in the thread of the window and remembers its longest pauses.

    Each pause is told three times: how long the thread itself worked; that and whatever it waited
    for, such as Python's lock or a disk; and all of it, which counts also the time for which the
    thread could have gone on and every processor was busy with something else.

    Parameters
    ----------
    reasons
        Where it is written what each thread was at, at a pause that is too long; None for nowhere.
    """

    header = ("act", "time ms", "own ms", "held ms", "gap ms", "")

    def __init__(self, application: QApplication, reasons: Path | None = None) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self.rows: list[list[str]] = []
        self.is_met = True
        self._app, self._timer = application, QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._beats: list[tuple[float, float, float]] = []
        self._queue = _Queue()
        self._reasons: TextIO | None = None if reasons is None else reasons.open("w", encoding="utf-8")

    def take(self, name: str, begin: Callable[[], Callable[[], bool]], rounds: int = 1) -> None:
        """Begin something, wait until it is done, and add a row: the worst pauses, the best time.

        Parameters
        ----------
        begin
            Returns what tells whether it is done.
        """
        if self._reasons is not None:
            print(f"\n===== {name}", file=self._reasons, flush=True)
        taken = np.array([self._once(begin) for _ in range(rounds)])
        worst_ms = taken[:, 1:].max(axis=0)
        self.is_met &= bool(worst_ms[1] <= HELD_UP_TARGET_MS)
        cells = [f"{value:.1f}" for value in worst_ms]
        judgement = verdict(worst_ms[1], HELD_UP_TARGET_MS)
        self.rows.append([name, f"{taken[:, 0].min():.0f}", *cells, judgement])

    def _once(self, begin: Callable[[], Callable[[], bool]]) -> tuple[float, ...]:
        """Return time, longest own work, longest hold-up and longest gap, ms."""
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
        faulthandler.cancel_dump_traceback_later()
        beats_ms = 1000 * np.array(self._beats)
        gaps, own, queued = np.diff(beats_ms, axis=0).T
        took_ms = float(beats_ms[-1, 0] - beats_ms[0, 0])
        return took_ms, float(own.max()), float((gaps - queued).max()), float(gaps.max())

    def _beat(self) -> None:
        self._beats.append((time.perf_counter(), time.thread_time(), self._queue.waited_s()))
        if self._reasons is not None:
            # It needs no Python to write, so that it tells also who holds Python's lock.
            faulthandler.dump_traceback_later(HELD_UP_TARGET_MS / 1000, file=self._reasons)


class _Queue:
    """Tells for how long this thread could have gone on and had no processor; Linux only."""

    def __init__(self) -> None:
        path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._file = os.open(path, os.O_RDONLY) if path.exists() else None

    def waited_s(self) -> float:
        """Return the time since the thread began; 0 where the system does not tell."""
        if self._file is None:
            return 0.0
        return int(os.pread(self._file, 64, 0).split()[1]) / 1e9


def steps(window: MainWindow) -> list[tuple[str, Callable[[], Callable[[], bool]]]]:
    """Return what is done, in order; each begins something and returns what tells its end."""
    from app import Page
    from app.gui.check.page import CheckState
    from app.gui.style.theme import Scheme

    then = partial(_then, window)

    def open_photo() -> Callable[[], bool]:
        window.open_photo(str(SAMPLES / _PHOTO))
        return lambda: window.pages.check().state is CheckState.MEASURED

    def open_several() -> Callable[[], bool]:
        window.open_photos([str(picture) for picture in sample_pictures()[:3]])
        is_quiet = after(3.0)
        return lambda: is_quiet() and not window.jobs.awaited

    def select() -> None:
        window.pages.history().browser.list.select_row(0)

    def delete() -> None:
        window.pages.history().browser.list.delete_action.trigger()

    def search() -> None:
        window.pages.history().filter.focus_search()

    pages = list(Page)
    undo = window.service.changes.stack.undo
    return [
        *((f"{page}, first time", then(partial(window.show_page, page))) for page in pages),
        *((f"{page}, again", then(partial(window.show_page, page))) for page in pages),
        ("photograph opened and measured", open_photo),
        ("check saved", then(lambda: window.pages.check().save())),
        ("history with the check", then(lambda: window.show_page(Page.HISTORY))),
        ("check selected and shown", then(select)),
        ("search", then(search)),
        ("check deleted", then(delete)),
        ("check brought back", then(undo)),
        ("several photographs", open_several),
        ("dark", then(lambda: window.pages.scheme_chosen.emit(Scheme.DARK))),
        ("text size", then(lambda: window.pages.text_size_chosen.emit(120))),
        *((f"{page}, dark, larger", then(partial(window.show_page, page))) for page in pages),
    ]


def press_everything(window: MainWindow, heart: Heart) -> None:
    """Press each button of each page once, and those of the dialogs that come of it.

    What is chosen in a menu is done as well. A row each is added to the heart's.
    """
    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

    from app import Page

    menus = QTimer()
    menus.timeout.connect(_close_menu)
    menus.start(_MENU_MS)
    for page in Page:
        window.show_page(page)
        pressed: set[str] = set()
        for _ in range(_BUTTONS_MAX):
            dialog = QApplication.activeModalWidget()
            if dialog is None and window.page != page:
                window.show_page(page)
            found = next(_acts(dialog or window, page, pressed), None)
            if found is None and dialog is None:
                break
            if found is None:
                heart.take(f"{page}: close {dialog.windowTitle()}", _then(window, dialog.close))
                continue
            name, act = found
            pressed.add(name)
            heart.take(f"{page}: {name}"[:60], _then(window, act))
    menus.stop()


def _acts(
    top: QWidget, page: str, pressed: set[str]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Find what can be pressed and was not yet: its name, and what presses it."""
    from PyQt6.QtWidgets import QAbstractButton, QFileDialog

    from app.gui.main_window import Navigation

    if isinstance(top, QFileDialog):
        return
    for button in top.findChildren(QAbstractButton):
        if not (button.isVisible() and button.isEnabled()):
            continue
        if isinstance(button.parentWidget(), Navigation):
            continue
        inside = _of_menu(button)
        for name, act in inside or [(_name_of(button), button.click)]:
            if name not in pressed and not any(word in name.lower() for word in _NOT_PRESSED):
                yield name, act


def _of_menu(button: QAbstractButton) -> list[tuple[str, Callable[[], object]]]:
    from PyQt6.QtWidgets import QPushButton, QToolButton

    menu = button.menu() if isinstance(button, QPushButton | QToolButton) else None
    if menu is None:
        return []
    menu.aboutToShow.emit()
    return [
        (f"{_name_of(button)} > {action.text()}", action.trigger)
        for action in menu.actions()
        if action.isEnabled() and not action.isSeparator()
    ]


def _name_of(button: QAbstractButton) -> str:
    return button.text() or button.accessibleName() or button.toolTip() or button.objectName()


def _then(window: MainWindow, act: Callable[[], object]) -> Callable[[], Callable[[], bool]]:
    """Have something done, which is over when nothing of it is left to do."""

    def begin() -> Callable[[], bool]:
        act()
        is_quiet = after(_QUIET_S)
        return lambda: is_quiet() and not window.jobs.awaited

    return begin


def _close_menu() -> None:
    """Close a menu that was opened; whoever opened it waits until then."""
    from PyQt6.QtWidgets import QApplication

    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
