"""Starting with the session: real files where this system has them, stand-ins elsewhere."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.system.desktop import autostart
from app.system.desktop.autostart import AutostartError
from tests.app.system.desktop.reading import groups_of, words_of

_COMMAND = ["/opt/my python/bin/python", "-m", "app.tray", "--quiet"]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path


def _entry(config: Path) -> dict[str, str]:
    return groups_of(config / "autostart" / "beltline-tray.desktop")["Desktop Entry"]


def test_it_starts_with_the_session_only_when_asked(config: Path) -> None:
    assert not autostart.is_on()
    autostart.turn_on(_COMMAND)
    assert autostart.is_on()
    entry = _entry(config)
    assert entry["Type"] == "Application"
    assert words_of(entry["Exec"]) == _COMMAND
    assert (Path(entry["Path"]) / "app" / "breaks").is_dir()
    autostart.turn_off()
    autostart.turn_off()
    assert not autostart.is_on()
    assert list((config / "autostart").iterdir()) == []


def test_the_usual_command_is_the_reminder(config: Path) -> None:
    autostart.turn_on()
    words = words_of(_entry(config)["Exec"])
    assert words[0] == sys.executable
    assert words[-1] == "--quiet"


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_switched_off_is_off(config: Path, line: str) -> None:
    autostart.turn_on(_COMMAND)
    file = config / "autostart" / "beltline-tray.desktop"
    file.write_text(file.read_text("utf-8") + line + "\n", "utf-8")
    assert not autostart.is_on()
    autostart.turn_on(_COMMAND)
    assert autostart.is_on()


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(config: Path) -> None:
    (config / "autostart").write_text("a file where the folder belongs")
    with pytest.raises(AutostartError) as told:
        autostart.turn_on(_COMMAND)
    assert told.value.message.endswith(").")
    assert told.value.fix
    assert not autostart.is_on()


def test_macos_reads_a_launch_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    autostart.turn_on(_COMMAND)
    assert autostart.is_on()
    (file,) = (tmp_path / "Library" / "LaunchAgents").iterdir()
    entry = plistlib.loads(file.read_bytes())
    assert entry["ProgramArguments"] == _COMMAND
    assert entry["RunAtLoad"] is True
    assert file.stem == entry["Label"]
    autostart.turn_off()
    assert not autostart.is_on()


class _Registry:
    """The part of winreg that is used."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = 1, 1, 2

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def __enter__(self) -> _Registry:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def OpenKey(self, *_: object) -> _Registry:
        return self

    CreateKey = OpenKey

    def SetValueEx(self, key: object, name: str, _: int, kind: int, value: str) -> None:
        self.values[name] = value

    def QueryValueEx(self, key: object, name: str) -> tuple[str, int]:
        if name not in self.values:
            raise FileNotFoundError(name)
        return self.values[name], self.REG_SZ

    def DeleteValue(self, key: object, name: str) -> None:
        if self.values.pop(name, None) is None:
            raise FileNotFoundError(name)


def test_windows_runs_what_its_registry_names(monkeypatch: pytest.MonkeyPatch) -> None:
    registry: Any = _Registry()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(autostart, "_winreg", lambda: registry)
    assert not autostart.is_on()
    autostart.turn_on(_COMMAND)
    assert autostart.is_on()
    assert registry.values == {"beltline-tray": '"/opt/my python/bin/python" -m app.tray --quiet'}
    autostart.turn_off()
    autostart.turn_off()
    assert not autostart.is_on()


def test_a_closed_registry_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(5, "Access is denied")

    closed = SimpleNamespace(
        HKEY_CURRENT_USER=1, REG_SZ=1, KEY_SET_VALUE=2, CreateKey=refuse, OpenKey=refuse
    )
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(autostart, "_winreg", lambda: closed)
    with pytest.raises(AutostartError, match="Access is denied"):
        autostart.turn_on(_COMMAND)
    with pytest.raises(AutostartError, match="Access is denied"):
        autostart.turn_off()
