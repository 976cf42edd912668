"""Tones lie in one place for good, so that killed windows leave nothing that grows."""

from __future__ import annotations

import os
import stat
import tempfile
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QApplication

from app.system import sound
from app.system.sound import Tone, Tones, tone_wav

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """What was handed to the player; nothing is heard."""
    found: list[Path] = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def play(file: Path) -> bool:
        found.append(file)
        return True

    monkeypatch.setattr(sound, "_play", play)
    return found


def test_each_tone_has_one_file_whoever_plays_it(
    qtbot: QtBot, played: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    for tones in (Tones(), Tones()):
        for tone in (Tone.TICK, Tone.DONE):
            tones.play(tone)
    assert [path.read_bytes() for path in played] == 2 * [tone_wav(Tone.TICK), tone_wav(Tone.DONE)]
    assert len(set(played)) == 2
    assert set(played[0].parent.iterdir()) == set(played)
    if os.name == "posix":
        assert stat.S_IMODE(played[0].parent.stat().st_mode) == 0o700
    assert list((tmp_path / "temporary").iterdir()) == []


def test_where_no_file_can_be_the_system_beeps(
    qtbot: QtBot, played: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    beeps: list[bool] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(True))
    (tmp_path / "cache").touch()
    Tones().play(Tone.TICK)
    assert (beeps, played) == ([True], [])
