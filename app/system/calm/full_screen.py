"""Whether the window in front fills the whole screen, on X11 and on Windows.

Asked through libxcb, which every X desktop has: unlike Xlib, it ends no program when a window
goes away meanwhile. A connection lasts for one question, so it outlives no screen.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import struct
import sys
from typing import Any

_ANY, _LONGEST_WORDS = 0, 64
_STATE, _ACTIVE, _FULL = "_NET_WM_STATE", "_NET_ACTIVE_WINDOW", "_NET_WM_STATE_FULLSCREEN"
_CLASS, _OURS = "WM_CLASS", b"beltline"
#: QUNS_BUSY, QUNS_RUNNING_D3D_FULL_SCREEN and QUNS_PRESENTATION_MODE of shellapi.h.
_OCCUPIED = frozenset({2, 3, 4})


class _Cookie(ctypes.Structure):
    """A question that was asked."""

    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t; a screen begins with its root window."""

    _fields_ = (
        ("first", ctypes.POINTER(ctypes.c_uint32)),
        ("left", ctypes.c_int),
        ("index", ctypes.c_int),
    )


class _AtomReply(ctypes.Structure):
    """xcb_intern_atom_reply_t."""

    _fields_ = (("head", ctypes.c_uint8 * 8), ("atom", ctypes.c_uint32))


class _PropertyReply(ctypes.Structure):
    """xcb_get_property_reply_t; its bytes follow it."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("head", ctypes.c_uint8 * 14),
        ("count", ctypes.c_uint32),
        ("rest", ctypes.c_uint8 * 12),
    )


def fills_screen() -> bool | None:
    """Tell whether another program's window in front does; None where nobody knows."""
    try:
        if sys.platform == "win32":
            return _on_windows()
        # Under Wayland, an X server beside it knows of its own windows in front.
        if sys.platform.startswith("linux") and os.environ.get("DISPLAY"):
            return _on_x11()
    except (OSError, AttributeError):
        return None
    return None


def _on_x11() -> bool | None:
    server = _Server()
    try:
        if not server.is_there:
            return None
        window = server.numbers(server.root, _ACTIVE)
        if not window or not window[0]:
            return False
        if _OURS in server.read(window[0], _CLASS).lower().split(b"\0"):
            return False
        return server.atom(_FULL) in server.numbers(window[0], _STATE)
    finally:
        server.close()


class _Server:
    """An X server for some questions."""

    def __init__(self) -> None:
        self._xcb = xcb = _library()
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = (ctypes.c_void_p,)
        number = ctypes.c_int()
        self._link = xcb.xcb_connect(None, ctypes.byref(number))
        self.is_there = not xcb.xcb_connection_has_error(self._link)
        #: The window behind all others, on the screen that is meant.
        self.root = self._root(number.value) if self.is_there else 0

    def close(self) -> None:
        """Let go of it."""
        self._xcb.xcb_disconnect(self._link)

    def atom(self, name: str) -> int:
        """Return the server's number for a name; 0 for one that nobody has used."""
        asked = self._xcb.xcb_intern_atom(self._link, 1, len(name), name.encode())
        reply = self._xcb.xcb_intern_atom_reply(self._link, asked, None)
        if not reply:
            return 0
        number = int(reply.contents.atom)
        self._free(reply)
        return number

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """Return a property's numbers of 32 bits; none where there is no such thing."""
        found = self.read(window, name, bits=32)
        return struct.unpack(f"={len(found) // 4}I", found)

    def read(self, window: int, name: str, bits: int = 8) -> bytes:
        """Return a property's bytes, if it is kept in pieces of so many bits."""
        wanted = self.atom(name)
        if not wanted:
            return b""
        asked = self._xcb.xcb_get_property(self._link, 0, window, wanted, _ANY, 0, _LONGEST_WORDS)
        reply = self._xcb.xcb_get_property_reply(self._link, asked, None)
        if not reply:
            return b""
        has_it = reply.contents.bits == bits
        length = reply.contents.count * bits // 8 if has_it else 0
        begin = ctypes.addressof(reply.contents) + ctypes.sizeof(_PropertyReply)
        found = ctypes.string_at(begin, length)
        self._free(reply)
        return found

    def _root(self, number: int) -> int:
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._link))
        for _ in range(number):
            self._xcb.xcb_screen_next(ctypes.byref(screens))
        return int(screens.first[0])


def _library() -> Any:
    xcb = ctypes.CDLL(ctypes.util.find_library("xcb") or "libxcb.so.1")
    link, number, byte = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint8
    xcb.xcb_connect.restype = link
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (link,)
    xcb.xcb_get_setup.restype = link
    xcb.xcb_get_setup.argtypes = xcb.xcb_setup_roots_iterator.argtypes = (link,)
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_screen_next.argtypes = (ctypes.POINTER(_Screens),)
    xcb.xcb_intern_atom.restype = xcb.xcb_get_property.restype = _Cookie
    xcb.xcb_intern_atom.argtypes = (link, byte, ctypes.c_uint16, ctypes.c_char_p)
    xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(_AtomReply)
    xcb.xcb_get_property.argtypes = (link, byte, number, number, number, number, number)
    xcb.xcb_get_property_reply.restype = ctypes.POINTER(_PropertyReply)
    for reply in (xcb.xcb_intern_atom_reply, xcb.xcb_get_property_reply):
        reply.argtypes = (link, _Cookie, ctypes.c_void_p)
    return xcb


def _on_windows() -> bool | None:
    libraries: Any = ctypes
    state = ctypes.c_int()
    if libraries.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state)):
        return None
    return state.value in _OCCUPIED
