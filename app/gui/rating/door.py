"""The way from the main window to the photographs of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog

from app.gui.rating.session import open_folder
from app.gui.rating.window import RatingWindow
from app.text.research import rating

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from app.gui.background.jobs import Jobs
    from app.study.design import Study
    from app.study.worklist import Worklist


class RatingDoor(QObject):
    """Asks for a folder and opens the window for it, one at a time."""

    #: An error with its message and fix.
    failed = pyqtSignal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.window: RatingWindow | None = None

    def choose(self, near: QWidget | None) -> None:
        """Ask which folder, unless one is being rated."""
        if self.window is not None:
            self.window.raise_()
            self.window.activateWindow()
            return
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(near, rating.CHOOSE_FOLDER, folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.open(Path(chosen)))
        dialog.open()

    def open(self, folder: Path) -> None:
        """Open the window for a rater's folder or a study's, or say why it cannot be."""
        self._jobs.start("study", lambda: open_folder(folder), self._show, self.failed.emit)

    def close(self) -> None:
        """Close the window; each answer was kept when it was given."""
        if self.window is not None:
            self.window.close()

    def _show(self, work: Worklist | Study) -> None:
        self.window = RatingWindow(work)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.window.destroyed.connect(self._forget)
        self.window.show()

    def _forget(self) -> None:
        self.window = None
