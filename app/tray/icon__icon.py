"""The small picture near the clock: a belt that tilts forward, and a dot when a break is due.

Panels are light on one desktop and dark on the next, whatever their windows are, so the belt
lies on a coloured disc of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.gui.style.icons import icon_of
from app.gui.style.theme import LIGHT

if TYPE_CHECKING:
    from PyQt6.QtGui import QIcon

_SIZES_PX = (16, 22, 24, 32, 48, 64)
_DISC = '<circle cx="12" cy="12" r="11.5" fill="{disc}"/>'
#: Front to the left; the buckle sits lower than the back.
_BELT = (
    '<path d="M3.5 14.7L20.5 9.3" stroke="{belt}" stroke-width="4.4" stroke-linecap="butt"/>'
    '<rect x="5.6" y="10.6" width="5.4" height="6.2" rx="1.2" transform="rotate(-17.6 8.3 13.2)" '
    'fill="{disc}" stroke="{belt}" stroke-width="1.7"/>'
)
#: Amber with a dark rim is told apart from blue and white by everybody.
_DOT = '<circle cx="18.2" cy="5.8" r="5" fill="#ffb224" stroke="#3a2500" stroke-width="1.3"/>'
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none">{drawn}</svg>'


def tray_icon(is_due: bool) -> QIcon:
    """Return the icon, with the dot or without."""
    drawn = (_DISC + _BELT).format(disc=LIGHT.accent, belt=LIGHT.on_accent)
    return icon_of(_SVG.format(drawn=drawn + (_DOT if is_due else "")), _SIZES_PX)
