"""Qt's start: nothing of OpenCV's, no foreign language, one sentence where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.errors import BrokenInstallation
from app.system import qt
from app.system.desktop.entries import ASSETS
from app.system.qt import keep_own_qt
from app.system.shell import Status

if TYPE_CHECKING:
    from collections.abc import Callable


def test_opencv_does_not_choose_the_screen_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/somewhere/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    keep_own_qt()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


def run_window(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | variables, cwd=Path(__file__).parents[3],
        capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip


_UNREACHABLE = """
import sys
sys.argv[0] = "beltline"
from app.__main__ import main
main()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there by DISPLAY")
def test_a_screen_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("BELTLINE_CONFIG_DIR", "XDG_DATA_HOME")}
    done = run_window(
        _UNREACHABLE, **places, DISPLAY=":987", WAYLAND_DISPLAY="", QT_QPA_PLATFORM=""
    )
    assert done.returncode == Status.FAILED
    assert done.stderr.startswith("beltline: ")
    assert "beltline measure PHOTO" in done.stderr or "libxcb" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there by DISPLAY")
@pytest.mark.parametrize("display", ["", ":0"])
def test_a_missing_screen_or_library_is_told_in_the_language(
    monkeypatch: pytest.MonkeyPatch, display: str, in_pseudo: Callable[[str], bool]
) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(qt, "_X11_LIBRARIES", ("libnowhere.so.0",))
    with pytest.raises(BrokenInstallation) as caught:
        qt.check_screen()
    assert in_pseudo(str(caught.value))
    assert ("libnowhere.so.0" in str(caught.value)) == bool(display)


_REMARK = """
import os
from app.system.qt import create_app
app = create_app()
print(os.strerror(2), float("1.5"))
"""


def test_the_system_speaks_the_language_of_our_sentences() -> None:
    """Where a language is not installed, this shows less, but nothing wrong."""
    for language in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
        done = run_window(_REMARK, LC_ALL=language, QT_QPA_PLATFORM="offscreen")
        assert done.stdout == "No such file or directory 1.5\n"


_NAMED = """
from app.system.qt import create_app
app = create_app()
print(app.desktopFileName(), not app.windowIcon().pixmap(16).isNull())
"""


def test_a_desktop_finds_the_window_s_icon_by_its_entry() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _NAMED],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    name, has_icon = done.stdout.split()
    assert (ASSETS / f"{name}.desktop").is_file()
    assert has_icon == "True"
