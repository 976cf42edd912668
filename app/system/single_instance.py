"""One window for each person: a second start shows the first."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from app import Page
from app.system.ipc import Endpoint, IpcServer, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtNetwork import QLocalSocket
    from PyQt6.QtWidgets import QWidget

_log = logging.getLogger(__name__)
#: A window that hangs is not waited for any longer.
ANSWER_MS = 2000
_HEARD = b"heard"
#: How desktops let one program hand the focus it was started with to another.
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_TOKEN_LETTERS = 1000
_ANY_PROCESS = -1
_PAGES = frozenset(page.value for page in Page if page.opens_unasked)


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """What a start of the window is for; each may be left out.

    Attributes
    ----------
    photos
        Photographs to measure, by their whole paths.
    live_source
        What serves as camera for a live check that begins at once; empty for the usual camera.
    page
        The page to show.
    token
        Lets the window come to the front.
    """

    photos: tuple[str, ...] = ()
    live_source: str | None = None
    page: str | None = None
    token: str | None = None


def make_request(
    photos: Sequence[str] = (), live_source: str | None = None, page: str | None = None
) -> LaunchRequest:
    """Return a request that another process understands, whatever folder that one is in."""
    if live_source and Path(live_source).exists():
        live_source = str(Path(live_source).absolute())
    token = next((value for name in _TOKENS if (value := os.environ.get(name))), None)
    whole = tuple(str(Path(photo).absolute()) for photo in photos)
    return LaunchRequest(whole, live_source, page if page in _PAGES else None, token)


class SingleInstance(QObject):
    """Asked at the start; listens afterwards, if this is the first."""

    #: A :class:`LaunchRequest` of somebody who started the program once more.
    requested = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = IpcServer(Endpoint.WINDOW, self)
        self._server.received.connect(self._hear)

    def claim(self) -> bool:
        """Be the first, unless there is one; tell which."""
        try:
            return self._server.open()
        except OSError as error:
            # Two windows are better than none.
            _log.info("Another window could not be looked for: %s", error)
            return True

    def tell_first(self, request: LaunchRequest, timeout_ms: int = ANSWER_MS) -> bool:
        """Hand a request to the first; tell whether it was heard in time."""
        _let_others_come_to_the_front()
        return ask(Endpoint.WINDOW, _line_of(request), timeout_ms) == _HEARD

    def close(self) -> None:
        """Let the next start be the first."""
        self._server.close()

    def _hear(self, client: QLocalSocket, line: bytes) -> None:
        request = _request_of(line)
        if request is None:
            _log.info("Somebody said something that is no request.")
            return
        self._server.send(client, _HEARD)
        self.requested.emit(request)


def bring_to_front(window: QWidget, token: str | None = None) -> None:
    """Show a window that may be minimised or behind others."""
    if token:
        # Qt takes it from there when the window is activated.
        os.environ["XDG_ACTIVATION_TOKEN"] = token
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _line_of(request: LaunchRequest) -> bytes:
    said = {name: value for name, value in asdict(request).items() if value not in (None, ())}
    return json.dumps(said).encode()


def _request_of(line: bytes) -> LaunchRequest | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    photos = said.pop("photos", [])
    others = said.values()
    if not isinstance(photos, list) or not all(map(_can_be_named, (*photos, *others))):
        return None
    known = {name: said[name] for name in asdict(LaunchRequest()) if name in said}
    request = LaunchRequest(tuple(photos), **known)
    if not _is_token(request.token or ""):
        request = replace(request, token=None)
    return request if request.page in _PAGES else replace(request, page=None)


def _can_be_named(said: object) -> bool:
    """Tell whether something is a text that files can be named, and that desktops understand."""
    try:
        return isinstance(said, str) and b"\0" not in os.fsencode(said)
    except UnicodeEncodeError:
        return False


def _is_token(text: str) -> bool:
    return len(text) <= _TOKEN_LETTERS and text.isascii() and text.isprintable()


def _let_others_come_to_the_front() -> None:
    """Pass on, on Windows, what the person's click allows this process only."""
    if sys.platform == "win32":
        ctypes.WinDLL("user32").AllowSetForegroundWindow(_ANY_PROCESS)
