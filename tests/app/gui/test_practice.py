"""The practice's name and logo, kept from the settings and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.practice import PracticeCard
from app.history.place import Place
from app.history.practice import Practice, read_practice, write_practice
from app.history.store import History
from tests.app.history.made_up import png_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def service(jobs: Jobs, folder: Path) -> Iterator[HistoryService]:
    handle = HistoryHandle(lambda: History.open(Place(folder)))
    yield HistoryService(jobs, handle, None)
    jobs.close(5000)
    handle.close()


@pytest.fixture
def card(qtbot: QtBot, service: HistoryService) -> PracticeCard:
    made = PracticeCard(service)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_name_is_kept_and_taken_back(
    qtbot: QtBot, card: PracticeCard, service: HistoryService, folder: Path
) -> None:
    qtbot.keyClicks(card.name, "Praxis  am Markt ")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read_practice(folder).name == "Praxis am Markt")
    card.name.clearFocus()
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: read_practice(folder) == Practice())
    service.changes.stack.redo()
    qtbot.waitUntil(lambda: read_practice(folder).name == "Praxis am Markt")


def test_a_logo_is_shown_kept_and_removed(
    qtbot: QtBot, card: PracticeCard, service: HistoryService, folder: Path, tmp_path: Path
) -> None:
    assert card.logo.isHidden()
    assert card.remove_button.isHidden()
    (tmp_path / "logo.png").write_bytes(png_of("navy", (2000, 500)))
    card.use_logo(tmp_path / "logo.png")
    qtbot.waitUntil(lambda: bool(read_practice(folder).logo))
    assert card.logo.isVisible()
    card.remove_button.click()
    qtbot.waitUntil(lambda: not read_practice(folder).logo)
    service.changes.stack.undo()
    qtbot.waitUntil(lambda: bool(read_practice(folder).logo))
    assert card.logo.isVisible()


def test_a_broken_file_is_refused_and_the_logo_stays(
    qtbot: QtBot, card: PracticeCard, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(png_of("navy")[:80])
    card.use_logo(tmp_path / "broken.png")
    qtbot.waitUntil(card.word.isVisible)
    assert "'broken.png' is no picture" in card.word.text()
    assert read_practice(folder) == Practice()


def test_what_was_kept_is_shown_at_the_next_start(
    qtbot: QtBot, service: HistoryService, folder: Path
) -> None:
    write_practice(folder, Practice("Praxis", png_of("navy")))
    card = PracticeCard(service)
    qtbot.addWidget(card)
    qtbot.waitUntil(lambda: card.name.text() == "Praxis")
    assert not card.logo.isHidden()
