"""What the phone is answered: the page, and a word on each picture that it sends."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import json
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import BaseRequest, RequestPayloadError, Response

from app.phone import words
from app.phone.gathering import PhoneStage, Refused, taken_before
from vision.messages import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.phone.gathering import Gathering, PhonePace

_log = logging.getLogger(__name__)
_PAGE = Path(__file__).parent / "page"
_FILES = {"phone.js": "text/javascript", "phone.css": "text/css"}
_KEY = "beltline_phone"
_CHUNK_BYTES = 1 << 16
_PICTURE = re.compile(r"pictures/([1-9][0-9]?)")
#: The page reaches this computer alone, stands in no other page, and tells nobody where it is.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data: blob:; media-src blob: mediastream:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "Beltline",
    "X-Content-Type-Options": "nosniff",
}


class PhoneAnswers:
    """Answers each request of a phone, and nobody else's.

    Parameters
    ----------
    host
        What the page's address names, with the port: a page elsewhere that had its own name lead
        here is told nothing.
    is_encrypted
        Whether the phone reaches it by HTTPS.
    told
        Called after whatever changed how far it is.
    """

    def __init__(
        self,
        gathering: Gathering,
        pace: PhonePace,
        host: str,
        is_encrypted: bool,
        told: Callable[[], None],
    ) -> None:
        self._gathering, self._pace, self._told = gathering, pace, told
        self._host, self._is_encrypted = host, is_encrypted
        #: One picture at a time is received and looked at, whoever sends how many.
        self._one = asyncio.Lock()

    async def answer(self, request: BaseRequest) -> Response:
        """Answer a request."""
        bounds = self._gathering.bounds
        try:
            async with asyncio.timeout(bounds.request_s):
                return await self._answer(request)
        except Refused as refused:
            return _said(refused.status, refused.sentence)
        except TimeoutError:
            return _said(HTTPStatus.REQUEST_TIMEOUT, words.TOO_SLOW)
        except (RequestPayloadError, HttpProcessingError):
            return _said(HTTPStatus.BAD_REQUEST, words.BROKEN)
        except ConnectionError:
            raise
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                _log.exception("A picture from a phone could not be written")
            return _said(HTTPStatus.INSUFFICIENT_STORAGE, words.NO_ROOM)
        except Exception:
            _log.exception("A phone could not be answered")
            return _said(HTTPStatus.INTERNAL_SERVER_ERROR, words.FAILED)

    async def _answer(self, request: BaseRequest) -> Response:
        _, token, *rest = [*request.raw_path.partition("?")[0].split("/", 2), ""]
        # The token is always compared, so that a wrong host takes no other time.
        is_known = self._gathering.knows(token)
        if not is_known or request.headers.get("Host") != self._host:
            raise Refused(HTTPStatus.FORBIDDEN, words.NOT_HERE)
        method, what = request.method, rest[0]
        key = request.cookies.get(_KEY, "")
        if method in ("GET", "HEAD"):
            return self._page(token, what, key, has_slash=len(rest) > 1)
        if (method, what) == ("POST", "begin"):
            return self._begin(token, key)
        if not self._gathering.is_theirs(key):
            raise Refused(HTTPStatus.CONFLICT, words.ANOTHER_PHONE)
        if (method, what) == ("POST", "done"):
            self._gathering.finish()
            self._told()
            return _said(HTTPStatus.OK, words.FINISHED)
        picture = _PICTURE.fullmatch(what)
        if method == "PUT" and picture is not None:
            return await self._receive(request, int(picture[1]))
        raise Refused(HTTPStatus.NOT_FOUND, words.NOT_HERE)

    def _page(self, token: str, what: str, key: str, has_slash: bool) -> Response:
        if not has_slash:
            # What the page loads lies beside it, below the token.
            there = {"Location": f"/{token}/"}
            return Response(status=HTTPStatus.PERMANENT_REDIRECT, headers=_HEADERS | there)
        if what in _FILES:
            body = (_PAGE / what).read_bytes()
            return _response(HTTPStatus.OK, body, _FILES[what])
        if what:
            raise Refused(HTTPStatus.NOT_FOUND, words.NOT_HERE)
        is_begun = self._gathering.stage is PhoneStage.BEGUN
        if is_begun and not self._gathering.is_theirs(key):
            raise Refused(HTTPStatus.CONFLICT, words.ANOTHER_PHONE)
        pace, bounds = self._pace, self._gathering.bounds
        told = {
            "words": words.PAGE,
            "pictures": pace.pictures,
            "most": bounds.pictures,
            "first_s": pace.first_s,
            "pause_s": pace.pause_s,
            "most_bytes": bounds.picture_bytes,
            "came": self._gathering.came,
            "last": self._gathering.last,
        }
        # A script's element ends at "</", whatever it holds.
        data = json.dumps(told).replace("<", "\\u003c")
        page = (_PAGE / "phone.html").read_text("utf-8")
        page = page.replace("{no_script}", words.NO_SCRIPT).replace("{told}", data)
        page = page.replace("{language}", spoken(), 1)
        return _response(HTTPStatus.OK, page.encode(), "text/html")

    def _begin(self, token: str, key: str) -> Response:
        theirs = self._gathering.begin(key)
        self._told()
        response = _said(HTTPStatus.OK, words.BEGUN)
        response.set_cookie(
            _KEY,
            theirs,
            path=f"/{token}/",
            secure=self._is_encrypted,
            httponly=True,
            samesite="Strict",
        )
        return response

    async def _receive(self, request: BaseRequest, number: int) -> Response:
        """Write a picture to the disk as it comes, and look whether it is one."""
        gathering, now = self._gathering, datetime.now(UTC)
        if request.headers.get("Content-Encoding"):
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words.BROKEN)
        async with self._one:
            try:
                with gathering.expect(number, request.content_length) as file:
                    size_bytes = 0
                    while chunk := await self._next(request):
                        size_bytes += len(chunk)
                        gathering.allow(number, size_bytes)
                        file.write(chunk)
                taken_at = taken_before(now, request.headers.get("X-Taken-Ago-S", ""))
                await asyncio.to_thread(_look, gathering, number, taken_at)
            finally:
                gathering.drop(number)
        gathering.knows(gathering.token)  # a long upload is a word as well
        self._told()
        return _said(HTTPStatus.OK, words.came(gathering.came))

    async def _next(self, request: BaseRequest) -> bytes:
        async with asyncio.timeout(self._gathering.bounds.stalled_s):
            return await request.content.read(_CHUNK_BYTES)


def _look(gathering: Gathering, number: int, taken_at: datetime) -> None:
    """Look at a picture, and give back what that took, whatever it was."""
    try:
        gathering.take(number, taken_at)
    finally:
        # glibc's; other systems do so by themselves, or not at all.
        with suppress(OSError, AttributeError, TypeError):
            ctypes.CDLL(None).malloc_trim(0)


def _said(status: HTTPStatus, sentence: str) -> Response:
    response = _response(status, f"{sentence}\n".encode(), "text/plain")
    if status >= HTTPStatus.BAD_REQUEST:
        # Whatever else comes by this connection may be the rest of what was refused.
        response.force_close()
    return response


def _response(status: HTTPStatus, body: bytes, kind: str) -> Response:
    return Response(status=status, body=body, content_type=kind, charset="utf-8", headers=_HEADERS)
