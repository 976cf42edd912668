"""What is painted over a camera's picture alike, whatever the page."""

from __future__ import annotations

import math

from PyQt6.QtGui import QColor, QFont, QPainter

from vision.overlay_shapes import HALO, PLATE_OPACITY


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
