"""The icon near the clock: there while the desktop has a place for it and the reminder is on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QObject, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMenu, QSystemTrayIcon

from app.breaks.protocol import Order, Wanted
from app.gui.style.dates import time_and_other_day
from app.gui.style.theme import LIGHT, icon_of
from app.system.dbus import session_bus
from app.text import breaks

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QAction, QIcon

    from app.breaks.protocol import ReminderState

#: For how long a desktop that asks shows the message.
_MESSAGE_MS = 20_000
_WATCHER = "org.kde.StatusNotifierWatcher"
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


class TrayIcon(QObject):
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
            self._icon.setToolTip(f"{breaks.NAME}: {state_text(state)}")

    def remind(self, state: ReminderState) -> None:
        """Show a message with what to do; a desktop that is busy presenting may hold it back."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return
        what = f"{breaks.SUGGESTED.format(what=state.suggestion)} {state.silence}".rstrip()
        self._icon.showMessage(breaks.DUE, what, self._icons[True], _MESSAGE_MS)

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


class TrayMenu(QObject):
    """Follows the reminder's state; whoever shows it takes :attr:`menu`."""

    #: A :class:`Wanted`.
    wanted = pyqtSignal(object)
    open_wanted = pyqtSignal()
    choices_wanted = pyqtSignal()
    quit_wanted = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        # Greyed out, it is hard to read.
        self.state = self._add(self.menu, "", self.choices_wanted.emit)
        self.menu.addSeparator()
        self.take = self._order(self.menu, breaks.TAKE_BREAK, Wanted(Order.TOOK_BREAK))
        self.snoozes = [
            self._order(self.menu, text, Wanted(Order.SNOOZE, minutes))
            for text, minutes in ((breaks.SNOOZE_FIVE, 5), (breaks.SNOOZE, 10))
        ]
        self.pauses = QMenu(breaks.PAUSE, self.menu)
        for text, minutes in ((breaks.PAUSE_ONE, 60), (breaks.PAUSE_TWO, 120)):
            self._order(self.pauses, text, Wanted(Order.PAUSE, minutes))
        until = Wanted(Order.PAUSE_UNTIL_TOMORROW)
        self._order(self.pauses, breaks.PAUSE_TOMORROW, until)
        self.menu.addMenu(self.pauses)
        self.resume = self._order(self.menu, breaks.RESUME, Wanted(Order.RESUME))
        self.menu.addSeparator()
        self._add(self.menu, breaks.OPEN, self.open_wanted.emit)
        self._add(self.menu, breaks.OPEN_CHOICES, self.choices_wanted.emit)
        self.menu.addSeparator()
        self._add(self.menu, breaks.QUIT, self.quit_wanted.emit)

    def show_state(self, state: ReminderState) -> None:
        """Offer what makes sense now."""
        self.state.setText(state_text(state))
        is_paused = state.paused_until is not None
        for snooze in self.snoozes:
            snooze.setVisible(state.is_due)
        self.resume.setVisible(is_paused)
        self.take.setEnabled(state.is_on)
        self.pauses.setEnabled(state.is_on)

    def close(self) -> None:
        """Let go of the menu, which belongs to no window."""
        self.menu.close()
        self.menu.deleteLater()

    def _order(self, menu: QMenu, text: str, wanted: Wanted) -> QAction:
        return self._add(menu, text, lambda: self.wanted.emit(wanted))

    def _add(self, menu: QMenu, text: str, then: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        assert action is not None
        action.triggered.connect(lambda: then())
        return action


def tray_icon(is_due: bool) -> QIcon:
    """Return the icon, with the dot or without."""
    drawn = (_DISC + _BELT).format(disc=LIGHT.accent, belt=LIGHT.on_accent)
    return icon_of(_SVG.format(drawn=drawn + (_DOT if is_due else "")), _SIZES_PX)


def state_text(state: ReminderState) -> str:
    """Say in one sentence how the reminder stands."""
    if not state.is_on:
        return breaks.OFF
    if state.paused_until is not None:
        return breaks.PAUSED.format(until=time_and_other_day(QLocale(), state.paused_until))
    if state.is_due:
        return breaks.DUE
    return state.silence or breaks.next_text(state.next_in_min)


def _is_on_bus() -> bool:
    """Tell whether the bus knows of a tray."""
    if not sys.platform.startswith("linux"):
        return False
    bus = session_bus()
    interface = bus.interface() if bus is not None else None
    return interface is not None and bool(interface.isServiceRegistered(_WATCHER).value())
