"""How long keyboard and mouse have rested, from desktops that say so on the message bus."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PyQt6.QtDBus import QDBus, QDBusConnection, QDBusMessage, QDBusVariant

#: A desktop that hangs does not hold the reminder up for longer.
_WAIT_MS = 300
_MUTTER = "org.gnome.Mutter.IdleMonitor"
_LOGIN = "org.freedesktop.login1"
#: The session of whoever asks.
_SESSION_PATH = "/org/freedesktop/login1/session/auto"
_US_PER_S = 1e6


def idle_s() -> float | None:
    """Return the seconds; None where no desktop tells."""
    found = _of_gnome()
    return found if found is not None else _of_login()


def session_bus() -> QDBusConnection | None:
    """Return the bus, if there is one; asking for one that is not there would start one."""
    folder = os.environ.get("XDG_RUNTIME_DIR")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not (
        folder and (Path(folder) / "bus").exists()
    ):
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


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
    interface = "org.freedesktop.DBus.Properties"
    said = _ask(bus, _LOGIN, _SESSION_PATH, interface, "Get", f"{_LOGIN}.Session", name)
    return said.variant() if isinstance(said, QDBusVariant) else said


def _ask(
    bus: QDBusConnection, service: str, path: str, interface: str, method: str, *arguments: str
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
