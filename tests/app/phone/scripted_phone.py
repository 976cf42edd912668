"""A phone that does what a test says, and a server for it on loopback."""

from __future__ import annotations

import queue
import ssl
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.phone.server import PhoneServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.phone.gathering import PhoneBounds, PhonePace, PhoneStage
    from app.phone.server import PhoneState

SAMPLES = Path(__file__).parents[3] / "sample_images"
SIDE = SAMPLES / "man_average_right_tilt8.jpg"
LOOPBACK = "127.0.0.1"
_WAIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server answered."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ScriptedPhone:
    """Does what the page does, with the page's address alone."""

    def __init__(self, url: str) -> None:
        self.url, self.cookie = url, ""

    def ask(self, method: str, path: str = "", body: bytes | None = None, **headers: str) -> Heard:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            named.setdefault("Cookie", self.cookie)
        request = urllib.request.Request(self.url + path, body, named, method=method)
        trusting = ssl._create_unverified_context()
        # No proxy is asked: the computer is beside the phone.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
        )
        try:
            with opener.open(request, timeout=_WAIT_S) as answer:
                return Heard(answer.status, answer.read().decode(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Heard(error.code, error.read().decode(), dict(error.headers))

    def begin(self) -> Heard:
        heard = self.ask("POST", "begin", b"")
        if heard.status == 200:
            self.cookie = heard.headers["Set-Cookie"].split(";")[0]
        return heard

    def send(self, number: int, picture: bytes | None = None, ago: str = "0") -> Heard:
        body = SIDE.read_bytes() if picture is None else picture
        return self.ask("PUT", f"pictures/{number}", body, X_Taken_Ago_S=ago)

    def done(self) -> Heard:
        return self.ask("POST", "done", b"")


class Told:
    """Hears how far a server is."""

    def __init__(self) -> None:
        self._states: queue.Queue[PhoneState] = queue.Queue()

    def __call__(self, state: PhoneState) -> None:
        self._states.put(state)

    def wait_for(self, stage: PhoneStage) -> PhoneState:
        while True:
            state = self._states.get(timeout=_WAIT_S)
            if state.stage is stage:
                return state


@contextmanager
def opened(
    *,
    is_encrypted: bool = True,
    bounds: PhoneBounds | None = None,
    clock: Callable[[], float] = monotonic,
    pace: PhonePace | None = None,
) -> Iterator[tuple[PhoneServer, ScriptedPhone, Told]]:
    """Open a page on loopback, with a phone that knows its address."""
    from app.phone.gathering import PhoneStage

    told = Told()
    server = PhoneServer(
        LOOPBACK, told, is_encrypted=is_encrypted, bounds=bounds, clock=clock, pace=pace
    )
    server.start()
    try:
        yield server, ScriptedPhone(told.wait_for(PhoneStage.WAITING).url), told
    finally:
        server.stop()


def listening_ports() -> set[int]:
    """Return the ports that this process listens on, as the system lists them."""
    ports, ours = set(), set[str]()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile
            ours.add(str(link.readlink()))
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text("ascii").splitlines()[1:]:
            fields = line.split()
            local, state, number = fields[1], fields[3], fields[9]
            if state == "0A" and f"socket:[{number}]" in ours:
                ports.add(int(local.rsplit(":", 1)[1], 16))
    return ports


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
