"""Colours, letters, spacing and icons of all pages, for light and dark screens.

Widgets say what they are with the property ``kind`` (see :class:`Kind`) and leave their
looks to the style sheet here; those that paint themselves ask :func:`colours`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from string import Template
from time import perf_counter
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QByteArray, QRectF, Qt, QTimer
from PyQt6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication


class Kind(StrEnum):
    """What a widget is to the reader."""

    PAGE = "page"
    CARD = "card"
    TITLE = "title"
    HEADING = "heading"
    NUMBER = "number"
    BODY = "body"
    MUTED = "muted"
    WARNING = "warning"
    REFUSAL = "refusal"
    PRIMARY = "primary"
    QUIET = "quiet"
    RAIL = "rail"
    STATUS = "status"


class Scheme(StrEnum):
    """What a person may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as ``#rrggbb``; text has a contrast of 4.5 or more, marks one of 3 or more.

    Attributes
    ----------
    page, card, line
        Background, raised parts, lines that only part things.
    edge
        Borders of fields to type or choose in, and lines that mean something.
    text, muted
        Main and lesser text.
    accent, on_accent
        What invites a click, and text on it.
    warning, warning_page, refusal, refusal_page
        Text and background of warnings and refusals.
    band, mark
        The usual range, and the person's own value.
    stage, on_stage
        Behind photographs, dark in both schemes; where the keys go there.
    """

    page: str
    card: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str
    warning_page: str
    refusal: str
    refusal_page: str
    band: str
    mark: str
    stage: str
    on_stage: str


LIGHT = Colours(
    page="#f4f5f7",
    card="#ffffff",
    line="#d9dde3",
    edge="#7c8694",
    text="#1b2330",
    muted="#586172",
    accent="#0b63b0",
    on_accent="#ffffff",
    warning="#744c00",
    warning_page="#fdf3d8",
    refusal="#8c2a1c",
    refusal_page="#fce9e5",
    band="#cfe6dc",
    mark="#0b63b0",
    stage="#20262e",
    on_stage="#62b0f2",
)
DARK = Colours(
    page="#14181e",
    card="#1d232b",
    line="#38414d",
    edge="#707b8b",
    text="#e8ecf1",
    muted="#a3aebd",
    accent="#62b0f2",
    on_accent="#08151f",
    warning="#f3cf80",
    warning_page="#3a2f16",
    refusal="#f5a799",
    refusal_page="#43231e",
    band="#24433a",
    mark="#62b0f2",
    stage="#0c0f13",
    on_stage="#62b0f2",
)
#: Widgets are styled ahead for so long in one go; a heartbeat is three times that.
_POLISHED_AT_ONCE_S = 0.01
_ASSETS = Path(__file__).parents[2] / "assets"
#: Space between things that belong together, between groups, and round a page; logical px.
GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX = 8, 16, 20
#: How strongly the lesser of two marks of one kind is painted: a likely range beside its angle,
#: breaks that were noticed beside those that were said.
LESSER_OPACITY = 0.8
_FUSION, _TEXT_PERCENT, _OWN_STYLE = "fusion", "text_percent", "own_style"
#: Letters, and the least height of what they stand in.
_LETTERS = re.compile(r"(\d+(?:\.\d+)?)pt|min-height: (\d+)px")
_STYLE = Template("""
QWidget { font-size: 10.5pt; }
QWidget[kind="page"], QMainWindow { background: $page; }
QFrame[kind="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="rail"] { background: $card; border: none; border-right: 1px solid $line; }
QFrame[kind="status"] { background: $card; border: none; border-top: 1px solid $line; }
QLabel { color: $text; background: transparent; }
QLabel[kind="title"] { font-size: 17pt; font-weight: 600; }
QLabel[kind="heading"] { font-size: 11.5pt; font-weight: 600; }
QLabel[kind="number"] { font-size: 26pt; font-weight: 600; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="warning"] {
    color: $warning; background: $warning_page; border-radius: 6px; padding: 8px; }
QLabel[kind="refusal"] {
    color: $refusal; background: $refusal_page; border-radius: 6px; padding: 8px; }
QPushButton, QToolButton {
    color: $text; background: $card; border: 1px solid $line; border-radius: 6px;
    padding: 6px 12px; min-height: 20px; }
QPushButton:hover, QToolButton:hover { border-color: $accent; }
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QDateEdit:focus, QPlainTextEdit:focus { border: 2px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; border-color: $line; }
QPushButton:checked, QToolButton:checked { background: $band; border-color: $accent; }
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {
    background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { border-color: $line; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 2px solid $accent; }
QFileDialog QToolButton { padding: 2px; min-height: 0; min-width: 0; }
QToolButton[kind="rail"] {
    background: transparent; border: 2px solid transparent; border-radius: 8px;
    padding: 8px 4px; min-width: 76px; }
QToolButton[kind="rail"]:hover { background: $page; }
QToolButton[kind="rail"]:checked { background: $band; color: $text; }
QToolButton[kind="rail"]:focus { border-color: $accent; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QPlainTextEdit {
    color: $text; placeholder-text-color: $muted; background: $card;
    border: 1px solid $edge; border-radius: 6px; padding: 4px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent; }
QComboBox QAbstractItemView, QMenu { color: $text; background: $card; border: 1px solid $line;
    selection-background-color: $accent; selection-color: $on_accent; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow {
    image: url($assets/down_$name.svg); width: 12px; height: 12px; }
QToolButton::menu-indicator { image: url($assets/down_$name.svg); width: 10px; height: 10px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }
QToolButton[kind="rail"]::menu-indicator { image: none; }
QCheckBox, QRadioButton { color: $text; background: transparent; spacing: 8px; }
QCheckBox[kind="heading"] { font-size: 11.5pt; font-weight: 600; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $muted; background: $card; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url($assets/tick_$name.svg); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; text-decoration: underline; }
QCheckBox::indicator:focus, QRadioButton::indicator:!checked:focus { border: 2px solid $accent;
    width: 14px; height: 14px; }
QListView { color: $text; background: $card; border: 1px solid $edge; border-radius: 6px;
    padding: 4px; selection-background-color: $accent; selection-color: $on_accent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView { color: $text; background: $card; alternate-background-color: $page;
    gridline-color: $line; border: 1px solid $line; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent; }
QTableView::indicator { width: 16px; height: 16px; border: 1px solid $muted; border-radius: 4px;
    background: $card; }
QTableView::indicator:checked { background: $accent; border-color: $on_accent;
    image: url($assets/tick_$name.svg); }
QHeaderView::section { color: $muted; background: $card; border: none;
    border-bottom: 1px solid $line; padding: 6px 8px; }
QScrollArea { background: transparent; border: none; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QToolTip { color: $text; background: $card; border: 1px solid $line; padding: 4px; }
""")
#: By how much the keys change the text size, and the choices in Settings differ.
TEXT_STEP_PERCENT = 10
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
    'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{strokes}</svg>'
)
#: Drawn at each of these sizes, so that 100 to 300 % stay crisp.
_ICON_SIZES_PX = (16, 24, 32, 48, 72)


def set_kind(widget: QWidget, kind: Kind) -> None:
    """Say what a widget is; also after it has been shown."""
    widget.setProperty("kind", kind.value)
    style = widget.style()
    # What was never shown gets its style when it is, once.
    if style is not None and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style.unpolish(widget)
        style.polish(widget)


def is_dark(app: QGuiApplication) -> bool:
    """Tell which of the two is in use, by the palette that :func:`apply_scheme` set."""
    return app.palette().color(QPalette.ColorRole.Window).lightness() < 128


def colours() -> Colours:
    """Return the colours in use; ask again after a ``PaletteChange`` event."""
    app = QGuiApplication.instance()
    return DARK if isinstance(app, QGuiApplication) and is_dark(app) else LIGHT


def ink(colour: str | tuple[int, int, int], opacity: float = 1.0) -> QColor:
    """Return a colour for a painter, see-through below an opacity of 1."""
    made = QColor(colour) if isinstance(colour, str) else QColor(*colour)
    made.setAlphaF(opacity)
    return made


def paint_focus_frame(painter: QPainter, box: QRectF) -> None:
    """Frame a widget that paints itself while keys go to it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours().accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)


def text_factor() -> float:
    """Return by how much letters are larger than usual."""
    app = QGuiApplication.instance()
    percent = None if app is None else app.property(_TEXT_PERCENT)
    return (percent or 100) / 100


def scaled(style: str) -> str:
    """Return a style sheet with its letters in the size that was chosen."""
    factor = text_factor()

    def larger(found: re.Match[str]) -> str:
        if found[1]:
            return f"{float(found[1]) * factor:g}pt"
        return f"min-height: {round(int(found[2]) * factor)}px"

    return _LETTERS.sub(larger, style)


def set_style(widget: QWidget, style: str) -> None:
    """Give a widget a style of its own, whose letters follow the text size, now and later."""
    widget.setProperty(_OWN_STYLE, style)
    widget.setStyleSheet(scaled(style))


def apply_scheme(app: QApplication, scheme: Scheme, text_percent: int | None = None) -> None:
    """Show all windows of the program light or dark, or as the system does.

    Parameters
    ----------
    text_percent
        Size of the letters; None leaves it as it is.
    """
    if text_percent is not None and text_percent != app.property(_TEXT_PERCENT):
        app.setProperty(_TEXT_PERCENT, text_percent)
        for widget in app.allWidgets():
            own = widget.property(_OWN_STYLE)
            if own:
                widget.setStyleSheet(scaled(own))
    hints = app.styleHints()
    dark = scheme is Scheme.DARK or (
        scheme is Scheme.SYSTEM and hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    )
    chosen = DARK if dark else LIGHT
    # With the old rules in force Qt would work out every widget's look by them for the new style
    # and the new colours, only to drop it: that takes twice as long as all the rest.
    app.setStyleSheet("")
    # Anew each time, which takes a while: the rules that Qt remembers for each widget go with the
    # old style, also those for widgets that are gone.
    app.setStyle(_FUSION)
    app.setPalette(_palette(chosen))
    values = {name: getattr(chosen, name) for name in Colours.__slots__}
    # Qt's style sheets take forward slashes on every system.
    values |= {"assets": _ASSETS.as_posix(), "name": "dark" if dark else "light"}
    app.setStyleSheet(scaled(_STYLE.substitute(values)))


def polish_ahead(top: QWidget) -> None:
    """Style what was never shown, a few widgets at a time, so that showing it takes less."""
    waiting = [top, *top.findChildren(QWidget)]
    timer = QTimer(top)

    def go_on() -> None:
        until = perf_counter() + _POLISHED_AT_ONCE_S
        while waiting and perf_counter() < until:
            widget = waiting.pop()  # what is inside first: with the rest it would come along
            if not sip.isdeleted(widget):
                widget.ensurePolished()
        if not waiting:
            timer.deleteLater()

    timer.timeout.connect(go_on)
    timer.start(0)


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
    return icon_of(_SVG.format(colour=colour, strokes=icon.value), _ICON_SIZES_PX)


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


def _palette(chosen: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, chosen.page),
        (role.Base, chosen.card),
        (role.AlternateBase, chosen.page),
        (role.Button, chosen.card),
        (role.ToolTipBase, chosen.card),
        (role.WindowText, chosen.text),
        (role.Text, chosen.text),
        (role.ButtonText, chosen.text),
        (role.ToolTipText, chosen.text),
        (role.PlaceholderText, chosen.muted),
        (role.Highlight, chosen.accent),
        (role.HighlightedText, chosen.on_accent),
        (role.Link, chosen.accent),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(chosen.muted))
    return palette
