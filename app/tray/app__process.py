"""The reminder's process: puts its parts together, and ends when nobody needs it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from app.system.processes__launch import start_reminder, start_window
from app.system.screen_lock import ScreenLock
from app.system.sound import Tone, Tones

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.breaks.protocol__state import ReminderState
    from app.tray.icon import Sign
    from app.tray.server import TrayServer
    from app.tray.service import Engine

_log = logging.getLogger(__name__)
#: The page of the window that has all choices.
_CHOICES_PAGE = "sit_less"
_LOOK_FOR_TRAY_MS = 60_000
#: A window that is opened again, and a reminder that is switched on again, find it there.
_FAREWELL_MS = 10_000
#: While a session starts, the desktop may not have a place for the icon yet.
_WAIT_FOR_TRAY_MS = 300_000


class TrayProcess(QObject):
    """Wires engine, icon and windows.

    Without an icon it stays while a window is open, which shows what is due in its place.
    """

    #: Everything is written; the process may end.
    ended = pyqtSignal()

    def __init__(
        self,
        engine: Engine,
        server: TrayServer,
        sign: Sign,
        tones: Tones | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._server, self._sign = engine, server, sign
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
        self._engine.start()
        self._look.start()

    def look_for_tray(self) -> None:
        """Show the icon where that is possible, now or by now."""
        if self._sign.needs_new_process:
            _log.info("The desktop has a place for the icon by now.")
            self._end(is_final=False)
            start_reminder()
            return
        self._engine.set_tray(self._sign.look(self._engine.state))
        self._stay_or_leave()

    def end(self) -> None:
        """Write everything down and end; no window starts the reminder again by itself."""
        self._end(is_final=True)

    def _connect(self) -> None:
        engine, server, menu = self._engine, self._server, self._sign.menu
        engine.changed.connect(server.tell_state)
        engine.changed.connect(self._sign.show_state)
        engine.due.connect(self._remind)
        engine.chosen.connect(self.look_for_tray)
        server.wanted.connect(engine.obey)
        server.stop_wanted.connect(self.end)
        server.started_again.connect(self.look_for_tray)
        server.windows_changed.connect(self._stay_or_leave)
        menu.wanted.connect(engine.obey)
        menu.open_wanted.connect(lambda: start_window())
        menu.choices_wanted.connect(lambda: start_window(_CHOICES_PAGE))
        menu.quit_wanted.connect(self.end)
        self._lock.locked.connect(lambda: engine.set_locked(True))
        self._lock.unlocked.connect(lambda: engine.set_locked(False))

    def _remind(self, state: ReminderState) -> None:
        self._server.tell_due(state)
        self._sign.remind(state)
        if self._engine.preferences.has_sound:
            self._tones.play(Tone.READY)

    @property
    def _is_needed(self) -> bool:
        is_seen = self._sign.is_shown or self._server.windows > 0
        return self._engine.preferences.is_on and is_seen

    def _stay_or_leave(self) -> None:
        self._had_window |= self._server.windows > 0
        if self._is_needed or self._has_ended:
            self._farewell.stop()
        elif not self._farewell.isActive():
            waits = self._engine.preferences.is_on and not self._had_window
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
        self._engine.stop()
        self._server.close(is_final=is_final)
        self._sign.close()
        self.ended.emit()

    def _timer(self, interval_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(then)
        return timer
