"""A camera in the network: sends one JPEG after the other, and can fail in every usual way."""

from __future__ import annotations

import socket
import threading
import time
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

_BOUNDARY = b"--picture\r\n"
_HEAD = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


class Sends(Enum):
    """What the camera sends to whoever is connected."""

    PICTURES = "pictures"
    #: The connection stays, and nothing comes.
    NOTHING = "nothing"
    #: Bytes that are no picture, without end.
    GARBAGE = "garbage"
    #: Whole parts, each of which holds a damaged picture.
    DAMAGED = "damaged"


class MjpegServer:
    """Serves on a free port of this computer; inside a ``with`` block it runs.

    Parameters
    ----------
    width_px, height_px
        Of the pictures; to be changed at any time.
    fps
        How many are sent in a second.
    """

    def __init__(self, width_px: int = 160, height_px: int = 120, fps: float = 60.0) -> None:
        self.width_px, self.height_px, self.fps = width_px, height_px, fps
        self.sends = Sends.PICTURES
        self.is_still = False
        #: Answers in the camera's place; None: the camera itself does.
        self.instead: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.connections = 0
        self._port = 0
        self._number = 0
        self._server: _Server | None = None

    @property
    def address(self) -> str:
        """Where it is, whether it runs or not."""
        return f"http://127.0.0.1:{self._port}/video"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Answer, at the same address as before."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="camera server", daemon=True
        ).start()

    def kill(self) -> None:
        """Cut every connection, and answer no more."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.hang_up()
            server.server_close()

    def hang_up(self) -> None:
        """Cut every connection; new ones are welcome."""
        if self._server is not None:
            self._server.hang_up()

    def next_picture(self) -> bytes:
        """Return a JPEG that differs from the one before, unless the camera is frozen."""
        self._number += not self.is_still
        return jpeg(picture(self.width_px, self.height_px, self._number))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], camera: MjpegServer) -> None:
        self.camera = camera
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def welcome(self, connection: socket.socket) -> None:
        self.camera.connections += 1
        self._open.add(connection)

    def hang_up(self) -> None:
        while self._open:
            connection = self._open.pop()
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                connection.close()  # the other end was faster

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: connections break here on purpose."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Send until somebody hangs up."""
        camera = self.server.camera
        self.server.welcome(self.connection)
        if camera.instead is not None:
            camera.instead(self)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        while True:
            self._send(camera)
            time.sleep(1 / camera.fps)
            if camera.instead is not None:
                return

    def _send(self, camera: MjpegServer) -> None:
        if camera.sends is Sends.NOTHING:
            return
        if camera.sends is Sends.GARBAGE:
            self.wfile.write(np.random.default_rng(camera.connections).bytes(4096))
            return
        data = camera.next_picture()
        if camera.sends is Sends.DAMAGED:
            data = np.random.default_rng(len(data)).bytes(len(data))
        self.wfile.write(_BOUNDARY + _HEAD % len(data) + data + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def picture(width_px: int, height_px: int, number: int) -> NDArray[np.uint8]:
    """Return a grey picture whose bar grows with its number, in BGR."""
    bgr = np.full((height_px, width_px, 3), 120, np.uint8)
    bgr[: height_px // 4, : 1 + number % width_px] = 255
    return bgr


def jpeg(bgr: NDArray[np.uint8]) -> bytes:
    """Return the picture as a file."""
    worked, data = cv2.imencode(".jpg", bgr)
    assert worked
    return data.tobytes()
