"""All ways by which a photograph reaches the program as a file or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMimeData, QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFileDialog

from app.gui.check.input__incoming import IncomingFile, IncomingPixels, NoPhotograph, read_incoming
from app.text import check

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

_PATTERNS = "*.jpg *.jpeg *.png *.webp *.heic *.heif *.avif *.tif *.tiff *.bmp *.gif"


class PhotoIntake(QObject):
    """Asks for files, reads the clipboard and what was dropped.

    Attributes
    ----------
    folder
        Where to begin to look for files, or None.
    """

    file_came = pyqtSignal(Path)
    #: A QImage and what to call it.
    image_came = pyqtSignal(object, str)
    #: One sentence to show, with what to do; what is shown may stay.
    remarked = pyqtSignal(str)
    folder_changed = pyqtSignal(Path)

    def __init__(self, window: QWidget, folder: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self.folder = folder

    def choose(self) -> None:
        """Ask for a file."""
        folder = self.folder
        if folder is None or not folder.is_dir():
            place = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(place))
        dialog = QFileDialog(self._window, self.tr("Open a photograph"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        pictures = self.tr("Pictures ({patterns})").format(patterns=_PATTERNS)
        dialog.setNameFilters([pictures, self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_chosen)
        dialog.open()

    def paste(self) -> None:
        """Take what is in the clipboard."""
        clipboard = QGuiApplication.clipboard()
        mime = None if clipboard is None else clipboard.mimeData()
        self._take(mime, check.NOTHING_TO_PASTE, self.tr("Pasted picture"))

    def drop(self, mime: QMimeData | None) -> None:
        """Take what was dropped."""
        self._take(mime, check.NOT_A_PHOTOGRAPH, self.tr("Dropped picture"))

    def _take_chosen(self, file: str) -> None:
        self.folder = Path(file).parent
        self.folder_changed.emit(self.folder)
        self.file_came.emit(Path(file))

    def _take(self, mime: QMimeData | None, nothing: tuple[str, str], name: str) -> None:
        incoming = read_incoming(mime, nothing)
        if isinstance(incoming, NoPhotograph):
            self.remarked.emit(f"{incoming.message} {incoming.fix}")
        elif isinstance(incoming, IncomingPixels):
            self.image_came.emit(incoming.image, name)
        elif isinstance(incoming, IncomingFile):
            self.file_came.emit(incoming.path)
            if incoming.remark:
                self.remarked.emit(incoming.remark)
