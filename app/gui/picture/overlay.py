"""Overlay shapes as items of a graphics scene, crisp at every scale."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem

from app.gui.style.theme import ink
from vision.overlay.shapes import (
    COLOURS,
    HALO,
    LAYER_OF,
    PLATE_OPACITY,
    WEDGE_OPACITY,
    Arc,
    Banner,
    Dot,
    Label,
    Line,
    Polyline,
    Wedge,
    covers_body,
    lead_of,
    place_labels,
    scaled,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from vision.overlay.shapes import Colour, Layer, Point, Shape

#: Strokes lie over the picture, and labels over them.
_STROKE_LEVEL, _LABEL_LEVEL = 1.0, 2.0
#: Of a label's lines, in heights of their letters.
_LINE_HEIGHT, _MARGIN = 1.3, 0.45
#: Height of the first line's letters and of the others', least and most, logical pixels.
_HEAD_LIMITS_PX, _LETTER_LIMITS_PX = (14.0, 26.0), (12.0, 16.0)
#: Width of the dark rim round a stroke, in widths of the stroke, on each side.
_HALO_WIDTHS = 0.35
_HALO_MIN_PX = 1.0
#: Logical pixels: below these nothing can be seen or read, above them the body is hidden.
_STROKE_LIMITS_PX, _DOT_LIMITS_PX = (1.2, 5.0), (2.2, 8.0)
_DASHES_MAX = 300


class Overlay:
    """The shapes over a picture, drawn so that they can be read at every scale.

    Strokes, dots and letters grow with the picture between limits, in logical pixels of
    the screen. A banner is left out: what it says stands beside the picture.

    Parameters
    ----------
    shapes
        In pixels of the full upright picture, which are the scene's units.
    size_px
        Width and height of that picture.

    Attributes
    ----------
    items
        In painting order, each with the layer it belongs to.
    """

    def __init__(self, shapes: Sequence[Shape], size_px: tuple[int, int]) -> None:
        self._size_px, self._scale = size_px, 0.0
        self.items: list[tuple[Layer, StrokeItem | LabelItem]] = []
        self._strokes: list[StrokeItem] = []
        self._labels: list[LabelItem] = []
        for shape in shapes:
            if isinstance(shape, Label):
                self._labels.append(LabelItem(shape))
                self.items.append((LAYER_OF[shape.role], self._labels[-1]))
            elif not isinstance(shape, Banner):
                self._strokes.append(StrokeItem(shape))
                self.items.append((LAYER_OF[shape.role], self._strokes[-1]))

    def rescale(self, scale: float) -> None:
        """Set the size of strokes and letters, and find a place for each label.

        Parameters
        ----------
        scale
            Logical pixels of the screen to one pixel of the full picture.
        """
        if scale == self._scale:
            return
        self._scale = scale
        wide, tall = (side * scale for side in self._size_px)
        for stroke in self._strokes:
            stroke.rescale(scale)
        for label in self._labels:
            label.rescale(scale, wide)
        labels = [scaled(item.label, scale) for item in self._labels]
        places = place_labels(labels, [item.size_px for item in self._labels], wide, tall)
        if any(self._shortened(labels, places)):
            places = place_labels(labels, [item.size_px for item in self._labels], wide, tall)
        for item, shape, place in zip(self._labels, labels, places, strict=True):
            item.setPos(place[0] / scale, place[1] / scale)
            item.join(lead_of(shape, item.size_px, place), place)

    def _shortened(self, labels: Sequence[Label], places: Sequence[Point]) -> list[bool]:
        """Leave but the first line of labels that would lie on the body; tell which."""
        found = []
        for item, shape, place in zip(self._labels, labels, places, strict=True):
            found.append(covers_body(shape, item.size_px, place))
            if found[-1]:
                item.shorten()
        return found


class DrawnItem:
    """Draws itself with a painter alone; to be mixed into an item of Qt's."""

    def draw(self, painter: QPainter) -> None:
        """Draw, in the item's own units."""
        raise NotImplementedError

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Be drawn by Qt."""
        del option, widget
        if painter is not None:
            self.draw(painter)


class LabelItem(DrawnItem, QGraphicsItem):
    """Lines of text on a half-opaque plate, in logical pixels of the screen.

    Attributes
    ----------
    label
        What it says and where it would like to be, in pixels of the full picture.
    size_px
        Width and height of the plate, logical pixels.
    """

    def __init__(self, label: Label) -> None:
        super().__init__()
        self.label = label
        self.size_px = (0.0, 0.0)
        self._lines = label.lines
        self._fonts: list[QFont] = []
        self._lead: Line | None = None
        self._margin_px = 0.0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(_LABEL_LEVEL)
        self.rescale(1.0)

    def rescale(self, scale: float, wide_px: float = 0.0) -> None:
        """Set the letters for a scale, on a plate no wider than ``wide_px`` if that is given."""
        self.prepareGeometryChange()
        limits = [_HEAD_LIMITS_PX, *[_LETTER_LIMITS_PX] * (len(self.label.lines) - 1)]
        sizes = [
            _within(size_px * scale, limit)
            for size_px, limit in zip(self.label.sizes_px, limits, strict=True)
        ]
        self._lines = self.label.lines
        self._set_text(sizes)
        # Letters have whole pixels, so that a line does not shrink in step with its size.
        while 0 < wide_px < self.size_px[0] and max(sizes) > 1:
            shrink = min(wide_px / self.size_px[0], 1 - 1 / max(sizes))
            sizes = [size * shrink for size in sizes]
            self._set_text(sizes)

    def shorten(self) -> None:
        """Say the first line alone."""
        self.prepareGeometryChange()
        self._lines = self._lines[:1]
        self._set_text([font.pixelSize() for font in self._fonts[:1]])

    def join(self, lead: Line | None, place: Point) -> None:
        """Draw this line to what is spoken of, None for none; ``place`` is the plate's corner.

        Both in logical pixels of the screen.
        """
        self.prepareGeometryChange()
        if lead is not None:
            ends = ((x - place[0], y - place[1]) for x, y in (lead.start_px, lead.end_px))
            start, end = ends
            lead = replace(lead, start_px=start, end_px=end)
        self._lead = lead

    def _set_text(self, sizes_px: Sequence[float]) -> None:
        self._fonts = [_font(size_px) for size_px in sizes_px]
        self._margin_px = _MARGIN * max(sizes_px)
        widths = [
            QFontMetricsF(font).horizontalAdvance(line)
            for font, line in zip(self._fonts, self._lines, strict=True)
        ]
        tall = sum(_LINE_HEIGHT * font.pixelSize() for font in self._fonts)
        self.size_px = max(widths) + 2 * self._margin_px, tall + 2 * self._margin_px

    def boundingRect(self) -> QRectF:
        """Return the plate, and the line that joins it to what it speaks of."""
        plate, lead = QRectF(0.0, 0.0, *self.size_px), self._lead
        if lead is None:
            return plate
        beyond = 2 * _STROKE_LIMITS_PX[1]
        line = QRectF(QPointF(*lead.start_px), QPointF(*lead.end_px)).normalized()
        return plate.united(line.adjusted(-beyond, -beyond, beyond, beyond))

    def draw(self, painter: QPainter) -> None:
        """Draw the plate and its text, the first line in the colour of what it names."""
        if self._lead is not None:
            StrokeItem(self._lead).draw(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate_colour())
        round_px = 0.6 * self._margin_px
        painter.drawRoundedRect(QRectF(0.0, 0.0, *self.size_px), round_px, round_px)
        top = self._margin_px
        for number, (line, font) in enumerate(zip(self._lines, self._fonts, strict=True)):
            tall = _LINE_HEIGHT * font.pixelSize()
            painter.setFont(font)
            painter.setPen(QColor("white") if number else ink(COLOURS[self.label.role]))
            box = QRectF(self._margin_px, top, self.size_px[0] - 2 * self._margin_px, tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, line)
            top += tall


class StrokeItem(DrawnItem, QGraphicsItem):
    """A line, a curve or a dot on a dark rim."""

    def __init__(self, shape: Line | Polyline | Dot | Arc | Wedge) -> None:
        super().__init__()
        self._shape = shape
        self._path = _path(shape)
        # Round joins of an outline's thousand points take half as long again.
        join = (
            Qt.PenJoinStyle.BevelJoin if isinstance(shape, Polyline) else Qt.PenJoinStyle.RoundJoin
        )
        self._pen, self._rim = _pen(COLOURS[shape.role], join), _pen(HALO, join)
        self.setZValue(_STROKE_LEVEL)
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Set the widths for a scale, so many pixels of the screen to one of the picture."""
        self.prepareGeometryChange()
        shape = self._shape
        if isinstance(shape, Dot):
            width = 2 * _within(shape.radius_px * scale, _DOT_LIMITS_PX)
        else:
            width = _within(shape.width_px * scale, _STROKE_LIMITS_PX)
        rim = max(_HALO_MIN_PX, _HALO_WIDTHS * min(width, _STROKE_LIMITS_PX[1]))
        self._pen.setWidthF(width / scale)
        self._rim.setWidthF((width + 2 * rim) / scale)

    def boundingRect(self) -> QRectF:
        """Return what the rim covers."""
        beyond = self._rim.widthF() / 2
        return self._path.boundingRect().adjusted(-beyond, -beyond, beyond, beyond)

    def draw(self, painter: QPainter) -> None:
        """Draw the rim, then the fill, then the stroke."""
        if isinstance(self._shape, Dot):
            painter.setPen(Qt.PenStyle.NoPen)
            for pen in (self._rim, self._pen):
                painter.setBrush(pen.brush())
                radius = pen.widthF() / 2
                painter.drawEllipse(QPointF(*self._shape.centre_px), radius, radius)
            return
        painter.strokePath(self._path, self._rim)
        if isinstance(self._shape, Wedge):
            painter.fillPath(self._path, ink(COLOURS[self._shape.role], WEDGE_OPACITY))
        painter.strokePath(self._path, self._pen)


def plate_colour() -> QColor:
    """Return what lies between the picture and letters, so that they can be read."""
    return ink(HALO, PLATE_OPACITY)


def _path(shape: Line | Polyline | Dot | Arc | Wedge) -> QPainterPath:
    path = QPainterPath()
    match shape:
        case Line():
            for start, end in _dashes(shape):
                path.moveTo(start)
                path.lineTo(end)
        case Polyline():
            first, *others = shape.points_px
            path.moveTo(QPointF(*first))
            for point in others:
                path.lineTo(QPointF(*point))
            if shape.closed:
                path.closeSubpath()
        case Dot():
            path.moveTo(QPointF(*shape.centre_px))
            path.lineTo(QPointF(*shape.centre_px))
        case Arc() | Wedge():
            radius = shape.radius_px
            box = QRectF(0, 0, 2 * radius, 2 * radius)
            box.moveCenter(QPointF(*shape.centre_px))
            # Qt counts angles the other way round.
            if isinstance(shape, Wedge):
                path.moveTo(QPointF(*shape.centre_px))
                path.arcTo(box, -shape.start_deg, -shape.sweep_deg)
                path.closeSubpath()
            else:
                path.arcMoveTo(box, -shape.start_deg)
                path.arcTo(box, -shape.start_deg, -shape.sweep_deg)
    return path


def _dashes(line: Line) -> list[tuple[QPointF, QPointF]]:
    """Return the pieces of a line; an odd number of dashes and gaps, a dash at both ends."""
    start, end = QPointF(*line.start_px), QPointF(*line.end_px)
    length = math.dist(line.start_px, line.end_px)
    if line.dash_px <= 0 or length <= 2 * line.dash_px:
        return [(start, end)]
    dash = max(line.dash_px, length / _DASHES_MAX)
    count = 2 * round((length / dash - 1) / 2) + 1
    stops = [start + (end - start) * (i / count) for i in range(count + 1)]
    return list(zip(stops[0::2], stops[1::2], strict=True))


def _pen(colour: Colour, join: Qt.PenJoinStyle) -> QPen:
    pen = QPen(ink(colour))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(join)
    return pen


def _font(size_px: float) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, int(size_px)))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _within(value: float, limits: tuple[float, float]) -> float:
    """Return the value, or the limit that it is beyond."""
    return min(max(value, limits[0]), limits[1])
