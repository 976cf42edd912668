"""Points that begin nowhere: a click or an arrow key puts each onto the photograph."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QRectF, QSizeF, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QApplication

from app.gui.picture.mark_editor import ARROWS, MarkEditor
from app.gui.picture.marks import Handle
from app.gui.rating.marks import RatedMarks
from app.text.research import rating

if TYPE_CHECKING:
    from app.gui.picture.mark_editor import MarkSteps
    from app.gui.picture.view import PictureView

#: A point that an arrow key puts on the other one comes to lie so far beside it, logical pixels.
_BESIDE_PX = 40.0


class RatingEditor(MarkEditor[RatedMarks]):
    """Handles for the two points and a plumb line, without any angle."""

    def __init__(self, view: PictureView, parent: QObject | None = None) -> None:
        super().__init__(view, parent)
        self._pressed_at: QPoint | None = None

    def begin(self, steps: MarkSteps[RatedMarks]) -> None:
        """Put the handles on the picture that the view shows."""
        super().begin(steps)
        surface = self.view.viewport()
        assert surface is not None  # every scroll area has one
        surface.installEventFilter(self)
        self.make_current(steps.marks.missing or Handle.FRONT)

    def end(self) -> None:
        """Take the handles away."""
        surface = self.view.viewport()
        if surface is not None:
            surface.removeEventFilter(self)
        super().end()

    def reachable(self, marks: RatedMarks) -> list[Handle]:
        """Return the points, marked or not, and the plumb line where there is one."""
        points = [Handle.FRONT, Handle.BACK]
        return points if marks.plumb_px is None else list(Handle)

    def name_of(self, handle: Handle) -> str:
        """Return what a handle is called, a point in words for everybody and its short name."""
        points = {Handle.FRONT: rating.FRONT_POINT, Handle.BACK: rating.BACK_POINT}
        return points.get(handle) or super().name_of(handle)

    def describe(self, marks: RatedMarks) -> str:
        """Return which handle the keys move, and whether it is there."""
        name = self.name_of(self.current)
        is_there = marks.place(self.current) is not None
        return name if is_there else rating.NOT_MARKED.format(name=name)

    def keep_in_sight(self) -> None:
        """Show the handle that the keys move, after zooming."""
        item = self.handles.get(self.current)
        if item is not None and item.isVisible():
            self.view.centerOn(item)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Put the point that is not marked yet where a click or an arrow key says."""
        if isinstance(event, QMouseEvent) and watched is self.view.viewport():
            self._follow_mouse(event)
            return False  # the view pans and handles are dragged as ever
        if watched is not self.view:
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._begin_by_key(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _follow_mouse(self, event: QMouseEvent) -> None:
        """Tell a click on the bare picture from a drag, which pans."""
        at = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress:
            is_bare = not any(item in self.view.items(at) for item in self.handles.values())
            is_left = event.button() == Qt.MouseButton.LeftButton
            self._pressed_at = at if is_left and is_bare else None
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed_at is not None:
            moved_px = (at - self._pressed_at).manhattanLength()
            self._pressed_at = None
            if moved_px < QApplication.startDragDistance():
                self._put(at)

    def _begin_by_key(self, event: QKeyEvent) -> bool:
        marks = self.marks
        if marks is None or event.key() not in ARROWS or marks.place(self.current) is not None:
            return False
        surface = self.view.viewport()
        assert surface is not None
        middle = surface.rect().center()
        other = marks.back_px if self.current is Handle.FRONT else marks.front_px
        spot = self.view.mapToScene(middle)
        beside = _BESIDE_PX / self.view.transform().m11()
        if other is not None and math.dist(other, (spot.x(), spot.y())) < beside:
            middle += QPoint(round(_BESIDE_PX), 0)
        self._put(middle, self.current)
        return True

    def _put(self, at: QPoint, handle: Handle | None = None) -> None:
        """Mark a point at a place of the view: the current one that is not marked, or the other."""
        marks, spot = self.marks, self.view.mapToScene(at)
        if marks is None or not self.view.sceneRect().contains(spot):
            return
        points = [one for one in (self.current, Handle.FRONT, Handle.BACK) if not one.is_plumb]
        wanted = handle or next((one for one in points if marks.place(one) is None), None)
        if wanted is None:
            return
        self.make_current(wanted)
        self.change(marks.move(wanted, (spot.x(), spot.y())))
        if self.marks is not None and self.marks.place(wanted) is not None:
            self.view.ensureVisible(QRectF(self.handles[wanted].pos(), QSizeF()))
            self.magnify(wanted, briefly=True)
