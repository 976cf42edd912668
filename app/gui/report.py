"""Making a report: what goes into it, where it goes, and looking at it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QFileDialog, QWidget

from app.gui.style.theme import Kind
from app.gui.widgets.cards import in_column, in_row, make_button, say, words
from app.gui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.history import HistoryHandle, HistoryService
    from app.gui.background.jobs import Jobs
    from app.history.records import Profile
    from app.report.contents import Contents

_DIALOG_PX = 420


@dataclass(frozen=True, slots=True, eq=False)
class ReportDraft:
    """What a report will say, and a sentence on letters that no font here holds, or nothing."""

    contents: Contents
    warning: str


class ReportDialog(QDialog):
    """Asks what goes into a report before it is made."""

    #: Whether the face is to be blurred.
    wanted = pyqtSignal(bool)

    def __init__(self, name: str, warning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report"))
        self.setMinimumWidth(_DIALOG_PX)
        about = self.tr("A report to bring to a physiotherapist. Person: {name}")
        self.blur = TickBox(self.tr("Blur the face in the pictures"))
        self.warning = words(warning, Kind.WARNING)
        self.save_button = make_button(self.tr("Save as PDF…"), is_main=True, act=self.accept)
        self.save_button.setDefault(True)
        self.accepted.connect(lambda: self.wanted.emit(self.blur.isChecked()))
        cancel = make_button(self.tr("Cancel"), act=self.reject)
        buttons = in_row(1, self.save_button, cancel)
        parts = words(about.format(name=name)), self.blur, self.warning, buttons
        in_column(*parts, on=self, margins_px=16)


class ReportSaved(QDialog):
    """Says where a report is, and offers to open it."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report"))
        self.setMinimumWidth(_DIALOG_PX)
        self._path = path
        where = self.tr("The report is saved in {path}.").format(path=path)
        self.word = words(kind=Kind.WARNING)
        self.open_button = make_button(
            self.tr("Open"), is_main=True, act=lambda: self._open(self._path)
        )
        self.open_button.setDefault(True)
        self.folder_button = make_button(
            self.tr("Show in folder"), act=lambda: self._open(self._path.parent)
        )
        close = make_button(self.tr("Close"), act=self.reject)
        buttons = in_row(1, self.open_button, self.folder_button, close)
        in_column(words(where), self.word, buttons, on=self, margins_px=16)

    def _open(self, what: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(what))):
            self.accept()
        else:
            say(self.word, self.tr("No program on this computer opens {path}.").format(path=what))


class ReportActions(QObject):
    """Makes the report of the person in use; asks for a file only when there is one to make."""

    status = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(
        self, page: QWidget, jobs: Jobs, handle: HistoryHandle, service: HistoryService
    ) -> None:
        super().__init__(page)
        self._page, self._jobs, self._handle, self._service = page, jobs, handle, service

    def report(self) -> None:
        """Ask what goes into the report, or say why there is none to make."""
        profile = self._service.current_profile()
        if profile is None:
            self.status.emit(self.tr("The history is still being opened. Try again in a moment."))
            return
        self.prepare(profile, lambda draft: self._ask(profile, draft))

    def prepare(self, profile: Profile, then: Callable[[ReportDraft], None]) -> None:
        """Read what a person's report will say, then call something with it."""

        def work() -> ReportDraft:
            from app.report.contents import gather
            from app.report.document import letters_warning

            contents = gather(self._handle.history(), profile, None)
            return ReportDraft(contents, letters_warning(contents))

        self._jobs.start("report", work, then, self.failed.emit)

    def write(self, draft: ReportDraft, path: Path, *, hides_face: bool = False) -> None:
        """Write a report to a file, then say where it is."""

        def work() -> None:
            from app.report.document import write_report

            write_report(path, replace(draft.contents, hides_face=hides_face))

        def done(_: None) -> None:
            self._show(ReportSaved(path, self._page.window()))

        self._jobs.start("report", work, done, self.failed.emit)

    def _ask(self, profile: Profile, draft: ReportDraft) -> None:
        dialog = ReportDialog(profile.name, draft.warning, self._page.window())
        dialog.wanted.connect(
            lambda hides_face: self._ask_where(profile, draft, hides_face=hides_face)
        )
        self._show(dialog)

    def _ask_where(self, profile: Profile, draft: ReportDraft, *, hides_face: bool) -> None:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        title = self.tr("Save the report")
        dialog = QFileDialog(self._page.window(), title, QStandardPaths.writableLocation(place))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"beltline {profile.name}.pdf")
        dialog.fileSelected.connect(
            lambda chosen: self.write(draft, Path(chosen), hides_face=hides_face)
        )
        self._show(dialog)

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
