"""The settings page changes what it says it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QComboBox, QWidget

from app import Page
from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.main_window import Navigation
from app.gui.pages import PageEntry
from app.gui.settings import SettingsPage
from app.gui.style.theme import Icon, Scheme
from app.history.place import Place
from app.history.store import History
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[HistoryHandle]:
    made = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    yield made
    made.close()


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    del qtbot
    made = Jobs()
    yield made
    assert made.close(5000)


@pytest.fixture
def service(qtbot: QtBot, jobs: Jobs, handle: HistoryHandle) -> HistoryService:
    made = HistoryService(jobs, handle, None)
    with qtbot.waitSignal(made.profiles_changed):
        made.load()
    return made


@pytest.fixture
def page(qtbot: QtBot, service: HistoryService, tmp_path: Path) -> SettingsPage:
    made = SettingsPage(Settings(scheme="dark"), service, tmp_path / "data")
    qtbot.addWidget(made)
    made.show()
    return made


def _names(page: SettingsPage) -> list[str]:
    return [page.people.names.item(row).text() for row in range(page.people.names.count())]  # type: ignore[union-attr]


def test_the_looks_in_use_are_shown_and_can_be_changed(qtbot: QtBot, page: SettingsPage) -> None:
    choice = page.findChild(QComboBox)
    assert choice is not None
    assert choice.currentData() is Scheme.DARK
    with qtbot.waitSignal(page.scheme_chosen) as chosen:
        choice.setFocus()
        qtbot.keyClick(choice, Qt.Key.Key_Up)
    assert chosen.args == [Scheme.LIGHT]


def test_keeping_pictures_can_be_turned_off(qtbot: QtBot, page: SettingsPage) -> None:
    keep = page.findChild(QCheckBox)
    assert keep is not None
    assert keep.isChecked()
    with qtbot.waitSignal(page.keep_pictures_chosen) as chosen:
        keep.click()
    assert chosen.args == [False]


def test_a_person_is_added_by_keyboard(
    qtbot: QtBot, page: SettingsPage, service: HistoryService, handle: HistoryHandle
) -> None:
    page.people.new_name.setText("  Ana Größe")
    qtbot.keyClicks(page.people.new_name, " ")
    with qtbot.waitSignal(service.profiles_changed):
        qtbot.keyClick(page.people.new_name, Qt.Key.Key_Return)
    assert "Ana Größe" in _names(page)
    assert [p.name for p in handle.history().profiles()] == _names(page)
    qtbot.waitUntil(lambda: page.people.new_name.text() == "")


def test_a_name_that_is_taken_is_told_and_nothing_changes(
    qtbot: QtBot, page: SettingsPage, service: HistoryService
) -> None:
    before = _names(page)
    page.people.new_name.setText(before[0])
    page.people.add_button.click()
    qtbot.waitUntil(page.people.word.isVisible)
    assert before[0] in page.people.word.text()
    assert _names(page) == before
    del service


def test_a_person_is_renamed_in_place(
    qtbot: QtBot, page: SettingsPage, service: HistoryService, handle: HistoryHandle
) -> None:
    item = page.people.names.item(0)
    assert item is not None
    with qtbot.waitSignal(service.profiles_changed):
        item.setText("Somebody else")
    assert [p.name for p in handle.history().profiles()] == ["Somebody else"]


def test_removing_can_be_undone(qtbot: QtBot, page: SettingsPage, service: HistoryService) -> None:
    with qtbot.waitSignal(service.profiles_changed):
        service.change(lambda history: history.add_profile("Bo"))
    page.people.names.setCurrentRow(_names(page).index("Bo"))
    with qtbot.waitSignal(page.undo_offered) as offered:
        page.people.remove_button.click()
    qtbot.waitUntil(lambda: "Bo" not in _names(page))
    text, undo = offered.args
    assert "Bo" in text
    undo()
    qtbot.waitUntil(lambda: "Bo" in _names(page))


def test_the_last_person_cannot_be_removed(page: SettingsPage) -> None:
    assert len(_names(page)) == 1
    assert not page.people.remove_button.isEnabled()


def test_the_rail_names_pages_and_people(qtbot: QtBot, service: HistoryService) -> None:
    entries = (
        PageEntry(Page.CHECK, "Check", Icon.CHECK, QWidget),
        PageEntry(Page.HISTORY, "History", Icon.HISTORY, QWidget),
    )
    rail = Navigation(entries)
    qtbot.addWidget(rail)
    with qtbot.waitActive(rail):
        rail.show()
    rail.show_people(service.profiles(), service.current_profile_id)
    with qtbot.waitSignal(rail.page_wanted) as wanted:
        qtbot.keyClick(rail, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == ["history"]
    menu = rail.person.menu()
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == service.profiles()[0].name
    with qtbot.waitSignal(rail.people_wanted):
        menu.actions()[-1].trigger()
