"""The reminder as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.breaks.protocol import News, Order, Wanted, Word, read_news, wanted_line
from app.system import ipc
from app.system.ipc import Endpoint, ask
from app.system.shell import Status
from tests.app.system.wayland_desktops import NEW, SEAT, MadeUpDesktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

CLONE = Path(__file__).parents[3]
HELLO = wanted_line(Wanted(Order.HELLO))
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
#: Runs as the process does, and says what it has loaded once it reminds.
LOOK = """
import sys
from PyQt6.QtCore import QTimer
from app.system.qt import create_app
app = create_app()
def look():
    heavy = {"numpy", "cv2", "mediapipe", "sqlalchemy", "pyqtgraph", "reportlab", "PIL", "rich"}
    print("heavy:", sorted(heavy & set(sys.modules)), flush=True)
    app.quit()
QTimer.singleShot(300, look)
from app.tray.__main__ import start
sys.exit(start(True, print))
"""


@pytest.fixture
def begin(own_place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Tray]]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    (own_place / "reminder.json").write_text('{"is_on": true}')
    made: list[Tray] = []

    def start(*arguments: str) -> Tray:
        made.append(Tray(*arguments))
        return made[-1]

    yield start
    for tray in made:
        tray.close()


class Tray:
    """A process that was started, which ends with the test."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=CLONE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self) -> News:
        """Wait until it answers."""
        for _ in range(200):
            line = ask(Endpoint.REMINDER, HELLO, 2000)
            if line is not None:
                news = read_news(line)
                assert news is not None
                return news
            time.sleep(0.05)
        raise AssertionError("the reminder does not answer")

    def end(self) -> tuple[int, str]:
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_in_good_order(
    begin: Callable[..., Tray], tmp_path: Path, number: int
) -> None:
    tray = begin("app.tray", "--quiet")
    news = tray.answer()
    assert news.word is Word.STATE
    assert news.state is not None
    assert news.state.is_on
    assert not news.state.has_tray
    tray.process.send_signal(number)
    assert tray.end() == (0, "")
    (memory,) = (tmp_path / "data").rglob("reminder_memory.json")
    assert json.loads(memory.read_bytes())["number"] == 0


def test_a_second_one_leaves_the_work_to_the_first(begin: Callable[..., Tray]) -> None:
    first = begin("app.tray", "--quiet")
    first.answer()
    assert begin("app", "tray").end() == (0, "beltline: The reminder is running already.\n")
    assert begin("app", "tray", "--quiet").end() == (0, "")
    assert first.process.poll() is None


@posix
def test_one_that_hangs_is_named(
    begin: Callable[..., Tray], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin("app.tray", "--quiet")
    first.answer()
    first.process.send_signal(signal.SIGSTOP)
    status, said = begin("app", "tray").end()
    assert status == Status.FAILED
    assert "does not answer" in said


def test_switched_off_it_says_where_to_switch_it_on(
    begin: Callable[..., Tray], own_place: Path
) -> None:
    (own_place / "reminder.json").write_text('{"is_on": false}')
    status, said = begin("app", "tray").end()
    assert status == Status.FAILED
    assert "Sit less" in said


def test_a_damaged_file_of_choices_is_no_obstacle(
    begin: Callable[..., Tray], own_place: Path
) -> None:
    (own_place / "reminder.json").write_text('{"is_on": true, "interval_min": 4}')
    news = begin("app.tray", "--quiet").answer()
    assert news.state is not None
    assert news.state.is_on
    assert news.state.next_in_min == pytest.approx(60, abs=1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Wayland")
@pytest.mark.parametrize("offers", [{SEAT: 8, NEW: 2}, {SEAT: 8}])
def test_a_wayland_desktop_tells_it_of_resting_keys(
    begin: Callable[..., Tray],
    offers: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desktop = MadeUpDesktop(tmp_path / "wayland-7", offers)
    monkeypatch.setenv("WAYLAND_DISPLAY", str(desktop.path))
    news = begin("app.tray", "--quiet").answer()
    assert news.state is not None
    assert news.state.knows_idle is (NEW in offers)
    desktop.end()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a screen")
def test_without_a_screen_it_says_so(
    begin: Callable[..., Tray], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    status, said = begin("app", "tray").end()
    assert status == Status.FAILED
    assert "no screen" in said


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Linux tells who uses what")
def test_it_uses_no_network(begin: Callable[..., Tray]) -> None:
    tray = begin("app.tray", "--quiet")
    tray.answer()
    files = Path(f"/proc/{tray.process.pid}/fd").iterdir()
    sockets = {
        name.removeprefix("socket:[").removesuffix("]")
        for file in files
        if (name := str(file.readlink())).startswith("socket:")
    }
    assert sockets
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/{tray.process.pid}/net/{kind}")
        lines = table.read_text("ascii").splitlines()[1:] if table.exists() else []
        assert sockets.isdisjoint(line.split()[9] for line in lines)


def test_nothing_heavy_is_loaded(own_place: Path) -> None:
    (own_place / "reminder.json").write_text('{"is_on": true}')
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=CLONE,
        env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "heavy: []\n"), done.stderr


def test_it_is_started_from_anywhere(
    qtbot: QtBot,
    begin: Callable[..., Tray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ipc.start_reminder()
    line = None
    for _ in range(200):
        line = ask(Endpoint.REMINDER, HELLO, 2000)
        if line is not None:
            break
        time.sleep(0.05)
    assert line is not None
    # Ask until nobody answers: it belongs to no test process that could wait for it.
    ask(Endpoint.REMINDER, wanted_line(Wanted(Order.STOP)), 2000)
    qtbot.waitUntil(lambda: ask(Endpoint.REMINDER, HELLO, 500) is None, timeout=10_000)
    del begin
