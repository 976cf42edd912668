"""The practice whose name and logo stand at the head of reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QStandardPaths, Qt
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QFileDialog, QLabel, QLineEdit

from app.gui.style.theme import Kind
from app.gui.widgets.cards import Card, in_row, make_button, named, say, words
from app.gui.widgets.status import sentence_of
from app.history.practice import NAME_MAX, Practice, logo_from, read_practice, write_practice

if TYPE_CHECKING:
    from app.gui.background.history import HistoryService
    from app.history.store import History

_LOGO_PX = 220, 48


class PracticeCard(Card):
    """Name and logo of a practice; both are kept at once."""

    def __init__(self, service: HistoryService) -> None:
        super().__init__(self.tr("Your practice"))
        self._service = service
        self.practice = Practice()
        explanation = self.tr(
            "For physiotherapists: this stands at the top of each report. Others leave it empty."
        )
        self.name = named(QLineEdit(), self.tr("Name of your practice"), "")
        self.name.setPlaceholderText(self.tr("Name of your practice"))
        self.name.setMaxLength(NAME_MAX)
        self.name.editingFinished.connect(self._keep_name)
        self.logo = named(QLabel(), self.tr("Logo of your practice"))
        self.logo.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.choose_button = make_button(self.tr("Choose logo…"), act=self._choose)
        self.remove_button = make_button(self.tr("Remove logo"), act=lambda: self._put_logo(b""))
        self.word = words(kind=Kind.WARNING)
        buttons = in_row(self.logo, self.choose_button, self.remove_button, 1)
        self.add(words(explanation, Kind.MUTED), self.name, buttons, self.word)
        self._show(self.practice)
        service.ask("practice", _read, self._show, self._tell)

    def use_logo(self, path: Path) -> None:
        """Take a picture file for the logo, or say why it cannot be one."""
        self._service.ask("logo", lambda _: logo_from(path), self._put_logo, self._tell)

    def _choose(self) -> None:
        place = QStandardPaths.StandardLocation.PicturesLocation
        dialog = QFileDialog(
            self.window(), self.tr("Choose logo"), QStandardPaths.writableLocation(place)
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif)")])
        dialog.fileSelected.connect(lambda name: self.use_logo(Path(name)))
        dialog.open()

    def _keep_name(self) -> None:
        name = " ".join(self.name.text().split())
        self._keep(self.tr("Changed the name of the practice"), replace(self.practice, name=name))

    def _put_logo(self, logo: bytes) -> None:
        self._keep(self.tr("Changed the logo of the practice"), replace(self.practice, logo=logo))

    def _keep(self, said: str, wanted: Practice) -> None:
        self.word.hide()
        if wanted != self.practice:
            self._service.changes.edit(said, self.practice, wanted, self._show, _write)

    def _show(self, practice: Practice) -> None:
        self.practice = practice
        if not self.name.hasFocus():
            self.name.setText(practice.name)
        shown = QPixmap()
        shown.loadFromData(practice.logo)
        if not shown.isNull():
            ratio = self.devicePixelRatioF()
            wide, tall = (round(side * ratio) for side in _LOGO_PX)
            shown = shown.scaled(
                *(wide, tall),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            shown.setDevicePixelRatio(ratio)
        self.logo.setPixmap(shown)
        self.logo.setVisible(not shown.isNull())
        self.remove_button.setVisible(bool(practice.logo))

    def _tell(self, error: Exception) -> None:
        say(self.word, sentence_of(error))


def _read(history: History) -> Practice:
    return read_practice(history.place.folder)


def _write(history: History, practice: Practice) -> None:
    write_practice(history.place.folder, practice)
