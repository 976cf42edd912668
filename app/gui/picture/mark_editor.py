"""Moving the bony points and a plumb line on the picture, by mouse, finger and keyboard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QLineF, QObject, QPointF, QRect, QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QTransform

from app.gui.picture.mark_items import AngleTag, GuideLine, HandleItem, Magnifier
from app.gui.picture.marks import Handle, MarkEditing
from vision.format import tilt_text
from vision.overlay.shapes import Role
from vision.result import Measured

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QGraphicsItem

    from app.gui.background.measuring import Answer
    from app.gui.picture.mark_panel import EditPanel
    from app.gui.picture.view import PictureView
    from vision.result import Rejected


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


class LandmarkEditor(QObject):
    """Handles on a view's picture, from :meth:`begin` to :meth:`end`.

    The marks themselves are :class:`~app.gui.picture.marks.MarkEditing`; every change is told with
    the new ones. Tab goes from handle to handle and on to the next widget.
    """

    changed = pyqtSignal(object)

    def __init__(self, view: PictureView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.edits: MarkEditing | None = None
        self.handles: dict[Handle, HandleItem] = {}
        self._current = Handle.FRONT
        self._line, self._level = GuideLine(Role.TILT), GuideLine(Role.HORIZONTAL, is_dashed=True)
        self._plumb = GuideLine(Role.PLUMB)
        self.tag = AngleTag()
        self.glass = Magnifier(view)
        self._drags = 0
        self._held: tuple[Handle, QPointF] | None = None
        self._was_fitted = True

    def begin(self, result: Measured | Rejected, edits: MarkEditing) -> None:
        """Put the handles on the picture that the view shows."""
        del result  # all that is needed is in the marks
        self.end()
        for handle in Handle:
            item = self.handles[handle] = HandleItem(handle)
            item.taken.connect(self._take)
            item.dragged.connect(self._drag)
            item.let_go.connect(self._let_go)
            how = self.tr("{name}: drag it, or use the arrow keys; Tab goes to the next")
            item.setToolTip(how.format(name=self._name(handle)))
        for each in self._items():
            self._scene_add(each)
        self._view.installEventFilter(self)
        self._view.setFocus()
        self._make_current(_first(edits))
        self._was_fitted = self._view.is_fitted
        self.show(edits)
        self._look_at_points()

    def end(self) -> None:
        """Take the handles away."""
        if self.edits is None:
            return
        self.edits = None
        self._view.removeEventFilter(self)
        self._view.setAccessibleDescription("")
        self.glass.hide()
        scene = self._view.scene()
        for item in self._items():
            if scene is not None:
                scene.removeItem(item)
        self.handles = {}
        self._held = None
        if self._was_fitted:
            self._view.fit()

    def undo(self) -> None:
        """Take back the last step."""
        if self.edits is not None:
            self._change(self.edits.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.edits is not None:
            self._change(self.edits.redo())

    def set_plumb(self, wanted: bool) -> None:
        """Put up a plumb line, or take it away."""
        if self.edits is None:
            return
        self._change(self.edits.add_plumb() if wanted else self.edits.remove_plumb())
        self._make_current(Handle.PLUMB_TOP if wanted else Handle.FRONT)
        if wanted:
            self._view.fit()
        else:
            self._look_at_points()

    def show(self, edits: MarkEditing) -> None:
        """Bring handles, lines and angle to where these marks are."""
        self.edits = edits
        for handle, item in self.handles.items():
            place = edits.now.place(handle)
            item.setVisible(place is not None)
            if place is not None:
                item.setPos(QPointF(*place))
        if edits.now.place(self._current) is None:
            self._make_current(_first(edits))
        self._draw_lines(edits)
        self._say(edits)

    def _items(self) -> list[QGraphicsItem]:
        return [self._level, self._line, self._plumb, self.tag, *self.handles.values()]

    def _scene_add(self, item: QGraphicsItem) -> None:
        scene = self._view.scene()
        if scene is not None:
            scene.addItem(item)

    def _draw_lines(self, edits: MarkEditing) -> None:
        self._draw_plumb(edits)
        points = edits.now.points
        for item in (self._line, self._level, self.tag):
            item.setVisible(points is not None)
        if points is None:
            return
        front, back = QPointF(*points.asis_px), QPointF(*points.psis_px)
        across = front - back
        self._line.setLine(QLineF(back - across * _BEYOND, front + across * _BEYOND))
        length = (across.x() ** 2 + across.y() ** 2) ** 0.5 * (1 + _BEYOND)
        ahead = _turned(QPointF(edits.facing.front_sign * length, 0), -edits.roll_deg)
        self._level.setLine(QLineF(back, back + ahead))
        self.tag.setPos((front + back) / 2 - QPointF(0, abs(across.y()) / 2))

    def _draw_plumb(self, edits: MarkEditing) -> None:
        plumb = edits.now.plumb_px
        self._plumb.setVisible(plumb is not None)
        if plumb is not None:
            self._plumb.setLine(QLineF(QPointF(*plumb[0]), QPointF(*plumb[1])))
            self._plumb.set_dashed(bool(edits.plumb_problem))

    def _say(self, edits: MarkEditing) -> None:
        if edits.now.points is None:
            self._view.setAccessibleDescription(self._name(self._current))
            return
        said = tilt_text(edits.tilt)
        if abs(edits.tilt_deg) > _TILT_MAX_DEG:
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

    def _change(self, edits: MarkEditing) -> None:
        if edits is self.edits:
            return
        self.show(edits)
        self.changed.emit(edits)

    def _make_current(self, handle: Handle) -> None:
        self._current = handle
        for own, item in self.handles.items():
            item.is_current = own is handle
            item.update()
        if self.edits is not None:
            self._say(self.edits)

    def _look_at_points(self) -> None:
        """Show the pelvis large enough that the two handles lie well apart."""
        if self.edits is None:
            return
        points = self.edits.now.points
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
        self._drags += 1
        self._view.setFocus()
        self._make_current(nearest.handle)
        self._magnify(nearest.handle)

    def _drag(self, handle: Handle, to: QPointF) -> None:
        if self.edits is None:
            return
        held, aside = self._held or (handle, QPointF())
        place = to + aside
        self._change(self.edits.move(held, (place.x(), place.y()), f"drag {self._drags}"))
        self._magnify(held)

    def _let_go(self, handle: Handle) -> None:
        del handle
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
        place = None if self.edits is None else self.edits.now.place(self._current)
        if arrow is None or place is None or self.edits is None:
            return False
        is_fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = (_FAST if is_fast else 1) / self._view.transform().m11()
        to = place[0] + arrow[0] * step, place[1] + arrow[1] * step
        self._change(self.edits.move(self._current, to, f"keys {self._current}"))
        self._view.ensureVisible(QRectF(self.handles[self._current].pos(), QSizeF()))
        self._magnify(self._current, briefly=True)
        return True

    def _next_handle(self, event: QKeyEvent) -> bool:
        if self.edits is None or event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        there = [h for h in Handle if self.edits.now.place(h) is not None]
        step = 1 if event.key() == Qt.Key.Key_Tab else -1
        following = there.index(self._current) + step if self._current in there else 0
        if not 0 <= following < len(there):
            return False
        self._make_current(there[following])
        return True


def _first(edits: MarkEditing) -> Handle:
    """Return the first handle that there is a place for."""
    return next((h for h in Handle if edits.now.place(h) is not None), Handle.FRONT)


def _turned(point: QPointF, clockwise_deg: float) -> QPointF:
    return QTransform().rotate(clockwise_deg).map(point)


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
        self._used: MarkEditing | None = None
        self.editor = LandmarkEditor(view, self)
        self.editor.changed.connect(self._follow)
        panel.done_wanted.connect(self.finish)
        panel.cancel_wanted.connect(self._cancel)
        panel.undo_wanted.connect(self.editor.undo)
        panel.redo_wanted.connect(self.editor.redo)
        panel.plumb_wanted.connect(self.editor.set_plumb)

    def begin(self, automatic: Answer) -> bool:
        """Show the handles; tell whether there is any place for them.

        Parameters
        ----------
        automatic
            Measured without marks, so that the suggestion is the program's own.
        """
        result = automatic.result
        start = MarkEditing.begin if isinstance(result, Measured) else MarkEditing.begin_upright
        edits = self._used or start(result, self._view.size_px)  # type: ignore[arg-type]
        if edits is None:
            return False
        self._panel.ask_for(points=edits.suggested is not None)
        # The outline helps to find the points; everything else would hide them.
        outline = [shape for shape in automatic.shapes if shape.role is Role.OUTLINE]
        self._view.show_shapes(outline)
        self.editor.begin(result, edits)
        self._follow(edits)
        return True

    def end(self) -> None:
        """Take the handles away."""
        self.editor.end()

    def forget(self) -> None:
        """Begin the next round with the suggestion again."""
        self.end()
        self._used = None

    def finish(self) -> None:
        """Have the picture measured with the marks, if they can be used."""
        edits = self.editor.edits
        if edits is None:
            return
        if edits.plumb_problem:
            self._panel.show_problem(edits.plumb_problem)
            return
        self._used = edits
        points = edits.now.points if edits.is_moved else None
        suggested = edits.suggested if edits.is_moved else None
        self.finished.emit(points, edits.now.plumb_px, suggested)

    def _follow(self, edits: MarkEditing) -> None:
        self._panel.show_marks(edits.can_undo, edits.can_redo, edits.now.plumb_px is not None)
        self._panel.show_problem(edits.plumb_problem)

    def _cancel(self) -> None:
        self.end()
        self.cancelled.emit()
