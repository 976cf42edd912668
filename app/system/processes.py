"""How the reminder is started, from a window or with the session."""

from __future__ import annotations

import sys
from pathlib import Path

from PyQt6.QtCore import QProcess

#: Where the program lies: started there, it is found, installed or not.
FOLDER = Path(__file__).parents[2]


def interpreter() -> str:
    """Return the Python to start other processes of the program with."""
    if sys.platform == "win32":
        # The other one opens a black window.
        without_console = Path(sys.executable).with_name("pythonw.exe")
        if without_console.exists():
            return str(without_console)
    return sys.executable


def reminder_command() -> tuple[str, ...]:
    """Return what starts the reminder, to be run in :data:`FOLDER`."""
    return interpreter(), "-m", "app.tray", "--quiet"


def start_reminder() -> bool:
    """Start the reminder, which outlives this process; tell whether that was possible."""
    return _start(*reminder_command())


def start_window(page: str = "") -> bool:
    """Open the window, or show the one that is open; tell whether that was possible."""
    return _start(interpreter(), "-m", "app", *(("--page", page) if page else ()))


def _start(program: str, *arguments: str) -> bool:
    process = QProcess()
    process.setProgram(program)
    process.setArguments(arguments)
    process.setWorkingDirectory(str(FOLDER))
    for turn in (process.setStandardInputFile, process.setStandardOutputFile):
        turn(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    started, _ = process.startDetached()
    return bool(started)
