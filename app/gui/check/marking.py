"""Moving the bony points and a plumb line on the picture, by mouse, finger and keyboard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QObject, QPointF, QRect, QRectF, QSizeF, pyqtSignal
from PyQt6.QtGui import QTransform

from app.gui.check.marks import PictureMarks
from app.gui.picture.handles import AngleTag, GuideLine
from app.gui.picture.mark_editor import MarkEditor, MarkSteps
from vision.overlay.shapes import Role
from vision.result import Measured, Rejected, tilt_text

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QGraphicsItem

    from app.gui.check.edit_panel import EditPanel
    from app.gui.check.measurement import CheckAnswer
    from app.gui.picture.marks import Place
    from app.gui.picture.view import PictureView

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
        self._used: MarkSteps[PictureMarks] | None = None
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
            steps: MarkSteps[PictureMarks] | None = used.copied()
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
    ) -> MarkSteps[PictureMarks] | None:
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


class LandmarkEditor(MarkEditor[PictureMarks]):
    """Handles with the line through both points and its angle, which follow at once."""

    def __init__(self, view: PictureView, parent: QObject | None = None) -> None:
        super().__init__(view, parent)
        self._line, self._level = GuideLine(Role.TILT), GuideLine(Role.HORIZONTAL, is_dashed=True)
        self.tag = AngleTag()

    def items(self) -> list[QGraphicsItem]:
        """Return everything that lies on the picture."""
        return [self._level, self._line, self.tag, *super().items()]

    def draw(self, marks: PictureMarks) -> None:
        """Bring all lines to where these marks are."""
        super().draw(marks)
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
        is_swapped = abs(marks.tilt_deg) > _TILT_MAX_DEG
        asked = self.tr("Is the front point in front?")
        self.tag.set_text(asked if is_swapped else tilt_text(marks.tilt))

    def describe(self, marks: PictureMarks) -> str:
        """Return which handle the keys move, and the angle."""
        handle = super().describe(marks)
        return handle if marks.points is None else f"{handle}. {self.tag.text}"

    def not_to_cover(self) -> tuple[QRect, ...]:
        """Return where the angle stands."""
        tag: QRect = (
            self.tag.deviceTransform(self.view.viewportTransform())
            .mapRect(self.tag.boundingRect())
            .toAlignedRect()
        )
        return (tag,)

    def look_at_points(self) -> None:
        """Show the pelvis large enough that the two handles lie well apart."""
        if self.marks is None:
            return
        points = self.marks.points
        if points is None:
            self.view.fit()
            return
        apart_px = math.dist(points.asis_px, points.psis_px)
        if apart_px * self.view.transform().m11() >= _CLOSE_PX:
            return
        area = QRectF(QPointF(), QSizeF(self.view.size()) * (apart_px / _COMFORTABLE_PX))
        area.moveCenter((QPointF(*points.asis_px) + QPointF(*points.psis_px)) / 2)
        self.view.show_area(area)
