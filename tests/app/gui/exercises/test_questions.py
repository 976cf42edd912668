"""The self-check: answers, and those of other days as dots and in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QColor

from app.exercises import text
from app.gui.exercises.questions import AnswerDots, Answered, answered
from app.gui.style.theme import colours
from app.history.diary import EntryKind, SelfCheck
from app.history.records import Ability, SqueezeAnswers
from tests.app.gui.exercises.exercise_room import Room, now
from tests.app.gui.kept_checks import keep_squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

YES, PARTLY, NO = Ability
ANSWERS = SqueezeAnswers(YES, PARTLY, NO)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, tmp_path)
    yield made
    made.close()


def test_answers_are_stored_and_come_up_among_the_earlier(room: Room) -> None:
    page = room.open()
    page.home.self_check.click()
    check = page.self_check
    assert check.no_earlier.isVisible()
    assert not check.save.isEnabled()
    for field, ability in (("both", YES), ("left", PARTLY), ("right", NO)):
        check.grid.buttons[field, ability].click()
    check.save.click()
    assert check.outcome.text() == text.ANSWERS_NOTED
    assert check.earlier.text().endswith("both together yes, left alone partly, right alone no")
    assert check.grid.answers == SqueezeAnswers()
    room.settle()
    assert room.kept(EntryKind.SELF_CHECK) == [SelfCheck(ANSWERS)]
    page.back.click()
    assert page.home.checked.isVisible()


def test_answers_with_the_camera_stand_among_them_and_those_without_any_do_not(
    room: Room,
) -> None:
    keep_squeeze(room.handle.history(), 1, 6.0, SqueezeAnswers(NO))
    keep_squeeze(room.handle.history(), 2, 6.0)
    room.note(SelfCheck(ANSWERS), timedelta(hours=1))
    page = room.open()
    news = page.diary.news
    assert news is not None
    shown = answered(news)
    assert [one.with_camera for one in shown] == [True, False]
    newest, oldest = page.self_check.earlier.text().split("\n")
    assert "with the camera" not in newest
    assert oldest.endswith(
        "with the camera: both together no, left alone not said, right alone not said"
    )


def test_dots_say_yes_partly_and_no(qtbot: QtBot) -> None:
    dots = AnswerDots()
    qtbot.addWidget(dots)
    dots.resize(400, dots.sizeHint().height())
    dots.show_answers((Answered(now(), ANSWERS),))
    picture = dots.grab().toImage()
    ink = QColor(colours().mark)
    ratio = picture.devicePixelRatio()

    def is_inked(row: int, part_of_radius: float) -> bool:
        middle = dots._middle(0, row)
        x_px = (middle.x() + part_of_radius * dots._step_px / 4) * ratio
        seen = picture.pixelColor(round(x_px), round(middle.y() * ratio))
        near = (seen.red() - ink.red(), seen.green() - ink.green(), seen.blue() - ink.blue())
        return max(map(abs, near)) < 40

    inked = [[is_inked(row, part) for part in (-0.5, 0.5)] for row in range(3)]
    assert inked == [[True, True], [True, False], [False, False]]


def test_the_newest_are_shown_where_there_is_no_room_for_all(qtbot: QtBot) -> None:
    dots = AnswerDots()
    qtbot.addWidget(dots)
    dots.resize(300, dots.sizeHint().height())
    many = tuple(Answered(now() - timedelta(days=80 - n), ANSWERS) for n in range(80))
    dots.show_answers(many)
    assert 1 <= dots.room < 80
    assert dots.accessibleDescription().count("both together") == dots.room
    assert dots.line(many[-1]) in dots.accessibleDescription()
