"""All ways by which a photograph reaches the program as a file or a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMimeData, QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog

from app.text import check
from vision.image.errors import FileProblem

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file to open, and a sentence if it was not the only one."""

    path: Path
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class IncomingPixels:
    """A picture without a file."""

    image: QImage


@dataclass(frozen=True, slots=True)
class NoPhotograph:
    """What is wrong, and what to do."""

    message: str
    fix: str


def read_incoming(
    mime: QMimeData | None, nothing: tuple[str, str]
) -> IncomingFile | IncomingPixels | NoPhotograph:
    """Find the photograph in what was dropped or pasted.

    Parameters
    ----------
    mime
        What came.
    nothing
        What to say, and to advise, when there is neither picture nor file in it.
    """
    if mime is None:
        return NoPhotograph(*nothing)
    urls = mime.urls() if mime.hasUrls() else []
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if local:
        return _first_file(local)
    # A picture dragged out of a browser comes as its link and its pixels.
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return IncomingPixels(image)
    if urls or _looks_like_link(mime.text()):
        return NoPhotograph(*check.WEB_LINK)
    return NoPhotograph(*nothing)


def _first_file(paths: list[Path]) -> IncomingFile | NoPhotograph:
    if paths[0].is_dir():
        return NoPhotograph(*FileProblem.FOLDER.value)
    if len(paths) == 1:
        return IncomingFile(paths[0])
    return IncomingFile(paths[0], check.FIRST_OF_SEVERAL.format(count=len(paths)))


def _looks_like_link(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "www."))


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
