"""The parts of the trend's picture: axes, the wheel's behaviour, and what is painted.

Imports pyqtgraph; only :mod:`app.gui.history.plot` imports this, when a trend is first shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QDateTime, QLineF, QLocale, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.gui.history.scale import (
    DAY_S,
    DateUnit,
    Span,
    date_marks,
    envelope,
    in_view,
)
from app.gui.style.dates import day_and_month
from app.gui.style.theme import colours
from app.text.measurement import USUAL_HIGH_DEG, USUAL_LOW_DEG

if TYPE_CHECKING:
    from PyQt6.QtGui import QFont, QTransform
    from PyQt6.QtWidgets import QGraphicsSceneWheelEvent, QWidget

    from app.history.records import Trend

#: With more checks in view than this, each one's bar could not be told from the next.
BARS_MOST = 400
_DOT_PX, _DOT_SMALL_PX, _RING_PX = 4.5, 3.0, 8.0
_COLUMN_PX = 2.0
_MARK_EVERY_PX = 90
_SHORTEST_S = DAY_S / 24
_ROOM_DEG = 180.0


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


class TrendView(pg.PlotWidget):  # type: ignore[misc]  # published without types
    """What is painted, dates below it, angles on its left."""

    def __init__(self, item: TrendItem, locale: QLocale, parent: QWidget) -> None:
        axes = {"bottom": DateAxis(locale), "left": pg.AxisItem("left")}
        super().__init__(parent, background=None, viewBox=TimeBox(), axisItems=axes)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addItem(item, ignoreBounds=True)

    def recolour(self, font: QFont) -> None:
        """Take on the colours in use."""
        now = colours()
        self.setBackground(now.card)
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setPen(now.line)
            axis.setTextPen(now.muted)
            axis.setTickFont(font)

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

    def time_px(self) -> Span:
        """Return where the time in view begins and ends, from the left edge, logical px."""
        seen = self.mapFromScene(self.getViewBox().sceneBoundingRect()).boundingRect()
        return Span(seen.left(), seen.left() + seen.width())


class TrendItem(pg.GraphicsObject):  # type: ignore[misc]  # published without types
    """Paints the usual range, the checks with their intervals, and the one pointed at."""

    def __init__(self, usual_range_words: str, font: QFont) -> None:
        super().__init__()
        self._words, self._font = usual_range_words, font
        self._trend: Trend | None = None
        self._has_usual_range = True
        self._pointed: int | None = None
        self._opened: int | None = None

    def show_trend(self, trend: Trend, has_usual_range: bool) -> None:
        """Paint these checks from now on."""
        self._trend, self._has_usual_range = trend, has_usual_range
        self._pointed = None
        self.update()

    def point_at(self, index: int | None) -> None:
        """Paint one check larger, or none."""
        if index != self._pointed:
            self._pointed = index
            self.update()

    def mark_opened(self, index: int | None) -> None:
        """Put a ring round the check whose details are open, or round none."""
        if index != self._opened:
            self._opened = index
            self.update()

    def viewTransformChanged(self) -> None:
        """Follow the view: what is painted fills it."""
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return all that is in view."""
        box = self.getViewBox()
        return QRectF(box.viewRect()) if box is not None else QRectF()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Paint in pixels, so that widths stay what they are whatever the zoom."""
        box = self.getViewBox()
        if box is None or self._trend is None:
            return
        rect, place = QRectF(box.viewRect()), _Place(painter.worldTransform())
        painter.resetTransform()
        band = self._paint_usual_range(painter, rect, place)
        level = place.y(0.0)
        painter.setPen(QPen(QColor(colours().line), 1.0))
        painter.drawLine(QLineF(place.x(rect.left()), level, place.x(rect.right()), level))
        time = Span(rect.left(), rect.right())
        part = in_view(self._trend, time)
        if part.stop - part.start > BARS_MOST:
            self._paint_envelope(painter, self._trend, part, place, time)
            self._paint_words(painter, band, with_plate=True)
        else:
            self._paint_words(painter, band, with_plate=False)
            self._paint_bars(painter, self._trend, part, place)
        self._paint_rings(painter, self._trend, place)

    def _paint_usual_range(self, painter: QPainter, rect: QRectF, place: _Place) -> QRectF:
        if not self._has_usual_range:
            return QRectF()
        low, high = USUAL_LOW_DEG, USUAL_HIGH_DEG
        top, left = place.y(high), place.x(rect.left())
        band = QRectF(left, top, place.x(rect.right()) - left, place.y(low) - top)
        painter.fillRect(band, QColor(colours().band))
        seen = QRectF(left, place.y(rect.bottom()), band.width(), rect.height() * place.deg_px)
        return band.intersected(seen)

    def _paint_words(self, painter: QPainter, band: QRectF, with_plate: bool) -> None:
        """Name the usual range in its lower corner; on a plate where checks are crowded."""
        painter.setFont(self._font)
        size = QFontMetricsF(self._font, painter.device()).size(0, self._words)
        if band.height() < size.height() + 6 or band.width() < size.width() + 20:
            return
        corner = QPointF(band.right() - size.width() - 12, band.bottom() - size.height() - 3)
        place = QRectF(corner, size)
        if with_plate:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours().band))
            painter.drawRoundedRect(place.adjusted(-6, -1, 6, 1), 4, 4)
        painter.setPen(QColor(colours().text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._words)

    def _paint_bars(self, painter: QPainter, trend: Trend, part: slice, place: _Place) -> None:
        if part.start >= part.stop:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = place.x(trend.taken_at_s[part])
        middle = place.y(trend.angle_deg[part])
        low, high = place.y(trend.low_deg[part]), place.y(trend.high_deg[part])
        mark = QColor(colours().mark)
        bar = QColor(mark)
        bar.setAlphaF(0.45)
        painter.setPen(QPen(bar, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        ends = zip(x.tolist(), low.tolist(), high.tolist(), strict=True)
        painter.drawLines(*(QLineF(at, first, at, last) for at, first, last in ends))
        painter.setPen(QPen(QColor(colours().card), 1.0))
        painter.setBrush(mark)
        radius = _DOT_PX if part.stop - part.start <= BARS_MOST // 4 else _DOT_SMALL_PX
        for at, value in zip(x.tolist(), middle.tolist(), strict=True):
            painter.drawEllipse(QPointF(at, value), radius, radius)

    def _paint_envelope(
        self, painter: QPainter, trend: Trend, part: slice, place: _Place, time: Span
    ) -> None:
        width_px = place.x(time.last) - place.x(time.first)
        count = max(1, int(width_px / _COLUMN_PX))
        outline = envelope(trend, part, time, count)
        middle, half = place.x(outline.at_s), width_px / count / 2
        # Whole pixels, so that neighbours neither overlap nor leave a gap.
        left, right = (np.floor(middle + off + 0.501).tolist() for off in (-half, half))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for low, high, opacity in (
            (outline.low_deg, outline.high_deg, 0.3),
            (outline.angle_min_deg, outline.angle_max_deg, 0.85),
        ):
            colour = QColor(colours().mark)
            colour.setAlphaF(opacity)
            top = place.y(high)
            tall = np.maximum(place.y(low) - top, _COLUMN_PX)
            columns = zip(left, right, top.tolist(), tall.tolist(), strict=True)
            for start, end, y, height in columns:  # many times faster than as one path
                painter.fillRect(QRectF(start, y, end - start, height), colour)

    def _paint_rings(self, painter: QPainter, trend: Trend, place: _Place) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, width in ((self._opened, 2.5), (self._pointed, 1.5)):
            if index is not None and index < len(trend.ids):
                painter.setPen(QPen(QColor(colours().text), width))
                at = QPointF(place.x(trend.taken_at_s[index]), place.y(trend.angle_deg[index]))
                painter.drawEllipse(at, _RING_PX, _RING_PX)


class _Place:
    """Where times and angles lie on the screen, logical pixels; numbers or whole arrays."""

    def __init__(self, transform: QTransform) -> None:
        self._transform = transform

    @property
    def deg_px(self) -> float:
        """How large a degree is."""
        return abs(self._transform.m22())

    def x(self, at_s: Any) -> Any:
        return at_s * self._transform.m11() + self._transform.dx()

    def y(self, angle_deg: Any) -> Any:
        return angle_deg * self._transform.m22() + self._transform.dy()
