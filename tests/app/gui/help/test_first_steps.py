"""The first questions: asked one at a time, left at any of them, answered by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt

from app.gui.help.first_steps import FirstChoice, FirstSteps, Next, Way
from app.gui.style.theme import Scheme, apply_scheme
from tests.app.gui.words_that_fit import cut_words

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def dialog(qtbot: QtBot) -> FirstSteps:
    made = FirstSteps(Path("/home/somebody/.local/share/beltline"))
    qtbot.addWidget(made)
    made.show()
    return made


def _go_to(dialog: FirstSteps, step: int) -> None:
    while dialog.step < step:
        dialog.next.click()


def test_the_answers_of_somebody_alone(qtbot: QtBot, dialog: FirstSteps) -> None:
    assert not dialog.name.isVisible()
    _go_to(dialog, 2)
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.next.click()
    assert answered.args == [FirstChoice("", Way.CAMERA, Next.SAMPLE)]
    assert not dialog.isVisible()


def test_a_practice_names_its_first_person(dialog: FirstSteps) -> None:
    dialog.who.buttons[1].click()
    assert dialog.name.isVisible()
    assert "/home/somebody/.local/share/beltline" in dialog.kept.text()
    dialog.name.setText("  Ana   Größe ")
    _go_to(dialog, 1)
    dialog.how.buttons[2].click()
    _go_to(dialog, 2)
    dialog.first.buttons[2].click()
    assert dialog.answers == FirstChoice("Ana Größe", Way.PHOTO, Next.OWN)
    dialog.back.click()
    dialog.back.click()
    dialog.who.buttons[0].click()
    assert dialog.answers.name == "", "who is alone needs no name"


@pytest.mark.parametrize("step", [0, 1, 2])
def test_it_can_be_left_at_each_step(qtbot: QtBot, dialog: FirstSteps, step: int) -> None:
    _go_to(dialog, step)
    with qtbot.assertNotEmitted(dialog.answered):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_keys_alone_answer_everything(qtbot: QtBot, dialog: FirstSteps) -> None:
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    titles = [dialog.windowTitle()]
    for _ in range(2):
        keys = dialog.focusWidget()
        assert keys is not None
        qtbot.keyClick(keys, Qt.Key.Key_Down)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        titles.append(dialog.windowTitle())
    with qtbot.waitSignal(dialog.answered) as answered:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert answered.args == [FirstChoice("", Way.PHONE, Next.SAMPLE)]
    assert len(set(titles)) == 3, "a screen reader is told of each new question"


def test_each_answer_tells_a_screen_reader_what_it_means(dialog: FirstSteps) -> None:
    for choices in (dialog.who, dialog.how, dialog.first):
        assert all(button.accessibleDescription() for button in choices.buttons)


@pytest.mark.parametrize("percent", [100, 200])
def test_no_word_is_cut(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    apply_scheme(qapp, Scheme.LIGHT, percent)
    dialog = FirstSteps(Path("/home/somebody/.local/share/beltline"))
    qtbot.addWidget(dialog)
    dialog.resize(min(dialog.width(), 860), min(dialog.height(), 560))
    dialog.show()
    dialog.who.buttons[1].click()
    for step in range(3):
        _go_to(dialog, step)
        qtbot.wait(20)
        assert cut_words(dialog) == [], step
