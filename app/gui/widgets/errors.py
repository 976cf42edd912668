"""Parts of the History page that say what is wrong, or what to do first."""

from __future__ import annotations

import logging

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.gui.style.theme import PAGE_MARGIN_PX, Kind, set_kind
from app.history.errors import HistoryError
from app.text import history

_log = logging.getLogger(__name__)


def sentence_of(error: Exception) -> str:
    """Return what went wrong and what to do, as far as the error says."""
    return f"{getattr(error, 'message', str(error))} {getattr(error, 'fix', '')}".strip()


class ErrorBar(QWidget):
    """One sentence on what is wrong, one on what to do, and a button to try again."""

    retry_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_kind(self.words, Kind.REFUSAL)
        self.retry = QPushButton(self.tr("Try again"))
        self.retry.setToolTip(self.tr("Read the history again (F5)"))
        self.retry.clicked.connect(lambda _: self.retry_wanted.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_error(self, error: Exception, more: str = "") -> None:
        """Say what is wrong, and perhaps more; a bug is logged with where it happened."""
        if isinstance(error, HistoryError):
            sentence = f"{error.message} {error.fix}"
        else:
            _log.error("Reading or keeping the history failed", exc_info=error)
            sentence = self.tr(
                "Beltline itself failed at this. Nothing that was saved is lost; try again, "
                "and report it if it happens again."
            )
        self.words.setText(f"{sentence} {more}".strip())
        self.show()

    def take_focus(self) -> None:
        """Hand the keys to the button."""
        self.retry.setFocus()


class TitleRow(QWidget):
    """The page's name, and what can be done with files.

    Parameters
    ----------
    first
        Comes before those buttons.
    """

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(self.tr("History"))
        set_kind(title, Kind.TITLE)
        self.report = QPushButton(self.tr("Report…"))
        self.report.setToolTip(self.tr("Write a PDF to bring to a physiotherapist"))
        self.export = QPushButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Write all checks to a file for other programs"))
        self.import_ = QPushButton(self.tr("Import…"))
        self.import_.setToolTip(self.tr("Read checks from a file that was exported before"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(title, 1)
        layout.addWidget(first)
        for button in (self.report, self.export, self.import_):
            button.setAccessibleName(button.toolTip())
            layout.addWidget(button)


class EmptyPage(QWidget):
    """What to do while there are no checks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(history.NO_CHECKS)
        fix = QLabel(history.NO_CHECKS_FIX)
        set_kind(title, Kind.HEADING)
        set_kind(fix, Kind.MUTED)
        fix.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[PAGE_MARGIN_PX] * 4)
        layout.addStretch(1)
        for label in (title, fix):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addStretch(2)
