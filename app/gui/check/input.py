"""All ways by which a photograph reaches the program as a file or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog

from app.text import check
from vision.reasons import FileProblem

if TYPE_CHECKING:
    from PyQt6.QtCore import QMimeData
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
        """Find the photograph, or say what is wrong; ``nothing`` where there is none at all."""
        urls = [] if mime is None else mime.urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths and paths[0].is_dir():
            self.remarked.emit(" ".join(FileProblem.FOLDER.value))
        elif paths:
            self.file_came.emit(paths[0])
            if len(paths) > 1:
                self.remarked.emit(check.FIRST_OF_SEVERAL.format(count=len(paths)))
        elif (image := _image_in(mime)) is not None:
            # A picture dragged out of a browser comes as its link and its pixels.
            self.image_came.emit(image, name)
        elif urls or (mime is not None and _looks_like_link(mime.text())):
            self.remarked.emit(" ".join(check.WEB_LINK))
        else:
            self.remarked.emit(" ".join(nothing))


def _image_in(mime: QMimeData | None) -> QImage | None:
    image = QImage(mime.imageData()) if mime is not None and mime.hasImage() else QImage()
    return None if image.isNull() else image


def _looks_like_link(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "www."))
