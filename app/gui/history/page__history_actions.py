"""What the History page's buttons do with files: export, import, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.history import HistoryDoor
    from app.gui.background.history__workers_keeper import HistoryKeeper
    from app.gui.background.jobs import Jobs
    from app.gui.history.page import HistoryPage
    from app.history.exchange.model import Added


class HistoryActions(QObject):
    """Asks for a file, then works beside the GUI thread and says what came of it."""

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(
        self, page: HistoryPage, jobs: Jobs, door: HistoryDoor, keeper: HistoryKeeper
    ) -> None:
        super().__init__(page)
        self._page, self._jobs, self._door, self._keeper = page, jobs, door, keeper

    def export(self) -> None:
        """Write everybody's checks to a file."""
        dialog = self._dialog(self.tr("Export all checks"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [self.tr("Spreadsheet, checks only (*.csv)"), self.tr("Everything (*.json)")]
        )
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
        )
        dialog.selectFile("beltline.csv")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write everybody's checks to this file."""

        def work() -> int:
            from app.history.exchange.files import export_file

            return export_file(self._door.history(), path)

        def done(count: int) -> None:
            self.status.emit(
                self.tr("Checks written to {path}: {count}.").format(count=count, path=path)
            )

        self._start("export", work, done)

    def import_(self) -> None:
        """Add the checks of a file that was exported before."""
        dialog = self._dialog(self.tr("Import checks"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Exported checks (*.csv *.json)")])
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Add the checks of this file."""

        def work() -> Added:
            from app.history.exchange.files import import_file

            return import_file(self._door.history(), path)

        def done(added: Added) -> None:
            text = self.tr("Checks added: {new}. Already there, and left as they are: {old}.")
            said = text.format(new=added.checks, old=added.duplicates)
            if added.squeezes:
                tests = self.tr("Squeeze tests added: {count}.").format(count=added.squeezes)
                said = f"{said} {tests}"
            if added.entries:
                entries = self.tr("Exercises, breaks, self-checks and answers added: {count}.")
                said = f"{said} {entries.format(count=added.entries)}"
            self.status.emit(said)
            self._keeper.load()
            self._page.refresh()

        self._start("import", work, done)

    def report(self) -> None:
        """Write the current person's report and show it."""
        profile = self._keeper.current_profile()
        dialog = self._dialog(self.tr("Report to bring to a physiotherapist"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile("beltline.pdf" if profile is None else f"beltline {profile.name}.pdf")
        dialog.fileSelected.connect(lambda name: self.report_to(Path(name)))
        dialog.open()

    def report_to(self, path: Path, then: Callable[[Path], object] | None = None) -> None:
        """Write the current person's report to this file and show it.

        Parameters
        ----------
        path
            Where it goes.
        then
            Called with the file once it is written; by default the system's own program
            for PDF files opens it.
        """
        profile = self._keeper.current_profile()
        if profile is None:
            self.status.emit(self.tr("The history is still being opened. Try again in a moment."))
            return
        show = then if then is not None else _show_file

        def work() -> None:
            from app.report.document__gather import report_profile

            report_profile(path, self._door.history(), profile)

        def done(_: None) -> None:
            self.status.emit(self.tr("Wrote the report to {path}.").format(path=path))
            show(path)

        self._start("report", work, done)

    def _dialog(self, title: str) -> QFileDialog:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self._page.window(), title, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _start(self, key: str, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._jobs.start(key, work, done, self.failed.emit)


def _show_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
