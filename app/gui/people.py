"""The people whose checks are kept: found, sorted, added, and what is known of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, Qt
from PyQt6.QtGui import QIntValidator
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDateEdit,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.gui.style.dates import date_only, day_format, day_only
from app.gui.style.theme import Kind
from app.gui.widgets.cards import Card, flow, in_row, make_button, make_choice, named, say, words
from app.gui.widgets.status import sentence_of
from app.history.clients import Client, ClientOrder, find_clients
from app.history.values import CLIENT_ID_MAX
from app.text import people as people_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.background.history import HistoryService
    from app.history.records import Profile
    from app.history.store import History

_TABLE_HEIGHT_PX = 232
_ID_PX, _YEAR_PX = 110, 70
_NAME, _ID, _SEEN, _NEXT = range(4)
#: What a choice of the next check's day stands for, beside a number of weeks.
_NEVER, _ON_A_DAY = 0, -1


class PeopleCard(Card):
    """A table of people; a name is changed in its place, the rest below it."""

    def __init__(self, service: HistoryService) -> None:
        super().__init__(self.tr("People"))
        self._service = service
        self._shown: list[Client] = []
        explanation = self.tr(
            "Each person has a history of their own. To rename somebody, select the name and "
            "press F2, or click it twice."
        )
        self.search = named(QLineEdit(), self.tr("Search by name or ID"))
        self.search.setPlaceholderText(self.tr("Search by name or ID"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.order = make_choice(
            self.tr("How people are sorted"),
            items=(
                (self.tr("By name"), ClientOrder.NAME),
                (self.tr("Last seen first"), ClientOrder.SEEN),
                (self.tr("Next check first"), ClientOrder.DUE),
            ),
            letters=14,
        )
        self.order.activated.connect(self._search)
        self.table = self._table()
        self.none, self.word = words(kind=Kind.MUTED), words(kind=Kind.WARNING)
        self.details = DetailsRow(service, self._tell)
        self.add(
            words(explanation, Kind.MUTED),
            in_row((self.search, 1), self.order),
            *(self.table, self.none, self.details, self.word),
            self._adding(),
        )
        service.profiles_changed.connect(self._refresh)
        self._refresh()

    def _table(self) -> QTableWidget:
        titles = self.tr("Name"), self.tr("ID"), self.tr("Last seen"), self.tr("Next check")
        table = named(QTableWidget(0, len(titles)), self.tr("People whose checks are kept"), "")
        table.setHorizontalHeaderLabels(titles)
        table.setFixedHeight(_TABLE_HEIGHT_PX)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setStyleSheet("QTableView::item { padding: 0 8px 0 5px; }")
        columns, rows = table.horizontalHeader(), table.verticalHeader()
        if columns is not None and rows is not None:
            # Widths that follow each cell would be worked out anew for every one that is filled.
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            columns.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
            columns.setResizeContentsPrecision(50)
            columns.setHighlightSections(False)
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            rows.hide()
        table.itemChanged.connect(self._rename)
        table.itemSelectionChanged.connect(self._follow_selection)
        return table

    def _adding(self) -> QHBoxLayout:
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(self.tr("Name"))
        self.new_name.setAccessibleName(self.tr("Name of the person to add"))
        self.new_name.returnPressed.connect(self._add)
        self.add_button = make_button(self.tr("Add"), act=self._add)
        self.add_button.setAccessibleName(self.tr("Add person"))
        self.remove_button = make_button(self.tr("Remove"), act=self._remove)
        self.remove_button.setAccessibleName(self.tr("Remove the selected person"))
        self.use_button = make_button(
            self.tr("Show checks"), self.tr("Go on with the selected person"), act=self._use
        )
        buttons = self.add_button, self.remove_button, self.use_button
        return in_row((self.new_name, 1), flow(*buttons))

    def names(self) -> list[str]:
        """Return whom the table shows, from top to bottom."""
        return [client.profile.name for client in self._shown]

    def select(self, name: str) -> None:
        """Select somebody whom the table shows."""
        self.table.setCurrentCell(self.names().index(name), _NAME)

    def _search(self) -> None:
        self._fill(find_clients(self._service.clients(), self.search.text(), self._order()))

    def _refresh(self) -> None:
        """Show what is new; whoever is being changed stays, though they may fit no longer."""
        clients = self._service.clients()
        found = find_clients(clients, self.search.text())
        selected = self._selected()
        kept = {one.profile.id for one in found} | ({selected.id} if selected else set())
        everybody = find_clients(clients, "", self._order())
        self._fill([one for one in everybody if one.profile.id in kept])

    def _order(self) -> ClientOrder:
        return ClientOrder(self.order.currentData())

    def _fill(self, found: list[Client]) -> None:
        self.word.hide()
        selected = self._selected()
        self._shown = found
        today = date.today()
        self.table.blockSignals(True)
        self.table.setRowCount(len(found))
        for row, client in enumerate(found):
            for column, text in enumerate(self._cells(client, today)):
                item = QTableWidgetItem(text)
                if column != _NAME:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, column, item)
        ids = [client.profile.id for client in found]
        for column in (_ID, _SEEN, _NEXT):
            self.table.resizeColumnToContents(column)
        # Somebody is always selected, so that each field below belongs to somebody.
        wanted = (None if selected is None else selected.id, self._service.current_profile_id)
        rows = [ids.index(one) for one in wanted if one in ids]
        self.table.setCurrentCell(rows[0] if rows else 0 if ids else -1, _NAME)
        self.table.blockSignals(False)
        say(self.none, people_words.NOBODY if self._service.clients() and not found else "")
        self.remove_button.setEnabled(len(self._service.clients()) > 1)
        self._follow_selection()

    def _cells(self, client: Client, today: date) -> tuple[str, ...]:
        locale, profile = self.table.locale(), client.profile
        seen = client.last_seen_at
        planned = "" if profile.next_check_on is None else day_only(locale, profile.next_check_on)
        if client.is_due(today):
            planned = self.tr("due since {day}").format(day=planned)
        return profile.name, profile.client_id, date_only(locale, seen) if seen else "", planned

    def _selected(self) -> Profile | None:
        row = self.table.currentRow()
        return self._shown[row].profile if 0 <= row < len(self._shown) else None

    def _follow_selection(self) -> None:
        selected = self._selected()
        self.details.show_profile(selected)
        self.use_button.setEnabled(selected is not None)

    def _add(self) -> None:
        name = self.new_name.text().strip()
        if not name:
            return
        added: list[int] = []

        def done() -> None:
            self.new_name.clear()
            if name in self.names():
                self.select(name)
            said = self.tr("Added {name}").format(name=name)
            self._service.changes.keep(said, lambda history: history.delete_profile(added[0]))

        self._service.change(
            lambda history: added.append(history.add_profile(name).id), done, self._tell
        )

    def _rename(self, item: QTableWidgetItem) -> None:
        known = self._shown[item.row()].profile
        wanted = replace(known, name=item.text().strip())
        said = self.tr("Renamed {before}").format(before=known.name)
        change_profile(self._service, said, known, wanted, self._tell)

    def _remove(self) -> None:
        selected = self._selected()
        if selected is None:
            say(self.word, self.tr("Select the person to remove first."))
            return
        text = self.tr("Removed {name} with all checks").format(name=selected.name)
        self._service.changes.delete(
            text, lambda history: history.delete_profile(selected.id), self._tell
        )

    def _use(self) -> None:
        selected = self._selected()
        if selected is not None:
            self._service.set_current_profile(selected.id)

    def _tell(self, error: Exception) -> None:
        self._refresh()
        say(self.word, sentence_of(error))


class DetailsRow(QWidget):
    """What is known of one person beside the name; each field is kept when it is left.

    Parameters
    ----------
    failed
        Told of what cannot be kept.
    """

    def __init__(self, service: HistoryService, failed: Callable[[Exception], None]) -> None:
        super().__init__()
        self._service, self._failed = service, failed
        self._profile: Profile | None = None
        self.client_id = named(QLineEdit(), self.tr("ID of the selected person"), "")
        self.client_id.setMaxLength(CLIENT_ID_MAX)
        self.client_id.setFixedWidth(_ID_PX)
        self.birth_year = named(QLineEdit(), self.tr("Birth year of the selected person"), "")
        self.birth_year.setFixedWidth(_YEAR_PX)
        self.birth_year.setValidator(QIntValidator(0, 9999, self))
        self.next_check = make_choice(
            self.tr("Next check of the selected person"),
            self.tr("On that day a line in the window reminds you."),
            items=(
                (self.tr("None"), _NEVER),
                *((people_words.IN_WEEKS.of(weeks), weeks) for weeks in people_words.WEEKS_AHEAD),
                (self.tr("On a day"), _ON_A_DAY),
            ),
            letters=11,
        )
        self.day = named(QDateEdit(), self.tr("Day of the next check"), "")
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat(day_format(self.locale()))
        self.client_id.editingFinished.connect(self._keep_client_id)
        self.birth_year.editingFinished.connect(self._keep_birth_year)
        self.next_check.activated.connect(self._keep_choice)
        self.day.editingFinished.connect(self._keep_day)
        titles = self.tr("ID"), self.tr("Born"), self.tr("Next check")
        first, second, third = (words(title, can_copy=False) for title in titles)
        for title, field in ((first, self.client_id), (second, self.birth_year)):
            title.setWordWrap(False)
            title.setBuddy(field)
        third.setWordWrap(False)
        third.setBuddy(self.next_check)
        # Each title goes with its field into the next line.
        pairs = (first, self.client_id), (second, self.birth_year), (third, self.next_check)
        together = [QWidget() for _ in pairs]
        for pair, widget in zip(pairs, together, strict=True):
            in_row(*pair, on=widget)
        self.setLayout(flow(*together, self.day))
        self.show_profile(None)

    def show_profile(self, profile: Profile | None) -> None:
        """Show what is known of a person; None of nobody."""
        before, self._profile = self._profile, profile
        is_same = before is not None and profile is not None and before.id == profile.id
        self.setEnabled(profile is not None)
        # Somebody may be typing while another program changes something.
        if not (is_same and self.client_id.hasFocus()):
            self.client_id.setText(profile.client_id if profile else "")
        if not (is_same and self.birth_year.hasFocus()):
            year = profile.birth_year if profile else None
            self.birth_year.setText("" if year is None else str(year))
        planned = profile.next_check_on if profile else None
        chosen = _NEVER if planned is None else _ON_A_DAY
        self.next_check.setCurrentIndex(self.next_check.findData(chosen))
        self.day.setVisible(planned is not None)
        if planned is not None and not (is_same and self.day.hasFocus()):
            self.day.setDate(QDate(planned.year, planned.month, planned.day))

    def _keep(self, wanted: Profile) -> None:
        known = self._profile
        if known is None or wanted == known:
            return
        said = self.tr("Changed what is known of {name}").format(name=known.name)
        self._profile = wanted
        change_profile(self._service, said, known, wanted, self._failed)

    def _keep_client_id(self) -> None:
        if self._profile is not None:
            self._keep(replace(self._profile, client_id=" ".join(self.client_id.text().split())))

    def _keep_birth_year(self) -> None:
        if self._profile is not None:
            text = self.birth_year.text().strip()
            self._keep(replace(self._profile, birth_year=int(text) if text else None))

    def _keep_choice(self) -> None:
        weeks, today = self.next_check.currentData(), date.today()
        if self._profile is None:
            return
        if weeks == _NEVER:
            self._keep(replace(self._profile, next_check_on=None))
        elif weeks != _ON_A_DAY:
            self._keep(replace(self._profile, next_check_on=today + timedelta(weeks=weeks)))
        elif self._profile.next_check_on is None:
            self.day.setDate(QDate(today.year, today.month, today.day).addDays(7))
            self.day.show()
            self.day.setFocus()

    def _keep_day(self) -> None:
        if self._profile is not None and self.day.isVisible():
            self._keep(replace(self._profile, next_check_on=self.day.date().toPyDate()))


def change_profile(
    service: HistoryService,
    said: str,
    before: Profile,
    after: Profile,
    failed: Callable[[Exception], None],
) -> None:
    """Change what is known of a person, and offer to take it back.

    Parameters
    ----------
    said
        What was done, without a full stop.
    """

    def put(wanted: Profile) -> Callable[[History], object]:
        return lambda history: history.change_profile(wanted)

    def done() -> None:
        service.changes.offer(
            said,
            lambda: service.change(put(before), failed=failed),
            lambda: service.change(put(after), failed=failed),
        )

    service.change(put(after), done, failed)
