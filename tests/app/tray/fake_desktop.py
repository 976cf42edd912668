"""The parts of a desktop that the reminder speaks to, on a bus of their own.

A program: ``python fake_desktop.py tray messages idle login``, any of these, or who knows of
programs that keep the screen on. It says "ready", then what it hears.
"""

# PyQt's type information lacks or misstates what puts an object on the bus.
# mypy: ignore-errors

from __future__ import annotations

import sys
import time

from PyQt6.QtCore import (
    QCoreApplication,
    QObject,
    QTimer,
    QVariant,
    pyqtClassInfo,
    pyqtProperty,
    pyqtSignal,
    pyqtSlot,
)
from PyQt6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage

IDLE_MS = 431_000
_LONGEST_MS = 30_000


@pyqtClassInfo("D-Bus Interface", "org.kde.StatusNotifierWatcher")
class Watcher(QDBusAbstractAdaptor):
    """Where icons announce themselves."""

    StatusNotifierHostRegistered = pyqtSignal()
    NAME, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"

    @pyqtProperty(bool)
    def IsStatusNotifierHostRegistered(self) -> bool:
        return True

    @pyqtSlot(str)
    def RegisterStatusNotifierItem(self, service: str) -> None:
        print("icon", flush=True)


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.Notifications")
class Messages(QDBusAbstractAdaptor):
    """Shows messages."""

    NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"

    @pyqtSlot(QDBusMessage)
    def Notify(self, message: QDBusMessage) -> None:
        _, _, _, title, body, *_ = message.arguments()
        print(f"message {title} | {body}", flush=True)
        reply = message.createReply([QVariant(1)])
        QDBusConnection.sessionBus().send(reply)


@pyqtClassInfo("D-Bus Interface", "org.gnome.Mutter.IdleMonitor")
class Idle(QDBusAbstractAdaptor):
    """Knows how long keyboard and mouse have rested."""

    NAME, PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"

    @pyqtSlot(result="qulonglong")
    def GetIdletime(self) -> int:
        return IDLE_MS


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.login1.Session")
class Login(QDBusAbstractAdaptor):
    """Knows whether the session is idle; since the first moment of this computer."""

    NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1/session/auto"

    @pyqtProperty(bool)
    def IdleHint(self) -> bool:
        return "active" not in sys.argv

    @pyqtProperty("qulonglong")
    def IdleSinceHintMonotonic(self) -> int:
        return 1


@pyqtClassInfo("D-Bus Interface", "org.gnome.SessionManager")
class Gnome(QDBusAbstractAdaptor):
    """Tells what programs keep from happening: 4 is sleep, 8 a screen that goes dark."""

    NAME, PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"

    @pyqtSlot("uint", result=bool)
    def IsInhibited(self, kinds: int) -> bool:
        if "slow" in sys.argv:
            time.sleep(2)
        return kinds == 8 and "film" in sys.argv


@pyqtClassInfo("D-Bus Interface", "org.kde.Solid.PowerManagement.PolicyAgent")
class Kde(QDBusAbstractAdaptor):
    """Tells films, which are 4, from downloads, which are 1."""

    NAME = "org.kde.Solid.PowerManagement.PolicyAgent"
    PATH = "/org/kde/Solid/PowerManagement/PolicyAgent"

    @pyqtSlot("uint", result=bool)
    def HasInhibition(self, kinds: int) -> bool:
        return bool(kinds & (4 if "film" in sys.argv else 1))


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.PowerManagement.Inhibit")
class Others(QDBusAbstractAdaptor):
    """Tells whether anything is kept from happening."""

    NAME = "org.freedesktop.PowerManagement.Inhibit"
    PATH = "/org/freedesktop/PowerManagement/Inhibit"

    @pyqtSlot(result=bool)
    def HasInhibit(self) -> bool:
        return True


@pyqtClassInfo("D-Bus Interface", "org.gnome.SessionManager")
class Confused(QDBusAbstractAdaptor):
    """Answers with what nobody asked for."""

    NAME, PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"

    @pyqtSlot("uint", result=str)
    def IsInhibited(self, kinds: int) -> str:
        return "perhaps"


PARTS = {
    "tray": Watcher,
    "messages": Messages,
    "idle": Idle,
    "login": Login,
    "gnome": Gnome,
    "kde": Kde,
    "others": Others,
    "confused": Confused,
}


def main() -> None:
    app = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    kept = []
    for name, part in PARTS.items():
        if name not in sys.argv:
            continue
        thing = QObject()
        part(thing)
        kept.append(thing)
        assert bus.registerObject(part.PATH, thing), bus.lastError().message()
        assert bus.registerService(part.NAME), bus.lastError().message()
    print("ready", flush=True)
    # Whoever waits for a word that never comes waits no longer than this.
    QTimer.singleShot(_LONGEST_MS, app.quit)
    app.exec()


if __name__ == "__main__":
    main()
