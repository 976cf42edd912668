"""The copies of earlier days, and what to do about a damaged history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QComboBox, QMessageBox

from app.gui.style.dates import day_only
from app.gui.style.theme import Kind
from app.gui.widgets.cards import Card, button_row, flow, make_button, named, say, words
from app.gui.widgets.status import sentence_of
from app.history.errors import CorruptHistory, UnreadableRows
from app.history.exchange.daily import KEPT_DAYS, daily_copies
from app.history.place import URL_VARIABLE
from app.text import doctor as doctor_text
from app.text.doctor import salvaged_lines, set_aside_lines, used_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PyQt6.QtGui import QShowEvent

    from app.gui.background.history import HistoryService
    from app.history.place import Place
    from app.history.records import Salvaged


class CopiesCard(Card):
    """One copy of each day that changed something, to go back to; saves what can be read.

    Parameters
    ----------
    place
        Where the history lies.
    """

    def __init__(self, service: HistoryService, place: Place) -> None:
        super().__init__(self.tr("Earlier copies"))
        self._service, self._place = service, place
        explanation = self.tr(
            "Beltline copies your history on each day on which something new is kept, and keeps "
            "the last {days} copies on this computer."
        ).format(days=KEPT_DAYS)
        self.days = named(QComboBox(), self.tr("Copies of earlier days"), "")
        self.days.setPlaceholderText(self.tr("None yet"))
        self.back_button = make_button(self.tr("Go back to this copy…"), act=self._ask)
        self.save_button = make_button(
            self.tr("Save what can be read"),
            self.tr("Goes on with it; the damaged file is kept beside it"),
            act=self._save,
        )
        self.damage, self.word = words(kind=Kind.WARNING), words(kind=Kind.MUTED)
        choice = flow(self.days, self.back_button)
        parts = words(explanation, Kind.MUTED), choice, self.damage, button_row(self.save_button)
        self.add(*parts, self.word)
        self._show_damage(None)
        # Of a database on a server, its keeper keeps copies.
        if os.environ.get(URL_VARIABLE, "").strip():
            self.hide()
        service.profiles_changed.connect(self.refresh)
        service.failed.connect(self._show_damage)
        self.refresh()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Look again: the copy of the day may have been made since."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read anew which copies there are, and whether the history is damaged."""
        copies = daily_copies(self._place)
        chosen = self.days.currentData()
        self.days.clear()
        for copy in copies:
            flaws = doctor_text.FLAWED if copy.is_flawed else ""
            self.days.addItem(f"{day_only(self.locale(), copy.day)}{flaws}", copy.path)
        self.days.setCurrentIndex(max(0 if copies else -1, self.days.findData(chosen)))
        for widget in (self.days, self.back_button):
            widget.setEnabled(bool(copies))
        self._show_damage(self._service.harm)

    def _show_damage(self, told: Exception | None) -> None:
        """Offer to save what can be read, if that is what is wrong; other errors are not told."""
        if told is None:
            say(self.damage, "")
            self.save_button.hide()
        elif isinstance(told, CorruptHistory | UnreadableRows):
            say(self.damage, sentence_of(told))
            self.save_button.show()

    def _ask(self) -> None:
        path: Path = self.days.currentData()
        ask = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Go back to this copy"),
            self.tr(
                "Go back to the history as it was at the beginning of {day}? The history as it is "
                "now is not deleted: it is kept beside it."
            ).format(day=self.days.currentText()),
            parent=self,
        )
        yes = ask.addButton(self.tr("Go back"), QMessageBox.ButtonRole.AcceptRole)
        ask.addButton(QMessageBox.StandardButton.Cancel)
        ask.setDefaultButton(QMessageBox.StandardButton.Cancel)
        ask.finished.connect(lambda: self.use(path) if ask.clickedButton() is yes else None)
        ask.open()

    def use(self, path: Path) -> None:
        """Put a copy in the history's place."""
        place = self._place

        def work() -> list[str]:
            from app.history.db.damage.copies import use_file

            return used_lines(path, use_file(place, path))

        self._mend(work)

    def _save(self) -> None:
        place = self._place

        def work() -> list[str]:
            from app.history.db.damage.copies import use_file
            from app.history.db.damage.salvage import salvage

            saved: Salvaged = salvage(place)
            aside = use_file(place, saved.path)
            saved.path.unlink(missing_ok=True)  # it is the history now
            return [*salvaged_lines(saved, is_in_use=True), *set_aside_lines(aside)]

        self._mend(work)

    def _mend(self, work: Callable[[], list[str]]) -> None:
        self._service.mend(work, lambda lines: say(self.word, "\n".join(lines)), self._tell)

    def _tell(self, error: Exception) -> None:
        say(self.word, sentence_of(error))
