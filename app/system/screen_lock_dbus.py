"""What Linux desktops say about the screen's lock on the message bus."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt6.QtDBus import QDBusConnection, QDBusMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Each desktop tells it under a name of its own, with the same signal.
_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
_LOGIN = "org.freedesktop.login1"
_SESSION = f"{_LOGIN}.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SESSION_PATH = "/org/freedesktop/login1/session/"


class LockBus(QObject):
    """Listens between :meth:`start` and :meth:`stop`; without a bus it hears nothing."""

    #: Whether the screen is locked now.
    lock_told = pyqtSignal(bool)
    #: Whether the computer goes to sleep, or woke up.
    sleep_told = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buses: tuple[QDBusConnection, ...] = ()

    def start(self) -> None:
        """Begin to listen."""
        self.stop()
        if _has_session_bus():
            session = QDBusConnection.sessionBus()
            for saver in _SAVERS:
                session.connect("", "", saver, "ActiveChanged", self._take_saver)
            self._buses = (session,)
        system = QDBusConnection.systemBus()
        if system.isConnected():
            for path, interface, name, slot in self._of_login():
                system.connect("", path, interface, name, slot)
            self._buses += (system,)

    def stop(self) -> None:
        """Listen no longer."""
        buses, self._buses = self._buses, ()
        for bus in buses:
            for saver in _SAVERS:
                bus.disconnect("", "", saver, "ActiveChanged", self._take_saver)
            for path, interface, name, slot in self._of_login():
                bus.disconnect("", path, interface, name, slot)

    def _of_login(self) -> Iterator[tuple[str, str, str, Callable[[QDBusMessage], None]]]:
        path = _session_path()
        yield path, _SESSION, "Lock", self._take_lock
        yield path, _SESSION, "Unlock", self._take_unlock
        yield path, _PROPERTIES, "PropertiesChanged", self._take_properties
        yield "", f"{_LOGIN}.Manager", "PrepareForSleep", self._take_sleep

    @pyqtSlot(QDBusMessage)
    def _take_saver(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [bool(is_active)]:
                self.lock_told.emit(is_active)

    @pyqtSlot(QDBusMessage)
    def _take_lock(self, message: QDBusMessage) -> None:
        self.lock_told.emit(True)

    @pyqtSlot(QDBusMessage)
    def _take_unlock(self, message: QDBusMessage) -> None:
        self.lock_told.emit(False)

    @pyqtSlot(QDBusMessage)
    def _take_properties(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [str(interface), {"LockedHint": bool(is_locked)}, *_] if interface == _SESSION:
                self.lock_told.emit(is_locked)

    @pyqtSlot(QDBusMessage)
    def _take_sleep(self, message: QDBusMessage) -> None:
        match message.arguments():
            case [bool(begins)]:
                self.sleep_told.emit(begins)


def _has_session_bus() -> bool:
    """Tell whether there is one; asking for one that is not there would start one."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return QDBusConnection.sessionBus().isConnected()
    folder = os.environ.get("XDG_RUNTIME_DIR")
    if folder and (Path(folder) / "bus").exists():
        return QDBusConnection.sessionBus().isConnected()
    return False


def _session_path() -> str:
    """Return the path of the person's own session; an empty one, which is any, if unknown."""
    name = os.environ.get("XDG_SESSION_ID", "")
    if not name.isalnum() or not name.isascii():
        return ""
    # The bus allows no digit in front.
    first = name[0] if name[0].isalpha() else f"_{ord(name[0]):02x}"
    return _SESSION_PATH + first + name[1:]
