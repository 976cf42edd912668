"""Short jobs beside the GUI thread, whose late answers are dropped."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from PyQt6.QtCore import QObject, QThreadPool, pyqtSignal, pyqtSlot

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_THREADS = 2


class Jobs(QObject):
    """Runs calls on threads and brings their answers back to the GUI thread.

    Each call belongs to a key, such as "measure". A newer call of the same key makes the
    older one's answer disappear, whenever it comes.
    """

    #: Number, answer, error: from any thread to the one this object lives in.
    finished = pyqtSignal(int, object, object)
    #: Key, and whether an answer is awaited.
    busy_changed = pyqtSignal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        #: For what must not overtake one another, such as two answers to one question.
        self._queue = QThreadPool(self)
        self._queue.setMaxThreadCount(1)
        self._number = 0
        self._is_closed = False
        self._latest: dict[str, int] = {}
        self._waiting: dict[
            int, tuple[str, Callable[[Any], None], Callable[[Exception], None]]
        ] = {}
        self.finished.connect(self._deliver)

    def start(
        self,
        key: str,
        work: Callable[[], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Exception], None],
        *,
        in_order: bool = False,
    ) -> None:
        """Call ``work`` on a thread, then ``done`` or ``failed`` on the GUI thread.

        Parameters
        ----------
        key
            What the call is about; an earlier one of the same key is forgotten.
        work
            Touches no widget.
        done, failed
            Take the answer, or the error that ``work`` raised.
        in_order
            Whether it is done only after everything else that was started so.
        """
        was_busy = self.is_busy(key)
        self._number += 1
        if not self._is_closed:
            self._latest[key] = self._number
            self._waiting[self._number] = key, done, failed
            if not was_busy:
                self.busy_changed.emit(key, True)
        pool = self._queue if in_order else self._pool
        number = self._number
        pool.start(lambda: self._run(number, work))

    def is_busy(self, key: str) -> bool:
        """Tell whether an answer for this key is awaited."""
        return self._latest.get(key) in self._waiting

    @property
    def awaited(self) -> list[str]:
        """The keys of all calls whose answer is still to come."""
        return [key for key, _, _ in self._waiting.values()]

    def forget(self, key: str) -> None:
        """Drop the answer that is awaited for this key, if any."""
        number = self._latest.pop(key, None)
        if number in self._waiting:
            del self._waiting[number]
            self.busy_changed.emit(key, False)

    def close(self, at_most_ms: int = 1000) -> bool:
        """Drop all answers and wait; tell whether all calls ended.

        Calls still in the queue are made, since one of them may be keeping something, and so
        are those that come later; whoever asked may be gone by then, and gets no answer.
        """
        self._is_closed = True
        for key in list(self._latest):
            self.forget(key)
        self._waiting.clear()
        until_s = monotonic() + at_most_ms / 1000
        is_done = self._queue.waitForDone(at_most_ms)
        left_ms = max(0, round((until_s - monotonic()) * 1000))
        return self._pool.waitForDone(left_ms) and is_done

    def _run(self, number: int, work: Callable[[], Any]) -> None:
        """Call, and hand over what came of it; the GUI may be gone by then."""
        try:
            answer, error = work(), None
        except Exception as problem:  # it belongs to whoever asked, on their own thread
            answer, error = None, problem
        try:
            self.finished.emit(number, answer, error)
        except RuntimeError:  # the window was closed meanwhile
            _log.debug("An answer came after the window had closed")

    @pyqtSlot(int, object, object)
    def _deliver(self, number: int, answer: Any, error: Exception | None) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return
        key, done, failed = waiting
        if self._latest.get(key) != number:
            return
        self.busy_changed.emit(key, False)
        if error is None:
            done(answer)
        else:
            failed(error)
