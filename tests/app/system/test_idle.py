"""How long keys and mouse have rested, on a real X server and with stand-ins for the others."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from app.system import idle

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    idle._asker.cache_clear()
    yield
    idle._asker.cache_clear()


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a screen of our own."""
    server = shutil.which("Xvfb")
    has_libraries = all(ctypes.util.find_library(name) for name in ("X11", "Xss", "Xtst"))
    if server is None or not has_libraries:
        pytest.skip("needs Xvfb, libXss and libXtst")
    read, write = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "320x240x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    monkeypatch.setenv("DISPLAY", name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield name
    process.terminate()
    process.wait(10)


def _move_mouse(display: str) -> None:
    x11, tests = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    screen = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    tests.XTestFakeMotionEvent(screen, -1, 40, 50, 0)
    x11.XCloseDisplay(screen)


#: Asked in a process of its own: a screen that goes away ends whoever is connected to it.
_ASK = """
import sys
from app.system.idle import idle_seconds
for _ in sys.stdin:
    print(idle_seconds(), flush=True)
"""


def test_an_x_server_tells_how_long_the_mouse_has_rested(display: str) -> None:
    asked = subprocess.Popen(
        [sys.executable, "-c", _ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert asked.stdin is not None
    assert asked.stdout is not None

    def ask() -> float:
        assert asked.stdin is not None
        assert asked.stdout is not None
        asked.stdin.write("\n")
        asked.stdin.flush()
        return float(asked.stdout.readline())

    _move_mouse(display)
    before_s = ask()
    time.sleep(0.3)
    after_s = ask()
    _move_mouse(display)
    moved_s = ask()
    asked.stdin.close()
    asked.stdout.close()
    assert asked.wait(10) == 0
    assert after_s - before_s >= 0.25
    assert moved_s < after_s


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")
@pytest.mark.parametrize(
    "desktop", [{"DISPLAY": ""}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}]
)
def test_without_a_screen_and_under_wayland_nobody_knows(
    desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for name, value in desktop.items():
        monkeypatch.setenv(name, value)
    assert idle.idle_seconds() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")
@pytest.mark.parametrize("failure", [OSError("no such library"), AttributeError("no function")])
def test_a_missing_library_is_no_answer(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise failure

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(ctypes, "CDLL", fail)
    assert idle.idle_seconds() is None


def test_windows_counts_on_when_its_clock_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    class Windows:
        """The two functions that are asked."""

        user32 = kernel32 = None

    def last_input(place: Any) -> int:
        place._obj.at_ms = 0xFFFFFFFF - 4999
        return 1

    windows: Any = Windows()
    windows.user32 = windows.kernel32 = windows
    windows.GetLastInputInfo = last_input
    windows.GetTickCount = lambda: 7000
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert idle.idle_seconds() == 12.0
    windows.GetLastInputInfo = lambda place: 0
    assert idle.idle_seconds() is None


def test_macos_is_asked_for_any_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Since:
        """CGEventSourceSecondsSinceLastEventType."""

        restype = argtypes = None

        def __call__(self, state: int, kind: int) -> float:
            assert (state, kind) == (0, 0xFFFFFFFF)
            return 33.5

    class Services:
        """The library it is in."""

        CGEventSourceSecondsSinceLastEventType = Since()

    monkeypatch.setattr(ctypes, "CDLL", lambda path: Services())
    monkeypatch.setattr(sys, "platform", "darwin")
    assert idle.idle_seconds() == 33.5
