"""The page of settings: looks, pictures, people, and what is kept where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, Scheme, set_kind
from vision._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from app.gui.background.history import HistoryKeeper
    from app.settings import Settings


_LIST_HEIGHT_PX = 132


class PeopleCard(QFrame):
    """A list of people; a name is changed in its place."""

    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)

    def __init__(self, keeper: HistoryKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeper = keeper
        set_kind(self, Kind.CARD)
        self.setAccessibleName(self.tr("People"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        heading = QLabel(self.tr("People"))
        set_kind(heading, Kind.HEADING)
        layout.addWidget(heading)
        layout.addWidget(self._explanation())
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("People whose checks are kept"))
        self.names.setFixedHeight(_LIST_HEIGHT_PX)
        self.names.itemChanged.connect(self._rename)
        layout.addWidget(self.names)
        layout.addLayout(self._adding())
        self.word = QLabel()
        self.word.setWordWrap(True)
        set_kind(self.word, Kind.WARNING)
        self.word.hide()
        layout.addWidget(self.word)
        keeper.profiles_changed.connect(self._fill)
        self._fill()

    def _explanation(self) -> QLabel:
        text = QLabel(
            self.tr(
                "Each person has a history of their own. To rename somebody, select the name and "
                "press F2, or click it twice."
            )
        )
        text.setWordWrap(True)
        set_kind(text, Kind.MUTED)
        return text

    def _adding(self) -> QHBoxLayout:
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(self.tr("Name"))
        self.new_name.setAccessibleName(self.tr("Name of the person to add"))
        self.new_name.setMaxLength(80)
        self.new_name.returnPressed.connect(self._add)
        self.add_button = QPushButton(self.tr("Add"))
        self.add_button.setAccessibleName(self.tr("Add person"))
        self.add_button.clicked.connect(self._add)
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the selected person"))
        self.remove_button.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(self.new_name, 1)
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        return row

    def _fill(self) -> None:
        self.word.hide()
        self.names.blockSignals(True)
        self.names.clear()
        for profile in self._keeper.profiles():
            item = QListWidgetItem(profile.name)
            item.setData(Qt.ItemDataRole.UserRole, profile.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.names.addItem(item)
        self.names.blockSignals(False)
        self.remove_button.setEnabled(self.names.count() > 1)

    def _add(self) -> None:
        name = self.new_name.text().strip()
        if name:
            self._keeper.change(
                lambda history: history.add_profile(name), self.new_name.clear, self._tell
            )

    def _rename(self, item: QListWidgetItem) -> None:
        profile_id, name = item.data(Qt.ItemDataRole.UserRole), item.text().strip()
        self._keeper.change(
            lambda history: history.rename_profile(profile_id, name), failed=self._tell
        )

    def _remove(self) -> None:
        item = self.names.currentItem()
        if item is None:
            self._show(self.tr("Select the person to remove first."))
            return
        profile_id, name = item.data(Qt.ItemDataRole.UserRole), item.text()

        def undo() -> None:
            self._keeper.change(
                lambda history: history.restore_profile(profile_id), failed=self._tell
            )

        text = self.tr("Removed {name} with all checks.").format(name=name)
        self._keeper.change(
            lambda history: history.delete_profile(profile_id),
            lambda: self.undo_offered.emit(text, undo),
            self._tell,
        )

    def _tell(self, error: Exception) -> None:
        self._fill()
        message, fix = getattr(error, "message", str(error)), getattr(error, "fix", "")
        self._show(f"{message} {fix}".strip())

    def _show(self, text: str) -> None:
        self.word.setText(text)
        self.word.show()


_WIDTH_PX = 760


class SettingsPage(QScrollArea):
    """Every choice takes effect at once; there is nothing to confirm."""

    scheme_chosen = pyqtSignal(Scheme)
    keep_pictures_chosen = pyqtSignal(bool)
    delete_everything_wanted = pyqtSignal()
    #: What was done, and a function that takes it back.
    undo_offered = pyqtSignal(str, object)

    def __init__(
        self,
        settings: Settings,
        keeper: HistoryKeeper,
        data_folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._data_folder = settings, data_folder
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        set_kind(page, Kind.PAGE)
        # The width is limited in one place, so that wrapped lines get the height they need.
        column = QWidget()
        column.setMaximumWidth(_WIDTH_PX)
        across = QHBoxLayout(page)
        across.setContentsMargins(*(PAGE_MARGIN_PX,) * 4)
        across.addWidget(column, 1)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GROUP_GAP_PX)
        layout.addWidget(_label(self.tr("Settings"), Kind.TITLE))
        self.people = PeopleCard(keeper)
        self.people.undo_offered.connect(self.undo_offered)
        for card in (self._looks(), self._pictures(), self.people, self._data(), self._about()):
            layout.addWidget(card)
        layout.addStretch(1)
        self.setWidget(page)

    def _looks(self) -> QFrame:
        card, layout = _card(self.tr("Looks"))
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
        row = QHBoxLayout()
        row.addWidget(choice)
        row.addStretch(1)
        layout.addLayout(row)
        return card

    def _pictures(self) -> QFrame:
        card, layout = _card(self.tr("Pictures"))
        keep = QCheckBox(self.tr("Keep a small copy of each picture with its numbers"))
        keep.setChecked(self._settings.keep_pictures)
        keep.toggled.connect(self.keep_pictures_chosen)
        layout.addWidget(keep)
        layout.addWidget(
            _label(
                self.tr(
                    "The copy has no date, place or camera in it. Without it only numbers are "
                    "kept, and two checks cannot be laid over one another. You can choose anew "
                    "for each check."
                ),
                Kind.MUTED,
            )
        )
        return card

    def _data(self) -> QFrame:
        card, layout = _card(self.tr("Your data"))
        layout.addWidget(
            _label(
                self.tr(
                    "Everything stays on this computer, in the folder below. Nothing is sent "
                    "anywhere."
                )
            )
        )
        folder = _label(str(self._data_folder), Kind.MUTED)
        folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        folder.setAccessibleName(self.tr("Folder of your data"))
        layout.addWidget(folder)
        show = QPushButton(self.tr("Open folder"))
        show.clicked.connect(self._open_folder)
        delete = QPushButton(self.tr("Delete everything…"))
        delete.setToolTip(
            self.tr("Hides all checks and pictures of everybody; undo stays until you quit.")
        )
        delete.clicked.connect(self.delete_everything_wanted)
        row = QHBoxLayout()
        row.addWidget(show)
        row.addWidget(delete)
        row.addStretch(1)
        layout.addLayout(row)
        return card

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_folder)))

    def _about(self) -> QFrame:
        card, layout = _card(self.tr("About Beltline"))
        layout.addWidget(
            _label(
                self.tr(
                    "Version {version}. Free software under the GNU General Public Licence, "
                    "version 3 or later. People are found with MediaPipe's pose model "
                    "(Apache 2.0); the outline is read by a model of our own, trained on "
                    "computer-made bodies. That tests geometry and does not prove accuracy on "
                    "people. Beltline is not a medical device."
                ).format(version=__version__),
                Kind.MUTED,
            )
        )
        return card


def _label(text: str, kind: Kind = Kind.BODY) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_kind(label, kind)
    return label


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    set_kind(card, Kind.CARD)
    card.setAccessibleName(title)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 14)
    layout.addWidget(_label(title, Kind.HEADING))
    return card, layout
