"""The window's start, as a process of its own."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.gui import app
from tests.hostile.shell_calls import wait_until_heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

_PROGRAM = """
from app.gui.app import ShownWindow
from app.system.qt import create_app, keep_own_qt
keep_own_qt()
app = create_app()
window = ShownWindow(app).open()
app.processEvents()
import sys
heavy = {"vision.pose.hollow", "mediapipe", "cv2", "sqlalchemy", "pyqtgraph", "reportlab"}
heavy |= {"aiohttp", "asyncio", "segno", "cryptography"}
print("heavy:", sorted(heavy & set(sys.modules)))
window.close()
app.processEvents()
print("closed")
"""

#: Measures a picture, changes the language, looks at it again, and tries so once more while
#: points are being marked.
_CHANGES = """
import sys, time
from app.gui.app import ShownWindow
from app.gui.check.page import CheckState
from app.system.qt import create_app, keep_own_qt
from app.text.languages import speaking
keep_own_qt()
app = create_app()

def until(done):
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        app.processEvents()
        time.sleep(0.01)

shown = ShownWindow(app)
first = shown.open([sys.argv[1]])
until(lambda: first.pages.check().state is CheckState.MEASURED)
first.show_page("settings")
first.language_chosen.emit("de")
second = shown.window
assert second is not first and second.isVisible() and not first.isVisible()
page = second.pages.check()
until(lambda: page.state is CheckState.MEASURED)
print(second.page, [entry.title for entry in second.pages.entries])
second.show_page("check")
page.mark()
assert page.state is CheckState.EDITING
second.show_page("settings")
second.language_chosen.emit("fr")
assert shown.window is second
assert second.status.words.text() == speaking.LATER
shown.close()
app.processEvents()
print("closed")
"""


def _environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "BELTLINE_CONFIG_DIR": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }


def test_the_window_shows_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=_environment(tmp_path),
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
    assert "closed" in done.stdout
    assert (tmp_path / "config" / "settings.json").exists()


def test_the_language_changes_without_a_restart_and_nothing_is_lost(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHANGES, "sample_images/man_average_right_tilt8.jpg"],
        env=_environment(tmp_path)
        | {"LANG": "C.UTF-8", "LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = "Messen", "Live", "Übungen", "Weniger sitzen", "Verlauf", "Einstellungen"
    assert done.stdout.splitlines() == [f"settings {list(names)}", "closed"]
    settings = json.loads((tmp_path / "config" / "settings.json").read_text())
    assert settings["language"] == "fr", "it is for the next start"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the process as only Linux does")
def test_a_signal_closes_the_window(tmp_path: Path) -> None:
    """Wherever it falls: before the window is there, or later."""
    for moment_s in (0.3, 3.0):
        window = subprocess.Popen(
            [sys.executable, "-m", "app"],
            env=_environment(tmp_path) | {"XDG_STATE_HOME": str(tmp_path / "state")},
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        wait_until_heard(window)
        time.sleep(moment_s)
        window.send_signal(signal.SIGTERM)
        said, _ = window.communicate(timeout=50)
        assert (window.returncode, said) == (128 + signal.SIGTERM, b"")


def test_garbage_is_looked_for_again_once_everything_is_loaded(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Loop:
        """Holds itself, so that only a look for garbage lets go of it."""

        def __init__(self) -> None:
            self.itself = self

    monkeypatch.setattr(app, "_LOADED_MS", 20)
    monkeypatch.setattr(app, "_GARBAGE_MS", 20)
    gc.unfreeze()  # a window of another test may have left something out, too
    try:
        app.spare_the_start()
        assert not gc.isenabled()
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=2000)
        gone = weakref.ref(Loop())
        held = [[number] for number in range(2000)]
        qtbot.waitUntil(lambda: gone() is None, timeout=2000)
        assert not gc.isenabled(), "another thread might look, too"
        del held
    finally:
        gc.enable()
        gc.unfreeze()
