"""Calibrating on the Check page: pictures collected, kept for the person, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.gui.check import measurement
from app.gui.check.measurement import CheckAnswer, Photo
from app.gui.check.page import CheckPage, CheckState
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests import made_up_results
from tests.app.gui.check.check_pages import said, wait_for_answer
from tests.app.gui.outcomes import SAMPLE
from tests.made_up_results import with_marks
from vision.result import Measured, Method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from vision.result import BonyPoints

OFFSETS_DEG = {"one": 5.0, "two": 4.0, "other": -9.0}
TIMEOUT_MS = 8000


def result_of(name: str, points: BonyPoints | None) -> Measured:
    """Return what a photograph of this name shows."""
    if points is not None:
        return replace(with_marks(6.0, Method.MARKED), points=points)
    return with_marks(next((more for key, more in OFFSETS_DEG.items() if key in name), None))


class Room:
    """A Check page with a history of its own and a pipeline that needs no model."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.handle = HistoryHandle(lambda: History.open(Place(folder / "data")))
        self.jobs = Jobs()
        self.service = HistoryService(self.jobs, self.handle, None)
        with qtbot.waitSignal(self.service.profiles_changed, timeout=TIMEOUT_MS):
            self.service.load()
        self.page = CheckPage(self.jobs, self.service, sample=SAMPLE)
        self.service.profiles_changed.connect(self.page.refresh_people)
        self.service.profile_changed.connect(self.page.refresh_people)
        qtbot.addWidget(self.page)
        self.page.resize(920, 640)
        self.page.show()
        self.panel = self.page.calibration

    def open(self, name: str) -> None:
        path = self.folder / f"{name}.jpg"
        path.write_bytes(SAMPLE.read_bytes())
        self.page.open_photo(path)
        wait_for_answer(self.qtbot, self.page)

    def click(self, button: object) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def keep(self) -> None:
        with self.qtbot.waitSignal(self.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
            self.click(self.panel.keep)
        self.until(lambda: self.service.calibration() is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=TIMEOUT_MS)

    def method(self) -> Method:
        answer = self.page.work.answer
        assert answer is not None
        assert isinstance(answer.result, Measured)
        return answer.result.tilt.method

    def checks(self) -> int:
        return self.handle.history().count(RowQuery(None))

    def close(self) -> None:
        self.page.close()
        assert self.jobs.close(5000)
        self.handle.close()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    def measure(photo: Photo, points: BonyPoints | None = None, *_: object) -> object:
        return CheckAnswer(result_of(photo.frame.source, points), ())

    monkeypatch.setattr(measurement, "measure", measure)
    made = Room(qtbot, tmp_path)
    yield made
    made.close()


def test_pictures_with_stickers_are_collected_and_kept(room: Room) -> None:
    room.click(room.page.start.calibrate_button)
    assert room.panel.isVisible()
    assert not room.page.start.calibrate_button.isVisible()
    assert "Bones are shaped differently in everybody" in room.panel.text()
    assert not room.panel.keep.isEnabled()
    room.open("one")
    room.open("two")
    assert "one.jpg: your bones are tilted 5° further forward" in room.panel.text()
    assert "are added whenever you are measured by your outline" in room.panel.text()
    assert not room.page.save_bar.isVisible()
    room.keep()
    assert room.checks() == 2
    assert "It rests on 2 pictures" in room.panel.text()
    assert not room.panel.keep.isEnabled()
    room.click(room.panel.close_button)
    assert not room.panel.isVisible()
    room.open("plain")
    assert room.method() is Method.CALIBRATED
    assert "It rests on the calibration of" in said(room.page)
    room.open("one")
    assert room.method() is Method.STICKERS


def test_keeping_can_be_taken_back_with_its_pictures(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.keep()
    room.service.changes.stack.undo()
    room.until(lambda: room.service.calibration() is None)
    assert room.checks() == 0


def test_an_answer_at_hand_follows(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.keep()
    room.page.end_calibration()
    room.open("plain")
    assert room.method() is Method.CALIBRATED
    room.page.begin_calibration()
    assert "Nothing in the picture shows where the bones are." in room.panel.text()
    with room.qtbot.waitSignal(room.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
        room.click(room.panel.forget)
    room.until(lambda: room.method() is Method.CONTOUR)
    assert not room.panel.forget.isVisible()
    room.service.changes.stack.undo()
    room.until(lambda: room.method() is Method.CALIBRATED)
    assert room.panel.forget.isVisible()


def test_somebody_else_is_measured_without_it(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.keep()
    room.page.end_calibration()
    room.open("plain")
    anna = room.handle.history().add_profile("Anna")
    with room.qtbot.waitSignal(room.service.profiles_changed, timeout=TIMEOUT_MS):
        room.service.load()
    room.service.set_current_profile(anna.id)
    assert room.method() is Method.CONTOUR
    room.page.begin_calibration()
    room.until(lambda: room.panel.keep.text() == "Keep for Anna")
    me = room.service.profiles()[0]
    room.service.set_current_profile(me.id)
    room.until(lambda: room.method() is Method.CALIBRATED)


def test_points_marked_by_hand_count_and_replace_what_was_there(room: Room) -> None:
    room.page.begin_calibration()
    room.open("plain")
    assert "or mark both points." in room.panel.text()
    assert room.page.mark_button.isVisible()
    room.page.mark()
    assert room.page.state is CheckState.EDITING
    assert not room.panel.isVisible()
    editor = room.page.marking.editor
    assert editor.marks is not None
    front_x, front_y = editor.marks.points.asis_px  # type: ignore[union-attr]
    editor.change(editor.marks.move(next(iter(editor.handles)), (front_x, front_y + 9)))
    room.click(room.page.edit.done_button)
    room.until(lambda: "tilted 6° further forward" in room.panel.text())
    room.page.mark()
    room.click(room.page.edit.done_button)
    room.until(lambda: room.page.state is CheckState.MEASURED)
    assert room.panel.text().count("plain.jpg") == 1


def test_pictures_that_do_not_agree_are_told_and_one_can_be_left_out(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.open("other")
    assert "The pictures do not agree" in room.panel.text()
    assert not room.panel.keep.isEnabled()
    room.click(room.panel.less)
    assert "The pictures do not agree" not in room.panel.text()
    assert room.panel.keep.isEnabled()


def test_the_sample_is_nobodys(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.keep()
    room.page.end_calibration()
    room.page.try_sample()
    wait_for_answer(room.qtbot, room.page)
    assert room.method() is Method.CONTOUR
    assert not room.page.calibrate_button.isVisible()


def test_all_of_it_can_be_reached_by_the_keys(room: Room) -> None:
    room.page.begin_calibration()
    room.open("one")
    panel = room.panel
    for button in (panel.keep, panel.close_button, panel.less):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    room.page.activateWindow()
    panel.keep.setFocus()
    with room.qtbot.waitSignal(room.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
        room.qtbot.keyClick(panel.keep, Qt.Key.Key_Space)


def test_one_of_another_version_is_worked_out_anew(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.page.begin_calibration()
    room.open("one")
    room.keep()
    assert not room.panel.again.isVisible()
    monkeypatch.setattr("app.gui.check.calibration.expected_sha256", lambda name: "c" * 64)
    monkeypatch.setattr("vision.pipeline.measure_photo", lambda photo: made_up_results.rejected())
    room.open("plain")
    room.until(room.panel.again.isVisible)
    assert "is not used any more" in room.panel.text()
    room.click(room.panel.again)
    room.until(lambda: "Please take new ones." in room.panel.text())
    plain = with_marks(None)
    newer = replace(plain, provenance=replace(plain.provenance, contour_model_sha256="c" * 64))
    monkeypatch.setattr("vision.pipeline.measure_photo", lambda photo: newer)
    room.click(room.panel.again)
    room.until(lambda: not room.panel.again.isVisible())
    assert "Calibrate again after a year" in room.panel.text()
