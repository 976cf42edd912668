"""A second start of the window shows the first, and opens itself where that one hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtWidgets import QWidget

from app.system import single_instance
from app.system.single_instance import LaunchRequest, SingleInstance, bring_to_front, make_request
from app.text.breaks import OPENED_BESIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

CLONE = Path(__file__).parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="stops processes with a signal")
#: The program's own start; the window in it only says what it is asked for.
PROGRAM = """
import sys
from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget
from app.gui import app as desktop

class Window(QWidget):
    def say(self, text):
        print("said", text, flush=True)
    def show_page(self, key):
        print("page", key, flush=True)
    def open_photos(self, photos):
        print("photos", *photos, flush=True)
    def open_live(self, source):
        print("live", repr(source), flush=True)
    def show_help(self, which):
        pass

class Log(QObject):
    doctor_wanted = pyqtSignal()

class Shown:
    def __init__(self, app):
        self.window = Window()
    def open(self, photos, live_source):
        self.window.show()
        QTimer.singleShot(0, lambda: print("open", list(photos), live_source, flush=True))
        return self.window
    def close(self):
        self.window.close()

desktop.ShownWindow = Shown
log = Log()
desktop.write_log = lambda window: log
photo, live, page = (None if text == "-" else text for text in sys.argv[1:])
sys.exit(desktop.run(photo.split(",") if photo else [], live, page))
"""


class Programs:
    """Starts the program with a photograph, a camera and a page."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *request: str, folder: Path = CLONE) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *(request or ("-", "-", "-"))],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(CLONE)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path / "config"))
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    made.close()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def test_a_second_start_shows_the_first(programs: Programs, tmp_path: Path) -> None:
    first = programs.start()
    assert line(first) == "open [] None"
    (tmp_path / "side on.jpg").write_bytes(b"")
    second = programs.start("side on.jpg", "-", "-", folder=tmp_path)
    assert second.communicate(timeout=20)[0] == ""
    assert second.returncode == 0
    assert line(first) == f"photos {tmp_path / 'side on.jpg'}"
    programs.start("a.jpg,b.jpg", "-", "-", folder=tmp_path).wait(20)
    assert line(first) == f"photos {tmp_path / 'a.jpg'} {tmp_path / 'b.jpg'}"
    assert programs.start("-", "", "-").wait(20) == 0
    assert line(first) == "live ''"
    assert programs.start("-", "-", "sit_less").wait(20) == 0
    assert line(first) == "page sit_less"
    assert first.poll() is None


@posix
def test_after_the_first_has_gone_the_next_is_the_first(programs: Programs) -> None:
    first = programs.start()
    assert line(first) == "open [] None"
    first.kill()
    first.wait(10)
    second = programs.start("-", "-", "history")
    assert [line(second), line(second)] == ["page history", "open [] None"]


@posix
def test_beside_a_first_that_hangs_the_second_opens_with_a_word(programs: Programs) -> None:
    first = programs.start()
    assert line(first) == "open [] None"
    first.send_signal(signal.SIGSTOP)
    second = programs.start()
    assert [line(second), line(second)] == [f"said {OPENED_BESIDE}", "open [] None"]
    assert second.poll() is None


def test_where_there_is_no_place_to_meet_the_window_opens(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise PermissionError("open to other people")

    monkeypatch.setattr("app.system.ipc.address_of", refuse)
    instance = SingleInstance()
    assert instance.claim()
    assert not instance.tell_first(LaunchRequest())
    instance.close()


def test_what_is_no_wish_is_not_granted(
    qtbot: QtBot, make_first: Callable[[], SingleInstance]
) -> None:
    first = make_first()
    heard: list[LaunchRequest] = []
    first.requested.connect(heard.append)
    wrong: tuple[bytes, ...]
    wrong = b'{"page": 3}', b'{"photos": 3}', b'{"photos": [3]}', b'{"photos": "side.jpg"}'
    wrong += b'{"photos": ["a\\u0000b"]}', b'{"live_source": "\\u0000"}', b'{"token": "\\u0000"}'
    wrong += (b'{"photos": ["\\ud800"]}', b'{"token": "\\ud800"}')
    for said in (b"", b"[]", *wrong, b"\xff", b"[" * 50_000):
        first._hear(None, said)  # type: ignore[arg-type]
    assert heard == []


@pytest.fixture
def make_first(qtbot: QtBot) -> Iterator[Callable[[], SingleInstance]]:
    made: list[SingleInstance] = []

    def make() -> SingleInstance:
        made.append(SingleInstance())
        assert made[-1].claim()
        return made[-1]

    yield make
    for instance in made:
        instance.close()


named = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(
    photos=st.lists(named).map(tuple),
    source=st.none() | named,
    page=st.sampled_from((None, "check", "history", "sit_less")),
    token=st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126)),
)
def test_a_wish_arrives_as_it_was(
    photos: tuple[str, ...], source: str | None, page: str | None, token: str | None
) -> None:
    request = LaunchRequest(photos, source, page, token)
    said = single_instance._line_of(request)
    assert b"\n" not in said
    assert single_instance._request_of(said) == request


@pytest.mark.parametrize("token", ["a\\nb", "\\u0007", "\u00e4", "x" * 100_000])
def test_no_desktop_is_given_a_token_that_is_none(token: str) -> None:
    said = f'{{"page": "history", "token": "{token}"}}'.encode()
    assert single_instance._request_of(said) == LaunchRequest(page="history")


def test_no_camera_goes_on_because_of_a_page() -> None:
    assert make_request(page="live") == LaunchRequest()
    assert single_instance._request_of(b'{"page": "live", "more": "x"}') == LaunchRequest()


def test_a_film_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("walk.mp4").write_bytes(b"")
    assert make_request(live_source="walk.mp4").live_source == str(tmp_path / "walk.mp4")
    for as_it_is in ("0", "Desk camera", "http://phone/video", ""):
        assert make_request(live_source=as_it_is).live_source == as_it_is
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "given")
    assert make_request() == LaunchRequest(token="given")


def test_a_minimised_window_comes_back(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_to_front(window, "token")
    assert not window.isMinimized()
    assert window.isVisible()
