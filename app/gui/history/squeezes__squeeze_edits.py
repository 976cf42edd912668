"""What a person changes about squeeze tests, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.gui.background.history__history_edits import HistoryWriter
    from app.history.records import SqueezeAnswers


class EditAnswers(QUndoCommand):
    """What a person answered.

    Parameters
    ----------
    words
        What was done, for the bar that offers to take it back.
    show
        Called at once with the test and the answers.
    """

    def __init__(
        self,
        writer: HistoryWriter,
        squeeze_id: int,
        before: SqueezeAnswers,
        after: SqueezeAnswers,
        show: Callable[[int, SqueezeAnswers], None],
        words: str,
    ) -> None:
        super().__init__(words)
        self._writer, self._id, self._show = writer, squeeze_id, show
        self._before, self._after = before, after

    def redo(self) -> None:
        """Write them."""
        self._put(self._after)

    def undo(self) -> None:
        """Write those that were there before."""
        self._put(self._before)

    def _put(self, answers: SqueezeAnswers) -> None:
        squeeze_id = self._id
        self._show(squeeze_id, answers)
        self._writer.write(
            lambda history: history.set_squeeze_answers(squeeze_id, answers), lambda: None
        )


class DeleteSqueezes(QUndoCommand):
    """Tests hidden, until they are shown again or become final when the program ends."""

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
        self._writer.write(lambda history: history.delete_squeezes(self._ids), self._changed)

    def undo(self) -> None:
        """Show them again."""
        self._writer.write(lambda history: history.restore_squeezes(self._ids), self._changed)
