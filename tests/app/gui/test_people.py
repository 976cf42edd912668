"""People in the settings: searched, sorted, changed, and all of it taken back."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QDate, Qt

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.people import PeopleCard
from app.history.clients import ClientOrder
from app.history.place import Place
from app.history.store import History
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.history.records import Profile

TODAY = date.today()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(Place(tmp_path / "data")) as opened:
        me, anna = opened.default_profile(), opened.add_profile("Anna Größe")
        opened.change_profile(replace(anna, client_id="K-7", next_check_on=TODAY))
        opened.save(new_check(me.id))
        yield opened


@pytest.fixture
def service(qtbot: QtBot, jobs: Jobs, history: History) -> Iterator[HistoryService]:
    made = HistoryService(jobs, HistoryHandle(lambda: history), None)
    with qtbot.waitSignal(made.profiles_changed):
        made.load()
    yield made
    jobs.close(5000)


@pytest.fixture
def card(qtbot: QtBot, service: HistoryService) -> PeopleCard:
    made = PeopleCard(service)
    qtbot.addWidget(made)
    made.show()
    return made


def cells(card: PeopleCard, row: int) -> list[str]:
    items = [card.table.item(row, column) for column in range(4)]
    return [item.text() for item in items if item is not None]


def anna(history: History) -> Profile:
    return history.find_profile("Anna Größe")


def test_each_is_shown_with_id_last_seen_and_next_check(card: PeopleCard) -> None:
    assert card.names() == ["Anna Größe", "Me"]
    name, client_id, seen, planned = cells(card, 0)
    assert (name, client_id, seen) == ("Anna Größe", "K-7", "")
    assert planned.startswith("due since ")
    assert cells(card, 1)[2].endswith("2026")


def test_they_are_searched_and_sorted(qtbot: QtBot, card: PeopleCard) -> None:
    qtbot.keyClicks(card.search, "k-7")
    assert card.names() == ["Anna Größe"]
    card.search.setText("nobody")
    assert card.names() == []
    assert card.none.isVisible()
    card.search.clear()
    card.order.setCurrentIndex(card.order.findData(ClientOrder.SEEN))
    card.order.activated.emit(card.order.currentIndex())
    assert card.names() == ["Me", "Anna Größe"]


def test_details_are_kept_and_taken_back(
    qtbot: QtBot, card: PeopleCard, service: HistoryService, history: History
) -> None:
    before = anna(history)
    card.select("Anna Größe")
    details = card.details
    assert details.client_id.text() == "K-7"
    details.client_id.selectAll()
    qtbot.keyClicks(details.client_id, "K-8")
    qtbot.keyClick(details.client_id, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: anna(history).client_id == "K-8")
    qtbot.waitUntil(lambda: service.changes.stack.count() == 1)
    qtbot.keyClicks(details.birth_year, "1980")
    qtbot.keyClick(details.birth_year, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: service.changes.stack.count() == 2)
    assert anna(history).birth_year == 1980
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: anna(history).birth_year is None)
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: anna(history) == before)
    service.changes.stack.redo()
    qtbot.waitUntil(lambda: anna(history).client_id == "K-8")
    qtbot.waitUntil(lambda: cells(card, 0)[1] == "K-8")


def test_who_is_changed_stays_in_sight_though_the_search_fits_no_longer(
    qtbot: QtBot, card: PeopleCard, history: History
) -> None:
    card.search.setText("k-7")
    card.select("Anna Größe")
    card.details.client_id.setFocus()
    card.details.client_id.setText("P-1")
    qtbot.keyClick(card.details.client_id, Qt.Key.Key_Tab)
    qtbot.keyClicks(card.details.birth_year, "1980")
    qtbot.waitUntil(lambda: anna(history).client_id == "P-1")
    qtbot.waitUntil(lambda: cells(card, 0)[1] == "P-1")
    qtbot.keyClick(card.details.birth_year, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: anna(history).birth_year == 1980)
    card.search.setText("k-7 ")
    assert card.names() == []


def test_a_year_of_birth_that_cannot_be_is_refused(
    qtbot: QtBot, card: PeopleCard, history: History
) -> None:
    card.select("Anna Größe")
    qtbot.keyClicks(card.details.birth_year, "1800")
    qtbot.keyClick(card.details.birth_year, Qt.Key.Key_Return)
    qtbot.waitUntil(card.word.isVisible)
    assert "1800 cannot be a year of birth" in card.word.text()
    assert card.details.birth_year.text() == ""
    assert anna(history).birth_year is None


def test_the_next_check_is_planned_in_weeks_or_for_a_day(
    qtbot: QtBot, card: PeopleCard, history: History
) -> None:
    card.select("Anna Größe")
    choice = card.details.next_check

    def choose(value: int) -> None:
        choice.setCurrentIndex(choice.findData(value))
        choice.activated.emit(choice.currentIndex())

    choose(6)
    wanted = TODAY + timedelta(weeks=6)
    qtbot.waitUntil(lambda: anna(history).next_check_on == wanted)
    qtbot.waitUntil(lambda: card.details.day.date().toPyDate() == wanted)
    card.details.day.setDate(QDate(2031, 5, 4))
    card.details.day.editingFinished.emit()
    qtbot.waitUntil(lambda: anna(history).next_check_on == date(2031, 5, 4))
    choose(0)
    qtbot.waitUntil(lambda: anna(history).next_check_on is None)
    qtbot.waitUntil(card.details.day.isHidden)


def test_adding_and_renaming_are_taken_back(
    qtbot: QtBot, card: PeopleCard, service: HistoryService
) -> None:
    card.new_name.setText("Zoë")
    card.add_button.click()
    qtbot.waitUntil(lambda: "Zoë" in card.names())
    qtbot.waitUntil(lambda: service.changes.stack.count() == 1)
    item = card.table.item(card.names().index("Zoë"), 0)
    assert item is not None
    item.setText("Zoe")
    qtbot.waitUntil(lambda: "Zoe" in card.names())
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: "Zoë" in card.names())
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: card.names() == ["Anna Größe", "Me"])


def test_the_selected_person_is_used(
    qtbot: QtBot, card: PeopleCard, service: HistoryService, history: History
) -> None:
    # The fields below belong to somebody from the start.
    assert card.table.currentRow() == card.names().index("Me")
    card.select("Anna Größe")
    with qtbot.waitSignal(service.profile_changed) as changed:
        card.use_button.click()
    assert changed.args == [anna(history).id]


def test_five_hundred_people_are_shown_and_searched_quickly(
    qtbot: QtBot, card: PeopleCard, service: HistoryService, history: History
) -> None:
    for number in range(500):
        history.add_profile(f"Client {number:03}")
    with qtbot.waitSignal(service.profiles_changed):
        service.load()
    start = time.perf_counter()
    card.search.setText("client 49")
    assert len(card.names()) == 15
    card.search.clear()
    assert len(card.names()) == 502
    assert time.perf_counter() - start < 0.15
