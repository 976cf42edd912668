"""The part of the settings that adds, renames and removes people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import Kind, set_kind

if TYPE_CHECKING:
    from app.gui.background.history__workers_keeper import HistoryKeeper

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
