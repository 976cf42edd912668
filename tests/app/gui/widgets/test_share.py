"""A result leaves the program: on the clipboard, as a file, on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtPrintSupport import QPrinter

from app.gui.widgets.share import SharedCheck, ShareMenu
from app.text import share as text
from app.text.measurement import INTENDED_USE
from tests.app.gui.outcomes import NOW, SAMPLE, measured
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.result import Measured

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs


@pytest.fixture(scope="module")
def check() -> SharedCheck:
    frame = load_frame(SAMPLE)
    result = measure_photo(frame)
    assert isinstance(result, Measured)
    return SharedCheck(result, NOW, frame.rgb, (frame.width_px, frame.height_px))


@pytest.fixture
def menu(qtbot: QtBot, jobs: Jobs) -> ShareMenu:
    made = ShareMenu(jobs)
    qtbot.addWidget(made)
    return made


def clipboard_text() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def head_of(check: SharedCheck, picture: np.ndarray) -> np.ndarray:
    """Return the pixels round the nose."""
    assert check.rgb is not None
    x, y, _ = check.result.landmarks["nose"]
    share = check.rgb.shape[1] / check.size_px[0]
    across, down = round(x * share), round(y * share)
    return picture[down - 8 : down + 8, across - 8 : across + 8]


def test_words_and_picture_are_copied(qtbot: QtBot, menu: ShareMenu, check: SharedCheck) -> None:
    menu.offer(check)
    with qtbot.waitSignal(menu.status, timeout=8000) as told:
        menu.copy()
    assert told.args == [text.COPIED]
    said = clipboard_text()
    assert said.startswith("Estimated forward tilt")
    assert "4 Mar 2026" in said
    assert said.endswith(INTENDED_USE)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert check.rgb is not None
    image = clipboard.image()
    assert (image.height(), image.width()) == check.rgb.shape[:2]


def test_a_check_without_picture_has_words_alone(
    qtbot: QtBot, menu: ShareMenu, check: SharedCheck
) -> None:
    menu.offer(replace(check, rgb=None))
    assert menu.save_action is not None
    assert not menu.save_action.isVisible()
    with qtbot.waitSignal(menu.status, timeout=8000) as told:
        menu.copy()
    assert told.args == [text.COPIED_WORDS]


def test_there_is_no_menu_without_a_result(menu: ShareMenu, check: SharedCheck) -> None:
    menu.offer(check)
    assert not menu.isHidden()
    menu.offer(None)
    assert menu.isHidden()
    menu.copy()
    menu.choose_file()
    menu.choose_printer()


@pytest.mark.parametrize("name", ["mine.png", "mine.jpg"])
def test_the_picture_is_written_and_the_face_can_be_hidden(
    qtbot: QtBot, menu: ShareMenu, check: SharedCheck, tmp_path: Path, name: str
) -> None:
    menu.offer(check)
    assert menu.blur is not None
    pictures = []
    for blurs in (False, True):
        menu.blur.setChecked(blurs)
        with qtbot.waitSignal(menu.status, timeout=8000):
            menu.save_to(tmp_path / name)
        with Image.open(tmp_path / name) as image:
            assert not image.getexif()
            pictures.append(np.asarray(image.convert("RGB"), dtype=float))
    clear, blurred = (head_of(check, picture) for picture in pictures)
    assert np.abs(clear - blurred).mean() > 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_face_that_cannot_be_found_stays_here(
    qtbot: QtBot, menu: ShareMenu, tmp_path: Path
) -> None:
    rgb = np.full((96, 64, 3), 120, np.uint8)
    menu.offer(SharedCheck(measured(), NOW, rgb, (640, 960)))
    assert menu.blur is not None
    menu.blur.setChecked(True)
    with qtbot.waitSignal(menu.status, timeout=8000) as told:
        menu.save_to(tmp_path / "mine.png")
    assert told.args == [text.NO_FACE]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_nothing_is_told(
    qtbot: QtBot, menu: ShareMenu, check: SharedCheck, tmp_path: Path
) -> None:
    menu.offer(check)
    with qtbot.waitSignal(menu.status, timeout=8000) as told:
        menu.save_to(tmp_path / "gone" / "mine.png")
    assert "cannot be written" in told.args[0]


def test_a_page_is_printed(
    qtbot: QtBot, menu: ShareMenu, check: SharedCheck, tmp_path: Path
) -> None:
    menu.offer(check)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    with qtbot.waitSignal(menu.status, timeout=8000) as told:
        menu.print_with(printer)
    assert told.args == [text.SAVED.format(name="page.pdf")]
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/Image" in data
