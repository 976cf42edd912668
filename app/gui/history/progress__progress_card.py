"""What was done, in words and as a band below or without a trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.gui.history.progress_band import ProgressBand
from app.gui.style.dates import day_and_month
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.text import progress as progress_words

if TYPE_CHECKING:
    from datetime import date

    from app.gui.history.progress_band__progress_shape import Mark, Marks
    from app.gui.history.trend_plot import TrendPlot
    from app.history.progress import Period, Progress

_GAP_PX = GAP_PX // 2


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

    def show_progress(self, progress: Progress, marks: Marks, today: date) -> None:
        """Show this; hidden where there is nothing."""
        self._week = progress_words.summary(progress, today)
        self._legend = progress_words.legend(progress)
        self.band.show_marks(marks)
        self._say_pointed(None)
        self.setVisible(self.has_any)

    def _say_pointed(self, mark: Mark | None) -> None:
        shows = f"{self._legend} {self.tr(progress_words.HABIT)}"
        said = "" if mark is None else self._describe(mark.period)
        has_foot = self._is_whole
        self.summary.setText(self._week if has_foot or not said else said)
        self.foot.setText(said or shows)
        self.summary.setToolTip("" if has_foot else shows)
        help_ = f"{self._week} {shows} {self.tr(progress_words.BAND_HELP)}"
        self.band.setAccessibleDescription(said or help_)

    def _describe(self, period: Period) -> str:
        return progress_words.pointed(period, self._when(period.first))

    def _when(self, day: date) -> str:
        form = "d MMM yyyy" if day_and_month(self.locale()).startswith("d") else "MMM d, yyyy"
        return self.locale().toString(QDate(day.year, day.month, day.day), form)
