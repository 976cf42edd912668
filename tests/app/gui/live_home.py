"""The Live page with everything round it: a scripted camera, a real history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.live.page import LivePage, PageState
from app.gui.preferences import LivePreferences
from app.history.place import Place
from app.history.ranges import read_ranges
from app.history.records import RowQuery
from app.history.store import History
from app.system.speech import Voice

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.history.ranges import RangeTaken
    from app.history.records import Check, Squeeze

KNOWN = LivePreferences(starts_itself=True, repeats=1, has_voice=False)
TIMEOUT_MS = 8000


class Lock(QObject):
    """A screen that is locked when a test says so."""

    locked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.is_watching = False

    def start(self) -> None:
        self.is_watching = True

    def stop(self) -> None:
        self.is_watching = False


class Home:
    """A page with everything round it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.place = qtbot, Place(folder / "data")
        self.handle = HistoryHandle(lambda: History.open(self.place))
        self.jobs = Jobs()
        self.service = HistoryService(self.jobs, self.handle, None)
        self.remembered: list[LivePreferences] = []
        self.lock = Lock()
        with qtbot.waitSignal(self.service.profiles_changed, timeout=TIMEOUT_MS):
            self.service.load()

    def open(self, preferences: LivePreferences = KNOWN) -> LivePage:
        self.page = LivePage(
            self.jobs,
            self.service,
            preferences,
            self.remembered.append,
            lock=self.lock,  # type: ignore[arg-type]
            voice=Voice(is_muted=True),
        )
        self.page.resize(900, 640)
        self.qtbot.addWidget(self.page)
        self.page.show()
        return self.page

    def wait_for(self, state: PageState) -> None:
        self.qtbot.waitUntil(lambda: self.page.state is state, timeout=TIMEOUT_MS)

    def settle(self) -> None:
        """Wait until everything that was to be kept is."""
        self.qtbot.waitUntil(lambda: not self.jobs._waiting, timeout=TIMEOUT_MS)
        self.qtbot.wait(20)

    def checks(self) -> list[Check]:
        history = self.handle.history()
        rows = history.rows(RowQuery(history.default_profile().id), 0, 10)
        return [history.check(row.id) for row in rows]

    def squeezes(self) -> list[Squeeze]:
        history = self.handle.history()
        return history.squeezes(history.default_profile().id)

    def ranges(self) -> list[RangeTaken]:
        history = self.handle.history()
        return read_ranges(history, history.default_profile().id)

    def close(self) -> None:
        self.page.close()
        assert self.jobs.close(5000)
        self.handle.close()
