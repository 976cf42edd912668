"""The page that measures, as a person uses it."""

from __future__ import annotations

import re
import shutil
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QApplication, QPushButton, QWidget

from app.gui.check import measurement
from app.gui.check.camera import ShotState
from app.gui.check.measurement import CheckAnswer, Photo
from app.gui.check.page import CheckPage, CheckState
from app.gui.picture.view import PictureView
from app.gui.preferences import CheckPreferences
from app.settings import Settings
from app.text import check
from tests.app.gui.outcomes import FRONTAL, SAMPLE, Cupboard, measured, rejected
from tests.vision.films import write_film
from vision.overlay.shapes import Layer
from vision.result import Measured

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs

from tests.app.gui.check.check_pages import press, said, wait_for_answer


def test_a_photograph_is_measured_and_shown(qtbot: QtBot, page: CheckPage) -> None:
    page.open_photo(SAMPLE)
    assert page.result.text().endswith("Measuring…")
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    assert re.search(r"\d+° forward", said(page))
    assert "Estimated tilt of the pelvis" in said(page)
    assert page.save_bar.isVisible()
    assert page.mark_button.isVisible()
    assert not page.automatic_button.isVisible()
    answer = page.work.answer
    assert answer is not None
    assert answer.shapes


def test_a_refused_photograph_shows_no_number_but_what_to_do(qtbot: QtBot, page: CheckPage) -> None:
    page.open_photo(FRONTAL)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    text = said(page)
    assert "°" not in text
    assert "Turn until one shoulder points straight at the camera." in text
    assert not page.save_bar.isVisible()
    assert not page.mark_button.isVisible()
    answer = page.work.answer
    assert answer is not None
    assert answer.shapes, "where in the picture"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "There is no such file."),
        (b"", "The file is empty."),
        (b"Dear diary", "not a picture of a kind that can be read"),
        (b"\xff\xd8\xff\xe0 cut off", "damaged or incomplete"),
    ],
)
def test_a_file_that_gives_no_picture_says_what_to_do(
    qtbot: QtBot, page: CheckPage, tmp_path: Path, content: bytes | None, part: str
) -> None:
    path = tmp_path / "odd.jpg"
    if content is not None:
        path.write_bytes(content)
    page.open_photo(path)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.UNREADABLE
    text = page.start.problem.text()
    assert part in text
    assert "odd.jpg" in text
    assert page.start.problem.isVisible()
    assert not page.save_bar.isVisible()


def test_a_bad_file_leaves_the_older_result_and_is_told_beside_it(
    qtbot: QtBot, page: CheckPage, tmp_path: Path, instant: list[dict[str, object]]
) -> None:
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    answer = page.work.answer
    page.save_bar.note.setText("half typed")
    page.open_photo(tmp_path / "missing.jpg")
    assert "12" not in said(page)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    assert page.work.answer is answer
    assert page.notice.isVisible()
    assert "missing.jpg" in page.notice.text()
    assert "There is no such file." in page.notice.text()
    assert page.save_bar.isVisible()
    assert page.save_bar.note.text() == "half typed"
    assert page.picture.isVisible()


def test_earlier_results_of_a_sitting_are_come_back_to(
    qtbot: QtBot,
    page: CheckPage,
    cupboard: Cupboard,
    tmp_path: Path,
    instant: list[dict[str, object]],
) -> None:
    assert page.tools.back_button.isHidden()
    answers = []
    for name in ("one", "two", "three"):
        path = tmp_path / f"{name}.jpg"
        shutil.copy(SAMPLE, path)
        page.open_photo(path)
        wait_for_answer(qtbot, page)
        answers.append(page.work.answer)
        if name == "two":
            page.save_bar.note.setText("kept")
            page.save()
    assert page.tools.back_button.isVisible()
    page.tools.back_button.click()
    assert page.work.answer is answers[1]
    assert "two.jpg" in said(page)
    # It was kept, and is not kept twice.
    assert page.save_bar.button.text() == "Saved"
    assert page.save_bar.note.text() == "kept"
    page.save()
    assert len(cupboard.kept) == 1
    press(page, QKeySequence.StandardKey.Back)
    assert page.work.answer is answers[0]
    assert page.tools.back_button.isHidden()
    page.go_back()
    assert page.work.answer is answers[0]
    page.show_camera()
    page.go_back()


def test_a_photograph_deleted_after_it_was_opened_can_still_be_kept(
    qtbot: QtBot,
    page: CheckPage,
    cupboard: Cupboard,
    tmp_path: Path,
    instant: list[dict[str, object]],
) -> None:
    path = tmp_path / "side.jpg"
    shutil.copy(SAMPLE, path)
    page.open_photo(path)
    wait_for_answer(qtbot, page)
    path.unlink()
    page.save()
    kept = cupboard.kept[0]
    assert kept.rgb is not None
    assert kept.size_px == (900, 1200)
    assert instant[0]["name"] == "side.jpg", "no folder goes into the history"


def test_a_newer_photograph_makes_the_older_answer_disappear(
    qtbot: QtBot, page: CheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, begun = Event(), Event()

    def measure(photo: Photo, *_: object) -> CheckAnswer:
        if photo.frame.source == SAMPLE.name:
            begun.set()
            free.wait(10)
            return CheckAnswer(measured(), ())
        return CheckAnswer(rejected(), ())

    monkeypatch.setattr(measurement, "measure", measure)
    page.open_photo(SAMPLE)
    qtbot.waitUntil(begun.is_set)
    page.open_photo(FRONTAL)
    wait_for_answer(qtbot, page)
    free.set()
    qtbot.wait(100)
    assert page.state is CheckState.REFUSED
    assert "°" not in said(page)


def test_the_progress_sign_appears_only_when_it_takes_a_while(
    qtbot: QtBot, page: CheckPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Event()

    def measure(photo: Photo, *_: object) -> CheckAnswer:
        free.wait(10)
        return CheckAnswer(measured(), ())

    monkeypatch.setattr(measurement, "measure", measure)
    page.open_photo(SAMPLE)
    qtbot.wait(60)
    assert not page.progress.isVisible()
    qtbot.waitUntil(page.progress.isVisible)
    free.set()
    wait_for_answer(qtbot, page)
    qtbot.waitUntil(lambda: not page.progress.isVisible())
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    qtbot.wait(200)
    assert not page.progress.isVisible(), "a quick answer needs no sign"


def test_our_own_mistake_is_logged_and_the_page_stays(
    qtbot: QtBot,
    page: CheckPage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def measure(*_: object) -> CheckAnswer:
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr(measurement, "measure", measure)
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.UNREADABLE
    assert check.FAILED_ITSELF[0] in page.start.problem.text()
    assert "a mistake" in caplog.text


# Keeping.


def test_save_keeps_what_is_shown(
    qtbot: QtBot, page: CheckPage, cupboard: Cupboard, instant: list[dict[str, object]]
) -> None:
    page.save()
    assert not cupboard.kept
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    with qtbot.waitSignal(page.saved) as caught:
        press(page, QKeySequence.StandardKey.Save)
    assert caught.args == [1]
    new = cupboard.kept[0]
    answer = page.work.answer
    assert answer is not None
    assert new.result is answer.result
    assert new.suggested_points is None
    assert new.taken_at.tzinfo is not None


# The camera.


def test_a_picture_of_the_camera_is_measured_and_the_light_is_off(
    qtbot: QtBot, jobs: Jobs, cupboard: Cupboard, tmp_path: Path, instant: list[dict[str, object]]
) -> None:
    film = write_film(tmp_path / "camera.avi", SAMPLE, frames=140)
    page = CheckPage(jobs, cupboard, CheckPreferences(is_muted=True), camera=film)
    qtbot.addWidget(page)
    page.show()
    shot = page.camera
    assert not shot.is_camera_on
    page.start.camera_button.click()
    qtbot.waitUntil(lambda: shot.state is ShotState.LIVE)
    shot.take()
    shot._ends_s = 0.0
    qtbot.waitUntil(lambda: shot.state is ShotState.TAKEN)
    shot.keep_button.click()
    wait_for_answer(qtbot, page)
    assert [entry["name"] for entry in instant] == ["Camera picture"]
    assert not shot.is_camera_on
    page.show_camera()
    qtbot.waitUntil(lambda: shot.state is ShotState.LIVE)
    shot.cancel_button.click()
    assert page.state is CheckState.MEASURED, "back to what was there"
    page.show_camera()
    page.hide()
    assert not shot.is_camera_on
    page.close()


# What is drawn.


def test_whether_the_camera_shows_the_last_stance_is_remembered(
    page: CheckPage, remembered: list[CheckPreferences]
) -> None:
    assert page.camera.last.isChecked()
    page.camera.last.click()
    assert not remembered[-1].shows_last
    values = Settings()
    remembered[-1].write(values)
    assert not CheckPreferences.read(values).shows_last


def test_layers_are_switched_and_remembered(
    qtbot: QtBot, page: CheckPage, remembered: list[CheckPreferences]
) -> None:
    for layer, action in page.tools.actions_by_layer:
        if layer is Layer.OUTLINE:
            action.trigger()
    assert remembered[-1].hidden_layers == {Layer.OUTLINE}
    page.tools.toggle_all()
    assert remembered[-1].hidden_layers == frozenset()
    page.tools.toggle_all()
    assert remembered[-1].hidden_layers == set(Layer)


def test_hidden_layers_come_back_hidden(
    qtbot: QtBot,
    jobs: Jobs,
    cupboard: Cupboard,
    monkeypatch: pytest.MonkeyPatch,
    instant: list[dict[str, object]],
) -> None:
    preferences = CheckPreferences(hidden_layers=frozenset({Layer.BELT}))
    shown: dict[Layer, bool] = {}
    monkeypatch.setattr(
        PictureView, "set_layer_visible", lambda _, layer, visible: shown.update({layer: visible})
    )
    page = CheckPage(jobs, cupboard, preferences)
    qtbot.addWidget(page)
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    assert [layer for layer, is_shown in shown.items() if not is_shown] == [Layer.BELT]
    page.close()


# The page as a whole.


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    for button in page.findChildren(QPushButton):
        if button.isVisible():
            assert button.text() or button.accessibleName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("size", [(920, 640), (1480, 900)])
def test_nothing_is_cut_off(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]], size: tuple[int, int]
) -> None:
    page.resize(*size)
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    page.save()
    QApplication.processEvents()
    for part in (page.tools, page.save_bar, page.mark_button):
        assert part.width() >= part.minimumSizeHint().width()
        assert part.height() >= part.minimumSizeHint().height()
        corner = part.mapTo(page, part.rect().bottomRight())
        assert page.rect().contains(corner)


def test_nothing_is_loaded_early_unless_it_is_wanted(
    qtbot: QtBot, jobs: Jobs, cupboard: Cupboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed = Event()
    monkeypatch.setattr("app.gui.check.measurement.warm_up", warmed.set)
    for warm_up in (False, True):
        page = CheckPage(jobs, cupboard, warm_up=warm_up)
        qtbot.addWidget(page)
        page.show()
        qtbot.wait(400)
        assert warmed.is_set() is warm_up
        page.close()


def test_no_window_of_its_own_is_left(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    visible = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert visible == [page]
    assert isinstance(page, QWidget)


@pytest.mark.parametrize(("clockwise_deg", "button"), [(90, 0), (270, 1)])
def test_a_picture_that_lies_on_its_side_is_turned(
    qtbot: QtBot, page: CheckPage, tmp_path: Path, clockwise_deg: int, button: int
) -> None:
    path = tmp_path / "lying.jpg"
    with Image.open(SAMPLE) as sample:
        sample.rotate(-clockwise_deg, expand=True).save(path, quality=95)
    page.open_photo(path)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    for one in page.turn_buttons:
        assert one.isVisible()
    page.turn_buttons[button].click()
    wait_for_answer(qtbot, page)
    assert said(page).startswith("lying.jpg")
    answer = page.work.answer
    assert answer is not None
    assert isinstance(answer.result, Measured)
    assert not page.turn_buttons[0].isVisible()
    assert page.save_bar.isVisible()
