"""The strip on the left: one button a page, and whose checks are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QButtonGroup, QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from app.gui.style.icons import Icon, draw_icon
from app.gui.style.theme import Kind, colours, set_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app import Page
    from app.gui.pages import PageEntry
    from app.history.records import Profile

_WIDTH_PX = 108
_ICON_PX = 26
_NAME_LETTERS = 12


class Navigation(QFrame):
    """Buttons for the pages, and at the bottom the person in use."""

    page_wanted = pyqtSignal(str)
    profile_wanted = pyqtSignal(int)
    people_wanted = pyqtSignal()

    def __init__(self, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # First of all: a change of the palette may come while the rest is being made.
        self._buttons: dict[Page, tuple[QToolButton, PageEntry]] = {}
        set_kind(self, Kind.RAIL)
        self.setFixedWidth(_WIDTH_PX)
        self.setAccessibleName(self.tr("Pages"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._group = QButtonGroup(self)
        self.person = self._person_button()
        for number, entry in enumerate(entries, 1):
            self._layout.addWidget(self._page_button(entry, number))
        self._layout.addStretch(1)
        self._layout.addWidget(self.person)
        self._draw_icons()

    def _page_button(self, entry: PageEntry, number: int) -> QToolButton:
        button = _button()
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
        button = _button()
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
            button.setText(f"{title} \N{BULLET}" if is_marked else title)
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
        menu.addAction(self.tr("Add or change people…"), self.people_wanted.emit)
        self.person.setVisible(bool(profiles))

    def _name_person(self, name: str) -> None:
        short = name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
        self.person.setText(short.replace("&", "&&"))
        self.person.setAccessibleName(self.tr("Person: {name}").format(name=name))
        self.person.setToolTip(self.tr("Whose checks are shown: {name}").format(name=name))

    def changeEvent(self, event: QEvent | None) -> None:
        """Redraw the icons when light turns to dark."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and self._buttons:
            self._draw_icons()

    def _draw_icons(self) -> None:
        for button, entry in self._buttons.values():
            button.setIcon(draw_icon(entry.icon, colours().text))
        self.person.setIcon(draw_icon(Icon.PERSON, colours().text))


def _button() -> QToolButton:
    button = QToolButton()
    set_kind(button, Kind.RAIL)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
