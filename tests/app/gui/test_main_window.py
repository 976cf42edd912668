"""The window as a person without training meets it: real pages, a real history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QApplication

from app import Page
from app.exercises.shared_list import write_list
from app.gui.background.history import HistoryHandle
from app.gui.check.page import CheckState
from app.gui.exercises.page import Screen
from app.gui.keys import KeysDialog
from app.gui.main_window import MainWindow
from app.gui.style.theme import Scheme, apply_scheme, is_dark
from app.history.exchange.files import export_file
from app.history.place import URL_VARIABLE, Place
from app.history.records import RowQuery
from app.history.store import History
from app.history.values import now
from app.settings import SettingsFile
from tests.app.exercises.made_up_lists import a_list
from tests.app.gui.kept_checks import keep_squeeze
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

_SAMPLES = Path(__file__).parents[3] / "sample_images"
_TIMEOUT_MS = 20_000


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], MainWindow]]:
    """Open the window anew, always on the same settings and history."""
    windows: list[MainWindow] = []

    def opened() -> MainWindow:
        handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
        window = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
        windows.append(window)
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.service.profiles_changed, timeout=_TIMEOUT_MS):
            window.show()
        return window

    yield opened
    for window in windows:
        window.close()


def _measure(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.open_photo(str(_SAMPLES / name))
    page = window.pages.check()
    ends = {CheckState.MEASURED, CheckState.REFUSED}
    qtbot.waitUntil(lambda: page.state in ends, timeout=_TIMEOUT_MS)


def test_a_window_that_is_left_alone_rests(
    qtbot: QtBot, open_window: Callable[[], MainWindow], wakes: Callable[[int], int]
) -> None:
    window = open_window()
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        window.pages.check().save()
    for page in Page:
        window.show_page(page)
        window.status.say("Something that stands there for long.", stays=True)
        qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)
        # Some pages come to rest a little later, and what is made ahead takes its time.
        qtbot.waitUntil(lambda: wakes(100) < 10, timeout=_TIMEOUT_MS)


def test_a_photograph_is_measured_saved_and_found_in_the_history(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        window.pages.check().save()
    window.show_page("history")
    model = window.pages.history().browser.model
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=_TIMEOUT_MS)
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        (row,) = history.rows(RowQuery(history.default_profile().id), 0, 10)
        assert row.has_picture
        assert 5 < row.tilt.angle_deg < 18


def test_a_refused_photograph_cannot_be_saved(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    _measure(qtbot, window, "woman_frontal.jpg")
    page = window.pages.check()
    assert page.state is CheckState.REFUSED
    page.save()
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        assert history.count(RowQuery(None)) == 0


def test_a_server_address_that_is_none_does_not_stop_the_settings(
    qtbot: QtBot, open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_VARIABLE, "mysql://somewhere")
    window = open_window()
    window.show_page("settings")
    assert window.pages.settings().isVisible()
    del qtbot


def test_a_file_that_is_gone_is_told_and_the_window_stays(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    window.open_photo(str(tmp_path / "gone.jpg"))
    page = window.pages.check()
    qtbot.waitUntil(lambda: page.state is CheckState.UNREADABLE, timeout=_TIMEOUT_MS)
    assert window.isVisible()


def test_pages_are_reached_by_keyboard(qtbot: QtBot, open_window: Callable[[], MainWindow]) -> None:
    window = open_window()
    with qtbot.waitActive(window):
        window.activateWindow()
    for key, page in (
        (Qt.Key.Key_2, "live"),
        (Qt.Key.Key_3, "exercises"),
        (Qt.Key.Key_4, "sit_less"),
        (Qt.Key.Key_5, "history"),
        (Qt.Key.Key_6, "settings"),
        (Qt.Key.Key_1, "check"),
    ):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda page=page: window.page == page)  # type: ignore[misc]


def test_window_page_and_choices_are_remembered(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    window.resize(900, 640)
    window.show_page("settings")
    window.pages.scheme_chosen.emit(Scheme.DARK)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert is_dark(app)
    window.close()
    again = open_window()
    assert again.page == "settings"
    assert (again.width(), again.height()) == (900, 640)
    apply_scheme(app, Scheme.LIGHT)
    assert not is_dark(app)
    del qtbot


def test_deleting_everything_is_undone_after_other_things_and_after_a_restart(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        window.pages.check().save()
    for _ in range(2):
        window.show_page("settings")
        with qtbot.waitSignal(window.service.changes.written, timeout=_TIMEOUT_MS):
            window.pages.settings().delete_everything_wanted.emit()
        window.show_page("check")
        _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
        with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
            window.pages.check().save()
        assert window.undo_bar.isVisible()
        with qtbot.waitSignal(window.service.changes.written, timeout=_TIMEOUT_MS):
            qtbot.keySequence(window, QKeySequence.StandardKey.Undo)
    with qtbot.waitSignal(window.service.changes.written, timeout=_TIMEOUT_MS):
        window.pages.settings().delete_everything_wanted.emit()
    window.close()
    again = open_window()
    again.show_page("settings")
    bin_ = again.pages.settings().bin
    qtbot.waitUntil(lambda: bin_.list.count() == 1, timeout=_TIMEOUT_MS)
    assert "Me with 3 checks" in bin_.list.item(0).text()  # type: ignore[union-attr]
    bin_.list.setCurrentRow(0)
    bin_.back_button.click()
    qtbot.waitUntil(lambda: bin_.list.count() == 0, timeout=_TIMEOUT_MS)
    again.close()
    with History.open(Place(tmp_path / "data")) as history:
        assert history.count(RowQuery(None)) == 3
    assert len(list((tmp_path / "data" / "pictures").rglob("*.jpg"))) == 6


def test_a_deletion_is_said_once_beside_what_takes_it_back(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    with History.open(Place(tmp_path / "data")) as history:
        history.save(new_check(history.default_profile().id))
    window = open_window()
    window.show_page("history")
    page = window.pages.history()
    qtbot.waitUntil(lambda: page.browser.model.rowCount() == 1, timeout=_TIMEOUT_MS)
    page.browser.list.select_row(0)
    page.browser.list.delete_action.trigger()
    qtbot.waitUntil(lambda: page.browser.model.rowCount() == 0, timeout=_TIMEOUT_MS)
    assert window.undo_bar.words.text() == "Deleted 1 check."
    assert window.status.isHidden()
    window.undo_bar.undo.click()
    qtbot.waitUntil(lambda: page.browser.model.rowCount() == 1, timeout=_TIMEOUT_MS)
    assert window.undo_bar.isHidden()
    assert window.status.isHidden()


def test_the_history_goes_out_and_comes_back_through_files(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        window.pages.check().save()
    actions = window.pages.history_actions()
    for suffix in ("csv", "json"):
        out = tmp_path / f"checks.{suffix}"
        with qtbot.waitSignal(actions.status, timeout=_TIMEOUT_MS) as said:
            actions.export_to(out)
        assert said.args == [f"Checks written to {out}: 1."]
        with qtbot.waitSignal(actions.status, timeout=_TIMEOUT_MS) as said:
            actions.import_from(out)
        assert said.args == ["Checks added: 0. Already there, and left as they are: 1."]
    with History.open(Place(tmp_path / "second")) as second:
        keep_squeeze(second)
        export_file(second, tmp_path / "squeezes.json")
    with qtbot.waitSignal(actions.status, timeout=_TIMEOUT_MS) as said:
        actions.import_from(tmp_path / "squeezes.json")
    assert said.args[0].endswith("Squeeze tests added: 1.")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with qtbot.waitSignal(actions.failed, timeout=_TIMEOUT_MS):
        actions.import_from(tmp_path / "other.csv")
    qtbot.waitUntil(lambda: "other.csv" in window.status.words.text())


def test_a_broken_history_is_told_and_measuring_goes_on(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.sqlite3").write_bytes(b"not a database" * 100)
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    window = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.service.failed, timeout=_TIMEOUT_MS):
        window.show()
    assert window.status.words.text()
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    assert window.pages.check().state is CheckState.MEASURED
    window.close()
    assert (tmp_path / "data" / "history.sqlite3").read_bytes().startswith(b"not a database")
    del open_window


def test_the_window_follows_what_others_keep(
    qtbot: QtBot,
    open_window: Callable[[], MainWindow],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.gui.background.history._LOOK_MS", 50)
    window = open_window()
    window.show_page("history")
    qtbot.waitUntil(lambda: window.service.profiles() != [], timeout=_TIMEOUT_MS)
    with History.open(Place(tmp_path / "data")) as elsewhere:
        elsewhere.add_profile("Anna")
        qtbot.waitUntil(lambda: len(window.service.profiles()) == 2, timeout=_TIMEOUT_MS)
        elsewhere.save(new_check(elsewhere.default_profile().id))
        rows = window.pages.history().browser.model
        qtbot.waitUntil(lambda: rows.rowCount() == 1, timeout=_TIMEOUT_MS)


def test_keys_work_wherever_the_focus_is(
    qtbot: QtBot, open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.activateWindow()
    chosen: list[str] = []
    monkeypatch.setattr(window.pages.check().intake, "choose", lambda: chosen.append("open"))
    monkeypatch.setattr(window.pages.check().intake, "paste", lambda: chosen.append("paste"))
    _measure(qtbot, window, "woman_slim_left_tilt11.jpg")
    rail = window._navigation
    rail.setFocus()
    button = rail._buttons[Page.CHECK][0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus()
    with qtbot.waitSignal(window.service.check_saved, timeout=_TIMEOUT_MS):
        qtbot.keySequence(window, QKeySequence.StandardKey.Save)
    qtbot.keyClick(button, Qt.Key.Key_E)
    assert window.pages.check().edit.isVisible()
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    window.show_page("settings")
    qtbot.keySequence(window, QKeySequence.StandardKey.Open)
    assert window.page == Page.CHECK
    window.show_page("history")
    qtbot.keySequence(window, QKeySequence.StandardKey.Paste)
    assert window.page == Page.CHECK
    assert chosen == ["open", "paste"]
    qtbot.keySequence(window, QKeySequence.StandardKey.HelpContents)
    assert window.findChild(KeysDialog) is not None


@pytest.mark.parametrize(
    ("backed_up", "reminded", "checks", "said"),
    [
        ("", "", 10, "There is no backup of your checks yet."),
        ("", "", 9, ""),
        ("2020-02-03T10:00:00+00:00", "nonsense", 10, "Your last backup is from "),
        ("today", "", 10, ""),
        ("", "today", 10, ""),
    ],
)
def test_an_old_backup_is_told_now_and_then(
    qtbot: QtBot,
    open_window: Callable[[], MainWindow],
    tmp_path: Path,
    backed_up: str,
    reminded: str,
    checks: int,
    said: str,
) -> None:
    with History.open(Place(tmp_path / "data")) as history:
        me = history.default_profile().id
        for day in range(checks):
            history.save(new_check(me, day=day))
    window = open_window()
    values = window._settings.values
    today = now().isoformat()
    values.backed_up_at = today if backed_up == "today" else backed_up
    values.backup_reminded_at = today if reminded == "today" else reminded
    window.remind_of_backup()
    if said:
        qtbot.waitUntil(window.status.isVisible, timeout=_TIMEOUT_MS)
        assert said in window.status.words.text()
        window.status.clear()
        window.remind_of_backup()
    qtbot.wait(200)
    assert not window.status.isVisible()


def test_who_is_due_for_a_check_is_said_quietly_and_once(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    with History.open(Place(tmp_path / "data")) as history:
        me = history.default_profile()
        history.change_profile(replace(me, next_check_on=date(2026, 1, 5)))
    window = open_window()
    assert window.status.words.text() == "Me: the next check was planned for 5 Jan 2026."
    window.status.clear()
    with qtbot.waitSignal(window.service.profiles_changed):
        window.service.load()
    assert window.status.isHidden()
    window.close()
    with History.open(Place(tmp_path / "data")) as history:
        history.change_profile(me)
    assert open_window().status.isHidden()


def test_of_many_people_those_seen_last_are_offered(
    open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    with History.open(Place(tmp_path / "data")) as history:
        me = history.default_profile()
        for number in range(40):
            history.add_profile(f"Client {number}")
        history.save(new_check(history.find_profile("Client 33").id))
    window = open_window()
    menu = window._navigation.person.menu()
    assert menu is not None
    names = [action.text() for action in menu.actions()]
    assert len(names) <= 15
    assert {me.name, "Client 33"} <= set(names)


def test_a_killed_window_forgets_no_choice(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    window.pages.text_size_chosen.emit(110)
    path = tmp_path / "settings.json"
    qtbot.waitUntil(path.exists, timeout=_TIMEOUT_MS)
    assert SettingsFile(path).values.text_percent == 110


def test_a_list_of_exercises_is_shown_wherever_it_was_opened_from(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    path = tmp_path / "from the practice.beltline-exercises"
    write_list(path, a_list())
    window = open_window()
    window.open_photos([str(path)])
    assert window.page == Page.EXERCISES
    page = window.pages.exercises()
    qtbot.waitUntil(lambda: page.shown is Screen.SHARED, timeout=_TIMEOUT_MS)
    assert page.shared.shared is not None
    assert len(page.shared.shared.plan.exercises) == 3
