"""What Linux desktops tell on the message bus: resting keys and mouse, locked screens, sleep."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt6.QtDBus import QDBus, QDBusArgument, QDBusConnection, QDBusMessage, QDBusVariant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A desktop that hangs does not hold the reminder up for longer.
_WAIT_MS = 300
_MUTTER = "org.gnome.Mutter.IdleMonitor"
_LOGIN = "org.freedesktop.login1"
_SESSION = f"{_LOGIN}.Session"
_SESSION_PATH = "/org/freedesktop/login1/session/"
_PROPERTIES = "org.freedesktop.DBus.Properties"
#: Each desktop tells it under a name of its own, with the same signal.
_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
#: Who knows whether a program keeps the screen on: service and interface, path, method, and the
#: kind that is asked for, if any. KDE tells downloads apart from films only in its own.
_KEEPERS = (
    (
        "org.kde.Solid.PowerManagement.PolicyAgent",
        "/org/kde/Solid/PowerManagement/PolicyAgent",
        "HasInhibition",
        4,
    ),
    ("org.gnome.SessionManager", "/org/gnome/SessionManager", "IsInhibited", 8),
    (
        "org.freedesktop.PowerManagement.Inhibit",
        "/org/freedesktop/PowerManagement/Inhibit",
        "HasInhibit",
        None,
    ),
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "HasInhibit", None),
)
#: QMetaType's number for 32 bits without a sign.
_UNSIGNED = 3
_US_PER_S = 1e6


def session_bus() -> QDBusConnection | None:
    """Return the bus, if there is one; asking for one that is not there would start one."""
    folder = os.environ.get("XDG_RUNTIME_DIR")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not (
        folder and (Path(folder) / "bus").exists()
    ):
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


def idle_s() -> float | None:
    """Return the seconds; None where no desktop tells."""
    found = _of_gnome()
    return found if found is not None else _of_login()


def is_kept_on() -> bool | None:
    """Tell whether a program keeps the screen on, by the first that knows; None where none does."""
    bus = session_bus()
    if bus is None:
        return None
    for service, path, method, kind in _KEEPERS:
        arguments = () if kind is None else (_unsigned(kind),)
        match _ask(bus, service, path, service, method, *arguments):
            case bool(is_kept):
                return is_kept
    return None


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
        session = session_bus()
        if session is not None:
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


def _of_gnome() -> float | None:
    bus = session_bus()
    if bus is None:
        return None
    path = "/org/gnome/Mutter/IdleMonitor/Core"
    match _ask(bus, _MUTTER, path, _MUTTER, "GetIdletime"):
        case int(milliseconds):
            return milliseconds / 1000
    return None


def _of_login() -> float | None:
    """Return how long the session has rested, once its desktop has called it idle.

    Some desktops never do, so a session that is not called idle tells nothing.
    """
    bus = QDBusConnection.systemBus()
    if not bus.isConnected() or _login_property(bus, "IdleHint") is not True:
        return None
    match _login_property(bus, "IdleSinceHintMonotonic"):
        case int(since_us) if since_us > 0:
            return max(0.0, time.monotonic() - since_us / _US_PER_S)
    return None


def _login_property(bus: QDBusConnection, name: str) -> object:
    # "auto" is the session of whoever asks.
    said = _ask(bus, _LOGIN, f"{_SESSION_PATH}auto", _PROPERTIES, "Get", _SESSION, name)
    return said.variant() if isinstance(said, QDBusVariant) else said


def _unsigned(number: int) -> QDBusArgument:
    """Return a number as desktops want it; by itself it would travel with a sign."""
    made = QDBusArgument()
    made.add(number, _UNSIGNED)
    return made


def _ask(
    bus: QDBusConnection, service: str, path: str, interface: str, method: str, *arguments: object
) -> object:
    """Return the first thing that is answered, or None."""
    call = QDBusMessage.createMethodCall(service, path, interface, method)
    call.setArguments(list(arguments))
    # Asking must not start a desktop's service.
    call.setAutoStartService(False)
    reply = bus.call(call, QDBus.CallMode.Block, _WAIT_MS)
    if reply.type() is not QDBusMessage.MessageType.ReplyMessage or not reply.arguments():
        return None
    first: object = reply.arguments()[0]
    return first


def _session_path() -> str:
    """Return the path of the person's own session; an empty one, which is any, if unknown."""
    name = os.environ.get("XDG_SESSION_ID", "")
    if not name.isalnum() or not name.isascii():
        return ""
    # The bus allows no digit in front.
    first = name[0] if name[0].isalpha() else f"_{ord(name[0]):02x}"
    return _SESSION_PATH + first + name[1:]
