"""When the program itself fails: one quiet window, and the log that tells what happened."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QWidget

from app.gui.style.theme import Kind
from app.gui.widgets.cards import in_column, in_row, make_button, say, words
from app.system.log import read_log
from vision.atomic_write import atomic_write, why_not_written

if TYPE_CHECKING:
    from types import TracebackType

_log = logging.getLogger(__name__)
_SIZE_PX, _FILE_NAME = (720, 480), "beltline_log.txt"
#: Of the end of the log; what is saved is all of it.
_SHOWN_LETTERS = 100_000


class SaveLogButton(QObject):
    """Asks where to write the log, and says what came of it.

    Parameters
    ----------
    dialog
        Whose button it is.
    """

    def __init__(self, dialog: QWidget) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.button = make_button(self.tr("Save log…"), act=self._choose)
        self.outcome = words(kind=Kind.MUTED)

    def save_to(self, path: Path) -> None:
        """Write the whole log."""
        try:
            atomic_write(path, read_log().encode())
        except OSError as error:
            said = self.tr("The log was not saved: {why}. Choose another folder.")
            say(self.outcome, said.format(why=why_not_written(error)))
        else:
            say(self.outcome, self.tr("Saved as {name}.").format(name=path.name))

    def _choose(self) -> None:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self._dialog, self.tr("Save the log"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(_FILE_NAME)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()


class LogDialog(QDialog):
    """Shows the log, to be read, copied and saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Log"))
        self.resize(*_SIZE_PX)
        about = self.tr(
            "What went wrong in Beltline, for a report about a fault. There are no names, notes "
            "or pictures in it. It is sent nowhere."
        )
        self.shown = QPlainTextEdit()
        self.shown.setReadOnly(True)
        self.shown.setAccessibleName(self.tr("The log"))
        self.shown.setPlainText(read_log()[-_SHOWN_LETTERS:] or self.tr("Nothing is in the log."))
        copy = make_button(self.tr("Copy"), act=self._copy)
        self.saving = SaveLogButton(self)
        close = make_button(self.tr("Close"), is_main=True, act=self.accept)
        buttons = in_row(copy, self.saving.button, (self.saving.outcome, 1), close)
        in_column(words(about), (self.shown, 1), buttons, on=self, margins_px=16)
        close.setFocus()

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.shown.toPlainText())


class CrashWindow(QDialog):
    """Says that the program itself failed, and asks for nothing."""

    #: The person wants to end the program.
    close_wanted = pyqtSignal()
    #: The person wants to know what works here.
    doctor_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setModal(False)
        said = self.tr("Something in Beltline did not work just now, through no fault of yours.")
        more = self.tr(
            "What you saved is safe. Nothing was sent anywhere. If it happens again, save the log "
            "and send it with a report."
        )
        self.saving = SaveLogButton(self)
        self.go_on = make_button(self.tr("Go on"), is_main=True, act=self.accept)
        end = make_button(self.tr("Close Beltline"), act=self._close)
        self.look = make_button(self.tr("What works here…"), act=self._look)
        asked = in_row(self.saving.button, self.look, (self.saving.outcome, 1))
        buttons = in_column(asked, in_row(1, end, self.go_on))
        first = words(said, Kind.HEADING)
        in_column(first, words(more), buttons, on=self, margins_px=16, gap_px=12)
        self.setMinimumWidth(_SIZE_PX[0] // 2 + 120)
        self.go_on.setDefault(True)
        self.go_on.setFocus()

    def _look(self) -> None:
        self.accept()
        self.doctor_wanted.emit()

    def _close(self) -> None:
        self.accept()
        self.close_wanted.emit()


class Failures(QObject):
    """Logs every error that nobody caught, and shows one window about it.

    Parameters
    ----------
    window
        Stays; closed only where the person wants that.
    """

    #: The person wants to know what works here.
    doctor_wanted = pyqtSignal()
    #: From any thread to the one of the windows.
    _happened = pyqtSignal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        #: Where errors came from that were told: one that comes back is not told again.
        self._told: set[str] = set()
        self.shown: CrashWindow | None = None
        self._happened.connect(self._show)

    def watch(self) -> None:
        """Hear of everything from now on."""
        sys.excepthook = self.take
        threading.excepthook = lambda found: self.take(
            found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback
        )

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an error, and show the window unless it is there or was about the same."""
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        if issubclass(kind, SystemExit):
            return
        _log.critical("Beltline failed", exc_info=(kind, error, trace))
        frames = traceback.extract_tb(trace)
        place = f"{kind.__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        if place not in self._told:
            self._told.add(place)
            self._happened.emit()

    def _show(self) -> None:
        if self.shown is not None:
            return
        self.shown = CrashWindow(self._window)
        self.shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.shown.finished.connect(self._forget)
        self.shown.close_wanted.connect(self._window.close)
        self.shown.doctor_wanted.connect(self.doctor_wanted)
        self.shown.show()

    def _forget(self) -> None:
        self.shown = None
