"""The tour points at real things of the real window, by keys alone, and can be left anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton

from app import Help, Page
from app.gui.background.history import HistoryHandle
from app.gui.help.first_steps import FirstChoice, FirstSteps, Next, Way
from app.gui.help.tour import PLACES, Tour
from app.gui.main_window import MainWindow
from app.gui.style.theme import Scheme, apply_scheme
from app.history.place import Place
from app.history.store import History
from app.settings import SettingsFile
from app.text.help import tour as words
from tests.app.gui.words_that_fit import cut_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000


@pytest.fixture(params=[100, 200])
def percent(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[int]:
    apply_scheme(qapp, Scheme.LIGHT, request.param)
    yield request.param
    apply_scheme(qapp, Scheme.LIGHT, 100)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    handle = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    made = MainWindow(SettingsFile(tmp_path / "settings.json"), handle, warm_up=False)
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()


def _begin(window: MainWindow) -> Tour:
    window.show_help(Help.TOUR)
    tour = window.pages.help().tour
    assert tour is not None
    return tour


def test_there_are_words_for_each_place_and_no_camera_goes_on() -> None:
    assert len(words.STEPS) == len(PLACES) <= 8
    assert all(page.opens_unasked for page, _ in PLACES)


def test_each_stop_points_at_what_it_names(qtbot: QtBot, window: MainWindow, percent: int) -> None:
    tour = _begin(window)
    for step, (page, name) in enumerate(PLACES):
        qtbot.wait(200)  # the page settles
        assert (tour.step, window.page) == (step, page)
        target = tour.target
        assert target is not None
        assert name in (target.objectName(), type(target).__name__)
        assert not target.visibleRegion().isEmpty(), name
        assert cut_words(tour) == [], name
        assert tour.rect().contains(tour.card.geometry())
        if percent == 100:
            assert not tour.card.geometry().intersects(tour._hole()), name
        tour.card.next.click()
    assert window.pages.help().tour is None


@pytest.mark.parametrize("step", [0, 3, len(PLACES) - 1])
def test_it_can_be_left_at_any_stop_and_taken_again(
    qtbot: QtBot, window: MainWindow, step: int
) -> None:
    tour = _begin(window)
    tour.move_on(step)
    qtbot.keyClick(tour.card.text, Qt.Key.Key_Escape)
    assert not tour.isVisible()
    assert window.page == PLACES[step][0], "what is below stays as it is"
    assert window.pages.help().tour is None
    again = _begin(window)
    assert (again.step, again.isVisible()) == (0, True)
    assert _begin(window) is not again, "begun once more, it begins anew"


def test_keys_alone_lead_through_it_and_reach_nothing_below(
    qtbot: QtBot, window: MainWindow
) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    tour = _begin(window)
    assert tour.card.text.hasFocus(), "a screen reader reads the words of each stop"
    assert tour.card.text.accessibleName() == f"1 of 8. {words.STEPS[0][0]}. {words.STEPS[0][1]}"
    qtbot.keyClick(tour.card.text, Qt.Key.Key_Return)
    assert tour.step == 1
    assert tour.card.text.hasFocus()
    inside = []
    for _ in range(8):
        keys = window.focusWidget()
        assert keys is not None
        qtbot.keyClick(keys, Qt.Key.Key_Tab)
        inside.append(window.focusWidget())
    assert all(part is not None and tour.isAncestorOf(part) for part in inside)
    assert {part.text() for part in inside if isinstance(part, QPushButton)} == {
        words.LEAVE,
        words.BACK,
        words.NEXT,
    }
    tour.card.back.setFocus()
    qtbot.keyClick(tour.card.back, Qt.Key.Key_Return)
    assert tour.step == 0
    tour.card.leave.setFocus()
    qtbot.keyClick(tour.card.leave, Qt.Key.Key_Return)
    assert not tour.isVisible()


def test_where_the_thing_is_not_to_be_seen_the_pages_button_is_meant(
    window: MainWindow,
) -> None:
    tour = _begin(window)
    tour.move_on(1)
    window.pages.check().show_camera()
    target = tour.target
    assert target is not None
    assert target.objectName() == Page.CHECK
    window.pages.check().camera.close_camera()


def test_it_follows_the_windows_size(qtbot: QtBot, window: MainWindow) -> None:
    tour = _begin(window)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: tour.size() == window.size())


def test_the_first_questions_lead_into_it(window: MainWindow) -> None:
    window.show_help(Help.FIRST_STEPS)
    dialog = window.pages.help().shown
    assert isinstance(dialog, FirstSteps)
    dialog.accept()
    dialog.answered.emit(FirstChoice("", Way.LOOK, Next.TOUR))
    tour = window.pages.help().tour
    assert tour is not None
    assert tour.isVisible()
