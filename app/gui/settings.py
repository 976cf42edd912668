"""The page of settings: looks, pictures, people, and what is kept where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from app.gui.style.theme import Kind, Scheme
from app.gui.widgets.cards import Card, PlainPage, button_row, in_row, make_button, say, words
from app.gui.widgets.status import sentence_of
from vision._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from app.gui.background.history import HistoryService
    from app.settings import Settings

_LIST_HEIGHT_PX = 132


class PeopleCard(Card):
    """A list of people; a name is changed in its place."""

    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)

    def __init__(self, service: HistoryService, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("People"), parent=parent)
        self._service = service
        explanation = self.tr(
            "Each person has a history of their own. To rename somebody, select the name and "
            "press F2, or click it twice."
        )
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("People whose checks are kept"))
        self.names.setFixedHeight(_LIST_HEIGHT_PX)
        self.names.itemChanged.connect(self._rename)
        self.word = words(kind=Kind.WARNING)
        self.add(words(explanation, Kind.MUTED), self.names, self._adding(), self.word)
        service.profiles_changed.connect(self._fill)
        self._fill()

    def _adding(self) -> QHBoxLayout:
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(self.tr("Name"))
        self.new_name.setAccessibleName(self.tr("Name of the person to add"))
        self.new_name.setMaxLength(80)
        self.new_name.returnPressed.connect(self._add)
        self.add_button = make_button(self.tr("Add"), act=self._add)
        self.add_button.setAccessibleName(self.tr("Add person"))
        self.remove_button = make_button(self.tr("Remove"), act=self._remove)
        self.remove_button.setAccessibleName(self.tr("Remove the selected person"))
        return in_row((self.new_name, 1), self.add_button, self.remove_button)

    def _fill(self) -> None:
        self.word.hide()
        self.names.blockSignals(True)
        self.names.clear()
        for profile in self._service.profiles():
            item = QListWidgetItem(profile.name)
            item.setData(Qt.ItemDataRole.UserRole, profile.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.names.addItem(item)
        self.names.blockSignals(False)
        self.remove_button.setEnabled(self.names.count() > 1)

    def _add(self) -> None:
        name = self.new_name.text().strip()
        if name:
            self._service.change(
                lambda history: history.add_profile(name), self.new_name.clear, self._tell
            )

    def _rename(self, item: QListWidgetItem) -> None:
        profile_id, name = item.data(Qt.ItemDataRole.UserRole), item.text().strip()
        self._service.change(
            lambda history: history.rename_profile(profile_id, name), failed=self._tell
        )

    def _remove(self) -> None:
        item = self.names.currentItem()
        if item is None:
            say(self.word, self.tr("Select the person to remove first."))
            return
        profile_id, name = item.data(Qt.ItemDataRole.UserRole), item.text()

        def undo() -> None:
            self._service.change(
                lambda history: history.restore_profile(profile_id), failed=self._tell
            )

        text = self.tr("Removed {name} with all checks.").format(name=name)
        self._service.change(
            lambda history: history.delete_profile(profile_id),
            lambda: self.undo_offered.emit(text, undo),
            self._tell,
        )

    def _tell(self, error: Exception) -> None:
        self._fill()
        say(self.word, sentence_of(error))


class SettingsPage(PlainPage):
    """Every choice takes effect at once; there is nothing to confirm."""

    scheme_chosen = pyqtSignal(Scheme)
    keep_pictures_chosen = pyqtSignal(bool)
    delete_everything_wanted = pyqtSignal()
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)

    def __init__(
        self,
        settings: Settings,
        service: HistoryService,
        data_folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("Settings"), parent)
        self._settings, self._data_folder = settings, data_folder
        self.people = PeopleCard(service)
        self.people.undo_offered.connect(self.undo_offered)
        self.add(self._looks(), self._pictures(), self.people, self._data(), self._about())

    def _looks(self) -> Card:
        choice = QComboBox()
        for scheme, text in (
            (Scheme.SYSTEM, self.tr("As the system")),
            (Scheme.LIGHT, self.tr("Light")),
            (Scheme.DARK, self.tr("Dark")),
        ):
            choice.addItem(text, scheme)
        choice.setCurrentIndex(choice.findData(Scheme(self._settings.scheme)))
        choice.setAccessibleName(self.tr("Light or dark"))
        choice.activated.connect(lambda _: self.scheme_chosen.emit(choice.currentData()))
        return Card(self.tr("Looks"), in_row(choice, 1))

    def _pictures(self) -> Card:
        keep = QCheckBox(self.tr("Keep a small copy of each picture with its numbers"))
        keep.setChecked(self._settings.keep_pictures)
        keep.toggled.connect(self.keep_pictures_chosen)
        about = self.tr(
            "The copy has no date, place or camera in it. Without it only numbers are "
            "kept, and two checks cannot be laid over one another. You can choose anew "
            "for each check."
        )
        return Card(self.tr("Pictures"), keep, words(about, Kind.MUTED))

    def _data(self) -> Card:
        about = self.tr(
            "Everything stays on this computer, in the folder below. Nothing is sent anywhere."
        )
        folder = words(str(self._data_folder), Kind.MUTED)
        folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        folder.setAccessibleName(self.tr("Folder of your data"))
        show = make_button(self.tr("Open folder"), act=self._open_folder)
        delete = make_button(
            self.tr("Delete everything…"),
            self.tr("Hides all checks and pictures of everybody; undo stays until you quit."),
            act=self.delete_everything_wanted,
        )
        return Card(self.tr("Your data"), words(about), folder, button_row(show, delete))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_folder)))

    def _about(self) -> Card:
        about = self.tr(
            "Version {version}. Free software under the GNU General Public Licence, "
            "version 3 or later. People are found with MediaPipe's pose model "
            "(Apache 2.0); the outline is read by a model of our own, trained on "
            "computer-made bodies. That tests geometry and does not prove accuracy on "
            "people. Beltline is not a medical device."
        ).format(version=__version__)
        return Card(self.tr("About Beltline"), words(about, Kind.MUTED))
