"""The window's side of the reminder, which is a process of its own and may outlive the window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.breaks import journal
from app.breaks.preferences import PreferencesFile
from app.breaks.protocol import Order, ReminderState, Wanted, Word, read_news, wanted_line
from app.history.diary import Break
from app.system.ipc import start_reminder
from app.text import breaks as sit_less_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from PyQt6.QtNetwork import QLocalSocket

    from app.breaks.preferences import ReminderPreferences
    from app.gui.background.history import HistoryHandle, HistoryService
    from app.gui.background.jobs import Jobs
    from app.history.store import History


_log = logging.getLogger(__name__)
_AGAIN_MS = 250
#: A slow computer that has just started may need a while for a new process.
_TRIES = 120
#: A reminder that fails is started again, but not for ever.
_STARTS = 3
#: After the window was painted and the history opened.
_CONNECT_MS = 1500
_DRAIN_MS = 60_000
#: The reminder writes a break down just before it tells.
_NOTED_MS = 300
_DRAIN = "drain breaks"


class BreakReminder(QObject):
    """What was chosen about the reminder, how it stands, and the breaks that it noted.

    Parameters
    ----------
    folder
        Where the choices are kept.
    jobs, service, handle
        Breaks are taken into the history with these.
    is_active
        Whether to look for the reminder and its breaks at all.

    Attributes
    ----------
    link
        The way to the reminder's process.
    complaint
        What was wrong with the kept choices, for the person; else empty.
    """

    #: How the reminder stands, a :class:`ReminderState`.
    changed = pyqtSignal(object)
    #: Breaks that it noted are in the history now.
    breaks_taken = pyqtSignal()
    #: One sentence, when it cannot be reached or started.
    failed = pyqtSignal(str)

    def __init__(
        self,
        folder: Path,
        jobs: Jobs,
        service: HistoryService,
        handle: HistoryHandle,
        *,
        is_active: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._service, self._handle = jobs, service, handle
        self._file = PreferencesFile(folder / "reminder.json")
        self.complaint = self._complaint()
        self.link = ReminderLink(self)
        self.link.state_changed.connect(self._follow)
        self.link.failed.connect(self.failed)
        self._sitting_min = 0.0
        self._drains = QTimer(self)
        self._drains.setInterval(_DRAIN_MS)
        self._drains.timeout.connect(self.take_breaks)
        if is_active:
            QTimer.singleShot(_CONNECT_MS, self._begin)
        service.profile_changed.connect(self._use_profile)

    @property
    def preferences(self) -> ReminderPreferences:
        """What was chosen."""
        return self._file.values

    def keep_preferences(self, chosen: ReminderPreferences) -> None:
        """Keep new choices, for whoever uses the window."""
        profile_id = self._service.current_profile_id
        self._file.values = chosen.model_copy(update={"profile_id": profile_id})
        self._file.save()

    def take_breaks(self) -> None:
        """Take what the reminder noticed into the history; it stays in the journal till then."""
        profile_id = self._service.current_profile_id
        if profile_id is not None:
            self._jobs.start(
                _DRAIN,
                lambda: take_into(self._handle.history(), profile_id),
                lambda count: self.breaks_taken.emit() if count else None,
                # The journal keeps them, and the next try is a minute away.
                lambda error: _log.info("Breaks could not be taken into the history: %s", error),
            )

    def close(self) -> None:
        """Let go of the reminder, which runs on."""
        self._drains.stop()
        self.link.close()

    def _complaint(self) -> str:
        """Say once what is wrong with the file of choices: the next start finds a sound one."""
        if not self._file.complaint:
            return ""
        self._file.repair()
        off = "" if self.preferences.is_on else sit_less_words.OFF
        return f"{self._file.complaint} {off}".strip()

    def _begin(self) -> None:
        self._drains.start()
        self.take_breaks()
        if self.preferences.is_on:
            self.link.connect_or_start()

    def _follow(self, state: ReminderState | None) -> None:
        """Pass on how the reminder stands, and take in a break that it has just noted."""
        state = state if state is not None else ReminderState(has_tray=True)
        if state.sitting_min < self._sitting_min:
            QTimer.singleShot(_NOTED_MS, self.take_breaks)
        self._sitting_min = state.sitting_min
        self.changed.emit(state)

    def _use_profile(self, profile_id: int) -> None:
        """Note breaks for whoever uses the window."""
        if self.preferences.is_on and self.preferences.profile_id != profile_id:
            self.keep_preferences(self.preferences)
            self.link.send_preferences(self.preferences)


def take_into(history: History, profile_id: int, path: Path | None = None) -> int:
    """Keep all breaks of the journal, and return how many there were.

    Parameters
    ----------
    profile_id
        Whose they are where the journal names nobody who is known.
    path
        The journal; None takes the user's.

    Raises
    ------
    HistoryError, OSError
        If they cannot be kept; the journal then still has those that are not.
    """
    with journal.taken(path if path is not None else journal.default_path()) as noted:
        known = {profile.id for profile in history.profiles()} if noted else set()
        for owner in {one.profile_id for one in noted}:
            own: list[tuple[datetime, Break]] = [
                (one.at, Break(one.how, one.minutes)) for one in noted if one.profile_id == owner
            ]
            history.note_all(owner if owner is not None and owner in known else profile_id, own)
    return len(noted)


class ReminderLink(QObject):
    """Finds the reminder or starts it, tells it what is wanted, and hears how it stands.

    Nothing here waits. What is asked for while the reminder starts is done once it is there.

    Parameters
    ----------
    start
        Starts the process; tells whether that was possible.

    Attributes
    ----------
    is_connected
        Whether the reminder answers.
    state
        What was told last; None while it does not answer.
    """

    #: A :class:`ReminderState`; None when the reminder has ended.
    state_changed = pyqtSignal(object)
    #: A reminder was given now; how it stands.
    due = pyqtSignal(object)
    #: One sentence, when the reminder cannot be reached or started.
    failed = pyqtSignal(str)

    def __init__(
        self, parent: QObject | None = None, start: Callable[[], bool] = start_reminder
    ) -> None:
        super().__init__(parent)
        self._start = start
        self._is_wanted = self.is_connected = False
        self._tries = self._starts = 0
        self._waiting: dict[Order, Wanted] = {}
        self.state: ReminderState | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._call)
        self._socket: QLocalSocket | None = None

    def connect_or_start(self) -> None:
        """Find the reminder, or start it."""
        if self._is_wanted:
            return
        self._is_wanted = True
        self._tries, self._starts = _TRIES, _STARTS
        if not self.is_connected:
            self._call()

    def send_preferences(self, preferences: ReminderPreferences) -> None:
        """Tell it what was chosen; it is not started for that."""
        self.send(Wanted(Order.PREFERENCES, preferences=preferences))
        if not self.is_connected and not self._is_wanted:
            # One that was started with the session may be there all the same.
            self._call()

    def send(self, wanted: Wanted) -> None:
        """Tell it what is wanted, now or once it is there."""
        if self.is_connected and self._socket is not None:
            self._socket.write(wanted_line(wanted) + b"\n")
        else:
            self._waiting[wanted.order] = wanted

    def stop(self) -> None:
        """End the reminder's process."""
        self._is_wanted = False
        self._again.stop()
        self._waiting.clear()
        if self.is_connected:
            self.send(Wanted(Order.STOP))

    def close(self) -> None:
        """Let go of it; it runs on as long as the desktop shows its icon."""
        self._is_wanted = self.is_connected = False
        self._again.stop()
        self._waiting.clear()
        if self._socket is not None:
            self._socket.blockSignals(True)
            self._socket.flush()
            self._socket.abort()

    def _call(self) -> None:
        """Ask whether it is there; loads what that takes when it is first needed."""
        try:
            from PyQt6.QtNetwork import QLocalSocket

            from app.system.ipc import Endpoint, address_of

            address = address_of(Endpoint.REMINDER)
        except (ImportError, OSError) as error:
            self._give_up(error)
            return
        if self._socket is None:
            self._socket = QLocalSocket(self)
            self._socket.connected.connect(self._arrive)
            self._socket.readyRead.connect(self._hear)
            self._socket.disconnected.connect(self._lose)
            self._socket.errorOccurred.connect(self._miss)
        if self._socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            self._socket.connectToServer(address)

    def _arrive(self) -> None:
        self.is_connected = True
        self._tries = _TRIES
        waiting, self._waiting = self._waiting, {}
        for wanted in (Wanted(Order.HELLO), *waiting.values()):
            self.send(wanted)

    def _hear(self) -> None:
        from app.system.ipc import lines_of

        for line in lines_of(self._socket) if self._socket is not None else ():
            news = read_news(line)
            if news is None:
                _log.info("The reminder said something that cannot be understood.")
            elif news.word is Word.LEAVING:
                self._is_wanted = False
            else:
                self._tell(news.word, news.state)

    def _tell(self, word: Word, state: ReminderState | None) -> None:
        self.state = state
        self.state_changed.emit(state)
        if word is Word.DUE:
            self.due.emit(state)

    def _lose(self) -> None:
        """Follow its end: it was asked to end, or it failed and is started again."""
        self.is_connected = False
        self.state = None
        self.state_changed.emit(None)
        if self._is_wanted:
            self._again.start()

    def _miss(self, error: QLocalSocket.LocalSocketError) -> None:
        """Nobody is there: start it once, then ask until it is."""
        if error.name == "PeerClosedError":
            return
        if not self._is_wanted:
            self._waiting.clear()
            return
        if self._tries == _TRIES:
            if self._starts == 0 or not self._start():
                self._give_up("it does not start")
                return
            self._starts -= 1
        self._tries -= 1
        if self._tries == 0:
            self._give_up("it does not answer")
            return
        self._again.start()

    def _give_up(self, why: object) -> None:
        _log.info("The reminder cannot be reached: %s", why)
        self._is_wanted = False
        self._waiting.clear()
        self.failed.emit(
            self.tr(
                "The break reminder could not be started. Switch it off and on again, or start "
                "it on the command line to see why: beltline tray"
            )
        )
