"""How photographs come in: files, drops, the clipboard, pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtGui import QGuiApplication, QImage, QKeySequence
from PyQt6.QtWidgets import QFileDialog

from app.gui.check.page import CheckPage, CheckState
from app.text import check
from tests.app.gui.outcomes import FRONTAL, SAMPLE, SAMPLES, Cupboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.gui.preferences import CheckPreferences

from tests.app.gui.check.check_pages import drop, files, press, said, wait_for_answer


def test_a_dropped_file_is_measured(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    drop(page, files(SAMPLE))
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED


def test_for_a_calibration_the_first_of_several_is_measured_and_that_is_said(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.begin_calibration()
    drop(page, files(SAMPLE, FRONTAL))
    assert "the first of 2 was opened" in page.notice.text()
    wait_for_answer(qtbot, page)
    assert [entry["name"] for entry in instant] == [SAMPLE.name]


def web_link() -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/side.jpg")])
    mime.setText("https://example.org/side.jpg")
    return mime


def words_only() -> QMimeData:
    mime = QMimeData()
    mime.setText("Dear diary")
    return mime


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (web_link, check.WEB_LINK[0]),
        (words_only, check.NOT_A_PHOTOGRAPH[0]),
        (QMimeData, check.NOT_A_PHOTOGRAPH[0]),
    ],
)
def test_what_is_no_photograph_gets_one_sentence_and_everything_stays(
    qtbot: QtBot,
    page: CheckPage,
    instant: list[dict[str, object]],
    make: Callable[[], QMimeData],
    part: str,
) -> None:
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    drop(page, make())
    assert part in page.notice.text()
    assert page.notice.isVisible()
    assert page.state is CheckState.MEASURED
    assert "12° forward" in said(page)


def test_a_picture_dragged_out_of_a_browser_is_measured(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    mime = web_link()
    mime.setImageData(QImage(str(SAMPLE)))
    drop(page, mime)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    photo = page.work.photo
    assert photo is not None
    assert (photo.frame.width_px, photo.frame.height_px) == (900, 1200)


def test_pasting_takes_pictures_files_and_says_when_there_is_none(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText("Dear diary")
    page.intake.paste()
    assert check.NOTHING_TO_PASTE[0] in page.notice.text()
    clipboard.setImage(QImage(str(SAMPLE)))
    press(page, QKeySequence.StandardKey.Paste)
    wait_for_answer(qtbot, page)
    assert not page.notice.isVisible()
    clipboard.setMimeData(files(FRONTAL))
    page.intake.paste()
    qtbot.waitUntil(lambda: page.state is CheckState.REFUSED)
    assert [entry["name"] for entry in instant] == ["Pasted picture", FRONTAL.name]


def test_pasted_pixels_keep_their_colours(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    image = QImage(7, 5, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    image.setPixelColor(2, 1, Qt.GlobalColor.red)
    page._open(image, "pasted")
    wait_for_answer(qtbot, page)
    photo = page.work.photo
    assert photo is not None
    assert photo.frame.rgb.shape == (5, 7, 3)
    assert photo.frame.rgb[1, 2].tolist() == [255, 0, 0]
    assert photo.frame.rgb[0, 0].tolist() == [255, 255, 255], "transparent is white"


def test_the_file_dialog_knows_pictures_and_the_folder_is_remembered(
    qtbot: QtBot,
    page: CheckPage,
    remembered: list[CheckPreferences],
    instant: list[dict[str, object]],
) -> None:
    page.intake.choose()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    for ending in ("*.jpg", "*.heic", "*.png", "*.webp"):
        assert ending in dialog.nameFilters()[0]
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(SAMPLE)])
    dialog.close()
    wait_for_answer(qtbot, page)
    assert remembered[-1].folder == SAMPLES
    page.intake.choose()
    again = next(d for d in page.findChildren(QFileDialog) if d is not dialog)
    assert Path(again.directory().absolutePath()) == SAMPLES
    again.close()


def test_the_sample_is_measured_but_not_kept(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.start.sample_button.click()
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    assert not page.save_bar.isVisible()
    assert page.sample_hint.isVisible()
    page.open_photo(SAMPLE)
    wait_for_answer(qtbot, page)
    assert page.save_bar.isVisible()


def test_without_a_sample_there_is_no_button_for_it(
    qtbot: QtBot, jobs: Jobs, cupboard: Cupboard
) -> None:
    page = CheckPage(jobs, cupboard)
    qtbot.addWidget(page)
    page.show()
    assert not page.start.sample_button.isVisible()
    page.try_sample()
    assert page.state is CheckState.EMPTY
    page.close()


def test_pixels_can_be_measured(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.intake.image_came.emit(np.zeros((40, 30, 3), np.uint8), "frame")
    wait_for_answer(qtbot, page)
    assert instant[0]["name"] == "frame"
