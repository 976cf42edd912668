"""Icon, message and rest of the hands, with a desktop that speaks on a bus of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, Wanted, read_news, wanted_line
from app.breaks.schedule import Schedule
from app.system import clock
from app.system.calm.occupied import Occupied
from app.system.ipc import Endpoint, ask
from app.text import breaks
from app.tray.service import save_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = Path(__file__).parents[3]
PARTS = Path(__file__).with_name("fake_desktop.py")
CONFIGURATION = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
IDLE = """
from PyQt6.QtCore import QCoreApplication
app = QCoreApplication([])
from app.system import dbus
print(dbus.idle_s())
"""
pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None or not sys.platform.startswith("linux"),
    reason="needs dbus-daemon (apt-get install dbus)",
)
needs_screen = pytest.mark.skipif(
    shutil.which("Xvfb") is None, reason="needs Xvfb (apt-get install xvfb)"
)


class Desktop:
    """Buses of its own, the parts that were asked for, and programs that run on it."""

    def __init__(self, folder: Path, parts: subprocess.Popen[str], **places: str) -> None:
        self._parts = parts
        self.environment = os.environ | places | {"XDG_STATE_HOME": str(folder / "state")}

    def end_parts(self) -> None:
        """Let them say nothing more."""
        self._parts.terminate()

    def heard(self) -> str:
        assert self._parts.stdout is not None
        return self._parts.stdout.readline().strip()


@contextmanager
def desktop(folder: Path, *parts: str, has_screen: bool = False) -> Iterator[Desktop]:
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    with ExitStack() as stack:
        daemon = _run(
            stack,
            ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"],
            stderr=subprocess.DEVNULL,
        )
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        places = {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
        if has_screen:
            screen = _run(
                stack,
                ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24"],
                stderr=subprocess.DEVNULL,
            )
            assert screen.stdout is not None
            places["DISPLAY"] = f":{screen.stdout.readline().strip()}"
            places["QT_QPA_PLATFORM"] = "xcb"
        # The bus and the parts know no screen; they live through what happens on it.
        speaking = _run(stack, [sys.executable, str(PARTS), *parts], env=os.environ | places)
        made = Desktop(folder, speaking, **places)
        assert made.heard() == "ready"
        yield made


def _run(stack: ExitStack, command: list[str], **how: object) -> subprocess.Popen[str]:
    process: subprocess.Popen[str] = subprocess.Popen(  # type: ignore[call-overload]
        command, stdout=subprocess.PIPE, text=True, **how
    )
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


@pytest.mark.parametrize(
    ("parts", "low_s", "high_s"),
    [(("idle", "login"), 431, 431), (("login",), 1, float("inf"))],
)
def test_the_desktop_tells_how_long_the_hands_have_rested(
    tmp_path: Path, parts: tuple[str, ...], low_s: float, high_s: float
) -> None:
    assert low_s <= float(_idle(tmp_path, *parts)) <= high_s


@pytest.mark.parametrize("parts", [(), ("login", "active")])
def test_where_no_desktop_tells_nobody_knows(tmp_path: Path, parts: tuple[str, ...]) -> None:
    assert _idle(tmp_path, *parts) == "None"


def _idle(folder: Path, *parts: str) -> str:
    with desktop(folder, *parts) as made:
        done = subprocess.run(
            [sys.executable, "-c", IDLE],
            cwd=CLONE,
            env=made.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    return done.stdout.strip()


@pytest.fixture
def sat_for_an_hour(own_place: Path, tmp_path: Path) -> None:
    """Leave what the process before left when it stopped, after an hour of sitting."""
    (own_place / "reminder.json").write_text('{"is_on": true, "has_sound": false}')
    data = tmp_path / "data" / "beltline"
    data.mkdir(parents=True)
    fresh = Schedule(ReminderPreferences(is_on=True)).memory(clock.now())
    assert save_memory(data / "reminder_memory.json", replace(fresh, sitting_s=3600.0))


@needs_screen
@pytest.mark.usefixtures("sat_for_an_hour")
def test_what_is_due_is_shown_beside_the_icon(tmp_path: Path) -> None:
    with desktop(tmp_path, "tray", "messages", has_screen=True) as made, ExitStack() as stack:
        # Nobody has touched this screen since it was made; that is for others to test.
        environment = made.environment | {"WAYLAND_DISPLAY": "none"}
        tray = _run(
            stack, [sys.executable, "-m", "app.tray", "--quiet"], cwd=CLONE, env=environment
        )
        heard = {made.heard(), made.heard()}
        tray.send_signal(signal.SIGTERM)
        assert tray.wait(20) == 0
    what = breaks.SUGGESTED.format(what=breaks.suggestion(0))
    assert heard == {"icon", f"message {breaks.DUE} | {what}"}


@needs_screen
@pytest.mark.usefixtures("sat_for_an_hour")
def test_what_is_due_waits_for_a_film(tmp_path: Path) -> None:
    parts = "tray", "messages", "gnome", "film"
    with desktop(tmp_path, *parts, has_screen=True) as made, ExitStack() as stack:
        environment = made.environment | {"WAYLAND_DISPLAY": "none"}
        tray = _run(
            stack, [sys.executable, "-m", "app.tray", "--quiet"], cwd=CLONE, env=environment
        )
        assert made.heard() == "icon"
        said = ""
        for _ in range(200):
            line = ask(Endpoint.REMINDER, wanted_line(Wanted(Order.HELLO)), 2000)
            news = read_news(line) if line is not None else None
            if news is not None and news.state is not None and news.state.silence:
                said = news.state.silence
                assert not news.state.is_due
                break
            time.sleep(0.05)
        tray.send_signal(signal.SIGTERM)
        assert tray.wait(20) == 0
        assert said == breaks.SILENT[Occupied.KEPT_ON]
        # Nothing was shown meanwhile.
        made.end_parts()
        assert made.heard() == ""
