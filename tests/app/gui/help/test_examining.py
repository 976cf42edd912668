"""What the window needs beside the command line is looked at: voice, letters, keyring, rights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from app.gui.help import examining
from app.text import doctor as words
from app.text.doctor import Finding, Health
from vision.camera.capture import CameraInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.keyrings import MemoryKeyring


def _found(part: str) -> Finding:
    return dict(examining.parts_of_window())[part]()


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of devices of this test's own, with nothing in it."""
    monkeypatch.setattr(examining, "_DEVICES", tmp_path)
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_each_part_has_a_title() -> None:
    assert [part for part, _ in examining.parts_of_window()] == list(words.PART_TITLES)


@pytest.mark.skipif(sys.platform == "win32", reason="there cameras are no files")
def test_a_camera_that_may_not_be_used_is_told_with_a_command(
    devices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (devices / "video0").touch()
    monkeypatch.setattr(examining, "_may_open", lambda device: False)
    found = _found("camera")
    assert (found.health, found.message) == (Health.BROKEN, words.NO_RIGHT)
    assert found.command.startswith("sudo usermod -aG ")
    assert found.command in found.fix


def test_a_camera_that_another_program_uses_is_told(
    devices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (devices / "video0").touch()
    monkeypatch.setattr(
        "vision.camera.capture.list_cameras", lambda: (CameraInfo(0, "Built-in camera"),)
    )
    for is_used in (True, False):
        monkeypatch.setattr(examining, "_is_camera_used", lambda is_used=is_used: is_used)
        found = _found("camera")
        assert found.health is Health.WORKS
        assert "Built-in camera" in found.message
        assert (words.CAMERA_USED in found.message) is is_used


@pytest.mark.parametrize("word", ["ready", "none", ""])
def test_the_voice_is_asked_by_its_own_program(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = sys.executable, "-c", f"print({word!r})"
    monkeypatch.setattr("app.system.speech.PROGRAM", program)
    found = _found("voice")
    assert found.health is (Health.WORKS if word == "ready" else Health.ABSENT)


def test_a_voice_that_hangs_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_VOICE_AT_MOST_S", 0.2)
    program = sys.executable, "-c", "import time; time.sleep(60)"
    monkeypatch.setattr("app.system.speech.PROGRAM", program)
    assert _found("voice").health is Health.ABSENT


def test_letters_that_no_font_holds_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found("letters").health is Health.WORKS
    monkeypatch.setattr("app.report.fonts.missing_letters", lambda text: "\U00012000")
    found = _found("letters")
    assert found.health is Health.BROKEN
    assert "\U00012000" in found.message


def test_a_keyring_is_looked_for_and_not_opened(ring: MemoryKeyring) -> None:
    assert _found("keyring").health is Health.WORKS
    del ring


def test_no_keyring_is_told() -> None:
    assert _found("keyring").health is Health.ABSENT
