"""A camera that speaks HTTP: its password, its moves on its own host, and its ends."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from hashlib import md5
from typing import TYPE_CHECKING

import pytest

from tests.hostile.hostile_camera import Fault, Wire, good
from tests.vision.mjpeg_server import MjpegServer
from vision.camera.address import read_address
from vision.camera.http_stream import (
    HttpStream,
    NoAnswer,
    NoPictures,
    PasswordWanted,
    StreamEnded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def camera() -> Iterator[MjpegServer]:
    with MjpegServer() as made:
        yield made


def answer(camera: MjpegServer, send: Callable[[Wire], None]) -> None:
    camera.instead = Fault("answer", send).on(camera)


def opened(camera: MjpegServer, who: str = "") -> HttpStream:
    return HttpStream(read_address(camera.address.replace("://", f"://{who}")), 2.0)


def read_one(camera: MjpegServer, who: str = "") -> bytes | None:
    stream = opened(camera, who)
    try:
        return stream.read(2.0)
    finally:
        stream.release()


def wants(check: Callable[[str], bool], challenge: bytes) -> Callable[[Wire], None]:
    def send(wire: Wire) -> None:
        if check(wire.headers.get("Authorization", "")):
            wire.begin()
            wire.part(good(1))
        else:
            wire.begin(b"text/html", challenge, status=b"401 Unauthorized")

    return send


def test_a_password_is_sent_when_it_is_asked_for(camera: MjpegServer) -> None:
    right = f"Basic {b64encode(b'me:ge heim').decode()}"
    answer(camera, wants(lambda said: said == right, b'WWW-Authenticate: Basic realm="cam"'))
    assert read_one(camera, "me:ge%20heim@") == good(1)
    for who in ("", "me@", "me:wrong@"):
        with pytest.raises(PasswordWanted):
            opened(camera, who)


def test_a_camera_that_offers_it_is_answered_by_digest(camera: MjpegServer) -> None:
    def is_right(said: str) -> bool:
        told = dict(re.findall(r'(\w+)="?([^",]+)', said))
        if not said.startswith("Digest "):
            return False
        first, second = (
            md5(text.encode()).hexdigest() for text in ("me:cam:secret", f"GET:{told['uri']}")
        )
        between = ":".join((told["nonce"], told["nc"], told["cnonce"], told["qop"]))
        right = md5(f"{first}:{between}:{second}".encode()).hexdigest()
        return bool(told["response"] == right)

    challenge = b'WWW-Authenticate: Digest realm="cam", nonce="abc", qop="auth"'
    answer(camera, wants(is_right, b'WWW-Authenticate: Basic realm="cam"\r\n' + challenge))
    assert read_one(camera, "me:secret@") == good(1)
    with pytest.raises(PasswordWanted):
        opened(camera, "me:wrong@")


def test_a_password_is_not_sent_to_whoever_does_not_ask(camera: MjpegServer) -> None:
    seen: list[str | None] = []

    def send(wire: Wire) -> None:
        seen.append(wire.headers.get("Authorization"))
        wire.begin()
        wire.part(good())

    answer(camera, send)
    assert read_one(camera, "me:secret@") == good()
    assert seen == [None]


def test_a_camera_may_move_on_its_own_host(camera: MjpegServer) -> None:
    def send(wire: Wire) -> None:
        if wire.path == "/new?size=2":
            wire.begin()
            wire.part(good(2))
        else:
            wire.begin(b"text/html", b"Location: /new?size=2", status=b"302 Found")

    answer(camera, send)
    assert read_one(camera) == good(2)


def test_it_may_speak_in_chunks(camera: MjpegServer) -> None:
    def send(wire: Wire) -> None:
        wire.begin(b"image/jpeg", b"Transfer-Encoding: chunked")
        data = good(3)
        for piece in (data[:100], data[100:]):
            wire.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
        wire.send(b"0\r\n\r\n")

    answer(camera, send)
    assert read_one(camera) == good(3)


def test_the_newest_picture_is_what_comes(camera: MjpegServer) -> None:
    def send(wire: Wire) -> None:
        wire.begin()
        for number in range(20):
            wire.part(good(number))
        wire.wait(5)

    answer(camera, send)
    stream = opened(camera)
    time.sleep(0.3)
    assert stream.read(1.0) == good(19)
    assert stream.read(0.1) is None
    camera.hang_up()
    with pytest.raises(StreamEnded):
        stream.read(1.0)
    stream.release()


@pytest.mark.parametrize(
    ("kind", "is_read"),
    [
        (b"multipart/x-mixed-replace", True),
        (b"image/jpeg", True),
        (b"application/octet-stream", True),
        (b"Text/HTML; charset=utf-8", False),
        (b"application/vnd.apple.mpegurl", False),
        (b"audio/mpeg", False),
    ],
)
def test_what_calls_itself_no_picture_is_not_waited_for(
    camera: MjpegServer, kind: bytes, is_read: bool
) -> None:
    def send(wire: Wire) -> None:
        wire.begin(kind)
        wire.part(good())

    answer(camera, send)
    if is_read:
        assert read_one(camera) == good()
        return
    with pytest.raises(NoPictures):
        opened(camera)


def test_waiting_for_an_answer_has_an_end(camera: MjpegServer) -> None:
    def send(wire: Wire) -> None:
        wire.wait(5)

    answer(camera, send)
    begun_s = time.monotonic()
    with pytest.raises(NoAnswer):
        HttpStream(read_address(camera.address), 0.3)
    assert time.monotonic() - begun_s < 1
