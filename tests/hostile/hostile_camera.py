"""What a camera in the network, or whoever is in its place, can send to do harm."""

from __future__ import annotations

import io
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.vision.mjpeg_server import jpeg, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler

    from tests.vision.mjpeg_server import MjpegServer

MULTIPART = b"multipart/x-mixed-replace; boundary=picture"
#: No connection is held longer, whatever happens to the test.
_LONGEST_S = 60.0


class Wire:
    """One connection of a hostile camera."""

    def __init__(self, handler: BaseHTTPRequestHandler, camera: MjpegServer) -> None:
        self._handler, self._camera = handler, camera
        self._fault = camera.instead
        self._until_s = time.monotonic() + _LONGEST_S
        self.path, self.headers = handler.path, handler.headers

    @property
    def is_on(self) -> bool:
        """Tell whether the fault lasts."""
        return self._camera.instead is self._fault and time.monotonic() < self._until_s

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the fault is over; tell whether it lasts."""
        until_s = time.monotonic() + seconds
        while self.is_on and time.monotonic() < until_s:
            time.sleep(min(0.02, seconds))
        return self.is_on

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)

    def begin(self, kind: bytes = MULTIPART, *more: bytes, status: bytes = b"200 OK") -> None:
        head = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, *more]
        self.send(b"\r\n".join(head) + b"\r\n\r\n")

    def part(self, data: bytes, length: object = None, boundary: bytes = b"picture") -> None:
        head = b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %s\r\n\r\n"
        said = str(len(data) if length is None else length).encode()
        self.send(head % (boundary, said) + data + b"\r\n")


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to do harm: a name, what sends it, and what costs memory before."""

    name: str
    send: Callable[[Wire], None] = field(repr=False)
    make_ready: Callable[[], object] = field(default=lambda: None, repr=False)

    def on(self, camera: MjpegServer) -> Callable[[BaseHTTPRequestHandler], None]:
        """Return what is to answer in this camera's place."""

        def instead(handler: BaseHTTPRequestHandler) -> None:
            with suppress(OSError):  # whoever is attacked may hang up
                self.send(Wire(handler, camera))

        return instead


FAULTS: list[Fault] = []


def _fault(send: Callable[[Wire], None]) -> Callable[[Wire], None]:
    FAULTS.append(Fault(send.__name__, send))
    return send


def _every_picture(name: str, make: Callable[[], bytes], pause_s: float = 0.05) -> None:
    """Add a fault in which each picture of the stream is this one."""

    made = cache(make)

    def send(wire: Wire) -> None:
        wire.begin()
        while wire.is_on:
            wire.part(made())
            wire.wait(pause_s)

    FAULTS.append(Fault(name, send, made))


def _answer_once(name: str, answer: bytes) -> None:
    FAULTS.append(Fault(name, lambda wire: wire.send(answer)))


def good(number: int = 0, width_px: int = 160, height_px: int = 120) -> bytes:
    return jpeg(picture(width_px, height_px, number))


# -- pictures that cost more than they should


def saved(image: Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def with_size(data: bytes, width_px: int, height_px: int) -> bytes:
    """Return a JPEG whose header tells another size."""
    at = next(i for i in (data.find(bytes([0xFF, code])) for code in (0xC0, 0xC2)) if i > 0)
    size = height_px.to_bytes(2, "big") + width_px.to_bytes(2, "big")
    return data[: at + 5] + size + data[at + 9 :]


@cache
def grey_wall(width_px: int, height_px: int) -> bytes:
    """Return a valid grey JPEG of any size, without ever having its pixels.

    With the usual tables a block as grey as the one before is the bits 00 1010.
    """
    small = with_size(saved(Image.new("L", (16, 16), 128)), width_px, height_px)
    begin = small.find(b"\xff\xda")
    head = small[: begin + 2 + int.from_bytes(small[begin + 2 : begin + 4], "big")]
    blocks = -(-width_px // 8) * -(-height_px // 8)
    return head + b"\x28\xa2\x8a" * -(-blocks // 4) + b"\xff\xd9"


def many_scans(scans: int) -> bytes:
    data = saved(Image.fromarray(picture(320, 240, 7)), progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + b"\xff\xd9"


def png_bomb(side_px: int = 20_000) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    size = side_px.to_bytes(4, "big")
    squeeze = zlib.compressobj(9)
    rows = b"".join(squeeze.compress(bytes(1 + side_px // 8)) for _ in range(side_px))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size + size + b"\x01\0\0\0\0")
        + chunk(b"IDAT", rows + squeeze.flush())
        + chunk(b"IEND", b"")
    )


def wrong_exif() -> bytes:
    exif = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff\xff\xff\xff\xff" * 50
    data = good()
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]


def twelve_bits() -> bytes:
    data = good()
    at = data.find(b"\xff\xc0")
    return data[: at + 4] + b"\x0c" + data[at + 5 :]


def _cut() -> bytes:
    data = good(3, 640, 480)
    return data[: len(data) // 2]


_every_picture("valid_16000_by_16000", lambda: grey_wall(16_000, 16_000), 0.2)
_every_picture("header_of_20000_by_20000", lambda: with_size(good(), 20_000, 20_000))
_every_picture("header_of_65535_by_65535", lambda: with_size(good(), 65_535, 65_535))
_every_picture("header_of_65500_by_600", lambda: grey_wall(65_500, 600))
_every_picture("header_of_0_by_0", lambda: with_size(good(), 0, 0))
_every_picture("larger_than_its_data", lambda: with_size(good(), 6_000, 6_000))
_every_picture("progressive_of_3000_scans", lambda: many_scans(3_000))
_every_picture("truncated", _cut)
_every_picture("png_bomb", png_bomb)
_every_picture("gif_bomb", lambda: b"GIF89a\xff\xff\xff\xff\xf0\0\0" + bytes(800) + b";")
_every_picture("wrong_exif", wrong_exif)
_every_picture("two_pixels", lambda: good(0, 2, 1))
_every_picture("grey", lambda: saved(Image.new("L", (160, 120), 90)))
_every_picture("cmyk", lambda: saved(Image.new("CMYK", (160, 120), (9, 200, 90, 40))))
_every_picture("twelve_bits", twelve_bits)
_every_picture("empty_parts", lambda: b"")
_every_picture("only_a_start", lambda: b"\xff\xd8\xff")
_every_picture("starts_without_end", lambda: b"\xff\xd8\xff\xe0\0\2" * 20_000, 0.0)
_every_picture("a_picture_with_a_tail", lambda: good() + bytes(100_000))


def largest() -> bytes:
    """Return the largest picture that is taken."""
    return saved(Image.new("RGB", (4_704, 3_528), "teal"), subsampling=0)


_every_picture("largest", largest, 0.1)
_every_picture("largest_whole", lambda: good(0, 4_096, 2_160), 0.1)
_every_picture(
    "largest_progressive",
    lambda: saved(Image.new("RGB", (2_364, 1_773), "teal"), progressive=True, subsampling=0),
    0.1,
)


@_fault
def another_size_each_time(wire: Wire) -> None:
    wire.begin()
    for number in count():
        if not wire.wait(0.02):
            return
        wire.part(good(number, 2 + number * 97 % 900, 2 + number * 61 % 700))


# -- parts that lie


def _lengths(name: str, length: object) -> None:
    def send(wire: Wire) -> None:
        wire.begin()
        for number in count():
            if not wire.wait(0.02):
                return
            wire.part(good(number), length)

    FAULTS.append(Fault(name, send))


_lengths("part_of_minus_5_bytes", -5)
_lengths("part_of_2_gigabytes", 2_147_483_647)
_lengths("part_of_no_sense", "9" * 300)
_lengths("part_of_one_byte", 1)


@_fault
def two_gigabytes_and_nothing_more(wire: Wire) -> None:
    wire.begin()
    wire.part(good()[:500], 2_147_483_647)
    wire.wait(_LONGEST_S)


@_fault
def no_boundary(wire: Wire) -> None:
    wire.begin(b"multipart/x-mixed-replace")
    while wire.wait(0.02):
        wire.send(good()[:-2])


@_fault
def wrong_boundary(wire: Wire) -> None:
    wire.begin()
    while wire.wait(0.02):
        wire.part(b"no picture", boundary=b"another")


@_fault
def endless_part_header(wire: Wire) -> None:
    wire.begin()
    wire.send(b"--picture\r\n")
    while wire.is_on:
        wire.send(b"X-Nothing: " + b"a" * 60_000 + b"\r\n")


@_fault
def garbage_between(wire: Wire) -> None:
    wire.begin()
    rng = np.random.default_rng(1)
    while wire.wait(0.02):
        wire.part(good()[:300])
        wire.send(rng.bytes(50_000))


@_fault
def garbage_at_full_speed(wire: Wire) -> None:
    wire.begin(b"application/octet-stream")
    data = np.random.default_rng(2).bytes(1_000_000)
    while wire.is_on:
        wire.send(data)


@_fault
def pictures_at_full_speed(wire: Wire) -> None:
    wire.begin()
    data = [good(number) for number in range(50)]
    for number in count():
        if not wire.is_on:
            return
        wire.part(data[number % 50])


@_fault
def a_scan_without_end(wire: Wire) -> None:
    wire.begin(b"image/jpeg")
    wire.send(good()[:-2])
    while wire.is_on:
        wire.send(b"\x28\xa2\x8a" * 30_000)


@_fault
def comments_without_end(wire: Wire) -> None:
    wire.begin(b"image/jpeg")
    wire.send(b"\xff\xd8")
    while wire.is_on:
        wire.send((b"\xff\xfe\x40\0" + bytes(0x3FFE)) * 20)


@_fault
def one_byte_at_a_time(wire: Wire) -> None:
    wire.begin()
    for byte in good():
        if not wire.wait(0.05):
            return
        wire.send(bytes([byte]))


# -- answers that are none


@_fault
def endless_header(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\n")
    while wire.is_on:
        wire.send(b"X-Nothing: nothing\r\n" * 10)
        wire.wait(0.01)


@_fault
def endless_header_line(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nX-Nothing: ")
    while wire.is_on:
        wire.send(b"a" * 30_000)


@_fault
def header_byte_by_byte(wire: Wire) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: " + MULTIPART + b"\r\n\r\n":
        if not wire.wait(0.2):
            return
        wire.send(bytes([byte]))


@_fault
def go_on_without_end(wire: Wire) -> None:
    while wire.is_on:
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


@_fault
def never_answers(wire: Wire) -> None:
    wire.wait(_LONGEST_S)


@_fault
def answers_and_is_silent(wire: Wire) -> None:
    wire.begin()
    wire.wait(_LONGEST_S)


@_fault
def hangs_up_at_once(wire: Wire) -> None:
    del wire


@_fault
def chunks_that_lie(wire: Wire) -> None:
    wire.begin(MULTIPART, b"Transfer-Encoding: chunked")
    for number, size in enumerate((b"7fffffffffffffff", b"-5", b"zz", b"0" * 70_000)):
        wire.send(size + b"\r\n" + good(number) + b"\r\n")
        wire.wait(0.1)


def _chunk_size(name: str, size: bytes) -> None:
    def send(wire: Wire) -> None:
        wire.begin(MULTIPART, b"Transfer-Encoding: chunked")
        while wire.wait(0.05):
            wire.send(size + b"\r\nnothing\r\n")

    FAULTS.append(Fault(name, send))


_chunk_size("chunks_of_minus_5_bytes", b"-5")
_chunk_size("chunks_of_no_number", b"xyz")


def _plain(status: bytes, *more: bytes, body: bytes = b"") -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join((b"HTTP/1.1 " + status, *more, length, b"", body))


_answer_once("wants_a_password", _plain(b"401 No", b'WWW-Authenticate: Basic realm="x"'))
_answer_once("wants_what_nobody_knows", _plain(b"401 No", b"WWW-Authenticate: Digest a=b, c,=,="))
_answer_once("forbidden", _plain(b"403 Forbidden"))
_answer_once("not_found", _plain(b"404 Not Found"))
_answer_once("broken", _plain(b"500 Broken"))
_answer_once("status_of_no_sense", _plain(b"9999999 What"))
_answer_once("no_http", b"\0\1\2\3" * 400)
_answer_once("a_page", _plain(b"200 OK", b"Content-Type: text/html", body=b"<html>Hello</html>"))
_answer_once("nothing_at_all", _plain(b"200 OK", b"Content-Type: image/jpeg"))
_answer_once("body_of_minus_5_bytes", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")
_answer_once("to_itself", _plain(b"302 Found", b"Location: /video"))
_answer_once("to_a_file", _plain(b"302 Found", b"Location: file:///etc/passwd"))
_answer_once("to_nowhere", _plain(b"302 Found"))
_answer_once("to_no_address", _plain(b"302 Found", b"Location: http://[::1"))
