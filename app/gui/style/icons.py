"""The program's own icons: strokes on a 24 by 24 grid, drawn in any colour and size."""

from __future__ import annotations

from enum import StrEnum

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
    'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{strokes}</svg>'
)
#: Drawn at each of these sizes, so that 100 to 300 % stay crisp.
_SIZES_PX = (16, 24, 32, 48, 72)


class Icon(StrEnum):
    """Each value is the icon's strokes."""

    #: A person seen from the side, with the tilted line.
    CHECK = (
        '<circle cx="11" cy="4" r="2"/><path d="M11 7c-1.5 2-1.5 4 0 6l1 4v5M11 13l-2 4v5"/>'
        '<path d="M5 11.5l13 3" stroke-width="2.2"/>'
    )
    #: A camera on its stand.
    LIVE = (
        '<circle cx="12" cy="9.5" r="6.5"/><circle cx="12" cy="9.5" r="2.5"/>'
        '<path d="M12 16v4M7.5 20.5h9"/>'
    )
    #: A person on their back, hips raised.
    EXERCISES = (
        '<circle cx="4" cy="15.5" r="2"/><path d="M6.5 15.5L14 9.5l5 4.5v6"/><path d="M2 20.5h20"/>'
    )
    #: An empty chair and the way up from it.
    SIT_LESS = '<path d="M5 4v9h9M5 13v7.5M14 13v7.5"/><path d="M19 12V4M16.5 6.5L19 4l2.5 2.5"/>'
    HISTORY = '<path d="M3 3v18h18"/><path d="M6.5 15.5l4-5 3.5 3 6-8"/>'
    PERSON = '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 3.5-7 8-7s8 2 8 7"/>'
    SETTINGS = (
        '<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.5"/>'
        '<circle cx="8" cy="17" r="2.5"/>'
    )


def draw_icon(icon: Icon, colour: str) -> QIcon:
    """Return the icon in a colour as ``#rrggbb``."""
    return icon_of(_SVG.format(colour=colour, strokes=icon.value), _SIZES_PX)


def icon_of(svg: str, sizes_px: tuple[int, ...]) -> QIcon:
    """Return a drawing as an icon, crisp at each of these sizes."""
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    drawn = QIcon()
    for size_px in sizes_px:
        pixmap = QPixmap(size_px, size_px)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        drawn.addPixmap(pixmap)
    return drawn
