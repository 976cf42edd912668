"""Starting the reminder with the session, only where somebody asked for it.

Linux desktops read a small file in their autostart folder, Windows an entry in its registry,
macOS a file among the launch agents.
"""

from __future__ import annotations

import plistlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import AppError, session_unchanged
from app.system.desktop.entries import ICON_NAME, as_text, config_home, exec_line
from app.system.ipc import FOLDER, reminder_command

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = "beltline-tray"
_LABEL = "org.beltline.tray"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_DESKTOP = """[Desktop Entry]
Type=Application
Name=Beltline break reminder
Comment=Reminds you to get up
Exec={command}
Path={folder}
Icon={icon}
Terminal=false
X-GNOME-Autostart-enabled=true
"""
#: How a person or a desktop switches an entry off without removing it.
_OFF = re.compile(r"^(Hidden *= *true|X-GNOME-Autostart-enabled *= *false)\s*$", re.M | re.I)


class AutostartError(AppError):
    """Starting with the session could not be switched."""

    def __init__(self, error: OSError) -> None:
        super().__init__(*session_unchanged(error))


def is_on() -> bool:
    """Tell whether the reminder starts with the session."""
    if sys.platform == "win32":
        return _registry_value() is not None
    try:
        text = _file().read_bytes().decode("utf-8", "replace")
    except OSError:
        return False
    return sys.platform == "darwin" or _OFF.search(text) is None


def turn_on(command: Sequence[str] | None = None) -> None:
    """Have the reminder start with the session; AutostartError if that is not possible."""
    command = reminder_command() if command is None else tuple(command)
    try:
        if sys.platform == "win32":
            _write_registry(command)
            return
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "darwin":
            entry = {
                "Label": _LABEL,
                "ProgramArguments": list(command),
                "WorkingDirectory": str(FOLDER),
                "RunAtLoad": True,
            }
            file.write_bytes(plistlib.dumps(entry))
        else:
            text = _DESKTOP.format(
                command=exec_line(command), folder=as_text(str(FOLDER)), icon=ICON_NAME
            )
            file.write_text(text, "utf-8")
    except OSError as error:
        raise AutostartError(error) from error


def turn_off() -> None:
    """Have it start no longer; AutostartError if that is not possible."""
    try:
        if sys.platform == "win32":
            _remove_registry()
        else:
            _file().unlink(missing_ok=True)
    except OSError as error:
        raise AutostartError(error) from error


def _file() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    return config_home() / "autostart" / f"{_NAME}.desktop"


def _winreg() -> Any:
    import winreg

    return winreg


def _registry_value() -> str | None:
    winreg = _winreg()
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
            value, _ = winreg.QueryValueEx(key, _NAME)
            return str(value)
    except FileNotFoundError:
        return None


def _write_registry(command: Sequence[str]) -> None:
    import subprocess

    winreg = _winreg()
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
        line = subprocess.list2cmdline(command)
        winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, line)


def _remove_registry() -> None:
    winreg = _winreg()
    try:
        access = winreg.KEY_SET_VALUE
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, access) as key:
            winreg.DeleteValue(key, _NAME)
    except FileNotFoundError:
        return
