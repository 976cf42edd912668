"""Squeeze tests on the History page: a button, and all of them behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QPushButton, QWidget

from app.gui.history.squeezes__squeeze_edits import DeleteSqueezes, EditAnswers
from app.gui.history.squeezes__squeeze_list import SqueezeList
from app.gui.style.dates import date_only
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QUndoStack

    from app.gui.background.history__history_edits import HistoryWriter
    from app.gui.background.jobs import Jobs
    from app.history.records import Squeeze, SqueezeAnswers
    from app.history.store import History

_KEY = "history squeezes"


class SqueezeButton(QPushButton):
    """Says how many tests there are, and pointed at the newest; hidden when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()

    def show_squeezes(self, squeezes: Sequence[Squeeze]) -> None:
        """Count these tests, which come oldest first."""
        if not squeezes:
            return
        newest = squeezes[-1]
        when = date_only(self.locale(), newest.taken_at)
        turned = self.tr(squeeze_words.turn_text(newest.result))
        said = self.tr(squeeze_words.NEWEST).format(when=when, turned=turned)
        self.setText(self.tr(squeeze_words.COUNTED).format(count=len(squeezes)))
        self.setToolTip(said)
        self.setAccessibleDescription(said)


class SqueezeShelf(QObject):
    """Reads one person's tests, and keeps what is changed about them.

    Parameters
    ----------
    jobs, open_history
        They are read with these.
    undo, writer
        Of the page: what is changed goes through them.
    """

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    #: Whether there are any, each time they were read.
    shown = pyqtSignal(bool)
    #: The list, when it was made, to be put where it is to be seen.
    list_made = pyqtSignal(QWidget)
    #: Somebody has seen enough of it.
    closed = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        open_history: Callable[[], History],
        undo: QUndoStack,
        writer: HistoryWriter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._undo, self._writer = undo, writer
        self._profile_id: int | None = None
        self._squeezes: Sequence[Squeeze] = ()
        self._list: SqueezeList | None = None
        self.button = SqueezeButton()

    @property
    def has_any(self) -> bool:
        """Whether there are any, as far as was read."""
        return bool(self._squeezes)

    @property
    def list(self) -> SqueezeList:
        """All of them; made when it is first needed."""
        if self._list is None:
            self._list = SqueezeList()
            self._list.show_squeezes(self._squeezes)
            self._list.closed.connect(self.closed)
            self._list.edited.connect(self._edit)
            self._list.delete_wanted.connect(self._delete)
            self.list_made.emit(self._list)
        return self._list

    def show_profile(self, profile_id: int) -> None:
        """Read this person's tests and show them."""
        self._profile_id = profile_id
        self._jobs.start(
            _KEY, lambda: self._open().squeezes(profile_id), self._show, self.failed.emit
        )

    def clear(self) -> None:
        """Show none, and drop what is being read."""
        self._jobs.forget(_KEY)
        self._show(())

    def _show(self, squeezes: Sequence[Squeeze]) -> None:
        self._squeezes = squeezes
        self.button.show_squeezes(squeezes)
        if self._list is not None:
            self._list.show_squeezes(squeezes)
        self.shown.emit(self.has_any)

    def _refresh(self) -> None:
        if self._profile_id is not None:
            self.show_profile(self._profile_id)

    def _edit(self, before: Squeeze, answers: SqueezeAnswers) -> None:
        words = self.tr("Answer changed")
        self._undo.push(
            EditAnswers(
                self._writer, before.id, before.answers, answers, self.list.put_answers, words
            )
        )
        self.status.emit(f"{words}.")

    def _delete(self, ids: tuple[int, ...]) -> None:
        words = self.tr("Deleted {tests}").format(tests=squeeze_words.count_tests(len(ids)))
        self._undo.push(DeleteSqueezes(self._writer, ids, self._refresh, words))
        self.status.emit(f"{words}.")
