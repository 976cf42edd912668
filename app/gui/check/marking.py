"""Moving the bony points and a plumb line on the picture, by mouse, finger and keyboard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QLineF, QObject, QPointF, QRect, QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QTransform, QUndoCommand, QUndoStack

from app.gui.check.handles import AngleTag, GuideLine, HandleItem, Magnifier
from app.gui.check.marks import Handle, PictureMarks
from vision.overlay.shapes import Role
from vision.result import Measured, Rejected, tilt_text

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QGraphicsItem

    from app.gui.check.edit_panel import EditPanel
    from app.gui.check.marks import Place
    from app.gui.check.measurement import CheckAnswer
    from app.gui.picture.view import PictureView

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
#: An arrow key moves a handle by a logical pixel of the screen, with Shift by this many.
_FAST = 10
#: The line reaches beyond the points, and the level line ahead of them, by these shares.
_BEYOND = 0.25
#: Points nearer to one another than the first, logical pixels, are looked at more closely,
#: until they are as far apart as the second.
_CLOSE_PX, _COMFORTABLE_PX = 150.0, 200.0
#: No pelvis of a standing person tilts further: front and back were taken for one another.
_TILT_MAX_DEG = 60.0


class Marking(QObject):
    """Joins the handles on the picture with the panel beside it.

    Marks that were used once are where the next round begins, with all their steps, until
    they are forgotten.
    """

    #: Points, plumb line, and where the points were suggested; None for what was not marked.
    finished = pyqtSignal(object, object, object)
    cancelled = pyqtSignal()

    def __init__(self, view: PictureView, panel: EditPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._panel = view, panel
        self._used: MarkSteps | None = None
        self.editor = LandmarkEditor(view, self)
        self.editor.changed.connect(self._follow)
        panel.done_wanted.connect(self.finish)
        panel.cancel_wanted.connect(self._cancel)
        panel.undo_wanted.connect(self.editor.undo)
        panel.redo_wanted.connect(self.editor.redo)
        panel.plumb_wanted.connect(self.editor.set_plumb)

    def begin(self, automatic: CheckAnswer) -> bool:
        """Show the handles; tell whether there is any place for them.

        Parameters
        ----------
        automatic
            Measured without marks, so that the suggestion is the program's own.
        """
        used, result = self._used, automatic.result
        if used is not None and (used.marks.points is not None or isinstance(result, Rejected)):
            steps: MarkSteps | None = used.copied()
        else:
            # After a plumb line alone, which stays, the points come now.
            steps = self._first(result, None if used is None else used.marks.plumb_px)
        if steps is None:
            return False
        self._panel.ask_for(points=steps.marks.suggested is not None)
        # The outline helps to find the points; everything else would hide them.
        outline = [shape for shape in automatic.shapes if shape.role is Role.OUTLINE]
        self._view.show_shapes(outline)
        self.editor.begin(steps)
        self._follow(steps.marks)
        return True

    def end(self) -> None:
        """Take the handles away."""
        self.editor.end()

    def forget(self) -> None:
        """Begin the next round with the suggestion again."""
        self.end()
        self._used = None

    def step_back(self, steps: int) -> None:
        """Undo a step, or redo one for -1."""
        (self.editor.undo if steps > 0 else self.editor.redo)()

    def finish(self) -> None:
        """Have the picture measured with the marks, if they can be used."""
        marks = self.editor.marks
        if marks is None:
            return
        if marks.plumb_problem:
            self._panel.show_problem(marks.plumb_problem)
            return
        self._used = self.editor.steps
        is_moved = marks.is_moved
        self.finished.emit(
            marks.points if is_moved else None,
            marks.plumb_px,
            marks.suggested if is_moved else None,
        )

    def _first(
        self, result: Measured | Rejected, plumb_px: tuple[Place, Place] | None = None
    ) -> MarkSteps | None:
        if isinstance(result, Measured):
            marks = PictureMarks.begin(result, self._view.size_px)
            marks = None if marks is None else marks.with_plumb(plumb_px)
        else:
            marks = PictureMarks.begin_upright(result, self._view.size_px)
        return None if marks is None else MarkSteps(marks)

    def _follow(self, marks: PictureMarks) -> None:
        steps = self.editor.steps
        if steps is not None:
            self._panel.show_marks(steps.canUndo(), steps.canRedo(), marks.plumb_px is not None)
            self._panel.show_problem(marks.plumb_problem)

    def _cancel(self) -> None:
        self.end()
        self.cancelled.emit()


class LandmarkEditor(QObject):
    """Handles on a view's picture, from :meth:`begin` to :meth:`end`.

    Tab goes from handle to handle and on to the next widget.

    Attributes
    ----------
    steps
        The marks with what can be taken back; None while there are no handles.
    """

    #: The marks, whenever they change.
    changed = pyqtSignal(object)

    def __init__(self, view: PictureView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.steps: MarkSteps | None = None
        self.handles: dict[Handle, HandleItem] = {}
        self._current = Handle.FRONT
        self._line, self._level = GuideLine(Role.TILT), GuideLine(Role.HORIZONTAL, is_dashed=True)
        self._plumb = GuideLine(Role.PLUMB)
        self.tag = AngleTag()
        self.glass = Magnifier(view)
        #: So many runs there were: a drag begins one, and taking a step back ends one.
        self._runs = 0
        self._held: tuple[Handle, QPointF] | None = None
        self._was_fitted = True

    @property
    def marks(self) -> PictureMarks | None:
        """The marks as they are; None while there are no handles."""
        return None if self.steps is None else self.steps.marks

    def begin(self, steps: MarkSteps) -> None:
        """Put the handles on the picture that the view shows."""
        self.end()
        for handle in Handle:
            item = self.handles[handle] = HandleItem(handle)
            item.taken.connect(self._take)
            item.dragged.connect(self._drag)
            item.let_go.connect(self._let_go)
            how = self.tr("{name}: drag it, or use the arrow keys; Tab goes to the next")
            item.setToolTip(how.format(name=self._name(handle)))
        scene = self._view.scene()
        assert scene is not None  # the view's own
        for each in self._items():
            scene.addItem(each)
        self._view.installEventFilter(self)
        self._view.setFocus()
        self._was_fitted = self._view.is_fitted
        self.steps = steps
        steps.indexChanged.connect(self._follow)
        self._make_current(_first(steps.marks))
        self._show(steps.marks)
        self._look_at_points()

    def end(self) -> None:
        """Take the handles away."""
        if self.steps is None:
            return
        self.steps.indexChanged.disconnect(self._follow)
        self.steps = None
        self._view.removeEventFilter(self)
        self._view.setAccessibleDescription("")
        self.glass.hide()
        scene = self._view.scene()
        assert scene is not None
        for item in self._items():
            scene.removeItem(item)
        self.handles = {}
        self._held = None
        if self._was_fitted:
            self._view.fit()

    def change(self, marks: PictureMarks, run: str = "") -> None:
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
        self._make_current(Handle.PLUMB_TOP if wanted else Handle.FRONT)
        if wanted:
            self._view.fit()
        else:
            self._look_at_points()

    def _follow(self) -> None:
        if self.steps is not None:
            self._show(self.steps.marks)
            self.changed.emit(self.steps.marks)

    def _show(self, marks: PictureMarks) -> None:
        """Bring handles, lines and angle to where these marks are."""
        for handle, item in self.handles.items():
            place = marks.place(handle)
            item.setVisible(place is not None)
            if place is not None:
                item.setPos(QPointF(*place))
        if marks.place(self._current) is None:
            self._make_current(_first(marks))
        self._draw_lines(marks)
        self._say(marks)

    def _items(self) -> list[QGraphicsItem]:
        return [self._level, self._line, self._plumb, self.tag, *self.handles.values()]

    def _draw_lines(self, marks: PictureMarks) -> None:
        self._draw_plumb(marks)
        points = marks.points
        for item in (self._line, self._level, self.tag):
            item.setVisible(points is not None)
        if points is None:
            return
        front, back = QPointF(*points.asis_px), QPointF(*points.psis_px)
        across = front - back
        self._line.setLine(QLineF(back - across * _BEYOND, front + across * _BEYOND))
        length = math.hypot(across.x(), across.y()) * (1 + _BEYOND)
        level = QPointF(marks.facing.front_sign * length, 0)
        ahead = QTransform().rotate(-marks.roll_deg).map(level)
        self._level.setLine(QLineF(back, back + ahead))
        self.tag.setPos((front + back) / 2 - QPointF(0, abs(across.y()) / 2))

    def _draw_plumb(self, marks: PictureMarks) -> None:
        plumb = marks.plumb_px
        self._plumb.setVisible(plumb is not None)
        if plumb is not None:
            self._plumb.setLine(QLineF(QPointF(*plumb[0]), QPointF(*plumb[1])))
            self._plumb.set_dashed(bool(marks.plumb_problem))

    def _say(self, marks: PictureMarks) -> None:
        if marks.points is None:
            self._view.setAccessibleDescription(self._name(self._current))
            return
        said = tilt_text(marks.tilt)
        if abs(marks.tilt_deg) > _TILT_MAX_DEG:
            said = self.tr("Is the front point in front?")
        self.tag.set_text(said)
        self._view.setAccessibleDescription(f"{self._name(self._current)}. {said}")

    def _name(self, handle: Handle) -> str:
        names = {
            Handle.FRONT: self.tr("Front point"),
            Handle.BACK: self.tr("Back point"),
            Handle.PLUMB_TOP: self.tr("Upper end of the plumb line"),
            Handle.PLUMB_BOTTOM: self.tr("Lower end of the plumb line"),
        }
        return names[handle]

    def _make_current(self, handle: Handle) -> None:
        self._current = handle
        for own, item in self.handles.items():
            item.is_current = own is handle
            item.update()
        if self.marks is not None:
            self._say(self.marks)

    def _look_at_points(self) -> None:
        """Show the pelvis large enough that the two handles lie well apart."""
        if self.marks is None:
            return
        points = self.marks.points
        if points is None:
            self._view.fit()
            return
        apart_px = math.dist(points.asis_px, points.psis_px)
        if apart_px * self._view.transform().m11() >= _CLOSE_PX:
            return
        area = QRectF(QPointF(), QSizeF(self._view.size()) * (apart_px / _COMFORTABLE_PX))
        area.moveCenter((QPointF(*points.asis_px) + QPointF(*points.psis_px)) / 2)
        self._view.show_area(area)

    def _take(self, handle: Handle, at: QPointF) -> None:
        """Take the handle whose middle is nearest, not the one that lies on top."""
        there = [item for item in self.handles.values() if item.isVisible()]
        nearest = min(there, key=lambda item: QLineF(item.pos(), at).length())
        self._held = nearest.handle, nearest.pos() - self.handles[handle].pos()
        self._runs += 1
        self._view.setFocus()
        self._make_current(nearest.handle)
        self._magnify(nearest.handle)

    def _drag(self, handle: Handle, to: QPointF) -> None:
        if self.marks is None:
            return
        held, aside = self._held or (handle, QPointF())
        place = to + aside
        self.change(self.marks.move(held, (place.x(), place.y())), "drag")
        self._magnify(held)

    def _let_go(self) -> None:
        self._held = None
        self.glass.hide()

    def _magnify(self, handle: Handle, *, briefly: bool = False) -> None:
        """Show the spot under a handle larger, without covering the angle."""
        item = self.handles[handle]
        tag: QRect = (
            self.tag.deviceTransform(self._view.viewportTransform())
            .mapRect(self.tag.boundingRect())
            .toAlignedRect()
        )
        self.glass.show_spot(item.pos(), item.colour, (tag,), briefly=briefly)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take keys from the view while there are handles on it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._step(event) or self._next_handle(event) or self._other_key(event)
        return super().eventFilter(watched, event)

    def _other_key(self, event: QKeyEvent) -> bool:
        is_plumb = self._current in (Handle.PLUMB_TOP, Handle.PLUMB_BOTTOM)
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Delete) and is_plumb:
            self.set_plumb(False)
        else:
            return False
        return True

    def _step(self, event: QKeyEvent) -> bool:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        place = None if self.marks is None else self.marks.place(self._current)
        if arrow is None or place is None or self.marks is None:
            return False
        is_fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = (_FAST if is_fast else 1) / self._view.transform().m11()
        to = place[0] + arrow[0] * step, place[1] + arrow[1] * step
        self.change(self.marks.move(self._current, to), f"keys {self._current}")
        self._view.ensureVisible(QRectF(self.handles[self._current].pos(), QSizeF()))
        self._magnify(self._current, briefly=True)
        return True

    def _next_handle(self, event: QKeyEvent) -> bool:
        if self.marks is None or event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        there = [h for h in Handle if self.marks.place(h) is not None]
        step = 1 if event.key() == Qt.Key.Key_Tab else -1
        following = there.index(self._current) + step if self._current in there else 0
        if not 0 <= following < len(there):
            return False
        self._make_current(there[following])
        return True


class MarkSteps(QUndoStack):
    """The marks as they are, with the steps that led there.

    Attributes
    ----------
    marks
        As they are.
    """

    def __init__(self, first: PictureMarks) -> None:
        super().__init__()
        self.marks = first

    def change(self, marks: PictureMarks, run: str = "") -> None:
        """Take a step; several in a row of the same run, such as one drag, are one."""
        if marks is not self.marks:
            self.push(_Step(self, marks, run))

    def copied(self) -> MarkSteps:
        """Return the same steps, to go on from while these stay as they are."""
        steps = [self.command(number) for number in range(self.count())]
        own = [step for step in steps if isinstance(step, _Step)]
        copy = MarkSteps(own[0].before if own else self.marks)
        for step in own:
            copy.change(step.after)
        copy.setIndex(self.index())
        return copy


class _Step(QUndoCommand):
    """From some marks to others."""

    def __init__(self, steps: MarkSteps, after: PictureMarks, run: str) -> None:
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


def _first(marks: PictureMarks) -> Handle:
    """Return the first handle that there is a place for."""
    return next((h for h in Handle if marks.place(h) is not None), Handle.FRONT)
