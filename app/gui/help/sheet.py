"""Getting the page about how to stand: on which paper, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QFileDialog, QWidget

from app.gui.report import ReportSaved
from app.gui.style.theme import GROUP_GAP_PX
from app.gui.widgets.cards import in_column, in_row, make_button, make_choice
from app.gui.widgets.cards import words as label
from app.text.help import sheet as words

if TYPE_CHECKING:
    from app.gui.background.jobs import Jobs

_DIALOG_PX = 420
#: By their names in :class:`app.report.sheet.PaperSize`, which is loaded when the page is made.
_A4, _LETTER = "A4", "LETTER"


class SheetDialog(QDialog):
    """Asks for the paper and a file, makes the page beside the window, and offers to open it.

    Parameters
    ----------
    jobs
        Make the page.
    """

    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._window = jobs, parent
        self.setWindowTitle(words.TITLE)
        self.setMinimumWidth(_DIALOG_PX)
        self.paper = make_choice(
            words.PAPER, "", ((words.A4, _A4), (words.LETTER, _LETTER)), letters=9
        )
        # A window of its own does not take over the language of the one it is for.
        place = (self if parent is None else parent).locale()
        american = QLocale.MeasurementSystem.ImperialUSSystem
        is_american = place.measurementSystem() is american
        self.paper.setCurrentIndex(int(is_american))
        paper = label(words.PAPER, can_copy=False)
        paper.setWordWrap(False)
        paper.setBuddy(self.paper)
        self.save_button = make_button(words.SAVE, is_main=True, act=self._ask_where)
        self.save_button.setDefault(True)
        cancel = make_button(words.CANCEL, act=self.reject)
        parts = in_row(paper, self.paper, 1), in_row(1, self.save_button, cancel)
        column = label(words.DIALOG_ABOUT), *parts
        in_column(*column, on=self, gap_px=GROUP_GAP_PX, margins_px=GROUP_GAP_PX)

    def write(self, path: Path) -> None:
        """Write the page to a file, then say where it is."""
        paper = self.paper.currentData()

        def work() -> None:
            from app.report.sheet import PaperSize, write_sheet

            write_sheet(path, PaperSize[paper])

        self._jobs.start("sheet", work, lambda _: self._show_saved(path), self.failed.emit)
        self.accept()

    def _show_saved(self, path: Path) -> None:
        saved = ReportSaved(path, self._window, words.SAVED.format(path=path))
        saved.setWindowTitle(words.TITLE)
        saved.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        saved.open()

    def _ask_where(self) -> None:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self, words.SAVE_TITLE, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([words.FILTER])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(words.FILE_NAME)
        dialog.fileSelected.connect(lambda chosen: self.write(Path(chosen)))
        dialog.open()
