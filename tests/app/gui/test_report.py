"""Making a report from the window: asked what, then where, and opened afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog, QWidget

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.report import ReportActions, ReportDialog, ReportSaved
from app.history.place import Place
from app.history.store import History
from app.report import ReportError, fonts
from tests.app.history.made_up import new_check, picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PyQt6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.report.contents import Contents

_TIMEOUT_MS = 20_000


class Room:
    """The actions, the window that they ask in, and a real history."""

    def __init__(self, qtbot: QtBot, folder: Path, jobs: Jobs) -> None:
        self.handle = HistoryHandle(lambda: History.open(Place(folder)))
        self.service = HistoryService(jobs, self.handle, None)
        self.page = QWidget()
        qtbot.addWidget(self.page)
        self.page.show()
        self.actions = ReportActions(self.page, jobs, self.handle, self.service)
        self._qtbot = qtbot

    @property
    def history(self) -> History:
        return self.handle.history()

    def load(self) -> None:
        with self._qtbot.waitSignal(self.service.profiles_changed):
            self.service.load()

    def asked(self) -> ReportDialog:
        self.load()
        self.actions.report()
        self._qtbot.waitUntil(
            lambda: self.page.findChild(ReportDialog) is not None, timeout=_TIMEOUT_MS
        )
        found = self.page.findChild(ReportDialog)
        assert found is not None
        return found

    def chosen(self, path: Path) -> ReportSaved:
        dialog = self.page.findChild(QFileDialog)
        assert dialog is not None
        assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        dialog.fileSelected.emit(str(path))
        self._qtbot.waitUntil(
            lambda: self.page.findChild(ReportSaved) is not None, timeout=_TIMEOUT_MS
        )
        found = self.page.findChild(ReportSaved)
        assert found is not None
        return found


@pytest.fixture
def room(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path / "data", jobs)
    yield made
    jobs.close(5000)
    made.handle.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the system was asked to open."""
    found: list[str] = []

    def open_url(url: QUrl) -> bool:
        found.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return found


def keep(history: History) -> None:
    history.save(new_check(history.default_profile().id, rgb=picture()))


def test_without_a_check_no_file_is_asked_for(room: Room, qtbot: QtBot) -> None:
    room.load()
    with qtbot.waitSignal(room.actions.failed, timeout=_TIMEOUT_MS) as failed:
        room.actions.report()
    (error,) = failed.args
    assert isinstance(error, ReportError)
    assert "'Me' has no saved checks yet" in error.message
    assert room.page.findChild(ReportDialog) is None
    assert room.page.findChild(QFileDialog) is None


def test_before_the_people_are_known_it_says_so(room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.actions.status):
        room.actions.report()


def test_a_report_is_made_and_opened(
    room: Room, qtbot: QtBot, tmp_path: Path, opened: list[str]
) -> None:
    keep(room.history)
    dialog = room.asked()
    assert dialog.warning.isHidden()
    assert not dialog.blur.isChecked()
    dialog.save_button.click()
    saved = room.chosen(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert opened == []
    saved.open_button.click()
    assert opened == [str(tmp_path / "report.pdf")]
    qtbot.waitUntil(lambda: room.page.findChild(ReportSaved) is None)


def test_its_folder_is_shown(room: Room, tmp_path: Path, opened: list[str]) -> None:
    keep(room.history)
    room.asked().save_button.click()
    room.chosen(tmp_path / "report.pdf").folder_button.click()
    assert opened == [str(tmp_path)]


def test_what_nothing_opens_is_told(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    keep(room.history)
    room.asked().save_button.click()
    saved = room.chosen(tmp_path / "report.pdf")
    saved.open_button.click()
    assert "No program on this computer opens" in saved.word.text()


def test_faces_are_blurred_where_that_is_chosen(
    room: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def write(path: Path, contents: Contents) -> None:
        asked.append(contents.hides_face)
        path.write_bytes(b"%PDF")

    monkeypatch.setattr("app.report.document.write_report", write)
    keep(room.history)
    dialog = room.asked()
    dialog.blur.click()
    dialog.save_button.click()
    room.chosen(tmp_path / "report.pdf")
    assert asked == [True]
    del qtbot


def test_letters_that_no_font_holds_are_told_before_anything_is_written(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "system_fonts", lru_cache(maxsize=1)(lambda: ()))
    keep(room.history)
    me = room.history.default_profile()
    room.history.change_profile(replace(me, name="\u5c71\u7530"))
    dialog = room.asked()
    assert "\u5c71 \u7530" in dialog.warning.text()
    assert dialog.warning.isVisible()
    assert list(tmp_path.glob("*.pdf")) == []
    dialog.reject()
    assert room.page.findChild(QFileDialog) is None
