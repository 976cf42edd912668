"""The page of settings: looks, pictures, people, and what is kept where."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QWidget,
)

from app.gui.copies import CopiesCard
from app.gui.people import PeopleCard
from app.gui.practice import PracticeCard
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import TEXT_STEP_PERCENT, Kind, Scheme
from app.gui.widgets.cards import (
    Card,
    PlainPage,
    button_row,
    in_column,
    in_row,
    make_button,
    make_choice,
    named,
    say,
    words,
)
from app.gui.widgets.status import sentence_of
from app.gui.widgets.tick_box import TickBox
from app.history.place import Place
from app.history.values import BIN_DAYS
from app.settings import TEXT_PERCENT_LIMITS
from app.text import history as history_words
from app.text.languages.speaking import AS_SYSTEM, OFFERED
from app.text.research import rating
from vision._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from app.gui.background.history import HistoryService
    from app.history.records import Deletion
    from app.history.store import History
    from app.settings import Settings

_LIST_HEIGHT_PX = 132
#: Of a choice whose entries are longer in some languages.
_LETTERS = 16


class BinCard(Card):
    """What was deleted in the last weeks, to be had back or deleted for good."""

    def __init__(self, service: HistoryService) -> None:
        super().__init__(self.tr("Recently deleted"))
        self._service = service
        self._found: list[Deletion] = []
        explanation = self.tr(
            "What you delete stays here for {days} days, and then goes for good."
        ).format(days=BIN_DAYS)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("What was deleted"))
        self.list.setFixedHeight(_LIST_HEIGHT_PX)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._follow_selection)
        self.back_button = make_button(self.tr("Bring back"), act=self._bring_back)
        self.gone_button = make_button(self.tr("Delete for good…"), act=self._ask_for_good)
        self.none, self.word = words(kind=Kind.MUTED), words(kind=Kind.WARNING)
        buttons = button_row(self.back_button, self.gone_button)
        self.add(words(explanation, Kind.MUTED), self.none, self.list, buttons, self.word)
        service.changes.written.connect(self.refresh)
        service.profiles_changed.connect(self.refresh)
        self._follow_selection()
        self.refresh()

    def refresh(self) -> None:
        """Read anew what there is."""
        self._service.read_bin(self._show, self._tell)

    def _show(self, found: list[Deletion]) -> None:
        self.word.hide()
        if found == self._found:
            return
        self._found = found
        self.list.clear()
        locale = self.list.locale()
        for deletion in found:
            when, what = (
                date_and_time(locale, deletion.at),
                history_words.describe_deletion(deletion),
            )
            item = QListWidgetItem(f"{when}: {what}")
            item.setData(Qt.ItemDataRole.UserRole, deletion.name)
            self.list.addItem(item)
        self._follow_selection()

    def _chosen(self) -> list[str]:
        return [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]

    def _follow_selection(self) -> None:
        say(self.none, "" if self._found else history_words.BIN_EMPTY.format(days=BIN_DAYS))
        self.list.setVisible(bool(self._found))
        for button in (self.back_button, self.gone_button):
            button.setVisible(bool(self._found))
            button.setEnabled(bool(self._chosen()))

    def _bring_back(self) -> None:
        names = self._chosen()

        def work(history: History) -> None:
            for name in names:
                history.restore(name)

        self._service.change(work, self._service.changes.written.emit, self._tell)

    def _ask_for_good(self) -> None:
        names = self._chosen()
        ask = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("Delete for good"),
            self.tr("Delete what you selected for good? This cannot be undone."),
            parent=self,
        )
        yes = ask.addButton(self.tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        ask.addButton(QMessageBox.StandardButton.Cancel)
        ask.setDefaultButton(QMessageBox.StandardButton.Cancel)

        def answered() -> None:
            if ask.clickedButton() is yes:
                self._service.change(
                    lambda history: history.purge(*names),
                    self._service.changes.written.emit,
                    self._tell,
                )

        ask.finished.connect(answered)
        ask.open()

    def _tell(self, error: Exception) -> None:
        say(self.word, sentence_of(error))


class DeleteEverything(QDialog):
    """Asks whether everything is to go: a word has to be typed, so that no click does it."""

    #: Somebody wants to keep a copy first.
    backup_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Delete everything"))
        self.word = self.tr("DELETE")
        what = self.tr(
            "This deletes all people with all their checks and pictures. For {days} days you can "
            "bring them back, from the list of what was recently deleted."
        ).format(days=BIN_DAYS)
        ask = self.tr("Type {word} to go on.").format(word=self.word)
        self.typed = QLineEdit()
        self.typed.setAccessibleName(ask)
        self.typed.textChanged.connect(self._follow)
        self.go_button = make_button(self.tr("Delete everything"), act=self.accept)
        backup = make_button(self.tr("Make a backup first…"), act=self.backup_wanted)
        self.cancel_button = make_button(self.tr("Cancel"), act=self.reject)
        buttons = in_row(backup, 1, self.go_button, self.cancel_button)
        in_column(words(what), words(ask), self.typed, buttons, on=self, margins_px=16)
        self._follow("")

    def _follow(self, typed: str) -> None:
        is_meant = typed.strip().casefold() == self.word.casefold()
        self.go_button.setEnabled(is_meant)
        # Enter after the word does what was asked for, instead of leaving without a sign.
        (self.go_button if is_meant else self.cancel_button).setDefault(True)


class SettingsPage(PlainPage):
    """Every choice takes effect at once; there is nothing to confirm."""

    #: A code, or what stands for the system's.
    language_chosen = pyqtSignal(str)
    scheme_chosen = pyqtSignal(Scheme)
    text_size_chosen = pyqtSignal(int)
    keep_pictures_chosen = pyqtSignal(bool)
    keep_recent_chosen = pyqtSignal(bool)
    forget_recent_wanted = pyqtSignal()
    delete_everything_wanted = pyqtSignal()
    #: Whether faces are to be blurred in it.
    backup_wanted = pyqtSignal(bool)
    restore_wanted = pyqtSignal()
    rating_wanted = pyqtSignal()

    def __init__(self, settings: Settings, service: HistoryService, data_folder: Path) -> None:
        super().__init__(self.tr("Settings"))
        self._settings, self._data_folder = settings, data_folder
        self.people = PeopleCard(service)
        self.practice = PracticeCard(service)
        self.bin = BinCard(service)
        self.add(self._looks(), self._pictures(), self.people, self.practice)
        self.copies = CopiesCard(service, Place(data_folder))
        rate = make_button(rating.RATE_BUTTON, act=self.rating_wanted)
        studies = Card(rating.CARD_TITLE, words(rating.CARD, Kind.MUTED), button_row(rate))
        self.add(self.bin, self._data(), self.copies, studies, self._about())

    def _looks(self) -> Card:
        choice = make_choice(self.tr("Light or dark"), letters=_LETTERS)
        for scheme, text in (
            (Scheme.SYSTEM, self.tr("Same as the system")),
            (Scheme.LIGHT, self.tr("Light")),
            (Scheme.DARK, self.tr("Dark")),
        ):
            choice.addItem(text, scheme)
        choice.setCurrentIndex(choice.findData(Scheme(self._settings.scheme)))
        choice.activated.connect(lambda _: self.scheme_chosen.emit(choice.currentData()))
        language = make_choice(self.tr("Language"), letters=_LETTERS)
        language.addItem(self.tr("Same as the system"), AS_SYSTEM)
        for code, name in OFFERED.items():
            language.addItem(name, code)
        language.setCurrentIndex(max(language.findData(self._settings.language), 0))
        language.activated.connect(lambda _: self.language_chosen.emit(language.currentData()))
        self.text_size = named(QComboBox(), self.tr("Text size"), "")
        least, most = TEXT_PERCENT_LIMITS
        for percent in range(least, most + 1, TEXT_STEP_PERCENT):
            self.text_size.addItem(self.tr("{percent} %").format(percent=percent), percent)
        self.show_text_size()
        self.text_size.activated.connect(
            lambda _: self.text_size_chosen.emit(self.text_size.currentData())
        )
        size = in_row(QLabel(self.tr("Text size")), self.text_size, 1)
        spoken = in_row(QLabel(self.tr("Language")), language, 1)
        return Card(self.tr("Appearance"), in_row(choice, 1), size, spoken)

    def show_text_size(self) -> None:
        """Show the text size that is in use."""
        percent = self._settings.text_percent
        self.text_size.setCurrentIndex(
            self.text_size.findData(round(percent, -1) if percent % TEXT_STEP_PERCENT else percent)
        )

    def _pictures(self) -> Card:
        keep = TickBox(self.tr("Keep a small copy of each picture"))
        keep.setChecked(self._settings.keep_pictures)
        keep.toggled.connect(self.keep_pictures_chosen)
        about = self.tr(
            "The copy has no date, place or camera in it. Without it only numbers are "
            "kept, and two checks cannot be laid over one another. You can choose again "
            "for each check."
        )
        recent = TickBox(self.tr("Remember the last pictures you opened"))
        recent.setChecked(self._settings.keeps_recent)
        recent.toggled.connect(self.keep_recent_chosen)
        forget = make_button(self.tr("Forget them"), act=self.forget_recent_wanted)
        forget.setAccessibleName(self.tr("Forget the pictures you opened last"))
        recent.toggled.connect(forget.setVisible)
        parts = keep, words(about, Kind.MUTED), recent, button_row(forget)
        card = Card(self.tr("Pictures"), *parts)
        forget.setVisible(self._settings.keeps_recent)
        return card

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
        back_up = make_button(
            self.tr("Back up…"),
            self.tr("Everything with its pictures in one file, to keep on another disk"),
            act=lambda: self.backup_wanted.emit(self.blur_faces.isChecked()),
        )
        self.blur_faces = TickBox(self.tr("Blur all faces in the backup"))
        self.blur_faces.setToolTip(
            self.tr("For a copy that others see: the faces cannot be had back from it.")
        )
        bring_back = make_button(
            self.tr("Bring a backup back…"),
            self.tr("Adds what is missing; nothing that is there is changed"),
            act=self.restore_wanted,
        )
        self.last_backup = words(self._of_last_backup(), Kind.MUTED)
        delete = make_button(
            self.tr("Delete everything…"),
            self.tr("All people with all their checks and pictures; asks before it does"),
            act=self._ask_to_delete,
        )
        rows = button_row(show, delete), self.last_backup, button_row(back_up, bring_back)
        return Card(self.tr("Your data"), words(about), folder, *rows, self.blur_faces)

    def show_last_backup(self) -> None:
        """Say when everything was last backed up."""
        say(self.last_backup, self._of_last_backup())

    def _of_last_backup(self) -> str:
        at = self._settings.backed_up_at
        if not at:
            return self.tr("There is no backup yet.")
        day = date_only(self.locale(), datetime.fromisoformat(at))
        return self.tr("The last backup was made on {day}.").format(day=day)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_folder)))

    def _ask_to_delete(self) -> None:
        ask = DeleteEverything(self)
        ask.backup_wanted.connect(lambda: self.backup_wanted.emit(False))
        ask.accepted.connect(self.delete_everything_wanted)
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.open()

    def _about(self) -> Card:
        about = self.tr(
            "Version {version}. Free software under the GNU General Public Licence, "
            "version 3 or later. People are found with MediaPipe's pose model "
            "(Apache 2.0); the outline is read by a model of our own, trained on "
            "computer-made bodies. That tests geometry and does not prove accuracy on "
            "people."
        ).format(version=__version__)
        log = make_button(
            self.tr("Log…"), self.tr("What went wrong, for a report"), act=self._show_log
        )
        return Card(self.tr("About Beltline"), words(about, Kind.MUTED), button_row(log))

    def _show_log(self) -> None:
        from app.gui.failures import LogDialog

        dialog = LogDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
