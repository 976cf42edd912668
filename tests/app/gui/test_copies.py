"""Settings' card of earlier copies: going back to one, and saving what can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QMessageBox

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.copies import CopiesCard
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.db.damage.broken import break_page, run
from tests.app.history.made_up import new_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Three checks, and today's copy from before the last of them."""
    made = Place(tmp_path / "data")
    with History.open(made) as history:
        me = history.default_profile().id
        history.save(new_check(me))
        history.save(new_check(me, day=1))
    with History.open(made) as history:
        history.save(new_check(me, day=2))
    return made


@pytest.fixture
def handle(place: Place) -> Iterator[HistoryHandle]:
    made = HistoryHandle(lambda: History.open(place))
    yield made
    made.close()


@pytest.fixture
def open_card(
    qtbot: QtBot, place: Place, handle: HistoryHandle
) -> Iterator[Callable[..., CopiesCard]]:
    jobs = Jobs()

    def opened(*, shows: bool = True) -> CopiesCard:
        service = HistoryService(jobs, handle, None)
        card = CopiesCard(service, place)
        qtbot.addWidget(card)
        if shows:
            card.show()
        service.load()
        qtbot.waitUntil(lambda: not jobs.awaited)
        return card

    yield opened
    assert jobs.close(5000)


def _count(handle: HistoryHandle) -> int:
    return handle.history().count(RowQuery(None))


def test_going_back_asks_first_and_keeps_what_there_was(
    qtbot: QtBot, open_card: Callable[[], CopiesCard], handle: HistoryHandle, place: Place
) -> None:
    card = open_card()
    assert card.days.count() == 1
    assert card.save_button.isHidden()
    card.back_button.click()
    (ask,) = card.findChildren(QMessageBox)
    (yes,) = (b for b in ask.buttons() if ask.buttonRole(b) is QMessageBox.ButtonRole.AcceptRole)
    yes.click()
    qtbot.waitUntil(card.word.isVisible)
    assert "The one before was kept" in card.word.text()
    assert _count(handle) == 2
    assert len(list(place.folder.glob("history-before-*"))) == 1


def test_a_damaged_history_is_saved_with_one_button(
    qtbot: QtBot, open_card: Callable[[], CopiesCard], handle: HistoryHandle, place: Place
) -> None:
    break_page(place, "about")
    card = open_card()
    qtbot.waitUntil(card.save_button.isVisible)
    assert "is damaged" in card.damage.text()
    card.save_button.click()
    qtbot.waitUntil(card.word.isVisible)
    assert "Nothing was lost" in card.word.text()
    qtbot.waitUntil(card.save_button.isHidden)
    assert _count(handle) == 3


def test_rows_that_cannot_be_read_are_told_once(
    qtbot: QtBot, open_card: Callable[[], CopiesCard], place: Place
) -> None:
    run(place, "UPDATE checks SET method = 'guessed' WHERE id = 2")
    card = open_card()
    qtbot.waitUntil(card.save_button.isVisible)
    assert "check 2" in card.damage.text()
    card.save_button.click()
    qtbot.waitUntil(card.save_button.isHidden)
    assert card.damage.isHidden()


def test_of_a_server_there_is_no_card(
    open_card: Callable[..., CopiesCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTLINE_DATABASE_URL", "postgresql://localhost/none")
    assert open_card(shows=False).isHidden()


def test_a_copy_that_is_damaged_is_refused(
    qtbot: QtBot, open_card: Callable[[], CopiesCard], handle: HistoryHandle
) -> None:
    card = open_card()
    path = card.days.currentData()
    path.write_bytes(b"nothing")
    card.use(path)
    qtbot.waitUntil(card.word.isVisible)
    assert "nothing was changed" in card.word.text()
    assert _count(handle) == 3


def test_a_copy_that_was_made_meanwhile_is_there_when_the_card_is_seen(
    open_card: Callable[[], CopiesCard], place: Place
) -> None:
    (copy,) = place.backups.glob("daily-*.sqlite3")
    away = copy.rename(copy.with_suffix(".away"))
    card = open_card()
    assert card.days.count() == 0
    assert card.days.currentText() == ""
    assert not card.back_button.isEnabled()
    card.hide()
    away.rename(copy)
    card.show()
    assert card.days.currentData() == copy
    assert card.back_button.isEnabled()
