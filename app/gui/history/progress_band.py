"""A slim band of what was done: exercises, breaks and self-checks on the trend's time axis."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.history.scale import DAY_S, Span
from app.gui.style.theme import colours
from app.history.progress import Period, Progress, Unit, level_of
from app.history.records import Ability
from app.text import progress as progress_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.gui.history.plot import TrendPlot


#: However much time is in view, a mark is no wider.
WIDEST_PX = 10.0
_AWAY_OPACITY, _RING_PX, _SMALLEST_PX = 0.45, 1.5, 2.0
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
_PALEST = 0.35
_GAP_PX, _FOCUS_PX, _MARGIN_PX = 3, 2, 8
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


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
        How strongly exercises are painted, 0 to 1; 0 for none.
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


def _mark(period: Period) -> BandMark:
    first_s, last_s = start_s(period.first), start_s(period.last) + DAY_S
    if period.last < date.max:
        last_s = start_s(date.fromordinal(period.last.toordinal() + 1))
    amount = period.sets if period.unit is Unit.DAY else period.exercise_days
    strength = _PALEST + (1 - _PALEST) * min(1.0, amount / _FULL_EXERCISES[period.unit])
    full = max(_FULL_BREAKS[period.unit], period.breaks)
    level = None if period.answers is None else level_of(period.answers)
    return BandMark(
        period,
        Span(first_s, max(last_s, first_s + 1)),
        strength if amount else 0.0,
        period.breaks_taken / full,
        period.breaks_away / full,
        level,
    )


class ProgressBand(QWidget):
    """Draws days, weeks or months, whichever are wide enough, and points at one of them.

    Parameters
    ----------
    plot
        The trend whose time it shows; on its own it shows all the time there is.
    """

    #: The :class:`BandMark` pointed at by mouse or keys, or None.
    pointed = pyqtSignal(object)

    def __init__(self, plot: TrendPlot | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        heights = [round(self._row_px(row)) + _GAP_PX for row in self._rows]
        return QSize(200, sum(heights) + _GAP_PX + 2 * _FOCUS_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def _row_px(self, row: _BandRow) -> float:
        return row.height * self.fontMetrics().height()

    def _time(self) -> Span:
        if self._plot is not None and self._plot.trend is not None:
            return self._plot.time_in_view
        return whole_time(self._marks) if self._marks.time is not None else Span(0.0, 1.0)

    def _edges_px(self) -> Span:
        """Return between which x the time in view lies."""
        plot = self._plot
        if plot is None or plot.trend is None:
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

    def changeEvent(self, event: QEvent | None) -> None:
        """Take on the colours of a new scheme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the rows, and a frame while keys go to it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges, scale = self._edges_px(), self._scale()
        painter.save()
        painter.setClipRect(QRectF(edges.first, 0, edges.last - edges.first, self.height()))
        time, marks = self._time(), self.in_view()
        if self._pointed is not None:
            x = edges.first + (self._pointed.middle_s - time.first) * scale
            half = max((self._pointed.time.last - self._pointed.time.first) * scale, 6.0) / 2
            painter.fillRect(QRectF(x - half, 0, 2 * half, self.height()), QColor(colours().line))
        top = _FOCUS_PX + _GAP_PX
        for row in self._rows:
            tall = self._row_px(row)
            for mark in marks:
                middle = edges.first + (mark.middle_s - time.first) * scale
                wide = min((mark.time.last - mark.time.first) * scale - 1, WIDEST_PX)
                row.paint(painter, mark, QPointF(middle, top), QSizeF(wide, tall))
            top += round(tall) + _GAP_PX
        painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours().accent), _FOCUS_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


def _paint_exercises(painter: QPainter, mark: BandMark, at: QPointF, size: QSizeF) -> None:
    """Paint a square, stronger the more was done."""
    if mark.exercise:
        colour = QColor(colours().mark)
        colour.setAlphaF(mark.exercise)
        side = min(size.width(), size.height())
        top = at.y() + (size.height() - side) / 2
        painter.fillRect(QRectF(at.x() - side / 2, top, side, side), colour)


def _paint_breaks(painter: QPainter, mark: BandMark, at: QPointF, size: QSizeF) -> None:
    """Paint a bar, those that were noticed paler and above those that were said."""
    foot = at.y() + size.height()
    for share, opacity in ((mark.taken, 1.0), (mark.away, _AWAY_OPACITY)):
        if share:
            colour = QColor(colours().muted)
            colour.setAlphaF(opacity)
            tall = max(share * size.height(), 1.0)
            left = at.x() - size.width() / 2
            painter.fillRect(QRectF(left, foot - tall, size.width(), tall), colour)
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
