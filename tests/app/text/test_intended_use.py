"""The sentence on what Beltline is for: the same on screen, in the report and in the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtWidgets import QLabel

from app.gui.check.start import StartView
from app.report.contents import arrange
from app.report.document import render
from app.text.measurement import INTENDED_USE
from tests.app.report.checks import PROFILE, Sample, make_check, text_of, trend_of
from tests.app.text.spoken import ROOT
from tests.made_up_results import measured

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FROZEN = (
    "Beltline is a self-check for wellness. It is not a medical device: see a physiotherapist for "
    "a diagnosis."
)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_it_is_the_sentence_that_was_agreed_on() -> None:
    assert INTENDED_USE == FROZEN


def test_it_stands_once_on_the_start_page(qtbot: QtBot) -> None:
    start = StartView(has_sample=True)
    qtbot.addWidget(start)
    said = [label.text() for label in start.findChildren(QLabel)]
    assert said.count(FROZEN) == 1


def test_it_stands_once_in_the_readme() -> None:
    assert one_line((ROOT / "README.md").read_text("utf-8")).count(FROZEN) == 1


def test_it_stands_once_in_the_report() -> None:
    check = make_check(1, Sample(measured(), np.zeros((4, 3, 3), np.uint8)))
    said = text_of(render(arrange(PROFILE, [check], trend_of([check]))))
    assert said.count(FROZEN) == 1
