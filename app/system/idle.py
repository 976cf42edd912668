"""For how long keys and mouse have rested, where the system tells without a desktop's bus."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from app.system import wayland

if TYPE_CHECKING:
    from collections.abc import Callable

_MS = 1000.0
#: Every kind of input, and the state of the whole session (CGEventSource.h).
_ANY_INPUT, _SESSION = 0xFFFFFFFF, 0


def idle_seconds() -> float | None:
    """Return seconds since the last key or mouse; None where nobody can tell."""
    asked = _asker()
    return None if asked is None else asked()


@cache
def _asker() -> Callable[[], float | None] | None:
    """Return what knows, kept open; None where nothing does."""
    try:
        if sys.platform == "win32":
            return _windows()
        if sys.platform == "darwin":
            return _macos()
        # Under Wayland an X server may run beside and sees but its own windows' input.
        if os.environ.get("WAYLAND_DISPLAY"):
            return wayland.idle_seconds
        if os.environ.get("DISPLAY"):
            return _x11()
    except (OSError, AttributeError):
        return None
    return None


class _ScreenSaverInfo(ctypes.Structure):
    """XScreenSaverInfo of X11/extensions/scrnsaver.h."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle_ms", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


def _x11() -> Callable[[], float | None] | None:
    x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    saver = ctypes.CDLL(ctypes.util.find_library("Xss") or "libXss.so.1")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    saver.XScreenSaverAllocInfo.restype = ctypes.POINTER(_ScreenSaverInfo)
    saver.XScreenSaverQueryExtension.argtypes = [
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.POINTER(ctypes.c_int),
    ]
    saver.XScreenSaverQueryInfo.argtypes = [
        ctypes.c_void_p,
        ctypes.c_ulong,
        ctypes.POINTER(_ScreenSaverInfo),
    ]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    first = ctypes.c_int()
    if not saver.XScreenSaverQueryExtension(display, ctypes.byref(first), ctypes.byref(first)):
        return None
    root, info = x11.XDefaultRootWindow(display), saver.XScreenSaverAllocInfo()

    def ask() -> float | None:
        if not saver.XScreenSaverQueryInfo(display, root, info):
            return None
        return float(info.contents.idle_ms) / _MS

    return ask


class _LastInput(ctypes.Structure):
    """LASTINPUTINFO of winuser.h."""

    _fields_ = (("size", ctypes.c_uint), ("at_ms", ctypes.c_uint))


def _windows() -> Callable[[], float | None]:
    libraries: Any = ctypes
    user, kernel = libraries.windll.user32, libraries.windll.kernel32

    def ask() -> float | None:
        last = _LastInput(ctypes.sizeof(_LastInput), 0)
        if not user.GetLastInputInfo(ctypes.byref(last)):
            return None
        # Both count to 2^32 and begin anew.
        return float((kernel.GetTickCount() - last.at_ms) & 0xFFFFFFFF) / _MS

    return ask


def _macos() -> Callable[[], float | None]:
    path = ctypes.util.find_library("ApplicationServices")
    services = ctypes.CDLL(path or "ApplicationServices")
    since = services.CGEventSourceSecondsSinceLastEventType
    since.restype = ctypes.c_double
    since.argtypes = [ctypes.c_int32, ctypes.c_uint32]
    return lambda: float(since(_SESSION, _ANY_INPUT))
