"""A window that fills the screen is seen on a real X server, and with a stand-in for Windows."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.system.calm import full_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = Path(__file__).parents[4]
#: A real window, shown as it is told; it says "did" when the screen's server has heard of it.
#: No window manager runs here, so it writes what one would.
_WINDOW = """
import sys
from PyQt6.QtWidgets import QApplication, QLabel
from PyQt6.QtTest import QTest
import subprocess
app = QApplication([sys.argv[1]])
window = QLabel("film")
for line in sys.stdin:
    # Shown anew: what is shown already only asks a window manager.
    window.hide()
    getattr(window, line.strip())()
    QTest.qWait(300)
    number = hex(int(window.winId()))
    kind = ["-f", "_NET_ACTIVE_WINDOW", "32x", "-set", "_NET_ACTIVE_WINDOW", number]
    subprocess.run(["xprop", "-root", *kind], check=True)
    print("did", flush=True)
"""


def _screen(environment: dict[str, str]) -> tuple[subprocess.Popen[str], str]:
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert screen.stdout is not None
    return screen, f":{screen.stdout.readline().strip()}"


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if not sys.platform.startswith("linux") or not (shutil.which("Xvfb") and shutil.which("xprop")):
        pytest.skip("needs Xvfb and xprop (apt-get install xvfb x11-utils)")
    screen, name = _screen(dict(os.environ))
    monkeypatch.setenv("DISPLAY", name)
    yield name
    screen.terminate()
    screen.communicate(timeout=10)


class Window:
    """A program with one window."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WINDOW, name],
            env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
            cwd=CLONE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, what: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "did\n"

    def close(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)


@pytest.fixture
def film(display: str) -> Iterator[Window]:
    made = Window("film")
    yield made
    made.close()


def test_a_film_is_seen_while_it_fills_the_screen(film: Window) -> None:
    assert full_screen.fills_screen() is False
    film.do("showNormal")
    assert full_screen.fills_screen() is False
    film.do("showFullScreen")
    assert full_screen.fills_screen() is True


def test_our_own_window_is_no_film(display: str) -> None:
    own = Window("beltline")
    own.do("showFullScreen")
    assert full_screen.fills_screen() is False
    own.close()


def test_a_window_that_is_gone_is_no_film(film: Window) -> None:
    film.do("showFullScreen")
    film.close()
    assert full_screen.fills_screen() is False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")
@pytest.mark.parametrize("display", ["", ":4711", "nonsense"])
def test_without_a_screen_nobody_knows(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert full_screen.fills_screen() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")
def test_without_the_library_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise OSError("no such library")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", fail)
    assert full_screen.fills_screen() is None


@pytest.mark.parametrize(
    ("failed", "state", "answer"), [(0, 3, True), (0, 4, True), (0, 5, False), (1, 3, None)]
)
def test_windows_tells_it_by_itself(
    monkeypatch: pytest.MonkeyPatch, failed: int, state: int, answer: bool | None
) -> None:
    class Windows:
        """The one function that is asked."""

        shell32: Any = None

    def tell(place: Any) -> int:
        place._obj.value = state
        return failed

    windows: Any = Windows()
    windows.shell32 = windows
    windows.SHQueryUserNotificationState = tell
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert full_screen.fills_screen() is answer


def test_macos_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert full_screen.fills_screen() is None
