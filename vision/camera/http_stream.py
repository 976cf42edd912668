"""Reads the pictures of a camera that speaks HTTP, and of nobody else.

FFmpeg would take a proxy that the environment names, and so hand it the camera's pictures and
its password; it would follow any redirect and any playlist to other hosts, and reserve as much
memory as a header asks for. Here nothing but the camera at the address is spoken to, every
answer is bounded in bytes and in time, and JPEGs are all that is looked for.
"""

from __future__ import annotations

import io
import time
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from vision._version import __version__
from vision.camera.address import HTTP_SCHEMES, CameraAddress, read_address
from vision.camera.jpeg import JpegCutter

if TYPE_CHECKING:
    import socket
    from typing import Any, Self

#: A redirect or two, and the question for a password.
_MOST_ANSWERS = 5
_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WANTS_PASSWORD = frozenset({401, 403})
#: What no camera sends its pictures as: pages, playlists, data and sound.
_NO_PICTURES = ("text/", "audio/", "application/json", "application/xml", "application/xhtml",
                "application/vnd.apple.mpegurl", "application/x-mpegurl",
                "application/dash+xml")  # fmt: skip
_CHUNK_BYTES = 65536
#: For seeing whether more has come, and for reading all that has, at most.
_MOMENT_S, _CATCH_UP_S = 0.001, 0.05
#: All that an address may hold as it is; anything else is percent-encoded.
_AS_IT_IS = "%/:=&?~#+!$,;'@()*[]"


class NoAnswer(Exception):
    """Nothing answers at the address, or nothing that speaks HTTP."""


class NoPictures(Exception):
    """Something answers that is no stream of pictures, or is elsewhere."""


class PasswordWanted(Exception):
    """The camera wants another name and password, or any at all."""


class StreamEnded(Exception):
    """The camera has hung up, or sends what is no HTTP."""


class HttpStream:
    """The JPEGs that a camera sends, one by one; to be closed.

    Parameters
    ----------
    address
        With ``http`` or ``https``.
    at_most_s
        For connecting and for the whole header of an answer.

    Raises
    ------
    NoAnswer, NoPictures, PasswordWanted
        When no stream begins.
    """

    def __init__(self, address: CameraAddress, at_most_s: float) -> None:
        self._cutter = JpegCutter()
        try:
            self._answer = _begin(address, time.monotonic() + at_most_s)
        except (OSError, ValueError, HTTPException) as error:
            # A ValueError: what cannot be put into a request, or no number where one belongs.
            raise NoAnswer from error

    def read(self, at_most_s: float) -> bytes | None:
        """Return the newest JPEG that has come, or None when none is whole after so long.

        Raises
        ------
        StreamEnded
            When no more will come.
        """
        until_s = time.monotonic() + at_most_s
        found = self._newest()
        while found is None and time.monotonic() < until_s:
            if not self._take(until_s):
                return None
            found = self._newest()
        return None if found is None else self._caught_up(found)

    def _caught_up(self, found: bytes) -> bytes:
        """Return the last JPEG of all that has come: those before it would be the past."""
        if not self._answer.may_be_asked_often:
            return found
        until_s = time.monotonic() + _CATCH_UP_S
        with suppress(StreamEnded):  # it ends with the next reading
            while (now_s := time.monotonic()) < until_s and self._take(now_s + _MOMENT_S):
                found = self._newest() or found
        return found

    def _newest(self) -> bytes | None:
        newest = None
        while (found := self._cutter.next()) is not None:
            newest = found
        return newest

    def _take(self, until_s: float) -> bool:
        """Wait for some bytes; tell whether any came."""
        try:
            data = self._answer.read(until_s)
        except TimeoutError:
            return False
        except (OSError, ValueError, HTTPException) as error:
            raise StreamEnded from error
        if not data:
            raise StreamEnded
        self._cutter.feed(data)
        return True

    def release(self) -> None:
        """Hang up."""
        self._answer.close()


class _TimedReader(io.RawIOBase):
    """What comes through a socket until a moment that may be set anew."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.until_s = 0.0

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what :class:`http.client.HTTPResponse` reads from."""
        del mode
        return io.BufferedReader(self, _CHUNK_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left_s = self.until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._socket.settimeout(left_s)
        return self._socket.recv_into(buffer)


class _Answer:
    """An answer whose header has come whole."""

    def __init__(self, address: CameraAddress, authorization: str, until_s: float) -> None:
        self._connection = _connect(address, until_s)
        try:
            self._connection.request("GET", _selector(address), headers=_headers(authorization))
            self._reader = _TimedReader(self._connection.sock)
            self._reader.until_s = until_s
            # It asks for nothing but makefile().
            self.response = HTTPResponse(self._reader, method="GET")  # type: ignore[arg-type]
            self.response.begin()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def may_be_asked_often(self) -> bool:
        """Tell whether nothing is lost when a question comes to its end without an answer.

        The size of a chunk is, where half of it has come.
        """
        return not self.response.chunked

    def read(self, until_s: float) -> bytes:
        """Return some bytes of the body; none at its end."""
        self._reader.until_s = until_s
        return self.response.read1(_CHUNK_BYTES)

    def close(self) -> None:
        with suppress(OSError):
            self.response.close()
        self._connection.close()


def _begin(address: CameraAddress, until_s: float) -> _Answer:
    """Ask until the stream begins: once more with the password, and where the camera moved to."""
    authorization = ""
    for _ in range(_MOST_ANSWERS):
        answer = _Answer(address, authorization, until_s)
        response = answer.response
        if response.status == _OK:
            kind = (response.getheader("Content-Type") or "").strip().lower()
            if not kind.startswith(_NO_PICTURES):
                return answer
        with answer:
            if response.status in _REDIRECTS:
                address = _moved(address, response.getheader("Location") or "")
            elif response.status in _WANTS_PASSWORD:
                if authorization or not address.user:
                    raise PasswordWanted
                authorization = _authorization(address, response)
            else:
                raise NoPictures
    raise NoPictures


def _connect(address: CameraAddress, until_s: float) -> HTTPConnection:
    """Connect to the camera itself; :mod:`http.client` knows no proxies."""
    if not address.host:
        raise NoAnswer
    wait_s = max(0.1, until_s - time.monotonic())
    if address.scheme == "https":
        import ssl

        # Cameras sign their own certificates, so there is nobody to ask about them.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        made: HTTPConnection = HTTPSConnection(
            address.host, address.port, timeout=wait_s, context=context
        )
    else:
        made = HTTPConnection(address.host, address.port, timeout=wait_s)
    made.connect()
    return made


def _selector(address: CameraAddress) -> str:
    parts = urlsplit(address.full)
    path = quote(parts.path or "/", safe=_AS_IT_IS)
    return f"{path}?{quote(parts.query, safe=_AS_IT_IS)}" if parts.query else path


def _headers(authorization: str) -> dict[str, str]:
    headers = {"User-Agent": f"Beltline/{__version__}", "Accept": "*/*", "Connection": "close"}
    return headers | ({"Authorization": authorization} if authorization else {})


def _moved(address: CameraAddress, location: str) -> CameraAddress:
    """Return where a camera has moved to on its own host, name and password with it."""
    there = read_address(urljoin(address.full, location))
    is_own = there.host == address.host and there.scheme in HTTP_SCHEMES
    if not is_own or (address.scheme, there.scheme) == ("https", "http"):
        raise NoPictures
    return replace(there, user=address.user, password=address.password)


def _authorization(address: CameraAddress, response: HTTPResponse) -> str:
    """Return the answer to a camera's question for a password: digest where it offers that."""
    from base64 import b64encode
    from urllib.request import (
        AbstractDigestAuthHandler,
        HTTPPasswordMgrWithDefaultRealm,
        Request,
        parse_http_list,
        parse_keqv_list,
    )

    asked = response.headers.get_all("WWW-Authenticate") or []
    digests = [text for text in asked if text.lower().startswith("digest ")]
    if not digests:
        both = f"{address.user}:{address.password}".encode()
        return f"Basic {b64encode(both).decode()}"
    url = f"{address.scheme}://{address.host}{_selector(address)}"
    known = HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, url, address.user, address.password)
    try:
        asked_for = parse_keqv_list(parse_http_list(digests[0].partition(" ")[2]))
        said = AbstractDigestAuthHandler(known).get_authorization(Request(url), asked_for)
    except (OSError, ValueError, LookupError) as error:  # a way to ask that Python does not know
        raise PasswordWanted from error
    if said is None:
        raise PasswordWanted
    return f"Digest {said}"
