"""A menu that brings a result out of the program: copied, saved as a picture, or printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMimeData, QRectF, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QGuiApplication, QImage, QKeySequence, QPainter, QShortcut
from PyQt6.QtWidgets import QFileDialog, QMenu, QToolButton

from app.gui.style.dates import date_only
from app.gui.widgets.cards import named
from app.gui.widgets.status import sentence_of
from app.text import share as text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtPrintSupport import QPrinter
    from PyQt6.QtWidgets import QWidget

    from app.gui.background.jobs import Jobs
    from vision.result import Measured

_KEY = "share"
#: On paper: letters, the gap below a paragraph in lines, and room round the page as a share of
#: its width.
_LETTERS_PT, _HEADLINE_PT, _GAP, _MARGIN = 11, 16, 0.5, 0.06


class FaceNotFound(Exception):
    """The face cannot be hidden, so the picture must not leave the program."""

    def __init__(self) -> None:
        super().__init__(text.NO_FACE)
        self.message, self.fix = text.NO_FACE, ""


@dataclass(frozen=True, slots=True, eq=False)
class SharedCheck:
    """A check that can leave the program; whose it is is no part of it.

    Attributes
    ----------
    rgb
        Its picture, shape (height, width, 3), perhaps smaller than the full one; None where
        none was kept.
    size_px
        Width and height of the full upright picture.
    """

    result: Measured
    taken_at: datetime
    rgb: NDArray[np.uint8] | None
    size_px: tuple[int, int]


class ShareMenu(QToolButton):
    """Copies, saves and prints the check at hand; not there while there is none.

    Parameters
    ----------
    jobs
        Pictures are drawn and written with these.
    """

    #: A sentence on what just happened.
    status = pyqtSignal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._check: SharedCheck | None = None
        self.setText(text.SHARE)
        named(self, text.SHARE, text.SHARE_TIP)
        menu = QMenu(self)
        copy = QKeySequence(QKeySequence.StandardKey.Copy)
        shown = copy.toString(QKeySequence.SequenceFormat.NativeText)
        self.copy_action = menu.addAction(f"{text.COPY}\t{shown}", self.copy)
        self.save_action = menu.addAction(text.SAVE_PICTURE, self.choose_file)
        self.print_action = menu.addAction(text.PRINT, self.choose_printer)
        menu.addSeparator()
        self.blur = menu.addAction(text.BLUR)
        assert self.blur is not None
        self.blur.setCheckable(True)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.hide()

    def use_key(self, page: QWidget) -> None:
        """Copy by the usual keys, wherever they are pressed while the page is shown."""
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), page).activated.connect(self.copy)

    def offer(self, check: SharedCheck | None) -> None:
        """Have this check ready; None hides the menu."""
        self._check = check
        self.setVisible(check is not None)
        has_picture = check is not None and check.rgb is not None
        for action in (self.save_action, self.blur):
            if action is not None:
                action.setVisible(has_picture)

    def copy(self) -> None:
        """Put words and picture onto the clipboard."""
        check = self._check
        if check is None:
            return
        lines = self._lines(check)

        def done(picture: QImage | None) -> None:
            data = QMimeData()
            data.setText("\n".join(lines))
            if picture is not None:
                data.setImageData(picture)
            clipboard = QGuiApplication.clipboard()
            if clipboard is not None:
                clipboard.setMimeData(data)
            self.status.emit(text.COPIED if picture is not None else text.COPIED_WORDS)

        self._start(partial(drawn_image, check, self._blurs), done)

    def choose_file(self) -> None:
        """Ask where to write the picture."""
        check = self._check
        if check is None:
            return
        place = QStandardPaths.StandardLocation.PicturesLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self.window(), text.SAVE_PICTURE.rstrip("…"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(text.FORMS)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(text.file_name(check.taken_at.astimezone().date()))
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write the picture with what was measured, whole or not at all."""
        check, blurs = self._check, self._blurs
        if check is None:
            return

        def work() -> None:
            from vision.overlay.raster import save_picture

            rgb = drawn(check, blurs)
            if rgb is not None:
                save_picture(rgb, path)

        self._start(work, lambda _: self.status.emit(text.SAVED.format(name=path.name)))

    def choose_printer(self) -> None:
        """Ask for a printer."""
        from PyQt6.QtPrintSupport import QPrintDialog, QPrinter

        if self._check is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_with(printer))
        dialog.open()

    def print_with(self, printer: QPrinter) -> None:
        """Print a page with picture, angle, day, and what Beltline is for."""
        check = self._check
        if check is None:
            return
        lines, blurs = self._lines(check), self._blurs

        def work() -> bool:
            return paint_page(printer, drawn_image(check, blurs), lines)

        file = Path(printer.outputFileName()).name

        def done(has_printed: bool) -> None:
            said = text.SAVED.format(name=file) if file else text.PRINTED
            self.status.emit(said if has_printed else text.NOT_PRINTED)

        self._start(work, done)

    @property
    def _blurs(self) -> bool:
        return self.blur is not None and self.blur.isChecked()

    def _lines(self, check: SharedCheck) -> tuple[str, ...]:
        return text.share_lines(check.result, date_only(self.locale(), check.taken_at))

    def _start(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._jobs.start(_KEY, work, done, lambda error: self.status.emit(sentence_of(error)))


def drawn(check: SharedCheck, blurs_face: bool) -> NDArray[np.uint8] | None:
    """Return the picture with what was measured drawn on it; None where none was kept.

    Raises
    ------
    FaceNotFound
        Where the face is to be hidden and it is not known where it is.
    """
    from vision.image.frame import Frame
    from vision.overlay.build import build_overlay
    from vision.overlay.face import blur_face
    from vision.overlay.raster import paint_overlay

    rgb = check.rgb
    if rgb is None:
        return None
    if blurs_face:
        rgb = blur_face(rgb, check.result, check.size_px)
        if rgb is None:
            raise FaceNotFound
    return paint_overlay(Frame(rgb, *check.size_px, ""), build_overlay(check.result))


def drawn_image(check: SharedCheck, blurs_face: bool) -> QImage | None:
    """Return the same as a picture of Qt's."""
    rgb = drawn(check, blurs_face)
    if rgb is None:
        return None
    height, width = rgb.shape[:2]
    return QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def paint_page(printer: QPrinter, picture: QImage | None, lines: tuple[str, ...]) -> bool:
    """Paint a page: the words, the first of them large, and the picture below; tell if it could."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    page = QRectF(painter.viewport())
    margin = _MARGIN * page.width()
    page.adjust(margin, margin, -margin, -margin)
    top = page.top()
    for number, line in enumerate(lines):
        font = QFont()
        font.setPointSizeF(_LETTERS_PT if number else _HEADLINE_PT)
        painter.setFont(font)
        room = QRectF(page.left(), top, page.width(), page.bottom() - top)
        flags = Qt.TextFlag.TextWordWrap
        height = painter.boundingRect(room, flags, line).height()
        painter.drawText(room, flags, line)
        top += height + _GAP * painter.fontMetrics().height()
    if picture is not None:
        room = QRectF(page.left(), top, page.width(), page.bottom() - top)
        size = picture.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(room.topLeft(), size), picture)
    return painter.end()
