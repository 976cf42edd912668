"""Starts the program's other processes, wherever this one was started from."""

from __future__ import annotations

from PyQt6.QtCore import QProcess

from app.system.processes import FOLDER, interpreter, reminder_command


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
