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
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.settings.page__people_card import PeopleCard
from app.gui.style.theme import GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, Scheme, set_kind
from vision._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from app.gui.background.history__workers_keeper import HistoryKeeper
    from app.settings import Settings

_WIDTH_PX = 760


class SettingsPage(QScrollArea):
    """Every choice takes effect at once; there is nothing to confirm."""

    scheme_chosen = pyqtSignal(Scheme)
    keep_pictures_chosen = pyqtSignal(bool)
    delete_everything_wanted = pyqtSignal()

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
