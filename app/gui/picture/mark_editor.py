"""Handles on a picture, moved by mouse, finger and keyboard, with steps that are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PyQt6.QtCore import QEvent, QLineF, QObject, QPointF, QRect, QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QUndoCommand, QUndoStack

from app.gui.picture.handles import GuideLine, HandleItem, Magnifier
from app.gui.picture.marks import Handle, HandMarks
from vision.overlay.shapes import Role

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QGraphicsItem

    from app.gui.picture.view import PictureView

Marks = TypeVar("Marks", bound=HandMarks)
#: Where the arrow keys go, x right, y down.
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
#: An arrow key moves a handle by a logical pixel of the screen, with Shift by this many.
_FAST = 10


class MarkEditor(QObject, Generic[Marks]):
    """Handles on a view's picture, from :meth:`begin` to :meth:`end`.

    Tab goes from handle to handle and on to the next widget.

    Attributes
    ----------
    steps
        The marks with what can be taken back; None while there are no handles.
    current
        The handle that the keys move.
    """

    #: The marks, whenever they change.
    changed = pyqtSignal(object)
    #: The keys move another handle.
    turned = pyqtSignal()

    def __init__(self, view: PictureView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.steps: MarkSteps[Marks] | None = None
        self.handles: dict[Handle, HandleItem] = {}
        self.current = Handle.FRONT
        self._plumb = GuideLine(Role.PLUMB)
        self.glass = Magnifier(view)
        #: So many runs there were: a drag begins one, and taking a step back ends one.
        self._runs = 0
        self._held: tuple[Handle, QPointF] | None = None
        self._was_fitted = True

    @property
    def marks(self) -> Marks | None:
        """The marks as they are; None while there are no handles."""
        return None if self.steps is None else self.steps.marks

    def begin(self, steps: MarkSteps[Marks]) -> None:
        """Put the handles on the picture that the view shows."""
        self.end()
        for handle in Handle:
            item = self.handles[handle] = HandleItem(handle)
            item.taken.connect(self._take)
            item.dragged.connect(self._drag)
            item.let_go.connect(self._let_go)
            how = self.tr("{name}: drag it, or use the arrow keys; Tab goes to the next")
            item.setToolTip(how.format(name=self.name_of(handle)))
        scene = self.view.scene()
        assert scene is not None  # the view's own
        for each in self.items():
            scene.addItem(each)
        self.view.installEventFilter(self)
        self.view.setFocus()
        self._was_fitted = self.view.is_fitted
        self.steps = steps
        steps.indexChanged.connect(self._follow)
        self.make_current(self.reachable(steps.marks)[0])
        self._show(steps.marks)
        self.look_at_points()

    def end(self) -> None:
        """Take the handles away."""
        if self.steps is None:
            return
        self.steps.indexChanged.disconnect(self._follow)
        self.steps = None
        self.view.removeEventFilter(self)
        self.view.setAccessibleDescription("")
        self.glass.hide()
        scene = self.view.scene()
        assert scene is not None
        for item in self.items():
            scene.removeItem(item)
        self.handles = {}
        self._held = None
        if self._was_fitted:
            self.view.fit()

    def change(self, marks: Marks, run: str = "") -> None:
        """Bring the handles to other marks; see :meth:`MarkSteps.change`."""
        if self.steps is not None:
            self.steps.change(marks, f"{run} {self._runs}" if run else "")

    def undo(self) -> None:
        """Take back the last step."""
        self._runs += 1
        if self.steps is not None:
            self.steps.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._runs += 1
        if self.steps is not None:
            self.steps.redo()

    def set_plumb(self, wanted: bool) -> None:
        """Put up a plumb line, or take it away."""
        if self.marks is None:
            return
        self.change(self.marks.add_plumb() if wanted else self.marks.remove_plumb())
        self.make_current(Handle.PLUMB_TOP if wanted else Handle.FRONT)
        if wanted:
            self.view.fit()
        else:
            self.look_at_points()

    def items(self) -> list[QGraphicsItem]:
        """Return everything that lies on the picture."""
        return [self._plumb, *self.handles.values()]

    def draw(self, marks: Marks) -> None:
        """Bring all lines to where these marks are."""
        plumb = marks.plumb_px
        self._plumb.setVisible(plumb is not None)
        if plumb is not None:
            self._plumb.setLine(QLineF(QPointF(*plumb[0]), QPointF(*plumb[1])))
            self._plumb.set_dashed(bool(marks.plumb_problem))

    def describe(self, marks: Marks) -> str:
        """Return what those hear who do not see the picture: which handle the keys move."""
        del marks
        return self.name_of(self.current)

    def not_to_cover(self) -> tuple[QRect, ...]:
        """Return parts of the view that the magnifying glass had better leave free."""
        return ()

    def look_at_points(self) -> None:
        """Show what is marked well, at the beginning and once a plumb line is taken away."""

    def reachable(self, marks: Marks) -> list[Handle]:
        """Return the handles that the keys go through, in order; at least one."""
        return [handle for handle in Handle if marks.place(handle) is not None] or [Handle.FRONT]

    def name_of(self, handle: Handle) -> str:
        """Return what a handle is called."""
        names = {
            Handle.FRONT: self.tr("Front point"),
            Handle.BACK: self.tr("Back point"),
            Handle.PLUMB_TOP: self.tr("Upper end of the plumb line"),
            Handle.PLUMB_BOTTOM: self.tr("Lower end of the plumb line"),
        }
        return names[handle]

    def make_current(self, handle: Handle) -> None:
        """Have the keys move this handle."""
        self.current = handle
        for own, item in self.handles.items():
            item.is_current = own is handle
            item.update()
        if self.marks is not None:
            self._say(self.marks)
        self.turned.emit()

    def _follow(self) -> None:
        if self.steps is not None:
            self._show(self.steps.marks)
            self.changed.emit(self.steps.marks)

    def _show(self, marks: Marks) -> None:
        """Bring handles, lines and angle to where these marks are."""
        for handle, item in self.handles.items():
            place = marks.place(handle)
            item.setVisible(place is not None)
            if place is not None:
                item.setPos(QPointF(*place))
        there = self.reachable(marks)
        if self.current not in there:
            self.make_current(there[0])
        self.draw(marks)
        self._say(marks)

    def _say(self, marks: Marks) -> None:
        self.view.setAccessibleDescription(self.describe(marks))

    def _take(self, handle: Handle, at: QPointF) -> None:
        """Take the handle whose middle is nearest, not the one that lies on top."""
        there = [item for item in self.handles.values() if item.isVisible()]
        nearest = min(there, key=lambda item: QLineF(item.pos(), at).length())
        self._held = nearest.handle, nearest.pos() - self.handles[handle].pos()
        self._runs += 1
        self.view.setFocus()
        self.make_current(nearest.handle)
        self.magnify(nearest.handle)

    def _drag(self, handle: Handle, to: QPointF) -> None:
        if self.marks is None:
            return
        held, aside = self._held or (handle, QPointF())
        place = to + aside
        self.change(self.marks.move(held, (place.x(), place.y())), "drag")
        self.magnify(held)

    def _let_go(self) -> None:
        self._held = None
        self.glass.hide()

    def magnify(self, handle: Handle, *, briefly: bool = False) -> None:
        """Show the spot under a handle larger, beside it."""
        item = self.handles[handle]
        self.glass.show_spot(item.pos(), item.colour, self.not_to_cover(), briefly=briefly)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take keys from the view while there are handles on it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._step(event) or self._next_handle(event) or self._other_key(event)
        return super().eventFilter(watched, event)

    def _other_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Delete) and self.current.is_plumb:
            self.set_plumb(False)
        else:
            return False
        return True

    def _step(self, event: QKeyEvent) -> bool:
        arrow = ARROWS.get(Qt.Key(event.key()))
        place = None if self.marks is None else self.marks.place(self.current)
        if arrow is None or place is None or self.marks is None:
            return False
        is_fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = (_FAST if is_fast else 1) / self.view.transform().m11()
        to = place[0] + arrow[0] * step, place[1] + arrow[1] * step
        self.change(self.marks.move(self.current, to), f"keys {self.current}")
        self.view.ensureVisible(QRectF(self.handles[self.current].pos(), QSizeF()))
        self.magnify(self.current, briefly=True)
        return True

    def _next_handle(self, event: QKeyEvent) -> bool:
        if self.marks is None or event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        there = self.reachable(self.marks)
        step = 1 if event.key() == Qt.Key.Key_Tab else -1
        following = there.index(self.current) + step if self.current in there else 0
        if not 0 <= following < len(there):
            return False
        self.make_current(there[following])
        return True


class MarkSteps(QUndoStack, Generic[Marks]):
    """The marks as they are, with the steps that led there.

    Attributes
    ----------
    marks
        As they are.
    """

    def __init__(self, first: Marks) -> None:
        super().__init__()
        self.marks = first

    def change(self, marks: Marks, run: str = "") -> None:
        """Take a step; several in a row of the same run, such as one drag, are one."""
        if marks is not self.marks:
            self.push(_Step(self, marks, run))

    def copied(self) -> MarkSteps[Marks]:
        """Return the same steps, to go on from while these stay as they are."""
        steps = [self.command(number) for number in range(self.count())]
        own = [step for step in steps if isinstance(step, _Step)]
        copy = MarkSteps(own[0].before if own else self.marks)
        for step in own:
            copy.change(step.after)
        copy.setIndex(self.index())
        return copy


class _Step(QUndoCommand, Generic[Marks]):
    """From some marks to others."""

    def __init__(self, steps: MarkSteps[Marks], after: Marks, run: str) -> None:
        super().__init__()
        self._steps, self._run = steps, run
        self.before, self.after = steps.marks, after

    def undo(self) -> None:
        self._steps.marks = self.before

    def redo(self) -> None:
        self._steps.marks = self.after

    def id(self) -> int:
        return 1 if self._run else -1  # which Qt never merges

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        if not isinstance(other, _Step) or other._run != self._run:
            return False
        self.after = other.after
        return True
