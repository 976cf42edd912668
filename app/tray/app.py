"""Starts the reminder's process and ends it in good order."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QObject, QSocketNotifier, pyqtSignal
from PyQt6.QtGui import QSessionManager

from app.breaks import journal
from app.breaks.preferences import PreferencesFile
from app.breaks.protocol import Order, Wanted, wanted_line
from app.gui.app import create_app
from app.system import clock, idle, idle_dbus
from app.system.ipc import Meeting, ask
from app.text import breaks
from app.tray.app__process import TrayProcess
from app.tray.icon import Sign
from app.tray.server import TrayServer
from app.tray.service import Engine, Files, Senses

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

_log = logging.getLogger(__name__)
_MEMORY_NAME = "reminder_memory.json"
_ANSWER_MS = 2000
_LOG_BYTES = 100_000
_FAILED = 1


def run(tell: Callable[[str], None]) -> int:
    """Remind until that is no longer wanted, and return the exit status.

    Parameters
    ----------
    tell
        Says one sentence to whoever started it.
    """
    app = create_app()
    app.setQuitOnLastWindowClosed(False)
    server = TrayServer()
    try:
        if not server.open():
            return _meet_the_first(tell)
    except OSError as error:
        tell(breaks.NO_PLACE.format(why=error))
        return _FAILED
    _write_log()
    kept = PreferencesFile()
    if kept.complaint:
        _log.warning(kept.complaint)
    noted = journal.default_path()
    engine = Engine(
        kept.values,
        Files(noted, noted.with_name(_MEMORY_NAME)),
        Senses(clock.now, _idle_s),
    )
    process = TrayProcess(engine, server, Sign())
    process.ended.connect(app.quit)
    ends = _Ends()
    ends.wanted.connect(process.end)
    app.aboutToQuit.connect(process.end)
    app.commitDataRequest.connect(lambda session: _leave_session(session, engine))
    process.start()
    status = app.exec()
    ends.close()
    return status


def _idle_s() -> float | None:
    known_s = idle.idle_seconds()
    if known_s is not None or not sys.platform.startswith("linux"):
        return known_s
    return idle_dbus.idle_s()


def _meet_the_first(tell: Callable[[str], None]) -> int:
    """Tell the reminder that runs already, and let it do the work."""
    answer = ask(Meeting.REMINDER, wanted_line(Wanted(Order.STARTED_AGAIN)), _ANSWER_MS)
    tell(breaks.RUNS_ALREADY if answer is not None else breaks.DOES_NOT_ANSWER)
    return 0 if answer is not None else _FAILED


def _leave_session(session: QSessionManager, engine: Engine) -> None:
    """Keep what counts; whether it starts with the next session is the person's choice."""
    session.setRestartHint(QSessionManager.RestartHint.RestartNever)
    engine.keep()


class _Ends(QObject):
    """Hears the signals that end a process, which Python sees only when Qt lets it run."""

    wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._ear, self._mouth = socket.socketpair()
        for end in (self._ear, self._mouth):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
            signal.signal(number, _do_nothing)
        self._notifier = QSocketNotifier(
            sip.voidptr(self._ear.fileno()), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._hear)

    def close(self) -> None:
        """Hear no longer."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ear.close()
        self._mouth.close()

    def _hear(self) -> None:
        self._ear.recv(64)
        self.wanted.emit()


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Let the process live until all is written."""


def _write_log() -> None:
    """Log failures to a file; the reminder goes on after them."""
    from platformdirs import user_log_path

    folder = user_log_path("beltline", appauthor=False)
    handler: logging.Handler = logging.StreamHandler()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        where = os.fspath(folder / "reminder.log")
        handler = RotatingFileHandler(where, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError as error:
        _log.debug("No log file: %s", error)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("The reminder failed", exc_info=(kind, error, trace))
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()

    sys.excepthook = note
