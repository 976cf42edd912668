"""The trend's picture: what is painted, its axes, and what the wheel does.

Imports pyqtgraph; only :mod:`app.gui.history.trend` imports this, when a trend is first shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QDateTime, QLocale, Qt

from app.gui.history.scale import DAY_S, DateUnit, Span, date_marks, envelope, in_view
from app.gui.style.dates import day_and_month
from app.gui.style.theme import LESSER_OPACITY, colours, ink
from app.text.measurement import USUAL_HIGH_DEG, USUAL_LOW_DEG

if TYPE_CHECKING:
    from PyQt6.QtGui import QFont
    from PyQt6.QtWidgets import QGraphicsSceneWheelEvent, QWidget

    from app.history.change.trend_line import TrendLine
    from app.history.records import Trend, TrendOutline

#: With more checks in view than this, each one's bar could not be told from the next.
BARS_MOST = 400
#: With more lines than these none could be followed.
BANDS_MOST = 4
_DOT_PX, _DOT_SMALL_PX, _RING_PX = 4.5, 3.0, 8.0
_COLUMN_PX = 2.0
_MARK_EVERY_PX = 90
_SHORTEST_S = DAY_S / 24
#: Where the line lies: before the usual range, behind each check.
_LINE_Z = 1.2
_ROOM_DEG = 180.0
#: The usual range is named where it is so many times as tall as its words.
_WORDS_SHARE = 2.5


class TrendView(pg.PlotWidget):  # type: ignore[misc]  # published without types
    """The usual range, and the checks with what a change is judged by; dates are below."""

    def __init__(self, usual_range_words: str, locale: QLocale, parent: QWidget) -> None:
        axes = {"bottom": DateAxis(locale), "left": pg.AxisItem("left")}
        super().__init__(parent, background=None, viewBox=TimeBox(), axisItems=axes)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._trend: Trend | None = None
        self._outline: TrendOutline | None = None
        self._line: TrendLine | None = None
        self._opened: int | None = None
        self._pointed: int | None = None
        no_pen = pg.mkPen(None)
        usual = (USUAL_LOW_DEG, USUAL_HIGH_DEG)
        self._usual = pg.LinearRegionItem(usual, "horizontal", movable=False, pen=no_pen)
        self._level = pg.InfiniteLine(0.0, angle=0)
        self._words = pg.TextItem(usual_range_words, anchor=(1, 1))
        self._bars, self._dots = pg.ErrorBarItem(), pg.ScatterPlotItem()
        self._columns = [pg.BarGraphItem(x=(), width=1, height=(), pen=no_pen) for _ in range(2)]
        self._rings = pg.ScatterPlotItem(size=2 * _RING_PX, brush=None, antialias=True)
        self._bands: list[pg.FillBetweenItem] = []
        self._lines: list[pg.PlotCurveItem] = []
        self._halos: list[pg.PlotCurveItem] = []
        self._is_crowd = False
        items = self._usual, self._level, *self._columns, self._bars, self._dots, self._rings
        box = self.getViewBox()
        for layer, item in enumerate((*items, self._words)):
            item.setZValue(layer)
            box.addItem(item, ignoreBounds=True)
        box.sigRangeChanged.connect(self._follow)
        box.sigResized.connect(self._follow)

    def recolour(self, font: QFont) -> None:
        """Take on the colours in use."""
        now = colours()
        self.setBackground(now.card)
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setPen(now.edge)
            axis.setTextPen(now.muted)
            axis.setTickFont(font)
        self._usual.setBrush(now.band)
        self._level.setPen(now.edge)
        self._words.setFont(font)
        self._words.setColor(now.text)
        for columns, opacity in zip(self._columns, (LESSER_OPACITY, 1.0), strict=True):
            columns.setOpts(brush=ink(now.mark, opacity))
        self._draw_line()
        self._follow()
        self._show_rings()

    def show_trend(self, trend: Trend, line: TrendLine | None, has_usual_range: bool) -> None:
        """Show these checks from now on, and the line that all of them make."""
        self._trend, self._outline, self._pointed = trend, None, None
        self._usual.setVisible(has_usual_range)
        self.show_line(line)
        self._follow()
        self._show_rings()

    def show_outline(self, outline: TrendOutline, has_usual_range: bool) -> None:
        """Show the outline of checks that are still being read."""
        self._trend, self._outline, self._pointed = None, outline, None
        self._usual.setVisible(has_usual_range)
        self.show_line(None)
        self._follow()
        self._show_rings()

    def point_at(self, index: int | None) -> None:
        """Put a thin ring round one check, or round none."""
        self._pointed = index
        self._show_rings()

    def mark_opened(self, index: int | None) -> None:
        """Put a ring round the check whose details are open, or round none."""
        self._opened = index
        self._show_rings()

    def limit(self, whole: Span) -> None:
        """Let nobody lose this time out of sight."""
        room = whole.last - whole.first
        self.getViewBox().setLimits(
            xMin=whole.first - room,
            xMax=whole.last + room,
            minXRange=_SHORTEST_S,
            yMin=-_ROOM_DEG,
            yMax=_ROOM_DEG,
            minYRange=2.0,
        )

    def show_line(self, line: TrendLine | None) -> None:
        """Show the line that all of them make."""
        self._line = line
        self._draw_line()

    def _draw_line(self) -> None:
        """Draw the line of those taken alike with what it may be off by, for the largest groups."""
        box, now = self.getViewBox(), colours()
        for item in (*self._bands, *self._halos, *self._lines):
            box.removeItem(item)
        self._bands, self._halos, self._lines = [], [], []
        pen = pg.mkPen(now.mark, width=2, style=Qt.PenStyle.DashLine)
        halo = pg.mkPen(now.card, width=6)
        for band in self._line.bands[:BANDS_MOST] if self._line is not None else ():
            ends = [
                pg.PlotCurveItem(band.at_s, band.angle_deg + sign * band.half_deg, pen=None)
                for sign in (-1, 1)
            ]
            self._bands.append(pg.FillBetweenItem(*ends, brush=ink(now.mark, 0.18)))
            self._halos.append(pg.PlotCurveItem(band.at_s, band.angle_deg, pen=halo))
            self._lines.append(pg.PlotCurveItem(band.at_s, band.angle_deg, pen=pen))
        for item in (*self._bands, *self._halos, *self._lines):
            item.setZValue(_LINE_Z)
            box.addItem(item, ignoreBounds=True)
        self._raise_line()

    def _raise_line(self) -> None:
        """Put the line before checks that are crowded, which would hide it, with an edge."""
        for halo in self._halos:
            halo.setVisible(self._is_crowd)
        for item in (*self._halos, *self._lines):
            item.setZValue(len(self._columns) + _LINE_Z if self._is_crowd else _LINE_Z)

    def _follow(self) -> None:
        """Show what is in view: each check, or where they are crowded their outline."""
        shown = self._trend or self._outline
        if shown is None:
            return
        time = Span(*self.getViewBox().viewRange()[0])
        part = in_view(shown, time)
        is_crowd = self._trend is None or part.stop - part.start > BARS_MOST
        if is_crowd:
            self._show_columns(shown, part, time)
        elif self._trend is not None:
            self._show_each(self._trend, part)
        for item in self._columns:
            item.setVisible(is_crowd)
        for item in (self._bars, self._dots):
            item.setVisible(not is_crowd)
        if is_crowd != self._is_crowd:
            self._is_crowd = is_crowd
            self._raise_line()
        self._place_words(is_crowd)

    def _show_each(self, trend: Trend, part: slice) -> None:
        now = colours()
        at_s, angle_deg = trend.taken_at_s[part], trend.angle_deg[part]
        bar = pg.mkPen(ink(now.mark, LESSER_OPACITY), width=2)
        bar.setCapStyle(Qt.PenCapStyle.FlatCap)
        half_deg = trend.change_half_deg[part]
        self._bars.setData(x=at_s, y=angle_deg, bottom=half_deg, top=half_deg, pen=bar)
        radius = _DOT_PX if len(at_s) <= BARS_MOST // 4 else _DOT_SMALL_PX
        self._dots.setData(at_s, angle_deg, size=2 * radius, pen=now.card, brush=now.mark)

    def _show_columns(self, trend: Trend | TrendOutline, part: slice, time: Span) -> None:
        width_px, deg_per_px = self.getViewBox().width(), self.getViewBox().viewPixelSize()[1]
        count = max(1, int(width_px / _COLUMN_PX))
        if trend is self._outline:  # of days, so nothing is known of less than one
            count = max(1, min(count, int((time.last - time.first) / DAY_S)))
        outline = envelope(trend, part, time, count)
        inner = outline.angle_min_deg, outline.angle_max_deg
        width_s = (time.last - time.first) / count
        ends = (outline.low_deg, outline.high_deg), inner
        for columns, (low, high) in zip(self._columns, ends, strict=True):
            tall = np.maximum(high - low, _COLUMN_PX * deg_per_px)
            columns.setOpts(x=outline.at_s, width=width_s, y1=high, height=tall)

    def _show_rings(self) -> None:
        trend, text = self._trend, colours().text
        found = []
        for index, width in ((self._opened, 2.5), (self._pointed, 1.5)):
            if trend is not None and index is not None and index < len(trend.ids):
                at = trend.taken_at_s[index], trend.angle_deg[index]
                found.append({"pos": at, "pen": pg.mkPen(text, width=width)})
        self._rings.setData(found)

    def _place_words(self, is_crowd: bool) -> None:
        """Name the usual range in its lower corner; on a plate where checks are crowded."""
        box, words = self.getViewBox(), self._words
        seen, (s_per_px, deg_per_px) = box.viewRect(), box.viewPixelSize()
        low = max(USUAL_LOW_DEG, seen.top())
        tall_px = (min(USUAL_HIGH_DEG, seen.bottom()) - low) / deg_per_px
        size = words.textItem.boundingRect()
        fits = tall_px >= _WORDS_SHARE * size.height() and box.width() >= size.width() + 12
        words.setVisible(fits and self._usual.isVisible())
        words.setZValue(len(self._columns) + 1.5 if is_crowd else 0.5)
        words.fill = pg.mkBrush(colours().band if is_crowd else None)
        words.setPos(seen.right() - 8 * s_per_px, low)


class DateAxis(pg.AxisItem):  # type: ignore[misc]  # published without types
    """Dates in the reader's own order and words, at round days, months or years."""

    def __init__(self, locale: QLocale) -> None:
        super().__init__("bottom")
        self._locale = locale
        self._unit = DateUnit.DAY
        self.enableAutoSIPrefix(False)

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, tuple[float, ...]]]:
        """Return one level of marks."""
        marks = date_marks(Span(minVal, maxVal), max(1, int(size // _MARK_EVERY_PX)))
        self._unit = marks.unit
        return [(1.0, marks.at_s)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the marks' words."""
        return [self._said(value) for value in values]

    def _said(self, at_s: float) -> str:
        at = QDateTime.fromMSecsSinceEpoch(round(at_s * 1000))
        if self._unit is DateUnit.YEAR:
            return self._locale.toString(at.date(), "yyyy")
        if self._unit is DateUnit.MONTH:
            return self._locale.toString(at.date(), "MMM yyyy")
        if self._unit is DateUnit.HOUR and (at.time().hour() or at.time().minute()):
            return self._locale.toString(at.time(), QLocale.FormatType.ShortFormat)
        return self._locale.toString(at.date(), day_and_month(self._locale))


class TimeBox(pg.ViewBox):  # type: ignore[misc]  # published without types
    """A view whose wheel zooms time; over the angle axis it zooms the angles."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.disableAutoRange()

    def wheelEvent(self, ev: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom around the pointer."""
        super().wheelEvent(ev, axis=0 if axis is None else axis)
