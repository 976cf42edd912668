"""What somebody did, below the trend and alone before any check: this week, and a band of days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QFrame, QSizePolicy, QSplitter, QWidget

from app.gui.history.scale import DAY_S, Span
from app.gui.style.dates import day_only
from app.gui.style.theme import (
    GAP_PX,
    LESSER_OPACITY,
    PAGE_MARGIN_PX,
    Kind,
    colours,
    ink,
    paint_focus_frame,
    set_kind,
)
from app.gui.widgets.cards import in_column, words
from app.history.progress import Period, Progress, Unit, level_of, read_progress
from app.history.records import Ability
from app.text.change import progress as progress_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.gui.background.jobs import Jobs
    from app.gui.history.trend import TrendPanel, TrendPlot
    from app.history.store import History

_KEY = "history progress"
_GAP_PX = GAP_PX // 2
_SIZE_EVENTS = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)
#: However much time is in view, a mark is no wider.
WIDEST_PX = 10.0
_RING_PX, _SMALLEST_PX = 1.5, 2.0
#: In sixteenths of a degree, as Qt counts.
_TOP, _LEFT_HALF = 90 * 16, 180 * 16
#: Narrower than this, neighbours run into one another, so more days are drawn as one.
NARROWEST_PX = 5.0
#: So many days in view at least, where there is no trend beside.
_LEAST_DAYS = 28
_DAYS: Mapping[Unit, float] = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.4}
#: What is drawn as full: sets in a day or else days with exercises, and breaks.
_FULL_EXERCISES: Mapping[Unit, float] = {Unit.DAY: 6.0, Unit.WEEK: 3.0, Unit.MONTH: 12.0}
_FULL_BREAKS: Mapping[Unit, float] = {Unit.DAY: 8.0, Unit.WEEK: 40.0, Unit.MONTH: 160.0}
#: Side of the square for the least that was done, as a share of the largest.
_LEAST_SIDE = 0.4
_ROW_GAP_PX, _FOCUS_PX, _MARGIN_PX = 3, 2, 8
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


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

    def below(self, said: QWidget) -> QWidget:
        """Return a page with this, and what was done below it."""
        self._frame = QFrame()
        set_kind(self._frame, Kind.CARD)
        in_column(self.alone, on=self._frame, margins_px=2 * GAP_PX)
        self._frame.hide()
        page = QWidget()
        in_column(
            (said, 1), self._frame, on=page, margins_px=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        )
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

    def __init__(self, plot: TrendPlot | None = None) -> None:
        super().__init__()
        # Not empty, for then they would hide.
        self.summary, self.foot = words(" "), words(" ", Kind.MUTED, can_copy=False)
        self._week, self._legend = "", ""
        self._is_whole = True
        self.band = ProgressBand(plot)
        self.band.pointed.connect(self._say_pointed)
        in_column(self.summary, self.band, self.foot, on=self, gap_px=_GAP_PX)
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
            said = progress_words.pointed(mark.period, day_only(self.locale(), mark.period.first))
        has_foot = self._is_whole
        self.summary.setText(self._week if has_foot or not said else said)
        self.foot.setText(said or shows)
        self.summary.setToolTip("" if has_foot else shows)
        help_ = f"{self._week} {shows} {progress_words.BAND_HELP}"
        self.band.setAccessibleDescription(said or help_)


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


@dataclass(frozen=True, slots=True)
class BandMark:
    """One period as it is drawn.

    Attributes
    ----------
    period
        What was done in it.
    time
        When it begins and ends.
    exercise
        Side of the square for exercises as a share of the largest, 0 to 1; 0 for none.
    taken, away
        How tall the bars of breaks are, of the row's height; together at most 1.
    level
        What the newest self-check in it says, or None.
    """

    period: Period
    time: Span
    exercise: float
    taken: float
    away: float
    level: Ability | None

    @property
    def middle_s(self) -> float:
        """The middle of its time."""
        return (self.time.first + self.time.last) / 2


@dataclass(frozen=True, slots=True, eq=False)
class BandMarks:
    """Everything that can be drawn of one person.

    Attributes
    ----------
    by_unit
        Marks of days, weeks and months, oldest first.
    time
        From when to when they go; None where there are none.
    """

    by_unit: Mapping[Unit, tuple[BandMark, ...]]
    time: Span | None


def marks_of(progress: Progress) -> BandMarks:
    """Return what is drawn of somebody's progress."""
    groups = (progress.days, progress.weeks, progress.months)
    by_unit = {unit: tuple(map(_mark, group)) for unit, group in zip(Unit, groups, strict=True)}
    days = by_unit[Unit.DAY]
    return BandMarks(by_unit, Span(days[0].time.first, days[-1].time.last) if days else None)


def unit_for(px_per_s: float) -> Unit:
    """Return the shortest unit that is wide enough to be seen."""
    wide = (unit for unit in Unit if _DAYS[unit] * DAY_S * px_per_s >= NARROWEST_PX)
    return next(wide, Unit.MONTH)


def whole_time(marks: BandMarks) -> Span:
    """Return a time axis of its own for these marks, of four weeks at least."""
    assert marks.time is not None
    first, last = marks.time.first, marks.time.last
    return Span(min(first, last - _LEAST_DAYS * DAY_S), last)


def start_s(day: date) -> float:
    """Return when a day begins by this computer's clock.

    Where that clock knows nothing of a day so far off, midnight in UTC.
    """
    midnight = datetime(day.year, day.month, day.day)
    try:
        return midnight.timestamp()
    except (OverflowError, ValueError, OSError):
        return midnight.replace(tzinfo=UTC).timestamp()


class ProgressBand(QWidget):
    """Draws days, weeks or months, whichever are wide enough, and points at one of them.

    Parameters
    ----------
    plot
        The trend whose time it shows; on its own it shows all the time there is.
    """

    #: The :class:`BandMark` pointed at by mouse or keys, or None.
    pointed = pyqtSignal(object)

    def __init__(self, plot: TrendPlot | None = None) -> None:
        super().__init__()
        self._plot = plot
        self._marks = BandMarks(dict.fromkeys(Unit, ()), None)
        self._rows: tuple[_BandRow, ...] = ()
        self._pointed: BandMark | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(progress_words.BAND)
        if plot is not None:
            plot.time_moved.connect(self._follow)

    @property
    def mark(self) -> BandMark | None:
        """What is pointed at."""
        return self._pointed

    @property
    def unit(self) -> Unit:
        """What one mark stands for at this zoom."""
        return unit_for(self._scale())

    def show_marks(self, marks: BandMarks) -> None:
        """Draw these from now on."""
        self._marks = marks
        days = marks.by_unit[Unit.DAY]
        self._rows = tuple(row for row in _ROWS if any(row.is_in(day) for day in days))
        self._point_at(None)
        self.updateGeometry()
        self.update()

    def in_view(self) -> Sequence[BandMark]:
        """Return what is drawn now, oldest first."""
        marks, time = self._marks.by_unit[self.unit], self._time()
        first = bisect_right(marks, time.first, key=lambda mark: mark.time.last)
        return marks[first : bisect_left(marks, time.last, key=lambda mark: mark.time.first)]

    def sizeHint(self) -> QSize:
        """Return as much room as the rows take."""
        heights = [round(self._row_px(row)) + _ROW_GAP_PX for row in self._rows]
        return QSize(200, sum(heights) + _ROW_GAP_PX + 2 * _FOCUS_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def _row_px(self, row: _BandRow) -> float:
        return row.height * self.fontMetrics().height()

    def _time(self) -> Span:
        if self._plot is not None and self._plot.is_shown:
            return self._plot.time_in_view
        return whole_time(self._marks) if self._marks.time is not None else Span(0.0, 1.0)

    def _edges_px(self) -> Span:
        """Return between which x the time in view lies."""
        plot = self._plot
        if plot is None or not plot.is_shown:
            return Span(_MARGIN_PX, max(self.width() - _MARGIN_PX, _MARGIN_PX + 1))
        left = self.mapFromGlobal(plot.mapToGlobal(QPoint(0, 0))).x()
        seen = plot.time_px
        return Span(left + seen.first, left + max(seen.last, seen.first + 1))

    def _scale(self) -> float:
        time, edges = self._time(), self._edges_px()
        return (edges.last - edges.first) / max(time.last - time.first, 1.0)

    def _x(self, at_s: float) -> float:
        return self._edges_px().first + (at_s - self._time().first) * self._scale()

    def _follow(self) -> None:
        if self._pointed is not None and self._pointed not in self.in_view():
            self._point_at(None)
        self.update()

    def _point_at(self, mark: BandMark | None) -> None:
        if mark is self._pointed:
            return
        self._pointed = mark
        self.update()
        self.pointed.emit(mark)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Point at what lies under the mouse."""
        if event is not None:
            self._point_at(self._under(event.position().x()))

    def _under(self, x_px: float) -> BandMark | None:
        reach_px = max(NARROWEST_PX, WIDEST_PX) / 2
        near = [
            mark
            for mark in self.in_view()
            if self._x(mark.time.first) - 1 <= x_px <= self._x(mark.time.last) + 1
            or abs(self._x(mark.middle_s) - x_px) <= reach_px
        ]
        return min(near, key=lambda mark: abs(self._x(mark.middle_s) - x_px), default=None)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Point at nothing when the mouse has gone."""
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go to the next mark in view, or to the first and last."""
        seen = self.in_view()
        if event is None or not seen:
            super().keyPressEvent(event)
            return
        key, last = Qt.Key(event.key()), len(seen) - 1
        if key in _KEYS:
            index = last if self._pointed not in seen else seen.index(self._pointed) + _KEYS[key]
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            index = 0 if key == Qt.Key.Key_Home else last
        else:
            super().keyPressEvent(event)
            return
        self._point_at(seen[min(max(index, 0), last)])

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the rows, and a frame while keys go to it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges, scale, time, marks = self._edges_px(), self._scale(), self._time(), self.in_view()
        painter.save()
        painter.setClipRect(QRectF(edges.first, 0, edges.last - edges.first, self.height()))
        if self._pointed is not None:
            x = edges.first + (self._pointed.middle_s - time.first) * scale
            half = max((self._pointed.time.last - self._pointed.time.first) * scale, 6.0) / 2
            painter.fillRect(QRectF(x - half, 0, 2 * half, self.height()), QColor(colours().line))
        top = _FOCUS_PX + _ROW_GAP_PX
        for row in self._rows:
            tall = self._row_px(row)
            for mark in marks:
                middle = edges.first + (mark.middle_s - time.first) * scale
                wide = min((mark.time.last - mark.time.first) * scale - 1, WIDEST_PX)
                row.paint(painter, mark, QPointF(middle, top), QSizeF(wide, tall))
            top += round(tall) + _ROW_GAP_PX
        painter.restore()
        if self.hasFocus():
            paint_focus_frame(painter, QRectF(self.rect()))


def _mark(period: Period) -> BandMark:
    first_s, last_s = start_s(period.first), start_s(period.last) + DAY_S
    if period.last < date.max:
        last_s = start_s(date.fromordinal(period.last.toordinal() + 1))
    amount = period.sets if period.unit is Unit.DAY else period.exercise_days
    size = _LEAST_SIDE + (1 - _LEAST_SIDE) * min(1.0, amount / _FULL_EXERCISES[period.unit])
    full = max(_FULL_BREAKS[period.unit], period.breaks)
    level = None if period.answers is None else level_of(period.answers)
    return BandMark(
        period,
        Span(first_s, max(last_s, first_s + 1)),
        size if amount else 0.0,
        period.breaks_taken / full,
        period.breaks_away / full,
        level,
    )


def _paint_exercises(painter: QPainter, mark: BandMark, at: QPointF, size: QSizeF) -> None:
    """Paint a square, larger the more was done."""
    if mark.exercise:
        side = mark.exercise * min(size.width(), size.height())
        box = QRectF(at.x() - side / 2, at.y() + (size.height() - side) / 2, side, side)
        painter.fillRect(box, QColor(colours().mark))


def _paint_breaks(painter: QPainter, mark: BandMark, at: QPointF, size: QSizeF) -> None:
    """Paint a bar, those that were noticed paler and above those that were said."""
    foot = at.y() + size.height()
    for share, opacity in ((mark.taken, 1.0), (mark.away, LESSER_OPACITY)):
        if share:
            tall = max(share * size.height(), 1.0)
            box = QRectF(at.x() - size.width() / 2, foot - tall, size.width(), tall)
            painter.fillRect(box, ink(colours().muted, opacity))
            foot -= tall


def _paint_level(painter: QPainter, mark: BandMark, at: QPointF, size: QSizeF) -> None:
    """Paint a full dot for yes, half of one for partly, a ring for no."""
    if mark.level is None:
        return
    ink, middle = QColor(colours().text), at + QPointF(0, size.height() / 2)
    radius = max((min(size.height(), WIDEST_PX) - _RING_PX) / 2, _SMALLEST_PX)
    painter.setPen(QPen(ink, _RING_PX))
    painter.setBrush(ink if mark.level is Ability.YES else Qt.GlobalColor.transparent)
    painter.drawEllipse(middle, radius, radius)
    if mark.level is Ability.PARTLY:
        painter.setBrush(ink)
        corner = middle - QPointF(radius, radius)
        painter.drawPie(QRectF(corner, QSizeF(2 * radius, 2 * radius)), _TOP, _LEFT_HALF)


@dataclass(frozen=True, slots=True)
class _BandRow:
    """A row of the band: its height in letters, what is in it, and how that is painted."""

    height: float
    is_in: Callable[[BandMark], object]
    paint: Callable[[QPainter, BandMark, QPointF, QSizeF], None]


#: From above.
_ROWS = (
    _BandRow(0.6, lambda mark: mark.exercise, _paint_exercises),
    _BandRow(1.0, lambda mark: mark.period.breaks, _paint_breaks),
    _BandRow(0.6, lambda mark: mark.level, _paint_level),
)
