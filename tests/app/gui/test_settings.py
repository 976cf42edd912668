"""The settings page changes what it says it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QMessageBox,
    QPushButton,
    QWidget,
)

from app import Page
from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.navigation import Navigation
from app.gui.pages import PageEntry
from app.gui.settings import DeleteEverything, SettingsPage
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
    return page.people.names()


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
    assert sorted(p.name for p in handle.history().profiles()) == _names(page)
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
    item = page.people.table.item(0, 0)
    assert item is not None
    with qtbot.waitSignal(service.profiles_changed):
        item.setText("Somebody else")
    assert [p.name for p in handle.history().profiles()] == ["Somebody else"]


def test_removing_can_be_undone(qtbot: QtBot, page: SettingsPage, service: HistoryService) -> None:
    with qtbot.waitSignal(service.profiles_changed):
        service.change(lambda history: history.add_profile("Bo"))
    page.people.select("Bo")
    page.people.remove_button.click()
    qtbot.waitUntil(lambda: "Bo" not in _names(page))
    assert "Bo" in service.changes.stack.undoText()
    service.changes.stack.undo()
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


# -- deleting


def bin_lines(page: SettingsPage) -> list[str]:
    return [page.bin.list.item(row).text() for row in range(page.bin.list.count())]  # type: ignore[union-attr]


def test_what_was_removed_stands_in_the_list_and_comes_back(
    qtbot: QtBot, page: SettingsPage, service: HistoryService
) -> None:
    assert page.bin.list.isHidden()
    with qtbot.waitSignal(service.profiles_changed):
        service.change(lambda history: history.add_profile("Bo"))
    page.people.select("Bo")
    page.people.remove_button.click()
    qtbot.waitUntil(lambda: len(bin_lines(page)) == 1)
    assert bin_lines(page)[0].endswith(": Bo with no checks")
    assert not page.bin.back_button.isEnabled()
    page.bin.list.setCurrentRow(0)
    page.bin.back_button.click()
    qtbot.waitUntil(lambda: "Bo" in _names(page) and not bin_lines(page))


@pytest.mark.parametrize("is_sure", [True, False])
def test_for_good_asks_first(
    qtbot: QtBot, page: SettingsPage, service: HistoryService, is_sure: bool
) -> None:
    with qtbot.waitSignal(service.changes.written):
        service.changes.delete("gone", lambda history: history.delete_everything())
    qtbot.waitUntil(lambda: len(bin_lines(page)) == 1)
    page.bin.list.setCurrentRow(0)
    page.bin.gone_button.click()
    ask = page.bin.findChild(QMessageBox)
    assert ask is not None
    assert "cannot be undone" in ask.text()
    if is_sure:
        next(one for one in ask.buttons() if one.text() == "Delete for good").click()
        qtbot.waitUntil(lambda: not bin_lines(page))
        service.changes.stack.undo()
        qtbot.wait(100)
        assert not bin_lines(page)
    else:
        ask.reject()
        qtbot.wait(100)
        assert len(bin_lines(page)) == 1


def test_everything_goes_only_after_a_word_was_typed(qtbot: QtBot, page: SettingsPage) -> None:
    wanted, backups = [], []
    page.delete_everything_wanted.connect(lambda: wanted.append(1))
    page.backup_wanted.connect(lambda: backups.append(1))

    def asked() -> DeleteEverything:
        button(page, "Delete everything…").click()
        ask = page.findChild(DeleteEverything)
        assert ask is not None
        return ask

    ask = asked()
    assert not ask.go_button.isEnabled()
    button(ask, "Make a backup first…").click()
    assert backups == [1]
    qtbot.keyClicks(ask.typed, "delet")
    assert not ask.go_button.isEnabled()
    qtbot.keyClick(ask.typed, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.findChild(DeleteEverything) is None)
    assert wanted == []
    ask = asked()
    qtbot.keyClicks(ask.typed, "delete")
    assert ask.go_button.isEnabled()
    qtbot.keyClick(ask.typed, Qt.Key.Key_Return)
    assert wanted == [1], "Enter does it, now that the word is there"


def button(inside: QWidget, text: str) -> QPushButton:
    return next(one for one in inside.findChildren(QPushButton) if one.text() == text)


def test_the_last_backup_is_told(qtbot: QtBot, service: HistoryService, tmp_path: Path) -> None:
    settings = Settings()
    page = SettingsPage(settings, service, tmp_path / "data")
    qtbot.addWidget(page)
    page.show()
    assert page.last_backup.isVisible()
    assert page.last_backup.text() == "There is no backup yet."
    settings.backed_up_at = "2026-03-04T10:00:00+00:00"
    page.show_last_backup()
    assert "2026" in page.last_backup.text()


def test_a_long_name_is_refused_and_not_cut(
    qtbot: QtBot, page: SettingsPage, service: HistoryService
) -> None:
    qtbot.keyClicks(page.people.new_name, "x" * 101)
    page.people.add_button.click()
    qtbot.waitUntil(page.people.word.isVisible)
    assert "longer than 100" in page.people.word.text()
    assert page.people.new_name.text() == "x" * 101
    page.people.new_name.setText("JÜRGEN")
    page.people.add_button.click()
    qtbot.waitUntil(lambda: "JÜRGEN" in _names(page))
    page.people.new_name.setText("jürgen")
    page.people.add_button.click()
    qtbot.waitUntil(page.people.word.isVisible)
    assert "'JÜRGEN' already" in page.people.word.text()


def test_the_text_size_is_chosen_and_follows_the_keys(qtbot: QtBot, page: SettingsPage) -> None:
    offered = [page.text_size.itemData(place) for place in range(page.text_size.count())]
    assert (offered[0], offered[-1], len(offered)) == (80, 200, 13)
    assert page.text_size.currentData() == 100
    with qtbot.waitSignal(page.text_size_chosen) as chosen:
        page.text_size.activated.emit(page.text_size.currentIndex())
    assert chosen.args == [100]
    page._settings.text_percent = 150
    page.show_text_size()
    assert page.text_size.currentData() == 150


def test_recent_pictures_are_forgotten_or_not_remembered(qtbot: QtBot, page: SettingsPage) -> None:
    (remember,) = (box for box in page.findChildren(QCheckBox) if box.text().startswith("Remember"))
    (forget,) = (one for one in page.findChildren(QPushButton) if one.text() == "Forget them")
    with qtbot.waitSignal(page.forget_recent_wanted):
        forget.click()
    with qtbot.waitSignal(page.keep_recent_chosen) as kept:
        remember.click()
    assert kept.args == [False]
    assert not forget.isVisible()


def test_no_window_flashes_up_while_the_page_is_made(
    qtbot: QtBot, service: HistoryService, tmp_path: Path
) -> None:
    before = {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
            is_shown = event is not None and event.type() == QEvent.Type.Show
            if is_shown and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    made = SettingsPage(Settings(), service, tmp_path / "data")
    app.removeEventFilter(watch)
    qtbot.addWidget(made)
    assert [one for one in shown if one not in before] == []
