"""In each language, nothing is cut in the smallest window, and nothing was left in English.

At the usual text size and at the largest. ``pseudo-long`` is 40 % longer than English.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QLocale
from pytestqt.exceptions import TimeoutError as NotInTime

from app import Page
from app.gui.background.history import HistoryHandle
from app.gui.check.page import CheckState
from app.gui.exercises.page import Screen
from app.gui.keys import KeysDialog
from app.gui.language import use_language
from app.gui.main_window import MainWindow
from app.gui.settings import DeleteEverything
from app.gui.style.theme import Scheme, apply_scheme
from app.history.diary import Plan, Screening, ScreeningOutcome
from app.history.place import Place
from app.history.store import History
from app.history.values import now
from app.settings import SettingsFile
from app.text.languages.speaking import AS_SYSTEM, ENGLISH, VARIABLE
from tests.app.exercises.made_up_lists import a_list, drawing
from tests.app.gui.outcomes import FRONTAL, SAMPLE
from tests.app.gui.sit_less_home import Preferences, State
from tests.app.gui.words_that_fit import cut_words, left_in_english, scrolled_sideways
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000
_SETTLES_MS = 2000
LANGUAGES = ("en", "de", "es", "fr", "ar", "pseudo", "pseudo-long")


@pytest.fixture(params=LANGUAGES)
def language(
    request: pytest.FixtureRequest, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    before = QLocale()
    monkeypatch.setenv(VARIABLE, request.param)
    use_language(qapp, AS_SYSTEM)
    yield request.param
    monkeypatch.setenv(VARIABLE, ENGLISH)
    use_language(qapp, AS_SYSTEM)
    QLocale.setDefault(before)


@pytest.fixture(params=[100, 200])
def percent(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[int]:
    apply_scheme(qapp, Scheme.LIGHT, request.param)
    yield request.param
    apply_scheme(qapp, Scheme.LIGHT, 100)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, percent: int, language: str) -> Iterator[MainWindow]:
    with History.open(Place(tmp_path / "data")) as history:
        whose = history.default_profile().id
        history.note(whose, now(), Screening(ScreeningOutcome.CLEAR))
        for _ in range(3):
            history.save(new_check(whose))
    settings = SettingsFile(tmp_path / "settings.json")
    settings.values.text_percent = percent
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(settings, handle, warm_up=False)
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()


@pytest.fixture
def see(qtbot: QtBot, window: MainWindow, language: str) -> Callable[[str], None]:
    """Look for what is cut on what is shown now, once it has settled."""

    def look(name: str) -> None:
        qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)
        # What was laid out for other words settles a little later on a busy machine.
        with suppress(NotInTime):
            qtbot.waitUntil(lambda: not cut_words(window), timeout=_SETTLES_MS)
        assert cut_words(window) == [], name
        assert scrolled_sideways(window) == [], name
        if language == "pseudo":
            assert left_in_english(window) == [], name
        assert (window.width(), window.height()) == (900, 600)

    return look


def test_the_check_page(
    qtbot: QtBot, window: MainWindow, see: Callable[[str], None], instant: list[dict[str, object]]
) -> None:
    page = window.pages.check()
    see("start")
    window.open_photo(str(SAMPLE))
    qtbot.waitUntil(lambda: page.state is CheckState.MEASURED, timeout=_TIMEOUT_MS)
    see("result")
    page.save()
    see("saved")
    window.open_photo(str(FRONTAL))
    qtbot.waitUntil(lambda: page.state is CheckState.REFUSED, timeout=_TIMEOUT_MS)
    see("refused")
    page.begin_calibration()
    see("calibration")
    assert instant


def test_exercises_and_breaks(window: MainWindow, see: Callable[[str], None]) -> None:
    window.show_page(Page.EXERCISES)
    page = window.pages.exercises()
    see("home")
    assert page.shown is Screen.HOME
    page.home.cards[1].open_button.click()
    see("exercise")
    page.detail.start.click()
    see("player")
    page.player.begin()
    see("playing")
    page._end_training()
    page._show(Screen.HOME)
    for screen in (Screen.SELF_CHECK, Screen.SOMEONE, Screen.QUESTIONS, Screen.PAIN):
        page._show(screen)
        see(screen)
    page._edit_list()
    page.editor.rows[0].take_picture(drawing())
    see("list")
    known = (replace(one, note="") for one in a_list().plan.exercises if one.exercise)
    page.shared.show_list(replace(a_list(""), plan=Plan(tuple(known))), replaces_own=True)
    page._show(Screen.SHARED)
    see("list from a file")
    window.show_page(Page.BREAKS)
    see("breaks")
    breaks = window.pages.breaks()
    breaks.show_preferences(Preferences())
    for state in (State(is_due=True), State(has_tray=False, knows_idle=False)):
        breaks.show_state(state)
        see("reminder")


def test_the_other_pages(
    qtbot: QtBot, window: MainWindow, see: Callable[[str], None], language: str
) -> None:
    window.show_page(Page.LIVE)
    see("live")
    window.show_page(Page.SETTINGS)
    see("settings")
    window.show_page(Page.HISTORY)
    see("history")
    window.pages.history().browser.list.select_row(0)
    see("one check")
    for dialog in (KeysDialog(window), DeleteEverything(window)):
        dialog.show()
        qtbot.wait(20)
        assert cut_words(dialog) == []
        if language == "pseudo":
            assert left_in_english(dialog) == []
        dialog.close()
