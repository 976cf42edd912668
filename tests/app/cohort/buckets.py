"""A storage of buckets on this machine that can be asked to fail: moto, with a door before it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pytest

_STATUSES = {403: ("403 Forbidden", "AccessDenied"), 503: ("503 Slow Down", "SlowDown")}
_READING, _WRITING = frozenset(("GET", "HEAD")), frozenset(("PUT", "POST", "DELETE"))


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@dataclass(slots=True)
class Door:
    """What stands between a program and the storage.

    Attributes
    ----------
    status
        What is answered to the methods that are shut out: 403 or 503.
    shut
        Which methods are, so many times more.
    refused
        How many were.
    sent
        How many bytes were answered.
    """

    app: Any
    status: int = 503
    shut: frozenset[str] = frozenset()
    left: int = 0
    refused: int = 0
    sent: int = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in self.shut or self.left <= 0:
            answered = list(self.app(environ, start))
            self.sent += sum(map(len, answered))
            return answered
        self.refused += 1
        self.left -= 1
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        line, code = _STATUSES[self.status]
        body = f"<Error><Code>{code}</Code><Message>{line[4:]}</Message></Error>".encode()
        if method == "HEAD":
            body = b""
        start(line, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]


class Buckets:
    """A storage that answers as Amazon's does, as long as the block lasts.

    Attributes
    ----------
    url
        Its address on loopback.
    """

    def __init__(self) -> None:
        self.door = Door(DomainDispatcherApplication(create_backend_app))
        self._server = make_server("127.0.0.1", 0, self.door, True, request_handler=_Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def shut(self, status: int, times: int = 999, *, reading: bool = False) -> None:
        """Refuse whoever writes, or reads, so many times."""
        self.door.status, self.door.refused = status, 0
        self.door.shut = _READING if reading else _WRITING
        self.door.left = times

    def open(self) -> None:
        """Refuse nobody."""
        self.door.shut = frozenset()

    def known_to(self, patch: pytest.MonkeyPatch) -> None:
        """Let this process, and those it starts, find the storage as a person would say it."""
        patch.setenv("AWS_ENDPOINT_URL", self.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "ana")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    def system(self) -> Any:
        """Return the storage as a test fills and reads it."""
        import s3fs

        return s3fs.S3FileSystem(key="ana", secret="secret", endpoint_url=self.url)
