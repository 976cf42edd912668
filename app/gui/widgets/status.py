"""What the window says of what it does: progress, what is wrong, what can be taken back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QFrame, QProgressBar, QToolButton, QWidget

from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import in_column, in_row, make_button, named, say, words
from app.history.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QObject
    from PyQt6.QtGui import QUndoStack

    from app.gui.background.jobs import Jobs

#: What is done sooner needs no sign.
_PATIENCE_MS = 150
_HEIGHT_PX = 4
_GOES_AFTER_MS, _UNDO_GOES_AFTER_MS = 8000, 20_000
_PLACED_BY = {QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
#: Messages are no wider than this, and so far from the edge.
_WIDEST_PX, _GAP_PX = 560, 8
_log = logging.getLogger(__name__)


class ProgressSign(QProgressBar):
    """Follows the jobs of one key; its place stays free while it is hidden."""

    def __init__(self, jobs: Jobs, key: str) -> None:
        super().__init__()
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


class _CloseButton(QToolButton):
    """Puts a message away."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        named(self, self.tr("Close this line"))
        self.setText(self.tr("Close"))
        set_kind(self, Kind.QUIET)
        self.clicked.connect(lambda _: act())


def is_in_sight(widget: QWidget) -> bool:
    """Tell whether a part of a widget can be seen, so that its words need not be said again."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


class UndoBar(QFrame):
    """Shows the newest entry of an undo stack for a while after it was pushed.

    The keys take it back later, too.
    """

    def __init__(self, stack: QUndoStack) -> None:
        super().__init__()
        self._stack = stack
        set_kind(self, Kind.CARD)
        self.words = words(can_copy=False)
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        what = self.tr("Take it back ({keys})").format(keys=keys)
        self.undo = make_button(self.tr("Undo"), what, act=stack.undo)
        self.close_button = _CloseButton(self.hide)
        in_row((self.words, 1), self.undo, self.close_button, on=self, margins_px=(12, 4, 4, 4))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_UNDO_GOES_AFTER_MS)
        self._timer.timeout.connect(self.hide)
        stack.indexChanged.connect(self._follow)
        self._seen = 0
        self.hide()

    def _follow(self, index: int) -> None:
        """Offer what was just done; what was just undone needs no offer."""
        if index > self._seen:
            say(self.words, self._stack.undoText().rstrip(".") + ".")
            self.undo.setAccessibleName(self.tr("Undo: {what}").format(what=self.words.text()))
            self._timer.start()
        self.setVisible(index > self._seen)
        self._seen = index


class StatusLine(QFrame):
    """As high as its words need; not there while it has nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, Kind.CARD)
        self.words = words()
        self.close_button = _CloseButton(self.clear)
        in_row((self.words, 1), self.close_button, on=self, margins_px=(12, 4, 4, 4))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.clear()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Say something for a while, or until something else is said."""
        say(self.words, text)
        self.setVisible(bool(text))
        self._timer.stop()
        if text and not stays:
            self._timer.start(_GOES_AFTER_MS)

    def clear(self) -> None:
        """Say nothing."""
        self.say("")


class FloatingMessages(QFrame):
    """Messages that lie over the foot of something, so that nothing is pushed about.

    Parameters
    ----------
    below
        What they lie over.
    parts
        One above the other; each shows and hides itself.
    """

    def __init__(self, below: QWidget, *parts: QWidget) -> None:
        super().__init__(below)
        self._below, self._parts = below, parts
        in_column(*parts, on=self, gap_px=_GAP_PX)
        for watched in (below, *parts):
            watched.installEventFilter(self)
        self._place()

    def event(self, event: QEvent | None) -> bool:
        """Take as much room as the words need."""
        done = super().event(event)
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Stay at the foot, and be there while there is something to say."""
        if event is not None and event.type() in _PLACED_BY:
            # What has just been shown is no part of the layout yet.
            QTimer.singleShot(0, self._place)
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        shown = [part for part in self._parts if not part.isHidden()]
        self.setVisible(bool(shown))
        layout = self.layout()
        if not shown or layout is None:
            return
        width = min(_WIDEST_PX, self._below.width() - 2 * _GAP_PX)
        # What words that wrap would like to have is more than they need at this width.
        has = layout.hasHeightForWidth()
        height = layout.totalHeightForWidth(width) if has else layout.totalSizeHint().height()
        self.setGeometry(_GAP_PX, self._below.height() - height - _GAP_PX, width, height)
        self.raise_()


def sentence_of(error: Exception) -> str:
    """Return what went wrong and what to do, as far as the error says."""
    return f"{getattr(error, 'message', str(error))} {getattr(error, 'fix', '')}".strip()


class ErrorBar(QWidget):
    """One sentence on what is wrong, one on what to do, and a button to try again."""

    retry_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
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
