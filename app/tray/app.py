"""Starts the reminder's process and ends it in good order."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QSessionManager

from app import Page
from app.breaks import journal
from app.breaks.preferences import PreferencesFile
from app.breaks.protocol import (
    News,
    Order,
    ReminderState,
    Wanted,
    Word,
    news_line,
    read_wanted,
    wanted_line,
)
from app.gui.language import use_language
from app.settings import SettingsFile
from app.system import clock, dbus, idle
from app.system.calm.asking import CalmAsker
from app.system.ipc import EndingSignals, Endpoint, IpcServer, ask, start_reminder, start_window
from app.system.log import REMINDER_LOG, log_to_file
from app.system.qt import create_app
from app.system.screen_lock import ScreenLock
from app.system.shell import Status
from app.system.sound import Tone, Tones
from app.text import breaks
from app.tray.icon import TrayIcon
from app.tray.service import Files, Inputs, ReminderService

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PyQt6.QtNetwork import QLocalSocket

_log = logging.getLogger(__name__)
_MEMORY_NAME = "reminder_memory.json"
_ANSWER_MS = 2000
_LOOK_FOR_TRAY_MS = 60_000
#: A window that is opened again, and a reminder that is switched on again, find it there.
_FAREWELL_MS = 10_000
#: While a session starts, the desktop may not have a place for the icon yet.
_WAIT_FOR_TRAY_MS = 300_000


def run(tell: Callable[[str], None]) -> int:
    """Remind until that is no longer wanted, and return the exit status.

    Parameters
    ----------
    tell
        Says one sentence to whoever started it.
    """
    app = create_app()
    app.setQuitOnLastWindowClosed(False)
    choice = SettingsFile().values.language
    use_language(app, choice)
    server = TrayServer()
    try:
        if not server.open():
            return _meet_the_first(tell)
    except OSError as error:
        tell(breaks.NO_PLACE.format(why=error))
        return Status.FAILED
    _write_log()
    kept = PreferencesFile()
    if kept.complaint:
        _log.warning(kept.complaint)
    noted = journal.default_path()
    calm = CalmAsker()
    service = ReminderService(
        kept.values,
        Files(noted, noted.with_name(_MEMORY_NAME)),
        Inputs(clock.now, _idle_s, calm.ask),
    )
    process = TrayProcess(
        service, server, TrayIcon(), is_other=lambda: SettingsFile().values.language != choice
    )
    process.ended.connect(app.quit)
    ends = EndingSignals()
    ends.wanted.connect(process.end)
    app.aboutToQuit.connect(process.end)
    app.commitDataRequest.connect(lambda session: _leave_session(session, service))
    process.start()
    status = app.exec()
    ends.close()
    return status


class TrayProcess(QObject):
    """Wires service, icon and windows.

    Without an icon it stays while a window is open, which shows what is due in its place.

    Parameters
    ----------
    is_other
        Tells whether another language was chosen than the one that the icon speaks.
    """

    #: Everything is written; the process may end.
    ended = pyqtSignal()

    def __init__(
        self,
        service: ReminderService,
        server: TrayServer,
        icon: TrayIcon,
        tones: Tones | None = None,
        is_other: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._server, self._icon = service, server, icon
        self._is_other = is_other
        self._tones = tones if tones is not None else Tones()
        self._lock = ScreenLock(self)
        self._had_window = self._has_ended = False
        self._look = self._timer(_LOOK_FOR_TRAY_MS, self.look_for_tray)
        self._look.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._farewell = self._timer(_FAREWELL_MS, self._end_unless_needed)
        self._farewell.setSingleShot(True)
        self._connect()

    def start(self) -> None:
        """Begin."""
        self._lock.start()
        # What was due before a restart needs the icon to be shown.
        self.look_for_tray()
        self._service.start()
        self._look.start()

    def look_for_tray(self) -> None:
        """Show the icon where that is possible, now or by now, in the language that is chosen."""
        if self._icon.needs_new_process or self._is_other():
            _log.info("The desktop has a place for the icon by now, or it is to speak otherwise.")
            self._end(is_final=False)
            start_reminder()
            return
        self._service.set_tray(self._icon.look(self._service.state))
        self._stay_or_leave()

    def end(self) -> None:
        """Write everything down and end; no window starts the reminder again by itself."""
        self._end(is_final=True)

    def _connect(self) -> None:
        service, server, menu = self._service, self._server, self._icon.menu
        service.changed.connect(server.tell)
        service.changed.connect(self._icon.show_state)
        service.due.connect(self._remind)
        service.chosen.connect(self.look_for_tray)
        server.wanted.connect(service.obey)
        server.stop_wanted.connect(self.end)
        server.started_again.connect(self.look_for_tray)
        server.windows_changed.connect(self._stay_or_leave)
        menu.wanted.connect(service.obey)
        menu.open_wanted.connect(lambda: start_window())
        menu.choices_wanted.connect(lambda: start_window(Page.BREAKS))
        menu.quit_wanted.connect(self.end)
        self._lock.locked.connect(lambda: service.set_locked(True))
        self._lock.unlocked.connect(lambda: service.set_locked(False))

    def _remind(self, state: ReminderState) -> None:
        self._server.tell(state, Word.DUE)
        self._icon.remind(state)
        if self._service.preferences.has_sound:
            self._tones.play(Tone.READY)

    @property
    def _is_needed(self) -> bool:
        is_seen = self._icon.is_shown or self._server.windows > 0
        return self._service.preferences.is_on and is_seen

    def _stay_or_leave(self) -> None:
        self._had_window |= self._server.windows > 0
        if self._is_needed or self._has_ended:
            self._farewell.stop()
        elif not self._farewell.isActive():
            waits = self._service.preferences.is_on and not self._had_window
            self._farewell.start(_WAIT_FOR_TRAY_MS if waits else _FAREWELL_MS)

    def _end_unless_needed(self) -> None:
        if not self._is_needed:
            self.end()

    def _end(self, *, is_final: bool) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        for timer in (self._look, self._farewell):
            timer.stop()
        self._lock.stop()
        self._service.stop()
        self._server.close(is_final=is_final)
        self._icon.close()
        self.ended.emit()

    def _timer(self, interval_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(then)
        return timer


class TrayServer(QObject):
    """Speaks to as many windows as there are."""

    #: A :class:`~app.breaks.protocol.Wanted` for the service.
    wanted = pyqtSignal(object)
    started_again = pyqtSignal()
    stop_wanted = pyqtSignal()
    #: How many windows there are changed.
    windows_changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = IpcServer(Endpoint.REMINDER, self)
        self._server.received.connect(self._hear)
        self._server.left.connect(self._look_who_is_here)
        self._windows: list[QLocalSocket] = []
        self._state = ReminderState()

    @property
    def windows(self) -> int:
        """How many windows listen."""
        return len(self._windows)

    def open(self) -> bool:
        """Listen, unless another reminder does already; OSError where that is impossible."""
        return self._server.open()

    def tell(self, state: ReminderState, word: Word = Word.STATE) -> None:
        """Tell everybody how the reminder stands, perhaps that it was given just now."""
        self._state = state
        self._server.send_all(news_line(News(word, state)))

    def close(self, *, is_final: bool = True) -> None:
        """Listen no longer; after the final time nobody starts the reminder again by itself."""
        if is_final:
            self._server.send_all(news_line(News(Word.LEAVING)))
        self._server.close()
        self._windows = []

    def _hear(self, client: QLocalSocket, line: bytes) -> None:
        wanted = read_wanted(line)
        if wanted is None:
            _log.info("Something was said that is no order.")
            return
        match wanted.order:
            case Order.HELLO:
                self._welcome(client)
            case Order.STARTED_AGAIN:
                self._server.send(client, news_line(News(Word.STATE, self._state)))
                self.started_again.emit()
            case Order.STOP:
                self.stop_wanted.emit()
            case _:
                self.wanted.emit(wanted)

    def _welcome(self, client: QLocalSocket) -> None:
        if client not in self._windows:
            self._windows.append(client)
        self._server.send(client, news_line(News(Word.STATE, self._state)))
        self.windows_changed.emit()

    def _look_who_is_here(self) -> None:
        self._windows = [window for window in self._windows if window in self._server.clients]
        self.windows_changed.emit()


def _idle_s() -> float | None:
    known_s = idle.idle_seconds()
    if known_s is not None or not sys.platform.startswith("linux"):
        return known_s
    return dbus.idle_s()


def _meet_the_first(tell: Callable[[str], None]) -> int:
    """Tell the reminder that runs already, and let it do the work."""
    answer = ask(Endpoint.REMINDER, wanted_line(Wanted(Order.STARTED_AGAIN)), _ANSWER_MS)
    tell(breaks.RUNS_ALREADY if answer is not None else breaks.DOES_NOT_ANSWER)
    return 0 if answer is not None else Status.FAILED


def _leave_session(session: QSessionManager, service: ReminderService) -> None:
    """Keep what counts; whether it starts with the next session is the person's choice."""
    session.setRestartHint(QSessionManager.RestartHint.RestartNever)
    service.keep()


def _write_log() -> None:
    """Log failures to a file; the reminder goes on after them."""
    log_to_file(REMINDER_LOG)

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("The reminder failed", exc_info=(kind, error, trace))
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()

    sys.excepthook = note
