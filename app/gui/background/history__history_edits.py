"""What a person changes in the history: written one after another, and taken back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.gui.background.jobs import Jobs
    from app.history.records import Conditions
    from app.history.store import History

_KEY = "history write"


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[[History], Any]
    done: Callable[[], None]


class HistoryWriter(QObject):
    """Writes in the order asked for, so that an undo never overtakes what it undoes."""

    failed = pyqtSignal(Exception)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._queue: deque[_Write] = deque()

    def write(self, work: Callable[[History], Any], done: Callable[[], None]) -> None:
        """Do ``work`` on a thread once all earlier ones are done, then call ``done``."""
        self._queue.append(_Write(work, done))
        if len(self._queue) == 1:
            self._start()

    def _start(self) -> None:
        write = self._queue[0]

        def done(_: Any) -> None:
            self._queue.popleft()
            write.done()
            self._go_on()

        def failed(error: Exception) -> None:
            self._queue.popleft()
            self.failed.emit(error)
            self._go_on()

        self._jobs.start(_KEY, lambda: write.work(self._open()), done, failed)

    def _go_on(self) -> None:
        if self._queue and not self._jobs.is_busy(_KEY):
            self._start()


class EditConditions(QUndoCommand):
    """What was worn, where the arms were, or a note.

    Parameters
    ----------
    words
        What was done, for the bar that offers to take it back.
    show
        Called at once with the check and what is written about it.
    """

    def __init__(
        self,
        writer: HistoryWriter,
        check_id: int,
        before: Conditions,
        after: Conditions,
        show: Callable[[int, Conditions], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._id, self._show = writer, check_id, show
        self._before, self._after = before, after

    def redo(self) -> None:
        """Write it."""
        self._put(self._after)

    def undo(self) -> None:
        """Write what was there before."""
        self._put(self._before)

    def _put(self, conditions: Conditions) -> None:
        check_id, show = self._id, self._show
        show(check_id, conditions)
        self._writer.write(
            lambda history: history.set_conditions(check_id, conditions), lambda: None
        )


class DeleteChecks(QUndoCommand):
    """Checks hidden, until they are shown again or become final when the program ends."""

    def __init__(
        self,
        writer: HistoryWriter,
        ids: Sequence[int],
        changed: Callable[[], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._ids, self._changed = writer, tuple(ids), changed

    def redo(self) -> None:
        """Hide them."""
        self._writer.write(lambda history: history.delete(self._ids), self._changed)

    def undo(self) -> None:
        """Show them again."""
        self._writer.write(lambda history: history.restore(self._ids), self._changed)
