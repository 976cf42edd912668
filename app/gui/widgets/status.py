"""What the window says of what it does: progress, what is wrong, what can be taken back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QFrame,
    QProgressBar,
    QToolButton,
    QWidget,
)

from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import in_row, make_button, named, say, words
from app.history.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QUndoStack

    from app.gui.background.jobs import Jobs

#: What is done sooner needs no sign.
_PATIENCE_MS = 150
_HEIGHT_PX = 4
_GOES_AFTER_MS = 8000
_log = logging.getLogger(__name__)


class ProgressSign(QProgressBar):
    """Follows the jobs of one key; its place stays free while it is hidden."""

    def __init__(self, jobs: Jobs, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._key = jobs, key
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT_PX)
        self.setAccessibleName(self.tr("Measuring"))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        jobs.busy_changed.connect(self._follow)

    def _follow(self, key: str, is_busy: bool) -> None:
        if key != self._key:
            return
        if not is_busy:
            # The next job of the same key may be started by the answer of this one.
            QTimer.singleShot(0, self._rest)
        elif self.isHidden() and not self._patience.isActive():
            self._patience.start()

    def _rest(self) -> None:
        if not self._jobs.is_busy(self._key):
            self._patience.stop()
            self.hide()


class UndoBar(QFrame):
    """Shows the newest entry of an undo stack after it was pushed, until it is closed."""

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        set_kind(self, Kind.CARD)
        self.words = words(can_copy=False)
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        what = self.tr("Take it back ({keys})").format(keys=keys)
        self.undo = make_button(self.tr("Undo"), what, act=stack.undo)
        self.close_button = named(QToolButton(), self.tr("Close this line"))
        self.close_button.setText(self.tr("Close"))
        set_kind(self.close_button, Kind.QUIET)
        self.close_button.clicked.connect(self.hide)
        in_row((self.words, 1), self.undo, self.close_button, on=self, margins_px=(12, 4, 4, 4))
        stack.indexChanged.connect(self._follow)
        self._seen = 0
        self.hide()

    def _follow(self, index: int) -> None:
        """Offer what was just done; what was just undone needs no offer."""
        if index > self._seen:
            say(self.words, self._stack.undoText() + ".")
            self.undo.setAccessibleName(self.tr("Undo: {what}").format(what=self.words.text()))
        self.setVisible(index > self._seen)
        self._seen = index


class StatusLine(QFrame):
    """As high as its words need; not there while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.STATUS)
        self.words = words()
        self.undo = make_button(self.tr("Undo"), act=self._take_back)
        self.undo.setAccessibleName(self.tr("Undo what was just done"))
        self._undoing: Callable[[], None] | None = None
        in_row((self.words, 1), self.undo, on=self, margins_px=(16, 6, 16, 6))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.clear()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Say something for a while, or until something else is said."""
        self._undoing = None
        self.undo.hide()
        say(self.words, text)
        self.setVisible(bool(text))
        self._timer.stop()
        if text and not stays:
            self._timer.start(_GOES_AFTER_MS)

    def offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        """Say what was done, with a button that takes it back."""
        self.say(text, stays=True)
        self._undoing = undo
        self.undo.show()

    @property
    def offers_undo(self) -> bool:
        """Whether what was just done can be taken back here."""
        return self.undo.isVisible()

    def clear(self) -> None:
        """Say nothing."""
        self.say("")

    def _take_back(self) -> None:
        undo = self._undoing
        self.clear()
        if undo is not None:
            undo()


def sentence_of(error: Exception) -> str:
    """Return what went wrong and what to do, as far as the error says."""
    return f"{getattr(error, 'message', str(error))} {getattr(error, 'fix', '')}".strip()


class ErrorBar(QWidget):
    """One sentence on what is wrong, one on what to do, and a button to try again."""

    retry_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = words(kind=Kind.REFUSAL)
        self.retry = make_button(
            self.tr("Try again"), self.tr("Read the history again (F5)"), act=self.retry_wanted
        )
        in_row((self.words, 1), on=self).addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_error(self, error: Exception, more: str = "") -> None:
        """Say what is wrong, and perhaps more; a bug is logged with where it happened."""
        if isinstance(error, HistoryError):
            sentence = f"{error.message} {error.fix}"
        else:
            _log.error("Reading or keeping the history failed", exc_info=error)
            sentence = self.tr(
                "Beltline itself failed at this. Nothing that was saved is lost; try again, "
                "and report it if it happens again."
            )
        say(self.words, f"{sentence} {more}".strip())
        self.show()

    def take_focus(self) -> None:
        """Hand the keys to the button."""
        self.retry.setFocus()
