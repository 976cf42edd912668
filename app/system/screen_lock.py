"""Tells when the screen is locked, so that no camera looks at an empty room."""

from __future__ import annotations

import ctypes
import logging
import sys
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.system.dbus import LockBus

_log = logging.getLogger(__name__)
#: Windows and macOS are asked; a camera that goes off two seconds late is soon enough.
_ASK_MS = 2000
_SWITCH_DESKTOP = 0x0100
_FRAMEWORKS = "/System/Library/Frameworks/{0}.framework/{0}"
_UTF8 = 0x08000100


class ScreenLock(QObject):
    """Watches the screen between :meth:`start` and :meth:`stop` only.

    Where the system has no way to tell, nothing is ever said. The computer's going to sleep
    counts as a lock.
    """

    locked = pyqtSignal()
    unlocked = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_locked = self._is_asleep = False
        self._bus: LockBus | None = None
        self._ask: Callable[[], bool] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to watch; returns at once."""
        self._is_locked = self._is_asleep = False
        if sys.platform.startswith("linux"):
            self._start_bus()
            return
        self._ask = _QUESTIONS.get(sys.platform)
        if self._ask is not None:
            self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        if self._bus is not None:
            self._bus.stop()

    def _start_bus(self) -> None:
        if self._bus is None:
            try:
                from app.system.dbus import LockBus
            except ImportError as error:  # a system without the library
                _log.debug("The screen's lock cannot be watched: %s", error)
                return
            self._bus = LockBus(self)
            self._bus.lock_told.connect(self._tell)
            self._bus.sleep_told.connect(self._sleep)
        self._bus.start()

    def _look(self) -> None:
        try:
            is_locked = self._ask() if self._ask is not None else False
        except (OSError, AttributeError) as error:
            _log.debug("The screen's lock cannot be watched: %s", error)
            self._timer.stop()
            return
        self._tell(is_locked)

    def _tell(self, is_locked: bool) -> None:
        """Say it once, however many parts of the system do."""
        self._is_asleep = False
        if is_locked != self._is_locked:
            self._is_locked = is_locked
            (self.locked if is_locked else self.unlocked).emit()

    def _sleep(self, begins: bool) -> None:
        if begins and not self._is_locked:
            self._tell(True)
            self._is_asleep = True
        elif not begins and self._is_asleep:  # else the screen is locked when it wakes up
            self._tell(False)


def _is_windows_locked() -> bool:
    """Tell whether the desktop in front is not the person's own: only the system may open it."""
    user32 = ctypes.CDLL("user32")
    user32.OpenInputDesktop.restype = ctypes.c_void_p
    user32.CloseDesktop.argtypes = (ctypes.c_void_p,)
    desktop = user32.OpenInputDesktop(0, False, _SWITCH_DESKTOP)
    if not desktop:
        return True
    user32.CloseDesktop(desktop)
    return False


def _is_mac_locked() -> bool:
    graphics = ctypes.CDLL(_FRAMEWORKS.format("CoreGraphics"))
    core = ctypes.CDLL(_FRAMEWORKS.format("CoreFoundation"))
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32)
    core.CFDictionaryGetValue.restype = ctypes.c_void_p
    core.CFDictionaryGetValue.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    core.CFBooleanGetValue.argtypes = (ctypes.c_void_p,)
    core.CFRelease.argtypes = (ctypes.c_void_p,)
    session = graphics.CGSessionCopyCurrentDictionary()
    if not session:  # nobody sits in front of it
        return True
    key = core.CFStringCreateWithCString(None, b"CGSSessionScreenIsLocked", _UTF8)
    value = core.CFDictionaryGetValue(session, key)
    is_locked = bool(value) and bool(core.CFBooleanGetValue(value))
    core.CFRelease(key)
    core.CFRelease(session)
    return is_locked


_QUESTIONS: dict[str, Callable[[], bool]] = {
    "win32": _is_windows_locked,
    "darwin": _is_mac_locked,
}
