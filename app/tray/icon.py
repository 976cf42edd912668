"""The icon near the clock: there while the desktop has a place for it and the reminder is on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QSystemTrayIcon

from app.system.idle_dbus import session_bus
from app.text import breaks
from app.text import breaks__sit_less_words as sit_less_words
from app.tray.icon__icon import tray_icon
from app.tray.icon__menu import TrayMenu, state_text

if TYPE_CHECKING:
    from app.breaks.protocol__state import ReminderState

#: For how long a desktop that asks shows the message.
_MESSAGE_MS = 20_000
_WATCHER = "org.kde.StatusNotifierWatcher"


class Sign(QObject):
    """Icon, menu and messages; nothing of it ever takes the focus."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = TrayMenu(self)
        self._icons = tray_icon(is_due=False), tray_icon(is_due=True)
        self._icon: QSystemTrayIcon | None = None
        #: Whether Qt was asked for a tray before the desktop's bus knew of one.
        self._was_asked_early = False

    @property
    def is_shown(self) -> bool:
        """Whether the icon is there."""
        return self._icon is not None

    @property
    def needs_new_process(self) -> bool:
        """Whether there is a place by now that only another process finds.

        Qt looks once in each process whether the bus knows of a tray.
        """
        return self._was_asked_early and _is_on_bus()

    def look(self, state: ReminderState) -> bool:
        """Show or remove the icon, as the desktop and the person want it; tell whether it shows."""
        has_place = _is_on_bus() or self._ask_qt()
        if has_place and not QSystemTrayIcon.isSystemTrayAvailable():
            has_place = False
        if state.is_on and has_place and self._icon is None:
            self._show()
        elif not (state.is_on and has_place) and self._icon is not None:
            self._remove()
        self.show_state(state)
        return self.is_shown

    def show_state(self, state: ReminderState) -> None:
        """Follow the reminder."""
        self.menu.show_state(state)
        if self._icon is not None:
            self._icon.setIcon(self._icons[state.is_on and state.is_due])
            self._icon.setToolTip(f"{breaks.NAME}: {self.tr(state_text(state))}")

    def remind(self, state: ReminderState) -> None:
        """Show a message with what to do; a desktop that is busy presenting may hold it back."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return
        what = self.tr(sit_less_words.SUGGESTED).format(what=state.suggestion)
        title = self.tr(sit_less_words.DUE)
        self._icon.showMessage(title, what, self._icons[True], _MESSAGE_MS)

    def close(self) -> None:
        """Take the icon away."""
        self._remove()
        self.menu.close()

    def _ask_qt(self) -> bool:
        if sys.platform.startswith("linux"):
            if QGuiApplication.platformName() != "xcb":
                return False
            self._was_asked_early = True
        return QSystemTrayIcon.isSystemTrayAvailable()

    def _show(self) -> None:
        icon = QSystemTrayIcon(self._icons[False], self)
        icon.setContextMenu(self.menu.menu)
        icon.activated.connect(self._activate)
        icon.messageClicked.connect(self.menu.choices_wanted)
        icon.show()
        self._icon = icon

    def _remove(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, which has an entry for this.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.menu.open_wanted.emit()


def _is_on_bus() -> bool:
    """Tell whether the bus knows of a tray."""
    if not sys.platform.startswith("linux"):
        return False
    bus = session_bus()
    interface = bus.interface() if bus is not None else None
    return interface is not None and bool(interface.isServiceRegistered(_WATCHER).value())
