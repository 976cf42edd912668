"""Wayland desktops for tests: one that is made up, and real ones without a screen."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = struct.Struct("=IHH")
_NOBODY = 65534
_START_S = 20.0
NEW, OLD, SEAT = "ext_idle_notifier_v1", "org_kde_kwin_idle", "wl_seat"
#: What moves, on the real ones, and in which order it takes what it is made with.
_POINTERS = "zwlr_virtual_pointer_manager_v1"


def message(thing: int, kind: int, body: bytes = b"") -> bytes:
    return _HEAD.pack(thing, kind, _HEAD.size + len(body)) + body


def text(said: str) -> bytes:
    plain = said.encode() + b"\0"
    return struct.pack("=I", len(plain)) + plain + b"\0" * (-len(plain) % 4)


def offer(number: int, name: str, version: int) -> bytes:
    """Return how a desktop tells what it has; the registry is always thing 2 here."""
    return message(2, 0, struct.pack("=I", number) + text(name) + struct.pack("=I", version))


@dataclass
class MadeUpDesktop:
    """Listens on a socket and does what it is told.

    Attributes
    ----------
    offers
        Names and versions of what it has.
    is_mute
        Whether it never answers.
    asked
        What it was asked for, once it knows: protocol, request, thing, and the other numbers.
    """

    path: Path
    offers: dict[str, int] = field(default_factory=lambda: {SEAT: 8, NEW: 1})
    is_mute: bool = False
    asked: list[tuple[str, int, tuple[int, ...]]] = field(default_factory=list)
    connections: int = 0
    _clients: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.path))
        self._door.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def tell(self, raw: bytes) -> None:
        """Tell whoever came last."""
        self._clients[-1].sendall(raw)

    def rest(self) -> None:
        self.tell(message(self.asked[-1][2][0], 0))

    def resume(self) -> None:
        self.tell(message(self.asked[-1][2][0], 1))

    def end(self) -> None:
        """Go away, as after a crash."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()
        self._thread.join(10)
        self.path.unlink(missing_ok=True)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self.connections += 1
                self._clients.append(client)
                with suppress(OSError):
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        heard, made = b"", dict[int, str]()
        while piece := client.recv(4096):
            heard += piece
            while len(heard) >= 8:
                thing, kind, size = _HEAD.unpack_from(heard)
                if len(heard) < size:
                    break
                body, heard = heard[8:size], heard[size:]
                if not self.is_mute:
                    self._hear(client, thing, kind, body, made)

    def _hear(
        self, client: socket.socket, thing: int, kind: int, body: bytes, made: dict[int, str]
    ) -> None:
        names = list(self.offers)
        if thing == 1 and kind == 1:
            for number, (name, version) in enumerate(self.offers.items(), 10):
                client.sendall(offer(number, name, version))
        elif thing == 1:
            (done,) = struct.unpack("=I", body)
            client.sendall(message(done, 0, b"\0" * 4) + message(1, 1, struct.pack("=I", done)))
        elif thing == 2:
            number, new = struct.unpack_from("=I", body)[0], struct.unpack_from("=I", body[-4:])[0]
            made[new] = names[number - 10]
            if made[new] == SEAT:
                # As real ones do: what it has, which nobody here asked for.
                client.sendall(message(new, 0, struct.pack("=I", 3)))
        else:
            self.asked.append((made[thing], kind, struct.unpack("=III", body)))


class Pointer:
    """A mouse of a real desktop, moved by a program of its own."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10)
        self._socket.connect(str(path))
        self._socket.sendall(message(1, 1, struct.pack("=I", 2)))
        self._offered = self._look(3)
        seat = self._offered[SEAT]
        self._bind(seat, SEAT, 4)
        if _POINTERS in self._offered:
            self._bind(self._offered[_POINTERS], _POINTERS, 5)
            self._socket.sendall(message(5, 0, struct.pack("=II", 4, 6)))
        else:
            # KDE's own protocol can pretend that somebody touched something.
            self._bind(self._offered[OLD], OLD, 5)
            self._socket.sendall(message(5, 0, struct.pack("=III", 6, 4, 1_000_000)))
        self._look(7)

    def move(self) -> None:
        if _POINTERS in self._offered:
            self._socket.sendall(message(6, 0, struct.pack("=III", 1, 5 * 256, 5 * 256)))
            self._socket.sendall(message(6, 4))
        else:
            self._socket.sendall(message(6, 1))

    def close(self) -> None:
        self._socket.close()

    def _bind(self, number: int, name: str, new: int) -> None:
        body = struct.pack("=I", number) + text(name) + struct.pack("=II", 1, new)
        self._socket.sendall(message(2, 0, body))

    def _look(self, done: int) -> dict[str, int]:
        """Return what is offered, once all that was said is done."""
        self._socket.sendall(message(1, 0, struct.pack("=I", done)))
        heard, found = b"", dict[str, int]()
        while True:
            heard += self._socket.recv(65536)
            while len(heard) >= 8:
                thing, kind, size = _HEAD.unpack_from(heard)
                if len(heard) < size:
                    break
                body, heard = heard[8:size], heard[size:]
                assert (thing, kind) != (1, 0), body
                if thing == done:
                    return found
                if (thing, kind) == (2, 0):
                    number, length = struct.unpack_from("=II", body)
                    found[body[8 : 7 + length].decode()] = number


@contextmanager
def real_desktop(program: str) -> Iterator[Path]:
    """Run ``sway`` or ``kwin_wayland`` without a screen, and give its socket; skips without one."""
    found = shutil.which(program)
    if found is None or (program != "sway" and shutil.which("dbus-run-session") is None):
        pytest.skip(f"needs {program}")
    # Not in pytest's folder: these refuse to run as root, and nobody else can look into that.
    with tempfile.TemporaryDirectory(prefix="beltline-") as name:
        folder = Path(name)
        folder.chmod(0o700)
        environment = os.environ | {"XDG_RUNTIME_DIR": name, "HOME": name}
        for gone in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"):
            environment.pop(gone, None)
        if program == "sway":
            (folder / "config").write_text("xwayland disable\n")
            command = [found, "--config", str(folder / "config")]
            environment |= {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman"}
            environment["WLR_LIBINPUT_NO_DEVICES"] = "1"
        else:
            # A copy has no rights of its own, which a container may not give. Under another
            # name it would not find its screen.
            copy = shutil.copy(found, folder / program)
            command = ["dbus-run-session", str(copy), "--virtual", "--no-lockscreen"]
            environment["KWIN_COMPOSE"] = "Q"
        is_root = os.getuid() == 0
        if is_root:
            for one in (folder, *folder.iterdir()):
                shutil.chown(one, _NOBODY, _NOBODY)
        process = subprocess.Popen(
            command,
            env=environment,
            user=_NOBODY if is_root else None,
            group=_NOBODY if is_root else None,
            extra_groups=[] if is_root else None,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield _socket_in(folder, process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            process.wait(20)


def _socket_in(folder: Path, process: subprocess.Popen[bytes]) -> Path:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s:
        for path in folder.glob("wayland-*"):
            if path.is_socket():
                return path
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.skip("this desktop does not start here")
