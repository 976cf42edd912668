"""The page about how to stand is reached from where somebody begins, and made beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QLocale
from PyQt6.QtWidgets import QFileDialog, QWidget

from app import Help
from app.gui.check.start import StartView
from app.gui.help.sheet import SheetDialog
from app.gui.report import ReportSaved
from app.gui.style.theme import Scheme, apply_scheme
from app.report import ReportError
from tests.app.gui.words_that_fit import cut_words

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("country", "paper"),
    [(QLocale.Country.UnitedKingdom, "A4"), (QLocale.Country.UnitedStates, "LETTER")],
)
def test_the_usual_paper_is_chosen(
    jobs: Jobs, window: QWidget, country: QLocale.Country, paper: str
) -> None:
    window.setLocale(QLocale(QLocale.Language.English, country))
    assert SheetDialog(jobs, window).paper.currentData() == paper


def test_the_page_is_saved_and_can_be_opened(
    qtbot: QtBot, jobs: Jobs, window: QWidget, tmp_path: Path
) -> None:
    dialog = SheetDialog(jobs, window)
    dialog.open()
    dialog.save_button.click()
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "page.pdf"))
    qtbot.waitUntil(lambda: bool(window.findChildren(ReportSaved)), timeout=20_000)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert not dialog.isVisible()


def test_a_page_that_cannot_be_saved_is_told(
    qtbot: QtBot, jobs: Jobs, window: QWidget, tmp_path: Path
) -> None:
    dialog = SheetDialog(jobs, window)
    with qtbot.waitSignal(dialog.failed, timeout=20_000) as failed:
        dialog.write(tmp_path / "nowhere" / "page.pdf")
    assert isinstance(failed.args[0], ReportError)


def test_the_start_leads_to_it(qtbot: QtBot) -> None:
    start = StartView(has_sample=True)
    qtbot.addWidget(start)
    with qtbot.waitSignal(start.help_wanted) as wanted:
        start.sheet_button.click()
    assert wanted.args == [Help.SHEET]


@pytest.mark.parametrize("percent", [100, 200])
def test_no_word_is_cut(
    qtbot: QtBot, qapp: QApplication, jobs: Jobs, window: QWidget, percent: int
) -> None:
    apply_scheme(qapp, Scheme.LIGHT, percent)
    dialog = SheetDialog(jobs, window)
    dialog.show()
    qtbot.wait(20)
    assert cut_words(dialog) == []
    dialog.reject()
