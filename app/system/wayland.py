"""For how long keys and mouse have rested, as Wayland desktops tell it.

KDE and the desktops made with wlroots (Sway, Hyprland, labwc and others) know
``ext-idle-notify-v1``; earlier ones know KDE's own protocol, which it was made from. Spoken over
the desktop's socket without a library: it takes five messages, and a library that is missing or
ends the program when the desktop goes away would be worse than none.
"""

from __future__ import annotations

import logging
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from app.system.clock import elapsed_s

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)
#: The desktop tells once nothing was touched for so long. Looks are a quarter of a minute apart,
#: and nothing shorter than a minute counts.
REST_S = 10.0
#: A desktop that hangs does not hold the reminder up for longer, nor more often than this.
_WAIT_S, _TRY_AGAIN_S = 0.3, 60.0
_PIECE_BYTES = 65536
#: Object, and kind and size in one word each half, at the head of every message.
_HEAD = struct.Struct("=IHH")
_WORD = struct.Struct("=I")
#: Numbers of things that are made here; the display is 1 by itself.
_DISPLAY, _REGISTRY, _FIRST_DONE, _SEAT, _NOTIFIER, _REST, _LAST_DONE = range(1, 8)
#: Requests to the display and to the registry.
_SYNC, _GET_REGISTRY, _BIND = 0, 1, 0
#: What the display, the registry, and the rest that is watched tell.
_ERROR, _GLOBAL, _RESTS, _RESUMED = 0, 0, 0, 1
_SEAT_NAME = "wl_seat"
_NEW, _OLD = "ext_idle_notifier_v1", "org_kde_kwin_idle"


class _Unheard(Exception):
    """The desktop says what nobody can understand, ends, or does not answer."""


@dataclass(frozen=True, slots=True)
class _Global:
    """Something that the desktop offers."""

    number: int
    version: int


def idle_seconds() -> float | None:
    """Return seconds since the last key or mouse; None where the desktop does not tell.

    Less than :data:`REST_S` is said to be 0.
    """
    return _watch.idle_s()


class RestWatch:
    """Keeps a connection to the desktop, and finds a new one after a restart of it."""

    def __init__(self) -> None:
        self._desktop: _Desktop | None = None
        self._path: Path | None = None
        self._tried_s = float("-inf")
        #: Whether this desktop has been found to know nothing of it.
        self._is_in_vain = False

    def idle_s(self) -> float | None:
        """Return how long keys and mouse have rested; None where nobody knows."""
        path = _socket_path()
        if path != self._path:
            self.close()
            self._path = path
        if path is None or self._is_in_vain:
            return None
        try:
            if self._desktop is None:
                self._connect(path)
            return self._desktop.idle_s() if self._desktop is not None else None
        except (OSError, _Unheard) as error:
            _log.info("The desktop does not tell how long keys have rested: %s", error)
            if self._desktop is not None:
                self._desktop.close()
                self._desktop = None
            return None

    def close(self) -> None:
        """Let go of the desktop, and know nothing of it."""
        if self._desktop is not None:
            self._desktop.close()
        self._desktop, self._is_in_vain, self._tried_s = None, False, float("-inf")

    def _connect(self, path: Path) -> None:
        now_s = elapsed_s()
        if now_s - self._tried_s < _TRY_AGAIN_S:
            return
        self._tried_s = now_s
        self._desktop = _Desktop(path)
        if not self._desktop.watch():
            self._is_in_vain = True
            self._desktop.close()
            self._desktop = None


class _Desktop:
    """One connection to a desktop."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._heard = b""
        self._rests_since_s: float | None = None
        #: All that is waited for at the beginning comes until then, or never.
        self._until_s = monotonic() + _WAIT_S
        try:
            self._socket.settimeout(_WAIT_S)
            self._socket.connect(os.fspath(path))
        except OSError:
            self._socket.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def watch(self) -> bool:
        """Ask to be told of rest, and tell whether the desktop knows of such a thing."""
        self._say(_DISPLAY, _GET_REGISTRY, _WORD.pack(_REGISTRY))
        offered = self._wait_for(_FIRST_DONE)
        seat = offered.get(_SEAT_NAME)
        notifier = _NEW if _NEW in offered else _OLD
        if seat is None or notifier not in offered:
            return False
        about = offered[notifier]
        version = min(about.version, 2) if notifier == _NEW else 1
        self._say(_REGISTRY, _BIND, _bound(seat.number, _SEAT_NAME, 1, _SEAT))
        self._say(_REGISTRY, _BIND, _bound(about.number, notifier, version, _NOTIFIER))
        rest_ms = round(1000 * REST_S)
        if notifier == _NEW:
            # From version 2 on it can be asked for keys and mouse alone, films or not.
            self._say(_NOTIFIER, version, struct.pack("=III", _REST, rest_ms, _SEAT))
        else:
            self._say(_NOTIFIER, 0, struct.pack("=III", _REST, _SEAT, rest_ms))
        self._wait_for(_LAST_DONE)
        self._socket.setblocking(False)
        return True

    def idle_s(self) -> float:
        """Return how long keys and mouse have rested, from all that was told since."""
        for thing, kind, _ in self._messages():
            self._take(thing, kind)
        if self._rests_since_s is None:
            return 0.0
        return max(0.0, elapsed_s() - self._rests_since_s)

    def _take(self, thing: int, kind: int) -> None:
        if thing == _DISPLAY and kind == _ERROR:
            raise _Unheard("it refuses")
        if thing == _REST and kind == _RESTS:
            self._rests_since_s = elapsed_s() - REST_S
        elif thing == _REST and kind == _RESUMED:
            self._rests_since_s = None

    def _say(self, thing: int, kind: int, body: bytes) -> None:
        self._socket.sendall(_HEAD.pack(thing, kind, _HEAD.size + len(body)) + body)

    def _wait_for(self, done: int) -> dict[str, _Global]:
        """Wait until all that was said is done, and return what is offered meanwhile."""
        self._say(_DISPLAY, _SYNC, _WORD.pack(done))
        offered: dict[str, _Global] = {}
        while (left_s := self._until_s - monotonic()) > 0:
            self._socket.settimeout(left_s)
            for thing, kind, body in self._messages():
                self._take(thing, kind)
                if thing == _REGISTRY and kind == _GLOBAL:
                    name, found = _read_global(body)
                    # Of several seats, the first is the one that people sit at.
                    offered.setdefault(name, found)
                if thing == done:
                    return offered
        raise _Unheard("it does not answer")

    def _messages(self) -> Iterator[tuple[int, int, bytes]]:
        """Give what was told: thing, kind and the rest; waits once at most."""
        with suppress(BlockingIOError):
            while piece := self._socket.recv(_PIECE_BYTES):
                self._heard += piece
                if len(piece) < _PIECE_BYTES:
                    break
            if not piece:
                raise _Unheard("it has ended")
        while len(self._heard) >= _HEAD.size:
            thing, kind, size = _HEAD.unpack_from(self._heard)
            if size < _HEAD.size:
                raise _Unheard("it makes no sense")
            if len(self._heard) < size:
                return
            body, self._heard = self._heard[_HEAD.size : size], self._heard[size:]
            yield thing, kind, body


def _socket_path() -> Path | None:
    """Return where the desktop listens; None under no Wayland desktop."""
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return None
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    path = Path(folder) / name
    return path if path.is_absolute() else None


def _bound(number: int, name: str, version: int, made: int) -> bytes:
    """Return what asks for something that is offered."""
    text = name.encode() + b"\0"
    padded = text + b"\0" * (-len(text) % _WORD.size)
    sizes = _WORD.pack(number) + _WORD.pack(len(text))
    return sizes + padded + struct.pack("=II", version, made)


def _read_global(body: bytes) -> tuple[str, _Global]:
    """Read what is offered."""
    try:
        number, length = struct.unpack_from("=II", body)
        padded = length + -length % _WORD.size
        (version,) = _WORD.unpack_from(body, 2 * _WORD.size + padded)
    except struct.error as error:
        raise _Unheard("it makes no sense") from error
    name = body[2 * _WORD.size :][:length].rstrip(b"\0")
    return name.decode("utf-8", "replace"), _Global(number, version)


_watch = RestWatch()
