"""Whatever the network sends to the phone's page: refused, in little memory, and it goes on."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.app.phone.scripted_phone import SIDE, ScriptedPhone
from tests.hostile import mutations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the system about memory")

#: A server in a process of its own, so that its memory is told from the test's.
_SERVER = """
import json, sys
from app.phone.gathering import PhoneBounds
from app.phone.server import PhoneServer
def told(state):
    print(json.dumps([state.stage, state.url]), flush=True)
bounds = PhoneBounds(picture_bytes=2_000_000, total_bytes=6_000_000, stalled_s=float(sys.argv[2]),
                     request_s=4 * float(sys.argv[2]))
server = PhoneServer("127.0.0.1", told, is_encrypted=sys.argv[1] == "https", bounds=bounds)
server.start()
sys.stdin.read()
came = server.finish()
print(json.dumps(["came", sorted(path.name for path in came.folder.iterdir())]), flush=True)
came.discard()
"""
_WAIT_S = 10.0
#: What stays, and what one picture takes while it is looked at.
_MORE_MEMORY_MB, _LOOKING_MB = 20, 80
_THREADS = 7


class Server:
    """A page in a process of its own, and a phone that has begun.

    Attributes
    ----------
    path
        The page's, with its token.
    host
        Address and port.
    """

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.phone = process, ScriptedPhone(url)
        parts = urlsplit(url)
        self.host, self.path = parts.netloc, parts.path
        assert parts.port is not None
        self.port, self.is_encrypted = parts.port, parts.scheme == "https"
        for _ in range(5):
            with suppress(OSError):
                if self.phone.begin().status == 200:
                    return
        raise AssertionError("nobody answers")

    def connect(self) -> socket.socket:
        """Return a connection that is encrypted where the page is."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=_WAIT_S)
        if not self.is_encrypted:
            return plain
        return ssl._create_unverified_context().wrap_socket(plain)

    def send(self, data: bytes) -> bytes:
        """Send this and nothing more, and return what is answered first."""
        answer = b""
        # Whoever closes first while the other still sends gets a reset, which is fine.
        with suppress(OSError), self.connect() as line:
            with suppress(ConnectionError):
                line.sendall(data)
            while not _is_whole(answer) and (part := line.recv(1 << 16)):
                answer += part
        return answer

    def head(self, rest: str = "", what: str = "pictures/1", method: str = "PUT") -> bytes:
        """Return a request's head, with the right token, host and key."""
        lines = f"{method} {self.path}{what} HTTP/1.1", f"Host: {self.host}"
        return "\r\n".join((*lines, f"Cookie: {self.phone.cookie}", rest)).encode() + b"\r\n\r\n"

    def figure(self, name: str) -> int:
        """Return one of the process's figures in MB, such as VmRSS."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"{name}:\s+(\d+)", status)
        assert found is not None
        return int(found[1]) // 1024

    def takes(self, number: int) -> bool:
        """Send a picture as the page does: again, if a busy machine was too slow."""
        for _ in range(5):
            with suppress(OSError):
                if self.phone.send(number).status == 200:
                    return True
        return False

    @property
    def files(self) -> int:
        """How many files and sockets it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def end(self) -> list[str]:
        """Have it stop, and return the names of what came."""
        said, _ = self.process.communicate(timeout=_WAIT_S)
        what, names = json.loads(said.splitlines()[-1])
        assert what == "came"
        assert self.process.returncode == 0
        found: list[str] = names
        return found


@contextmanager
def served(scheme: str = "http", stalled_s: float = 2.0) -> Iterator[Server]:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, scheme, str(stalled_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            _, url = json.loads(process.stdout.readline())
            yield Server(process, url)
        finally:
            if process.poll() is None:
                process.communicate(timeout=_WAIT_S)  # it deletes what came


def _png(width_px: int, height_px: int, data: bytes) -> bytes:
    def part(kind: bytes, inside: bytes) -> bytes:
        check = zlib.crc32(kind + inside)
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    packed = zlib.compress(data)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", packed) + part(b"IEND", b"")


def _body(server: Server, data: bytes, rest: str = "") -> bytes:
    more = f"\r\n{rest}" if rest else ""
    return server.head(f"Content-Length: {len(data)}{more}") + data


PLACES = (
    *("../../etc/passwd", "pictures/../1", "pictures/00", "pictures/13", "pictures/-1", "?1"),
    *("pictures/%31", "pictures/1/2", "pictures/1e0", "pictures/%00", "phone.html", "begin"),
)
_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
#: Each makes one request that is to be refused.
MALFORMED: dict[str, Callable[[Server, Random], bytes]] = {
    "no length": lambda s, r: s.head("X: y") + r.randbytes(300),
    "too short": lambda s, r: s.head("Content-Length: 9000") + r.randbytes(300),
    "too long": lambda s, r: s.head("Content-Length: 20") + r.randbytes(4000),
    "negative": lambda s, r: s.head(f"Content-Length: -{r.randrange(1, 99)}") + b"x",
    "no number": lambda s, r: s.head(f"Content-Length: {r.choice(['x', '1e3', '0x9', ''])}"),
    "two lengths": lambda s, r: s.head("Content-Length: 4\r\nContent-Length: 5") + b"abcde",
    "length and chunks": lambda s, r: (
        s.head("Content-Length: 4\r\nTransfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
    ),
    "chunks without end": lambda s, r: s.head("Transfer-Encoding: chunked") + b"5\r\nabcde\r\n",
    "chunks of no size": lambda s, r: s.head("Transfer-Encoding: chunked") + b"zz\r\nabc\r\n",
    "a chunk of all": lambda s, r: (
        s.head("Transfer-Encoding: chunked") + b"f" * r.randrange(8, 40) + b"\r\nabc"
    ),
    "said to be 200 MB": lambda s, r: s.head("Content-Length: 200000000") + r.randbytes(9000),
    "said to be endless": lambda s, r: s.head(f"Content-Length: {'9' * r.randrange(12, 60)}"),
    "no picture": lambda s, r: _body(s, r.randbytes(r.randrange(0, 5000))),
    "half a picture": lambda s, r: _body(s, SIDE.read_bytes()[: r.randrange(0, 90_000)]),
    "a huge PNG": lambda s, r: _body(s, _png(60_000, 60_000, bytes(10_000))),
    "a PNG with little in it": lambda s, r: _body(s, _png(3000, 3000, bytes(5000))),
    "packed": lambda s, r: _body(s, gzip.compress(bytes(5_000_000)), "Content-Encoding: gzip"),
    "a name": lambda s, r: _body(
        s, b"x", 'Content-Disposition: form-data; filename="../../../etc/passwd"'
    ),
    "another place": lambda s, r: s.head(
        "Content-Length: 0",
        r.choice(PLACES),
    ),
    "a method": lambda s, r: s.head("", "", r.choice(["TRACE", "CONNECT", "PATCH", "A" * 50])),
    "a long line": lambda s, r: s.head(f"X: {'y' * r.randrange(5000, 200_000)}"),
    "many lines": lambda s, r: s.head(
        "\r\n".join(f"X{n}: y" for n in range(r.randrange(99, 3000)))
    ),
    "a long path": lambda s, r: s.head("", "pictures/" + "1" * r.randrange(5000, 100_000)),
    "no host": lambda s, r: s.head().replace(b"Host:", b"Most:"),
    "another host": lambda s, r: s.head().replace(b"127.0.0.1", b"127.0.0.9"),
    "another version": lambda s, r: s.head().replace(
        b"HTTP/1.1", r.choice([b"HTTP/2.0", b"HTTP/0.9", b"HTTP/9.9", b"HTTP/1.", b"HTCPCP/1.0"])
    ),
    "a wrong token": lambda s, r: (
        s.head("Content-Length: 0")
        .replace(s.path[1:5].encode(), bytes(r.choice(b"abcdefgh") for _ in range(4)), 1)
        .replace(s.path.encode(), b"/zzzzzzzzzz/", 1)
    ),
    "a wrong key": lambda s, r: _body(s, b"x").replace(
        s.phone.cookie.encode(), b"beltline_phone=" + r.randbytes(9).hex().encode()
    ),
    "no text": lambda s, r: s.head().replace(b"Cookie: ", b"Cookie: \xff\xfe\x80"),
    "HTTP/2": lambda s, r: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + r.randbytes(50),
    "another protocol": lambda s, r: _HELLO + r.randbytes(90),
    "nothing": lambda s, r: b"",
    "noise": lambda s, r: r.randbytes(r.randrange(1, 3000)),
    "spoilt": lambda s, r: mutations.spoilt_bytes(_body(s, b"no picture" * 30), r),
    "two at once": lambda s, r: _body(s, b"no") + _body(s, b"picture"),
}


def _is_whole(answer: bytes) -> bool:
    head, ends, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return bool(ends) and length is not None and len(body) >= int(length[1])


def _refused(answer: bytes) -> bool:
    """Tell whether nothing was given: refused in words, or the line was closed."""
    if not answer:
        return True
    status = re.match(rb"HTTP/\d\.\d (\d\d\d) ", answer)
    return status is not None and 400 <= int(status[1]) < 500


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.rounds(short=1000, long=100_000)
def test_a_thousand_malformed_uploads_are_refused(scheme: str, seeds: range) -> None:
    names = list(MALFORMED)
    with served(scheme, stalled_s=0.4) as server:
        rounds = seeds if scheme == "http" else seeds[: len(seeds) // 5]
        assert server.takes(1)  # whatever is loaded only once is
        for name in names:
            server.send(MALFORMED[name](server, Random(0)))
        before_mb, files = server.figure("VmRSS"), server.files

        def attack(seed: int) -> tuple[int, str, bytes]:
            name = names[seed % len(names)]
            return seed, name, server.send(MALFORMED[name](server, Random(seed)))

        began_s, answers = time.perf_counter(), list[bytes]()
        # A leak shows in every quarter; a buffer that is kept once, for a large picture, in one.
        quarter, held_mb = len(rounds) // 4, [before_mb]
        with ThreadPoolExecutor(_THREADS) as pool:
            for first in range(0, 4 * quarter, quarter):
                for seed, name, answer in pool.map(attack, rounds[first : first + quarter]):
                    answers.append(answer)
                    assert _refused(answer), f"seed {seed}, {name}: {answer[:300]!r}"
                held_mb.append(server.figure("VmRSS"))
        took_s = time.perf_counter() - began_s
        after_mb, most_mb = server.figure("VmRSS"), server.figure("VmHWM")
        answered = sum(bool(answer) for answer in answers)
        print(
            f"{answered} of {len(rounds)} answered by {scheme} in {took_s:.1f} s: "
            f"{before_mb} MB before, {after_mb} MB after, {most_mb} MB at most"
        )
        assert answered > len(rounds) / 2, "most of them are understood, and refused"
        grown_mb = [after - before for before, after in itertools.pairwise(held_mb)]
        assert statistics.median(grown_mb) < _MORE_MEMORY_MB / 4, held_mb
        assert most_mb - before_mb < _LOOKING_MB
        for number in (1, 2):
            assert server.takes(number), "it still answers"
        time.sleep(0.2)
        assert server.files <= files + 2
        assert server.end() == ["Phone picture 1", "Phone picture 2"]


def test_too_large_a_picture_is_refused_as_soon_as_it_is() -> None:
    with served() as server:
        before_mb = server.figure("VmRSS")
        with server.connect() as line:
            line.sendall(server.head("Transfer-Encoding: chunked"))
            began_s, chunk = time.monotonic(), b"80000\r\n" + bytes(0x80000) + b"\r\n"
            with suppress(OSError):
                while time.monotonic() - began_s < _WAIT_S:
                    line.sendall(chunk)
            assert time.monotonic() - began_s < 6.0, "it is not read to its end"
        assert server.figure("VmHWM") - before_mb < _MORE_MEMORY_MB
        assert server.phone.send(1).status == 200
        whole = SIDE.read_bytes()
        # 2 MB are the most for one here, and 6 MB together.
        padded = whole + bytes(1_900_000 - len(whole))
        statuses = [server.phone.send(number, padded).status for number in range(1, 6)]
        assert statuses == [200, 200, 200, 413, 413]
        assert server.end() == [f"Phone picture {number}" for number in (1, 2, 3)]


def test_a_slow_drip_and_silence_are_cut_off() -> None:
    with served(stalled_s=0.6) as server:
        silent = [server.connect() for _ in range(4)]
        half = server.connect()
        half.sendall(server.head("Content-Length: 900")[:60])
        drip = server.connect()
        drip.sendall(server.head("Content-Length: 900"))
        began_s = time.monotonic()
        dripped = 0
        with suppress(OSError):
            while time.monotonic() - began_s < _WAIT_S:
                drip.sendall(b"x")
                dripped += 1
                time.sleep(0.2)
        assert time.monotonic() - began_s < 6.0, "a request has its time, however it is drawn out"
        assert dripped > 5
        for line in (*silent, half):
            line.settimeout(_WAIT_S)
            with suppress(ConnectionResetError):
                assert line.recv(1000).partition(b"\r\n")[0] in (b"", b"HTTP/1.0 400 Bad Request")
            line.close()
        drip.close()
        assert server.phone.send(1).status == 200


def test_only_so_many_connections_at_once() -> None:
    with served(stalled_s=1.5) as server:
        lines = [server.connect() for _ in range(30)]
        time.sleep(0.3)
        open_ = 0
        for line in lines:
            line.setblocking(False)
            try:
                open_ += line.recv(1) != b""
            except BlockingIOError:
                open_ += 1
            except OSError:
                pass
        assert 1 <= open_ <= 8
        for line in lines:
            line.close()
        time.sleep(0.3)
        assert server.phone.send(1).status == 200


def test_noise_on_the_encrypted_port_and_an_old_client() -> None:
    with served("https", stalled_s=0.5) as server:
        for seed in range(40):
            line = socket.create_connection(("127.0.0.1", server.port), timeout=_WAIT_S)
            with line, suppress(OSError):
                line.sendall(Random(seed).randbytes(200))
                line.recv(100)
        whole = _body(server, SIDE.read_bytes()).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
        assert server.send(whole).startswith(b"HTTP/1.0 200 ")
        assert server.end() == ["Phone picture 1"]
        with pytest.raises(ConnectionRefusedError):
            server.connect()
