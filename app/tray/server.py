"""The reminder's ear: what windows want, and what they are told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.breaks.protocol import News, Order, ReminderState, Word, news_line, read_wanted
from app.system.ipc import Endpoint, IpcServer

if TYPE_CHECKING:
    from PyQt6.QtNetwork import QLocalSocket

_log = logging.getLogger(__name__)


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

    def tell_state(self, state: ReminderState) -> None:
        """Tell everybody how the reminder stands."""
        self._state = state
        self._server.send_all(news_line(News(Word.STATE, state)))

    def tell_due(self, state: ReminderState) -> None:
        """Tell everybody that a reminder was given."""
        self._state = state
        self._server.send_all(news_line(News(Word.DUE, state)))

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
