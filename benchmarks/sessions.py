"""Sessions of random clicks and keys over all pages, which look for what must never happen.

A session uses a window, settings and a history of its own, in a folder that goes away. The same
seed chooses the same things; what it meets may differ where a picture takes longer to measure.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benchmarks.shared import new_app, new_window, print_table, sample_pictures, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from PyQt6.QtWidgets import QApplication, QMenu, QWidget

    from app.gui.main_window import MainWindow

#: A page is stuck that works for so long at one thing, or does not answer for so long while
#: other programs have the processor.
STUCK_S, DEAD_S = 5.0, 30.0
_SETTLE_S = 20.0
_MENU_MS = 60
#: Far more than it takes, for a picture may be measured meanwhile.
_ANSWER_S = 5.0
_TYPED = ("abc", "DELETE", "zz 9", "47")
_SHORTCUTS = (
    *(f"Ctrl+{page}" for page in range(1, 7)),
    *("Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+S", "Ctrl+C", "Ctrl+V", "Ctrl+O", "Ctrl+F"),
    *("Ctrl++", "Ctrl+-", "Ctrl+0", "Alt+Left", "F1", "F5", "F11"),
)
_KEYS = (
    *("Tab", "Space", "Return", "Escape", "Down", "Up", "Left", "Right"),
    *("E", "O", "F", "H", "Delete", "Backspace"),
)
#: What would leave the window, or wait for a program outside of it.
_NOT_PRESSED = ("folder", "quit", "close beltline")
#: Sources that need a file or a device.
_NOT_CHOSEN = ("film", "phone")
#: How often each thing is done; see :class:`RandomSession`.
_ACTS = {
    "open": 5, "save": 4, "drop": 2, "shortcut": 18, "press": 29, "type": 9, "choose": 6, "key": 20,
    "click": 6, "delete": 2, "restart": 1,
}  # fmt: skip


@dataclass(slots=True)
class SessionOutcome:
    """What came of a session.

    Attributes
    ----------
    seed
        Brings it back.
    steps
        How many things were done.
    saved, found, binned, purged
        Checks that were told to be saved; and of these, there now, in the bin, deleted for good.
    slowest_s
        The longest work of the window's thread at one thing.
    faults
        What must not happen, each with what was done before.
    """

    seed: int
    steps: int = 0
    saved: int = 0
    found: int = 0
    binned: int = 0
    purged: int = 0
    slowest_s: float = 0.0
    faults: list[str] = field(default_factory=list)


def sessions(count: int = 200, steps: int = 60, first: int = 0, verbose: bool = False) -> None:
    """Click and type at random, count sessions long; status 1 where anything must not happen.

    What must not happen: an exception or an error in the log, a page that does not answer, a
    saved check that is neither there nor in the bin nor deleted for good, a key that does
    nothing.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = new_app()
    outcomes = []
    with tempfile.TemporaryDirectory() as name, only_here(Path(name)):
        for seed in range(first, first + count):
            outcome = RandomSession(application, Path(name) / str(seed), seed).run(steps)
            outcomes.append(outcome)
            for fault in outcome.faults:
                print(f"session {seed}: {fault}", flush=True)
            if verbose:
                print(outcome, flush=True)
    saved = sum(one.saved for one in outcomes)
    rows = [
        ["sessions", str(len(outcomes))],
        ["things done", str(sum(one.steps for one in outcomes))],
        ["checks saved", str(saved)],
        ["there at the end", str(sum(one.found for one in outcomes))],
        ["in the bin", str(sum(one.binned for one in outcomes))],
        ["deleted for good", str(sum(one.purged for one in outcomes))],
        ["longest work at one thing, s", f"{max(one.slowest_s for one in outcomes):.2f}"],
        ["sessions with a fault", str(sum(bool(one.faults) for one in outcomes))],
    ]
    print_table("Random sessions", ("what", "how many"), rows)
    if any(one.faults for one in outcomes):
        raise typer.Exit(1)


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Keep all that the window writes in a folder, and start no program beside it."""
    from app.gui.background import reminder

    names = "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"
    own = dict.fromkeys((*names, "BELTLINE_CONFIG_DIR", "XDG_RUNTIME_DIR"), str(folder))
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    connect = reminder.ReminderLink.connect_or_start
    reminder.ReminderLink.connect_or_start = lambda _: None  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        reminder.ReminderLink.connect_or_start = connect  # type: ignore[method-assign]
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


class RandomSession:
    """One window, and what is done with it.

    Parameters
    ----------
    folder
        For settings, history, and whatever is written.
    seed
        Chooses what is done.
    pictures
        What is opened and dropped; the samples for none given.
    """

    def __init__(
        self,
        application: QApplication,
        folder: Path,
        seed: int,
        pictures: list[Path] | None = None,
    ) -> None:
        self._app, self._folder, self._random = application, folder, random.Random(seed)
        self._pictures = pictures if pictures is not None else sample_pictures()
        self.outcome = SessionOutcome(seed)
        from PyQt6.QtTest import QTest

        #: Its functions are told to belong to an object, which they do not.
        self._test: Any = QTest
        self._done: list[str] = []
        self._acts: dict[str, Callable[[], None]] = {
            "open": self._open_picture,
            "save": self._save,
            "drop": self._drop_picture,
            "shortcut": self._shortcut,
            "press": self._press,
            "type": self._type,
            "choose": self._choose,
            "key": self._key,
            "click": self._click,
            "delete": self._delete,
            "restart": self._restart,
        }
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, steps: int) -> SessionOutcome:
        """Do so many things, look whether anything went wrong, and close the window."""
        from PyQt6.QtCore import QTimer

        menus = QTimer()
        menus.timeout.connect(self._use_menu)
        menus.start(_MENU_MS)
        acts, weights = list(_ACTS), list(_ACTS.values())
        with self._watching(), self._counting_purged():
            self.window = self._open_window()
            for _ in range(steps):
                act = self._random.choices(acts, weights)[0]
                self._do(act)
                self.outcome.steps += 1
            self._close_dialogs()
            self._press_all_keys()
            self._close_window()
        menus.stop()
        self._look_for_checks()
        return self.outcome

    # One thing after the other

    def _do(self, act: str) -> None:
        begun_s, worked_s = time.perf_counter(), time.thread_time()
        try:
            self._acts[act]()
            self._live(self._random.choice((0.0, 0.0, 0.005, 0.04)))
        except Exception:  # whatever it is, it is what is looked for
            self._fault(traceback.format_exc())
        taken_s, worked_s = time.perf_counter() - begun_s, time.thread_time() - worked_s
        if act not in ("open", "save", "restart"):
            self.outcome.slowest_s = max(self.outcome.slowest_s, worked_s)
            if worked_s > STUCK_S or taken_s > DEAD_S:
                self._fault(f"no answer for {taken_s:.1f} s, {worked_s:.1f} s of them at work")

    def _open_picture(self) -> None:
        picture = self._random.choice(self._pictures)
        self._note(f"open {picture.name}")
        self._close_dialogs()
        self.window.open_photo(str(picture))
        self._live(self._random.choice((0.01, 0.3, 1.2)))

    def _save(self) -> None:
        """Save a picture once it is measured; a refused one has nothing to save."""
        from app.gui.check.page import CheckState

        self._open_picture()
        page = self.window.pages.check()
        until_s = time.perf_counter() + _SETTLE_S
        while page.state is CheckState.MEASURING and time.perf_counter() < until_s:
            self._live(0.01)
        self._note("Ctrl+S")
        self._test.keySequence(self._target(), "Ctrl+S")

    def _drop_picture(self) -> None:
        from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
        from PyQt6.QtGui import QDropEvent

        self._close_dialogs()
        self.window.show_page("check")
        picture = self._random.choice([*self._pictures, Path(__file__)])
        self._note(f"drop {picture.name}")
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(picture))])
        left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
        none = Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(50, 50), copy, mime, left, none)
        self.window.pages.check().dropEvent(event)
        self._live(self._random.choice((0.01, 0.8)))

    def _shortcut(self) -> None:
        keys = self._random.choice(_SHORTCUTS)
        self._note(keys)
        self._test.keySequence(self._target(), keys)

    def _press(self) -> None:
        from PyQt6.QtWidgets import QAbstractButton, QPushButton, QToolButton

        buttons = [
            button
            for button in self._top().findChildren(QAbstractButton)
            if button.isVisible()
            and button.isEnabled()
            and not any(word in button.text().lower() for word in _NOT_PRESSED)
        ]
        if not buttons:
            return
        button = self._random.choice(buttons)
        self._note(f"press {button.text() or button.accessibleName()!r}")
        if isinstance(button, QPushButton | QToolButton) and (menu := button.menu()) is not None:
            menu.aboutToShow.emit()
            self._use(menu)
        else:
            button.click()

    def _type(self) -> None:
        from PyQt6.QtWidgets import QLineEdit

        fields = [one for one in self._top().findChildren(QLineEdit) if _is_there(one)]
        if fields:
            chosen = self._random.choice(fields)
            self._note(f"type into {chosen.accessibleName()!r}")
            chosen.setFocus()
            self._test.keyClicks(chosen, self._random.choice(_TYPED))

    def _choose(self) -> None:
        from PyQt6.QtWidgets import QComboBox

        boxes = [one for one in self._top().findChildren(QComboBox) if _is_there(one)]
        boxes = [one for one in boxes if one.count()]
        if not boxes:
            return
        box = self._random.choice(boxes)
        place = self._random.randrange(box.count())
        words = box.itemText(place)
        if not any(name in words.lower() for name in _NOT_CHOSEN):
            self._note(f"choose {words!r}")
            box.setCurrentIndex(place)
            box.activated.emit(place)

    def _key(self) -> None:
        from PyQt6.QtCore import Qt

        name = self._random.choice(_KEYS)
        self._note(f"key {name}")
        self._test.keyClick(self._target(), Qt.Key[f"Key_{name}"])

    def _click(self) -> None:
        from PyQt6.QtCore import QPoint, Qt

        top = self._top()
        x, y = (self._random.randrange(max(1, side)) for side in (top.width(), top.height()))
        below = top.childAt(x, y)
        words = getattr(below, "text", str)().lower() if below is not None else ""
        if not any(word in words for word in _NOT_PRESSED):
            self._note(f"click at {x}, {y}")
            self._test.mouseClick(top, Qt.MouseButton.LeftButton, pos=QPoint(x, y))

    def _delete(self) -> None:
        """Delete the newest check, as the History page does."""
        self._close_dialogs()
        self.window.show_page("history")
        self._live(0.3)
        browser = self.window.pages.history().browser
        count = browser.model.rowCount()
        if count:
            self._note("delete a check")
            browser.list.select_row(self._random.randrange(count))
            self._live(0.01)
            browser.delete.click()

    def _restart(self) -> None:
        self._note("restart")
        self._close_dialogs()
        self._close_window()
        self.window = self._open_window()

    # What was done, and what came of it

    def _note(self, what: str) -> None:
        self._done.append(what)

    def _fault(self, what: str) -> None:
        before = " > ".join(self._done[-6:])
        self.outcome.faults.append(f"after {before}: {what.strip()[-1500:]}")

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Take every exception that nobody caught, and every error that is logged, as a fault."""
        before = sys.excepthook

        def tell(
            kind: type[BaseException], error: BaseException, trace: TracebackType | None
        ) -> None:
            self._fault("".join(traceback.format_exception(kind, error, trace)))

        log = _ErrorLog(self._fault)
        sys.excepthook = tell
        logging.getLogger().addHandler(log)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(log)
            sys.excepthook = before

    @contextmanager
    def _counting_purged(self) -> Iterator[None]:
        """Count the checks that are deleted for good."""
        from app.history.store import History

        purge = History.purge

        def counted(history: History, *deletions: str) -> None:
            named = [one for one in history.deletions() if not deletions or one.name in deletions]
            purge(history, *deletions)
            self.outcome.purged += sum(one.checks for one in named)

        History.purge = counted  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            History.purge = purge  # type: ignore[method-assign]

    def _press_all_keys(self) -> None:
        """See that the keys of the window do what they are for, whatever has been done before."""
        from PyQt6.QtWidgets import QFileDialog

        from app.gui.keys import KeysDialog

        pages = [entry.key for entry in self.window.pages.entries]
        for number, page in [*enumerate(pages, 1)][::-1]:
            self._press_and_see(f"Ctrl+{number}", partial(self._shows, page))
        modal = self._app.activeModalWidget
        self._press_and_see("F1", lambda: isinstance(modal(), KeysDialog))
        was_full = self.window.isFullScreen()
        self._press_and_see("F11", lambda: self.window.isFullScreen() != was_full)
        self._press_and_see("Ctrl+O", lambda: isinstance(modal(), QFileDialog))

    def _shows(self, page: str) -> bool:
        return self.window.page == page

    def _press_and_see(self, keys: str, is_done: Callable[[], bool]) -> None:
        """Press keys, and see soon that something comes of it."""
        self._note(keys)
        self._test.keySequence(self._target(), keys)
        try:
            wait(self._app, is_done, nap_s=0.002, patience_s=_ANSWER_S)
        except TimeoutError:
            self._fault(f"{keys} did nothing")
        self._close_dialogs()

    def _look_for_checks(self) -> None:
        from app.history.place import Place
        from app.history.records import RowQuery
        from app.history.store import History

        with History.open(Place(self._folder / "data")) as history:
            self.outcome.found = history.count(RowQuery(None))
            self.outcome.binned = sum(one.checks for one in history.deletions())
        outcome = self.outcome
        if outcome.found + outcome.binned + outcome.purged < outcome.saved:
            self._fault(f"a check is lost: {outcome}")

    # The window

    def _open_window(self) -> MainWindow:
        window = new_window(self._folder, warm_up=False, live_voice=False, live_tones=False)
        window.resize(900 + self._random.randrange(400), 600 + self._random.randrange(300))
        window.service.check_saved.connect(lambda _: self._count_saved())
        window.show()
        self._live(0.15)
        return window

    def _count_saved(self) -> None:
        self.outcome.saved += 1

    def _close_window(self) -> None:
        """Close it as a person does, once what is under way has ended."""
        jobs = self.window.jobs
        try:
            wait(self._app, lambda: not jobs.awaited, nap_s=0.002, patience_s=_SETTLE_S)
        except TimeoutError:
            self._fault(f"still waiting for {jobs.awaited}")
        self.window.close()
        self.window.deleteLater()
        self._live(0.05)

    def _close_dialogs(self) -> None:
        from PyQt6.QtWidgets import QDialog

        for _ in range(20):
            top = self._app.activePopupWidget() or self._app.activeModalWidget()
            if top is None:
                return
            if isinstance(top, QDialog):
                top.reject()
            else:
                top.close()
            self._live(0.005)
        self._fault(f"a dialog does not go: {self._app.activeModalWidget()}")

    def _top(self) -> QWidget:
        from PyQt6.QtWidgets import QFileDialog

        top = self._app.activePopupWidget() or self._app.activeModalWidget() or self.window
        if isinstance(top, QFileDialog):
            top.reject()
            return self.window
        if top is self.window and self._app.activeWindow() is not top:
            top.activateWindow()  # a screen's window manager does so by itself
            self._live(0.005)
        return top

    def _target(self) -> QWidget:
        """Return what keys go to."""
        top = self._top()
        focused = self._app.focusWidget()
        return focused if focused is not None and focused.window() is top.window() else top

    def _use_menu(self) -> None:
        """Close a menu that was opened by a click, and what Qt's print dialog asks beside it.

        Whoever opened them waits until they are closed.
        """
        from PyQt6.QtPrintSupport import QAbstractPrintDialog
        from PyQt6.QtWidgets import QDialog, QMenu

        popup, asked = self._app.activePopupWidget(), self._app.activeModalWidget()
        if isinstance(popup, QMenu):
            popup.close()
        if isinstance(asked, QDialog):
            asker = asked.parentWidget()
            if asker is not None and isinstance(asker.window(), QAbstractPrintDialog):
                asked.reject()

    def _use(self, menu: QMenu) -> None:
        actions = [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
        if actions:
            action = self._random.choice(actions)
            self._note(f"choose {action.text()!r}")
            action.trigger()

    def _live(self, seconds: float) -> None:
        """Let the window live for a while."""
        from PyQt6.QtCore import QEvent

        end_s = time.perf_counter() + seconds
        while True:
            begun_s = time.thread_time()
            self._app.processEvents()
            # Outside of an event loop of Qt's own what is to be deleted stays.
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.outcome.slowest_s = max(self.outcome.slowest_s, time.thread_time() - begun_s)
            if time.perf_counter() >= end_s:
                return
            time.sleep(0.002)


class _ErrorLog(logging.Handler):
    """Hands on what is logged as an error."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell
        self.setFormatter(logging.Formatter("logged by %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(self.format(record))


def _is_there(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()
