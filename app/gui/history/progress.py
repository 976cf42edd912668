"""What a person did, on the History page: below the trend, and alone before any check."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QLabel, QSplitter, QVBoxLayout, QWidget

from app.gui.history.progress_band import BandMarks, ProgressBand, marks_of
from app.gui.style.dates import day_and_month
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.progress import Progress, read_progress
from app.text import progress as progress_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.jobs import Jobs
    from app.gui.history.plot import TrendPlot
    from app.gui.history.progress_band import BandMark
    from app.gui.history.trend import TrendPanel
    from app.history.store import History


_KEY = "history progress"
_GAP_PX = GAP_PX // 2
_SIZE_EVENTS = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)


class ProgressSection(QObject):
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
        trend.add_below(self.beside)

    @property
    def has_any(self) -> bool:
        """Whether there is anything, as far as was read."""
        return bool(self._progress.days)

    def share_height(self, splitter: QSplitter) -> None:
        """Share the height with what lies below the trend."""
        self._sizer = ProgressSizer(self.beside, self._trend, splitter)

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

        def work() -> tuple[Progress, BandMarks]:
            progress = read_progress(self._open(), profile_id)
            return progress, marks_of(progress)

        self._jobs.start(_KEY, work, lambda found: self._show(*found), self.failed.emit)

    def clear(self) -> None:
        """Show nothing, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._show(Progress(), marks_of(Progress()))

    def _show(self, progress: Progress, marks: BandMarks) -> None:
        self._progress = progress
        self._trend.make_room_for(marks.time)
        today = date.today()
        for card in (self.beside, self.alone):
            card.show_progress(progress, marks, today)
        self._sizer.share()
        self._frame.setVisible(self.has_any)
        self.shown.emit(self.has_any)


class ProgressCard(QWidget):
    """Says this week in words, shows the band, and says what it points at.

    Parameters
    ----------
    plot
        The trend whose time the band shares; None where there is none.
    """

    def __init__(self, plot: TrendPlot | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary, self.foot = QLabel(), QLabel()
        self._week, self._legend = "", ""
        self._is_whole = True
        self.band = ProgressBand(plot)
        self.band.pointed.connect(self._say_pointed)
        for label, kind in ((self.summary, Kind.BODY), (self.foot, Kind.MUTED)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            set_kind(label, kind)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        for part in (self.summary, self.band, self.foot):
            layout.addWidget(part)
        self.hide()

    @property
    def has_any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._week)

    def height_for(self, width_px: int, whole: bool) -> int:
        """Return how tall it is at this width, with what the band shows or without."""
        parts = [self.summary.heightForWidth(width_px), self.band.sizeHint().height()]
        parts += [self.foot.heightForWidth(width_px)] if whole else []
        return sum(parts) + _GAP_PX * (len(parts) - 1)

    def show_whole(self, whole: bool) -> None:
        """Say what the band shows or points at below it; without, only in place of the week."""
        if whole != self._is_whole:
            self._is_whole = whole
            self.foot.setVisible(whole)
            self._say_pointed(self.band.mark)

    def show_progress(self, progress: Progress, marks: BandMarks, today: date) -> None:
        """Show this; hidden where there is nothing."""
        self._week = progress_words.summary(progress, today)
        self._legend = progress_words.legend(progress)
        self.band.show_marks(marks)
        self._say_pointed(None)
        self.setVisible(self.has_any)

    def _say_pointed(self, mark: BandMark | None) -> None:
        shows = f"{self._legend} {progress_words.HABIT}"
        said = ""
        if mark is not None:
            said = progress_words.pointed(mark.period, self._date(mark.period.first))
        has_foot = self._is_whole
        self.summary.setText(self._week if has_foot or not said else said)
        self.foot.setText(said or shows)
        self.summary.setToolTip("" if has_foot else shows)
        help_ = f"{self._week} {shows} {progress_words.BAND_HELP}"
        self.band.setAccessibleDescription(said or help_)

    def _date(self, day: date) -> str:
        form = "d MMM yyyy" if day_and_month(self.locale()).startswith("d") else "MMM d, yyyy"
        return self.locale().toString(QDate(day.year, day.month, day.day), form)


class ProgressSizer(QObject):
    """Lets the card have what the plot and the table can spare, however wide the words run.

    Parameters
    ----------
    card
        Lies at the foot of ``panel``; asked to leave words out, or to hide.
    panel
        The upper part of ``splitter``.
    splitter
        Whose lower part keeps the height it needs.
    """

    def __init__(self, card: ProgressCard, panel: QWidget, splitter: QSplitter) -> None:
        super().__init__(splitter)
        self._card, self._panel, self._splitter = card, panel, splitter
        self._is_busy, self._was_shown = False, False
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Share the room anew whenever there is more or less of it."""
        if event is not None and event.type() in _SIZE_EVENTS:
            self.share()
        return super().eventFilter(watched, event)

    def share(self) -> None:
        """Show as much of the card as there is room for."""
        if self._is_busy:
            return
        self._is_busy = True
        try:
            self._share()
        finally:
            self._is_busy = False

    def _share(self) -> None:
        card, panel = self._card, self._panel
        if not card.has_any:
            card.hide()
            panel.setMinimumHeight(0)
            self._was_shown = False
            return
        rest, inside = self._without_card()
        least, all_ = (rest + card.height_for(inside, whole) for whole in (False, True))
        below = self._splitter.widget(1)
        taken = below.minimumSizeHint().height() if below is not None else 0
        most = self._splitter.height() - self._splitter.handleWidth() - taken
        fits = least <= most
        panel.setMinimumHeight(least if fits else 0)
        card.setVisible(fits)
        if fits and not self._was_shown and panel.height() < all_ <= most:
            self._splitter.setSizes([all_, self._splitter.height() - all_])
        self._was_shown = fits
        card.show_whole(panel.height() >= all_)

    def _without_card(self) -> tuple[int, int]:
        """Return the height of everything else on the panel, and the width inside it."""
        layout = self._panel.layout()
        assert layout is not None
        margins, wide = layout.contentsMargins(), self._panel.width()
        inside = wide - margins.left() - margins.right()
        tall = margins.top() + margins.bottom()
        for index in range(layout.count()):
            item = layout.itemAt(index)
            if item is None or item.widget() is self._card:
                continue
            by_width = item.hasHeightForWidth()
            least = item.minimumSize().height()
            tall += max(least, item.heightForWidth(inside)) if by_width else least
            tall += layout.spacing()
        return tall, inside
