"""What a person did, on the History page: below the trend, and alone before any check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from app.gui.history.progress__progress_card import ProgressCard
from app.gui.history.progress__progress_room import ProgressRoom
from app.gui.history.progress_band__progress_shape import Marks, marks_of
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.progress import Progress, read_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.jobs import Jobs
    from app.gui.history.trend import TrendPanel
    from app.history.store import History

_KEY = "history progress"


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What a thread read and counted."""

    progress: Progress
    marks: Marks


class ProgressShelf(QObject):
    """Reads one person's diary and shows what it tells.

    Parameters
    ----------
    jobs, open_history
        It is read with these.
    trend
        Gets the band below its plot.
    """

    failed = pyqtSignal(Exception)
    #: Whether there is anything, each time it was read.
    shown = pyqtSignal(bool)

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        trend: TrendPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open, self._trend = jobs, open_history, trend
        self._progress = Progress()
        self.beside, self.alone = ProgressCard(trend.plot), ProgressCard()
        layout = trend.layout()
        assert layout is not None
        layout.addWidget(self.beside)

    @property
    def has_any(self) -> bool:
        """Whether there is anything, as far as was read."""
        return bool(self._progress.days)

    def share_room(self, splitter: QSplitter) -> None:
        """Share the height with what lies below the trend."""
        self._room = ProgressRoom(self.beside, self._trend, splitter)

    def below(self, words: QWidget) -> QWidget:
        """Return a page with these words, and what was done below them."""
        self._frame = QFrame()
        set_kind(self._frame, Kind.CARD)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(*(2 * GAP_PX,) * 4)
        inside.addWidget(self.alone)
        self._frame.hide()
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.addWidget(words, 1)
        layout.addWidget(self._frame)
        return page

    def show_profile(self, profile_id: int) -> None:
        """Read what this person did and show it."""

        def work() -> _Read:
            progress = read_progress(self._open(), profile_id)
            return _Read(progress, marks_of(progress))

        self._jobs.start(_KEY, work, self._show, self.failed.emit)

    def clear(self) -> None:
        """Show nothing, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._show(_Read(Progress(), marks_of(Progress())))

    def _show(self, read: _Read) -> None:
        self._progress = read.progress
        self._trend.plot.make_room_for(read.marks.time)
        today = date.today()
        for card in (self.beside, self.alone):
            card.show_progress(read.progress, read.marks, today)
        self._room.share()
        self._frame.setVisible(self.has_any)
        self.shown.emit(self.has_any)
