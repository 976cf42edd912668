"""A tour of the window: a veil over it with a hole for what is meant, and words beside that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QScrollArea, QWidget

from app import Page
from app.gui.style.theme import Kind, colours, ink, text_factor
from app.gui.widgets.cards import Card, in_row, make_button, say
from app.gui.widgets.cards import words as label
from app.text.help import tour as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPaintEvent

#: For each stop the page that is shown, and what is pointed at there: a widget's object name,
#: or the name of its class. Live is only pointed at: no camera goes on because of a tour.
PLACES: Sequence[tuple[Page, str]] = (
    (Page.CHECK, "Navigation"),
    (Page.CHECK, "StanceDrawing"),
    (Page.CHECK, "open_photograph"),
    (Page.CHECK, Page.LIVE.value),
    (Page.EXERCISES, Page.EXERCISES.value),
    (Page.BREAKS, "NowCard"),
    (Page.HISTORY, Page.HISTORY.value),
    (Page.SETTINGS, "HelpButtons"),
)
_WIDTH_PX, _GAP_PX, _ROUND_PX = 330, 14, 8
_VEIL = 0.55
#: A page that is made now finds its places a moment later.
_SETTLED_MS = 150


class TourCard(Card):
    """What is said at one stop, with the keys to itself."""

    left = pyqtSignal()
    #: By how many stops.
    moved = pyqtSignal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(words.NAME)
        self.setAutoFillBackground(True)
        self.progress = label(kind=Kind.MUTED, can_copy=False)
        self.title, self.text = label(kind=Kind.HEADING, can_copy=False), label(can_copy=False)
        # With the keys on the words a screen reader reads each stop when it comes.
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.leave = make_button(words.LEAVE, words.LEAVE_TIP, act=self.left)
        self.back = make_button(words.BACK, act=lambda: self.moved.emit(-1))
        self.next = make_button("", is_main=True, act=lambda: self.moved.emit(1))
        for button in (self.leave, self.back, self.next):
            button.setAutoDefault(True)  # so that Enter presses the one with the keys
        self._ring = self.text, self.leave, self.back, self.next
        self.add(self.progress, self.title, self.text, in_row(self.leave, 1, self.back, self.next))

    def show_step(self, step: int) -> None:
        """Say what belongs to a stop."""
        title, text = words.STEPS[step]
        count = len(words.STEPS)
        progress = words.PROGRESS.format(n=step + 1, count=count)
        for part, said in ((self.progress, progress), (self.title, title), (self.text, text)):
            say(part, said)
        self.text.setAccessibleName(f"{progress}. {title}. {text}")
        self.back.setEnabled(step > 0)
        self.next.setText(words.DONE if step == count - 1 else words.NEXT)
        self.text.clearFocus()
        self.text.setFocus()

    def event(self, event: QEvent | None) -> bool:
        """Keep Esc from the page below, where it would mean something else."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Leave, or go on and back by keys."""
        if event is None:
            return
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Right:
                self.moved.emit(1)
            case Qt.Key.Key_Left:
                self.moved.emit(-1)
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Let Tab go round inside: what lies below the veil is not to be reached."""
        ring = [part for part in self._ring if part.isEnabled()]
        here = next((number for number, part in enumerate(ring) if part.hasFocus()), 0)
        ring[(here + (1 if onward else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


class Tour(QWidget):
    """Leads from stop to stop; over when it is left or done.

    Parameters
    ----------
    window
        Is led through.
    """

    page_wanted = pyqtSignal(str)
    over = pyqtSignal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.step = 0
        self.card = TourCard(self)
        self.card.left.connect(self.leave)
        self.card.moved.connect(self.move_on)
        window.installEventFilter(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(self._place)

    def begin(self) -> None:
        """Show the first stop."""
        self.show()
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Show a stop, on its page."""
        self.step = step
        self.page_wanted.emit(PLACES[step][0].value)
        self.raise_()
        self.card.show_step(step)
        self._place()
        self._settled.start(_SETTLED_MS)

    def move_on(self, by: int) -> None:
        """Go to another stop; past the last one it is over."""
        if self.step + by >= len(PLACES):
            self.leave()
        elif self.step + by >= 0:
            self.show_step(self.step + by)

    def leave(self) -> None:
        """End, wherever it is; the window stays as it is."""
        self._settled.stop()
        self._window.removeEventFilter(self)
        self.hide()
        self.over.emit()
        self.deleteLater()

    @property
    def target(self) -> QWidget | None:
        """What is pointed at: where that is not to be seen, the page's button."""
        page, name = PLACES[self.step]
        return self._find(name) or self._find(page.value)

    def _find(self, name: str) -> QWidget | None:
        for part in self._window.findChildren(QWidget):
            if name in (part.objectName(), type(part).__name__) and part.isVisible():
                return part
        return None

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the window's size and the size of its letters."""
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._settled.start(0)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the veil, and a line round the hole in it."""
        del event
        path, hole = QPainterPath(), self._hole()
        path.addRect(self.rect().toRectF())
        if not hole.isNull():
            path.addRoundedRect(hole.toRectF(), _ROUND_PX, _ROUND_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, ink("#000000", _VEIL))
        if not hole.isNull():
            painter.setPen(QPen(QColor(colours().accent), 3.0))
            painter.drawRoundedRect(hole.toRectF(), _ROUND_PX, _ROUND_PX)
        painter.end()

    def _hole(self) -> QRect:
        """Return where what is pointed at lies, as far as it is to be seen."""
        target = self.target
        if target is None:
            return QRect()
        shown = target.visibleRegion().boundingRect() or target.rect()
        place = QRect(target.mapTo(self._window, shown.topLeft()), shown.size())
        return place.adjusted(-4, -4, 4, 4).intersected(self.rect().adjusted(2, 2, -2, -2))

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        target = self.target
        if target is not None:
            _scroll_to(target)
        width = min(round(_WIDTH_PX * max(1.0, text_factor())), self.width() - 2 * _GAP_PX)
        self.card.setFixedWidth(width)
        # With the card's own edge, which its layout knows nothing of.
        height = max(self.card.heightForWidth(width), 0) or self.card.sizeHint().height()
        height = min(height, self.height() - 2 * _GAP_PX)
        size = QSize(width, height)
        self.card.resize(size)
        self.card.move(_beside(self._hole(), size, self.rect()))
        self.update()


def _scroll_to(target: QWidget) -> None:
    above = target.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target)
        above = above.parentWidget()


def _beside(hole: QRect, size: QSize, room: QRect) -> QPoint:
    """Return where something of a size stands beside a place: right, below, above or left of it.

    Where there is no room on any side, it stands at the foot on the right, over the place.
    """
    inside = room.adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, -_GAP_PX)
    top = min(hole.top(), inside.bottom() - size.height() + 1)
    left = min(hole.left(), inside.right() - size.width() + 1)
    for corner in (
        QPoint(hole.right() + _GAP_PX, max(top, inside.top())),
        QPoint(max(left, inside.left()), hole.bottom() + _GAP_PX),
        QPoint(max(left, inside.left()), hole.top() - _GAP_PX - size.height()),
        QPoint(hole.left() - _GAP_PX - size.width(), max(top, inside.top())),
    ):
        if not hole.isNull() and inside.contains(QRect(corner, size)):
            return corner
    return QPoint(inside.right() - size.width() + 1, inside.bottom() - size.height() + 1)
