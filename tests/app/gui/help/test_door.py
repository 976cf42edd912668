"""What helps is opened from where somebody looks for it, and does what was chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import Help, Page
from app.gui import app
from app.gui.background.history import HistoryHandle
from app.gui.check.page import CheckState
from app.gui.help.doctor import DoctorDialog
from app.gui.help.first_steps import FirstChoice, FirstSteps, Next, Way
from app.gui.help.sheet import SheetDialog
from app.gui.keys import KeysDialog
from app.gui.main_window import MainWindow
from app.history.place import Place
from app.history.store import History
from app.settings import SettingsFile
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(made)
    made.resize(900, 600)
    yield made
    made.close()


def _load(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.service.profiles_changed, timeout=_TIMEOUT_MS):
        window.show()
    qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)


def _names(window: MainWindow) -> list[str]:
    return [profile.name for profile in window.service.profiles()]


def _answer(window: MainWindow, chosen: FirstChoice) -> None:
    window.pages.help().open(Help.FIRST_STEPS)
    dialog = window.pages.help().shown
    assert isinstance(dialog, FirstSteps)
    dialog.accept()
    dialog.answered.emit(chosen)


def test_a_window_asks_nothing_by_itself(qtbot: QtBot, window: MainWindow) -> None:
    _load(qtbot, window)
    assert window.pages.help().shown is None


def test_the_questions_come_where_nothing_was_ever_kept(qtbot: QtBot, window: MainWindow) -> None:
    window.show_help(Help.WELCOME)
    _load(qtbot, window)
    shown = window.pages.help().shown
    assert isinstance(shown, FirstSteps)
    shown.later.click()
    assert window.pages.help().shown is None
    window.service.load()
    qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)
    assert window.pages.help().shown is None, "whoever has left it is not asked again"


def test_nobody_with_a_history_is_asked(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with History.open(Place(tmp_path / "data")) as history:
        history.save(new_check(history.default_profile().id))
    window.show_help(Help.WELCOME)
    _load(qtbot, window)
    assert window.pages.help().shown is None


def test_only_a_start_without_settings_is_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path))
    assert app._is_first_start()
    SettingsFile().save()
    assert not app._is_first_start()


def test_the_first_of_several_takes_the_made_up_persons_place(
    qtbot: QtBot, window: MainWindow
) -> None:
    _load(qtbot, window)
    _answer(window, FirstChoice("Ana", Way.LOOK, Next.OWN))
    qtbot.waitUntil(lambda: _names(window) == ["Ana"], timeout=_TIMEOUT_MS)
    assert window.page == Page.CHECK
    assert window.pages.check().state is CheckState.EMPTY
    # Asked again, when somebody is named already, it adds a person.
    _answer(window, FirstChoice("Bo", Way.LOOK, Next.OWN))
    qtbot.waitUntil(lambda: sorted(_names(window)) == ["Ana", "Bo"], timeout=_TIMEOUT_MS)

    def is_bos_turn() -> bool:
        current = window.service.current_profile()
        return current is not None and current.name == "Bo"

    qtbot.waitUntil(is_bos_turn, timeout=_TIMEOUT_MS)


def test_a_name_that_is_taken_is_told(qtbot: QtBot, window: MainWindow) -> None:
    _load(qtbot, window)
    for _ in range(2):
        _answer(window, FirstChoice("Ana", Way.LOOK, Next.OWN))
        qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)
    qtbot.waitUntil(lambda: not window.status.isHidden(), timeout=_TIMEOUT_MS)
    assert _names(window) == ["Ana"]


def test_the_sample_or_the_chosen_way_comes_next(
    qtbot: QtBot,
    window: MainWindow,
    instant: list[dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _load(qtbot, window)
    page = window.pages.check()
    _answer(window, FirstChoice("", Way.PHONE, Next.SAMPLE))
    qtbot.waitUntil(lambda: page.state is CheckState.MEASURED, timeout=_TIMEOUT_MS)
    assert instant
    went: list[str] = []
    monkeypatch.setattr(page, "show_camera", lambda: went.append("camera"))
    monkeypatch.setattr(page, "choose_photo", lambda: went.append("photo"))
    monkeypatch.setattr(page.phone, "ask", lambda: went.append("phone"))
    for way in Way:
        _answer(window, FirstChoice("", way, Next.OWN))
    assert went == ["camera", "phone", "photo"]


def test_the_look_at_the_program_leads_to_page_and_camera(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    _load(qtbot, window)
    monkeypatch.setattr("app.gui.help.doctor.parts_of_window", tuple)
    went: list[str] = []
    monkeypatch.setattr(window.pages.check(), "show_camera", lambda: went.append("camera"))
    window.show_help(Help.DOCTOR)
    shown = window.pages.help().shown
    assert isinstance(shown, DoctorDialog)
    shown.copies_button.click()
    assert window.page == Page.SETTINGS
    window.show_help(Help.DOCTOR)
    shown = window.pages.help().shown
    assert isinstance(shown, DoctorDialog)
    shown.camera_button.click()
    assert (window.page, went) == (Page.CHECK, ["camera"])


def test_the_start_of_the_check_page_leads_to_the_page_to_print(
    qtbot: QtBot, window: MainWindow
) -> None:
    _load(qtbot, window)
    window.pages.check().start.sheet_button.click()
    assert isinstance(window.pages.help().shown, SheetDialog)


def test_settings_and_the_list_of_keys_lead_to_it(qtbot: QtBot, window: MainWindow) -> None:
    _load(qtbot, window)
    window.pages.settings().help.buttons[Help.FIRST_STEPS].click()
    shown = window.pages.help().shown
    assert isinstance(shown, FirstSteps)
    window.pages.help().open(Help.FIRST_STEPS)
    assert window.pages.help().shown is shown, "one at a time"
    shown.reject()
    window._show_keys()
    (keys,) = window.findChildren(KeysDialog)
    keys.help.buttons[Help.FIRST_STEPS].click()
    assert not keys.isVisible()
    assert isinstance(window.pages.help().shown, FirstSteps)
