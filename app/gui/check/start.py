"""What stands before a photograph, and all ways by which one reaches the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog, QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.gui.widgets.cards import (
    Scroll,
    button_row,
    in_column,
    in_row,
    make_button,
    say,
    tip,
    words,
)
from app.gui.widgets.stance import StanceDrawing
from app.phone import words as phone
from app.text import check, measurement

if TYPE_CHECKING:
    from PyQt6.QtCore import QMimeData

_WIDTH_PX = 620
#: What a picture's name ends in, in small letters.
PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"),
    *(".tif", ".tiff", ".bmp", ".gif"),
)
_PATTERNS = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)


class StartView(Scroll):
    """Says in three lines what to do, with the buttons for it."""

    open_wanted = pyqtSignal()
    camera_wanted = pyqtSignal()
    phone_wanted = pyqtSignal()
    sample_wanted = pyqtSignal()
    calibration_wanted = pyqtSignal()

    def __init__(self, has_sample: bool) -> None:
        super().__init__()
        self._has_sample = has_sample
        content = QWidget()
        set_kind(content, Kind.PAGE)
        middle = in_row(1, on=content)
        middle.addWidget(self._card(), 100, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        self.setWidget(content)

    def set_calibrating(self, is_calibrating: bool) -> None:
        """Offer only what a person's own pictures can come by, or everything again."""
        self.calibrate_button.setVisible(not is_calibrating)
        self.sample_button.setVisible(self._has_sample and not is_calibrating)

    def add_recent(self, button: QToolButton) -> None:
        """Put a list of photographs beside the button that opens one."""
        self._first.addWidget(button)

    def show_problem(self, name: str, message: str, fix: str) -> None:
        """Say why nothing came of a photograph; empty texts say nothing."""
        say(self.problem, "\n".join(filter(None, (name, f"{message} {fix}".strip()))))
        self.ensureWidgetVisible(self.problem)

    def _card(self) -> QFrame:
        card = QFrame()
        card.setMaximumWidth(_WIDTH_PX)
        set_kind(card, Kind.CARD)
        self.problem = words("", Kind.REFUSAL)
        title, use = (
            words(check.START_TITLE, Kind.TITLE),
            words(measurement.INTENDED_USE, Kind.MUTED),
        )
        parts = self.problem, title, StanceDrawing(), _steps(), self._buttons(), use
        in_column(*parts, on=card, gap_px=GROUP_GAP_PX, margins_px=PAGE_MARGIN_PX + GAP_PX)
        return card

    def _buttons(self) -> QVBoxLayout:
        self.open_button = make_button(
            self.tr("Open a photograph…"),
            tip(self.tr("Choose a picture file"), "Ctrl+O"),
            is_main=True,
            act=self.open_wanted,
        )
        self.camera_button = make_button(
            self.tr("Take one with the camera"),
            self.tr("With a countdown, so that you can step back"),
            act=self.camera_wanted,
        )
        self.phone_button = make_button(phone.BUTTON, phone.ABOUT_BUTTON, act=self.phone_wanted)
        self.sample_button = make_button(
            self.tr("Try a sample"),
            self.tr("A computer-made person, measured like a photograph"),
            act=self.sample_wanted,
        )
        if not self._has_sample:
            self.sample_button.hide()
        self.calibrate_button = make_button(
            self.tr("Calibrate…"),
            self.tr("Show once where your bones are, and be measured more exactly from then on"),
            act=self.calibration_wanted,
        )
        self._first = button_row(self.open_button, self.camera_button, self.phone_button)
        return in_column(self._first, button_row(self.sample_button, self.calibrate_button))


class PhotoIntake(QObject):
    """Asks for files, reads the clipboard and what was dropped.

    Attributes
    ----------
    folder
        Where to begin to look for files, or None.
    """

    file_came = pyqtSignal(Path)
    #: Several files, or a folder: a list of paths.
    several_came = pyqtSignal(list)
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
        """Ask for one file or more."""
        folder = self.folder
        if folder is None or not folder.is_dir():
            place = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(place))
        dialog = QFileDialog(self._window, self.tr("Open photographs"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        pictures = self.tr("Pictures ({patterns})").format(patterns=_PATTERNS)
        dialog.setNameFilters([pictures, self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._take_chosen)
        dialog.open()

    def paste(self) -> None:
        """Take what is in the clipboard."""
        clipboard = QGuiApplication.clipboard()
        mime = None if clipboard is None else clipboard.mimeData()
        self._take(mime, check.NOTHING_TO_PASTE, self.tr("Pasted picture"))

    def drop(self, mime: QMimeData | None) -> None:
        """Take what was dropped."""
        self._take(mime, check.NOT_A_PHOTOGRAPH, self.tr("Dropped picture"))

    def _take_chosen(self, files: list[str]) -> None:
        paths = [Path(file) for file in files]
        if paths:
            self.folder = paths[0].parent
            self.folder_changed.emit(self.folder)
            self._tell(paths)

    def _tell(self, paths: list[Path]) -> None:
        if len(paths) > 1 or is_folder(paths[0]):
            self.several_came.emit(paths)
        else:
            self.file_came.emit(paths[0])

    def _take(self, mime: QMimeData | None, nothing: tuple[str, str], name: str) -> None:
        """Find the photograph, or say what is wrong; ``nothing`` where there is none at all."""
        urls = [] if mime is None else mime.urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self._tell(paths)
        elif (image := _image_in(mime)) is not None:
            # A picture dragged out of a browser comes as its link and its pixels.
            self.image_came.emit(image, name)
        elif urls or (mime is not None and _looks_like_link(mime.text())):
            self.remarked.emit(" ".join(check.WEB_LINK))
        else:
            self.remarked.emit(" ".join(nothing))


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; one that may not be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _steps() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP_GAP_PX)
    grid.setVerticalSpacing(GAP_PX + GAP_PX // 2)
    grid.setColumnStretch(1, 1)
    for row, step in enumerate(check.START_STEPS):
        number = words(str(row + 1), Kind.HEADING)
        grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words(step, Kind.BODY), row, 1)
    return grid


def _image_in(mime: QMimeData | None) -> QImage | None:
    image = QImage(mime.imageData()) if mime is not None and mime.hasImage() else QImage()
    return None if image.isNull() else image


def _looks_like_link(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "www."))
