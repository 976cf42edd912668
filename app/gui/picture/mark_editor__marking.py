"""Marking the bony points on the picture, from the first guess to Done or Cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.picture.mark_editor import LandmarkEditor
from app.gui.picture.marks import MarkEditing
from vision.overlay.shapes import Role
from vision.result import Measured

if TYPE_CHECKING:
    from app.gui.background.measuring import Answer
    from app.gui.picture.mark_panel import EditPanel
    from app.gui.picture.view__picture_view import PictureView


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
