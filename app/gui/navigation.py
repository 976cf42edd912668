"""The rail beside the pages: a button for each, and at the bottom the person in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QButtonGroup, QFrame, QMenu, QSizePolicy, QToolButton, QVBoxLayout

from app.gui.style.theme import Icon, Kind, colours, draw_icon, set_kind, text_factor
from app.gui.widgets.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app import Page
    from app.gui.pages import PageEntry
    from app.history.records import Profile

_RAIL_PX, _RAIL_MARGIN_PX = 108, 8
_ICON_PX = 26
_NAME_LETTERS = 12
#: Up to this text size the window has room for icons beside the words.
_ICONS_UP_TO = 1.3


class Navigation(QFrame):
    """Buttons for the pages, and at the bottom the person in use."""

    page_wanted = pyqtSignal(str)
    profile_wanted = pyqtSignal(int)
    people_wanted = pyqtSignal()

    def __init__(self, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        # First of all: a change of the palette may come while the rest is being made.
        self._buttons: dict[Page, tuple[QToolButton, PageEntry]] = {}
        set_kind(self, Kind.RAIL)
        self.setAccessibleName(self.tr("Pages"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_RAIL_MARGIN_PX, 12, _RAIL_MARGIN_PX, 12)
        self._group = QButtonGroup(self)
        self.person = self._person_button()
        for number, entry in enumerate(entries, 1):
            self._layout.addWidget(self._page_button(entry, number))
        self._layout.addStretch(1)
        self._layout.addWidget(self.person)
        self._draw_icons()
        self._fit_text()

    def _page_button(self, entry: PageEntry, number: int) -> QToolButton:
        button = _rail_button()
        button.setText(entry.title)
        button.setCheckable(True)
        button.setAccessibleName(entry.title)
        shortcut = QKeySequence(f"Ctrl+{number}")
        button.setShortcut(shortcut)
        keys = shortcut.toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{entry.title} ({keys})")
        button.clicked.connect(lambda _=False, key=entry.key: self.page_wanted.emit(key))
        self._group.addButton(button)
        self._buttons[entry.key] = button, entry
        return button

    def _person_button(self) -> QToolButton:
        button = _rail_button()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        button.hide()
        return button

    def show_page(self, key: Page) -> None:
        """Mark the page that is shown."""
        self._buttons[key][0].setChecked(True)

    def mark(self, keys: Collection[Page]) -> None:
        """Set a sign on the buttons of these pages: something there waits for the person."""
        for key, (button, entry) in self._buttons.items():
            title, is_marked = entry.title, key in keys
            self._write(button, f"{title} \N{BULLET}" if is_marked else title)
            said = self.tr("{title}: a break is due").format(title=title)
            button.setAccessibleName(said if is_marked else title)

    def show_people(self, profiles: Sequence[Profile], current_id: int | None) -> None:
        """Offer these people to choose from."""
        menu = self.person.menu()
        if menu is None:
            return
        menu.clear()
        group = QActionGroup(menu)
        for profile in profiles:
            # An ampersand alone would mark a shortcut.
            action = QAction(profile.name.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(profile.id == current_id)
            action.triggered.connect(
                lambda _=False, chosen=profile.id: self.profile_wanted.emit(chosen)
            )
            group.addAction(action)
            menu.addAction(action)
            if profile.id == current_id:
                self._name_person(profile.name)
        menu.addSeparator()
        menu.addAction(self.tr("Find, add or change people…"), self.people_wanted.emit)
        self.person.setVisible(bool(profiles))

    def _name_person(self, name: str) -> None:
        short = name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
        self.person.setText(short.replace("&", "&&"))
        self.person.setAccessibleName(self.tr("Person: {name}").format(name=name))
        whose = self.tr("Whose checks are shown: {name}").format(name=name)
        self.person.setToolTip(plain_tip(whose))

    def changeEvent(self, event: QEvent | None) -> None:
        """Redraw the icons when light turns to dark."""
        super().changeEvent(event)
        if event is None or not self._buttons:
            return
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit_text()

    def _fit_text(self) -> None:
        """Be as wide as the text size needs; where it is large, words stand alone."""
        factor = text_factor()
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        if factor > _ICONS_UP_TO:
            style = Qt.ToolButtonStyle.ToolButtonTextOnly
        for button in self.findChildren(QToolButton):
            button.setToolButtonStyle(style)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        usual_px = round(_RAIL_PX * max(1.0, factor))
        for button, _ in self._buttons.values():
            self._write(button, button.text())
        widest = max((one.sizeHint().width() for one, _ in self._buttons.values()), default=0)
        self.setFixedWidth(max(usual_px, widest + 2 * _RAIL_MARGIN_PX))

    def _write(self, button: QToolButton, title: str) -> None:
        """Put a title of two words on two lines where one has no room for it."""
        line = " ".join(title.split())
        room_px = round(_RAIL_PX * max(1.0, text_factor())) - 2 * _RAIL_MARGIN_PX
        button.setText(line)
        if button.sizeHint().width() > room_px:
            button.setText(line.replace(" ", "\n", 1))

    def _draw_icons(self) -> None:
        for button, entry in self._buttons.values():
            button.setIcon(draw_icon(entry.icon, colours().text))
        self.person.setIcon(draw_icon(Icon.PERSON, colours().text))


def _rail_button() -> QToolButton:
    button = QToolButton()
    set_kind(button, Kind.RAIL)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
