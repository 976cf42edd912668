"""Processes of one person find each other, and nobody else comes between."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.system.ipc import Endpoint, IpcServer, address_of, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PyQt6.QtNetwork import QLocalSocket
    from pytestqt.qtbot import QtBot

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has named pipes")
#: Takes the place and is killed, or stays and never answers.
TAKER = """
import sys, time, os, signal
from PyQt6.QtCore import QCoreApplication
from app.system.ipc import IpcServer, Endpoint
app = QCoreApplication([])
server = IpcServer(Endpoint.WINDOW)
print(server.open(), flush=True)
if sys.argv[1] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
time.sleep(30)
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def make_server(qtbot: QtBot) -> Iterator[Callable[[], IpcServer]]:
    made: list[IpcServer] = []

    def make() -> IpcServer:
        made.append(IpcServer(Endpoint.WINDOW))
        return made[-1]

    yield make
    for server in made:
        server.close()


def taker(what: str) -> subprocess.Popen[str]:
    clone = Path(__file__).parents[3]
    return subprocess.Popen(
        [sys.executable, "-c", TAKER, what], cwd=clone, stdout=subprocess.PIPE, text=True
    )


def in_background(work: Callable[[], bytes | None]) -> tuple[threading.Thread, list[bytes | None]]:
    answers: list[bytes | None] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    return thread, answers


def test_only_one_listens(make_server: Callable[[], IpcServer]) -> None:
    first, second = make_server(), make_server()
    assert first.open()
    assert not second.open()
    first.close()
    assert second.open()


@posix
def test_nobody_else_reaches_what_they_meet_at(make_server: Callable[[], IpcServer]) -> None:
    before = os.umask(0o022)
    try:
        assert make_server().open()
    finally:
        os.umask(before)
    address = Path(address_of(Endpoint.WINDOW))
    for path in (address, address.with_name(f"{address.name}.lock"), address.parent):
        assert path.lstat().st_mode & 0o077 == 0, path


def test_a_line_is_heard_and_answered(qtbot: QtBot, make_server: Callable[[], IpcServer]) -> None:
    server = make_server()
    heard: list[bytes] = []

    def answer(client: QLocalSocket, line: bytes) -> None:
        heard.append(line)
        server.send(client, b"yes")

    server.received.connect(answer)
    assert server.open()
    thread, answers = in_background(lambda: ask(Endpoint.WINDOW, "Grüße".encode(), 5000))
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=6000)
    assert heard == ["Grüße".encode()]
    assert answers == [b"yes"]
    qtbot.waitUntil(lambda: server.clients == [])


def test_where_nobody_listens_nobody_answers() -> None:
    assert ask(Endpoint.WINDOW, b"hello", 500) is None


def test_who_does_not_answer_is_not_waited_for(make_server: Callable[[], IpcServer]) -> None:
    assert make_server().open()
    assert ask(Endpoint.WINDOW, b"hello", 200) is None


@posix
def test_what_a_killed_process_left_is_cleared_away(make_server: Callable[[], IpcServer]) -> None:
    with taker("die") as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        process.wait(10)
    assert Path(address_of(Endpoint.WINDOW)).exists()
    assert ask(Endpoint.WINDOW, b"hello", 500) is None
    assert make_server().open()


@posix
def test_a_process_that_hangs_keeps_its_place(make_server: Callable[[], IpcServer]) -> None:
    with taker("hang") as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        assert not make_server().open()
        assert ask(Endpoint.WINDOW, b"hello", 200) is None
        process.kill()
    assert make_server().open()


@posix
def test_a_lock_whose_number_belongs_to_another_program_by_now(
    make_server: Callable[[], IpcServer],
) -> None:
    first = make_server()
    assert first.open()
    lock = Path(f"{address_of(Endpoint.WINDOW)}.lock")
    left = lock.read_bytes()
    first.close()
    # This process lives, and listens no longer.
    lock.write_bytes(left)
    assert make_server().open()


@posix
def test_other_settings_are_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = address_of(Endpoint.WINDOW)
    assert address_of(Endpoint.REMINDER) != here
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    assert address_of(Endpoint.WINDOW) != here


@posix
def test_only_this_person_can_reach_it(make_server: Callable[[], IpcServer]) -> None:
    assert make_server().open()
    place = Path(address_of(Endpoint.WINDOW))
    assert place.parent.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_uid == os.getuid()
    assert len(os.fsencode(place)) < 104


@posix
def test_a_folder_that_others_can_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp" if len(str(tmp_path)) > 50 else str(tmp_path))
    monkeypatch.setattr("app.system.ipc.os.getuid", lambda: 4_000_000)
    open_to_all = Path(os.environ["XDG_RUNTIME_DIR"]) / "beltline-4000000"
    open_to_all.mkdir(exist_ok=True)
    try:
        with pytest.raises(PermissionError):
            address_of(Endpoint.WINDOW)
    finally:
        open_to_all.rmdir()


@posix
def test_a_line_without_end_is_cut_off(qtbot: QtBot, make_server: Callable[[], IpcServer]) -> None:
    server = make_server()
    heard: list[bytes] = []
    server.received.connect(lambda _, line: heard.append(line))
    assert server.open()
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(address_of(Endpoint.WINDOW))
        stranger.setblocking(False)
        qtbot.waitUntil(lambda: len(server.clients) == 1)

        def is_cut_off() -> bool:
            try:
                stranger.send(b"x" * 10_000)
            except BlockingIOError:
                return False
            except OSError:
                return True
            return False

        qtbot.waitUntil(is_cut_off, timeout=5000)
    assert heard == []
    qtbot.waitUntil(lambda: server.clients == [])
