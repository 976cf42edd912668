"""The history as the window uses it: opened once, beside the GUI thread."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.history.store import History


class HistoryDoor:
    """Opens the history when it is first needed and closes it with the window.

    A failure to open is not remembered: the next call tries again, so that a disk that came
    back or a program that let go of the file need no new start.
    """

    def __init__(self, open_history: Callable[[], History] | None = None) -> None:
        self._open = open_history or _open_default
        self._lock = Lock()
        self._history: History | None = None

    def history(self) -> History:
        """Return the history; opening it can take a while, so call from a thread.

        Raises
        ------
        app.history.errors.HistoryError
            When it cannot be opened.
        """
        with self._lock:
            if self._history is None:
                self._history = self._open()
            return self._history

    def close(self) -> None:
        """Make deletions final and let go of the database, if it was opened."""
        with self._lock:
            history, self._history = self._history, None
        if history is not None:
            history.close()


def _open_default() -> History:
    from app.history.store import History

    return History.open()
