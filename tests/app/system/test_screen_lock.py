"""A lock of the screen is heard from whoever tells it, once, and only while asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.system import screen_lock
from app.system.screen_lock import ScreenLock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

CLONE = Path(__file__).parents[3]
#: Qt connects to a bus once in a process, so the listener is a program of its own: it says
#: "ready", then what it heard, and stops listening after "stop".
LISTENER = """
import os, sys
from PyQt6.QtCore import QCoreApplication, QSocketNotifier
from app.system.screen_lock import ScreenLock
app = QCoreApplication([])
lock = ScreenLock()
lock.locked.connect(lambda: print("locked", flush=True))
lock.unlocked.connect(lambda: print("unlocked", flush=True))
def obey():
    word = sys.stdin.readline().strip()
    {"stop": lock.stop, "start": lock.start, "": app.quit}[word]()
    # One more round of the bus, so that the order is certain.
    print("did " + word, flush=True)
lock.start()
notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(obey)
from PyQt6.QtDBus import QDBusConnection
for bus in (QDBusConnection.sessionBus(), QDBusConnection.systemBus()):
    if bus.isConnected():
        bus.interface().registeredServiceNames()
print("ready", flush=True)
app.exec()
"""
#: dbus-send knows no tables of properties.
HINTS = """
import sys
from PyQt6.QtDBus import QDBusConnection, QDBusMessage
bus = QDBusConnection.sessionBus()
for value in (True, False):
    said = QDBusMessage.createSignal(
        sys.argv[1], "org.freedesktop.DBus.Properties", "PropertiesChanged")
    said.setArguments(["org.freedesktop.login1.Session", {"LockedHint": value}, []])
    assert bus.send(said)
bus.interface().registeredServiceNames()
"""
CONFIGURATION = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""

needs_bus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None or not sys.platform.startswith("linux"),
    reason="needs dbus-daemon and dbus-send (apt-get install dbus)",
)


class Desktop:
    """A bus of its own, on which the parts of a desktop speak, and a listener."""

    def __init__(self, address: str, listener: subprocess.Popen[str]) -> None:
        self._address, self._listener = address, listener

    def say(self, path: str, signal: str, *arguments: str) -> None:
        subprocess.run(
            ["dbus-send", f"--bus={self._address}", "--type=signal", path, signal, *arguments],
            check=True,
            timeout=10,
        )

    def hint(self, path: str) -> None:
        environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": self._address}
        program = [sys.executable, "-c", HINTS, path]
        subprocess.run(program, env=environment, check=True, timeout=30)

    def tell(self, word: str) -> None:
        assert self._listener.stdin is not None
        self._listener.stdin.write(word + "\n")
        self._listener.stdin.flush()
        assert self.heard() == f"did {word}"

    def heard(self) -> str:
        assert self._listener.stdout is not None
        return self._listener.stdout.readline().strip()


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    with subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with bus(tmp_path) as address:
        environment = os.environ | {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "DBUS_SYSTEM_BUS_ADDRESS": address,
            "XDG_SESSION_ID": "2",
        }
        with subprocess.Popen(
            [sys.executable, "-c", LISTENER],
            cwd=CLONE,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as listener:
            made = Desktop(address, listener)
            assert made.heard() == "ready"
            yield made
            listener.terminate()


SESSION = "/org/freedesktop/login1/session/_32"


@needs_bus
def test_every_way_in_which_linux_tells_a_lock_is_heard(desktop: Desktop) -> None:
    said: list[tuple[str, ...]] = [
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", "boolean:{}"),
        ("/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", "boolean:{}"),
        ("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:{}"),
    ]
    for path, signal, argument in said:
        desktop.say(path, signal, argument.format("true"))
        assert desktop.heard() == "locked"
        desktop.say(path, signal, argument.format("false"))
        assert desktop.heard() == "unlocked"
    desktop.say(SESSION, "org.freedesktop.login1.Session.Lock")
    assert desktop.heard() == "locked"
    desktop.say(SESSION, "org.freedesktop.login1.Session.Unlock")
    assert desktop.heard() == "unlocked"
    desktop.hint(SESSION)
    assert [desktop.heard(), desktop.heard()] == ["locked", "unlocked"]


@needs_bus
def test_a_lock_is_said_once_and_outlasts_sleep(desktop: Desktop) -> None:
    saver = "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged"
    sleep = "/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep"
    desktop.say(*saver, "boolean:true")
    desktop.say(SESSION, "org.freedesktop.login1.Session.Lock")
    desktop.say(*sleep, "boolean:true")
    desktop.say(*sleep, "boolean:false")
    desktop.say(*saver, "boolean:false")
    assert [desktop.heard(), desktop.heard()] == ["locked", "unlocked"]


@needs_bus
def test_nothing_is_heard_of_other_sessions_nor_after_stopping(desktop: Desktop) -> None:
    saver = "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged"
    desktop.say("/org/freedesktop/login1/session/_39", "org.freedesktop.login1.Session.Lock")
    desktop.tell("stop")
    desktop.say(*saver, "boolean:true")
    desktop.tell("start")
    desktop.say(*saver, "string:nonsense")
    desktop.say(*saver, "boolean:true")
    assert desktop.heard() == "locked"


def test_without_a_bus_nothing_is_said(tmp_path: Path) -> None:
    environment = os.environ | {
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/nobody",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody",
    }
    done = subprocess.run(
        [sys.executable, "-c", LISTENER],
        cwd=CLONE,
        env=environment,
        input="stop\n\n",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.split("\n")[:2] == ["ready", "did stop"]
    assert done.stderr == ""


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_are_asked_again_and_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    answers = [False, True, True, False]
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(screen_lock, "_ASK_MS", 5)
    monkeypatch.setitem(
        screen_lock._QUESTIONS, system, lambda: answers.pop(0) if answers else False
    )
    lock = ScreenLock()
    heard: list[str] = []
    lock.locked.connect(lambda: heard.append("locked"))
    lock.unlocked.connect(lambda: heard.append("unlocked"))
    lock.start()
    qtbot.waitUntil(lambda: not answers)
    qtbot.waitUntil(lambda: len(heard) == 2)
    lock.stop()
    assert heard == ["locked", "unlocked"]


def test_a_system_that_cannot_be_asked_is_asked_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def fail() -> bool:
        asked.append(1)
        raise OSError("no such library")

    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(screen_lock, "_ASK_MS", 5)
    monkeypatch.setitem(screen_lock._QUESTIONS, "darwin", fail)
    lock = ScreenLock()
    lock.start()
    qtbot.wait(60)
    assert asked == [1]
