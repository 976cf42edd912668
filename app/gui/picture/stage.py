"""What is painted over a camera's picture alike, whatever the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRect, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter

from app.gui.picture.overlay import StrokeItem
from app.gui.style.theme import colours
from vision.overlay.shapes import HALO, PLATE_OPACITY

if TYPE_CHECKING:
    from app.gui.picture.overlay import Overlay

_WHITE = QColor("white")
_MARGIN_PX = 24


def font_for(painter: QPainter, height_px: float, is_bold: bool = False) -> QFont:
    """Return the painter's font in a height."""
    font = QFont(painter.font())
    font.setPixelSize(max(1, math.floor(height_px)))
    font.setBold(is_bold)
    return font


def plate_colour() -> QColor:
    """Return what lies between the picture and letters, so that they can be read."""
    colour = QColor(*HALO)
    colour.setAlphaF(PLATE_OPACITY)
    return colour


def picture_box(room: QRectF, picture: QImage) -> QRectF:
    """Return where a picture lies: whole, in the middle."""
    size = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return middle(room, size.width(), size.height())


def middle(room: QRectF, width_px: float, height_px: float) -> QRectF:
    """Return a box of this size in the middle of another one."""
    box = QRectF(0, 0, width_px, height_px)
    box.moveCenter(room.center())
    return box


def paint_picture(
    painter: QPainter,
    room: QRectF,
    picture: QImage,
    overlay: Overlay | None,
    size_px: tuple[int, int],
    *,
    is_mirrored: bool,
) -> None:
    """Paint a camera's picture with the lines of what was found in it.

    Parameters
    ----------
    size_px
        Width and height of the picture that the lines belong to.
    """
    if picture.isNull():
        return
    box = picture_box(room, picture)
    painter.save()
    if is_mirrored:
        painter.translate(room.width(), 0)
        painter.scale(-1, 1)
    painter.drawImage(box, picture)
    if overlay is not None and size_px[0]:
        scale = box.width() / size_px[0]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(box.topLeft())
        painter.scale(scale, scale)
        overlay.rescale(scale)
        for _, item in overlay.items:
            if isinstance(item, StrokeItem):
                item.paint(painter, None)
    painter.restore()


def paint_sentence(painter: QPainter, room: QRectF, sentence: str, height_px: float) -> None:
    """Say something in place of a picture."""
    painter.setPen(_WHITE)
    painter.setFont(font_for(painter, height_px))
    inside = room.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
    painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), sentence)


def paint_focus(painter: QPainter, room: QRect) -> None:
    """Show where the keys go."""
    painter.setPen(QColor(colours().accent))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(0, 0, -1, -1))
