"""A label over a picture, set in pixels of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PyQt6.QtWidgets import QGraphicsItem

from vision.overlay.shapes import COLOURS, HALO, PLATE_OPACITY

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from vision.overlay.shapes import Colour, Label

_LINE_HEIGHT, _MARGIN = 1.3, 0.45
#: Height of the first line's letters and of the others', least and most, logical pixels.
_HEAD_LIMITS_PX, _LETTER_LIMITS_PX = (14.0, 26.0), (12.0, 16.0)
#: Labels lie over strokes.
_LEVEL = 2.0


def within(value: float, limits: tuple[float, float]) -> float:
    """Return the value, or the limit that it is beyond."""
    return min(max(value, limits[0]), limits[1])


def ink(colour: Colour, opacity: float = 1.0) -> QColor:
    """Return a colour for a painter."""
    made = QColor(*colour)
    made.setAlphaF(opacity)
    return made


class LabelItem(QGraphicsItem):
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
        self._fonts: list[QFont] = []
        self._margin_px = 0.0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(_LEVEL)
        self.rescale(1.0)

    def rescale(self, scale: float, wide_px: float = 0.0) -> None:
        """Set the letters for a scale, on a plate no wider than ``wide_px`` if that is given."""
        self.prepareGeometryChange()
        limits = [_HEAD_LIMITS_PX, *[_LETTER_LIMITS_PX] * (len(self.label.lines) - 1)]
        sizes = [
            within(size_px * scale, limit)
            for size_px, limit in zip(self.label.sizes_px, limits, strict=True)
        ]
        self._set_text(sizes)
        # Letters have whole pixels, so that a line does not shrink in step with its size.
        while 0 < wide_px < self.size_px[0] and max(sizes) > 1:
            shrink = min(wide_px / self.size_px[0], 1 - 1 / max(sizes))
            sizes = [size * shrink for size in sizes]
            self._set_text(sizes)

    def _set_text(self, sizes_px: list[float]) -> None:
        self._fonts = [_font(size_px) for size_px in sizes_px]
        self._margin_px = _MARGIN * max(sizes_px)
        widths = [
            QFontMetricsF(font).horizontalAdvance(line)
            for font, line in zip(self._fonts, self.label.lines, strict=True)
        ]
        tall = sum(_LINE_HEIGHT * font.pixelSize() for font in self._fonts)
        self.size_px = max(widths) + 2 * self._margin_px, tall + 2 * self._margin_px

    def boundingRect(self) -> QRectF:
        """Return the plate."""
        return QRectF(0.0, 0.0, *self.size_px)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the plate and its text, the first line in the colour of what it names."""
        del option, widget
        if painter is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(HALO, PLATE_OPACITY))
        round_px = 0.6 * self._margin_px
        painter.drawRoundedRect(self.boundingRect(), round_px, round_px)
        top = self._margin_px
        for number, (line, font) in enumerate(zip(self.label.lines, self._fonts, strict=True)):
            tall = _LINE_HEIGHT * font.pixelSize()
            painter.setFont(font)
            painter.setPen(QColor("white") if number else ink(COLOURS[self.label.role]))
            box = QRectF(self._margin_px, top, self.size_px[0], tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, line)
            top += tall


def _font(size_px: float) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, int(size_px)))
    font.setWeight(QFont.Weight.DemiBold)
    return font
