"""The Exercises page with everything round it: a real history, the real player, no sound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.exercises.page import ExercisesPage, Screen
from app.gui.exercises.player import ExercisePlayer
from app.history.diary import EntryKind, ExerciseSet, Screening, ScreeningOutcome
from app.history.place import Place
from app.history.store import History
from app.system.speech import Voice

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.history.diary import Content

TIMEOUT_MS = 8000
CLEAR = Screening(ScreeningOutcome.CLEAR)
BRIDGES = ExerciseSet("glute_bridge", 10, 2.0)


def now() -> datetime:
    return datetime.now(UTC).astimezone()


class Room:
    """A page on a history of its own."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.place = qtbot, Place(folder / "data")
        self.handle = HistoryHandle(lambda: History.open(self.place))
        self.jobs = Jobs()
        self.service = HistoryService(self.jobs, self.handle, None)
        #: Raised in place of opening the history, while there is one.
        self.error: Exception | None = None
        self.said: list[str] = []
        with qtbot.waitSignal(self.service.profiles_changed, timeout=TIMEOUT_MS):
            self.service.load()

    @property
    def profile_id(self) -> int:
        return self.handle.history().default_profile().id

    def note(self, content: Content, ago: timedelta = timedelta(0)) -> None:
        self.handle.history().note(self.profile_id, now() - ago, content)

    def kept(self, kind: EntryKind, profile_id: int | None = None) -> list[Content]:
        """Return what is in the history, oldest first."""
        whose = self.profile_id if profile_id is None else profile_id
        return [entry.content for entry in self.handle.history().entries(whose, kind)]

    def open(self, screened: Screening | None = CLEAR) -> ExercisesPage:
        """Show the page as the window does."""
        if screened is not None:
            self.note(screened)
        self.player = ExercisePlayer(self.jobs, voice=Voice(is_muted=True))
        self.page = ExercisesPage(self.jobs, self.service, self._history, self.player)
        self.page.status.connect(self.said.append)
        self.page.resize(790, 560)
        self.qtbot.addWidget(self.page)
        self.page.show()
        self.page.activateWindow()
        self.page.refresh()
        self.settle()
        return self.page

    def shown(self) -> Screen:
        """Return what the page shows now."""
        return self.page.shown

    def settle(self) -> None:
        """Wait until all that was to be read and kept is."""
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.jobs._waiting, timeout=TIMEOUT_MS)
            self.qtbot.wait(5)

    def start(self, card: int) -> None:
        """Begin the exercise of a card, as far as its player."""
        assert self.shown() is Screen.HOME
        self.page.home.cards[card].open_button.click()
        self.page.detail.start.click()
        assert self.shown() is Screen.PLAYER

    def close(self) -> None:
        if hasattr(self, "page"):
            self.page.close()
        assert self.jobs.close(5000)
        self.handle.close()

    def _history(self) -> History:
        if self.error is not None:
            raise self.error
        return self.handle.history()
